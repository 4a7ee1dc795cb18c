"""Targets: what a plan wants to reach by when, and the frozen baselines it is measured from."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from kingston_analysis.matrix.judgements import Said
from kingston_analysis.tables import periods
from kingston_analysis.tables.files import sha256
from kingston_analysis.tables.yamls import Strict
from kingston_analysis.topics import Identifier

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
Frozen = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]


class Rebased(Strict):
    """One change of a baseline: the day, what it was before, and why."""

    on: datetime.date
    was: Positive | tuple[Positive, ...]
    reason: Said


class Baseline(Strict):
    """The figure of a year from which a target is measured; `frozen` is what `freeze` returned."""

    period: FinancialYear
    value: Positive
    frozen: Frozen
    rebased: tuple[Rebased, ...] = ()

    @property
    def last(self) -> str:
        """Return its newest year."""
        return self.period


class TrendBaseline(Strict):
    """The figures of the years, first to last, from which a trend is projected."""

    first: FinancialYear
    last: FinancialYear
    values: Annotated[tuple[Positive, ...], Field(min_length=ENOUGH_YEARS)]
    frozen: Frozen
    rebased: tuple[Rebased, ...] = ()

    @model_validator(mode="after")
    def _one_a_year(self) -> TrendBaseline:
        number = len(years_between(self.first, self.last))
        if number != len(self.values):
            raise ValueError(f"{self.period} are {number} years, and `values` has {len(self.values)}")
        return self

    @property
    def period(self) -> str:
        """Return its years in words."""
        return f"{self.first} to {self.last}"

    @property
    def value(self) -> tuple[float, ...]:
        """Return the figures, a year each."""
        return self.values


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


class _Every(_Aimed):
    since: FinancialYear
    value: Positive

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> _Every:
        if self.since > self.period:
            raise ValueError(f"it holds from {self.since}, after its end, {self.period}")
        return self

    @property
    def years(self) -> tuple[str, ...]:
        """Return the years in which the target must hold."""
        return years_between(self.since, self.period)


class Floor(_Every):
    """A figure that no year from `since` to the end may fall below."""

    kind: Literal["floor"]
    side: ClassVar[Side] = "at least"


class Ceiling(_Every):
    """A figure that no year from `since` to the end may exceed."""

    kind: Literal["ceiling"]
    side: ClassVar[Side] = "at most"


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


Goal = Absolute | Percent | Relative | Trend | Floor | Ceiling | Reporting
KINDS = {
    get_args(each.model_fields["kind"].annotation)[0]: each for each in (*get_args(Goal), Monitor)
}


def _of_its_kind(given: Any) -> Any:
    """Make the model that `kind` names, so that faults are told of it and of no other."""
    if not isinstance(given, dict):
        return given
    if "kind" not in given:
        raise ValueError(f"the target has no `kind`; write one of {', '.join(KINDS)}")
    if given["kind"] not in KINDS:
        raise ValueError(f"there is no kind of target '{given['kind']}'; known: {', '.join(KINDS)}")
    return KINDS[given["kind"]].model_validate(given)


Target = Annotated[Goal | Monitor, BeforeValidator(_of_its_kind)]


def freeze(
    topic: str, indicator: str, measure: str, period: str, value: float | Sequence[float]
) -> str:
    """Hash a baseline: what it is of, its period, and its figure or figures."""
    figures = [float(each) for each in value] if isinstance(value, Sequence) else float(value)
    told = json.dumps([topic, indicator, measure, period, figures], separators=(",", ":"))
    return sha256(told.encode())


def years_between(first: str, last: str) -> tuple[str, ...]:
    """List the financial years from the first to the last, both among them."""
    span = range(*(periods.position(year, "financial_year") for year in (first, last)))
    return tuple(periods.at_position(year, "financial_year") for year in (*span, span.stop))
