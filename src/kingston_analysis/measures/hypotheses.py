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
    HypothesisTest,
    PartTest,
    RateTest,
    SeasonTest,
)
from kingston_analysis.data.tables.periods import MONTHS
from kingston_analysis.measures.change import Change, incomparable
from kingston_analysis.measures.expected import (
    MARGIN,
    Expected,
    Outcome,
    farthest,
    nearest_to_zero,
    outcome_of,
    outcome_of_unclear,
)
from kingston_analysis.measures.seasons import Seasons
from kingston_analysis.measures.wards import Concentration
from kingston_analysis.measures.why import Decomposition
from kingston_analysis.results import Estimate, Gap

TestConfidence = Literal["high", "medium", "low"]

# The published rule, from the surest to the least sure.
CONFIDENCE: dict[TestConfidence, str] = {
    "high": "the figures are clear of chance and measure the thing itself",
    "medium": "the figures are clear of chance, but only stand in for the thing itself or cross a "
    "break in the series",
    "low": "the figures are not clear of chance",
}

FROM_WORST: tuple[Outcome, ...] = ("not supported", "no clear answer", "supported")

NOT_HELD = Gap("No figures that would show it are held.")
NO_CHANGE = Gap("Figures for the year and the year before are not both known.")
NO_PARTS = Gap("The change cannot be divided into parts.")
NO_WARDS = Gap("No figures by ward are held for this area and year.")
NO_SEASONS = Gap("Too few months are known to tell a season from chance.")
NO_RATE = Gap("Rates are not held for both the borough and the larger area it lies in.")


@dataclass(frozen=True)
class Measurements:
    """What the measures of a page found, or why they found nothing.

    `changes` has the latest change of each indicator, by its id; `concentration` is that beside all
    recorded crime; `rate_ratio` is the area's rate over that of `within`, the larger area in which
    it lies.
    """

    changes: Mapping[str, Change] = field(default_factory=dict)
    decomposition: Decomposition | Gap = NO_PARTS
    concentration: Concentration | Gap = NO_WARDS
    seasons: Seasons | Gap = NO_SEASONS
    rate_ratio: Estimate | Gap = NO_RATE
    within: str = ""


@dataclass(frozen=True)
class HypothesisResult:
    """The outcome of a test, the numbers behind it by name, and how sure it is.

    `weakness` says what takes from the confidence, `gap` why there are no data. `margin` is how far
    from nothing, either way, a movement is of no note, where the outcome hangs on that.
    """

    hypothesis: Hypothesis
    outcome: Outcome
    numbers: tuple[tuple[str, Estimate], ...] = ()
    confidence: TestConfidence | None = None
    weakness: str = ""
    gap: Gap | None = None
    margin: float | None = None


@dataclass(frozen=True)
class _Answer:
    """An outcome with its numbers, which break takes from it, and on which margin it hangs."""

    outcome: Outcome
    numbers: tuple[tuple[str, Estimate], ...]
    caution: str = ""
    margin: float | None = None


def evaluate_of_change(
    hypothesis: Hypothesis, measured: Measurements, change: Change
) -> HypothesisResult:
    """Test a hypothesis as `evaluate` does, unless the change that it explains did not come.

    `change` is the latest of the topic's primary indicator.
    """
    if hypothesis.explains:
        if isinstance(change.ratio, Gap):
            return HypothesisResult(hypothesis, "no data", gap=change.ratio)
        if {"rose": "rise", "fell": "fall"}.get(change.verdict) != hypothesis.explains:
            return HypothesisResult(hypothesis, "does not apply")
    return evaluate(hypothesis, measured)


def evaluate(hypothesis: Hypothesis, measured: Measurements) -> HypothesisResult:
    """Test a hypothesis on what was measured.

    The outcome is that of `expected`, the confidence follows `CONFIDENCE`. That an expectation is
    met does not prove the reason.
    """
    answer = _answer(hypothesis.test, measured) if hypothesis.test else NOT_HELD
    if isinstance(answer, Gap):
        return HypothesisResult(hypothesis, "no data", gap=answer)
    weak = " ".join(filter(None, [hypothesis.proxy, answer.caution]))
    clear = answer.outcome != "no clear answer"
    confidence: TestConfidence = "low" if not clear else "medium" if weak else "high"
    return HypothesisResult(
        hypothesis, answer.outcome, answer.numbers, confidence, weak, margin=answer.margin
    )


