"""Changes between two counts, with an interval that allows for more than Poisson variation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

Verdict = Literal["rose", "fell", "no clear change", "cannot be compared"]

# Standard normal quantiles: a two-sided 95% interval, and 80% power.
Z_95 = 1.959964
Z_80 = 0.841621
ENOUGH_YEARS = 5


@dataclass(frozen=True)
class Change:
    """A comparison of two counts: ratio with 95% interval, verdict, and what could be noticed.

    `noticeable` is the smallest fall, as a share of the earlier count, that would have been
    noticed with 80% power. Where the counts cannot be compared, `reason` says why and the numbers
    are None.
    """

    verdict: Verdict
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    noticeable: float | None = None
    reason: str | None = None
    caution: str | None = None


def dispersion(own: pd.Series, before: pd.Series, after: pd.Series) -> float:
    """Estimate how many times more than Poisson a yearly count varies; never below 1.

    From five years on, from the second differences of the area's own logged counts, which a steady
    trend leaves untouched: with variance φ/count each, y[t] - 2y[t-1] + y[t-2] has the variance
    φ(1/c[t] + 4/c[t-1] + 1/c[t-2]) (difference-based variance, Gasser, Sroka and Jennen-Steinmetz
    1986). With fewer years, from how far the areas differ in their movement between the two years
    compared: Pearson's χ² of the later count given both, over its degrees of freedom; that counts
    real differences too, so it errs on the side of caution.
    """
    counts = own[own > 0].to_numpy(dtype=float)
    if len(counts) >= ENOUGH_YEARS and len(counts) == len(own):
        log, inverse = np.log(counts), 1 / counts
        steps = log[2:] - 2 * log[1:-1] + log[:-2]
        return max(1.0, float(np.mean(steps**2 / (inverse[2:] + 4 * inverse[1:-1] + inverse[:-2]))))
    both = pd.DataFrame({"before": before, "after": after}).dropna()
    total = both["before"] + both["after"]
    both, total = both[total > 0], total[total > 0]
    if len(both) < 2:
        return 1.0
    share = both["after"].sum() / total.sum()
    expected = total * share
    chi_squared = ((both["after"] - expected) ** 2 / (expected * (1 - share))).sum()
    return max(1.0, float(chi_squared) / (len(both) - 1))


def change(before: float, after: float, phi: float, breaks: list[tuple[str, str]] = ()) -> Change:
    """Compare two counts.

    The interval is exp(log ratio ± 1.96 √(φ(1/before + 1/after))), the quasi-Poisson interval of a
    ratio of two counts. `breaks` are (effect, what) of the registered breaks between the two: one
    that refuses makes the verdict *cannot be compared*, one that labels is carried as a caution.
    """
    for effect, what in breaks:
        if effect == "refuse":
            return Change("cannot be compared", reason=what)
    if math.isnan(before) or math.isnan(after):
        return Change(
            "cannot be compared", reason="One of the two figures is suppressed or missing."
        )
    if before <= 0 or after <= 0:
        return Change("cannot be compared", reason="One of the two counts is zero.")
    spread = math.sqrt(phi * (1 / before + 1 / after))
    ratio = after / before
    low, high = ratio * math.exp(-Z_95 * spread), ratio * math.exp(Z_95 * spread)
    verdict: Verdict = "rose" if low > 1 else "fell" if high < 1 else "no clear change"
    noticeable = 1 - math.exp(-(Z_95 + Z_80) * math.sqrt(2 * phi / before))
    caution = " ".join(dict.fromkeys(what for _, what in breaks)) or None
    return Change(verdict, ratio, low, high, noticeable, caution=caution)
