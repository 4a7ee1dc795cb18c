"""What the law asks of a partnership, and which parts of a book meet it."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kingston_analysis.data.names import Day, Identifier, PagePath
from kingston_analysis.data.yaml_models import Known, Strict, load_yaml
from kingston_analysis.matrix.judgements import Said
from kingston_analysis.project import Project


class Requirement(Strict):
    """One thing that a law asks, from its day on, to its day if that is known.

    `confirmed` says what of it was read in the law or in official guidance.
    """

    id: Identifier
    asks: Said
    of: Literal["assessment", "plan"]
    instrument: Said
    provision: Said
    since: Day = Field(alias="from")
    until: Known[Day] = Field(alias="to")
    confirmed: Said

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> Requirement:
        if isinstance(self.until, datetime.date) and self.until < self.since:
            raise ValueError(f"it ends on {self.until}, before it begins on {self.since}")
        return self

    def in_force(self, day: datetime.date) -> bool:
        """Tell whether it holds on a day."""
        over = isinstance(self.until, datetime.date) and self.until < day
        return self.since <= day and not over


# What must be known for a part to hold more than that it is not.
Ground = Literal[
    "an earlier edition",
    "an earlier plan",
    "actions",
    "targets",
    "partnership judgements",
    "surveys",
]


class CoveringPart(Strict):
    """A part of the book that stands for a requirement: its page, and what stands there.

    `rests_on` names what must be known, or the part holds nothing; so it is, without a word, with
    the page of a chapter of the plan. `in_form_only` says why a part holds nothing all the same.
    """

    page: PagePath
    says: Said
    rests_on: tuple[Ground, ...] = ()
    in_form_only: Said | None = None


Law = Annotated[list[Requirement], Field(min_length=1)]
Coverage = dict[Identifier, Annotated[tuple[CoveringPart, ...], Field(min_length=1)]]


def law_file(project: Project) -> Path:
    """Return the place of the register."""
    return project.data / "law.yml"


def coverage_file(project: Project, plan: str) -> Path:
    """Return the place where a plan says which parts of its book meet the law."""
    return project.data / "plans" / plan / "coverage.yml"


def load_law(project: Project) -> list[Requirement]:
    """Read the register, in its order.

    Raises KingstonError where there is none: a book held to no law would pass for one that meets
    it.
    """
    return load_yaml(project, law_file(project), Law)


def load_coverage(project: Project, plan: str) -> dict[str, tuple[CoveringPart, ...]]:
    """Read, by requirement, the parts of a plan's book that meet it."""
    return load_yaml(project, coverage_file(project, plan), Coverage)
