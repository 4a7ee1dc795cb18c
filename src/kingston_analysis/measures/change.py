"""Changes between two counts, with an interval that allows for more than Poisson variation."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from scipy import special
from statsmodels.stats.multitest import multipletests

from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.variation import FARTHEST, Variation
from kingston_analysis.results import Estimate, Gap

Verdict = Literal["rose", "fell", "no clear change", "cannot be compared"]

LEVEL = 0.95
POWER = 0.80
# From here on "only a fall of about … would have stood out" tells a reader nothing.
TOO_FEW = 0.6
# A logged fall of 99%, below which all falls are alike.
DEEPEST = 4.6


@dataclass(frozen=True)
class Change:
    """A comparison of two counts: their ratio, the verdict, and what could be noticed.

    `p` is the two-sided probability of a ratio as far from 1 or farther by chance. `noticeable` is
    the smallest fall, as a share of the earlier count, that would have been noticed with 80%
    power. `family` is the number of comparisons among which the verdict stands. Where the counts
    cannot be compared, the ratio is a gap and the other numbers are None.
    """

    verdict: Verdict
    ratio: Estimate | Gap
    p: float | None = None
    noticeable: float | None = None
    variation: Variation | None = None
    family: int = 1
    caution: str | None = None


def compare(
    before: float,
    after: float,
    variation: Variation,
    breaks: Sequence[tuple[str, str]] = (),
    *,
    years: int = 1,
    level: float = LEVEL,
) -> Change:
    """Compare a count with an earlier one, or with the mean of so many earlier years.

    `before` is the sum over those years. The interval, which holds at `level`, is that of a
    quasi-Poisson model with a term for each period (and, where there are months, for each month of
    the year; of complete years the model's ratio is that of the totals): exp(log ratio ± t
    √(φ(1/before + 1/after))), t being the quantile for the degrees of freedom behind φ (McCullagh
    and Nelder 1989, chapter 6). `breaks` are (effect, what) of the registered breaks between the
    two: one that refuses makes the verdict *cannot be compared*, one that labels is carried as a
    caution.
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
        p=float(2 * special.stdtr(variation.df, -abs(math.log(ratio)) / spread)),
        noticeable=_noticeable(before, years, variation, level),
        variation=variation,
        caution=" ".join(dict.fromkeys(what for _, what in breaks)) or None,
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


def _noticeable(before: float, years: int, variation: Variation, level: float) -> float:
    """Return the smallest fall that is noticed with 80% power, as a share of a year's count.

    At a level of 95%, a logged fall d is noticed so often if it is t.975 + t.80 standard errors
    deep; the error is that after the fall, when the later count is smaller: √(φ(1 + years·e^d) /
    before). Solved by repetition, as far as a fall of 99%.
    """
    reach = variation.quantile((1 + level) / 2) + variation.quantile(POWER)
    fall = 0.0
    for _ in range(100):
        spread = math.sqrt(variation.phi * (1 + years * math.exp(fall)) / before)
        fall = min(DEEPEST, reach * spread)
    return 1 - math.exp(-fall)


def decided(changes: Iterable[Change], level: float = LEVEL) -> list[Change]:
    """Give the verdicts of comparisons; of the clear ones a share of 1 - `level` may be false.

    Benjamini and Hochberg's (1995) correction over those that can be compared: the more
    comparisons a page makes, the farther from chance a difference must lie. Intervals stay as they
    are, each for its own comparison.
    """
    family = list(changes)
    compared = [each.p for each in family if each.p is not None]
    if not compared:
        return family
    clear = iter(multipletests(compared, alpha=1 - level, method="fdr_bh")[0])
    return [
        each if each.p is None else _decided(each, bool(next(clear)), len(compared))
        for each in family
    ]


def _decided(each: Change, clear: bool, family: int) -> Change:
    rose = isinstance(each.ratio, Estimate) and each.ratio.value > 1
    verdict: Verdict = "no clear change" if not clear else "rose" if rose else "fell"
    return replace(each, verdict=verdict, family=family)
