"""Variation: how many times more than Poisson a yearly count varies, and how well that is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.shrinkage import shrunk


def normal_quantile(level: float) -> float:
    """Return the standard normal quantile of a two-sided interval, to six decimal places."""
    return round(float(special.ndtri((1 + level) / 2)), 6)


Z_95 = normal_quantile(0.95)
# A logged interval that reaches farther has no end that a number could hold.
FARTHEST = 700.0

Source = Literal["months", "years", "other indicators", "boroughs"]

# φ of recorded crime where months are known: the middle of the indicators, and how far they lie
# from it (docs/decisions/0030).
OTHER_INDICATORS = (2.0, 0.8)


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


def noise_squares(months: pd.DataFrame) -> pd.DataFrame:
    """Return how far the months of all areas (area, period, value) lie from what is expected.

    Within a financial year a month's count is expected to be the area's total times the month's
    share of all areas, so that neither an area's level nor a season or event that all of them have
    counts as noise. Each square is Pearson's, divided by the share of its variance that the
    expected counts leave, so that its mean is 1 where counts are Poisson (McCullagh and Nelder
    1989, section 6.2.3). Returns area, year, chi (their sum) and df; a year in which fewer than two
    areas are known in two months has no rows.
    """
    wide = months.pivot(index="area", columns="period", values="value")
    years = wide.columns.map(periods.financial_year_of)
    found = [_squares(wide.loc[:, years == year], year) for year in years.unique()]
    return pd.concat([_NO_SQUARES, *[each for each in found if len(each)]], ignore_index=True)


_NO_SQUARES = pd.DataFrame({"area": [], "year": [], "chi": [], "df": []}).astype(
    {"area": "object", "year": "object", "chi": "float", "df": "float"}
)


def _squares(months: pd.DataFrame, year: str) -> pd.DataFrame:
    known = months.dropna()
    known = known.loc[known.sum(axis=1) > 0, known.sum() > 0]
    if min(known.shape) < 2:
        return _NO_SQUARES
    counts = known.to_numpy(dtype=float)
    total, own, month = counts.sum(), counts.sum(axis=1)[:, None], counts.sum(axis=0)
    expected = own * month / total
    left = (1 - own / total) * (1 - month / total)
    squares = (counts - expected) ** 2 / expected / left
    # The level of the year costs one of its months.
    df = known.shape[1] - 1
    found = {"area": known.index, "year": year, "chi": squares.mean(axis=1) * df, "df": float(df)}
    return pd.DataFrame(found)


def counting_noise(squares: pd.DataFrame) -> dict[str, Variation]:
    """Tell by area how far its counts vary by chance, from the `noise_squares` of some years.

    φ is an area's χ² over its degrees of freedom, shrunk over the areas.
    """
    sums = squares.groupby("area")[["chi", "df"]].sum()
    phi, df = shrunk((sums["chi"] / sums["df"]).to_numpy(), sums["df"].to_numpy())
    return {
        str(area): Variation(max(1.0, float(of)), float(known), "months")
        for area, of, known in zip(sums.index, phi, df, strict=True)
        if known > 0
    }


def noise_between_years(counts: pd.DataFrame) -> Variation:
    """Learn how far counts vary by chance where no months are known, from the areas' years.

    `counts` has a row an area and a column a year, neighbours in order. Counting noise alone makes
    a rise follow a fall: with variance φ/c a year, the product of two moves that share the year's
    count c has the mean −φ/c, while a level that wanders or moves for good adds nothing (the local
    level model, Harvey 1989, section 2.4). Moves that all areas make together are taken out as
    their median. That mean is known badly where counts are large, so it is weighed, by its standard
    error over the areas, against what `OTHER_INDICATORS` have whose months are known.
    """
    usual, spread = OTHER_INDICATORS
    known = counts[(counts > 0).all(axis=1)]
    if known.shape[1] < 3 or len(known) < 2:
        return Variation(usual, np.inf, "other indicators")
    moves = np.diff(np.log(known.to_numpy(dtype=float)), axis=1)
    moves = moves - np.median(moves, axis=0)
    products = -(moves[:, 1:] * moves[:, :-1]).sum(axis=1)
    inverse = (1 / known.to_numpy(dtype=float)[:, 1:-1]).sum(axis=1)
    phi = products.sum() / inverse.sum()
    error = np.sqrt(((products - phi * inverse) ** 2).sum()) / inverse.sum()
    weight = spread**2 / (spread**2 + error**2)
    return Variation(max(1.0, float(weight * phi + (1 - weight) * usual)), np.inf, "years")


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
