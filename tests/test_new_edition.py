"""The next edition: years rolled on, judgements carried and marked, nothing lost."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from guard_fixture import let_pass
from pretended_book import JupyterBook
from small_project import small_project
from system_project import Copy, copy_project, snapshot
from tables_fixture import TESTS, sound_project

from kingston_analysis.book import build
from kingston_analysis.book.to_do import to_do
from kingston_analysis.commands.checks import data_problems
from kingston_analysis.commands.new_edition import write_new_edition
from kingston_analysis.commands.notes import data_notes
from kingston_analysis.data.editions import load_edition
from kingston_analysis.errors import KingstonError
from kingston_analysis.matrix.decisions import load_decisions
from kingston_analysis.matrix.judgements import load_judgements
from kingston_analysis.plan.plans import last_year
from kingston_analysis.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    found = sound_project(tmp_path)
    shutil.copytree(TESTS / "scored", tmp_path, dirs_exist_ok=True)
    let_pass(found, also="it follows the edition of looks at")
    return found


def files_of(project: Project) -> dict[str, bytes]:
    data = project.data
    return {f.relative_to(data).as_posix(): f.read_bytes() for f in data.rglob("*") if f.is_file()}


def test_the_years_are_rolled_on_and_the_rest_is_carried(project):
    write_new_edition(project, 2008, 2007)
    before, made = load_edition(project, 2007), load_edition(project, 2008)
    assert (made.assessed, made.extraction.isoformat()) == ("2006/07", "2008-01-15")
    assert (made.title, made.carried) == ("Strategic assessment 2007".replace("7", "8"), 2007)
    assert (made.plan, made.area, made.topics) == (before.plan, before.area, before.topics)
    assert "2006/07" in made.about


def test_every_judgement_is_carried_and_marked_to_be_confirmed(project):
    write_new_edition(project, 2008, 2007)
    before, made = load_judgements(project, 2007), load_judgements(project, 2008)
    scores = {
        (topic, heading): (each.score, each.why)
        for topic, cells in before.items()
        for heading, each in cells.items()
    }
    assert scores == {
        (topic, heading): (each.score, each.why)
        for topic, cells in made.items()
        for heading, each in cells.items()
    }
    assert {each.carried for cells in made.values() for each in cells.values()} == {2007}
    assert {each.carried for cells in before.values() for each in cells.values()} == {None}


def test_the_decisions_stand_until_a_newer_edition_decides(project):
    write_new_edition(project, 2008, 2007)
    register = load_decisions(project, "2007-10")
    assert register.standing(2008) == register.standing(2007)


def test_the_new_edition_is_sound_and_nothing_else_was_touched(project):
    before = files_of(project)
    write_new_edition(project, 2008, 2007)
    assert data_problems(project) == []
    after = files_of(project)
    # What is carried may stand where it is carried to.
    exceptions = "exceptions.yml"
    assert after[exceptions] == before[exceptions].replace(
        b"  - data/editions/2007.yml\n",
        b"  - data/editions/2007.yml\n  - data/editions/2008.yml\n",
    ).replace(
        b"  - data/judgements/2007.yml\n",
        b"  - data/judgements/2007.yml\n  - data/judgements/2008.yml\n",
    )
    assert {name: after[name] for name in before if name != exceptions} == {
        name: text for name, text in before.items() if name != exceptions
    }
    assert set(after) - set(before) == {"editions/2008.yml", "judgements/2008.yml"}


def test_what_a_person_still_has_to_do_is_listed_with_file_and_line(project):
    write_new_edition(project, 2008, 2007)
    edition, claims, *judgements, dates = [str(each) for each in to_do(project)]
    assert "editions/2008.yml:2:1: Edition 2008 was carried from 2007." in edition
    assert "claims.yml:1: Edition 2008: as in 2007, word for word, the claims burglary" in claims
    assert len(judgements) == 2
    assert "judgements/2008.yml:" in judgements[0]
    assert "burglary: carried judgements under control-strategy, pestelo" in judgements[0]
    assert (
        "judgements/2008.yml:4:1: Edition 2008: of its judgements 3 are dated 2006-12-15" in dates
    )
    assert "before its extraction, 2008-01-15" in dates
    assert len(data_notes(project)["Still to do"]) == 5


def confirm(file: Path, source: int = 2007) -> None:
    """Remove `carried` from a file, as a person does who has read what it holds."""
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(rf"(?m)^ *carried: {source}\n", "", text), encoding="utf-8")


def test_what_is_confirmed_is_listed_no_more(project):
    write_new_edition(project, 2008, 2007)
    confirm(project.data / "editions/2008.yml")
    assert len(list(to_do(project))) == 3  # those of the judgements
    confirm(project.data / "judgements/2008.yml")
    # Confirmed, yet dated from before the edition of 2007: that cannot be.
    [dates] = [each.what for each in to_do(project)]
    assert "of its judgements 3 are dated 2006-12-15" in dates
    edit(project, "judgements/2008.yml", "date: '2006-12-15'", "date: 2008-01-10")
    assert list(to_do(project)) == []


@pytest.mark.parametrize(
    ("day", "carried", "left"),
    [
        # The edition of 2007 was extracted on 15 January 2007, that of 2008 a year later.
        ("2007-01-15", False, 1),
        ("2007-01-16", False, 0),
        ("2008-01-14", True, 1),
        ("2008-01-15", True, 0),
    ],
)
def test_judgements_are_to_be_dated_after_the_edition_before_or_confirmed(
    project, day, carried, left
):
    write_new_edition(project, 2008, 2007)
    confirm(project.data / "judgements/2008.yml")
    if not carried:
        confirm(project.data / "editions/2008.yml")
    edit(project, "judgements/2008.yml", "date: '2006-12-15'", f"date: {day}")
    found = [each.what for each in to_do(project) if "of its judgements" in each.what]
    assert len(found) == left


def what_is_to_do(project: Project) -> str:
    return "\n".join(str(each) for each in to_do(project))


def edit(project: Project, name: str, old: str, new: str) -> None:
    file = project.data / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("year", "over"),
    [
        # The plan of 2007-10 ends with 2009/10, on 31 March 2010.
        (2009, False),
        (2010, False),
        (2011, True),
    ],
)
def test_a_plan_that_is_over_by_the_extraction_is_to_be_confirmed(project, year, over):
    write_new_edition(project, year, 2007)
    said = f"Edition {year} goes with the plan 2007-10, which ended with 2009/10"
    assert (said in what_is_to_do(project)) == over


@pytest.mark.parametrize(
    ("plan", "year"),
    [
        ("2007-10", "2009/10"),
        ("2007-2010", "2009/10"),
        ("1998-01", "2000/01"),
        ("2008-09", "2008/09"),
        ("safer-together", None),
        ("2007", None),
    ],
)
def test_the_last_year_of_a_plan_is_in_its_name(plan, year):
    assert last_year(plan) == year


def test_a_plan_whose_name_tells_no_years_is_to_be_confirmed(project):
    (project.data / "plans/2007-10").rename(project.data / "plans/safer")
    (project.narrative / "plans/2007-10").rename(project.narrative / "plans/safer")
    edit(project, "editions/2007.yml", "plan: 2007-10", "plan: safer")
    for name in ("plans/safer/coverage.yml", "../book/_toc.yml"):
        edit(project, name, "plans/2007-10", "plans/safer")
    let_pass(project, also="it follows the edition of looks at")
    write_new_edition(project, 2008, 2007)
    assert "the plan safer, which does not say by its name when it ends" in what_is_to_do(project)


TARGET = """targets:
    - {id: fewer, title: Fewer burglaries, topic: burglary, indicator: offences, measure: count,
       kind: absolute, is: at most, value: 90, period: 2009/10}
