"""Pages: which there are, which parameters they take, what is kept of them, when they are stale."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import json
import platform
import shutil
from pathlib import Path

import nbformat
import pytest
from findings_fixture import published
from nbformat import v4
from tables_fixture import KINGSTON, PROJECT, sound_project

from kingston_analysis.data.editions import load_edition
from kingston_analysis.errors import KingstonError
from kingston_analysis.pages.outputs import cleaned, figures_in, findings_in, place_of_failure
from kingston_analysis.pages.parameters import check_parameters
from kingston_analysis.project import Project, sha256
from kingston_analysis.records import key
from kingston_analysis.records.code import Package, hash_of_code
from kingston_analysis.records.key import ABSENT, InputChange, Now, changes, hash_of_template
from kingston_analysis.records.pages import Page, pages_named, pages_of
from kingston_analysis.records.record import FORMAT, Inputs, Record, write_page
from kingston_analysis.results import MIME as FINDINGS
from kingston_analysis.results import Finding, as_objects
from kingston_analysis.show.mimes import FIGURE

EDITION = load_edition(PROJECT, 2008)
KERNEL = {"name": "python3", "language": "python", "display_name": "Python 3"}
PARAMETERS = 'edition: int = 2008  # help: the year\narea: str = "Ashby"  # help: the borough'


def a_template(folder: Path, source: str = PARAMETERS, tags: tuple = ("parameters",)) -> Path:
    cell = v4.new_code_cell(source, metadata={"tags": list(tags)})
    notebook = v4.new_notebook(cells=[cell], metadata={"kernelspec": KERNEL})
    file = folder / "template.ipynb"
    nbformat.write(notebook, file)
    return file


def two_cells(folder: Path) -> Path:
    file = a_template(folder)
    notebook = nbformat.read(file, 4)
    again = v4.new_code_cell("year: int = 1", metadata={"tags": ["parameters"]})
    notebook.cells += [v4.new_markdown_cell("Text"), again]
    nbformat.write(notebook, file)
    return file


def no_notebook(folder: Path) -> Path:
    file = folder / "template.ipynb"
    file.write_text("no notebook", encoding="utf-8")
    return file


def test_an_edition_has_an_overview_a_page_for_each_topic_in_order_and_six_more():
    pages = pages_of(PROJECT, EDITION, KINGSTON)
    last = ["matrix", "progress", "changed", "community", "methods", "sources"]
    assert [page.name for page in pages] == ["overview", *EDITION.topics, *last]
    assert {page.template for page in pages[1:-6]} == {"topic"}


@pytest.mark.parametrize(
    ("only", "names"),
    [
        ("robbery", ["robbery"]),
        ("overview", ["overview"]),
        ("topic", ["overview", *EDITION.topics]),
    ],
)
def test_only_the_page_or_the_pages_of_the_template_of_a_name(only, names):
    assert [page.name for page in pages_of(PROJECT, EDITION, KINGSTON, only)] == names


def test_a_page_that_does_not_exist_is_answered_with_the_nearest():
    with pytest.raises(KingstonError, match=r"no page 'robery'\. Did you mean 'robbery'"):
        pages_of(PROJECT, EDITION, KINGSTON, "robery")


def test_a_page_is_found_by_its_name_beside_another():
    assert pages_named(PROJECT, ["robbery"], 2008, "Sutton")[0] in pages_of(
        PROJECT, EDITION, "Sutton"
    )
    with pytest.raises(KingstonError, match=r"no page 'topic'\."):
        pages_named(PROJECT, ["topic"], 2008, "Sutton")


def test_pages_of_an_unknown_borough_are_answered_with_the_nearest():
    with pytest.raises(KingstonError, match=r"no borough 'Suton'\. Did you mean 'Sutton'"):
        pages_of(PROJECT, EDITION, "Suton")


def test_a_page_gets_the_edition_the_area_and_where_it_has_one_the_topic():
    overview, violence = pages_of(PROJECT, EDITION, "Sutton")[:2]
    book = {"edition": 2008, "area": "Sutton"}
    assert overview.parameters == {**book, "topic": "all-recorded-crime"}
    assert violence.parameters == {**book, "topic": "violence-against-the-person"}
    assert pages_of(PROJECT, EDITION, "Sutton")[-1].parameters == book


def test_pages_of_two_areas_or_editions_never_share_a_file():
    places = [
        page.executed
        for year in (2008, 2009)
        for area in (KINGSTON, "Sutton")
        for page in pages_of(PROJECT, load_edition(PROJECT, year), area)
    ]
    assert len(places) == len(set(places)) == 4 * (18 + 7)
    assert places[0].parts[-4:-1] == ("pages", "kingston-upon-thames", "2008")


@pytest.mark.parametrize("page", pages_of(PROJECT, EDITION, KINGSTON), ids=str)
def test_the_templates_take_what_their_pages_give(page):
    check_parameters(page.source, page.parameters)


def test_a_parameter_that_a_template_does_not_take_is_refused_with_the_nearest(tmp_path):
    template = a_template(tmp_path)
    check_parameters(template, {"edition": 2008, "area": "Ashby"})
    with pytest.raises(KingstonError, match=r"no parameter 'aera'\. Did you mean 'area'") as caught:
        check_parameters(template, {"aera": "Ashby"})
    assert caught.value.problems[0].file == template


@pytest.mark.parametrize("given", [{"edition": "2008"}, {"area": 7}, {"edition": 2008.5}])
def test_a_parameter_of_another_type_is_refused(given, tmp_path):
    [(name, value)] = given.items()
    with pytest.raises(KingstonError, match=f"parameter '{name}' is {value!r}") as caught:
        check_parameters(a_template(tmp_path), given)
    assert caught.value.problems[0].file == tmp_path / "template.ipynb"


def test_every_wrong_parameter_is_reported_at_once(tmp_path):
    with pytest.raises(KingstonError) as caught:
        check_parameters(a_template(tmp_path), {"edition": "2008", "aera": "x", "tpoic": "y"})
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    "make",
    [
        lambda folder: a_template(folder, tags=()),
        lambda folder: a_template(folder, source=""),
        lambda folder: folder / "nowhere.ipynb",
        lambda folder: two_cells(folder),
        lambda folder: no_notebook(folder),
    ],
    ids=["no tagged cell", "an empty cell", "no template", "two tagged cells", "no notebook"],
)
def test_a_template_without_parameters_is_refused(make, tmp_path):
    with pytest.raises(KingstonError) as caught:
        check_parameters(make(tmp_path), {"edition": 2008})
    assert caught.value.problems[0].file.suffix == ".ipynb"


def test_two_cells_of_parameters_are_named_by_their_numbers(tmp_path):
    with pytest.raises(KingstonError, match="Cells 1 and 2 are both tagged 'parameters'"):
        check_parameters(two_cells(tmp_path), {"edition": 2008})


@pytest.mark.parametrize("given", [{"edition": "2008"}, {"aera": "Ashby"}])
def test_a_wrong_parameter_comes_with_a_remedy(given, tmp_path):
    with pytest.raises(KingstonError) as caught:
        check_parameters(a_template(tmp_path), given)
    assert caught.value.problems[0].remedy


def executed(count: int = 1, **metadata):
    """Make a notebook as a runner leaves it: with times, durations, paths and random ids."""
    outputs = [v4.new_output("display_data", {"text/plain": "3,003"})]
    cell = v4.new_code_cell("page", outputs=outputs, execution_count=count)
    times = {"start_time": "2026-01-01T10:00:00", "duration": 0.25, "status": "completed"}
    cell.metadata = nbformat.from_dict({"papermill": times, "tags": ["parameters"], **metadata})
    return v4.new_notebook(
        cells=[v4.new_markdown_cell("# A page"), cell],
        metadata={
            "kernelspec": KERNEL,
            "language_info": {"name": "python", "version": "3.12.1"},
            "papermill": {**times, "output_path": "/tmp/abc.ipynb"},
        },
    )


def test_what_differs_between_two_equal_runs_is_removed():
    one = executed(execution={"iopub.execute_input": "2026-01-01T10:00:00.123456Z"})
    other = executed()
    other.metadata["papermill"]["duration"] = 99.0
    assert one.cells[1].id != other.cells[1].id
    assert nbformat.writes(cleaned(one)) == nbformat.writes(cleaned(other))


def test_what_a_reader_needs_is_kept():
    notebook = cleaned(executed(count=4))
    nbformat.validate(notebook)
    assert notebook.cells[1].metadata["tags"] == ["parameters"]
    assert notebook.cells[1].outputs[0]["data"]["text/plain"] == "3,003"
    assert notebook.cells[1].execution_count == 4
    text = nbformat.writes(notebook)
    assert not [word for word in ("2026", "/tmp", "duration", "3.12.1") if word in text]
    assert len({cell.id for cell in notebook.cells}) == 2


def publishing(*bundles: dict):
    outputs = [v4.new_output("display_data", bundle) for bundle in bundles]
    return v4.new_notebook(cells=[v4.new_code_cell("", outputs=outputs)])


def finding(value: int) -> Finding:
    return published("robbery", "count", "2006/07", value, topic="robbery")


def test_findings_and_figures_are_found_among_the_outputs():
    notebook = publishing(
        {"text/plain": "3"}, {FINDINGS: as_objects([finding(7)])}, {FIGURE: {"mark": "bar"}}
    )
    assert findings_in(notebook) == [finding(7)]
    assert figures_in(notebook) == [{"mark": "bar"}]


def test_a_finding_that_a_notebook_published_twice_is_refused():
    notebook = publishing(
        {FINDINGS: as_objects([finding(7)])}, {FINDINGS: as_objects([finding(8)])}
    )
    with pytest.raises(KingstonError, match="published twice"):
        findings_in(notebook)


@pytest.mark.parametrize(
    ("traceback", "line"),
    [
        (["\x1b[0;36mCell\x1b[0m \x1b[0;32mIn[3], line 2\x1b[0m\n----> 2 1/0"], 2),
        (["Cell In[12], line 14"], 14),
        (["no place is named"], None),
        ([], None),
    ],
)
def test_the_line_at_which_a_cell_failed_is_read_from_the_kernels_words(traceback, line):
    assert place_of_failure(traceback) == line


# What a template says


def a_notebook() -> dict:
    """Make a template as JSON, executed, with a picture in its text."""
    outputs = [v4.new_output("display_data", {"text/plain": "3"})]
    cells = [
        v4.new_markdown_cell("# Title", attachments={"map.png": {"image/png": "AA=="}}),
        v4.new_code_cell("x = 1", metadata={"tags": ["parameters"]}),
        v4.new_code_cell("x + 2", outputs=outputs, execution_count=2),
    ]
    return json.loads(
        nbformat.writes(v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL}))
    )


def hash_after(folder: Path, change=lambda _notebook: None, indent: int | None = 1) -> str:
    notebook = a_notebook()
    change(notebook)
    file = folder / "template.ipynb"
    file.write_text(json.dumps(notebook, indent=indent), encoding="utf-8")
    return hash_of_template(file)


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it["cells"][1].update(source="x = 2"),
        lambda it: it["cells"][0].update(source="# Another title"),
        lambda it: it["cells"][1].update(metadata={}),
        lambda it: it["cells"][0].update(attachments={}),
        lambda it: it["cells"].reverse(),
        lambda it: it["cells"].pop(),
        lambda it: it["cells"].append(v4.new_markdown_cell("")),
        lambda it: it["cells"][2].update(cell_type="raw"),
    ],
    ids=["code", "text", "tags", "picture", "order", "fewer", "more", "kind"],
)
def test_the_hash_of_a_template_changes_with_what_comes_to_stand_in_the_page(change, tmp_path):
    assert hash_after(tmp_path, change) != hash_after(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it["cells"][2].update(outputs=[], execution_count=None),
        lambda it: [cell.update(id=f"cell-{n}") for n, cell in enumerate(it["cells"])],
        lambda it: it["cells"][2].update(metadata={"collapsed": True}),
        lambda it: it["cells"][1].update(source=["x ", "= 1"]),
        lambda it: it["metadata"].update(language_info={"version": "3.12"}),
        lambda it: it["metadata"]["kernelspec"].update(name="report-env"),
    ],
    ids=["outputs", "ids", "folded", "source in lines", "language", "kernel"],
)
def test_the_hash_of_a_template_changes_with_nothing_that_a_run_makes_anew(change, tmp_path):
    assert hash_after(tmp_path, change) == hash_after(tmp_path)
    assert hash_after(tmp_path, indent=None) == hash_after(tmp_path)


def test_what_is_no_notebook_has_the_hash_of_its_bytes(tmp_path):
    file = tmp_path / "template.ipynb"
    assert hash_of_template(file) == sha256(b"")
    for content in (b"{", b"[]", b'{"cells": 7}', b"\xff"):
        file.write_bytes(content)
        assert hash_of_template(file) == sha256(content)


# What changed since a page was run


CODE = "src/kingston_analysis"


def write_code(folder: Path) -> None:
    """Write a package: the runner and, through it, all but `study` and `cli` is run by a page."""
    for name, text in {
        "pages/execute.py": "from kingston_analysis import topics\n",
        "topics.py": "from kingston_analysis.show.deep import x\n",
        "show/deep.py": "x = 1\n",
        "show/html/table.html.j2": "<table>\n",
        "study/run.py": "from kingston_analysis import topics\n",
        "cli.py": "print()\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def at_rest(tmp_path) -> Page:
    """Return a page that was run in a small project, in which nothing changed since."""
    project = sound_project(tmp_path)
    write_code(tmp_path / CODE)
    (tmp_path / "requirements.lock").write_text("pandas==3\n")
    (tmp_path / "a.csv").write_text("1\n")
    (tmp_path / "notebooks/topic.ipynb").write_text(json.dumps(a_notebook()))
    other = Page(project, "overview", "overview", 2007, "Ashby")
    write_page(other, "{}\n", recorded(other, findings=[{"value": 7}]))
    page = Page(project, "topic", "burglary", 2007, "Ashby", "burglary")
    write_page(page, "{}\n", recorded(page))
    now_of(page).keep_code(page.source)
    return page


def now_of(page: Page) -> Now:
    """Look at a page's project anew, with the code that stands in it."""
    return Now(page.project, Package(page.project.root / CODE))


