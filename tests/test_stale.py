"""The mutation test: of everything a page or a book depends on, each change makes exactly it stale.

What a page depends on is read here from its record, and written by hand beside each change.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from system_project import (
    AREA,
    BOOK,
    MODULE,
    Copy,
    copy_project,
    difference,
    ended,
    processes_of,
    snapshot,
    wait_until,
)

from kingston_analysis.book import books as books_room
from kingston_analysis.book.books import Book, books_held, is_current
from kingston_analysis.data.editions import edition_years, load_edition
from kingston_analysis.records.code import Package

TOPICS = ["robbery", "alcohol-misuse", "deliberate-fires"]
PAGES = ["overview", *TOPICS, "matrix", "progress", "changed", "community", "methods", "sources"]
# The pages of an area of crime.
OF_CRIME = ["overview", *TOPICS]
WHERE = "2016 Kingston upon Thames: "
TABLES = "data/tables"
EARLIER = "data/vintages/recorded_crime_month_2010_2026/5e972de009a7e118.parquet"

Change = Callable[[Copy], object]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """Run three topics of different tables once. Only look at it: changes are made to `copy`."""
    place = tmp_path_factory.mktemp("ran")
    made = project_of(place / "project")
    said = made.kingston("run", "--jobs", "2")
    assert said.code == 0, said
    yield made
    shutil.rmtree(place, ignore_errors=True)


def project_of(place: Path) -> Copy:
    """Copy the project with one edition of three topics, and nothing run."""
    return copy_project(place, {2016: TOPICS})


@pytest.fixture
def copy(ran: Copy, folder: Path) -> Copy:
    """Copy the project with what was run, to be changed."""
    return ran.copy_to(folder / "project")


# Reading what records say, and what was executed


def depends(project: Copy, page: str, component: str) -> bool:
    """Tell by a page's record whether it depends on a component."""
    record = project.record(page)
    if component.startswith("template "):
        return component == f"template notebooks/{record['template']}.ipynb"
    if component.startswith("findings of "):
        return component.removeprefix("findings of ") in record["inputs"]["pages"]
    if component.startswith("module "):
        template = project.notebooks / f"{record['template']}.ipynb"
        return component.removeprefix("module ") in project.now().code(template)
    return component == "requirements.lock" or component in record["inputs"]["files"]


def executed_since(project: Copy, before: Copy) -> list[str]:
    """List the pages that were executed in a copy since it was made, in reading order."""

    def times(of: Copy) -> dict[str, int]:
        return {page: (of.pages() / f"{page}.ipynb").stat().st_mtime_ns for page in PAGES}

    was, now = times(before), times(project)
    return [page for page in PAGES if now[page] != was[page]]


# The changes


def edited_table(table: str, old: str, new: str) -> Change:
    def change(project: Copy) -> None:
        project.edit(f"{TABLES}/{table}.csv", old, new)
        project.vouch_for(table)

    return change


def appended(file: str, text: str = "\n") -> Change:
    return lambda project: project.append(file, text)


def last_cell(template: str, text: str) -> Change:
    """Add lines to the last cell of a template."""
    return lambda project: project.edit_notebook(
        template, lambda cells: cells[-1].update(source="".join(cells[-1]["source"]) + text)
    )


def stored_outputs(project: Copy) -> None:
    def change(cells: list[dict]) -> None:
        for cell in cells:
            if cell["cell_type"] == "code":
                cell.update(outputs=[], execution_count=None)

    for template in (
        "topic",
        "matrix",
        "progress",
        "changed",
        "community",
        "methods",
        "sources",
    ):
        project.edit_notebook(template, change)


def new_edition(year: int, assessed: str) -> Change:
    def change(project: Copy) -> None:
        text = (project.root / "data/editions/2016.yml").read_text("utf-8")
        for old, new in (("2016", str(year)), ("2014/15", assessed)):
            text = text.replace(old, new)
        (project.root / f"data/editions/{year}.yml").write_text(text, encoding="utf-8")
        listed = (project.root / "data/hypotheses/2016.yml").read_text("utf-8")
        (project.root / f"data/hypotheses/{year}.yml").write_text(listed, encoding="utf-8")

    return change


