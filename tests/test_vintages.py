"""Vintages: earlier extractions of a table, which an edition sees by its own day."""

from __future__ import annotations

import io
import json
from datetime import date

import pandas as pd
import pytest
import yaml
from tables_fixture import sound_project, vouch_for
from typer.testing import CliRunner

from kingston_analysis.cli import app
from kingston_analysis.commands.checks import data_problems
from kingston_analysis.data.editions import load_edition
from kingston_analysis.data.tables.load import load
from kingston_analysis.data.tables.vintages import reextracted
from kingston_analysis.errors import KingstonError
from kingston_analysis.project import Project, sha256
from kingston_analysis.show.sentences import extractions
from kingston_analysis.views.scope import Scope

NAME = "offences"
REPLACED = date(2007, 6, 1)


@pytest.fixture
def project(tmp_path) -> Project:
    """Give the small project an extraction of May 2007, in which Ashby has ten burglaries fewer."""
    made = sound_project(tmp_path)
    frame = pd.read_csv(made.tables / f"{NAME}.csv", dtype={"offences": "Int64"})
    first = frame.index[(frame["area"] == "Ashby") & (frame["offence_group"] == "Burglary")][0]
    frame.loc[first, "offences"] -= 10
    keep(made, frame, REPLACED)
    return made


def keep(project: Project, frame: pd.DataFrame, replaced: date, **other: object) -> None:
    """Keep a frame as an earlier extraction, named in the table's metadata."""
    content = io.BytesIO()
    frame.to_parquet(content, index=False)
    vintage = {
        "replaced": replaced,
        "last": "2006/07",
        "extraction": "1 May 2007",
        "rows": len(frame),
        "hash": sha256(content.getvalue()),
        "changes": ["Made up for the tests."],
        **other,
    }
    folder = project.vintages / NAME
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{vintage['hash'][7:23]}.parquet").write_bytes(content.getvalue())
    file = project.tables / f"{NAME}.yml"
    meta = yaml.safe_load(file.read_text(encoding="utf-8"))
    meta["vintages"] = [*meta.get("vintages", []), vintage]
    file.write_text(yaml.safe_dump(meta, sort_keys=False), encoding="utf-8")


def ashby(project: Project, on: date | None = None) -> int:
    """Return the first burglaries of Ashby."""
    frame = load(project, NAME, on).frame
    chosen = frame[(frame["area"] == "Ashby") & (frame["offence_group"] == "Burglary")]
    return int(chosen["offences"].iloc[0])


def test_on_a_day_the_extraction_is_seen_that_stood_then(project):
    now = ashby(project)
    assert ashby(project, date(2007, 5, 31)) == now - 10
    # On the day itself the next one stands.
    assert ashby(project, REPLACED) == ashby(project, date(2026, 1, 1)) == now


def test_who_looks_before_the_first_extraction_sees_the_oldest(project):
    assert ashby(project, date(2001, 1, 1)) == ashby(project, date(2007, 5, 31))


def test_what_comes_in_later_changes_nothing_for_an_earlier_day(project):
    before = ashby(project, date(2007, 5, 31)), ashby(project, REPLACED)
    held = load(project, NAME).frame
    keep(project, held, date(2008, 6, 1))
    file = project.tables / f"{NAME}.csv"
    doubled = held.assign(offences=held["offences"] * 2)
    doubled.to_csv(file, index=False)
    vouch_for_newest(project)
    assert (ashby(project, date(2007, 5, 31)), ashby(project, REPLACED)) == before
    assert ashby(project) == 2 * before[1]


def vouch_for_newest(project: Project) -> None:
    """Write the hash of the newest extraction, which stands above those of the vintages."""
    vouch_for(project.tables / f"{NAME}.csv")


def test_a_project_with_a_sound_vintage_has_no_problem(project):
    assert data_problems(project) == []


def test_a_vintage_is_held_to_its_hash(project):
    [file] = (project.vintages / NAME).iterdir()
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(KingstonError, match="The file is not the one its metadata describes"):
        load(project, NAME, date(2007, 5, 31))
    assert any(each.file == file for each in data_problems(project))


def test_a_vintage_that_is_gone_is_told(project):
    [file] = (project.vintages / NAME).iterdir()
    file.unlink()
    assert any(each.file == file for each in data_problems(project))


def test_a_file_that_no_metadata_names_is_told(project):
    (project.vintages / NAME / "other.parquet").write_bytes(b"x")
    [problem] = data_problems(project)
    assert problem.what == "No table names this earlier extraction."


def test_vintages_follow_each_other_in_time(project):
    keep(project, load(project, NAME).frame, date(2006, 1, 1))
    with pytest.raises(KingstonError, match="do not follow each other"):
        load(project, NAME)


def test_rows_and_last_period_of_a_vintage_are_held_against_it(project):
    file = project.tables / f"{NAME}.yml"
    meta = yaml.safe_load(file.read_text(encoding="utf-8"))
    meta["vintages"][0] |= {"rows": 99}
    file.write_text(yaml.safe_dump(meta, sort_keys=False), encoding="utf-8")
    [problem] = data_problems(project)
    assert problem.what == "`rows` says 99; the table has 6."


def test_the_command_says_what_was_revised(project):
    done = CliRunner().invoke(app, ["--project", str(project.root), "revisions", NAME])
    assert done.exit_code == 0
    assert "1 of 6 cells that both carry differ, +10 in all." in done.stdout
    assert "Ashby: 1 cell, +10 in all, 10 up and down" in done.stdout


def test_the_command_gives_the_same_as_json(project):
    done = CliRunner().invoke(app, ["--project", str(project.root), "revisions", NAME, "--json"])
    [report] = json.loads(done.stdout)
    assert (report["cells"], report["revised"], report["net"]) == (6, 1, 10)
    assert report["by"]["area"] == [{"of": "Ashby", "cells": 1, "net": 10, "gross": 10}]


def test_of_a_table_with_one_extraction_nothing_is_known_to_be_revised(project):
    done = CliRunner().invoke(app, ["--project", str(project.root), "revisions", "population"])
    assert done.exit_code == 0
    assert "One extraction of population is held" in done.output


def test_an_edition_and_the_one_before_each_see_the_extraction_of_their_day(project):
    then = load_edition(project, 2007)
    edition = then.model_copy(update={"extraction": date(2008, 1, 15)})
    scope = Scope(project, edition, edition.area)

    def burglaries(seen: Scope) -> int:
        frame = seen.load(NAME).frame
        chosen = (frame["area"] == "Ashby") & (frame["offence_group"] == "Burglary")
        return int(frame[chosen]["offences"].iloc[0])

    assert burglaries(scope.as_of(then)) == burglaries(scope) - 10
    titles = [load(project, NAME).meta.title]
    names = [NAME, "population"]
    assert reextracted(project, names, then.extraction, edition.extraction) == titles
    assert "The edition before saw an earlier copy of “Offences by borough" in extractions(titles)
    assert extractions([]).startswith("Only one copy of each table is held")
