"""Targets: what is aimed at, how likely it is to be met and where it leads, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kingston_analysis.measures.changes import Change
from kingston_analysis.plan.baselines import Baseline
from kingston_analysis.plan.chances import Chance, band, direction
from kingston_analysis.plan.targets import (
    Bound,
    Monitor,
    Percent,
    Relative,
    Reporting,
    Target,
    Trend,
)
from kingston_analysis.results import Gap
from kingston_analysis.show import wording
from kingston_analysis.show.table import DisplayTable, Heading

NOT_APPLICABLE, NO_VALUE = "[z]", "[x]"


@dataclass(frozen=True)
class Progress:
    """A target, how likely it is to be met, and its latest change, if there is one."""

    target: Target
    chance: Chance
    change: Change | None = None


def target_sentence(progress: Progress) -> str:
    """Say what is aimed at, where it stands, how likely it is to be met and where it leads."""
    target, found = progress.target, progress.chance
    words = f"**{target.title}.** {wording.sentence_start(_goal(target, found))}. "
    if found.latest is not None:
        words += f"The newest figure is {_latest(target, found)}. "
    if not isinstance(target, Monitor):
        words += f"{likelihood(found)}. "
    if found.expected is not None:
        low, high = _number(target, found.expected.low), _amount(target, found.expected.high)
        words += f"Expected in {target.period}: {low} to {high} (95% interval). "
    if leads := direction(target, progress.change):
        words += f"The latest change leads {leads}."
    return words.replace("..", ".").strip()


def targets_table(rows: Sequence[Progress | Gap]) -> DisplayTable:
    """Set down each target with baseline, goal, latest value, likelihood and direction."""
    names = ("Target", "Baseline", "Goal", "Latest value", "How likely", "Direction")
    written = [
        ["Targets", NO_VALUE, NO_VALUE, NO_VALUE, wording.or_gap(each), NO_VALUE]
        if isinstance(each, Gap)
        else _row(each)
        for each in rows
    ]
    return DisplayTable("Targets and how likely they are", [Heading(n) for n in names], written)


def likelihood(found: Chance) -> str:
    """Write the symbol, the band in words and the probability; or the outcome, or why neither."""
    if found.met is not None:
        return "Met" if found.met else "Not met"
    if isinstance(found.probability, Gap):
        return f"Not available: {found.probability.why}"
    of = band(found.probability)
    return f"{of.symbol} {wording.sentence_start(of.words)}, {_in_100(found.probability)}"


def _row(progress: Progress) -> list[str]:
    target, found = progress.target, progress.chance
    return [
        target.title,
        _baseline(target),
        wording.sentence_start(_goal(target, found)),
        NO_VALUE if found.latest is None else _latest(target, found),
        likelihood(found),
        wording.sentence_start(direction(target, progress.change)) or "No clear direction",
    ]


def _in_100(probability: float) -> str:
    """Write a probability; rounded down, so that it never reads as of the band above."""
    whole = math.floor(probability * 100 + 1e-9)
    if whole < 1:
        return "in fewer than 1 of 100"
    return "in more than 99 of 100" if probability > 0.99 else f"in {whole} of 100"


def _goal(target: Target, found: Chance) -> str:
    if isinstance(target, Monitor) or found.goal is None:
        return "watched, no goal set"
    amount = f"{target.side} {_amount(target, found.goal)}"
    if isinstance(target, Bound):
        return f"{amount} in every year from {target.since} to {target.period}"
    if isinstance(target, Trend):
        below = f"more than {target.margin:g}% below" if target.margin else "below"
        amount = f"below {_amount(target, found.goal)}, {below} the projected trend,"
    return f"{amount} in {target.period}{_from(target)}"


def _from(target: Target) -> str:
    if not isinstance(target, Percent | Reporting):
        return ""
    more = "above" if target.change > 0 else "below"
    return f", {abs(target.change):g}% {more} the baseline"


def _baseline(target: Target) -> str:
    base = getattr(target, "baseline", None)
    if base is None:
        return NOT_APPLICABLE
    if isinstance(base, Baseline):
        return f"{_amount(target, base.value)} in {base.period}"
    return f"trend of {base.period}"


def _latest(target: Target, found: Chance) -> str:
    return f"{_amount(target, found.latest)} in {found.latest_period}"


def _amount(target: Target, value: float) -> str:
    if isinstance(target, Relative):
        return f"{_number(target, value)} times the rate of {target.group}"
    return _number(target, value) + (" per 1,000 residents" if target.measure == "rate" else "")


def _number(target: Target, value: float) -> str:
    if isinstance(target, Relative):
        return f"{value:,.2f}"
    return f"{value:,.1f}" if target.measure == "rate" else f"{value:,.0f}"
