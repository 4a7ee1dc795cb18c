"""What `kingston ingest` takes the place of is kept, and so is an extraction that comes in late."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from ingest_fixture import HISTORIC, SOUND, ingest_project
from typer.testing import CliRunner

from kingston_analysis.cli import app
from kingston_analysis.data.tables.load import load
from kingston_analysis.data.tables.metadata import Ingestion
from kingston_analysis.data.tables.vintages import unlisted_vintages
from kingston_analysis.project import Project

TABLE = "recorded_crime_month_2008_2016"
ONE_DAY = timedelta(days=1)
# Ashby's first count is 1 in the file that the first extraction is made of.
REVISED = SOUND.replace(
    "Ashby,Burglary,Burglary in a Dwelling,1,", "Ashby,Burglary,Burglary in a Dwelling,5,"
)


@pytest.fixture
def project(tmp_path) -> Project:
    made = ingest_project(tmp_path / "project")
    take(made, SOUND)
    return made


def take(project: Project, content: str, *options: str) -> str:
    file = project.root.parent / HISTORIC
    file.write_text(content, encoding="utf-8")
    command = ["--project", str(project.root), "ingest", "mps-borough", str(file), *options]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    return done.output


def first_count(project: Project, on: date | None = None) -> int:
    frame = load(Project(project.root), TABLE, on).frame
    return int(frame[frame["area"] == "Ashby"]["offences"].iloc[0])


def kept_files(project: Project) -> list[Path]:
    return sorted((project.vintages / TABLE).glob("*"))


def test_the_first_extraction_takes_the_place_of_none(project):
    assert load(project, TABLE).meta.vintages == ()
    assert kept_files(project) == []


def test_what_a_newer_extraction_replaces_is_kept_with_its_log(project):
    before = load(project, TABLE).meta
    take(project, REVISED)
    assert first_count(project) == 5
    [vintage] = load(Project(project.root), TABLE).meta.vintages
    assert first_count(project, vintage.replaced - ONE_DAY) == 1
    assert (vintage.rows, vintage.last) == (before.rows, "2008-03")
    assert [each for each in vintage.changes if isinstance(each, str)] == before.changes[:-1]
    assert len(kept_files(project)) == 1


def test_the_same_files_again_keep_nothing_more(project):
    take(project, REVISED)
    take(project, REVISED)
    assert len(kept_files(project)) == 1


def test_an_earlier_extraction_is_kept_and_the_table_stays(project):
    before = load(project, TABLE)
    said = take(project, REVISED, "--replaced", "2012-05-01")
    assert "18 rows kept, as it stood before 1 May 2012." in said
    now = load(Project(project.root), TABLE)
    assert now.frame.equals(before.frame)
    assert now.meta.hash == before.meta.hash
    assert first_count(project, date(2012, 4, 30)) == 5
    assert first_count(project, date(2012, 5, 1)) == 1
    [log] = now.meta.vintages[0].changes
    assert isinstance(log, Ingestion)
    assert (log.source, log.hash) == ("mps-borough", now.meta.vintages[0].hash)


def test_earlier_extractions_come_into_their_order_in_time(project):
    for day, count in (("2012-05-01", "5"), ("2010-05-01", "3"), ("2014-05-01", "7")):
        content = REVISED.replace("Dwelling,5,", f"Dwelling,{count},")
        take(project, content, "--replaced", day)
    days = [each.replaced.year for each in load(Project(project.root), TABLE).meta.vintages]
    assert days == [2010, 2012, 2014]
    assert [first_count(project, date(year, 1, 1)) for year in (2010, 2012, 2014, 2016)] == [
        3,
        5,
        7,
        1,
    ]


def test_a_label_that_only_an_earlier_extraction_has_is_named_with_it(project):
    source = project.data / "ingest" / "mps-borough.yml"
    text = source.read_text(encoding="utf-8")
    once = "offence: {headers: [Minor Category, MinorText, Minor Text, Minor Class Description]}"
    own = once.replace("Description]}", "Description], earlier_labels: [Housebreaking]}")
    source.write_text(text.replace(once, own, 1), encoding="utf-8")
    content = SOUND.replace(
        "Burnham,Burglary,Burglary in a Dwelling", "Burnham,Burglary,Housebreaking"
    )
    take(project, content, "--replaced", "2012-05-01")
    [vintage] = load(Project(project.root), TABLE).meta.vintages
    assert vintage.labels == {"offence": ["Housebreaking"]}
    frame = load(Project(project.root), TABLE, date(2012, 1, 1)).frame
    assert "Housebreaking" in set(frame["offence"])


def test_nothing_is_written_on_a_dry_run(project):
    said = take(project, REVISED, "--replaced", "2012-05-01", "--dry-run")
    assert "18 rows would be kept." in said
    assert kept_files(project) == []
    assert load(Project(project.root), TABLE).meta.vintages == ()


def test_all_that_is_kept_is_named(project):
    take(project, REVISED)
    take(project, SOUND, "--replaced", "2012-05-01")
    assert list(unlisted_vintages(Project(project.root))) == []
