"""Targets: what a plan wants to reach by when, and the frozen baselines it is measured from."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from kingston_analysis.errors import Problem, nearest
from kingston_analysis.matrix.judgements import Said
from kingston_analysis.tables import periods
from kingston_analysis.tables.files import sha256
from kingston_analysis.tables.yamls import Strict, place_in
from kingston_analysis.topics import Identifier, Topic

Side = Literal["at most", "at least"]
Measured = Literal["count", "rate"]
# A line is fitted through no fewer years.
ENOUGH_YEARS = 3


def _is_a_financial_year(text: str) -> str:
    periods.parts(text, "financial_year")
    return text


# A goal of none cannot be judged as a ratio of what is counted now.
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
FinancialYear = Annotated[str, BeforeValidator(str), AfterValidator(_is_a_financial_year)]


class Rebased(Strict):
    """One change of a baseline: the day, what it was before, and why."""

    on: datetime.date
    was: Positive | tuple[Positive, ...]
    reason: Said


class _Frozen(Strict):
    frozen: Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
    rebased: tuple[Rebased, ...] = ()


class Baseline(_Frozen):
    """The figure of a year from which a target is measured; `frozen` is what `freeze` returns."""

    period: FinancialYear
    value: Positive

    @property
    def last(self) -> str:
        """Return its newest year."""
        return self.period


class TrendBaseline(_Frozen):
    """The figures of the years, first to last, from which a trend is projected."""

    first: FinancialYear
    last: FinancialYear
    value: Annotated[tuple[Positive, ...], Field(min_length=ENOUGH_YEARS)]

    @model_validator(mode="after")
    def _one_a_year(self) -> TrendBaseline:
        if (number := len(years_between(self.first, self.last))) != len(self.value):
            raise ValueError(f"{self.period} has {number} years, `value` has {len(self.value)}")
        return self

    @property
    def period(self) -> str:
        """Return its years in words."""
        return f"{self.first} to {self.last}"


class _Common(Strict):
    id: Identifier
    title: Said
    objective: Identifier | None = None
    topic: Identifier
    indicator: Identifier
    measure: Measured


class _Aimed(_Common):
    period: FinancialYear

    @property
    def years(self) -> tuple[str, ...]:
        """Return the years in which the target must hold."""
        return (self.period,)


class Absolute(_Aimed):
    """A figure to reach: at most or at least so many, or so many per 1,000 residents."""

    kind: Literal["absolute"]
    side: Side = Field(alias="is")
    value: Positive


class Percent(_Aimed):
    """A change in per cent on the baseline: −10 asks for at most, +10 for at least."""

    kind: Literal["percent"]
    change: Annotated[float, Field(gt=-100, allow_inf_nan=False)]
    baseline: Baseline

    @model_validator(mode="after")
    def _some_change(self) -> Percent:
        if self.change == 0:
            raise ValueError("`change` is 0, which is no direction; set a ceiling or a floor")
        return self

    @property
    def side(self) -> Side:
        """Return on which side of the goal success lies."""
        return "at most" if self.change < 0 else "at least"


class Relative(_Aimed):
    """A ratio to reach: the own rate divided by that of `group` in the same year.

    It has no baseline: both rates are those of the year by which it shall be met.
    """

    kind: Literal["relative"]
    measure: Literal["rate"]
    side: Side = Field(alias="is")
    value: Positive
    group: Said


class Trend(_Aimed):
    """A figure below the one that the baseline's trend leads to, by more than `margin` per cent."""

    kind: Literal["trend"]
    side: ClassVar[Side] = "at most"
    margin: Annotated[float, Field(ge=0, lt=100)] = 0
    baseline: TrendBaseline


class Bound(_Aimed):
    """A figure that no year from `since` to the end may fall below (floor) or exceed (ceiling)."""

    kind: Literal["floor", "ceiling"]
    since: FinancialYear
    value: Positive

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Bound:
        if self.since > self.period:
            raise ValueError(f"it holds from {self.since}, after its end, {self.period}")
        return self

    @property
    def side(self) -> Side:
        """Return on which side of the goal success lies."""
        return "at least" if self.kind == "floor" else "at most"

    @property
    def years(self) -> tuple[str, ...]:
        """Return the years in which the target must hold."""
        return years_between(self.since, self.period)


