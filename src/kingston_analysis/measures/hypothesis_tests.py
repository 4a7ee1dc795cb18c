"""Tests of hypotheses: what the measures say of what a hypothesis leads us to expect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kingston_analysis.data.hypotheses import (
    ChangeTest,
    CommonTest,
    ConcentrationTest,
    Hypothesis,
    PartTest,
    RateTest,
    SeasonTest,
    Test,
)
from kingston_analysis.data.tables.periods import MONTHS
from kingston_analysis.measures.changes import Change
from kingston_analysis.measures.expected import (
    MARGIN,
    Outcome,
    farthest,
    nearest_to_zero,
    outcome_of,
    outcome_of_unclear,
)
from kingston_analysis.measures.places import Concentration
from kingston_analysis.measures.seasons import Seasons
from kingston_analysis.measures.why import Decomposition, Estimate

Confidence = Literal["high", "medium", "low"]

# The published rule, from the surest to the least sure.
CONFIDENCE: dict[Confidence, str] = {
    "high": "the figures are clear of chance and measure the thing itself",
    "medium": "the figures are clear of chance, but only stand in for the thing itself or cross a "
    "break in the series",
    "low": "the figures are not clear of chance",
}

FROM_WORST: tuple[Outcome, ...] = ("not supported", "no clear answer", "supported")

NOT_HELD = "No figures that would show it are held."
NO_CHANGE = "No figure for the year and the one before is known."
NO_PARTS = "The change cannot be divided into parts."
NO_WARDS = "No figures by ward are held for this area and year."
NO_SEASONS = "Too few months are known for a seasonal profile."
NO_RATE = "No rate of the area and of the larger area it lies in is held."


@dataclass(frozen=True)
class Measured:
    """What the measures of a page found; what was not measured stays None.

    `changes` has the latest change of each indicator, by its id; `rate_ratio` is the area's rate
    over that of `within`, the larger area in which it lies.
    """

    changes: Mapping[str, Change] = field(default_factory=dict)
    decomposition: Decomposition | None = None
    concentration: Concentration | None = None
    seasons: Seasons | None = None
    rate_ratio: Estimate | None = None
    within: str = ""


@dataclass(frozen=True)
class Result:
    """The outcome of a test, the numbers behind it by name, and how sure it is.

    `reason` says why there are no data, or what takes from the confidence.
    """

    hypothesis: Hypothesis
    outcome: Outcome
    numbers: tuple[tuple[str, Estimate], ...] = ()
    confidence: Confidence | None = None
    reason: str = ""


@dataclass(frozen=True)
class _Answer:
    """An outcome with its numbers, and why there is none or which break takes from it."""

    outcome: Outcome
    numbers: tuple[tuple[str, Estimate], ...] = ()
    reason: str = ""


def evaluate(hypothesis: Hypothesis, measured: Measured) -> Result:
    """Test a hypothesis on what was measured.

    The outcome is that of `expected`, the confidence follows `CONFIDENCE`. That an expectation is
    met does not prove the reason.
    """
    if hypothesis.test is None:
        return Result(hypothesis, "no data", reason=NOT_HELD)
    answer = _answer(hypothesis.test, measured)
    if answer.outcome == "no data":
        return Result(hypothesis, "no data", reason=answer.reason)
    weak = " ".join(filter(None, [hypothesis.proxy, answer.reason]))
    clear = answer.outcome != "no clear answer"
    confidence: Confidence = "low" if not clear else "medium" if weak else "high"
    return Result(hypothesis, answer.outcome, answer.numbers, confidence, weak)


def _answer(test: Test, measured: Measured) -> _Answer:
    match test:
        case PartTest():
            return _part(test, measured.decomposition)
        case CommonTest():
            return _common(measured.decomposition)
        case ChangeTest():
            return _change(test, measured.changes.get(test.indicator))
        case ConcentrationTest():
            return _concentration(measured.concentration)
        case SeasonTest():
            return _season(test, measured.seasons)
        case RateTest():
            return _rate(test, measured)


def _part(test: PartTest, found: Decomposition | None) -> _Answer:
    if found is None or found.reason:
        return _Answer("no data", reason=found.reason if found else NO_PARTS)
    part = found.local if test.kind == "local" else found.mix
    outcome = outcome_of(test.expect, part, 0, MARGIN * found.before)
    return _Answer(outcome, ((test.kind, part),), found.caution or "")


def _common(found: Decomposition | None) -> _Answer:
    """Compare sizes: the nearer end of one interval with the farther end of the other."""
    if found is None or found.reason:
        return _Answer("no data", reason=found.reason if found else NO_PARTS)
    common, local = found.common, found.local
    outcome: Outcome = "no clear answer"
    if nearest_to_zero(common) > farthest(local) and common.value * found.change > 0:
        outcome = "supported"
    elif nearest_to_zero(local) > farthest(common):
        outcome = "not supported"
    return _Answer(outcome, (("common", common), ("local", local)), found.caution or "")


def _change(test: ChangeTest, change: Change | None) -> _Answer:
    if change is None or change.ratio is None:
        return _Answer("no data", reason=(change and change.reason) or NO_CHANGE)
    ratio = Estimate(change.ratio, change.low, change.high)
    # The verdict, not the interval, allows for how many changes the page looks at.
    if change.verdict == "no clear change":
        outcome = outcome_of_unclear(test.expect, ratio, 1, MARGIN)
    else:
        went = "rise" if change.verdict == "rose" else "fall"
        outcome = "supported" if test.expect == went else "not supported"
    return _Answer(outcome, (("change", ratio),), change.caution or "")


def _concentration(found: Concentration | None) -> _Answer:
    if found is None:
        return _Answer("no data", reason=NO_WARDS)
    by_chance = Estimate(found.holding_half, found.low, found.high)
    outcome: Outcome = "no clear answer"
    if not found.low <= found.holding_half <= found.high:
        outcome = "supported" if found.holding_half < found.low else "not supported"
    return _Answer(outcome, (("wards", by_chance),))


def _season(test: SeasonTest, found: Seasons | None) -> _Answer:
    numbers = [MONTHS.index(month) + 1 for month in test.months]
    if found is None or found.low is None or set(numbers) & set(found.unseen):
        return _Answer("no data", reason=NO_SEASONS)
    each = [Estimate(found.index[n], found.low[n], found.high[n]) for n in numbers]
    outcomes = {outcome_of(test.expect, index, 1, MARGIN) for index in each}
    # One month that is clearly otherwise is enough against it, and one that is unclear keeps it so.
    worst = next(outcome for outcome in FROM_WORST if outcome in outcomes)
    return _Answer(worst, tuple(zip(test.months, each, strict=True)))


def _rate(test: RateTest, measured: Measured) -> _Answer:
    if measured.rate_ratio is None:
        return _Answer("no data", reason=NO_RATE)
    outcome = outcome_of(test.expect, measured.rate_ratio, 1, MARGIN)
    return _Answer(outcome, ((measured.within, measured.rate_ratio),))
