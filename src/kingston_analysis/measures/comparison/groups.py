"""Groups: an area beside the larger areas that contain it, by rate and by change in counts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kingston_analysis.measures.change import JUDGED_AT, LEVEL
from kingston_analysis.measures.variation import FARTHEST, Variation
from kingston_analysis.results import Estimate, Gap, require

NO_COUNT, NO_RATE = Gap("No figure is held."), Gap("No population is held.")


@dataclass(frozen=True)
class Group:
    """A place with its counts by period and, where they are held, its residents by period.

    `key` names it in findings, `label` in sentences, with its article. `breaks` are (effect, what)
    of the registered breaks between the two periods that will be compared. `summed` is of how many
    areas the counts are the sum, None where they were published. `no_count` and `no_rate` stand
    for a figure that is not held.
    """

    key: str
    name: str
    counts: pd.Series
    population: pd.Series | None = None
    breaks: tuple[tuple[str, str], ...] = ()
    summed: int | None = None
    no_count: Gap = NO_COUNT
    no_rate: Gap = NO_RATE
    label: str = ""


@dataclass(frozen=True)
class Standing:
    """One place in two periods; rate per 1,000 residents, change as the ratio of the counts.

    `caution` is what a registered break asks to be said with the change.
    """

    group: Group
    before: float | Gap
    count: float | Gap
    rate: float | Gap
    change: float | Gap
    caution: str | None = None


@dataclass(frozen=True)
class Comparator:
    """The area beside one group: `rates` is own rate ÷ its rate, `changes` own change ÷ its."""

    standing: Standing
    rates: Estimate | Gap
    changes: Estimate | Gap


@dataclass(frozen=True)
class GroupComparison:
    """An area beside the groups that contain it, in `period` and since the period `before`."""

    period: str
    before: str
    own: Standing
    groups: list[Comparator]


def group_of(
    key: str, name: str, values: pd.DataFrame, people: pd.DataFrame, members: list[str], **more: Any
) -> Group:
    """Make a group from the published rows of its name or, without any, from its members' sum.

    `values` has area, period and value, `people` area, period and population. A sum lacks the
    periods in which a member is missing; the population is always the members' sum. `more` are
    further fields of the group.
    """
    published = values[values["area"] == name].set_index("period")["value"]
    counts = published if len(published) else _sum(values, "value", members)
    population = _sum(people, "population", members) if members else None
    summed = None if len(published) else len(members)
    return Group(key, name, counts, population, summed=summed, **more)


def _sum(frame: pd.DataFrame, column: str, members: list[str]) -> pd.Series:
    by_period = frame[frame["area"].isin(members)].dropna(subset=[column]).groupby("period")[column]
    return by_period.sum()[by_period.size() == len(members)]


def against_groups(
    own: Group,
    groups: list[Group],
    period: str,
    before: str,
    variation: Variation,
    together: Variation,
    level: float = LEVEL,
) -> GroupComparison:
    """Set an area beside groups that contain it, by rate and by change in counts.

    As the area is part of the group, its share c/C varies by itself: by the delta method the
    logarithm of the ratio of two rates has the variance φ·c(1/c - 1/C)² + Φ(C - c)/C², with φ of
    the area's own count and Φ of the boroughs' `together`; with φ = Φ that is φ(1/c - 1/C), as of
    multinomial counts with extra variation (Agresti 2013, "Categorical Data Analysis", section
    16.1). That of the ratio of two changes is its sum over both periods. The interval reaches t
    standard errors, with the degrees of freedom of the `variation` of the area's own count; that of
    changes holds at the level of every change.
    """
    mine, varied = _standing(own, period, before), (variation, together)
    rows = [_comparator(mine, _standing(group, period, before), varied, level) for group in groups]
    return GroupComparison(period, before, mine, rows)


def _standing(group: Group, period: str, before: str) -> Standing:
    count, earlier = (_count(group, each) for each in (period, before))
    change = _change(group, count, earlier)
    cautions = [] if isinstance(change, Gap) else dict.fromkeys(what for _, what in group.breaks)
    rate = _rate(group, count, period)
    return Standing(group, earlier, count, rate, change, " ".join(cautions) or None)


def _count(group: Group, period: str) -> float | Gap:
    value = group.counts.get(period)
    return group.no_count if pd.isna(value) else float(value)


def _rate(group: Group, count: float | Gap, period: str) -> float | Gap:
    people = None if group.population is None else group.population.get(period)
    if isinstance(count, Gap):
        return count
    return group.no_rate if pd.isna(people) or not people else count / float(people) * 1000


def _change(group: Group, count: float | Gap, before: float | Gap) -> float | Gap:
    if isinstance(count, Gap) or isinstance(before, Gap):
        return group.no_count
    refused = [what for effect, what in group.breaks if effect == "refuse"]
    if refused or before == 0:
        return Gap(refused[0] if refused else "The earlier count is zero.")
    return count / before


def _comparator(
    own: Standing, other: Standing, varied: tuple[Variation, Variation], level: float
) -> Comparator:
    now, before = (own.count, other.count), (own.before, other.before)
    rates = _ratio(own.rate, other.rate, [now], varied, level)
    changes = _ratio(own.change, other.change, [now, before], varied, JUDGED_AT)
    return Comparator(other, rates, changes)


def _ratio(
    own: float | Gap,
    other: float | Gap,
    counts: list[tuple[float | Gap, float | Gap]],
    varied: tuple[Variation, Variation],
    level: float,
) -> Estimate | Gap:
    """Divide two figures; `counts` are the area's and the group's, of each period behind them."""
    if isinstance(own, Gap):
        return own
    if isinstance(other, Gap):
        return other
    if not own or not other:
        return Gap("One of the counts is zero.")
    variation, together = varied
    variance = 0.0
    for part, group in ((require(part), require(group)) for part, group in counts):
        rest = max(0.0, group - part) / group
        variance += variation.phi * rest**2 / part + together.phi * rest / group
    quantile = variation.quantile((1 + level) / 2)
    reach = math.exp(min(FARTHEST, quantile * math.sqrt(variance)))
    value = own / other
    return Estimate(value, value / reach, value * reach, level=level)
