"""Seasons: how the months of the year differ from one another, whatever the year's level."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM, GLMResults
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning, SingularMatrixWarning

from kingston_analysis.data.tables import periods
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.change import JUDGED_AT
from kingston_analysis.results import Estimate, Gap

YEAR = range(1, 13)
# From here on every month of the year is seen twice, so that season and level can be separated.
TWO_YEARS = 24
# What stands for a month without a single offence, whose logarithm a model cannot take.
ALMOST_NONE = 0.5


@dataclass(frozen=True)
class Seasons:
    """What share of an average month each month of the year brings.

    `index` is by number of the month, 1 to 12, and its mean over the months seen is 1; months in
    `unseen` have the index 1. `low` and `high` are its interval at `level`, by default that of
    every change, and `clear` the months whose interval leaves out the average: of twelve at 99.5%
    each, one is clear by chance in about 6 of 100 areas (1 - 0.995¹²). Both need two years of
    months that the model can follow, or `low` and `high` are None and nothing is clear. `highest`
    has the highest month and, after it, the clear ones whose difference from it can be nought at
    that level; so has `lowest`.
    """

    index: pd.Series
    unseen: tuple[int, ...]
    low: pd.Series | None = None
    high: pd.Series | None = None
    clear: tuple[int, ...] = ()
    level: float = JUDGED_AT
    highest: tuple[int, ...] = ()
    lowest: tuple[int, ...] = ()

    def of(self, month: int) -> Estimate:
        """Return the index of a month, with its interval where one is known."""
        if self.low is None or self.high is None:
            return Estimate(self.index[month])
        return Estimate(self.index[month], self.low[month], self.high[month], level=self.level)


@dataclass(frozen=True)
class Profile:
    """An area's own seasons beside those of all areas, from the same full financial years.

    `counts` has the area's offences in each month of the year over `years`; `everyone` is None for
    an area alone.
    """

    years: tuple[str, ...]
    counts: pd.Series
    own: Seasons
    everyone: Seasons | None


def estimate_seasons(
    months: pd.DataFrame, breaks: Sequence[str] = (), level: float = JUDGED_AT
) -> Seasons:
    """Estimate the seasons from the months of all areas, added up, as `seasons_of` does.

    `months` has area, period (2008-09) and value; a month counts where every area that is known at
    all is known. Raises what `check_counts` raises.
    """
    check_counts(months)
    return seasons_of(_together(months), breaks, level)


def seasons_of(totals: pd.Series, breaks: Sequence[str] = (), level: float = JUDGED_AT) -> Seasons:
    """Estimate the seasons from the counts of known months, by month (2008-09), oldest first.

    From two years on the logged level may follow a line that bends once a year and
    steps at each of `breaks` (first month affected), in a quasi-Poisson model (McCullagh and Nelder
    1989, chapter 6): unlike an effect for each year, that leaves a steady trend out of the index.
    With fewer months, or where counts break off so that the model has no answer, the level is taken
    as constant and the index is a plain ratio of means.
    """
    at = np.array([periods.position(period, "month") for period in totals.index], dtype=int)
    seen = np.unique(at % 12 + 1)
    unseen = tuple(month for month in YEAR if month not in seen)
    if not totals.any():
        return Seasons(_full_year(seen, np.ones(len(seen))), unseen)
    counts = totals.to_numpy().clip(min=ALMOST_NONE)
    columns = (at[:, None] % 12 + 1 == seen).astype(float)
    steps = [periods.position(each, "month") for each in breaks]
    fitted = (
        poisson_fit(counts, _with_level(columns, at, steps)) if len(counts) >= TWO_YEARS else None
    )
    if fitted is None:
        means = counts @ columns / columns.sum(axis=0)
        return Seasons(_full_year(seen, means / means.mean()), unseen)
    effects = np.exp(fitted.params[: len(seen)])
    index = effects / effects.mean()
    if fitted.df_resid < 1:
        return Seasons(_full_year(seen, index), unseen)
    low, high, clear = _intervals(index, fitted, level)
    if not np.isfinite(high).all():
        return Seasons(_full_year(seen, index), unseen)
    return Seasons(
        _full_year(seen, index),
        unseen,
        _full_year(seen, low),
        _full_year(seen, high),
        tuple(seen[clear].tolist()),
        level,
        tuple(seen[_alike(-np.log(index), clear, fitted, level)].tolist()),
        tuple(seen[_alike(np.log(index), clear, fitted, level)].tolist()),
    )


def check_counts(months: pd.DataFrame) -> None:
    """Raise KingstonError where a month stands twice, or a count is negative or fractional.

    `months` has period and value, and area where there are several.
    """
    wrong = {
        "stands twice": months.duplicated([n for n in ("area", "period") if n in months]),
        "is negative": months["value"] < 0,
        "is no whole number": months["value"].notna() & (months["value"] % 1 != 0),
    }
    for what, where in wrong.items():
        if where.any():
            row = months[where].iloc[0]
            place = f" in {row['area']}" if "area" in months else ""
            raise KingstonError(
                f"The count of {row['period']}{place} {what}.", "Correct the table's rows."
            )


def own_profile(
    own: pd.DataFrame, months: pd.DataFrame, breaks: Sequence[str] = (), level: float = JUDGED_AT
) -> Profile | Gap:
    """Set an area's seasons beside those of all areas together.

    `own` has period and value, `months` area, period and value. Only financial years of which the
    area's twelve months are known count. Raises what `check_counts` raises.
    """
    check_counts(own)
    known = own.dropna(subset=["value"])
    years = known["period"].map(periods.financial_year_of)
    full = years.map(years.value_counts()) == len(YEAR)
    kept, used = known[full], tuple(sorted(set(years[full])))
    month = kept["period"].map(lambda period: periods.parts(period, "month")[1])
    counts = kept.groupby(month)["value"].sum()
    if not used:
        return Gap("A seasonal profile needs the twelve months of a whole financial year.")
    if not counts.any():
        return Gap("No offences were counted in any month.")
    alone = estimate_seasons(kept.assign(area="own"), breaks, level)
    others = months[months["period"].isin(kept["period"])]
    everyone = estimate_seasons(others, breaks, level) if others["area"].nunique() > 1 else None
    return Profile(used, counts, alone, everyone)


def _together(months: pd.DataFrame) -> pd.Series:
    """Add up the areas in the months in which all of them are known."""
    wide = months.pivot(index="period", columns="area", values="value").dropna(axis=1, how="all")
    return wide.sum(axis=1, skipna=False).dropna() if wide.shape[1] else pd.Series(dtype=float)


def _full_year(seen: np.ndarray, values: np.ndarray) -> pd.Series:
    return pd.Series(values, index=seen).reindex(YEAR, fill_value=1.0)


def _with_level(columns: np.ndarray, at: np.ndarray, steps: list[int]) -> np.ndarray:
    """Add steps, a trend, and a bend each year, each of them only where it can be separated."""
    passed = at - at[0]
    bends = [np.clip(passed - after, 0, None) / 12 for after in range(0, passed[-1] - 11, 12)]
    for column in [(at >= step).astype(float) for step in steps] + bends:
        wider = np.column_stack([columns, column])
        if np.linalg.matrix_rank(wider) == wider.shape[1]:
            columns = wider
    return columns


def poisson_fit(
    counts: np.ndarray, columns: np.ndarray, offset: np.ndarray | None = None
) -> GLMResults | None:
    """Fit a log-linear model; None where its iterations run away, as from thousands to none.

    `offset` is added to the logarithm of what is expected; covariances are those of Poisson counts.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # Years that are exactly alike are no fault here: no interval is below Poisson's.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        # A level that no curve of the model can follow, as many noughts and then thousands.
        warnings.simplefilter("error", SingularMatrixWarning)
        try:
            return GLM(counts, columns, family=Poisson(), offset=offset).fit(scale=1.0)
        except (ValueError, SingularMatrixWarning):
            return None