def one_more_fire(project: Copy) -> None:
    """Add one to the last count of a table, and mean it."""
    table = f"{TABLES}/incidents_year.csv"
    last = (project.root / table).read_text("utf-8").splitlines()[-1]
    keys, count = last.rsplit(",", 1)
    project.edit(table, last, f"{keys},{int(count) + 1}")
    project.vouch_for("incidents_year")


PUBLISH = """
from kingston_analysis.results import finding
from kingston_analysis.show.answer import Answer, Publication
found = finding('new', None, 1, 'offences')
page.show(Answer('New', (Publication((found,), ('population',)),), page))
""".strip()


def a_new_finding_on_robbery(project: Copy) -> None:
    publish = f"if topic == 'robbery':\n{textwrap.indent(PUBLISH, '    ')}"
    project.edit_notebook(
        "topic", lambda cells: cells.append({**cells[-1], "id": "new", "source": publish})
    )


# For each change: how it is made, the components that explain names, and the pages, by hand.
# `incidents_year` counts fires and ambulances. `sources` reads every table that a finding names,
# and `methods` tries projections on the figures of every topic.
STALE: dict[str, tuple[Change, list[str], list[str]]] = {
    "a table of two topics, and its hash": (
        edited_table("incidents_year", "\n", "\r\n"),
        [f"{TABLES}/incidents_year.csv", f"{TABLES}/incidents_year.yml"],
        ["alcohol-misuse", "deliberate-fires", "matrix", "progress", "methods", "sources"],
    ),
    "a table of one topic": (
        appended(f"{TABLES}/alcohol_admissions_aged_11_18.csv"),
        [f"{TABLES}/alcohol_admissions_aged_11_18.csv"],
        ["alcohol-misuse", "sources"],
    ),
    "an extraction that later ones replaced, which the edition sees": (
        appended(EARLIER),
        [EARLIER],
        ["deliberate-fires", "sources"],
    ),
    "an extraction that came in after the edition": (
        appended(f"{TABLES}/recorded_crime_month_2010_2026.parquet"),
        [],
        [],
    ),
    "the table of months and parts": (
        appended(f"{TABLES}/recorded_crime_month_2008_2016.parquet"),
        [f"{TABLES}/recorded_crime_month_2008_2016.parquet"],
        ["overview", "robbery", "matrix", "progress", "methods", "sources"],
    ),
    "the table of wards": (
        appended(f"{TABLES}/ward_crime_year.csv"),
        [f"{TABLES}/ward_crime_year.csv"],
        ["overview", "robbery", "sources"],
    ),
    "the table of incidents by ward": (
        appended(f"{TABLES}/ward_incidents_year.csv"),
        [f"{TABLES}/ward_incidents_year.csv"],
        ["alcohol-misuse", "deliberate-fires", "sources"],
    ),
    **{
        f"a table of harm, {table}": (
            appended(f"{TABLES}/{table}.csv"),
            [f"{TABLES}/{table}.csv"],
            ["overview", "robbery", "matrix", "sources"],
        )
        for table in (
            "offence_harm_map",
            "ons_crime_severity_weights",
            "cambridge_harm_days_by_subgroup",
        )
    },
    "the table of a survey": (
        appended(f"{TABLES}/public_attitude_survey.csv"),
        [f"{TABLES}/public_attitude_survey.csv"],
        ["matrix", "community", "sources"],
    ),
    "the judgements": (
        appended("data/judgements/2016.yml"),
        ["data/judgements/2016.yml"],
        ["matrix"],
    ),
    "the judgements, lost": (
        lambda project: (project.root / "data/judgements/2016.yml").unlink(),
        ["data/judgements/2016.*", "data/judgements/2016.yml"],
        ["matrix"],
    ),
    "the scheme of the matrix": (
        appended("data/plans/2008-11/matrix.yml"),
        ["data/plans/2008-11/matrix.yml"],
        ["matrix"],
    ),
    "an edition before it": (
        new_edition(2015, "2013/14"),
        ["data/editions/201[0-5].*"],
        ["matrix", "progress", "changed"],
    ),
    "the table of the alarm study": (
        appended(f"{TABLES}/alarm_study.csv"),
        [f"{TABLES}/alarm_study.csv"],
        ["methods", "sources"],
    ),
    "the metadata of the alarm study": (
        appended(f"{TABLES}/alarm_study.yml"),
        [f"{TABLES}/alarm_study.yml"],
        ["methods", "sources"],
    ),
    "the metadata of a table": (
        appended(f"{TABLES}/recorded_crime_year.yml"),
        [f"{TABLES}/recorded_crime_year.yml"],
        ["overview", "robbery", "matrix", "progress", "methods", "sources"],
    ),
    "a table that every rate needs": (
        appended(f"{TABLES}/population.csv"),
        [f"{TABLES}/population.csv"],
        [*OF_CRIME, "matrix", "progress", "methods", "sources"],
    ),
    "a second data file for a table": (
        lambda project: (project.root / TABLES / "incidents_year.parquet").write_bytes(b""),
        [f"{TABLES}/incidents_year.*"],
        ["alcohol-misuse", "deliberate-fires", "matrix", "progress", "methods", "sources"],
    ),
    # The overview too looks for its own: it has none here, and has some once the edition says so.
    "the hypotheses": (appended("data/hypotheses.yml"), ["data/hypotheses.yml"], OF_CRIME),
    "the hypotheses of the edition": (
        appended("data/hypotheses/2016.yml"),
        ["data/hypotheses/2016.yml"],
        OF_CRIME,
    ),
    "the hypotheses of the edition, lost": (
        lambda project: (project.root / "data/hypotheses/2016.yml").unlink(),
        ["data/hypotheses/2016.*", "data/hypotheses/2016.yml"],
        OF_CRIME,
    ),
    "the surveys": (appended("data/surveys.yml"), ["data/surveys.yml"], ["matrix", "community"]),
    "a second file of surveys": (
        lambda project: (project.root / "data/surveys.json").write_text("[]"),
        ["data/surveys.*"],
        ["matrix", "community"],
    ),
    # The first edition has nothing that differs; views are of no topic.
    "the topics": (
        appended("data/topics.yml"),
        ["data/topics.yml"],
        [*OF_CRIME, "matrix", "progress", "methods", "sources"],
    ),
    "the areas": (appended("data/areas.yml"), ["data/areas.yml"], PAGES),
    "the edition": (appended("data/editions/2016.yml"), ["data/editions/2016.yml"], PAGES),
    "a template whose findings are read": (
        last_cell("community", "\n# Changed."),
        ["template notebooks/community.ipynb"],
        ["community"],
    ),
    "a template that publishes nothing": (
        last_cell("methods", "\n# Changed."),
        ["template notebooks/methods.ipynb"],
        ["methods"],
    ),
    "a template that pages share": (
        last_cell("topic", "\n# Changed."),
        ["template notebooks/topic.ipynb"],
        OF_CRIME,
    ),
    "a tag in a template": (
        lambda project: project.edit_notebook(
            "sources", lambda cells: cells[-1].update(metadata={"tags": ["raises-exception"]})
        ),
        ["template notebooks/sources.ipynb"],
        ["sources"],
    ),
    "a module": (
        appended(f"{MODULE}/show/wording.py"),
        ["module show/wording.py"],
        PAGES,
    ),
    "a sentence of one analysis": (
        appended(f"{MODULE}/analyses/harm/words.py"),
        ["module analyses/harm/words.py"],
        OF_CRIME,
    ),
    "a comment where no page looks": (appended(f"{MODULE}/study/false_alarms.py"), [], []),
    "a new module that nothing imports": (
        lambda project: (project.root / MODULE / "show/new.py").write_text(""),
        [],
        [],
    ),
    "the template of a table's HTML": (
        appended(f"{MODULE}/show/html/table.html.j2"),
        ["module show/html/table.html.j2"],
        PAGES,
    ),
    "the lock": (appended("requirements.lock"), ["requirements.lock"], PAGES),
    "several things at once": (
        lambda project: [
            project.append(file, "\n")
            for file in ("data/areas.yml", f"{MODULE}/data/topics.py", "requirements.lock")
        ],
        ["data/areas.yml", "module data/topics.py", "requirements.lock"],
        PAGES,
    ),
}


