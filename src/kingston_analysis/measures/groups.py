"""Groups: an area beside the larger areas that contain it, by rate and by change in counts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from kingston_analysis.measures.variation import FARTHEST, Z_95


@dataclass(frozen=True)
class Group:
    """A place with its counts by period and, where they are held, its residents by period.

    `key` names it in findings, `told` in sentences, with its article. `breaks` are (effect, what)
    of the registered breaks between the two periods that will be compared. `summed` is of how many
    areas the counts are the sum, None where they were published. `why_no_count` and `why_no_rate`
    say why a figure is not held.
    """

    key: str
    name: str
    counts: pd.Series
    population: pd.Series | None = None
    breaks: tuple[tuple[str, str], ...] = ()
    summed: int | None = None
    why_no_count: str = "No figure is held."
    why_no_rate: str = "No population is held."
    told: str = ""


@dataclass(frozen=True)
class Ratio:
    """A ratio with its 95% interval, or None three times and the reason."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Standing:
    """One place in two periods; rate per 1,000 residents, change as the ratio of the counts.

    What is None has its reason in `why_no_count`, `why_no_rate` or `why_no_change`. `caution` is
    what a registered break asks to be told with the change.
    """

    group: Group
    before: float | None
    count: float | None
    rate: float | None
    change: float | None
    why_no_change: str | None = None
    caution: str | None = None


@dataclass(frozen=True)
class Beside:
    """The area beside one group: `rates` is own rate ÷ its rate, `changes` own change ÷ its."""

    standing: Standing
    rates: Ratio
    changes: Ratio


@dataclass(frozen=True)
class GroupComparison:
    """An area beside the groups that contain it, in `period` and since the period `before`."""

    period: str
    before: str
    own: Standing
    groups: list[Beside]


def group_of(
    key: str, name: str, values: pd.DataFrame, people: pd.DataFrame, members: list[str], **more
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
    own: Group, groups: list[Group], period: str, before: str, phi: float
) -> GroupComparison:
    """Set an area beside groups that contain it, by rate and by change in counts.

    As the area is part of the group, its share c/C varies by itself: the logarithm of the ratio
    of two rates has the variance φ(1/c - 1/C), that of the ratio of two changes the sum of it over
    both periods (multinomial counts with extra variation φ; Agresti 2013, "Categorical Data
    Analysis", section 16.1).
    """
    mine = _standing(own, period, before)
    rows = [_beside(mine, _standing(group, period, before), phi) for group in groups]
    return GroupComparison(period, before, mine, rows)


def _standing(group: Group, period: str, before: str) -> Standing:
    count, earlier = (_held(group.counts, each) for each in (period, before))
    people = None if group.population is None else _held(group.population, period)
    rate = count / people * 1000 if count is not None and people else None
    cautions = dict.fromkeys(what for _, what in group.breaks)
    reason = _why_no_change(group, count, earlier)
    change = None if reason else count / earlier
    caution = None if reason else " ".join(cautions) or None
    return Standing(group, earlier, count, rate, change, reason, caution)


def _held(series: pd.Series, period: str) -> float | None:
    value = series.get(period)
    return None if pd.isna(value) else float(value)


def _why_no_change(group: Group, count: float | None, before: float | None) -> str | None:
    refused = [what for effect, what in group.breaks if effect == "refuse"]
    if count is None or before is None:
        return group.why_no_count
    if refused:
        return refused[0]
    return "The earlier count is zero." if before == 0 else None


def _beside(own: Standing, other: Standing, phi: float) -> Beside:
    return Beside(other, _rates(own, other, phi), _changes(own, other, phi))


def _rates(own: Standing, other: Standing, phi: float) -> Ratio:
    for each in (own, other):
        if each.count is None:
            return Ratio(reason=each.group.why_no_count)
        if each.rate is None:
            return Ratio(reason=each.group.why_no_rate)
    if not own.rate or not other.rate:
        return Ratio(reason="One of the counts is zero.")
    return _ratio(own.rate / other.rate, phi * _share_variance(own.count, other.count))


def _changes(own: Standing, other: Standing, phi: float) -> Ratio:
    for each in (own, other):
        if each.change is None:
            return Ratio(reason=each.why_no_change)
    if not own.change or not other.change:
        return Ratio(reason="One of the counts is zero.")
    variance = _share_variance(own.count, other.count) + _share_variance(own.before, other.before)
    return _ratio(own.change / other.change, phi * variance)


def _share_variance(part: float, whole: float) -> float:
    return max(0.0, 1 / part - 1 / whole)


def _ratio(value: float, variance: float) -> Ratio:
    reach = math.exp(min(FARTHEST, Z_95 * math.sqrt(variance)))
    return Ratio(value, value / reach, value * reach)
