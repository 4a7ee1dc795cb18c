"""Variation: how many times more than Poisson a yearly count varies, and how well that is known."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from kingston_analysis.data.tables import periods


def normal_quantile(level: float) -> float:
    """Return the standard normal quantile of a two-sided interval, to six decimal places."""
    return round(float(special.ndtri((1 + level) / 2)), 6)


Z_95 = normal_quantile(0.95)
# A logged interval that reaches farther has no end that a number could hold.
FARTHEST = 700.0

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

    def interval(self, count: float, level: float = 0.95) -> tuple[float, float]:
        """Return the interval of what lies behind a count: count · exp(± t √(φ/count)).

        A count of zero has the exact Poisson limit, at 95% 0 to 3.7 times φ (Garwood 1936).
        """
        if count <= 0:
            # Rounded, since 1 - 0.95 is not quite 0.05.
            return 0.0, -math.log(round((1 - level) / 2, 12)) * self.phi
        reach = min(FARTHEST, self.quantile((1 + level) / 2) * math.sqrt(self.phi / count))
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
    design = np.column_stack([np.ones(kept.sum()), _terms(year[kept]), _terms(month[kept])])
    counts = known["value"][kept].to_numpy(dtype=float)
    with warnings.catch_warnings():
        # That the model fits exactly is an answer: no variation beyond it.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        fit = GLM(counts, design, family=Poisson()).fit()
    phi = float(fit.pearson_chi2) / fit.df_resid
    return _at_least_poisson(phi, fit.df_resid, "months")


def _terms(labels: pd.Series) -> np.ndarray:
    """Return a column of ones and zeros for each label but the first."""
    codes, names = pd.factorize(labels)
    return (codes[:, None] == np.arange(1, len(names))).astype(float)


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
    squares = _second_differences(values)
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


def pooled_dispersion(wide: pd.DataFrame) -> float:
    """Estimate how many times more than Poisson the areas' yearly counts vary; never below 1.

    `wide` has a row an area and a column a year, neighbours in order, without a refusing break
    between them. From three years on, from second differences as in `of_years`, as the median of
    the areas' own estimates: a few areas whose recording jumped would else speak for all. From two
    years as in `of_boroughs`. From one year nothing can be learnt: 1.
    """
    if wide.shape[1] > 2:
        squares = _second_differences(wide.where(wide > 0).to_numpy(dtype=float))
        known = np.count_nonzero(~np.isnan(squares), axis=1)
        if known.any():
            squares, known = squares[known > 0], known[known > 0]
            own = np.nansum(squares, axis=1) / known / _typical(known)
            return max(1.0, float(np.median(own)))
    if wide.shape[1] < 2:
        return 1.0
    return of_boroughs(wide.iloc[:, -2], wide.iloc[:, -1]).phi


def _second_differences(counts: np.ndarray) -> np.ndarray:
    """Return squared second differences of logs over their Poisson variance; years stand last."""
    log, inverse = np.log(counts), 1 / counts
    steps = log[..., 2:] - 2 * log[..., 1:-1] + log[..., :-2]
    return steps**2 / (inverse[..., 2:] + 4 * inverse[..., 1:-1] + inverse[..., :-2])


def _typical(known: np.ndarray) -> np.ndarray:
    """Return the median of the mean of so many squared second differences whose mean is 1.

    Neighbours share counts: their correlations −4/6 and 1/6 leave fewer degrees of freedom. The
    median of χ²/df is (1 − 2/(9 df))³ (Wilson and Hilferty 1931).
    """
    shared = 2 * (1 - 1 / known) * 16 / 36 + 2 * np.maximum(0, 1 - 2 / known) / 36
    return (1 - 2 * (1 + shared) / (9 * known)) ** 3