STALE_NOTHING: list[Change] = [
    stored_outputs,
    new_edition(2017, "2015/16"),
    *(
        appended(file)
        for file in (
            f"{TABLES}/police_uk_ward_month_2016_2018.csv",  # no page of these reads it
            "data/plans/2008-11/themes.yml",
            "notebooks/topic.ipynb",  # after the last brace
            "book/index.md",
            "_config.yml",
            f"{MODULE}/cli.py",
            f"{MODULE}/commands/running.py",
            f"{MODULE}/book/roles.py",
            f"{MODULE}/review/judge.py",
        )
    ),
]


def test_what_no_page_depends_on_makes_no_page_stale(copy: Copy) -> None:
    for change in STALE_NOTHING:
        change(copy)

    assert copy.changed() == {}


def test_right_after_a_run_every_page_is_fresh_and_explain_says_so(ran: Copy) -> None:
    said = ran.kingston("explain")

    assert said.code == 0, said
    *others, sources = said.raw.splitlines()
    assert [*others, sources] == [f"{WHERE}{page}: fresh" for page in PAGES]


@pytest.mark.parametrize("changed", STALE)
def test_a_change_makes_stale_what_depends_on_it_and_nothing_else_and_names_it(
    copy: Copy, ran: Copy, changed: str
) -> None:
    change, components, pages = STALE[changed]
    change(copy)

    found = copy.changed()

    assert list(found) == pages
    assert pages == [page for page in PAGES if any(depends(ran, page, c) for c in components)]
    for page in pages:
        assert sorted(found[page]) == sorted(c for c in components if depends(ran, page, c))