"""


def test_targets_texts_and_hypotheses_carried_word_for_word_are_named_until_they_differ(project):
    edit(project, "plans/2007-10/themes.yml", "targets: {not_available: Nothing is known.}", TARGET)
    with (project.data / "editions/2007.yml").open("a", encoding="utf-8") as stream:
        stream.write(
            "community: {known: [Residents feel safe by day.]}\nworking: [It met each month.]\n"
        )
    let_pass(project, also="it follows the edition of looks at")
    write_new_edition(project, 2008, 2007)
    as_before = "Edition 2008: as in 2007, word for word,"
    said = what_is_to_do(project)
    assert f"themes.yml:1: {as_before} the targets fewer (to 2009/10)." in said
    assert f"{as_before} community.known: Residents feel safe by day." in said
    assert f"{as_before} working: It met each month." in said

    edit(project, "editions/2008.yml", "by day", "by day and by night")
    edit(project, "editions/2008.yml", "each month", "twice")
    said = what_is_to_do(project)
    assert "community.known" not in said
    assert "working" not in said.replace("`working`", "")
    assert "the targets fewer" in said


def test_an_edition_that_was_carried_from_none_is_a_fault(project):
    write_new_edition(project, 2008, 2007)
    edit(project, "editions/2008.yml", "carried: 2007", "carried: 2006")
    [problem] = data_problems(project)
    assert problem.what == "There is no earlier edition 2006, from which it was carried."
    assert (problem.line, problem.remedy) == (2, "Did you mean '2007'?")


@pytest.mark.parametrize(
    ("year", "source", "message"),
    [
        (2007, 2007, "Edition 2007 is there already."),
        (2006, 2007, "Edition 2006 cannot follow edition 2007"),
        (2008, 2001, "There is no edition 2001. .*2007"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_written(project, year, source, message):
    before = files_of(project)
    with pytest.raises(KingstonError, match=message):
        write_new_edition(project, year, source)
    assert files_of(project) == before


def test_no_edition_is_made_of_data_that_are_not_sound(project):
    (project.data / "judgements/2007.yml").write_text("kind: none\n", encoding="utf-8")
    before = files_of(project)
    with pytest.raises(KingstonError, match="The key 'topics' is missing"):
        write_new_edition(project, 2008, 2007)
    assert files_of(project) == before


def test_the_topics_whose_figures_end_before_the_year_assessed_are_listed(folder):
    made = Project(copy_project(folder / "project", {2016: ["robbery", "sexual-offences"]}).root)
    title = "Topics whose figures end before the year assessed"
    assert title not in data_notes(made)
    write_new_edition(made, 2026, 2016)
    said = what_is_to_do(made)
    assert (
        "Edition 2026: as in 2016, word for word, community.surveys: public-attitude-survey" in said
    )
    assert "Edition 2026: as in 2016, the hypotheses on robbery, sexual-offences." in said
    areas = "All recorded crime, Robbery, Sexual offences"
    assert f"Edition 2026: the figures of {areas} end before the year assessed, 2024/25." in said
    # The table of recorded crime by year ends with 2015/16.
    why = "no figure for 2024/25 is held; the newest held is of 2015/16."
    assert data_notes(made)[title] == [
        f"Edition 2026, {each}: {each}: {why}"
        for each in ("All recorded crime", "Robbery", "Sexual offences")
    ]


# What a new edition makes of the others


@pytest.fixture(scope="module")
def two_books(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Run and publish two editions: of the pages those that look at other editions, no more."""
    made = Copy(small_project(tmp_path_factory.mktemp("two") / "project").root)
    made.lock.write_text("pandas==3\n", encoding="utf-8")
    for template in ("topic", "community", "methods", "sources"):
        made.edit_notebook(template, lambda cells: cells.__delitem__(slice(2, None)))
    let_pass(made)
    ran = made.kingston_here("run")
    assert ran.code == 0, ran
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "build_each", JupyterBook().build_each)
        built = made.kingston_here("build")
    assert built.code == 0, built
    return made


