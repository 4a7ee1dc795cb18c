"""Claims: sentences that assert something of figures, with the test that tells whether it holds."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from kingston_analysis.data.names import NOT_PROSE, TESTED, Identifier
from kingston_analysis.data.tables import periods
from kingston_analysis.data.yaml_models import Strict, load_yaml
from kingston_analysis.matrix.judgements import Said
from kingston_analysis.project import Project

LATEST = "latest"


def _is_a_period(text: str) -> str:
    if text == LATEST:
        return text
    for kind in ("financial_year", "calendar_year"):
        try:
            periods.parts(text, kind)
        except ValueError:
            continue
        return text
    raise ValueError(f"'{text}' is no year; write 2006/07, 2006 or {LATEST}")


def _or_more(fewest: int) -> AfterValidator:
    """Ask for so many, only of what is right: pydantic would count without what is wrong."""

    def check(found: tuple) -> tuple:
        if len(found) < fewest:
            raise ValueError(f"give {fewest} or more")
        return found

    return AfterValidator(check)


def _follows(first: str, second: str) -> bool:
    kind: periods.Kind = "financial_year" if "/" in first else "calendar_year"
    return ("/" in first) == ("/" in second) and periods.shifted(first, kind, 1) == second


Period = Annotated[str, AfterValidator(_is_a_period), NOT_PROSE]
Direction = Literal["fell", "rose", "clearly fell", "clearly rose", "showed no clear change"]
Extremum = Literal["lowest", "highest"]


class SeriesRef(Strict):
    """Which series a claim is about: a page of the book and an indicator of its topic."""

    page: Identifier
    indicator: Identifier


class ValueTest(Strict):
    """The figure of a year is at least or at most so much."""

    kind: Literal["value"]
    of: SeriesRef
    measure: Literal["count", "rate"] = "count"
    period: Period
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _some_bound(self) -> ValueTest:
        if self.at_least is None and self.at_most is None:
            raise ValueError("give `at_least`, `at_most` or both")
        return self


class DirectionTest(Strict):
    """From each year to the next it went one way.

    `before` is a year outside what the sentence covers; its step into the span is told, not judged.
    """

    kind: Literal["direction"]
    of: SeriesRef
    periods: Annotated[tuple[Period, ...], _or_more(2)]
    went: Direction
    before: Period | None = None

    @model_validator(mode="after")
    def _one_year_after_another(self) -> DirectionTest:
        years = [year for year in (self.before, *self.periods) if year is not None]
        for first, second in itertools.pairwise(years):
            if LATEST not in (first, second) and not _follows(first, second):
                raise ValueError(f"{second} is not the year after {first}")
        return self


class RankTest(Strict):
    """In each year the area's place among the boroughs was this one, or at most this one."""

    kind: Literal["rank"]
    of: SeriesRef
    periods: Annotated[tuple[Period, ...], _or_more(1)]
    extremum: Extremum = Field(alias="from")
    exactly: Annotated[int, Field(ge=1)] | None = None
    at_most: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> RankTest:
        if (self.exactly is None) == (self.at_most is None):
            raise ValueError("give either `exactly` or `at_most`")
        return self


class ExtremeTest(Strict):
    """The year has the lowest or the highest figure of a span of years."""

    kind: Literal["extreme"]
    of: SeriesRef
    period: Period
    extremum: Extremum = Field(alias="is")
    over: tuple[Period, Period]


class ShareTest(Strict):
    """Some parts together are more than, or less than, a share of the whole."""

    kind: Literal["share"]
    parts: Annotated[tuple[SeriesRef, ...], _or_more(1)]
    total: SeriesRef = Field(alias="whole")
    period: Period
    more_than: Annotated[float, Field(ge=0, le=1)] | None = None
    less_than: Annotated[float, Field(ge=0, le=1)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> ShareTest:
        if (self.more_than is None) == (self.less_than is None):
            raise ValueError("give either `more_than` or `less_than`")
        return self


class ComparisonTest(Strict):
    """One series is lower or higher than another in a year, by a factor if one is given."""

    kind: Literal["comparison"]
    of: SeriesRef
    than: SeriesRef
    period: Period
    direction: Literal["lower", "higher"] = Field(alias="is")
    times: Annotated[float, Field(ge=1)] = 1


class Untestable(Strict):
    """No figure held could test it, for a reason."""

    kind: Literal["untestable"]
    reason: Said


ClaimTest = Annotated[
    ValueTest | DirectionTest | RankTest | ExtremeTest | ShareTest | ComparisonTest | Untestable,
    Field(discriminator="kind"),
]


class Claim(Strict):
    """A sentence of the narrative, whose it is, and its test."""

    id: Identifier
    voice: Literal["plan", "ours"]
    text: Annotated[Said, TESTED]
    test: ClaimTest


def claims_file(project: Project, plan: str) -> Path:
    """Return the place of a plan's claims."""
    return project.data / "plans" / plan / "claims.yml"


def load_claims(project: Project, plan: str) -> list[Claim]:
    """Read the claims of a plan's narrative, in their order."""
    return load_yaml(project, claims_file(project, plan), list[Claim])


def named_in(test: ClaimTest) -> dict[tuple[str | int, ...], SeriesRef]:
    """Return the series that a test is about, by their place in it."""
    found: dict[tuple[str | int, ...], SeriesRef] = {}
    if isinstance(test, Untestable):
        return found
    if isinstance(test, ShareTest):
        for number, of in enumerate(test.parts):
            found["parts", number] = of
        found["whole",] = test.total
        return found
    found["of",] = test.of
    if isinstance(test, ComparisonTest):
        found["than",] = test.than
    return found
