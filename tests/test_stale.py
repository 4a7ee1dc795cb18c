"""The mutation test: of everything a page or a book depends on, each change makes exactly it stale.

What a page depends on is read here from its record, and written by hand beside each change.
"""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from system_project import (
    AREA,
    BOOK,
    Copy,
    copy_project,
    difference,
    ended,
    is_readable,
    processes_of,
    snapshot,
    wait_until,
)

from kingston_analysis.records.code import Package

TOPICS = ["robbery", "alcohol-misuse", "deliberate-fires"]
PAGES = ["overview", *TOPICS, "matrix", "progress", "changed", "community", "methods", "sources"]
# The pages of an area of crime, and those whose findings `sources` reads.
OF_CRIME = ["overview", *TOPICS]
READ_BY_SOURCES = [*OF_CRIME, "matrix", "progress", "changed", "community", "methods"]
WHERE = "2016 Kingston upon Thames: "
TABLES = "data/tables"

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


# Reading what explain says, what records say, and what was executed


def explained(project: Copy, *arguments: str) -> dict[str, list[str]]:
    """Return what `kingston explain` says changed, for each page that it does not call fresh."""
    said = project.kingston("explain", *arguments)
    assert said.code == 0, said
    found: dict[str, list[str]] = {}
    page = ""
    for line in said.raw.splitlines():
        if line.startswith("    "):
            found[page].append(line.strip())
        elif WHERE in line:
            page, _, told = line.removeprefix(WHERE).partition(": ")
            counted = re.fullmatch(r"\d+ things changed", told)
            found[page] = [] if counted else [told]
    assert list(found) == PAGES, said
    return {page: told for page, told in found.items() if not told[0].startswith("fresh")}


def named(told: list[str]) -> list[str]:
    """Return the components that lines of `explain` name, without the hashes."""
    return [line.rpartition(": ")[0] if " → " in line else line for line in told]


def depends(project: Copy, page: str, component: str) -> bool:
    """Tell by a page's record whether it depends on a component."""
    record = project.record(page)
    if component.startswith("template "):
        return component == f"template notebooks/{record['template']}.ipynb"
    if component.startswith("findings of "):
        return component.removeprefix("findings of ") in record["inputs"]["pages"]
    if component.startswith("module "):
        template = project.root / "notebooks" / f"{record['template']}.ipynb"
        package = Package(project.root / MODULE)
        return component.removeprefix("module ") in package.of_template(template)
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


def new_edition(project: Copy) -> None:
    text = (project.root / "data/editions/2016.yml").read_text("utf-8")
    for old, new in (("2016", "2015"), ("2014/15", "2013/14")):
        text = text.replace(old, new)
    (project.root / "data/editions/2015.yml").write_text(text, encoding="utf-8")
    listed = (project.root / "data/hypotheses/2016.yml").read_text("utf-8")
    (project.root / "data/hypotheses/2015.yml").write_text(listed, encoding="utf-8")


def one_more_fire(project: Copy) -> None:
    """Add a digit to the last count of a table, and mean it."""
    table = f"{TABLES}/incidents_year.csv"
    last = (project.root / table).read_text("utf-8").splitlines()[-1]
    project.edit(table, last, last + "1")
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


