"""What a build joins, without pages being run or Jupyter Book started: keys, books, the swap."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from guard_fixture import let_pass
from pretended_book import JupyterBook
from small_project import as_run, pages_as_run, small_project
from system_project import snapshot
from tables_fixture import vouch_for

from kingston_analysis.book import build
from kingston_analysis.commands import running
from kingston_analysis.commands.checks import data_problems
from kingston_analysis.commands.choosing import Choice
from kingston_analysis.commands.running import RunOptions, build_books
from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.notebook import open_topic
from kingston_analysis.project import Project
from kingston_analysis.records.pages import Page

OWN, OTHER = "ashby/2008", "burnham/2008"
OPTIONS = RunOptions(jobs=1)


@pytest.fixture(autouse=True)
def jupyter_book(monkeypatch: pytest.MonkeyPatch) -> JupyterBook:
    """Put another in the place of Jupyter Book."""
    other = JupyterBook()
    monkeypatch.setattr(build, "build_each", other.build_each)
    return other


@pytest.fixture(scope="module")
def as_published(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Publish the book of one edition, of which every page counts as run, once."""
    project = small_project(tmp_path_factory.mktemp("published") / "project")
    for folder in ("editions", "hypotheses"):
        (project.data / folder / "2007.yml").unlink()
    let_pass(project)
    # Without a lock all that is installed is looked at, which takes its time.
    (project.root / "requirements.lock").write_text("pandas==3\n", encoding="utf-8")
    pages_as_run(project)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "build_each", JupyterBook().build_each)
        build_books(Choice(project), OPTIONS)
    return project


@pytest.fixture
def project(as_published: Project, tmp_path: Path) -> Project:
    """Copy the project with its site, to be changed and built again."""
    shutil.copytree(as_published.root, tmp_path / "project")
    return Project(tmp_path / "project")


def write_more(project: Project) -> None:
    with (project.narrative / "index.md").open("a", encoding="utf-8") as stream:
        stream.write("\nAnother sentence.\n")


def sentences(project: Project, book: str) -> int:
    return (project.site / book / "index.html").read_text("utf-8").count("Another sentence.")


def refused(project: Project, *chosen: object) -> KingstonError:
    """Build what cannot be built: the site stays as it was, with nothing beside it."""
    before = snapshot(project.site)
    with pytest.raises(KingstonError) as caught:
        build_books(Choice(project, *chosen), OPTIONS)
    assert snapshot(project.site) == before
    assert [each.name for each in project.build.glob("site*")] == ["site"]
    return caught.value


# Which books are built, and which stand beside them


