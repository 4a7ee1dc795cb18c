"""Changes between two counts, with an interval that allows for more than Poisson variation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.variation import FARTHEST, Variation
from kingston_analysis.results import Estimate, Gap

Verdict = Literal["rose", "fell", "no clear change", "cannot be compared"]

FEW_BEFORE = Gap("There are too few for a percentage.")
NOT_A_YEAR = Gap("This is no change from one year to the next.")
# Of intervals of one figure.
LEVEL = 0.95
# Of every change, in every edition: the verdict is read off the interval at this level
# (docs/decisions/0030).
JUDGED_AT = 0.995
POWER = 0.80
# From here on "a true fall of about … would have stood out" tells a reader nothing.
TOO_FEW = 0.6
# From fewer offences a year a percentage says nothing: 3 and then 10 are 233% more.
FEW = 10
# A logged fall of 99%, below which all falls are alike.
DEEPEST = 4.6


@dataclass(frozen=True)
class Usual:
    """How far a series usually moves in a year: in 95 of 100, by a ratio from `low` to `high`.

    `unusual` tells whether the latest move lies outside; `areas` how many areas are known that
    year, and `unusual_areas` in how many of them it did.
    """

    low: float
    high: float
    unusual: bool
    unusual_areas: int
    areas: int


@dataclass(frozen=True)
class Change:
    """A comparison of two counts: their ratio, the verdict, and what could be noticed.

    The verdict says whether the level is another, beyond counting noise: *rose* or *fell* where the
    ratio's interval leaves out 1. `usual` says whether that is more than the series usually moves
    in a year, or why it is not told. `noticeable_fall` and `noticeable_rise` are the smallest, as
    shares of the earlier count, that would have been noticed with 80% power. Where the counts
    cannot be compared, the ratio is a gap and the numbers are None. `few` tells that fewer than
    `FEW` were before: no percentage is printed.
    """

    verdict: Verdict
    ratio: Estimate | Gap
    few: bool = False
    noticeable_fall: float | None = None
    noticeable_rise: float | None = None
    variation: Variation | None = None
    caution: str | None = None
    usual: Usual | Gap = NOT_A_YEAR

    @property
    def printed(self) -> Estimate | Gap:
        """Return the ratio where it may be printed as a percentage."""
        return FEW_BEFORE if self.few else self.ratio

    @property
    def unusual(self) -> bool:
        """Tell whether the level is another and moved more than it usually does in a year."""
        found = self.usual
        return self.verdict in ("rose", "fell") and isinstance(found, Usual) and found.unusual


def compare(
    before: float,
    after: float,
    variation: Variation,
    breaks: Sequence[tuple[str, str]] = (),
    *,
    years: int = 1,
    level: float = JUDGED_AT,
    usual: Usual | Gap = NOT_A_YEAR,
) -> Change:
    """Compare a count with an earlier one, or with the mean of so many earlier years.

    `before` is the sum over those years. The interval, which holds at `level`, is that of a
    quasi-Poisson model with a term for each period: exp(log ratio ± t √(φ(1/before + 1/after))), t
    being the quantile for the degrees of freedom behind φ (McCullagh and Nelder 1989, chapter 6).
    `breaks` are (effect, what) of the registered breaks between the two: one that refuses makes the
    verdict *cannot be compared*, one that labels is carried as a caution.
    """
    for effect, what in breaks:
        if effect == "refuse":
            return incomparable(what)
    if math.isnan(before) or math.isnan(after):
        return incomparable("One of the two figures is suppressed or missing.")
    if before <= 0 or after <= 0:
        return incomparable("One of the two counts is zero.")
    before, after = float(before), float(after)
    spread = math.sqrt(variation.phi * (1 / before + 1 / after))
    ratio = after / (before / years)
    reach = variation.quantile((1 + level) / 2) * spread
    if reach > FARTHEST:
        return incomparable("The counts vary too much for any change to be told.")
    low, high = ratio * math.exp(-reach), ratio * math.exp(reach)
    return Change(
        verdict="rose" if low > 1 else "fell" if high < 1 else "no clear change",
        ratio=Estimate(ratio, low, high, level=level),
        few=before / years < FEW,
        noticeable_fall=1 - math.exp(-_noticeable(before, years, variation, level, -1)),
        noticeable_rise=math.exp(_noticeable(before, years, variation, level, +1)) - 1,
        variation=variation,
        caution=" ".join(dict.fromkeys(what for _, what in breaks)) or None,
        usual=usual,
    )


def check_level(level: float) -> None:
    """Raise KingstonError where the level of an interval is not a share between 0 and 1."""
    if not 0 < level < 1:
        raise KingstonError(
            f"The level of an interval lies between 0 and 1: {level} does not.",
            "Give 0.99 for 99%.",
        )


def incomparable(why: str) -> Change:
    """Return a comparison that cannot be made, with the reason."""
    return Change("cannot be compared", Gap(why))


def _noticeable(
    before: float, years: int, variation: Variation, level: float, sign: Literal[-1, 1]
) -> float:
    """Return the smallest logged fall or rise that is noticed with 80% power.

    At a level of 99%, a logged fall d is noticed so often if it is t.995 + t.80 standard errors
    deep; the error is that after the fall, when the later count is smaller: √(φ(1 + years·e^d) /
    before). Solved by repetition, as far as a fall of 99%.
    """
    reach = variation.quantile((1 + level) / 2) + variation.quantile(POWER)
    move = 0.0
    for _ in range(100):
        spread = math.sqrt(variation.phi * (1 + years * math.exp(-sign * move)) / before)
        move = min(DEEPEST, reach * spread)
    return move