MODULE = "src/kingston_analysis"
# For each change: how it is made, the components that explain names, and the pages, by hand.
# `incidents_year` counts fires and ambulances. `sources` reads every table that a finding names.
STALE: dict[str, tuple[Change, list[str], list[str]]] = {
    "a table of two topics, and its hash": (
        edited_table("incidents_year", "\n", "\r\n"),
        [f"{TABLES}/incidents_year.csv", f"{TABLES}/incidents_year.yml"],
        ["alcohol-misuse", "deliberate-fires", "matrix", "progress", "sources"],
    ),
    "a table of one topic": (
        appended(f"{TABLES}/alcohol_admissions_aged_11_18.csv"),
        [f"{TABLES}/alcohol_admissions_aged_11_18.csv"],
        ["alcohol-misuse", "sources"],
    ),
    "a table kept as Parquet": (
        appended(f"{TABLES}/recorded_crime_month_2010_2026.parquet"),
        [f"{TABLES}/recorded_crime_month_2010_2026.parquet"],
        ["deliberate-fires", "sources"],
    ),
    "the table of months and parts": (
        appended(f"{TABLES}/recorded_crime_month_2008_2016.parquet"),
        [f"{TABLES}/recorded_crime_month_2008_2016.parquet"],
        ["overview", "robbery", "matrix", "progress", "sources"],
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
    "a register of decisions": (
        lambda project: (project.root / "data/plans/2008-11/decisions.yml").write_text("[]"),
        ["data/plans/2008-11/decisions.*"],
        ["matrix"],
    ),
    "an edition before it": (
        new_edition,
        ["data/editions/*.yml"],
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
        ["overview", "robbery", "matrix", "progress", "sources"],
    ),
    "a table that every rate needs": (
        appended(f"{TABLES}/population.csv"),
        [f"{TABLES}/population.csv"],
        [*OF_CRIME, "matrix", "progress", "sources"],
    ),
    "a second data file for a table": (
        lambda project: (project.root / TABLES / "incidents_year.parquet").write_bytes(b""),
        [f"{TABLES}/incidents_year.*"],
        ["alcohol-misuse", "deliberate-fires", "matrix", "progress", "sources"],
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
    # The first edition has nothing that differs; methods and views are of no topic.
    "the topics": (
        appended("data/topics.yml"),
        ["data/topics.yml"],
        [*OF_CRIME, "matrix", "progress", "sources"],
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
        appended(f"{MODULE}/analyses/harm.py"),
        ["module analyses/harm.py"],
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

    assert explained(copy, "--edition", "2016") == {}


def test_right_after_a_run_every_page_is_fresh(ran: Copy) -> None:
    assert explained(ran) == {}


@pytest.mark.parametrize("changed", STALE)
def test_a_change_makes_stale_what_depends_on_it_and_nothing_else_and_explain_names_it(
    copy: Copy, ran: Copy, changed: str
) -> None:
    change, components, pages = STALE[changed]
    change(copy)

    told = explained(copy, "--edition", "2016")

    assert list(told) == pages
    assert pages == [page for page in PAGES if any(depends(ran, page, c) for c in components)]
    for page in pages:
        assert sorted(named(told[page])) == sorted(c for c in components if depends(ran, page, c))


def test_explain_gives_the_hash_before_and_the_hash_now(copy: Copy) -> None:
    table = f"{TABLES}/population.csv"
    was = snapshot(copy.root / TABLES)["population.csv"]
    copy.append(table, "\n")
    now = snapshot(copy.root / TABLES)["population.csv"]

    assert explained(copy)["overview"] == [f"{table}: {was[:12]} → {now[:12]}"]


def test_explain_of_a_page_tells_of_no_other(copy: Copy) -> None:
    copy.append("data/areas.yml", "\n")

    said = copy.kingston("explain", "robbery")

    assert said.code == 0, said
    assert said.raw.startswith(f"{WHERE}robbery: data/areas.yml: ")
    assert len(said.raw.splitlines()) == 1


def test_a_picture_that_is_attached_to_a_template_makes_it_stale(copy: Copy) -> None:
    file = copy.root / "notebooks/community.ipynb"
    notebook = json.loads(file.read_text("utf-8"))
    notebook["cells"][0]["attachments"] = {"map.png": {"image/png": "aGVsbG8="}}
    file.write_text(json.dumps(notebook), encoding="utf-8")

    assert list(explained(copy)) == ["community"]


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
def test_a_damaged_page_is_stale_and_explain_says_how_it_is_damaged(
    copy: Copy, damage: str
) -> None:
    change, words = DAMAGES[damage]
    change(copy)

    told = explained(copy)

    assert told.pop("robbery") == [words]
    # Its findings are gone with its record.
    lost = [["findings of robbery"]] if told else []
    assert [named(each) for each in told.values()] == lost
    assert list(told) in ([], ["sources"])


@pytest.mark.slow
def test_damaged_pages_are_run_again_which_is_said_and_no_other_page_is(
    copy: Copy, ran: Copy
) -> None:
    DAMAGES["an altered notebook"][0](copy)
    (copy.pages() / "overview.json").write_text("{", encoding="utf-8")

    said = copy.kingston("run")

    assert said.code == 0, said
    assert f"{WHERE}overview: damaged: the record is not whole; it is run again." in said.text
    assert f"{WHERE}robbery: damaged: the executed notebook" in said.text
    assert executed_since(copy, ran) == ["overview", "robbery"]
    assert difference(ran.build / "pages", copy.build / "pages") == ""


# What a run does of it


def test_a_change_to_a_table_runs_its_pages_and_no_other(copy: Copy, ran: Copy) -> None:
    one_more_fire(copy)

    said = copy.kingston("run")

    assert said.code == 0, said
    assert executed_since(copy, ran) == [
        "alcohol-misuse",
        "deliberate-fires",
        "matrix",
        "progress",
        "sources",
    ]
    assert explained(copy) == {}


def test_pages_that_find_the_same_as_before_do_not_run_those_who_read_their_findings(
    copy: Copy, ran: Copy
) -> None:
    last_cell("topic", "\n# Changed.")(copy)

    planned = copy.kingston("run", "--dry-run")
    said = copy.kingston("run")

    assert planned.raw.startswith("4 of 10 pages would run.\n")
    behind = ", ".join(OF_CRIME)
    assert f"{WHERE}sources: runs too if the findings of {behind} change" in planned.text
    assert said.code == 0, said
    assert executed_since(copy, ran) == OF_CRIME
    assert explained(copy) == {}


def test_pages_that_find_something_else_run_those_who_read_their_findings(
    copy: Copy, ran: Copy
) -> None:
    a_new_finding_on_robbery(copy)

    said = copy.kingston("run")

    assert said.code == 0, said
    assert executed_since(copy, ran) == [*OF_CRIME, "sources"]
    was, now = ran.record("sources")["inputs"]["pages"], copy.record("sources")["inputs"]["pages"]
    assert [page for page in was if was[page] != now[page]] == ["robbery"]


@pytest.mark.slow
@pytest.mark.parametrize("change", [one_more_fire, a_new_finding_on_robbery])
def test_a_run_of_what_changed_gives_what_a_run_from_nothing_gives(
    copy: Copy, folder: Path, change: Change
) -> None:
    change(copy)
    anew = copy.copy_to(folder / "anew", ".")

    assert copy.kingston("run").code == 0
    assert anew.kingston("run", "--jobs", "1").code == 0

    assert difference(anew.build / "pages", copy.build / "pages") == ""


@pytest.mark.slow
def test_findings_that_changed_before_make_their_readers_stale_by_that_name(
    copy: Copy,
) -> None:
    last_cell("community", f"\n{PUBLISH}")(copy)
    assert list(explained(copy)) == ["community"]

    assert copy.kingston("run", "--only", "community").code == 0

    told = explained(copy)
    assert {page: named(lines) for page, lines in told.items()} == {
        "sources": ["findings of community"]
    }


@pytest.mark.slow
def test_the_plan_of_a_run_is_what_the_run_then_does(copy: Copy, ran: Copy) -> None:
    copy.append(f"{TABLES}/recorded_crime_year.yml", "\n")

    planned = copy.kingston("run", "--dry-run")

    assert planned.code == 0, planned
    lines = planned.raw.splitlines()
    assert lines[0] == "5 of 10 pages would run."
    would = [line.removeprefix(WHERE).partition(":")[0] for line in lines[1:] if " → " in line]
    assert would == ["overview", "robbery", "matrix", "progress", "sources"]
    assert snapshot(copy.build) == snapshot(ran.build)
    assert copy.kingston("run").code == 0
    assert executed_since(copy, ran) == would


@pytest.mark.slow
def test_a_page_alone_is_run_with_the_pages_that_it_reads(copy: Copy, ran: Copy) -> None:
    copy.append(f"{TABLES}/alcohol_admissions_aged_11_18.yml", "\n")
    last_cell("community", "\n# Changed.")(copy)

    said = copy.kingston("run", "--only", "sources")

    assert said.code == 0, said
    assert executed_since(copy, ran) == ["alcohol-misuse", "community", "sources"]


@pytest.mark.slow
def test_a_page_alone_is_not_called_up_to_date_while_a_page_that_it_reads_is_stale(
    copy: Copy, ran: Copy
) -> None:
    """The plan says that the topics run, and that `sources` does if their findings change.

    It is of `sources` and of the pages that it reads: all the others.
    """
    last_cell("topic", "\n# Changed.")(copy)
    planned = copy.kingston("run", "--only", "sources", "--dry-run")
    assert planned.raw.startswith("4 of 10 pages would run.\n"), planned

    said = copy.kingston("run", "--only", "sources")

    assert said.code == 0, said
    assert executed_since(copy, ran) == OF_CRIME


@pytest.mark.slow
def test_a_page_alone_that_was_never_run_runs_the_pages_whose_findings_it_asks_for(
    folder: Path,
) -> None:
    project = project_of(folder / "project")

    said = project.kingston("run", "--only", "sources", "--jobs", "1")

    assert said.code == 0, said
    assert explained(project) == {}
    read = project.record("sources")["inputs"]["pages"]
    assert sorted(read) == sorted(READ_BY_SOURCES)


@pytest.mark.slow
def test_a_topic_that_leaves_the_edition_leaves_its_readers_stale_and_the_run_goes_on(
    copy: Copy,
) -> None:
    copy.edit("data/editions/2016.yml", "- robbery\n", "")

    said = copy.kingston("explain", "sources")

    assert said.code == 0, said
    assert "data/editions/2016.yml" in said.text
    said = copy.kingston("run")
    assert said.code == 0, said
    assert "robbery" not in copy.record("sources")["inputs"]["pages"]


# Pages that read each other


def reads(template: str, *others: str) -> Change:
    """Let a template of an edition read the findings of others, in its last cell."""
    asked = ", ".join(map(repr, others))
    return last_cell(template, f"\n_ = page.view.findings({asked})")


def reads_nothing(project: Copy) -> None:
    def change(cells: list[dict]) -> None:
        # Title, parameters and the opening of the page stay.
        del cells[3:]

    project.edit_notebook("sources", change)


@pytest.mark.parametrize(
    "before",
    ["it was run before", pytest.param("nothing was run before", marks=pytest.mark.slow)],
)
def test_templates_that_read_each_other_are_refused_by_name_and_the_others_run(
    copy: Copy, ran: Copy, before: str
) -> None:
    reads("community", "sources")(copy)
    last_cell("topic", "\n# Changed.")(copy)
    if before == "nothing was run before":
        shutil.rmtree(copy.build)

    said = copy.kingston("run")

    assert said.code == 1, said
    assert is_readable(said), said
    circle = re.search(r"read each other's findings: ([^.]+)\.", said.text)[1]
    assert {each.removeprefix(WHERE) for each in circle.split(" → ")} == {"community", "sources"}
    assert all(copy.record(page)["template"] == "topic" for page in TOPICS)
    assert all(copy.record(page)["template"] == page for page in ("changed", "methods"))
    if before == "it was run before":
        assert executed_since(copy, ran) == OF_CRIME


@pytest.mark.slow
def test_a_reading_that_is_turned_round_is_no_circle(copy: Copy) -> None:
    """`sources` read `community` when it was last run; now that reads `sources`."""
    reads_nothing(copy)
    reads("community", "sources")(copy)

    said = copy.kingston("run")

    assert said.code == 0, said
    assert copy.record("sources")["inputs"]["pages"] == {}
    assert list(copy.record("community")["inputs"]["pages"]) == ["sources"]
    assert explained(copy) == {}


def test_findings_of_a_page_that_does_not_exist_are_answered_with_the_nearest_and_the_asker(
    copy: Copy,
) -> None:
    reads("community", "robery")(copy)

    said = copy.kingston("run")

    assert said.code == 1, said
    assert is_readable(said), said
    assert "There is no page 'robery'. Did you mean 'robbery'?" in said.text
    assert f"{WHERE}community" in said.text


@pytest.mark.slow
def test_a_chain_of_readings_is_planned_and_run_whole_when_its_end_alone_is_asked_for(
    copy: Copy,
) -> None:
    """`sources` reads `community`, which reads what topics find."""
    reads("community", "robbery")(copy)
    assert copy.kingston("run").code == 0
    before = copy.copy_to(copy.root.parent / "before")
    last_cell("topic", "\n# Changed.")(copy)

    planned = copy.kingston("run", "--only", "community", "--dry-run")
    assert planned.raw.startswith("1 of 2 pages would run.\n"), planned
    assert f"{WHERE}community: runs too if the findings of robbery change" in planned.text
    said = copy.kingston("run", "--only", "community", "--force")

    assert said.code == 0, said
    assert executed_since(copy, before) == ["robbery", "community"]


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


def stale_books(project: Copy) -> list[str]:
    """List the books that the next build would build."""
    code = (
        "from kingston_analysis.book.books import Book, books_held, is_current\n"
        "from kingston_analysis.data.editions import edition_years, load_edition\n"
        "from kingston_analysis.project import Project\n"
        "from kingston_analysis.records.key import Now\n"
        "project = Project.find()\n"
        "editions = [load_edition(project, year) for year in edition_years(project)]\n"
        "books = [Book(project, edition, edition.area) for edition in editions]\n"
        "held, now = books_held(project.site), Now(project)\n"
        "stale = [book for book in books if not is_current(book, held.get(book.name), now)]\n"
        "print(*[book.edition.edition for book in stale])\n"
    )
    return project.python(code).split()


PLAN = "book/plans/2008-11"
BOOKS: dict[str, tuple[Change, list[str]]] = {
    "nothing": (lambda _project: None, []),
    "a page of the narrative": (appended("book/index.md"), ["2008", "2016"]),
    "a page of the plan": (appended(f"{PLAN}/glossary.md"), ["2008"]),
    # The progress of 2016 looks back at the plan of 2008.
    "the themes of the plan": (appended("data/plans/2008-11/themes.yml"), ["2008", "2016"]),
    "the words of the plan": (appended("data/plans/2008-11/glossary.yml"), ["2008", "2016"]),
    "the claims of the plan": (appended("data/plans/2008-11/claims.yml"), ["2008"]),
    "where the plan meets the law": (appended("data/plans/2008-11/coverage.yml"), ["2008"]),
    "the law": (appended("data/law.yml"), ["2008"]),
    "what the narrative may say": (appended("data/narrative.yml"), ["2008"]),
    "a new page of the narrative": (
        lambda project: (project.root / "book/about/new.md").write_text("# New\n"),
        ["2008", "2016"],
    ),
    "the contents": (appended("book/_toc.yml"), ["2008", "2016"]),
    "the styles": (appended("book/_static/kingston.css"), ["2008", "2016"]),
    "the settings": (appended("_config.yml"), ["2008", "2016"]),
    "an edition": (appended("data/editions/2016.yml"), ["2016"]),
    "a table of some topics of both": (
        appended(f"{TABLES}/recorded_crime_year.yml"),
        ["2008", "2016"],
    ),
    # The matrix of 2016 looks back at that of 2008, and at what that was made of.
    "a table of topics of one": (appended(f"{TABLES}/incidents_year.yml"), ["2008", "2016"]),
    "the judgements of an edition": (appended("data/judgements/2016.yml"), ["2016"]),
    "the decisions of the plan": (
        appended("data/plans/2008-11/decisions.yml"),
        ["2008", "2016"],
    ),
    "a table of methods": (appended(f"{TABLES}/alarm_study.yml"), ["2008", "2016"]),
    "a table of a survey of one": (appended(f"{TABLES}/public_attitude_survey.yml"), ["2016"]),
    "the surveys": (appended("data/surveys.yml"), ["2016"]),
    "the hypotheses": (appended("data/hypotheses.yml"), ["2008", "2016"]),
    "the hypotheses of an edition": (appended("data/hypotheses/2016.yml"), ["2016"]),
    "a record": (
        lambda project: (project.pages(2016) / "robbery.json").unlink(),
        ["2016"],
    ),
    "what draws the book": (appended(f"{MODULE}/book/roles.py"), ["2008", "2016"]),
    "what draws a page": (appended(f"{MODULE}/show/wording.py"), ["2008", "2016"]),
    "the lock": (appended("requirements.lock"), ["2008", "2016"]),
    "a book on the site": (lambda project: shutil.rmtree(project.site / BOOK), ["2016"]),
    "what the site says it was built from": (
        lambda project: (project.site / "inputs.json").write_text("{"),
        ["2008", "2016"],
    ),
    "what talks to people": (appended(f"{MODULE}/cli.py"), []),
    "what reviews pages": (appended(f"{MODULE}/review/judge.py"), []),
    "the outputs stored in templates": (stored_outputs, []),
}


LOOKING_BACK = {"a table of topics of one", "the themes of the plan", "the words of the plan"}


@pytest.mark.parametrize("changed", [change for change in BOOKS if change not in LOOKING_BACK])
def test_a_change_makes_a_book_stale_if_it_is_made_of_it(published: Copy, changed: str) -> None:
    """The book of 2016 alone, which has no plan and no edition before it to look back at."""
    change, stale = BOOKS[changed]
    change(published)

    assert stale_books(published) == [book for book in stale if book == "2016"]


@pytest.mark.parametrize("changed", sorted(LOOKING_BACK))
def test_a_book_with_none_before_it_is_not_made_of_what_that_would_be_made_of(
    published: Copy, changed: str
) -> None:
    change, _ = BOOKS[changed]
    change(published)

    assert stale_books(published) == []


@pytest.mark.slow
@pytest.mark.parametrize("changed", BOOKS)
def test_a_change_makes_stale_the_books_that_are_made_of_it_and_no_other(
    books: Copy, folder: Path, changed: str
) -> None:
    change, stale = BOOKS[changed]
    copy = books.copy_to(folder / "project", "html", "book", "charts")
    change(copy)

    assert stale_books(copy) == stale


@pytest.mark.slow
def test_a_book_that_did_not_change_is_not_built_again_when_another_is(
    books: Copy, folder: Path
) -> None:
    copy = books.copy_to(folder / "project")
    copy.edit("data/editions/2016.yml", "title: ", "title: Newly ")
    kept = snapshot(copy.site / AREA / "2008")

    said = copy.kingston("build")

    assert said.code == 0, said
    assert f"Building {BOOK} …" in said.text
    assert f"Building {AREA}/2008" not in said.text
    assert snapshot(copy.site / AREA / "2008") == kept
    assert "Newly" in (copy.site / BOOK / "index.html").read_text("utf-8")
    assert stale_books(copy) == []


@pytest.mark.slow
@pytest.mark.parametrize("file", ["book/index.md", f"{MODULE}/book/roles.py"])
def test_a_book_for_which_something_changed_while_it_was_built_is_built_again(
    published: Copy, file: str
) -> None:
    process = published.start("build", "--force")
    assert wait_until(lambda: "jupyter-book build" in " ".join(processes_of(published)), 60)
    published.append(file, "\n")
    said = ended(process)
    assert said.code == 0, said

    assert stale_books(published) == ["2016"]