def test_a_second_build_says_that_nothing_changed_and_touches_nothing(
    project: Project, jupyter_book: JupyterBook, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {file: file.stat().st_mtime_ns for file in project.build.rglob("*")}

    build_books(Choice(project), OPTIONS)

    assert "Nothing changed" in capsys.readouterr().err
    assert {file: file.stat().st_mtime_ns for file in project.build.rglob("*")} == before
    assert jupyter_book.built == []


@pytest.fixture
def with_another(project: Project) -> Project:
    """Publish the book of another borough too."""
    pages_as_run(project, area="Burnham")
    build_books(Choice(project, area="Burnham"), OPTIONS)
    return project


def test_another_boroughs_book_stands_beside_the_editions_own(
    with_another: Project, as_published: Project, jupyter_book: JupyterBook
) -> None:
    site = with_another.site

    assert jupyter_book.built == [OTHER]
    assert snapshot(site / OWN) == snapshot(as_published.site / OWN)
    door = (site / "index.html").read_text("utf-8")
    assert door.index(f'href="{OWN}/index.html"') < door.index(f'href="{OTHER}/index.html"')


def test_no_book_is_dropped_that_would_be_old_beside_the_one_that_is_built(
    with_another: Project,
) -> None:
    write_more(with_another)

    said = str(refused(with_another, [2008]))

    assert f"would lose what it has of {OTHER}" in said
    assert "Run `kingston build`" in said


def test_a_book_on_the_site_of_which_nothing_else_is_known_is_not_dropped_either(
    project: Project,
) -> None:
    (project.site / OTHER).mkdir(parents=True)
    write_more(project)

    assert f"would lose what it has of {OTHER}" in str(refused(project, [2008]))


def test_a_build_of_everything_builds_what_stands_beside_the_editions_too(
    with_another: Project,
) -> None:
    write_more(with_another)

    build_books(Choice(with_another), OPTIONS)

    assert [sentences(with_another, book) for book in (OWN, OTHER)] == [1, 1]


def test_a_book_of_which_the_project_has_no_edition_any_more_is_not_dropped_either(
    project: Project,
) -> None:
    (project.site / "ashby/2006").mkdir()
    write_more(project)

    for chosen in ([], [[2008]]):
        said = str(refused(project, *chosen))
        assert "The site holds ashby/2006, of which the project has no edition any more" in said
        assert "`kingston withdraw 2006 --because" in said


# What stops a build


def test_a_page_that_is_stale_is_never_published_as_if_it_were_not(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `--only` one page runs; the others, on which the change tells too, did not."""

    def run_again(_: Project, pages: list[Page], *__: object) -> None:
        for page in pages:
            as_run(page, ["data/topics.yml"])

    monkeypatch.setattr(running, "_run_stale", run_again)
    with (project.data / "topics.yml").open("a", encoding="utf-8") as stream:
        stream.write("# Changed.\n")

    stale = [str(each) for each in refused(project, None, None, "robbery").problems]

    assert len(stale) == 8  # all crime, burglary and the six others
    assert all("was not run, or something changed since" in each for each in stale)
    assert not any("robbery" in each for each in stale)


def test_what_jupyter_book_reports_stops_the_build_under_the_file_that_a_person_edits(
    project: Project, jupyter_book: JupyterBook
) -> None:
    write_more(project)
    jupyter_book.report = "{book}/index.md:3: WARNING: unknown document: 'nowhere'"

    [problem] = refused(project).problems

    assert problem.what == "book/index.md:3: WARNING: unknown document: 'nowhere'"


def test_a_figure_more_than_the_pages_emitted_stops_the_build(
    project: Project, jupyter_book: JupyterBook
) -> None:
    write_more(project)
    jupyter_book.more = '<figure class="kb-figure"></figure>'

    # One on each of the nine pages.
    assert f"{OWN}: 0 figures were emitted and 9 are on the site" in str(refused(project))


def test_what_the_check_of_the_new_site_finds_stops_the_build(
    project: Project, jupyter_book: JupyterBook
) -> None:
    write_more(project)
    jupyter_book.more = "nan offences"

    said = refused(project).problems

    assert {each.what for each in said} == {"The page shows 'nan' where a value belongs."}


def table(old: str, new: str) -> Callable[[Project], None]:
    """Break the table of years by hand, and bring the hash in its metadata up to date."""

    def change(project: Project) -> None:
        file = project.tables / "offences_year.csv"
        file.write_text(file.read_text("utf-8").replace(old, new, 1), encoding="utf-8")
        vouch_for(file)

    return change


def metadata(old: str, new: str) -> Callable[[Project], None]:
    return lambda project: edit(project.tables / "population.yml", old, new)


def edition(old: str, new: str) -> Callable[[Project], None]:
    return lambda project: edit(project.data / "editions/2008.yml", old, new)


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


ROW = "Burnham,2005/06,Robbery,"
# For each fault: how it is made, and what is said of it, once.
OF_TABLES = {
    "no metadata": (
        lambda project: (project.tables / "population.yml").unlink(),
        "population.yml: There is no such file.",
    ),
    "a wrong key in metadata": (
        metadata("licence:", "license:"),
        "The key 'license' is not known here.",
    ),
    "a duplicate row": (table(ROW, f"{ROW}1\n{ROW}"), "Rows with the same area, financial_year"),
    "a count that is none": (table(ROW, f"{ROW}x"), "'count'"),
    "an unknown borough": (
        table(ROW, ROW.replace("Burnham", "Burnam")),
        "'Burnam' is not a name in data/areas.yml",
    ),
    "edited by hand": (
        lambda project: edit(project.tables / "offences_year.csv", ROW, f"{ROW}1"),
        "The file is not the one its metadata describes",
    ),
}
OF_EDITION = {"an edition of another year": (edition("edition: 2008", "edition: 2009"), "2009")}


@pytest.mark.parametrize("fault", {**OF_TABLES, **OF_EDITION})
def test_bad_data_stop_the_build(project: Project, fault: str) -> None:
    """No page read the table since it was run: the build looks at all data, whatever was run."""
    change, once = {**OF_TABLES, **OF_EDITION}[fault]
    write_more(project)
    change(project)

    assert str(refused(project)).count(once) == 1


@pytest.mark.parametrize("fault", OF_TABLES)
def test_a_fault_of_a_table_is_told_once_though_pages_stumble_over_it(
    project: Project, fault: str
) -> None:
    change, once = OF_TABLES[fault]
    change(project)
    with pytest.raises(KingstonError) as caught:
        _ = open_topic(edition=2008, area="Ashby", topic="robbery", project=project).view.primary
    failed = [
        Problem(f"2008 Ashby: {page}: notebooks/topic.ipynb: cell 2, line 1: {each}")
        for page in ("robbery", "burglary")
        for each in caught.value.problems
    ]

    told = running._causes(project, [*failed, Problem("2008 Ashby: methods: it has another.")])

    assert told == [*data_problems(project), Problem("2008 Ashby: methods: it has another.")]
    assert "\n".join(map(str, told)).count(once) == 1
