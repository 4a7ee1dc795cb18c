"""The next edition, made from an earlier one: years rolled on, what people said carried over."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import yaml

from kingston_analysis.book.guard.exceptions import exceptions_file, with_files
from kingston_analysis.commands.checks import data_problems
from kingston_analysis.data.editions import Edition, edition_years, load_edition
from kingston_analysis.data.tables import periods
from kingston_analysis.data.yaml_models import load_yaml
from kingston_analysis.errors import KingstonError, Problem, raise_any
from kingston_analysis.project import Project

YAML_WIDTH = 100
# The folders whose texts a new edition takes over.
CARRIED = ("editions", "judgements")


def write_new_edition(project: Project, year: int, source: int) -> list[Path]:
    """Write the files of a new edition and return them.

    The assessed year and the extraction move on by as many years as the edition; topics, waivers
    and what is known of the community are carried, as are all judgements and hypotheses. What a
    person still has to confirm carries `carried: <year>`. Decisions stand until a newer edition
    decides otherwise, so none is copied. Raises KingstonError, and writes nothing, where the
    edition is there already or does not follow the other, or where the data are not sound.
    """
    raise_any(data_problems(project))
    before = load_edition(project, source)
    if year in edition_years(project):
        file = project.data / "editions" / f"{year}.yml"
        raise KingstonError(Problem(f"Edition {year} is there already.", file))
    if year <= source:
        raise KingstonError(f"Edition {year} cannot follow edition {source}.", "Give a later year.")
    files = dict(_files(project, before, year))
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return list(files)


def _files(project: Project, before: Edition, year: int) -> list[tuple[Path, str]]:
    source, data = before.edition, project.data
    found = [(data / "editions" / f"{year}.yml", _edition(project, before, year))]
    if project.names_in(data / "judgements", f"{source}.*"):
        found.append((data / "judgements" / f"{year}.yml", _judgements(project, source)))
    if project.names_in(data / "hypotheses", f"{source}.*"):
        text = (data / "hypotheses" / f"{source}.yml").read_text(encoding="utf-8")
        found.append((data / "hypotheses" / f"{year}.yml", text))
    # What may stand in the one may stand in the other, as long as it is the same.
    carried = {f"data/{each}/{source}.yml": f"data/{each}/{year}.yml" for each in CARRIED}
    exceptions = exceptions_file(project)
    found.append((exceptions, with_files(exceptions.read_text(encoding="utf-8"), carried)))
    return found


def _edition(project: Project, before: Edition, year: int) -> str:
    source, steps = before.edition, year - before.edition
    content = load_yaml(project, project.data / "editions" / f"{source}.yml", dict[str, Any])
    assessed = periods.shifted(before.assessed, "financial_year", steps)
    rolled = {
        "edition": year,
        "carried": source,
        "title": re.sub(rf"\b{source}\b", str(year), before.title),
        "assessed": assessed,
        "extraction": _rolled(before.extraction, steps).isoformat(),
        "about": f"It follows the edition of {source}. It looks at {assessed}.",
    }
    # `carried` comes second; what the source has too keeps its place.
    return _as_yaml({"edition": year, "carried": source, **content, **rolled})


def _rolled(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        # The 29th of February, in a year without one.
        return day.replace(year=day.year + years, day=28)


def _judgements(project: Project, source: int) -> str:
    content = load_yaml(project, project.data / "judgements" / f"{source}.yml", dict[str, Any])
    topics = {
        topic: {heading: {"carried": source, **cell} for heading, cell in cells.items()}
        for topic, cells in content["topics"].items()
    }
    head = f"# Carried from {source}. Confirm each, or judge anew, and remove its `carried`.\n"
    return head + _as_yaml({**content, "topics": topics})


def _as_yaml(content: dict[str, Any]) -> str:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=YAML_WIDTH)