def recorded(page: Page, **changed: object) -> Record:
    """Record a page as it would be were it run now."""
    now = now_of(page)
    names = ("a.csv", "*.csv") if page.topic else ()
    inputs = Inputs(
        template=now.template(page.source),
        parameters=page.parameters,
        files={name: now.hash_of(name) for name in names},
        pages={name: now.findings_of(name, page) for name in ("overview",) if page.topic},
        code=hash_of_code(now.code(page.source)),
        lock=now.environment[1],
        python=platform.python_version(),
    )
    made = Record(page.name, page.template, inputs, sha256(b"{}\n"), [], [])
    return dataclasses.replace(made, **changed)


def with_inputs(page: Page, **changed: object) -> None:
    """Let the page have been run with other inputs than those of now."""
    record = recorded(page)
    inputs = dataclasses.replace(record.inputs, **changed)
    write_page(page, "{}\n", dataclasses.replace(record, inputs=inputs))


def find_otherwise(root: Path) -> None:
    other = Page(Project(root), "overview", "overview", 2007, "Ashby")
    write_page(other, "{}\n", recorded(other, findings=[{"value": 8}]))


CHANGES = {
    "a.csv": lambda root: (root / "a.csv").write_text("2\n"),
    "*.csv": lambda root: (root / "b.csv").write_text("1\n"),
    "requirements.lock": lambda root: (root / "requirements.lock").write_text("pandas==4\n"),
    "module topics.py": lambda root: (root / CODE / "topics.py").open("a").write("# Changed.\n"),
    "module show/html/new.j2": lambda root: (root / CODE / "show/html/new.j2").write_text("\n"),
    "module show/deep.py": lambda root: (root / CODE / "show/deep.py").unlink(),
    "findings of overview": find_otherwise,
}


