"""A notebook of an edition's own: run, built and published like ours, or refused before any run."""

from __future__ import annotations

import csv
import importlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import altair as alt
import nbformat
import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup
from guard_fixture import let_pass
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from small_project import pages_as_run, small_project
from system_project import Copy
from tables_fixture import PROJECT

from kingston_analysis.book.contents import contents_of, pages_in
from kingston_analysis.commands.checks import data_problems
from kingston_analysis.data.editions import load_edition
from kingston_analysis.errors import KingstonError
from kingston_analysis.notebook import open_edition
from kingston_analysis.pages.engines import Engine
from kingston_analysis.pages.execute import execute_page
from kingston_analysis.pages.output_problems import output_problems
from kingston_analysis.project import Project
from kingston_analysis.records.pages import Page, pages_of
from kingston_analysis.results import MIME, Finding, as_objects
from kingston_analysis.review.nbval_cells import _remedy
from kingston_analysis.show.mimes import CAPTION, FIGURE
from kingston_analysis.show.table import DisplayTable, Heading

# The one that `docs/analysis.md` shows.
EXAMPLE = Path(__file__).parent / "notebooks" / "robbery-share.ipynb"
PARAMETERS = 'edition: int = 2008\narea: str = "Ashby"'


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project")


def name_pages(project: Project, *names: str, year: int = 2008) -> None:
    """Name notebooks as pages of an edition's own."""
    file = project.data / f"editions/{year}.yml"
    edition = yaml.safe_load(file.read_text("utf-8"))
    text = yaml.safe_dump({**edition, "pages": list(names)}, sort_keys=False)
    file.write_text(text, encoding="utf-8")


def line_of(project: Project, name: str) -> int:
    """Return the line of the edition's file that names a page."""
    lines = (project.data / "editions/2008.yml").read_text("utf-8").splitlines()
    return 1 + lines.index(f"- {name}", lines.index("pages:"))


