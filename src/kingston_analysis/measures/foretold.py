"""What the months known of a year foretell of its end, for every area and every year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.seasons import check_counts, seasons_of
from kingston_analysis.measures.variation import of_boroughs

# The months of the financial year in their order.
FROM_APRIL = [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]
# The ends of the 80% and of the 95% interval.
ENDS = {"low_80": 0.1, "high_80": 0.9, "low_95": 0.025, "high_95": 0.975}


@dataclass(frozen=True)
class Foretold:
    """What was foretold of each area and financial year; the last year is the one in progress.

    `ends` has area, year, known, expected and low_80 to high_95 (of the whole year, NaN where there
    was nothing to go by), phi, earlier (how many ends φ was learned from) and came, which is NaN
    where a month is not known. `unseen` are the months (1 to 12) that were never seen.
    """

    ends: pd.DataFrame
    unseen: tuple[int, ...]


@dataclass(frozen=True)
class _Grid:
    """Counts by area, financial year and month from April; what is not known is NaN.

    `cut` is how many months of the last year have been reached: so many are used of every year.
    """

    areas: np.ndarray
    years: list[str]
    counts: np.ndarray
    cut: int

    def until(self, number: int) -> np.ndarray:
        """Return the counts by area and month, from the first April to the cut in a year."""
        return self.counts.reshape(len(self.areas), -1)[:, : number * 12 + self.cut]


def foretold(months: pd.DataFrame) -> Foretold:
    """Foretell the end of each area's financial years from their months up to the cut.

    `months` has area, period and value; the cut is the newest month, and in earlier years the same
    month. Of an earlier year only what was known at its own cut is used. The remaining months are
    expected to count R̂ = r K, where K is the count of the known ones and r the ratio of the two
    parts in the seasonal profile of all areas. Their variance about R̂ is φ R̂ (1 + r): the second
    term is there because K is a count too (Krishnamoorthy and Peng 2011, on predicting one Poisson
    count from another). φ is the mean of (R - R̂)² / (R̂ (1 + r)) over all areas and the earlier
    years foretold, so that it holds what an uncertain profile adds; with no such year it comes from
    `_of_months`. The intervals are quantiles of the negative binomial distribution of that mean and
    variance. An earlier year is left out where no area knows all of it, or where a month had never
    been seen at its cut. Raises what `check_counts` raises.
    """
    check_counts(months)
    grid = _grid(months)
    newest = len(grid.years) - 1
    told, squares = [], np.empty(0)
    for number in range(newest + 1):
        if number < newest and np.isnan(grid.counts[:, number].sum(axis=1)).all():
            continue
        profile = seasons_of(_together(grid, number))
        if number < newest and profile.unseen:
            continue
        shares = profile.index.to_numpy()[np.array(FROM_APRIL) - 1]
        told.append(_end(grid, number, shares, squares))
        squares = np.concatenate([each["square"] for each in told])
        squares = squares[~np.isnan(squares)]
    ends = {name: np.concatenate([each[name] for each in told]) for name in told[0]}
    return Foretold(pd.DataFrame(ends).drop(columns="square"), profile.unseen)


def _end(
    grid: _Grid, number: int, shares: np.ndarray, squares: np.ndarray
) -> dict[str, np.ndarray]:
    """Foretell one year for all areas; `squares` are the scores of the years before it."""
    year, areas = grid.counts[:, number], len(grid.areas)
    known, came = year[:, : grid.cut].sum(axis=1), year.sum(axis=1)
    some, rest = shares[: grid.cut].sum(), shares[grid.cut :].sum()
    # An area with nothing known has nothing to scale; its own and all others' index is above zero.
    ratio = rest / some
    more = np.where(known > 0, known * ratio, np.nan)
    learned = np.full(areas, max(1.0, squares.mean())) if len(squares) else None
    phi = _of_months(grid, number, shares) if learned is None else learned
    levels = np.array(list(ENDS.values()))[:, None]
    ends = known + _quantiles(levels, more, phi * more * (1 + ratio))
    return {
        "area": grid.areas,
        "year": np.full(areas, grid.years[number]),
        "known": known,
        "expected": known + more,
        **dict(zip(ENDS, ends, strict=True)),
        "phi": phi,
        "earlier": np.full(areas, len(squares)),
        "came": came,
        "square": (came - known - more) ** 2 / (more * (1 + ratio)),
    }


def _quantiles(levels: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    return stats.nbinom.ppf(levels, mean**2 / (variance - mean), mean / variance)


def _of_months(grid: _Grid, number: int, shares: np.ndarray) -> np.ndarray:
    """Learn φ for each area where no earlier year was foretold: the larger of two, at least 1.

    Pearson's χ² of the area's own months against the profile, over its degrees of freedom; and how
    far the areas differ between the known months and, a year before, those that now remain, since
    months near each other are more alike than months far apart.
    """
    counts = grid.until(number)
    profile = np.resize(shares, counts.shape[1])
    weight = np.where(np.isnan(counts), 0.0, profile)
    count = np.where(weight > 0, np.nan_to_num(counts), 0.0)
    level = count.sum(axis=1) / np.maximum(weight.sum(axis=1), np.finfo(float).tiny)
    expected = level[:, None] * weight
    squares = (count - expected) ** 2 / np.where(expected > 0, expected, 1.0)
    own = squares.sum(axis=1) / np.maximum((weight > 0).sum(axis=1) - 1, 1)
    now, before = counts[:, -grid.cut :].sum(axis=1), counts[:, -12 : -grid.cut].sum(axis=1)
    apart = of_boroughs(pd.Series(before), pd.Series(now)).phi if counts.shape[1] >= 12 else 1.0
    return np.maximum(np.maximum(own, apart), 1.0)


def _grid(months: pd.DataFrame) -> _Grid:
    area, areas = pd.factorize(months["area"], sort=True)
    month, names = pd.factorize(months["period"], sort=True)
    # Counted from April, so that whole dozens are financial years.
    at = np.array([periods.position(name, "month") - 3 for name in names])
    first, newest = at[0] // 12, at[-1] // 12
    counts = np.full((len(areas), newest - first + 1, 12), np.nan)
    counts[area, at[month] // 12 - first, at[month] % 12] = months["value"]
    years = [periods.at_position(int(year), "financial_year") for year in range(first, newest + 1)]
    return _Grid(np.asarray(areas), years, counts, int(at[-1] % 12) + 1)


def _together(grid: _Grid, number: int) -> pd.Series:
    """Add up the areas known at all, up to the cut in a year, by month; only known months."""
    counts = grid.until(number)
    totals = counts[~np.isnan(counts).all(axis=1)].sum(axis=0)
    april = periods.position(
        periods.starts(grid.years[0], "financial_year").isoformat()[:7], "month"
    )
    names = [periods.at_position(april + step, "month") for step in range(len(totals))]
    return pd.Series(totals, index=names).dropna()
