"""Forecast: where a financial year in progress will end, how sure that is, and the backtest."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.seasons import check_counts, seasons_of
from kingston_analysis.measures.variation import normal_quantile, of_boroughs
from kingston_analysis.results import Estimate, Gap

# The months of the financial year in their order.
FROM_APRIL = [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]
# The levels of the intervals by the ending of their columns, and the columns of all ends.
LEVELS = {"_80": 0.80, "_95": 0.95}
ENDS = ("low_80", "high_80", "low_95", "high_95")
# Errors of so many of the newest earlier years set the width: far older ones tell of another noise.
NEWEST = 3
# Fewer errors have no 95% quantile that a next one would keep to: 0.95 · (19 + 1) is the 19th.
ENOUGH_ERRORS = 19


@dataclass(frozen=True)
class AreaForecasts:
    """The forecast of each area and financial year; the last year is the one in progress.

    `ends` has area, year, known, expected, low_80 to high_95 where the errors of earlier years
    sufficed to calibrate them, low and high of the rough range where they did not (all of the whole
    year, NaN where there was nothing to go by), errors (how many there were) and actual, which is
    NaN where a month is not known. `unseen` are the months (1 to 12) that were never seen.
    """

    ends: pd.DataFrame
    unseen: tuple[int, ...]

    @property
    def record(self) -> BacktestRecord:
        """Count how many of the earlier years ended inside what was forecast for them."""
        ends = self.ends.dropna(subset=["expected", "actual"])
        actual, scored = ends["actual"], ends[ends["low_95"].notna()]
        return BacktestRecord(
            tuple(scored["year"].unique()),
            scored["area"].nunique(),
            len(scored),
            int(actual.between(ends["low_80"], ends["high_80"]).sum()),
            int(actual.between(ends["low_95"], ends["high_95"]).sum()),
            len(ends) - len(scored),
            int(actual.between(ends["low"], ends["high"]).sum()),
        )


@dataclass(frozen=True)
class BacktestRecord:
    """How the method did: of `scored` calibrated year-ends, how many each interval covered.

    They are those of `areas` areas in `years`. `rough` counts the year-ends before those, which had
    only a rough range, and `covered_rough` how many of them it covered.
    """

    years: tuple[str, ...]
    areas: int
    scored: int
    covered_80: int
    covered_95: int
    rough: int
    covered_rough: int


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
    parts in the seasonal profile of all areas. Poisson counts would miss R̂ by the standard error
    √(R̂ (1 + r)); the second term is there because K is a count too (Krishnamoorthy and Peng 2011,
    on predicting one Poisson count from another). An interval reaches as many of them to each side
    as `_reach` learns from the errors of the `NEWEST` years before; where these are fewer than
    `ENOUGH_ERRORS` there is only a rough range, of ± 1.96 √φ with φ their mean square or, with none
    at all, from `_of_months`. An earlier year is left out where no area knows all of it, or where a
    month had never been seen at its cut. Raises what `check_counts` raises.
    """
    check_counts(months)
    grid = _grid(months)
    newest = len(grid.years) - 1
    forecasts: list[dict[str, np.ndarray]] = []
    for number in range(newest + 1):
        if number < newest and np.isnan(grid.counts[:, number].sum(axis=1)).all():
            continue
        profile = seasons_of(_together(grid, number))
        if number < newest and profile.unseen:
            continue
        shares = profile.index.to_numpy()[np.array(FROM_APRIL) - 1]
        errors = [each["error"][~np.isnan(each["error"])] for each in forecasts[-NEWEST:]]
        forecasts.append(_end(grid, number, shares, np.concatenate([np.empty(0), *errors])))
    ends = {name: np.concatenate([each[name] for each in forecasts]) for name in forecasts[0]}
    return AreaForecasts(pd.DataFrame(ends).drop(columns="error"), profile.unseen)