def write_notebook(
    project: Project, name: str, *code: str, parameters: str = PARAMETERS, title: str = "# Own"
) -> None:
    cells = [new_markdown_cell(title), new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    cells += [new_code_cell(each) for each in code]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = new_notebook(cells=cells, metadata=kernel)
    nbformat.write(notebook, project.notebooks / f"{name}.ipynb")


def save_under(project: Project, name: str, kernel: str, language: str) -> None:
    """Save a notebook as an editor does that knows another kernel."""
    file = project.notebooks / f"{name}.ipynb"
    notebook = nbformat.read(file, as_version=4)
    spec = {"name": kernel, "display_name": kernel, "language": language}
    notebook.metadata["kernelspec"] = spec
    nbformat.write(notebook, file)


# Where it stands


def test_its_page_comes_after_the_evidence_and_takes_edition_and_area(project):
    name_pages(project, "robbery-share")

    pages = pages_of(project, load_edition(project, 2008), "Burnham")

    assert pages[-1].name == "robbery-share"
    assert pages[-1].source == project.notebooks / "robbery-share.ipynb"
    assert pages[-1].parameters == {"edition": 2008, "area": "Burnham"}


def test_in_the_contents_it_stands_after_the_evidence_pages(project):
    once = ["matrix", "progress", "changed", "community", "methods", "sources"]
    names = ["overview", "robbery", *once, "robbery-share"]

    pages = pages_in(contents_of(project, None, ["robbery"], ["robbery-share"]))

    assert pages == ["index", *(f"evidence/{each}" for each in names)]


def test_its_title_is_its_first_heading(project):
    shutil.copy(EXAMPLE, project.notebooks)
    name_pages(project, "robbery-share")

    view = open_edition("sources", edition=2008, area="Ashby", project=project).view

    assert view.page_titles["robbery-share"] == "Robbery among all crime"


def test_who_asks_for_a_notebook_that_no_edition_names_is_told_where_to_name_it(project):
    shutil.copy(EXAMPLE, project.notebooks)

    with pytest.raises(KingstonError, match=r"under `pages` in data/editions/2008\.yml"):
        pages_of(project, load_edition(project, 2008), "Ashby", "robbery-share")


# What is refused before any run


def test_all_that_is_wrong_with_own_notebooks_is_told_at_once_each_with_its_line(project):
    names = ["absent", "matrix", "burglary", "no-parameters", "takes-another", "no-title", "sound"]
    write_notebook(project, "no-parameters", parameters="")
    write_notebook(project, "takes-another", parameters='editoin: int = 2008\narea: str = "A"')
    write_notebook(project, "no-title", title="Own, without a heading")
    write_notebook(project, "sound")
    name_pages(project, *names, "sound")
    expected = {
        "absent": "There is no notebook 'absent'. Write notebooks/absent.ipynb",
        "matrix": "The name 'matrix' is taken",
        "burglary": "The name 'burglary' is taken",
        "no-parameters": "notebooks/no-parameters.ipynb: The template has no cell tagged",
        "takes-another": "notebooks/takes-another.ipynb: The template takes no parameter 'edition'."
        " Did you mean 'editoin'?",
        "no-title": "notebooks/no-title.ipynb: The notebook has no title. Begin its first cell",
    }
    twice = line_of(project, "sound") + 1

    told = [str(each) for each in data_problems(project)]

    places = {name: f"data/editions/2008.yml:{line_of(project, name)}:3: " for name in expected}
    starts = [places[name] + what for name, what in expected.items()]
    starts.append(f"data/editions/2008.yml:{twice}:3: The page 'sound' stands twice.")
    assert len(told) == len(starts)
    assert [
        start for start, line in zip(starts, told, strict=True) if line[: len(start)] != start
    ] == []


def test_a_file_that_is_no_notebook_is_refused(project):
    (project.notebooks / "torn.ipynb").write_text("{", encoding="utf-8")
    name_pages(project, "torn")

    [problem] = data_problems(project)

    assert "notebooks/torn.ipynb: Not a notebook" in str(problem)


def test_a_name_that_cannot_be_an_address_is_refused_with_its_line(project):
    name_pages(project, "Robbery share")

    [problem] = data_problems(project)

    assert problem.line == line_of(project, "Robbery share")


def test_a_number_typed_into_its_text_is_refused_like_one_in_the_narrative(project):
    write_notebook(project, "typed", title="# Own\n\nThere was nothing.")
    name_pages(project, "typed")
    let_pass(project)
    write_notebook(project, "typed", title="# Own\n\nThere were 48 robberies.")

    found = [str(each) for each in data_problems(project)]

    place = "notebooks/typed.ipynb: Cell 1, line 3:"
    assert any(each.startswith(f"{place} '48': neither a finding nor a claim.") for each in found)
    assert any("needs this exception: 'There was nothing.'" in each for each in found)


def test_a_notebook_saved_under_another_kernel_is_taken_and_runs(project, capfd):
    write_notebook(project, "sound", "print(edition)")
    save_under(project, "sound", "julia-1.10", "julia")
    name_pages(project, "sound")

    assert data_problems(project) == []
    ran = execute_page(Page(project, "sound", "sound", 2008, "Ashby"), {}, "warm", 60)

    assert ran.problems == []
    assert "Translator" not in capfd.readouterr().err


def test_cells_in_another_language_are_told_so(project):
    write_notebook(project, "other", parameters='edition::Int = 2008; area = "Ashby"')
    save_under(project, "other", "julia-1.10", "julia")
    name_pages(project, "other")

    found, plain = map(str, data_problems(project))

    assert "The cells are julia, not Python. Write them in Python." in found
    assert "it is no plain Python" in plain


def test_nbval_is_told_which_file_an_own_notebook_leaves_executed(project):
    write_notebook(project, "sound", "1")
    name_pages(project, "sound")

    said = _remedy(project.notebooks / "sound.ipynb")

    assert "`kingston run --edition 2008 --only sound`" in said
    assert "give nbval _build/pages/ashby/2008/sound.ipynb." in said
    assert "make notebooks" in _remedy(project.notebooks / "topic.ipynb")


@pytest.mark.parametrize("name", ["index", "genindex", "search"])
def test_the_name_of_any_document_of_the_book_is_taken(project, name):
    write_notebook(project, name)
    name_pages(project, name)

    [problem] = data_problems(project)

    assert f"The name '{name}' is taken" in str(problem)


def test_a_binding_to_no_page_is_told_with_its_cell_before_any_run(project):
    write_notebook(project, "own", title="# Own\n\nIt is {number}`burglry.count`.")
    name_pages(project, "own")

    assert [str(each) for each in data_problems(project)] == [
        "notebooks/own.ipynb: Markdown cell 1, line 3: 'burglry.count' is of no page of the book. "
        "Did you mean 'burglary'?"
    ]


# What is refused once it has run


def executed(*outputs: dict) -> nbformat.NotebookNode:
    """Return a notebook as papermill leaves it, its parameters first, then a cell an output."""
    injected = new_code_cell("edition = 2008", metadata={"tags": ["injected-parameters"]})
    shown = [new_output("display_data", each) for each in outputs]
    cells = [new_code_cell("1", outputs=[each]) for each in shown]
    return new_notebook(
        cells=[new_markdown_cell("# Own"), new_code_cell(PARAMETERS), injected, *cells]
    )


def told(*outputs: dict) -> list[str]:
    page = Page(PROJECT, "own", "own", 2008, "Ashby")
    return [str(each) for each in output_problems(executed(*outputs), page)]


def number(name: str, period: str = "2006/07") -> dict:
    finding = Finding(name, period, 1, "things", page="own", template="own", area="Ashby")
    return {MIME: as_objects([finding])}


def figure(name: str) -> dict:
    return {FIGURE: {"usermeta": {"figure": name, "heading": "It", "alternative": "It"}}}


@pytest.mark.parametrize(
    "left",
    [
        {"image/png": "iVBORw0KGgo="},
        {"image/svg+xml": "<svg/>"},
        {"application/vnd.vegalite.v6+json": {"mark": "bar"}},
        {FIGURE: {"mark": "bar"}},
        {"text/html": '<script>vegaEmbed("#vis", {"mark": "bar"})</script>'},
    ],
    ids=lambda left: next(iter(left)),
)
def test_a_plain_picture_is_refused_with_its_cell_and_the_line_that_mends_it(left):
    [said] = told(figure("a"), left)

    assert said.startswith("notebooks/own.ipynb: cell 3: it ends in a plain chart")
    assert 'End it with `page.figure(chart, heading="…", tables=["…"])`' in said


def test_what_altair_itself_leaves_is_a_plain_picture():
    chart = alt.Chart({"values": [{"x": 1}]}).mark_bar().encode(x="x:Q")
    with alt.renderers.enable("html"):
        left = chart._repr_mimebundle_()
    bundle = left[0] if isinstance(left, tuple) else left

    assert len(told(bundle)) == 1


def test_a_plain_frame_is_refused_with_its_cell_and_the_line_that_mends_it():
    assert told({"text/html": pd.DataFrame({"x": [1]})._repr_html_()}) == [
        "notebooks/own.ipynb: cell 2: it ends in a plain frame, without caption and sources. "
        'End it with `page.table(frame, caption="…", tables=["…"])`.'
    ]


def test_what_answers_show_is_none():
    table = DisplayTable("It", [Heading("It")], [["It"]])
    html = [{"text/html": each} for each in (table.as_html(), table.as_details())]

    assert told(figure("a"), *html, {"text/markdown": "It"}, number("x")) == []


@pytest.mark.parametrize(
    ("left", "what"),
    [
        ("<Figure size 640x480 with 1 Axes>", "chart, without heading"),
        ("<Axes: xlabel='x'>", "chart, without heading"),
        ("Axes(0.125,0.11;0.775x0.77)", "chart, without heading"),
        ("[<matplotlib.lines.Line2D at 0x7f>]", "chart, without heading"),
        (repr(pd.Series([1, 2])), "frame, without caption"),
        (repr(pd.Series([1, 2], name="count")), "frame, without caption"),
        ("42", "value, `42`"),
        ("<object object at 0x7f>", "value, `<object object at 0x7f>`"),
    ],
)
def test_the_bare_text_of_what_is_no_answer_is_refused(left, what):
    [said] = told({"text/plain": left})

    assert f"cell 2: it ends in a plain {what}" in said


@pytest.mark.parametrize(
    "left",
    [
        {"text/html": "<p>It</p>"},
        {"text/latex": "$x$"},
        {"application/json": {}},
        # A viewer shows the type that it likes best.
        {"text/markdown": "It", "application/javascript": "alert(1)"},
        {"text/markdown": "It", "text/html": '<div class="kb-scroll">It</div>'},
        {"text/html": '<div class="kb-scroll"><script>alert(1)</script></div>'},
        {"text/html": '<details class="kb-details" ontoggle="alert(1)">It</details>'},
        {"text/html": ['<div class="kb-scroll">', "<script>alert(1)</script></div>"]},
        {CAPTION: {}, "text/html": "<h3><img src=x onerror=alert(1)></h3>"},
        {**figure("a"), "text/html": "<p>It</p>"},
        figure("../a"),
    ],
    ids=str,
)
def test_whatever_else_is_put_out_is_refused(left):
    assert len(told(left)) == 1


DREW = "import matplotlib.pyplot as plt\nfigure = plt.figure()\n"


@pytest.mark.parametrize("engine", list(Engine))
def test_every_engine_refuses_the_same(project, engine):
    # What it finds of fonts it keeps, and a page may only read that.
    importlib.import_module("matplotlib.font_manager")
    cells = [
        f"{DREW}figure",
        f"{DREW}plt.plot([1]);",
        "import pandas\npandas.Series([1])",
        "print(1)",
    ]
    write_notebook(project, "plain", *cells)

    found = execute_page(Page(project, "plain", "plain", 2008, "Ashby"), {}, engine, 60)

    assert [str(each).partition(": cell ")[2].partition(",")[0] for each in found.problems] == [
        "2: it ends in a plain chart",
        "3: it ends in a plain chart",
        "4: it ends in a plain frame",
    ]


def test_a_finding_of_one_name_and_period_in_two_cells_is_refused_with_both():
    assert told(number("x"), number("y"), number("x"), number("x", "2005/06")) == [
        "notebooks/own.ipynb: cells 2 and 4: there are two of the finding 'x' for 2006/07. "
        "Publish it once, or give one of them another name."
    ]


def test_many_that_stand_in_the_same_two_cells_are_told_once():
    cell = {MIME: number("x")[MIME] + number("y")[MIME] + number("y", "2005/06")[MIME]}

    assert told(cell, cell) == [
        "notebooks/own.ipynb: cells 2 and 3: there are two of the finding 'x' for 2006/07, and of "
        "2 more. Publish it once, or give one of them another name."
    ]


def test_two_figures_of_one_name_are_refused():
    assert told(figure("a"), figure("a")) == [
        "notebooks/own.ipynb: cells 2 and 3: there are two of the figure 'a'. "
        "Publish it once, or give one of them another name."
    ]


# The example, run and published


class Site(Copy):
    """The small project with the example in edition 2008 and a plain chart in that of 2007."""

    @property
    def book(self) -> Path:
        return self.site / "ashby" / "2008"

    def words(self, page: str) -> str:
        article = BeautifulSoup((self.book / page).read_bytes(), "html.parser").find("article")
        return " ".join(article.get_text().split())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    place = tmp_path_factory.mktemp("own")
    project = small_project(place / "project")
    for file in PROJECT.tables.glob("alarm_study.*"):
        shutil.copy(file, project.tables)
    shutil.copy(PROJECT.data / "rules" / "alarm_study.yml", project.data / "rules")
    shutil.copy(EXAMPLE, project.notebooks)
    name_pages(project, "robbery-share")
    index = "# A small book\n\nRobbery: {share}`robbery-share.share`.\n"
    (project.narrative / "index.md").write_text(index, encoding="utf-8")
    toc = project.narrative / "_toc.yml"
    contents = yaml.safe_load(toc.read_text("utf-8"))
    # Jupyter Book makes a page of what the contents name, and every page must be shown.
    contents["parts"][0]["chapters"] += [{"file": "weighing"}]
    (project.narrative / "weighing.md").write_text("# The weights\n", encoding="utf-8")
    toc.write_text(yaml.safe_dump(contents, sort_keys=False), encoding="utf-8")
    chart = 'import altair as alt\nalt.Chart({"values": [{"x": 1}]}).mark_bar().encode(x="x:Q")'
    write_notebook(project, "plain", chart)
    name_pages(project, "plain", year=2007)
    let_pass(project)
    made = Site(project.root)
    said = made.kingston("build", "--edition", "2008")
    assert said.code == 0, said
    yield made
    shutil.rmtree(place, ignore_errors=True)


def test_the_analysts_own_chart_stands_on_the_page_with_all_that_ours_have(site):
    text = (site.book / "evidence/robbery-share.html").read_text("utf-8")
    page = BeautifulSoup(text, "html.parser")

    [drawn] = page.select("figure.kb-figure")
    assert drawn.find("h3").get_text() == (
        "Robbery as a share of all recorded crime, up to 2006/07"
    )
    # 48 robberies a year; all crime is 168 in the first year, and 12 more in each after it.
    assert drawn.select(".kb-chart")[0]["aria-label"] == (
        "Line chart of robbery's share by year, 2002/03 to 2006/07: highest 28.6% (2002/03) and "
        "lowest 22.2% (2006/07)."
    )
    assert drawn.select("table tbody tr")[-1].get_text(" ", strip=True) == "2006/07 22.2%"
    assert "offences_year" in drawn.select_one(".kb-evidence").get_text()


def test_its_values_can_be_downloaded(site):
    text = (site.book / "figures/robbery-share/share.csv").read_text("utf-8")

    assert list(csv.reader(text.splitlines()))[::5] == [
        ["period", "share"],
        ["2006/07", "0.222222222"],
    ]


def test_its_number_is_published_and_bound_in_its_text_and_in_the_narrative(site):
    found = json.loads((site.book / "findings.json").read_text("utf-8"))

    [own] = [each for each in found if each["page"] == "robbery-share"]
    assert (own["name"], own["period"]) == ("share", "2006/07")
    assert [source["table"] for source in own["sources"]] == ["offences_year"]
    assert "In 2006/07, 22.2% of all recorded" in site.words("evidence/robbery-share.html")
    assert "Robbery: 22.2%." in site.words("index.html")


def test_it_stands_in_the_contents_under_its_title(site):
    contents = BeautifulSoup((site.book / "index.html").read_bytes(), "html.parser")

    assert contents.select(".bd-links li")[-1].get_text(strip=True) == "Robbery among all crime"


def test_it_is_reviewed_like_ours(site):
    said = site.kingston("review", "--edition", "2008", "--only", "robbery-share")

    assert said.code == 0, said
    assert "1 page reviewed: 1 agrees" in said.text


def test_a_misspelt_finding_is_told_with_notebook_and_cell_once_its_page_has_run(site):
    file = site.root / "notebooks" / "robbery-share.ipynb"
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"{share}`robbery-share.share`", b"{share}`robbery-share.shar`"))

    said = site.kingston("run", "--edition", "2008", "--only", "robbery-share")
    file.write_bytes(whole)

    assert said.code == 1
    assert "notebooks/robbery-share.ipynb: Markdown cell" in said.text
    assert "There is no finding 'robbery-share.shar'. Did you mean 'share'?" in said.text
    assert "Open _build/pages/ashby/2008/robbery-share.ipynb" in said.text


def test_a_plain_chart_left_as_a_cells_value_ends_the_run_with_notebook_and_cell(site):
    said = site.kingston("run", "--edition", "2007", "--only", "plain")

    assert said.code == 1
    place = "2007 Ashby: plain: notebooks/plain.ipynb: cell 2: it ends in a plain chart"
    assert place in said.text
    assert 'page.figure(chart, heading="…", tables=["…"])' in said.text


def test_what_is_wrong_with_a_notebook_is_told_before_any_page_runs(project):
    pages_as_run(project)
    name_pages(project, "absent")

    said = Copy(project.root).kingston_here("run", "--edition", "2008")

    assert said.code == 1
    assert "There is no notebook 'absent'." in said.text
    assert "Running pages" not in said.text