def _alike(logged: np.ndarray, clear: np.ndarray, fitted: GLMResults, level: float) -> np.ndarray:
    """Return the place of the least of the logs, and of those whose difference can be nought.

    Of others only those count that are clear themselves, on the same side of the average: a month
    that may be average is no peak. The nearest come first. The variance of a difference is
    c_aa + c_bb - 2c_ab.
    """
    nearest = np.argsort(logged, kind="stable")
    covariance, least = _covariance(fitted, len(logged)), nearest[0]
    varied = np.diag(covariance) + covariance[least, least] - 2 * covariance[least]
    reach = t.isf(round((1 - level) / 2, 12), fitted.df_resid) * np.sqrt(np.maximum(varied, 0))
    like_it = (logged - logged[least] <= reach) & clear & (logged < 0)
    like_it[least] = True
    alike: np.ndarray = nearest[like_it[nearest]]
    return alike


def _covariance(fitted: GLMResults, months: int) -> np.ndarray:
    """Return the covariance of the months' logged effects.

    The variance is Pearson's χ² over its degrees of freedom times Poisson's, and never below it.
    """
    phi = max(1.0, fitted.pearson_chi2 / fitted.df_resid)
    covariance: np.ndarray = phi * fitted.cov_params()[:months, :months]
    return covariance


def _intervals(
    index: np.ndarray, fitted: GLMResults, level: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Work out each index's interval, by the delta method on its logarithm, and if it is clear."""
    months, left = len(index), fitted.df_resid
    slope = np.eye(months) - index / months
    covariance = _covariance(fitted, months)
    spread = np.sqrt(np.einsum("ij,jk,ik->i", slope, covariance, slope))
    # Rounded, so that 95% leave 0.025 on each side and not the last digits of a difference.
    reach = t.isf(round((1 - level) / 2, 12), left) * spread
    with np.errstate(over="ignore"):
        return index * np.exp(-reach), index * np.exp(reach), np.abs(np.log(index)) > reach