def test_explain_gives_the_hash_before_and_the_hash_now(copy: Copy) -> None:
    table = f"{TABLES}/population.csv"
    was = snapshot(copy.tables)["population.csv"]
    copy.append(table, "\n")
    now = snapshot(copy.tables)["population.csv"]

    said = copy.kingston_here("explain")

    assert said.code == 0, said
    assert f"{WHERE}overview: {table}: {was[:12]} → {now[:12]}\n" in said.raw
    assert f"{WHERE}community: fresh\n" in said.raw


def test_explain_of_a_page_tells_of_no_other_and_of_each_change_in_a_line(copy: Copy) -> None:
    copy.append("data/areas.yml", "\n")
    copy.append("requirements.lock", "\n")

    said = copy.kingston_here("explain", "robbery")

    assert said.code == 0, said
    first, *lines = said.raw.splitlines()
    assert first == f"{WHERE}robbery: 2 things changed"
    assert [line.partition(":")[0] for line in lines] == [
        "    data/areas.yml",
        "    requirements.lock",
    ]


def test_a_picture_that_is_attached_to_a_template_makes_it_stale(copy: Copy) -> None:
    copy.edit_notebook(
        "community",
        lambda cells: cells[0].update(attachments={"map.png": {"image/png": "aGVsbG8="}}),
    )

    assert list(copy.changed()) == ["community"]


# Damage: what was kept of a page cannot be used


def lose(name: str) -> Change:
    return lambda project: (project.pages() / name).unlink()


def spoil(name: str, old: str, new: str) -> Change:
    return lambda project: project.edit(
        (project.pages() / name).relative_to(project.root).as_posix(), old, new
    )


