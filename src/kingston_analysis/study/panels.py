"""Panels of simulated months whose truth is known: how levels move, in ways real series may.

It shares nothing with `measures`, so that no error of a method is repeated in its own trial.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.study.simulated import AREAS, Setting, as_months, counts

# By area and month, as multiples of the area's mean.
Levels = Callable[[np.random.Generator, int], np.ndarray]
# Areas differ in size, from three quarters of the setting's mean to four thirds.
SIZES = np.geomspace(0.75, 4 / 3, AREAS)[:, None]
SPREAD = 0.1


@dataclass(frozen=True)
class Process:
    """How the levels of a panel's areas move, and what is true of them.

    `stays`: the last two years have one level. `returns`: what moved comes back, so that the level
    of many years stays. `drift` is the logged yearly trend, None where there is none to tell.
    `judged` are so many of the last areas: those of which all this is true.
    """

    name: str
    levels: Levels
    stays: bool = False
    returns: bool = False
    drift: float | None = 0.0
    judged: int = AREAS


@dataclass(frozen=True)
class Panel:
    """Simulated counts: `months` has area, period, value; `years` a row an area.

    `ratio` is, by area, the true level of the last year over that of the year before.
    """

    months: pd.DataFrame
    years: pd.DataFrame
    ratio: pd.Series


def draw(
    numbers: np.random.Generator, process: Process, setting: Setting, years: int, fall: float = 0.0
) -> Panel:
    """Draw a panel of so many years in which the last year's level falls by a share."""
    levels = process.levels(numbers, years * 12)
    levels[:, -12:] *= 1 - fall
    months = as_months(counts(numbers, setting, AREAS, years * 12, levels * SIZES))
    year = months["period"].map(periods.financial_year_of).rename("year")
    wide = months.groupby(["area", year])["value"].sum().unstack("year")
    yearly = levels.reshape(AREAS, years, 12).mean(axis=2)
    return Panel(months, wide, pd.Series(yearly[:, -1] / yearly[:, -2], index=wide.index))


def _flat(_: np.random.Generator, months: int) -> np.ndarray:
    return np.ones((AREAS, months))


def _trend(
    numbers: np.random.Generator, months: int, *, yearly: float, areas: int = AREAS
) -> np.ndarray:
    found = _flat(numbers, months)
    found[AREAS - areas :] *= (1 + yearly) ** (np.arange(months) / 12)
    return found


def _wandering(
    numbers: np.random.Generator, months: int, *, spread: float | np.ndarray
) -> np.ndarray:
    """Let each year lie anew round a level that stays."""
    drawn = numbers.normal(size=(AREAS, months // 12))
    return np.repeat(np.exp(drawn * spread), 12, axis=1)


def _walk(numbers: np.random.Generator, months: int, *, spread: float) -> np.ndarray:
    """Let each year move from where the last one stood."""
    moves = numbers.normal(scale=spread, size=(AREAS, months // 12))
    return np.repeat(np.exp(moves.cumsum(axis=1)), 12, axis=1)


def _autoregressive(numbers: np.random.Generator, months: int, *, rho: float) -> np.ndarray:
    """Let each month lean on the one before; all months lie `SPREAD` round a level."""
    drawn = numbers.normal(scale=SPREAD, size=(AREAS, months))
    for month in range(1, months):
        drawn[:, month] *= math.sqrt(1 - rho**2)
        drawn[:, month] += rho * drawn[:, month - 1]
    return np.exp(drawn)


def _own_seasons(numbers: np.random.Generator, months: int) -> np.ndarray:
    """Give each area a peak of its own, 30% above its mean, besides the season of all."""
    peaks = numbers.uniform(0, 12, size=(AREAS, 1))
    return 1 + 0.3 * np.cos(2 * np.pi * (np.arange(months) - peaks) / 12)


def _step(numbers: np.random.Generator, months: int) -> np.ndarray:
    """Let the last quarter of the areas fall or rise by a fifth, for good, between the ends."""
    first = numbers.integers(1, months // 12 - 1, size=(AREAS, 1)) * 12
    size = numbers.choice([0.8, 1.25], size=(AREAS, 1))
    size[: -(AREAS // 4)] = 1.0
    return np.where(np.arange(months) < first, 1.0, size)


def _break(numbers: np.random.Generator, months: int) -> np.ndarray:
    """Record 30% more in all areas from the middle on, which nobody has registered."""
    found = _flat(numbers, months)
    found[:, months // 24 * 12 :] *= 1.3
    return found


INDEPENDENT = Process("nothing happens", _flat, stays=True, returns=True)
AR = [
    Process(f"months hang together, {rho:g}", partial(_autoregressive, rho=rho), returns=True)
    for rho in (0.5, 0.8)
]
WANDERING = [
    Process(f"each year {spread:.0%} off a level", partial(_wandering, spread=spread), returns=True)
    for spread in (0.05, 0.10)
]
UNEQUAL = np.geomspace(0.02, 0.20, AREAS)[:, None]
TRENDS = [
    Process(
        f"trend {rate:+.0%} a year".replace("-", "−"),
        partial(_trend, yearly=rate),
        drift=math.log1p(rate),
    )
    for rate in (-0.10, -0.05, 0.05, 0.10)
]
STEP = Process(
    "a step of a fifth in the past, in a quarter of areas",
    _step,
    stays=True,
    drift=None,
    judged=AREAS // 4,
)
PROCESSES = [
    INDEPENDENT,
    Process("a season of its own in each area", _own_seasons, stays=True, returns=True),
    *AR,
    *WANDERING,
    Process(
        "each year 2 to 20% off a level, by area", partial(_wandering, spread=UNEQUAL), returns=True
    ),
    Process(
        "the quarter of areas that vary most of those",
        partial(_wandering, spread=UNEQUAL),
        returns=True,
        judged=AREAS // 4,
    ),
    Process("a walk of 5% a year", partial(_walk, spread=0.05)),
    Process("a walk of 10% a year", partial(_walk, spread=0.10)),
    *TRENDS,
    Process(
        "trend −10% a year in a quarter of areas, none in the others",
        partial(_trend, yearly=-0.10, areas=AREAS // 4),
        drift=math.log1p(-0.10),
        judged=AREAS // 4,
    ),
    STEP,
    Process("a break of +30% in all areas in the past", _break, stays=True, drift=None),
]
