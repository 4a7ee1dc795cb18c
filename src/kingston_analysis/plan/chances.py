"""Targets: how likely each is to be met, as far as its own series can tell."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import special, stats

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.change import Change
from kingston_analysis.measures.variation import FARTHEST
from kingston_analysis.plan.baselines import years_between
from kingston_analysis.plan.targets import (
    Goal,
    Monitor,
    Percent,
    Relative,
    Reporting,
    Target,
    Trend,
)
from kingston_analysis.results import Estimate, Gap, ends_of

# Fewer steps from year to year leave so much doubt that any goal might be met.
ENOUGH_STEPS = 4
# Of the integral over the paths of several years; so that it comes out the same each time.
PATHS_SEED = 2008


@dataclass(frozen=True)
class ProbabilityBand:
    """Probabilities from `least` up, as a symbol and in words; the words tell all."""

    least: float
    symbol: str
    label: str


BANDS = (
    ProbabilityBand(0.8, "●", "likely to be met"),
    ProbabilityBand(0.5, "◕", "more likely than not to be met"),
    ProbabilityBand(0.2, "◔", "less likely than not to be met"),
    ProbabilityBand(0.0, "○", "unlikely to be met"),
)


OUTCOME_KNOWN = Gap("The outcome is known.")


@dataclass(frozen=True)
class Chance:
    """How a target stands, in its own unit: count, rate per 1,000 residents, or ratio of rates.

    `goal` is the number to reach. `met` is known once every year of the target is, or one has
    missed it; until then `probability` tells, and `expected` what its last year will bring.
    """

    probability: float | Gap = OUTCOME_KNOWN
    expected: Estimate | None = None
    goal: float | None = None
    met: bool | None = None
    latest: float | None = None
    latest_period: str | None = None


def chance(
    target: Target,
    own: pd.Series,
    phi: float,
    population: pd.Series | None = None,
    group: pd.Series | None = None,
    *,
    since: str | None = None,
) -> Chance:
    """Tell how likely a target is to be met, or whether it was.

    `own` has the area's counts by financial year, as far as may be seen; `phi` is their
    overdispersion; `population` has the residents by the same years, and `group` the rates per
    1,000 of the group that a relative target names. `since` is the first year after the last break
    that refuses comparison: a step over a break is no move of the figure.

    The figure goes on from its newest year as a random walk without drift on the log scale, the
    naive forecast (Hyndman and Athanasopoulos 2021, sections 5.2 and 5.5): h years on, it is
    expected where it stands, with h times the variance of a step, and Student's t for as many
    degrees of freedom as steps are known. That variance is the mean squared step between
    neighbouring years plus 2φ/count, by which two such counts differ by chance: a few steps tell
    too little of the next. Tried on the boroughs' offence groups of 1999/00 to 2015/16, the 95%
    intervals held 95.4, 94.1, 93.6 and 94.2 of 100 outcomes one to four years on. With drift the
    forecasts err more.
    """
    own = own.astype("float64").sort_index()
    values = _in_its_unit(target, own, population, group)
    if isinstance(values, Gap):
        return Chance(values, goal=goal(target))
    if values.empty:
        return Chance(Gap("No figure is held."), goal=goal(target))
    newest = values.index[-1]
    latest = float(values[newest])
    stands = Chance(goal=goal(target), latest=latest, latest_period=newest)
    if isinstance(target, Monitor):
        return replace(stands, probability=Gap("No goal is set; the figure is watched."))
    if (met := _outcome(target, values)) is not None:
        return replace(stands, met=met)
    unbroken = values[values.index >= (since or values.index[0])]
    step, df = _step(unbroken, phi / own[newest] if own[newest] > 0 else 0.0)
    ahead = [_position(year) - _position(newest) for year in target.years if year not in values]
    if gap := _no_forecast(latest, df, ahead):
        return replace(stands, probability=gap)
    likely = _probability(target, latest, step * np.minimum.outer(ahead, ahead), df)
    reach = min(FARTHEST, float(special.stdtrit(df, 0.975)) * math.sqrt(ahead[-1] * step))
    low, high = latest * math.exp(-reach), latest * math.exp(reach)
    return replace(stands, probability=likely, expected=Estimate(latest, low, high))


def goal(target: Target) -> float | None:
    """Return the number that a target asks for, in its own unit; None where it asks for none."""
    return None if isinstance(target, Monitor) else _goal(target)


def _goal(target: Goal) -> float:
    if isinstance(target, Percent | Reporting):
        # Rounded, so that a figure that equals the goal on paper meets it.
        return round(target.baseline.value * (100 + target.change) / 100, 9)
    if isinstance(target, Trend):
        return _projected(target) * (1 - target.margin / 100)
    return target.value


def band_of(probability: float) -> ProbabilityBand:
    """Return the band that a probability falls in."""
    return next(each for each in BANDS if probability >= each.least)


def likelihood(found: Chance) -> str:
    """Write the symbol, the band in words and the probability; or the outcome, or why neither."""
    if found.met is not None:
        return "Met" if found.met else "Not met"
    if isinstance(found.probability, Gap):
        return f"Not available: {found.probability.why}"
    band = band_of(found.probability)
    return f"{band.symbol} {band.label.capitalize()}, {_in_100(found.probability)}"


def _in_100(probability: float) -> str:
    """Write a probability; rounded down, so that it never reads as of the band above."""
    in_100 = math.floor(probability * 100 + 1e-9)
    if in_100 < 1:
        return "in fewer than 1 of 100"
    return "in more than 99 of 100" if probability > 0.99 else f"in {in_100} of 100"


def leads(target: Target, change: Change | None) -> str:
    """Say where the latest change leads, only if its interval excludes that nothing changed."""
    ratio = change.ratio if change else None
    if isinstance(target, Monitor) or not isinstance(ratio, Estimate) or ratio.allows(1):
        return ""
    low, high = ends_of(ratio)
    wanted = high < 1 if target.side == "at most" else low > 1
    return "towards the target" if wanted else "away from the target"


def _in_its_unit(
    target: Target, own: pd.Series, population: pd.Series | None, group: pd.Series | None
) -> pd.Series | Gap:
    """Return the series in the unit of the target, oldest first, or why it cannot be had."""
    if target.measure == "count":
        return own.dropna()
    if population is None:
        return Gap("No population is held, so there is no rate.")
    rate = own / population.reindex(own.index) * 1000
    if not isinstance(target, Relative):
        return rate.dropna()
    if group is None:
        return Gap(f"No rate of {target.group} is held.")
    return (rate / group.reindex(own.index)).dropna()


def _outcome(target: Goal, values: pd.Series) -> bool | None:
    known = [_reached(target, values[year]) for year in target.years if year in values]
    if not all(known):
        return False
    return True if len(known) == len(target.years) else None


def _reached(target: Goal, value: float) -> bool:
    if isinstance(target, Trend):
        # The rule of National Indicator 39: success is below the trend, not on it.
        return bool(value < _goal(target))
    aim = _goal(target)
    return bool(value <= aim if target.side == "at most" else value >= aim)


def _projected(target: Trend) -> float:
    """Project the line of least squares through the baseline's logged figures."""
    base = target.baseline
    at = np.array([_position(year) for year in years_between(base.first, base.last)])
    slope, level = np.polyfit(at - at.mean(), np.log(base.value), 1)
    return float(np.exp(level + slope * (_position(target.period) - at.mean())))