DAMAGES = {
    "no record": (lose("robbery.json"), "never run"),
    "no notebook": (lose("robbery.ipynb"), "lost: the executed notebook is not there"),
    "half a record": (spoil("robbery.json", '"record"', ""), "damaged: the record is not whole"),
    "an altered finding": (
        spoil("robbery.json", '"name": "count"', '"name": "number"'),
        "damaged: the record was changed since",
    ),
    "an altered notebook": (
        spoil("robbery.ipynb", "display_data", "display_date"),
        "damaged: the executed notebook is not the one that was recorded",
    ),
    "another format": (
        spoil("robbery.json", '"format": 2', '"format": 1'),
        "run by another version of the runner (format 1)",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_page_is_stale_and_it_is_said_how_it_is_damaged(copy: Copy, damage: str) -> None:
    change, words = DAMAGES[damage]
    change(copy)

    # Its findings are gone with its record.
    assert copy.changed() == {"robbery": [words], "sources": ["findings of robbery"]}


@pytest.mark.parametrize("kept", ["[]", "null", "{", '{"topics.py": 7}'])
def test_a_damaged_list_of_modules_still_tells_that_the_package_changed(
    copy: Copy, kept: str
) -> None:
    for file in (copy.build / "code").iterdir():
        file.write_text(kept, encoding="utf-8")
    copy.append(f"{MODULE}/data/topics.py", "\n")

    found = copy.changed()

    assert list(found) == PAGES
    assert all(what[0] == "code" or what[0].startswith("module") for what in found.values())


# A run of what changed; what a run does of it is in `test_rerun.py`


@pytest.mark.slow
def test_a_run_of_what_changed_gives_what_a_run_from_nothing_gives(
    copy: Copy, ran: Copy, folder: Path
) -> None:
    """`sources` reads the new finding, and so runs; who reads nothing of what changed does not."""
    one_more_fire(copy)
    a_new_finding_on_robbery(copy)
    anew = copy.copy_to(folder / "anew", ".")
    planned = [page for page in PAGES if page in copy.changed()]

    said = copy.kingston("run")

    assert said.code == 0, said
    assert (
        executed_since(copy, ran)
        == planned
        == [*OF_CRIME, "matrix", "progress", "methods", "sources"]
    )
    was, now = ran.record("sources")["inputs"]["pages"], copy.record("sources")["inputs"]["pages"]
    assert "robbery" in [page for page in was if was[page] != now[page]]
    assert copy.changed() == {}
    assert anew.kingston("run", "--jobs", "1").code == 0
    assert difference(anew.build / "pages", copy.build / "pages") == ""


# Books


@pytest.fixture(scope="module")
def books(plan_site: Copy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """Publish the edition of 2016, which has no plan, beside that of 2008, which has one."""
    place = tmp_path_factory.mktemp("books")
    made = plan_site.copy_to(place / "project", "html", "book")
    said = made.kingston("build", "--edition", "2016")
    assert said.code == 0, said
    yield made
    shutil.rmtree(place, ignore_errors=True)


def stale_books(project: Copy, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """List the books that the next build would build."""
    monkeypatch.setattr(books_room, "package_here", lambda: Package(project.root / MODULE))
    monkeypatch.setattr(books_room, "code_of_books", books_room.code_of_books.__wrapped__)
    now, held = project.now(), books_held(project.site)
    editions = [load_edition(project, year) for year in edition_years(project)]
    books = [Book(project, edition, edition.area) for edition in editions]
    return [e.edition.edition for e in books if not is_current(e, held.get(e.name), now)]


PLAN = "book/plans/2008-11"
BOOKS: dict[str, tuple[Change, list[int]]] = {
    "nothing": (lambda _project: None, []),
    "a page of the narrative": (appended("book/index.md"), [2008, 2016]),
    "a page of the plan": (appended(f"{PLAN}/glossary.md"), [2008]),
    "the themes of the plan": (appended("data/plans/2008-11/themes.yml"), [2008]),
    "the words of the plan": (appended("data/plans/2008-11/glossary.yml"), [2008]),
    "the claims of the plan": (appended("data/plans/2008-11/claims.yml"), [2008]),
    "where the plan meets the law": (appended("data/plans/2008-11/coverage.yml"), [2008]),
    "the law": (appended("data/law.yml"), [2008]),
    "what the narrative may say": (appended("data/exceptions.yml"), [2008]),
    "a new page of the narrative": (
        lambda project: (project.root / "book/about/new.md").write_text("# New\n"),
        [2008, 2016],
    ),
    "the contents": (appended("book/_toc.yml"), [2008, 2016]),
    "the hosts that links may lead to": (appended("data/addresses.yml"), [2008, 2016]),
    "the settings": (appended("_config.yml"), [2008, 2016]),
    "an edition": (appended("data/editions/2016.yml"), [2016]),
    "a table of some topics of both": (
        appended(f"{TABLES}/recorded_crime_year.yml"),
        [2008, 2016],
    ),
    # The matrix of 2016 looks back at that of 2008, and at what that was made of.
    "a table of topics of one": (appended(f"{TABLES}/incidents_year.yml"), [2008, 2016]),
    "the judgements of an edition": (appended("data/judgements/2016.yml"), [2016]),
    "the decisions of the plan": (
        appended("data/plans/2008-11/decisions.yml"),
        [2008],
    ),
    "a table of methods": (appended(f"{TABLES}/alarm_study.yml"), [2008, 2016]),
    "a table of a survey of one": (appended(f"{TABLES}/public_attitude_survey.yml"), [2016]),
    "the surveys": (appended("data/surveys.yml"), [2016]),
    "the hypotheses": (appended("data/hypotheses.yml"), [2008, 2016]),
    "the hypotheses of an edition": (appended("data/hypotheses/2016.yml"), [2016]),
    "a record": (
        lambda project: (project.pages(2016) / "robbery.json").unlink(),
        [2016],
    ),
    "what draws the book": (appended(f"{MODULE}/book/roles.py"), [2008, 2016]),
    "what draws a page": (appended(f"{MODULE}/show/wording.py"), [2008, 2016]),
    "the lock": (appended("requirements.lock"), [2008, 2016]),
    "a book on the site": (lambda project: shutil.rmtree(project.site / BOOK), [2016]),
    "what the site says it was built from": (
        lambda project: (project.site / "inputs.json").write_text("{"),
        [2008, 2016],
    ),
    "what talks to people": (appended(f"{MODULE}/cli.py"), []),
    "what reviews pages": (appended(f"{MODULE}/review/judge.py"), []),
    "the outputs stored in templates": (stored_outputs, []),
}


LOOKING_BACK = {"a table of topics of one", "the themes of the plan", "the words of the plan"}


@pytest.mark.parametrize("changed", [change for change in BOOKS if change not in LOOKING_BACK])
def test_a_change_makes_a_book_stale_if_it_is_made_of_it(
    published: Copy, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    """The book of 2016 alone, which has no plan and no edition before it to look back at."""
    change, stale = BOOKS[changed]
    change(published)

    assert stale_books(published, monkeypatch) == [book for book in stale if book == 2016]


@pytest.mark.parametrize("changed", sorted(LOOKING_BACK))
def test_a_book_with_none_before_it_is_not_made_of_what_that_would_be_made_of(
    published: Copy, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    change, _ = BOOKS[changed]
    change(published)

    assert stale_books(published, monkeypatch) == []


@pytest.mark.slow
@pytest.mark.parametrize("changed", BOOKS)
def test_a_change_makes_stale_the_books_that_are_made_of_it_and_no_other(
    books: Copy, folder: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    change, stale = BOOKS[changed]
    copy = books.copy_to(folder / "project", "html", "book", "charts")
    change(copy)

    assert stale_books(copy, monkeypatch) == stale


@pytest.mark.slow
def test_a_book_that_did_not_change_is_not_built_again_when_another_is(
    books: Copy, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = books.copy_to(folder / "project")
    copy.edit("data/editions/2016.yml", "title: ", "title: Anew ")
    kept = snapshot(copy.site / AREA / "2008")

    said = copy.kingston("build")

    assert said.code == 0, said
    assert f"Building {BOOK} …" in said.text
    assert f"Building {AREA}/2008" not in said.text
    assert snapshot(copy.site / AREA / "2008") == kept
    assert "Anew" in (copy.site / BOOK / "index.html").read_text("utf-8")
    assert stale_books(copy, monkeypatch) == []


@pytest.mark.slow
@pytest.mark.parametrize("file", ["book/index.md", f"{MODULE}/book/roles.py"])
def test_a_book_for_which_something_changed_while_it_was_built_is_built_again(
    published: Copy, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    published.append("book/_toc.yml", "\n")
    process = published.start("build")
    assert wait_until(lambda: "jupyter_books" in " ".join(processes_of(published)))
    published.append(file, "\n")
    said = ended(process)
    assert said.code == 0, said

    assert stale_books(published, monkeypatch) == [2016]
