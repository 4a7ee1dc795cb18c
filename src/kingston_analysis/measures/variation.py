"""Variation: how many times more than Poisson a yearly count varies, and how well that is known."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import special
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from kingston_analysis.tables import periods

Source = Literal["months", "years", "boroughs"]

# Fewer leave so much doubt about φ that no change of any size would stand out.
ENOUGH_DIFFERENCES = 4
# A month's and a year's term each, and as many months again to learn the variation from.
ENOUGH_MONTHS = 24


@dataclass(frozen=True)
class Variation:
    """Overdispersion φ, never below 1, its degrees of freedom, and what it was learned from."""

    phi: float
    df: float
    source: Source

    def quantile(self, probability: float) -> float:
        """Return the quantile of Student's t for the degrees of freedom behind φ."""
        return float(special.stdtrit(self.df, probability))

    def interval(self, count: float) -> tuple[float, float]:
        """Return the 95% interval of the level behind a count: count · exp(± t √(φ/count)).

        A count of zero has the exact Poisson limit, 0 to 3.7 times φ (Garwood 1936).
        """
        if count <= 0:
            return 0.0, -math.log(0.025) * self.phi
        reach = self.quantile(0.975) * math.sqrt(self.phi / count)
        return count * math.exp(-reach), count * math.exp(reach)


def of_months(months: pd.DataFrame) -> Variation | None:
    """Learn the variation from months: period and value of one area, gaps left out.

    φ is Pearson's χ² over its degrees of freedom in a Poisson model with a term for each financial
    year and each month of the year (McCullagh and Nelder 1989, section 6.2.3). None where fewer
    than `ENOUGH_MONTHS` months tell something.
    """
    known = months.dropna(subset=["value"])
    year = known["period"].map(periods.financial_year_of)
    month = known["period"].str[5:]
    # A year or a month of the year in which nothing ever happened tells nothing of variation.
    telling = [known["value"].groupby(each).transform("sum") > 0 for each in (year, month)]
    kept = telling[0] & telling[1]
    if kept.sum() < ENOUGH_MONTHS:
        return None
    terms = pd.DataFrame({"year": year[kept], "month": month[kept]})
    dummies = pd.get_dummies(terms, drop_first=True).to_numpy(dtype=float)
    design = np.column_stack([np.ones(len(dummies)), dummies])
    counts = known["value"][kept].to_numpy(dtype=float)
    with warnings.catch_warnings():
        # That the model fits exactly is an answer: no variation beyond it.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        fit = sm.GLM(counts, design, family=sm.families.Poisson()).fit()
    phi = float(fit.pearson_chi2) / fit.df_resid
    return _at_least_poisson(phi, fit.df_resid, "months")


def of_years(counts: pd.Series, tested: str | None = None) -> Variation | None:
    """Learn the variation from an area's own yearly counts, oldest first, without a gap.

    From their second differences, which a steady trend leaves untouched: with variance φ/count
    each, y[t] - 2y[t-1] + y[t-2] of the logged counts has the variance φ(1/c[t] + 4/c[t-1] +
    1/c[t-2]) (difference-based variance, Gasser, Sroka and Jennen-Steinmetz 1986). Differences that
    hold the year `tested` are left out, or a true change would count as variation and hide itself.
    The differences overlap, yet each counts as a degree of freedom: the study of made-up series
    holds that intervals keep their level so. None with fewer than `ENOUGH_DIFFERENCES`, or where a
    year is zero or missing.
    """
    values = counts.to_numpy(dtype=float)
    if not (values > 0).all():
        return None
    log, inverse = np.log(values), 1 / values
    steps = log[2:] - 2 * log[1:-1] + log[:-2]
    squares = steps**2 / (inverse[2:] + 4 * inverse[1:-1] + inverse[:-2])
    held = (counts.index == tested) if tested else np.zeros(len(values), dtype=bool)
    squares = squares[~(held[2:] | held[1:-1] | held[:-2])]
    if len(squares) < ENOUGH_DIFFERENCES:
        return None
    return _at_least_poisson(float(squares.mean()), len(squares), "years")


def of_boroughs(before: pd.Series, after: pd.Series) -> Variation:
    """Learn the variation from how far the areas differ in their movement between two periods.

    Pearson's χ² of the later count given both, over its degrees of freedom; that counts real
    differences between areas too, so it errs on the side of caution. Of a single area nothing can
    be learned: it counts as Poisson.
    """
    both = pd.DataFrame({"before": before, "after": after}).dropna()
    total = both["before"] + both["after"]
    both, total = both[total > 0], total[total > 0]
    share = both["after"].sum() / total.sum() if len(both) else 0.0
    if len(both) < 2 or not 0 < share < 1:
        return Variation(1.0, np.inf, "boroughs")
    expected = total * share
    chi_squared = ((both["after"] - expected) ** 2 / (expected * (1 - share))).sum()
    return _at_least_poisson(float(chi_squared) / (len(both) - 1), len(both) - 1, "boroughs")


def _at_least_poisson(phi: float, df: float, source: Source) -> Variation:
    """Hold φ at 1; what is held there counts as known, since it was rounded up already."""
    return Variation(phi, float(df), source) if phi > 1 else Variation(1.0, np.inf, source)