def test_a_page_is_fresh_when_nothing_changed(at_rest):
    assert changes(at_rest, now_of(at_rest)) == []


@pytest.mark.parametrize("what", CHANGES)
def test_each_change_is_named_alone_with_its_hashes(what, at_rest, tmp_path):
    CHANGES[what](tmp_path)
    [change] = changes(at_rest, now_of(at_rest))
    assert change.what == what
    assert change.old != change.new
    assert all(each == ABSENT or each.startswith("sha256:") for each in (change.old, change.new))


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / CODE / "study/run.py").write_text("# A comment.\n"),
        lambda root: (root / CODE / "study/new.py").write_text("\n"),
        lambda root: (root / CODE / "cli.py").unlink(),
        lambda root: (root / CODE / "topics.py").touch(),
        lambda root: (root / CODE / "empty").mkdir(),
        lambda root: (root / CODE / "show/__pycache__").mkdir(),
    ],
    ids=["a comment", "new", "gone", "time", "folder", "cache"],
)
def test_what_the_page_does_not_run_changes_nothing(change, at_rest, tmp_path):
    change(tmp_path)
    assert changes(at_rest, now_of(at_rest)) == []


def test_an_import_that_comes_to_the_template_is_named_with_it(at_rest):
    cells = json.loads(at_rest.source.read_text())
    cells["cells"][1]["source"] = "import kingston_analysis.study.run"
    at_rest.source.write_text(json.dumps(cells))
    found = [change.what for change in changes(at_rest, now_of(at_rest))]
    assert found == ["template notebooks/topic.ipynb", "module study/run.py"]


