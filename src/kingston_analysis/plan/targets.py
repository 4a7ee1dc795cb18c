"""Targets: what a plan wants to reach by when."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from kingston_analysis.data.names import Identifier
from kingston_analysis.data.yaml_models import Strict
from kingston_analysis.matrix.judgements import Said
from kingston_analysis.plan.baselines import (
    Baseline,
    FinancialYear,
    Positive,
    TrendBaseline,
    years_between,
)

Inequality = Literal["at most", "at least"]
TargetMeasure = Literal["count", "rate"]


class _Common(Strict):
    id: Identifier
    title: Said
    objective: Identifier | None = None
    topic: Identifier
    indicator: Identifier
    measure: TargetMeasure


class _Aimed(_Common):
    period: FinancialYear

    @property
    def years(self) -> tuple[str, ...]:
        """Return the years in which the target must hold."""
        return (self.period,)


class Absolute(_Aimed):
    """A figure to reach: at most or at least so many, or so many per 1,000 residents."""

    kind: Literal["absolute"]
    side: Inequality = Field(alias="is")
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
    def side(self) -> Inequality:
        """Return on which side of the goal success lies."""
        return "at most" if self.change < 0 else "at least"


class Relative(_Aimed):
    """A ratio to reach: the own rate divided by that of `group` in the same year.

    It has no baseline: both rates are those of the year by which it shall be met.
    """

    kind: Literal["relative"]
    measure: Literal["rate"]
    side: Inequality = Field(alias="is")
    value: Positive
    group: Said


class Trend(_Aimed):
    """A figure below the one that the baseline's trend leads to, by more than `margin` per cent."""

    kind: Literal["trend"]
    side: ClassVar[Inequality] = "at most"
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
    def side(self) -> Inequality:
        """Return on which side of the goal success lies."""
        return "at least" if self.kind == "floor" else "at most"

    @property
    def years(self) -> tuple[str, ...]:
        """Return the years in which the target must hold."""
        return years_between(self.since, self.period)


class Reporting(_Aimed):
    """A rise in reporting, in per cent on the baseline: more is better."""

    kind: Literal["reporting"]
    side: ClassVar[Inequality] = "at least"
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


def _of_its_kind(value: Any) -> Any:
    """Make the model that `kind` names, so that faults are told of it and of no other."""
    if isinstance(value, _Common):
        return value
    kind = str(value.get("kind", "missing")) if isinstance(value, dict) else "missing"
    if kind not in KINDS:
        raise ValueError(f"the target's `kind` is {kind}; write one of {', '.join(KINDS)}")
    return KINDS[kind].model_validate(value)


Target = Annotated[Goal | Monitor, BeforeValidator(_of_its_kind)]
