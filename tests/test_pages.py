"""Pages: which there are, which parameters they take, what is kept of them, when they are stale."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat import v4
from tables_fixture import KINGSTON

from kingston_analysis.editions import load_edition
from kingston_analysis.errors import KingstonError
from kingston_analysis.findings import MIME as FINDINGS
from kingston_analysis.findings import Finding, as_objects
from kingston_analysis.pages.key import page_key, tree_hash
from kingston_analysis.pages.outputs import cleaned, figures_in, findings_in, place_of_failure
from kingston_analysis.pages.pages import NOTEBOOKS, Page, check_parameters, pages_folder, pages_of
from kingston_analysis.show.mimes import FIGURE

EDITION = load_edition(2008)
KERNEL = {"name": "python3", "language": "python", "display_name": "Python 3"}
PARAMETERS = 'edition: int = 2008  # help: the year\narea: str = "Ashby"  # help: the borough'


def a_template(folder: Path, source: str = PARAMETERS, tags: tuple = ("parameters",)) -> Path:
    cell = v4.new_code_cell(source, metadata={"tags": list(tags)})
    notebook = v4.new_notebook(cells=[cell], metadata={"kernelspec": KERNEL})
    file = folder / "template.ipynb"
    nbformat.write(notebook, file)
    return file


def test_an_edition_has_an_overview_a_page_for_each_topic_in_order_and_its_sources():
    pages = pages_of(EDITION, KINGSTON)
    assert [page.name for page in pages] == ["overview", *EDITION.topics, "sources"]
    assert {page.template for page in pages[1:-1]} == {"topic"}


@pytest.mark.parametrize(
    ("only", "names"),
    [("robbery", ["robbery"]), ("overview", ["overview"]), ("topic", EDITION.topics)],
)
def test_only_the_page_or_the_pages_of_the_template_of_a_name(only, names):
    assert [page.name for page in pages_of(EDITION, KINGSTON, only)] == names


def test_a_page_that_does_not_exist_is_answered_with_the_nearest():
    with pytest.raises(KingstonError, match=r"no page 'robery'\. Did you mean 'robbery'"):
        pages_of(EDITION, KINGSTON, "robery")


def test_pages_of_an_unknown_borough_are_answered_with_the_nearest():
    with pytest.raises(KingstonError, match=r"no borough 'Suton'\. Did you mean 'Sutton'"):
        pages_of(EDITION, "Suton")


def test_a_page_gets_the_edition_the_area_and_where_it_has_one_the_topic():
    overview, violence = pages_of(EDITION, "Sutton")[:2]
    assert overview.parameters == {"edition": 2008, "area": "Sutton"}
    assert violence.parameters == {**overview.parameters, "topic": "violence-against-the-person"}


def test_pages_of_two_areas_or_editions_never_share_a_file():
    places = [
        page.executed
        for year in (2008, 2009)
        for area in (KINGSTON, "Sutton")
        for page in pages_of(load_edition(year), area)
    ]
    assert len(places) == len(set(places)) == 4 * 20
    assert pages_folder(2008, KINGSTON).parts[-2:] == ("2008", "kingston-upon-thames")


@pytest.mark.parametrize("page", pages_of(EDITION, KINGSTON), ids=str)
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
    ],
    ids=["no tagged cell", "an empty cell", "no template"],
)
def test_a_template_without_parameters_is_refused(make, tmp_path):
    with pytest.raises(KingstonError) as caught:
        check_parameters(make(tmp_path), {"edition": 2008})
    assert caught.value.problems[0].file.suffix == ".ipynb"


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
    assert notebook.metadata["kernelspec"]["name"] == "python3"
    text = nbformat.writes(notebook)
    assert not [word for word in ("2026", "/tmp", "duration", "3.12.1") if word in text]
    assert len({cell.id for cell in notebook.cells}) == 2


def publishing(*bundles: dict):
    outputs = [v4.new_output("display_data", bundle) for bundle in bundles]
    return v4.new_notebook(cells=[v4.new_code_cell("", outputs=outputs)])


def finding(value: int) -> Finding:
    return Finding("robbery", "topic", "Ashby", "robbery", "count", "2006/07", value, "offences")


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


NAMES = ("data", "src", "lock.txt")


def tree(folder: Path) -> Path:
    for name, text in {
        "data/a.csv": "1\n",
        "data/deep/b.yml": "b: 1\n",
        "src/code.py": "x = 1\n",
        "src/book/only.py": "y = 1\n",
        "lock.txt": "pandas\n",
        "README.md": "read me\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def before_and_after(tmp_path):
    """Return a function that hashes two equal trees, the second after a change to it."""

    def hashes(change, without: tuple[str, ...] = ()) -> tuple[str, str]:
        one, other = tree(tmp_path / "one"), tree(tmp_path / "other")
        change(other)
        return tree_hash(NAMES, without, one), tree_hash(NAMES, without, other)

    return hashes


def swap_names(root: Path) -> None:
    (root / "data/a.csv").write_text("b: 1\n", encoding="utf-8")
    (root / "data/deep/b.yml").write_text("1\n", encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "data/a.csv").write_text("2\n"),
        lambda root: (root / "data/deep/b.yml").write_text("b: 2\n"),
        lambda root: (root / "src/code.py").write_text("x = 2\n"),
        lambda root: (root / "src/book/only.py").write_text("y = 2\n"),
        lambda root: (root / "lock.txt").write_text("pandas 4\n"),
        lambda root: (root / "data/a.csv").rename(root / "data/c.csv"),
        lambda root: (root / "data/a.csv").unlink(),
        lambda root: (root / "data/new.csv").write_text(""),
        swap_names,
    ],
    ids=["table", "deep", "code", "book", "lock", "renamed", "gone", "new", "swapped"],
)
def test_a_hash_changes_with_each_input(change, before_and_after):
    before, after = before_and_after(change)
    assert before != after


def caches(root: Path) -> None:
    for name in ("src/__pycache__/code.pyc", "data/.ipynb_checkpoints/a.csv"):
        (root / name).parent.mkdir()
        (root / name).write_text("made by the machine")


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "README.md").write_text("read on\n"),
        lambda root: (root / "data/a.csv").touch(),
        lambda root: (root / "notes.txt").write_text("new"),
        caches,
        lambda root: shutil.copytree(root / "data", root / "data2"),
    ],
    ids=["readme", "time", "outside", "caches", "beside"],
)
def test_a_hash_changes_with_nothing_else(change, before_and_after):
    before, after = before_and_after(change)
    assert before == after


def test_what_is_left_out_of_a_hash_does_not_change_it(before_and_after):
    before, after = before_and_after(
        lambda root: (root / "src/book/only.py").write_text("y = 2\n"), without=("src/book",)
    )
    assert before == after


def test_leaving_out_a_folder_leaves_out_no_neighbour_whose_name_begins_alike(before_and_after):
    before, after = before_and_after(
        lambda root: (root / "src/bookkeeping.py").write_text("z = 1\n"), without=("src/book",)
    )
    assert before != after


def test_a_page_has_its_own_key_for_each_template_edition_area_and_topic():
    pages = [
        Page("overview", "overview", 2008, KINGSTON),
        Page("sources", "sources", 2008, KINGSTON),
        Page("overview", "overview", 2009, KINGSTON),
        Page("overview", "overview", 2008, "Sutton"),
        Page("topic", "robbery", 2008, KINGSTON, "robbery"),
        Page("topic", "fraud", 2008, KINGSTON, "fraud"),
    ]
    assert len({page_key(page) for page in pages}) == len(pages)
    assert page_key(pages[0]) == page_key(Page("overview", "overview", 2008, KINGSTON))


def test_every_template_is_used_by_some_page():
    used = {page.source for page in pages_of(EDITION, KINGSTON)}
    assert used == set(NOTEBOOKS.glob("*.ipynb"))
