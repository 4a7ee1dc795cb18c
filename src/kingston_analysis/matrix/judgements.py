"""Judgements: the scores that people give, with who, when and why."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from kingston_analysis.data.editions import Edition
from kingston_analysis.data.names import Day, Identifier, Year
from kingston_analysis.data.yaml_models import Strict, load_yaml, problem_in
from kingston_analysis.errors import Problem, nearest
from kingston_analysis.matrix.scheme import MIDDLE, PUSH, Confidence, MatrixHeading, Scheme, Score
from kingston_analysis.project import Project

JudgementKind = Literal["partnership", "demonstration"]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# What pushes a score up or down, each part by so much.
_Parts = Annotated[dict[Identifier, Annotated[int, Field(ge=-PUSH, le=PUSH)]], Field(min_length=1)]


class Judgement(Strict):
    """One judged cell: a score, or the parts it is made of, and why; who and when if not as all.

    `carried` is the edition from which it was taken over, until a person has confirmed it.
    """

    carried: Year | None = None
    score: Score | None = None
    parts: _Parts | None = None
    confidence: Confidence
    why: Said
    kind: JudgementKind | None = None
    by: Said | None = None
    date: Day | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Judgement:
        if (self.score is None) == (not self.parts):
            raise ValueError("give either a `score` or its `parts`")
        return self

    @property
    def value(self) -> float:
        """Return the score from 1 to 5; of parts, the middle of the scale and their mean."""
        if self.score is not None:
            return float(self.score)
        parts = (self.parts or {}).values()
        return MIDDLE + sum(parts) / len(parts)


class Judgements(Strict):
    """The judgements of an edition: whose they are, by whom and when, by topic and heading."""

    kind: JudgementKind
    by: Said
    date: Day
    topics: dict[Identifier, dict[Identifier, Judgement]]


@dataclass(frozen=True)
class Judged:
    """A judgement with all that stands behind it."""

    score: float
    confidence: Confidence
    why: str
    kind: JudgementKind
    by: str
    date: datetime.date
    parts: dict[str, int] | None = None
    carried: int | None = None


def load_judgements(project: Project, year: int) -> dict[str, dict[str, Judged]]:
    """Read an edition's judgements by topic and heading; none where it has no file."""
    # Whether there is a file is asked in a way that is noted: pages run again once there is one.
    if not project.names_in(project.data / "judgements", f"{year}.*"):
        return {}
    judgements = load_yaml(project, _file(project, year), Judgements)
    return {
        topic: {heading: _judged(each, judgements) for heading, each in cells.items()}
        for topic, cells in judgements.topics.items()
    }


def _judged(each: Judgement, judgements: Judgements) -> Judged:
    return Judged(
        each.value,
        each.confidence,
        each.why,
        each.kind or judgements.kind,
        each.by or judgements.by,
        each.date or judgements.date,
        each.parts,
        each.carried,
    )


def carried_judgements(project: Project, year: int) -> dict[str, list[str]]:
    """Return, by topic, the headings whose judgement was carried over and not yet confirmed."""
    found = {
        topic: [heading for heading, each in cells.items() if each.carried]
        for topic, cells in load_judgements(project, year).items()
    }
    return {topic: headings for topic, headings in found.items() if headings}


def judgement_problems(project: Project, edition: Edition, scheme: Scheme) -> Iterator[Problem]:
    """Find judgements on what is no topic or heading, and those that the scheme does not allow.

    Raises KingstonError for a faulty file.
    """
    file = _file(project, edition.edition)
    if not file.exists():
        return
    judgements = load_yaml(project, file, Judgements)
    headings = {each.id: each for each in scheme.headings}
    for topic, cells in judgements.topics.items():
        if topic not in edition.topics:
            what, remedy = f"The edition has no topic '{topic}'.", nearest(topic, edition.topics)
            yield problem_in(what, file, ("topics", topic), remedy)
        for name, each in cells.items():
            place, where = ("topics", topic, name), f"'{topic}', '{name}'"
            if name not in headings:
                what, remedy = f"There is no heading '{name}'.", nearest(name, headings)
                yield problem_in(what, file, place, remedy)
                continue
            for what, remedy in _misfits(each, headings[name]):
                yield problem_in(f"{where}: {what}", file, place, remedy)
            if not edition.mentions_only_known_years(each.why):
                what = f"{where}: the reason names a year after the edition's extraction."
                yield problem_in(what, file, place, "Give a reason that was known then.")
            if (each.date or judgements.date) > edition.extraction:
                what = f"{where}: judged after the edition's extraction."
                yield problem_in(what, file, place, "Correct the date.")


def _misfits(each: Judgement, heading: MatrixHeading) -> Iterator[tuple[str, str]]:
    if heading.judged is None:
        yield "this heading is computed, never judged.", "Remove the judgement."
    elif heading.parts is None and each.parts is not None:
        yield "this heading has no parts.", "Give a `score`."
    elif heading.parts is not None and set(each.parts or ()) != set(heading.parts):
        yield "a score of this heading is made of its parts.", f"Give {', '.join(heading.parts)}."
    elif heading.only and each.score not in heading.only:
        allowed = ", ".join(map(str, heading.only))
        yield f"{each.score} is not among the scores of this heading.", f"Give one of {allowed}."


def _file(project: Project, year: int) -> Path:
    return project.data / "judgements" / f"{year}.yml"