def _answer(test: HypothesisTest, measured: Measurements) -> _Answer | Gap:
    match test:
        case PartTest():
            return _part(test, measured.decomposition)
        case CommonTest():
            return _common(measured.decomposition)
        case ChangeTest():
            return _change(test, measured.changes.get(test.indicator, incomparable(NO_CHANGE.why)))
        case ConcentrationTest():
            return _concentration(measured.concentration)
        case SeasonTest():
            return _season(test, measured.seasons)
        case RateTest():
            return _rate(test, measured)


def _part(test: PartTest, found: Decomposition | Gap) -> _Answer | Gap:
    if isinstance(found, Gap):
        return found
    part = found.local if test.kind == "local" else found.mix
    margin = MARGIN * found.before
    outcome = outcome_of(test.expect, part, 0, margin)
    hangs = _hangs_on_margin(test.expect, outcome, [part], 0)
    numbers = ((test.kind, part),)
    return _Answer(outcome, numbers, found.caution or "", margin if hangs else None)


def _hangs_on_margin(
    expect: Expected, outcome: Outcome, numbers: list[Estimate], nothing: float
) -> bool:
    """Tell whether an outcome is what it is by how large a movement is of note."""
    told = expect == "none" or outcome != "no clear answer"
    return told and any(each.allows(nothing) for each in numbers)


def _common(found: Decomposition | Gap) -> _Answer | Gap:
    """Compare sizes: the nearer end of one interval with the farther end of the other."""
    if isinstance(found, Gap):
        return found
    common, local = found.common, found.local
    outcome: Outcome = "no clear answer"
    if nearest_to_zero(common) > farthest(local) and common.value * found.change > 0:
        outcome = "supported"
    elif nearest_to_zero(local) > farthest(common):
        outcome = "not supported"
    return _Answer(outcome, (("common", common), ("local", local)), found.caution or "")


def _change(test: ChangeTest, change: Change) -> _Answer | Gap:
    ratio = change.ratio
    if isinstance(ratio, Gap):
        return ratio
    if change.verdict == "no clear change":
        outcome = outcome_of_unclear(test.expect, ratio, 1, MARGIN)
    else:
        went = "rise" if change.verdict == "rose" else "fall"
        outcome = "supported" if test.expect == went else "not supported"
    hangs = _hangs_on_margin(test.expect, outcome, [ratio], 1)
    margin = MARGIN if hangs and change.verdict == "no clear change" else None
    return _Answer(outcome, (("change", ratio),), change.caution or "", margin)


def _concentration(found: Concentration | Gap) -> _Answer | Gap:
    if isinstance(found, Gap):
        return found
    by_chance = Estimate(found.holding_half, found.low, found.high)
    outcome: Outcome = "no clear answer"
    if not found.low <= found.holding_half <= found.high:
        outcome = "supported" if found.holding_half < found.low else "not supported"
    return _Answer(outcome, (("wards", by_chance),))


def _season(test: SeasonTest, found: Seasons | Gap) -> _Answer | Gap:
    numbers = [MONTHS.index(month) + 1 for month in test.months]
    if isinstance(found, Gap) or found.low is None or set(numbers) & set(found.unseen):
        return NO_SEASONS
    each = [found.of(number) for number in numbers]
    outcomes = {outcome_of(test.expect, index, 1, MARGIN) for index in each}
    # One month that is clearly otherwise is enough against it, and one that is unclear keeps it so.
    worst = next(outcome for outcome in FROM_WORST if outcome in outcomes)
    hangs = _hangs_on_margin(test.expect, worst, each, 1)
    found_of = tuple(zip(test.months, each, strict=True))
    return _Answer(worst, found_of, margin=MARGIN if hangs else None)


def _rate(test: RateTest, measured: Measurements) -> _Answer | Gap:
    if isinstance(measured.rate_ratio, Gap):
        return measured.rate_ratio
    ratio = measured.rate_ratio
    outcome = outcome_of(test.expect, ratio, 1, MARGIN)
    hangs = _hangs_on_margin(test.expect, outcome, [ratio], 1)
    return _Answer(outcome, ((measured.within, ratio),), margin=MARGIN if hangs else None)
