"""The next edition: years rolled on, judgements carried and marked, nothing lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from guard_fixture import let_pass
from system_project import copy_project
from tables_fixture import TESTS, sound_project

from kingston_analysis.commands.checks import data_problems
from kingston_analysis.commands.new_edition import write_new_edition
from kingston_analysis.commands.notes import data_notes
from kingston_analysis.commands.to_do import to_do
from kingston_analysis.data.editions import load_edition
from kingston_analysis.errors import KingstonError
from kingston_analysis.matrix.decisions import load_decisions
from kingston_analysis.matrix.judgements import load_judgements
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
    [edition, *judgements] = [str(each) for each in to_do(project)]
    assert "editions/2008.yml:2:1: Edition 2008 was carried from 2007." in edition
    assert len(judgements) == 2
    assert "judgements/2008.yml:" in judgements[0]
    assert "burglary: carried judgements under control-strategy, pestelo" in judgements[0]
    assert len(data_notes(project)["Still to do"]) == 3


def test_what_is_confirmed_is_listed_no_more(project):
    write_new_edition(project, 2008, 2007)
    for file in (project.data / "editions/2008.yml", project.data / "judgements/2008.yml"):
        lines = file.read_text(encoding="utf-8").splitlines()
        lines = [line for line in lines if line.strip() != "carried: 2007"]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert list(to_do(project)) == []


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
    # The table of recorded crime by year ends with 2015/16.
    why = "no figure for 2024/25 is held; the newest held is of 2015/16."
    assert data_notes(made)[title] == [
        f"Edition 2026, {each}: {each}: {why}"
        for each in ("All recorded crime", "Robbery", "Sexual offences")
    ]
