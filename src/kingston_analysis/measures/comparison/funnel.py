"""Funnel: which areas' rates lie outside what areas that truly differ show."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.change import LEVEL
from kingston_analysis.measures.variation import normal_quantile

# Winsorising at a tenth needs an area or more in each tenth.
ENOUGH_AREAS = 10
WINSORISED = 0.1
# The variance of a standard normal variable that is winsorised at a tenth on each side.
LEFT_OF_VARIANCE = 0.678655
# What lies beyond the outer limits is named, so they are the method's, whatever level is asked.
OUTER, OUTER_COLUMNS = 0.998, ("low998", "high998")
STEPS = 20


@dataclass(frozen=True)
class Funnel:
    """The rates of the areas of one period, and the limits in which areas that differ lie.

    `frame` has area, population, rate (per 1,000), score (standard deviations from the rate of all
    areas, on the scale of square roots), the limits (per 1,000, at the area's own population) and
    status: within, above or below the outer limits. `curve` has population and the limits over the
    range of populations. `rate` is that of all areas together, per 1,000; `between` the variance of
    the square roots of the areas' true rates; `level` the share of areas between the inner limits.
    """

    frame: pd.DataFrame
    curve: pd.DataFrame
    rate: float
    between: float
    level: float

    @property
    def inner(self) -> tuple[str, str]:
        """Return the columns of the inner limits: low95 and high95 at a level of 95%."""
        return _inner_columns(self.level)

    @property
    def limits(self) -> list[str]:
        """Return the columns of all limits, from the lowest to the highest."""
        return list(_limits_at(self.level))


def _inner_columns(level: float) -> tuple[str, str]:
    return f"low{level * 100:g}", f"high{level * 100:g}"


def _limits_at(level: float) -> dict[str, float]:
    """Return by column how many standard deviations each limit lies from the rate of all areas."""
    (low, high), (lowest, highest) = _inner_columns(level), OUTER_COLUMNS
    inner, outer = normal_quantile(level), normal_quantile(OUTER)
    return {lowest: -outer, low: -inner, high: inner, highest: outer}


def funnel(values: pd.DataFrame, areas: list[str], level: float = LEVEL) -> Funnel | None:
    """Set each area's rate beside limits that allow for chance and for true differences.

    `values` has area, value (a count) and population; other places than `areas` are left out, and
    so are areas without a count or residents. `level` is the share of areas that would lie between
    the inner limits. None where fewer than `ENOUGH_AREAS` are left. Raises KingstonError for a
    level that does not lie inside the outer limits.

    Spiegelhalter (2005), "Funnel plots for comparing institutional performance", Stat. Med. 24,
    and "Handling over-dispersion of performance indicators", Qual. Saf. Health Care 14: y = √(c/n)
    has variance 1/(4n); the target is the root of the overall rate; random effects with variance
    τ² by the method of moments (DerSimonian and Laird 1986) from z-scores winsorised at 10%, so
    that an outlier does not widen the limits that should find it. Winsorising also cuts the tails
    that 32 sound areas have: with nothing amiss, 10% of them would lie outside the 95% limits and
    1.3% outside the 99.8% limits. Dividing by what it leaves of a normal variance makes that 5%
    and 0.4%.
    """
    if level >= OUTER:
        raise KingstonError(
            f"The outer limits of a funnel are those of {OUTER:.1%}: a level of {level:g} does not "
            "lie inside them.",
            "Give 0.99 for 99%.",
        )
    rows = values[values["area"].isin(areas)].dropna(subset=["value", "population"])
    rows = rows[rows["population"] > 0].sort_values("area").reset_index(drop=True)
    if len(rows) < ENOUGH_AREAS:
        return None
    count, people = (rows[name].to_numpy(dtype=float) for name in ("value", "population"))
    target = math.sqrt(count.sum() / people.sum())
    roots = np.sqrt(count / people)
    between = _between(roots, 1 / (4 * people), target)
    score = (roots - target) / np.sqrt(1 / (4 * people) + between)
    frame = pd.DataFrame({"area": rows["area"], "population": people, "rate": roots**2 * 1000})
    frame = frame.assign(score=score, **_limits(people, target, between, level))
    outer = normal_quantile(OUTER)
    frame["status"] = np.select([score > outer, score < -outer], ["above", "below"], "within")
    ends = np.linspace(people.min(), people.max(), STEPS)
    curve = pd.DataFrame({"population": ends, **_limits(ends, target, between, level)})
    return Funnel(frame, curve, target**2 * 1000, between, level)


def _between(roots: np.ndarray, variance: np.ndarray, target: float) -> float:
    scores = (roots - target) / np.sqrt(variance)
    kept = np.clip(scores, *np.quantile(scores, [WINSORISED, 1 - WINSORISED]))
    excess = float((kept**2).sum()) / LEFT_OF_VARIANCE - (len(roots) - 1)
    weight = 1 / variance
    return max(0.0, excess / float(weight.sum() - (weight**2).sum() / weight.sum()))


def _limits(
    people: np.ndarray, target: float, between: float, level: float
) -> dict[str, np.ndarray]:
    spread = np.sqrt(1 / (4 * people) + between)
    limits = _limits_at(level).items()
    return {name: np.maximum(0, target + z * spread) ** 2 * 1000 for name, z in limits}
