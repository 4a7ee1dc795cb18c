"""Progress: what a figure did while a plan ran, and how far that speaks for what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from kingston_analysis.data.topics import Polarity
from kingston_analysis.measures.change import Change, Verdict
from kingston_analysis.measures.forecast import Forecast
from kingston_analysis.results import Estimate, Gap, ends_of

EvidenceState = Literal["none", "associated", "compared with similar boroughs", "placebo-tested"]
BETTER: dict[Polarity, Verdict] = {
    "lower is better": "fell",
    "higher is better": "rose",
    "more reporting is better": "rose",
}
# A share of placebos as good as the real thing up to which chance is no likely reason.
RARE = 0.05


@dataclass(frozen=True)
class Evidence:
    """How far a change speaks for what was done, and why no farther."""

    state: EvidenceState
    why: str


def evidence(
    acted: bool,
    polarity: Polarity,
    change: Change,
    relative_change: Estimate | Gap,
    group: str,
    placebo: float | None,
) -> Evidence:
    """Tell how far the change of an outcome speaks for the actions that aimed at it.

    Each step asks more than the one before: that something was done and the figure then moved the
    right way by more than chance; that it did so clearly more than in the boroughs together
    (`beside` is own change ÷ their change); that among the other boroughs, where nothing of the
    plan was done, at most 5% moved so far (`placebo` is their share, None where neither way is
    better; a permutation test in the manner of Abadie, Diamond and Hainmueller 2010). None of them
    proves a cause.
    """
    wanted = BETTER.get(polarity)
    if not acted:
        return Evidence("none", "No action is known, so no change can be put down to an action.")
    if wanted is None or placebo is None:
        return Evidence("none", "Neither more nor less of it is better in itself.")
    if isinstance(change.ratio, Gap):
        return Evidence("none", change.ratio.why)
    if change.verdict != wanted:
        return Evidence("none", "The figure did not move the right way by more than chance.")
    if not _clearly(relative_change, wanted):
        return Evidence("associated", f"It moved so, but not clearly more than in {group}.")
    if placebo > RARE:
        share = f"{placebo:.0%} of the other boroughs moved as far"
        return Evidence(
            "compared with similar boroughs", f"It moved more than in {group}; {share}."
        )
    return Evidence("placebo-tested", f"It moved more than in {group} and nearly every borough.")


def _clearly(relative_change: Estimate | Gap, wanted: Verdict) -> bool:
    if isinstance(relative_change, Gap):
        return False
    low, high = ends_of(relative_change)
    return high < 1 if wanted == "fell" else low > 1


def placebo_share(counts: pd.DataFrame, area: str, wanted: Verdict) -> float:
    """Return the share of the other areas whose count changed as far the wanted way, or farther.

    `counts` has two columns, the earlier year and the later one, by area; an area without both
    figures, or with none earlier, is left out. With no other area left the share is 1.
    """
    known = counts.dropna()
    known = known[known.iloc[:, 0] > 0]
    ratios = known.iloc[:, 1] / known.iloc[:, 0]
    others = ratios.drop(area, errors="ignore")
    if area not in ratios.index or others.empty:
        return 1.0
    as_far = others <= ratios[area] if wanted == "fell" else others >= ratios[area]
    return float(as_far.mean())


@dataclass(frozen=True)
class ForecastScore:
    """A forecast of an earlier edition, and the actual count of its year, or why none is known."""

    page: str
    forecast: Forecast
    actual: float | Gap

    def covered(self, level: Literal[80, 95] | None = None) -> bool:
        """Tell whether an interval, or the rough range, covered the actual count.

        One that is not known is not covered.
        """
        forecast = self.forecast
        within = {80: forecast.within_80, 95: forecast.within_95, None: forecast.within}[level]
        return not isinstance(self.actual, Gap) and within.allows(self.actual)
