"""Verdicts: whether a claim holds on the figures of an edition, and the figures that say so."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from kingston_analysis.plan.claims import (
    Claim,
    ComparisonTest,
    DirectionTest,
    ExtremeTest,
    Extremum,
    RankTest,
    SeriesRef,
    ShareTest,
    Untestable,
    ValueTest,
)
from kingston_analysis.plan.indicator_values import IndicatorValues, UnknownError
from kingston_analysis.results import Findings

ClaimVerdict = Literal["holds", "holds only by count", "does not hold", "cannot be tested"]
Measure = Literal["count", "rate"]


@dataclass(frozen=True)
class RankFound:
    """A rank of a year by count or rate, counted from one end of so many areas."""

    year: str
    rank: float
    extremum: Extremum
    areas: float
    measure: Measure


EvidenceItem = str | RankFound


@dataclass(frozen=True)
class JudgedClaim:
    """A claim with its verdict, why, and the figures behind it, a sentence or a rank each."""

    claim: Claim
    verdict: ClaimVerdict
    why: str
    evidence: tuple[EvidenceItem, ...] = ()


# Whether the test holds by a measure, with the figures that say so.
Found = tuple[bool, list[EvidenceItem]]


def judge_claim(claim: Claim, findings: Findings) -> JudgedClaim:
    """Judge a claim on the findings of an edition.

    Where a rate is held, a claim is judged by count and by rate; count alone makes it hold *only
    by count*. A direction that the book calls no clear change does not hold: it cannot be told.
    Raises KingstonError where a page publishes nothing of the series at all.
    """
    test = claim.test
    if isinstance(test, Untestable):
        return JudgedClaim(claim, "cannot be tested", test.reason)
    values, judged = IndicatorValues(findings), JUDGES[type(test)]
    try:
        holds, evidence = judged(test, values, "count")
        if not _has_both(test, values):
            alone = (_alone(test, holds), _why_alone(test, holds))
            return _if_clear(JudgedClaim(claim, *alone, tuple(evidence)), values)
        by_rate, more = judged(test, values, "rate")
    except UnknownError as reason:
        return JudgedClaim(claim, "cannot be tested", str(reason))
    return _if_clear(JudgedClaim(claim, *_both(holds, by_rate), (*evidence, *more)), values)


def _if_clear(judged: JudgedClaim, values: IndicatorValues) -> JudgedClaim:
    """Let no direction hold that the book itself calls no clear change: it cannot be told."""
    test = judged.claim.test
    if not isinstance(test, DirectionTest) or judged.verdict == "does not hold":
        return judged
    years = [values.period(test.of, period) for period in test.periods[1:]]
    unclear = [year for year in years if not _is_clear(test, values, year)]
    if not unclear:
        return judged
    why = f"The book finds no clear change in {' and '.join(unclear)}: chance can explain it."
    return replace(judged, verdict="cannot be tested", why=why)


def _both(by_count: bool, by_rate: bool) -> tuple[ClaimVerdict, str]:
    if by_count:
        if by_rate:
            return "holds", "It holds by count and by rate."
        return "holds only by count", "It holds by count and not by rate."
    otherwise = "though it holds by rate" if by_rate else "nor by rate"
    return "does not hold", f"It does not hold by count, {otherwise}."


def _has_both(test: Any, values: IndicatorValues) -> bool:
    """Tell whether a claim can be judged by rate too: a single figure says which it means."""
    if isinstance(test, ValueTest | ShareTest):
        return False
    names = ("rank_rate",) if isinstance(test, RankTest) else ("rate",)
    series = [test.of, test.than] if isinstance(test, ComparisonTest) else [test.of]
    return all(values.has(of, name) for of in series for name in names)


def _alone(test: Any, holds: bool) -> ClaimVerdict:
    if not holds:
        return "does not hold"
    return "holds" if isinstance(test, ValueTest | ShareTest) else "holds only by count"


def _why_alone(test: Any, holds: bool) -> str:
    if isinstance(test, ValueTest | ShareTest):
        return "The figure says so." if holds else "The figure says otherwise."
    return "It holds by count; no rate is held." if holds else "It does not hold by count."


def _value(test: ValueTest, values: IndicatorValues, _: Measure) -> Found:
    value = values.value(test.of, test.measure, test.period)
    low = test.at_least if test.at_least is not None else value
    high = test.at_most if test.at_most is not None else value
    year = values.period(test.of, test.period)
    return low <= value <= high, [f"{year}: {_figure(value, test.measure)}"]


def _direction(test: DirectionTest, values: IndicatorValues, measure: Measure) -> Found:
    years = [values.period(test.of, period) for period in test.periods]
    steps = list(itertools.pairwise(years))
    holds = all(_went(test, values, measure, *step) for step in steps)
    evidence: list[EvidenceItem] = [_step(test.of, values, measure, *step) for step in steps]
    if test.before:
        outside = _step(test.of, values, measure, test.before, years[0])
        evidence.append(f"Outside the years that the sentence covers, {outside}")
    return holds, evidence


def _is_clear(test: DirectionTest, values: IndicatorValues, last: str) -> bool:
    """Tell whether the book itself says of a year what a test asks, and not that it cannot tell."""
    verdict = values.change(test.of, last).verdict
    return verdict is not None and test.went.endswith(verdict)


def _went(
    test: DirectionTest, values: IndicatorValues, measure: Measure, first: str, last: str
) -> bool:
    # Counts of two years that cannot be compared show no direction.
    change = values.change(test.of, last)
    before, after = (values.value(test.of, measure, period) for period in (first, last))
    if test.went == "showed no clear change":
        return change.verdict == "no clear change"
    as_claimed = after < before if test.went.endswith("fell") else after > before
    clearly = not test.went.startswith("clearly") or test.went == f"clearly {change.verdict}"
    return as_claimed and clearly


def _step(of: SeriesRef, values: IndicatorValues, measure: Measure, first: str, last: str) -> str:
    """Write a step from year to year; it rose or fell only where that is clear, as a count is."""
    before, after = (values.value(of, measure, period) for period in (first, last))
    text, verdict = f"{first} to {last}: the {measure}", values.change(of, last).verdict
    if before == after:
        return f"{text} stayed at {_figure(after, measure)}"
    clear = measure == "count" and verdict in ("rose", "fell")
    span = f"from {_number(before, measure)} to {_figure(after, measure)}"
    chance = ", which can be chance" if measure == "count" and verdict == "no clear change" else ""
    return f"{text} {verdict if clear else 'went'} {span}{chance}"


def _rank(test: RankTest, values: IndicatorValues, measure: Measure) -> Found:
    name = f"rank_{measure}_top" if test.extremum == "highest" else f"rank_{measure}"
    holds, evidence = True, list[EvidenceItem]()
    for period in test.periods:
        rank = values.value(test.of, name, period)
        holds &= rank == test.exactly if test.at_most is None else rank <= test.at_most
        areas = values.value(test.of, "areas", period)
        year = values.period(test.of, period)
        evidence.append(RankFound(year, rank, test.extremum, areas, measure))
    return holds, evidence


def _extreme(test: ExtremeTest, values: IndicatorValues, measure: Measure) -> Found:
    years = values.periods(test.of, *test.over)
    by_year = {year: values.value(test.of, measure, year) for year in years}
    own = values.value(test.of, measure, test.period)
    figures = ", ".join(f"{_figure(value, measure)} in {year}" for year, value in by_year.items())
    pick = min if test.extremum == "lowest" else max
    return own == pick(by_year.values()), [f"By {measure}: {figures}"]


def _share(test: ShareTest, values: IndicatorValues, _: Measure) -> Found:
    year = values.period(test.total, test.period)
    total = values.value(test.total, "count", year)
    parts = [values.value(of, "count", year) for of in test.parts]
    if total == 0:
        raise UnknownError(f"The whole was none in {year}.")
    found = sum(parts) / total
    holds = test.more_than is None or found > test.more_than
    holds &= test.less_than is None or found < test.less_than
    summands = " + ".join(_figure(part, "count") for part in parts)
    return holds, [f"{year}: {summands} of {_figure(total, 'count')}, which is {found:.1%}"]


def _comparison(test: ComparisonTest, values: IndicatorValues, measure: Measure) -> Found:
    own, other = (values.value(of, measure, test.period) for of in (test.of, test.than))
    low, high = (own, other) if test.direction == "lower" else (other, own)
    year = values.period(test.of, test.period)
    holds = low * test.times <= high and low < high
    return holds, [
        f"{year}, by {measure}: {_figure(own, measure)} against {_figure(other, measure)}"
    ]


def _figure(value: float, measure: Measure) -> str:
    number = _number(value, measure)
    return number if measure == "count" else f"{number} per 1,000 residents"


def _number(value: float, measure: Measure) -> str:
    return f"{value:,.0f}" if measure == "count" else f"{value:,.1f}"


JUDGES: dict[type, Callable[[Any, IndicatorValues, Measure], Found]] = {
    ValueTest: _value,
    DirectionTest: _direction,
    RankTest: _rank,
    ExtremeTest: _extreme,
    ShareTest: _share,
    ComparisonTest: _comparison,
}