def test_a_new_edition_leaves_the_others_fresh_and_their_books_as_they_are(two_books, monkeypatch):
    books = JupyterBook()
    monkeypatch.setattr(build, "build_each", books.build_each)
    site = two_books.site / "ashby"
    before = {year: snapshot(site / year) for year in ("2007", "2008")}

    made = two_books.kingston_here("new-edition", "2009", "--from", "2008")
    explained = two_books.kingston_here("explain", "--edition", "2007", "--edition", "2008")
    confirm(two_books.data / "editions/2009.yml", 2008)
    built = two_books.kingston_here("build", "--edition", "2009")

    assert made.code == 0, made
    pages = explained.raw.splitlines()
    assert len(pages) == 18
    assert all(line.endswith(": fresh") for line in pages), explained
    assert built.code == 0, built
    assert books.built == ["ashby/2009"]
    assert {year: snapshot(site / year) for year in before} == before
    assert sorted(f.name for f in site.iterdir()) == ["2007", "2008", "2009"]
    assert two_books.kingston_here("verify").code == 0


def test_an_earlier_edition_is_what_the_next_one_looks_back_at(two_books, folder):
    copy = two_books.copy_to(folder / "project")
    edit(copy, "editions/2007.yml", "about: Made up.", "about: Made up anew.")

    said = copy.kingston_here("explain", "--edition", "2008").raw
    assert re.findall(r"2008 Ashby: (\w+): data/editions/2007.yml", said) == [
        "matrix",
        "progress",
        "changed",
    ]
