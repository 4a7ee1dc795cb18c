"""Trend: where a series has been going over several years, and whether it went in one step."""

from __future__ import annotations

import itertools
import math
import sys
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from kingston_analysis.measures.change import JUDGED_AT
from kingston_analysis.measures.movement import USUAL
from kingston_analysis.measures.shrinkage import shrunk
from kingston_analysis.measures.variation import Variation
from kingston_analysis.results import Estimate, Gap

# A trend is told of so many years' counts at most, and at least.
LONGEST, SHORTEST = 5, 3
# Two falls running come about by chance; from three on it is worth saying.
RUNNING = 3
# A step lasts if so much of it is left in the last year.
LASTS = 0.5


@dataclass(frozen=True)
class Running:
    """A count that rose or fell in so many years one after the other, up to the last."""

    direction: Literal["rose", "fell"]
    years: int
    first: str
    last: str
    before: float
    after: float


@dataclass(frozen=True)
class LevelShift:
    """The largest move of a trend's years, to `year`, where it is out of line with the others."""

    year: str
    before: float
    after: float


@dataclass(frozen=True)
class LogLinearTrend:
    """How far a count moved in a year on average, from `first` to `last`, as a ratio.

    `verdict` is *rose* or *fell* where the interval of the slope leaves out 1. `step` is the one
    move that stands out, if one does; `z` is the slope over its standard error, as the normal
    deviate of the same probability.
    """

    first: str
    last: str
    slope: Estimate
    z: float
    verdict: Literal["rose", "fell", "no clear trend"]
    step: LevelShift | None


def running(counts: pd.Series, variation: Variation) -> Running | None:
    """Return how many years running a count rose or fell, up to its last year.

    `counts` are those of neighbouring years. None for fewer than `RUNNING`, and where first and
    last differ by no more than counting noise at the level of every change.
    """
    values = counts.to_numpy(dtype=float)
    signs = [np.sign(after - before) for before, after in itertools.pairwise(values)]
    years = len(list(itertools.takewhile(lambda sign: sign == signs[-1] != 0, reversed(signs))))
    if years < RUNNING or not (values[-1 - years :] > 0).all():
        return None
    before, after = float(values[-1 - years]), float(values[-1])
    spread = math.sqrt(variation.phi * (1 / before + 1 / after))
    if abs(math.log(after / before)) <= variation.quantile((1 + JUDGED_AT) / 2) * spread:
        return None
    direction: Literal["rose", "fell"] = "rose" if after > before else "fell"
    first, last = str(counts.index[-1 - years]), str(counts.index[-1])
    return Running(direction, years, first, last, before, after)


def log_linear_trend(
    counts: pd.DataFrame, area: str, phi: float, level: float = USUAL
) -> LogLinearTrend | Gap:
    """Fit a log-linear trend to the latest years of an area: its mean logged move.

    `counts` has a row an area and a column a year, neighbours in order, without a refusing break
    between them; of them the last `LONGEST` count. A series that wanders moves each year from where
    it stands, so that the slope's error is that of the mean of its moves: their variance round
    their own mean, shrunk over the areas (`shrunk`), and never less than that of counting noise φ
    in the first and last year. A step is the move farthest out of line with the others, where
    chance puts one as far in fewer than 1 - level of series, and where it lasts. A `Gap` where the
    area has fewer than `SHORTEST` counts, or none of two areas varies.
    """
    latest = counts.iloc[:, -LONGEST:]
    known = latest.where(latest > 0).dropna()
    if area not in known.index or latest.shape[1] < SHORTEST:
        return Gap(f"A trend needs {SHORTEST} years running with a count.")
    if len(known) < 2:
        return Gap(
            "How far a count usually moves in a year is learned from several areas; one alone has "
            "these years."
        )
    moves = np.diff(np.log(known.to_numpy(dtype=float)), axis=1)
    steps = moves.shape[1]
    variances, freedom = shrunk(moves.var(axis=1, ddof=1), np.full(len(known), steps - 1.0))
    at = known.index.get_indexer(pd.Index([area]))[0]
    variance, df = float(variances[at]), min(float(freedom[at]), 1e9)
    if math.isnan(variance):
        return Gap("No area's count varies, so nothing tells how far one usually moves in a year.")
    own, values = moves[at], known.to_numpy(dtype=float)[at]
    noise = phi * (1 / values[0] + 1 / values[-1])
    error = math.sqrt(max(variance / steps, noise / steps**2))
    mean = float(own.mean())
    reach = special.stdtrit(df, (1 + level) / 2) * error
    slope = Estimate(math.exp(mean), math.exp(mean - reach), math.exp(mean + reach), level=level)
    first, last = (str(known.columns[end]) for end in (0, -1))
    return LogLinearTrend(
        first,
        last,
        slope,
        _normal(mean / error, df),
        "no clear trend" if slope.allows(1) else "rose" if mean > 0 else "fell",
        _step(moves, at, known.iloc[at], phi, level),
    )


def _normal(t: float, df: float) -> float:
    """Return the normal deviate that is as improbable as one of Student's t."""
    improbable = max(special.stdtr(df, -abs(t)), sys.float_info.min)
    return math.copysign(float(-special.ndtri(improbable)), t)


def _step(
    moves: np.ndarray, at: int, counts: pd.Series, phi: float, level: float
) -> LevelShift | None:
    """Return the area's move that is farthest from its others, if chance seldom has one as far.

    `moves` has a row an area. Nothing of the years beside a move tells how far it may lie out of
    line, or the step would hide itself.
    """
    steps = moves.shape[1]
    if steps < SHORTEST:
        return None
    values = counts.to_numpy(dtype=float)
    apart, improbable = np.zeros(steps), np.ones(steps)
    for step in range(steps):
        others = np.delete(moves, step, axis=1)
        variances, freedom = shrunk(others.var(axis=1, ddof=1), np.full(len(moves), steps - 2.0))
        apart[step] = moves[at, step] - others[at].mean()
        # Both are noisy: the move, and the mean of the others, which shares its two counts.
        shared = (steps / (steps - 1)) ** 2
        noise = phi * shared * (1 / values[step] + 1 / values[step + 1])
        error = math.sqrt(max(variances[at] * (1 + 1 / (steps - 1)), noise))
        df = min(float(freedom[at]), 1e9)
        improbable[step] = 2 * special.stdtr(df, -abs(apart[step]) / error)
    largest = int(improbable.argmin())
    # Of so many moves the farthest is looked at (Šidák 1967).
    if improbable[largest] >= 1 - level ** (1 / steps):
        return None
    moved, since = moves[at, largest], math.log(values[-1] / values[largest])
    if abs(since) < LASTS * abs(moved) or since * moved < 0:
        return None
    before, after = (float(counts.iloc[largest + end]) for end in (0, 1))
    return LevelShift(str(counts.index[largest + 1]), before, after)