class Reporting(_Aimed):
    """A rise in reporting, in per cent on the baseline: more is better."""

    kind: Literal["reporting"]
    side: ClassVar[Side] = "at least"
    change: Positive
    baseline: Baseline


class Monitor(_Common):
    """No goal: the figure is watched, until `period` where one is named."""

    kind: Literal["monitor"]
    period: FinancialYear | None = None


Goal = Absolute | Percent | Relative | Trend | Bound | Reporting
KINDS = {
    kind: model
    for model in (*get_args(Goal), Monitor)
    for kind in get_args(model.model_fields["kind"].annotation)
}


def _of_its_kind(given: Any) -> Any:
    """Make the model that `kind` names, so that faults are told of it and of no other."""
    if isinstance(given, _Common):
        return given
    kind = str(given.get("kind", "missing")) if isinstance(given, dict) else "missing"
    if kind not in KINDS:
        raise ValueError(f"the target's `kind` is {kind}; write one of {', '.join(KINDS)}")
    return KINDS[kind].model_validate(given)


Target = Annotated[Goal | Monitor, BeforeValidator(_of_its_kind)]


def freeze(
    topic: str, indicator: str, measure: str, period: str, value: float | Sequence[float]
) -> str:
    """Hash a baseline: what it is of, its period in words, and its figure or figures."""
    figures = [float(each) for each in value] if isinstance(value, Sequence) else float(value)
    told = json.dumps([topic, indicator, measure, period, figures], separators=(",", ":"))
    return sha256(told.encode())


def years_between(first: str, last: str) -> tuple[str, ...]:
    """List the financial years from the first to the last, both among them."""
    start, end = (periods.position(year, "financial_year") for year in (first, last))
    return tuple(periods.at_position(year, "financial_year") for year in range(start, end + 1))


def target_problems(
    targets: Sequence[Target],
    topics: Mapping[str, Topic],
    objectives: Collection[str],
    file: Path,
    place: Sequence[int | str],
    taken: Collection[str] = (),
) -> Iterator[Problem]:
    """Find what a theme's targets name that is not there, and baselines that were changed.

    `place` is where the list stands in the file; `taken` are ids of other themes' targets. With
    no topics, which is told elsewhere, nothing is held against them.
    """
    seen = set(taken)
    for number, target in enumerate(targets):
        if target.id in seen:
            twice = place_in(file, (*place, number, "id"))
            yield Problem(f"The target '{target.id}' stands twice.", file, *twice, "Keep one.")
        seen.add(target.id)
        faults = (*_unknown(target, topics, objectives), *_baseline_faults(target))
        for key, what, remedy in faults:
            yield Problem(what, file, *place_in(file, (*place, number, *key)), remedy)


Fault = tuple[tuple[str, ...], str, str]


def _unknown(
    target: Target, topics: Mapping[str, Topic], objectives: Collection[str]
) -> Iterator[Fault]:
    named = f"The target '{target.id}'"
    if target.objective and target.objective not in objectives:
        remedy = nearest(target.objective, objectives) if objectives else "Add it to the theme."
        yield ("objective",), f"{named}: there is no objective '{target.objective}'.", remedy
    if not topics:
        return
    if target.topic not in topics:
        yield ("topic",), f"{named}: no topic '{target.topic}'.", nearest(target.topic, topics)
        return
    indicators = {each.id: each for each in topics[target.topic].indicators}
    if target.indicator not in indicators:
        what = f"{named}: '{target.topic}' has no indicator '{target.indicator}'."
        yield ("indicator",), what, nearest(target.indicator, indicators)
    elif target.measure == "rate" and not indicators[target.indicator].rate:
        what = f"{named}: the indicator '{target.indicator}' has no rate."
        yield ("measure",), what, "Name another indicator, or use its count."


def _baseline_faults(target: Target) -> Iterator[Fault]:
    base = getattr(target, "baseline", None)
    if base is None:
        return
    if target.period <= base.last:
        what = (
            f"The target '{target.id}': {target.period} is not after its baseline, {base.period}."
        )
        yield ("period",), what, "Correct whichever is wrong."
    now = freeze(target.topic, target.indicator, target.measure, base.period, base.value)
    if now != base.frozen:
        what = f"The baseline of '{target.id}' was changed: it is not what `frozen` was made of."
        remedy = (
            "Restore it. If it was re-based on purpose, log it under `rebased` with a reason and "
            f"write frozen: {now}"
        )
        yield ("baseline", "frozen"), what, remedy