def _end(grid: _Grid, number: int, shares: np.ndarray, errors: np.ndarray) -> dict[str, np.ndarray]:
    """Forecast one year for all areas; `errors` are those of the newest years before it."""
    year, areas = grid.counts[:, number], len(grid.areas)
    known, actual = year[:, : grid.cut].sum(axis=1), year.sum(axis=1)
    # An area with nothing known has nothing to scale; its own and all others' index is above zero.
    ratio = shares[grid.cut :].sum() / shares[: grid.cut].sum()
    more = np.where(known > 0, known * ratio, np.nan)
    standard_error = np.sqrt(more * (1 + ratio))
    none = np.full(areas, np.nan)
    ends = dict.fromkeys(("low", "high", *ENDS), none)
    if len(errors) >= ENOUGH_ERRORS:
        reaches = {of: _reach(errors, level) for of, level in LEVELS.items()}
    else:
        phi = (errors**2).mean() if len(errors) else _of_months(grid, number, shares)
        reaches = {"": normal_quantile(0.95) * np.sqrt(np.maximum(phi, 1.0))}
    for of, reach in reaches.items():
        ends[f"low{of}"] = known + np.rint(np.maximum(more - reach * standard_error, 0))
        ends[f"high{of}"] = known + np.rint(more + reach * standard_error)
    return {
        "area": grid.areas,
        "year": np.full(areas, grid.years[number]),
        "known": known,
        "expected": known + more,
        **ends,
        "errors": np.full(areas, len(errors)),
        "actual": actual,
        "error": (actual - known - more) / standard_error,
    }


def _reach(errors: np.ndarray, level: float) -> float:
    """Return how many standard errors an interval has to reach to hold at a level.

    Of n earlier errors, all areas and years together, it is the ⌈(n + 1) · level⌉-th by size: so
    far a next error of their kind goes at most, with at least that probability (split conformal
    prediction, Lei and others 2018). Never less than for Poisson counts.
    """
    rank = math.ceil((len(errors) + 1) * level)
    return max(float(np.sort(np.abs(errors))[rank - 1]), normal_quantile(level))


def _of_months(grid: _Grid, number: int, shares: np.ndarray) -> np.ndarray:
    """Learn how many times more than Poisson each area varies, where no earlier year tells it.

    The larger of two: Pearson's χ² of the area's own months against the profile, over its degrees
    of freedom; and how far the areas differ between the known months and, a year before, those that
    now remain, since months near each other are more alike than months far apart.
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
    return np.maximum(own, apart)


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

    `known` is the count of the months from April to `last`, `expected` that of the full year.
    `within_80` and `within_95` are its intervals, where the `errors` earlier errors sufficed to
    calibrate them; where they did not, `within` is a rough range of which nobody knows how often it
    holds. `unseen` are months (1 to 12) that were never seen and count as average. `backtest` has
    year, known, expected, low, high, the intervals' ends and actual of each earlier year; `record`
    counts over all areas.
    """

    area: str
    year: str
    last: str
    known: float
    within: Estimate
    within_80: Estimate
    within_95: Estimate
    errors: int
    unseen: tuple[int, ...]
    backtest: pd.DataFrame
    record: BacktestRecord

    @property
    def expected(self) -> float:
        """Return the count of the full year that is expected."""
        return self.within_95.value

    @property
    def calibrated(self) -> bool:
        """Tell whether the intervals are as wide as the record says that they have to be."""
        return self.within_95.ends is not None

    @property
    def years(self) -> pd.DataFrame:
        """Return the backtest, and after it the year in progress, which is not over yet."""
        row: dict[str, Any] = {"year": self.year, "known": self.known, "expected": self.expected}
        for of, each in (("", self.within), ("_80", self.within_80), ("_95", self.within_95)):
            row |= {f"low{of}": each.low, f"high{of}": each.high}
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
    over = own.dropna(subset=["expected", "actual"])
    columns = ["year", "known", "expected", "low", "high", *ENDS, "actual"]
    return Forecast(
        area,
        year,
        last,
        now["known"],
        _estimate(now, "", 0.95),
        _estimate(now, "_80", 0.80),
        _estimate(now, "_95", 0.95),
        now["errors"],
        found.unseen,
        over[columns].reset_index(drop=True),
        found.record,
    )


def _estimate(row: Mapping[Any, Any], of: str, level: float) -> Estimate:
    low, high = row[f"low{of}"], row[f"high{of}"]
    if np.isnan(low):
        return Estimate(row["expected"], level=level)
    return Estimate(row["expected"], low, high, level=level)