def test_the_template_is_named_by_its_file(at_rest, tmp_path):
    (tmp_path / "notebooks/topic.ipynb").write_text("{}")
    [change] = changes(at_rest, now_of(at_rest))
    assert change.what == "template notebooks/topic.ipynb"


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"python": "2.7.18"}, "Python"),
        (
            {"parameters": {"edition": 2006, "area": "Ashby", "topic": "burglary"}},
            "parameter edition",
        ),
        ({"pages": {"no-such-page": "sha256:0"}}, "findings of no-such-page"),
        ({"files": {"gone.csv": "sha256:0"}}, "gone.csv"),
        ({"code": "sha256:0"}, "code"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_was_otherwise_when_the_page_was_run_is_named(changed, what, at_rest):
    with_inputs(at_rest, **changed)
    assert [change.what for change in changes(at_rest, now_of(at_rest))] == [what]


def test_a_file_that_is_gone_is_absent(at_rest, tmp_path):
    (tmp_path / "a.csv").unlink()
    named = {change.what: change.new for change in changes(at_rest, now_of(at_rest))}
    assert named["a.csv"] == ABSENT


def test_without_a_lock_a_page_depends_on_what_is_installed(at_rest, tmp_path, monkeypatch):
    (tmp_path / "requirements.lock").unlink()
    [change] = changes(at_rest, now_of(at_rest))
    assert change.what == "installed distributions"

    with_inputs(at_rest)
    assert changes(at_rest, now_of(at_rest)) == []

    # As in another process, which finds nothing installed.
    monkeypatch.setattr(importlib.metadata, "distributions", list)
    monkeypatch.setattr(key, "hash_of_installed", key.hash_of_installed.__wrapped__)
    [change] = changes(at_rest, now_of(at_rest))
    assert change.what == "installed distributions"


def test_every_change_is_named(at_rest, tmp_path):
    for change in CHANGES.values():
        change(tmp_path)
    assert {change.what for change in changes(at_rest, now_of(at_rest))} == set(CHANGES)


def test_one_look_at_the_project_sees_it_as_it_was_at_first_and_the_next_as_it_is(
    at_rest, tmp_path
):
    first = now_of(at_rest)
    assert changes(at_rest, first) == []
    for change in CHANGES.values():
        change(tmp_path)
    assert changes(at_rest, first) == []
    assert changes(at_rest, now_of(at_rest)) != []


def test_a_list_of_modules_that_does_not_explain_the_change_is_not_believed(at_rest, tmp_path):
    """It is the list of now, kept under the hash of before: the page is stale all the same."""
    [kept] = (tmp_path / "_build/code").iterdir()
    (tmp_path / CODE / "topics.py").write_text("x = 2\n")
    now_of(at_rest).keep_code(at_rest.source)
    [other] = set((tmp_path / "_build/code").iterdir()) - {kept}
    shutil.copyfile(other, kept)
    assert [change.what for change in changes(at_rest, now_of(at_rest))] == ["code"]


def test_a_page_that_was_not_run_or_is_damaged_has_that_for_its_one_change(at_rest):
    at_rest.executed.write_text("{")
    [damage] = changes(at_rest, now_of(at_rest))
    assert damage.kind == "a record that cannot be used"
    at_rest.record.unlink()
    [change] = changes(at_rest, now_of(at_rest))
    assert change == InputChange("never run")


def test_a_record_of_another_format_is_damage(at_rest):
    text = at_rest.record.read_text()
    at_rest.record.write_text(text.replace(f'"format": {FORMAT}', '"format": 0'))
    [change] = changes(at_rest, now_of(at_rest))
    assert change.kind == "a record that cannot be used"
    assert str(change) == "run by another version of the runner (format 0)"


def test_a_change_is_written_with_the_beginnings_of_both_hashes():
    change = InputChange("a.csv", "sha256:" + "0123456789abcdef" * 4, ABSENT)
    assert str(change) == "a.csv: 0123456789ab → absent"
    assert change.kind == "the page itself"


def test_every_template_is_used_by_some_page():
    used = {page.source for page in pages_of(PROJECT, EDITION, KINGSTON)}
    assert used == set(PROJECT.notebooks.glob("*.ipynb"))
