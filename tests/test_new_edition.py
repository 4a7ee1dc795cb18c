"""The next edition: years rolled on, judgements carried and marked, nothing lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tables_fixture import TESTS, sound_project

from kingston_analysis.commands.checks import data_problems
from kingston_analysis.commands.new_edition import new_edition
from kingston_analysis.commands.notes import data_notes
from kingston_analysis.commands.to_do import to_do
from kingston_analysis.data.editions import load_edition
from kingston_analysis.errors import KingstonError
from kingston_analysis.matrix.decisions import load_decisions
from kingston_analysis.matrix.judgements import load_judgements


@pytest.fixture
def data(tmp_path: Path) -> Path:
    found = sound_project(tmp_path)
    shutil.copytree(TESTS / "scored", tmp_path, dirs_exist_ok=True)
    return found


def files_of(data: Path) -> dict[str, bytes]:
    return {f.relative_to(data).as_posix(): f.read_bytes() for f in data.rglob("*") if f.is_file()}


def test_the_years_are_rolled_on_and_the_rest_is_carried(data):
    new_edition(2008, 2007, data)
    before, made = load_edition(2007, data), load_edition(2008, data)
    assert (made.assessed, made.extraction.isoformat()) == ("2006/07", "2008-01-15")
    assert (made.title, made.carried) == ("Strategic assessment 2007".replace("7", "8"), 2007)
    assert (made.plan, made.area, made.topics) == (before.plan, before.area, before.topics)
    assert "2006/07" in made.about


def test_every_judgement_is_carried_and_marked_to_be_confirmed(data):
    new_edition(2008, 2007, data)
    before, made = load_judgements(2007, data), load_judgements(2008, data)
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


def test_the_decisions_stand_until_a_newer_edition_decides(data):
    new_edition(2008, 2007, data)
    register = load_decisions("2007-10", data)
    assert register.standing(2008) == register.standing(2007)


def test_the_new_edition_is_sound_and_nothing_else_was_touched(data):
    before = files_of(data)
    new_edition(2008, 2007, data)
    assert data_problems(data) == []
    after = files_of(data)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"editions/2008.yml", "judgements/2008.yml"}


def test_what_a_person_still_has_to_do_is_listed_with_file_and_line(data):
    new_edition(2008, 2007, data)
    [edition, *judgements] = [str(each) for each in to_do(data)]
    assert "editions/2008.yml:2:1: Edition 2008 was carried from 2007." in edition
    assert len(judgements) == 2
    assert "judgements/2008.yml:" in judgements[0]
    assert "burglary: carried judgements under control-strategy, pestelo" in judgements[0]
    assert len(data_notes(data)["Still to do"]) == 3


def test_what_is_confirmed_is_listed_no_more(data):
    new_edition(2008, 2007, data)
    for file in (data / "editions/2008.yml", data / "judgements/2008.yml"):
        lines = file.read_text(encoding="utf-8").splitlines()
        lines = [line for line in lines if line.strip() != "carried: 2007"]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert list(to_do(data)) == []


@pytest.mark.parametrize(
    ("year", "source", "message"),
    [
        (2007, 2007, "Edition 2007 is there already."),
        (2006, 2007, "Edition 2006 cannot follow edition 2007"),
        (2008, 2001, "There is no edition 2001. .*2007"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_written(data, year, source, message):
    before = files_of(data)
    with pytest.raises(KingstonError, match=message):
        new_edition(year, source, data)
    assert files_of(data) == before


def test_no_edition_is_made_of_data_that_are_not_sound(data):
    (data / "judgements/2007.yml").write_text("kind: none\n", encoding="utf-8")
    before = files_of(data)
    with pytest.raises(KingstonError, match="The key 'topics' is missing"):
        new_edition(2008, 2007, data)
    assert files_of(data) == before
