"""A small project into which publishers' files are taken: three boroughs, the real sources."""

from __future__ import annotations

import shutil
from pathlib import Path

from tables_fixture import PROJECT, TESTS, sound_project

from kingston_analysis.data.ingest.examine import examine
from kingston_analysis.data.ingest.found import Choices, Examination
from kingston_analysis.data.ingest.sources import source_names
from kingston_analysis.project import Project

INGEST = TESTS / "ingest"
TABLES = (
    *("recorded_crime_month_2008_2016", "recorded_crime_month_2010_2026", "flagged_crime_month"),
    *("recorded_crime_year", "public_attitude_survey"),
)
HISTORIC = "MPS Borough Level Crime (Historic) 200801-200803.csv"
# Three boroughs, two offences, three months: small enough to add up by eye.
SOUND = """\
Borough,Major Category,Minor Category,200801,200802,200803
Ashby,Burglary,Burglary in a Dwelling,1,2,3
Ashby,Drugs,Drug Trafficking,0,1,0
Burnham,Burglary,Burglary in a Dwelling,40,50,60
Burnham,Drugs,Drug Trafficking,7,8,9
Colne Green,Burglary,Burglary in a Dwelling,10,11,12
Colne Green,Drugs,Drug Trafficking,1234,0,0
"""


def ingest_project(folder: Path) -> Project:
    """Make the project, with the metadata of the tables and no table of them yet."""
    project = sound_project(folder)
    shutil.copytree(PROJECT.data / "ingest", project.data / "ingest")
    for name in TABLES:
        shutil.copyfile(PROJECT.tables / f"{name}.yml", project.tables / f"{name}.yml")
    for file in sorted((INGEST / "metadata").glob("*.yml")):
        shutil.copyfile(file, project.tables / file.name)
    for meta in project.tables.glob("*.yml"):
        (project.data / "rules" / meta.name).write_text("none: Made up for the tests.\n", "utf-8")
    return project


def examined(
    project: Project,
    folder: Path,
    files: dict[str, str | bytes],
    source: str | None = None,
    **choices: object,
) -> Examination:
    """Write files into a folder and examine them all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    assert source is None or source in source_names(project)
    return examine(project, source, sorted(folder.iterdir()), Choices(**choices))