def _step(values: pd.Series, relative_variance: float) -> tuple[float, int]:
    """Return the variance of one year's step on the log scale, and from how many it is learned."""
    logged = np.log(values[values > 0])
    at = np.array([_position(year) for year in logged.index])
    steps = np.diff(logged.to_numpy())[np.diff(at) == 1]
    squares = float(np.mean(steps**2)) if len(steps) else 0.0
    return squares + 2 * relative_variance, len(steps)


def _no_forecast(latest: float, df: int, ahead: list[int]) -> Gap | None:
    if min(ahead) < 1:
        return Gap("A figure of a year that the target holds in is suppressed or missing.")
    if latest <= 0:
        return Gap("The newest figure is zero, from which no ratio can be projected.")
    if df < ENOUGH_STEPS:
        known = {0: "No step from year to year is", 1: "Only one step from year to year is"}
        told = known.get(df, f"Only {df} steps from year to year are")
        return Gap(f"{told} known; {ENOUGH_STEPS} are needed.")
    return None


def _probability(target: Goal, latest: float, shape: np.ndarray, df: int) -> float:
    """Integrate over the paths that stay on the goal's side in every year that is left."""
    room = math.log(_goal(target) / latest) * (1 if target.side == "at most" else -1)
    if len(shape) == 1:
        return float(special.stdtr(df, room / math.sqrt(shape[0, 0])))
    paths = stats.multivariate_t(shape=shape, df=df, seed=PATHS_SEED)
    return float(np.clip(paths.cdf(np.full(len(shape), room)), 0, 1))


def _position(year: str) -> int:
    return periods.position(year, "financial_year")
