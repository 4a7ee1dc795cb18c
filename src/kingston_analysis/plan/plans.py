"""A whole plan: its files, read together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kingston_analysis.data.editions import Edition, load_edition, years_before
from kingston_analysis.data.tables.periods import at_position
from kingston_analysis.data.yaml_models import Strict, load_yaml
from kingston_analysis.errors import Problem, collect_into, raise_any
from kingston_analysis.plan.content import Chapter, National, Partner, Strategy, Term
from kingston_analysis.plan.themes import Theme
from kingston_analysis.project import Project
from kingston_analysis.results import Gap


class Plan(Strict):
    """The content of a plan, a file each."""

    partners: tuple[Partner, ...]
    themes: tuple[Theme, ...]
    strategy: Strategy
    national: tuple[National, ...]
    chapters: tuple[Chapter, ...]
    glossary: tuple[Term, ...]

    def theme(self, name: str) -> Theme | None:
        """Return the theme of an id, if there is one."""
        return next((each for each in self.themes if each.id == name), None)

    def gaps(self) -> list[str]:
        """List what is not available: where in the plan, and why."""
        return [f"{where}: {reason}" for where, reason in _gaps(self, "")]


# The types of a plan's files; pydantic says no more of them than that they are there.
MODELS: dict[str, Any] = {name: field.annotation for name, field in Plan.model_fields.items()}


def plans_in(project: Project) -> list[str]:
    """List the plans that are held, each a folder; none where their folder is not there."""
    return sorted(folder.name for folder in (project.data / "plans").glob("*") if folder.is_dir())


def first_year(project: Project, edition: Edition) -> str:
    """Return the financial year with which an edition's plan begins.

    That is the one of the spring of the first edition that has the plan.
    """
    earlier = (load_edition(project, year) for year in years_before(project, edition.edition))
    with_plan = [each.edition for each in (edition, *earlier) if each.plan == edition.plan]
    return at_position(min(with_plan), "financial_year")


def last_year(plan: str) -> str | None:
    """Return the financial year with which a plan ends by its name, 2010/11 for 2008-11.

    There is none where the name is no span of years.
    """
    if not (match := re.fullmatch(r"(\d{4})-(?:\d\d)?(\d\d)", plan)):
        return None
    begins, ends = int(match[1]), int(match[2])
    years = (ends - begins) % 100
    return at_position(begins + years - 1, "financial_year")


def files_of(project: Project, plan: str) -> dict[str, Path]:
    """Return the files of a plan's content, by what they hold."""
    return {name: project.data / "plans" / plan / f"{name}.yml" for name in Plan.model_fields}


def load_plan(project: Project, plan: str) -> Plan:
    """Read a plan; raise KingstonError with the faults of all its files."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, file in files_of(project, plan).items():
        with collect_into(problems):
            found[name] = load_yaml(project, file, MODELS[name])
    raise_any(problems)
    return Plan(**found)


def _gaps(part: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, Gap):
        yield where, part.why
    elif isinstance(part, tuple):
        for number, each in enumerate(part, start=1):
            yield from _gaps(each, f"{where} {getattr(each, 'id', number)}")
    elif isinstance(part, Strict):
        for name in type(part).model_fields:
            yield from _gaps(getattr(part, name), f"{where} {name}".strip())
