"""Tables for the tests: the real ones, read once, and small ones whose every number is in sight."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.tables.load import Table, load
from kingston_analysis.data.tables.metadata import Metadata
from kingston_analysis.data.topics import Indicator, load_topic
from kingston_analysis.measures.indicators import make_series, with_months
from kingston_analysis.measures.series import Series
from kingston_analysis.project import Project, sha256

TESTS = Path(__file__).parent
# The repository itself, whose data are real.
PROJECT = Project.find(TESTS)
SOUND = TESTS / "sound"
KINGSTON = "Kingston upon Thames"
# The emitter in C is ten times faster, and there is none on some platforms.
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
TYPES = {str: "string", int: "integer", float: "number"}


@cache
def real_table(name: str) -> Table:
    """Return a table of the project; tests must not change its frame."""
    return load(PROJECT, name)


@cache
def real_series(topic: str, indicator: int = 0, area: str = KINGSTON) -> Series:
    """Return a real indicator with all the years that are held, beyond any edition."""
    return real_topic(topic, area)[indicator]


@cache
def real_topic(topic: str, area: str) -> list[Series]:
    """Return all real indicators of a topic, each with its months where they are held."""
    boroughs, people = load_areas(PROJECT).borough_names, real_table("population")
    chosen = load_topic(PROJECT, topic)

    def made(indicator: Indicator) -> Series:
        return make_series(indicator, area, real_table(indicator.table), people, boroughs)

    months = [chosen.by_month(each) for each in chosen.indicators]
    return [
        with_months(made(each), made(by_month)) if by_month else made(each)
        for each, by_month in zip(chosen.indicators, months, strict=True)
    ]


def sound_project(folder: Path) -> Project:
    """Copy the small project in which nothing is wrong."""
    shutil.copytree(SOUND, folder, dirs_exist_ok=True)
    (folder / "notebooks").mkdir(exist_ok=True)
    project = Project(folder)
    copy_what_is_of_no_project(project)
    return project


def copy_what_is_of_no_project(project: Project) -> None:
    """Give a made-up project the schemas of the models and the settings of Jupyter Book."""
    shutil.copytree(PROJECT.data / "schemas", project.data / "schemas", dirs_exist_ok=True)
    shutil.copyfile(PROJECT.config, project.config)
    shutil.copyfile(PROJECT.data / "addresses.yml", project.data / "addresses.yml")


def as_yaml(content: Any) -> str:
    """Write YAML, in the order in which the content stands."""
    return yaml.dump(content, Dumper=_DUMPER, sort_keys=False, allow_unicode=True)


def vouch_for(data_file: Path) -> None:
    """Write the hash of a table's data file into its metadata."""
    meta = data_file.with_suffix(".yml")
    text = meta.read_text(encoding="utf-8")
    new = f"hash: {sha256(data_file.read_bytes())}"
    meta.write_text(re.sub(r"(?m)^hash: .*$", new, text), encoding="utf-8")


def made_table(
    columns: list[str],
    rows: list[tuple],
    *,
    kind: str = "financial_year",
    role: str = "observation",
    breaks: list[dict] | None = None,
    covers: str | None = None,
) -> Table:
    """Make a table of rows in which the period is the second column and the value the last."""
    frame = pd.DataFrame(rows, columns=columns)
    period, value = columns[1], columns[-1]
    meta = Metadata.model_validate(
        {
            "title": "Made-up offences",
            "description": "Made up.",
            "publisher": "The Office of Examples",
            "source": "Examples",
            "licence": "OGL-UK-3.0",
            "attribution": "Made up.",
            "role": role,
            "extraction": "never",
            "period": {
                "column": period,
                "kind": kind,
                "first": str(frame[period].min()),
                "last": str(frame[period].max()),
            },
            "grain": "one row each",
            "keys": columns[:-1],
            "covers": covers,
            "value": value,
            "unit": "offences",
            "columns": [
                {
                    "name": name,
                    "type": "number" if name == value else "string",
                    "description": name,
                    "nullable": name == value,
                }
                for name in columns
            ],
            "rows": len(rows),
            "hash": "sha256:" + "0" * 64,
            "breaks": breaks or [],
            "changes": ["Made up."],
        }
    )
    return Table("made_up", frame, meta)


def made_indicator(select: dict[str, list[str]] | None = None, rate: bool = True) -> Indicator:
    """Make an indicator of burglaries."""
    return Indicator.model_validate(
        {
            "id": "burglary",
            "title": "Burglary",
            "counted": "burglaries",
            "table": "made_up",
            "select": select or {},
            "unit": "offences",
            "polarity": "lower is better",
            "from": "2001/02",
            "rate": rate,
        }
    )


def made_people(people: dict[str, dict[int, int]]) -> Table:
    """Make a population table from {area: {mid-year: residents}}."""
    rows = [(a, year, n) for a, years in people.items() for year, n in years.items()]
    table = made_table(["area", "mid_year", "population"], rows, kind="mid_year")
    return Table("population", table.frame.astype({"mid_year": "int64"}), table.meta)
