"""Baselines: the figures from which targets are measured, frozen by hash."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from kingston_analysis.data.names import NOT_PROSE, Day
from kingston_analysis.data.tables import periods
from kingston_analysis.data.yaml_models import Strict
from kingston_analysis.matrix.judgements import Said
from kingston_analysis.project import sha256

# A line is fitted through no fewer years.
ENOUGH_YEARS = 3


def _is_a_financial_year(text: str) -> str:
    periods.parts(text, "financial_year")
    return text


# A goal of none cannot be judged as a ratio of what is counted now.
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
FinancialYear = Annotated[
    str, BeforeValidator(str), AfterValidator(_is_a_financial_year), NOT_PROSE
]


class Rebased(Strict):
    """One change of a baseline: the day, what it was before, and why."""

    date: Day
    was: Positive | tuple[Positive, ...]
    reason: Said


class _Frozen(Strict):
    frozen: Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$"), NOT_PROSE]
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


def freeze(
    topic: str, indicator: str, measure: str, period: str, value: float | Sequence[float]
) -> str:
    """Hash a baseline: what it is of, its period in words, and its figure or figures."""
    figures = [float(each) for each in value] if isinstance(value, Sequence) else float(value)
    content = json.dumps([topic, indicator, measure, period, figures], separators=(",", ":"))
    return sha256(content.encode())


def years_between(first: str, last: str) -> tuple[str, ...]:
    """List the financial years from the first to the last, both among them."""
    start, end = (periods.position(year, "financial_year") for year in (first, last))
    return tuple(periods.at_position(year, "financial_year") for year in range(start, end + 1))
