"""Verdicts: whether a claim holds on the figures of an edition, and the figures that say so."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from kingston_analysis.plan.claims import (
    Claim,
    Comparison,
    Direction,
    Extreme,
    Of,
    Rank,
    Share,
    Untestable,
    Value,
)
from kingston_analysis.plan.readings import Readings, UnknownError
from kingston_analysis.results import Findings

Verdict = Literal["holds", "holds only by count", "does not hold", "cannot be tested"]
Measure = Literal["count", "rate"]


@dataclass(frozen=True)
class Judged:
    """A claim with its verdict, why, and the figures behind it, a sentence each."""

    claim: Claim
    verdict: Verdict
    why: str
    evidence: tuple[str, ...] = ()


# Whether the test holds by a measure, with the figures that say so.
Found = tuple[bool, list[str]]


def judge(claim: Claim, findings: Findings) -> Judged:
    """Judge a claim on the findings of an edition.

    Where a rate is held, a claim is judged by count and by rate; count alone makes it hold *only
    by count*. Raises KingstonError where a page publishes nothing of the series at all.
    """
    test = claim.test
    if isinstance(test, Untestable):
        return Judged(claim, "cannot be tested", test.reason)
    readings, judged = Readings(findings), JUDGES[type(test)]
    try:
        holds, evidence = judged(test, readings, "count")
        if not _has_both(test, readings):
            return Judged(claim, _alone(test, holds), _why_alone(test, holds), tuple(evidence))
        by_rate, more = judged(test, readings, "rate")
    except UnknownError as reason:
        return Judged(claim, "cannot be tested", str(reason))
    return Judged(claim, *_both(holds, by_rate), (*evidence, *more))


def _both(by_count: bool, by_rate: bool) -> tuple[Verdict, str]:
    if by_count:
        if by_rate:
            return "holds", "It holds by count and by rate."
        return "holds only by count", "It holds by count and not by rate."
    told = "though it holds by rate" if by_rate else "nor by rate"
    return "does not hold", f"It does not hold by count, {told}."


def _has_both(test: Any, readings: Readings) -> bool:
    """Tell whether a claim can be judged by rate too: a single figure says which it means."""
    if isinstance(test, Value | Share):
        return False
    names = ("rank_rate",) if isinstance(test, Rank) else ("rate",)
    series = [test.of, test.than] if isinstance(test, Comparison) else [test.of]
    return all(readings.has(of, name) for of in series for name in names)


def _alone(test: Any, holds: bool) -> Verdict:
    if not holds:
        return "does not hold"
    return "holds" if isinstance(test, Value | Share) else "holds only by count"


def _why_alone(test: Any, holds: bool) -> str:
    if isinstance(test, Value | Share):
        return "The figure says so." if holds else "The figure says otherwise."
    return "It holds by count; no rate is held." if holds else "It does not hold by count."


def _value(test: Value, readings: Readings, _: Measure) -> Found:
    value = readings.value(test.of, test.measure, test.period)
    low = test.at_least if test.at_least is not None else value
    high = test.at_most if test.at_most is not None else value
    year = readings.period(test.of, test.period)
    return low <= value <= high, [f"{year}: {_told(value, test.measure)}"]


def _direction(test: Direction, readings: Readings, measure: Measure) -> Found:
    years = [readings.period(test.of, period) for period in test.periods]
    steps = list(itertools.pairwise(years))
    holds = all(_went(test, readings, measure, *step) for step in steps)
    evidence = [_step(test.of, readings, measure, *step) for step in steps]
    if test.before:
        outside = _step(test.of, readings, measure, test.before, years[0])
        evidence.append(f"Outside the years that the sentence covers, {outside}")
    return holds, evidence


def _went(test: Direction, readings: Readings, measure: Measure, first: str, last: str) -> bool:
    # Counts of two years that cannot be compared show no direction.
    change = readings.change(test.of, last)
    before, after = (readings.value(test.of, measure, period) for period in (first, last))
    if test.went == "showed no clear change":
        return change.verdict == "no clear change"
    moved = after < before if test.went.endswith("fell") else after > before
    clearly = not test.went.startswith("clearly") or test.went.endswith(change.verdict)
    return moved and clearly


def _step(of: Of, readings: Readings, measure: Measure, first: str, last: str) -> str:
    before, after = (readings.value(of, measure, period) for period in (first, last))
    way = "fell" if after < before else "rose" if after > before else "stayed the same"
    figures = " to ".join(_told(each, measure) for each in (before, after))
    told = f"{first} to {last}: the {measure} {way}, {figures}"
    verdict = readings.change(of, last).verdict if measure == "count" else None
    return f"{told}, which chance can explain" if verdict == "no clear change" else told


def _rank(test: Rank, readings: Readings, measure: Measure) -> Found:
    name = f"rank_{measure}" + "_top" * (test.end == "highest")
    holds, evidence = True, []
    for period in test.periods:
        rank = readings.value(test.of, name, period)
        holds &= rank == test.exactly if test.exactly else rank <= test.at_most
        areas = readings.value(test.of, "areas", period)
        year = readings.period(test.of, period)
        evidence.append(f"{year}: rank {rank:.0f} from the {test.end} of {areas:.0f} by {measure}")
    return holds, evidence


def _extreme(test: Extreme, readings: Readings, measure: Measure) -> Found:
    years = readings.periods(test.of, *test.over)
    values = {year: readings.value(test.of, measure, year) for year in years}
    own = readings.value(test.of, measure, test.period)
    told = ", ".join(f"{_told(value, measure)} in {year}" for year, value in values.items())
    pick = min if test.end == "lowest" else max
    return own == pick(values.values()), [f"By {measure}: {told}"]


def _share(test: Share, readings: Readings, _: Measure) -> Found:
    year = readings.period(test.whole, test.period)
    whole = readings.value(test.whole, "count", year)
    parts = [readings.value(of, "count", year) for of in test.parts]
    if whole == 0:
        raise UnknownError(f"The whole was none in {year}.")
    found = sum(parts) / whole
    holds = found > test.more_than if test.more_than is not None else found < test.less_than
    told = " + ".join(_told(part, "count") for part in parts)
    return holds, [f"{year}: {told} of {_told(whole, 'count')}, which is {found:.1%}"]


def _comparison(test: Comparison, readings: Readings, measure: Measure) -> Found:
    own, other = (readings.value(of, measure, test.period) for of in (test.of, test.than))
    low, high = (own, other) if test.way == "lower" else (other, own)
    year = readings.period(test.of, test.period)
    holds = low * test.times <= high and low < high
    return holds, [f"{year}, by {measure}: {_told(own, measure)} against {_told(other, measure)}"]


def _told(value: float, measure: Measure) -> str:
    return f"{value:,.0f}" if measure == "count" else f"{value:,.1f} per 1,000 residents"


JUDGES: dict[type, Callable[[Any, Readings, Measure], Found]] = {
    Value: _value,
    Direction: _direction,
    Rank: _rank,
    Extreme: _extreme,
    Share: _share,
    Comparison: _comparison,
}
