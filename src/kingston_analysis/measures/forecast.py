"""Forecast: where a financial year in progress will end, how sure that is, and the backtest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.seasons import check_counts, seasons_of
from kingston_analysis.measures.variation import of_boroughs
from kingston_analysis.results import Estimate, Gap

# The months of the financial year in their order.
FROM_APRIL = [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]
# The ends of the 80% and of the 95% interval.
ENDS = {"low_80": 0.1, "high_80": 0.9, "low_95": 0.025, "high_95": 0.975}


@dataclass(frozen=True)
class AreaForecasts:
    """The forecast of each area and financial year; the last year is the one in progress.

    `ends` has area, year, known, expected and low_80 to high_95 (of the whole year, NaN where there
    was nothing to go by), phi, earlier (how many ends φ was learned from) and actual, which is NaN
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


def forecast_areas(months: pd.DataFrame) -> AreaForecasts:
    """Forecast the end of each area's financial years from their months up to the cut.

    `months` has area, period and value; the cut is the newest month, and in earlier years the same
    month. Of an earlier year only what was known at its own cut is used. The remaining months are
    expected to count R̂ = r K, where K is the count of the known ones and r the ratio of the two
    parts in the seasonal profile of all areas. Their variance about R̂ is φ R̂ (1 + r): the second
    term is there because K is a count too (Krishnamoorthy and Peng 2011, on predicting one Poisson
    count from another). φ is the mean of (R - R̂)² / (R̂ (1 + r)) over all areas and the earlier
    years forecast, so that it holds what an uncertain profile adds; with no such year it comes from
    `_of_months`. The intervals are quantiles of the negative binomial distribution of that mean and
    variance. An earlier year is left out where no area knows all of it, or where a month had never
    been seen at its cut. Raises what `check_counts` raises.
    """
    check_counts(months)
    grid = _grid(months)
    newest = len(grid.years) - 1
    forecasts, squares = [], np.empty(0)
    for number in range(newest + 1):
        if number < newest and np.isnan(grid.counts[:, number].sum(axis=1)).all():
            continue
        profile = seasons_of(_together(grid, number))
        if number < newest and profile.unseen:
            continue
        shares = profile.index.to_numpy()[np.array(FROM_APRIL) - 1]
        forecasts.append(_end(grid, number, shares, squares))
        squares = np.concatenate([each["square"] for each in forecasts])
        squares = squares[~np.isnan(squares)]
    ends = {name: np.concatenate([each[name] for each in forecasts]) for name in forecasts[0]}
    return AreaForecasts(pd.DataFrame(ends).drop(columns="square"), profile.unseen)


def _end(
    grid: _Grid, number: int, shares: np.ndarray, squares: np.ndarray
) -> dict[str, np.ndarray]:
    """Forecast one year for all areas; `squares` are the scores of the years before it."""
    year, areas = grid.counts[:, number], len(grid.areas)
    known, actual = year[:, : grid.cut].sum(axis=1), year.sum(axis=1)
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
        "actual": actual,
        "square": (actual - known - more) ** 2 / (more * (1 + ratio)),
    }


def _quantiles(levels: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    return stats.nbinom.ppf(levels, mean**2 / (variance - mean), mean / variance)


def _of_months(grid: _Grid, number: int, shares: np.ndarray) -> np.ndarray:
    """Learn φ for each area where no earlier year was forecast: the larger of two, at least 1.

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


@dataclass(frozen=True)
class Forecast:
    """Where an area's financial year in progress ends, if the rest of it goes as usual.

    `known` is the count of the months from April to `last`; `within_80` and `within_95` are the
    count of the full year at two levels. `phi` is how many times more than Poisson the rest
    varies, and `learned_from` from what that is known. `unseen` are months (1 to 12) that were
    never seen and count as average. `backtest` has year, known, expected, the intervals' ends and
    actual of each earlier year; `scored`, `covered_80` and `covered_95` count, over all areas and
    earlier years, what was forecast and what ended inside its interval.
    """

    area: str
    year: str
    last: str
    known: float
    within_80: Estimate
    within_95: Estimate
    phi: float
    learned_from: Literal["earlier years", "months"]
    unseen: tuple[int, ...]
    backtest: pd.DataFrame
    areas: int
    scored: int
    covered_80: int
    covered_95: int

    @property
    def expected(self) -> float:
        """Return the count of the full year that is expected."""
        return self.within_95.value

    @property
    def years(self) -> pd.DataFrame:
        """Return the backtest, and after it the year in progress, which is not over yet."""
        ends = (*(self.within_80.ends or ()), *(self.within_95.ends or ()))
        now = dict(zip(ENDS, ends, strict=True))
        row = {"year": self.year, "known": self.known, "expected": self.expected, **now}
        return pd.concat([self.backtest, pd.DataFrame([row])], ignore_index=True)


def forecast_year(months: pd.DataFrame, area: str, since: str | None = None) -> Forecast | Gap:
    """Forecast the end of an area's financial year in progress, and try the same on earlier years.

    `months` has area, period (2008-09) and value, of all areas and only as far as may be seen;
    `since` is the first month after the last break across which months cannot be added. The method
    is that of `forecast_areas`.
    """
    kept = months.dropna(subset=["value"])
    kept = kept if since is None else kept[kept["period"] >= since]
    if kept.empty:
        return Gap("No months are known.")
    last = kept["period"].max()
    year = periods.financial_year_of(last)
    if last.endswith("-03"):
        following = periods.shifted(year, "financial_year", 1)
        return Gap(f"No month of {following} is known yet.")
    return _gap(kept, area, last, since) or _of_area(forecast_areas(kept), area, year, last)


def _gap(months: pd.DataFrame, area: str, last: str, since: str | None) -> Gap | None:
    """Say why the months of the year up to the last one cannot be added up for an area."""
    needed = [m for m in _months_of(periods.financial_year_of(last)) if m <= last]
    if since and needed[0] < since:
        month = periods.in_words(since, "month")
        return Gap(f"Months before {month} cannot be added to those from then on.")
    held = set(months.loc[months["area"] == area, "period"])
    absent = [month for month in needed if month not in held]
    return Gap(f"{periods.in_words(absent[0], 'month')} is not known.") if absent else None


def _months_of(year: str) -> list[str]:
    april = periods.starts(year, "financial_year").isoformat()[:7]
    return [periods.shifted(april, "month", step) for step in range(12)]


def _of_area(found: AreaForecasts, area: str, year: str, last: str) -> Forecast | Gap:
    own = found.ends[found.ends["area"] == area]
    now = own[own["year"] == year].iloc[0].to_dict()
    if np.isnan(now["expected"]):
        return Gap(f"None was recorded from April to {periods.in_words(last, 'month')}.")
    over = found.ends.dropna(subset=["expected", "actual"])
    return Forecast(
        area,
        year,
        last,
        now["known"],
        Estimate(now["expected"], now["low_80"], now["high_80"], level=0.80),
        Estimate(now["expected"], now["low_95"], now["high_95"]),
        now["phi"],
        unseen=found.unseen,
        learned_from="earlier years" if now["earlier"] else "months",
        backtest=over.loc[over["area"] == area].reset_index(drop=True)[
            ["year", "known", "expected", *ENDS, "actual"]
        ],
        areas=over["area"].nunique(),
        scored=len(over),
        covered_80=int(over["actual"].between(over["low_80"], over["high_80"]).sum()),
        covered_95=int(over["actual"].between(over["low_95"], over["high_95"]).sum()),
    )
