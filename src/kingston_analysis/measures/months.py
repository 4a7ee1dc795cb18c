"""Months: which of the latest months lie outside what chance and the season explain."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.seasons import (
    ALMOST_NONE,
    YEAR,
    Seasons,
    check_counts,
    poisson_fit,
    seasons_of,
)
from kingston_analysis.measures.variation import Variation
from kingston_analysis.results import Gap

Side = Literal["high", "low"]

# The latest year is judged by up to three years before it, and by two at least: from fewer months a
# trend cannot be told from months that hang together.
JUDGED, BASELINE, MINIMUM = 12, 36, 36
# A count is outside with one chance in a thousand on each side (the British 3.09 standard
# deviations), so that of years in which nothing happens at most 5 in 100 have a month outside.
TAIL = 0.001
# Months hang together, so that level and trend are known half as well as from independent months.
HANGING = 2
# A year is judged month by month where a step of a fifth would show at least as often as not.
STEP, POWER = 0.2, 0.5


@dataclass(frozen=True)
class Signal:
    """Months in a row outside their limits on one side, from `first` to `last`."""

    side: Side
    first: str
    last: str


@dataclass(frozen=True)
class ControlChart:
    """The months of an area and, where single months can be judged, their limits.

    `frame` has period, value, segment (0 where the month is missing), role (baseline, judged or
    none), expected for the first two roles, and for judged months lower and upper: a count below
    `lower` or above `upper` is outside. `power` is how often, at the least, a step of `STEP` would
    show in one of the judged months, and `gap` why no month is judged.
    """

    frame: pd.DataFrame
    signals: tuple[Signal, ...] = ()
    phi: float | None = None
    power: float | None = None
    gap: Gap | None = None

    def months(self, role: Literal["baseline", "judged"]) -> pd.DataFrame:
        """Return the months of a role; none where no month is judged."""
        return self.frame[self.frame["role"] == role]


@dataclass(frozen=True)
class _Fit:
    """What is expected of the judged months, and the spread of √count round it."""

    expected: np.ndarray
    spread: np.ndarray
    noise: Variation

    @property
    def reach(self) -> np.ndarray:
        """Return how far √count may lie from √expected."""
        return self.noise.quantile(1 - TAIL) * self.spread

    @property
    def power(self) -> float:
        """Return how often a step, up or down, would show in a judged month, at the least."""
        return min(self._seen(1 - STEP), self._seen(1 + STEP))

    def _seen(self, ratio: float) -> float:
        # Round the true level months vary by counting alone, each by itself.
        counting = math.sqrt(self.noise.phi) / 2
        moved = (math.sqrt(ratio) - 1) * np.sqrt(self.expected[-JUDGED:])
        low, high = (sign * self.reach[-JUDGED:] - moved for sign in (-1, 1))
        inside = special.ndtr(high / counting) - special.ndtr(low / counting)
        return float(1 - np.prod(inside))


def control_chart(
    months: pd.DataFrame, seasons: Seasons, noise: Variation, breaks: Sequence[str] = ()
) -> ControlChart:
    """Judge the latest twelve months by the up to 36 before them.

    `months` has period and value; `seasons` is that of all areas, `noise` how far the area's counts
    vary by chance, and `breaks` are the first months affected by registered breaks. Months before a
    break or a missing month are not used. What is expected follows the level and trend of the
    months before, times the area's season (`_season`). The square root of a count has nearly the
    variance φ/4 (Bartlett 1936), and that of what is expected the share h of it that the fit adds
    (`HANGING` times that of a Poisson model), so that a count is outside where it is beyond
    (√expected ± t √(φ(1 + h))/2)². φ is the larger of the noise and of what the months before have
    round their own fit, so that months that no line follows widen the limits. Raises what
    `check_counts` raises.
    """
    check_counts(months)
    frame = months[["period", "value"]].sort_values("period", ignore_index=True)
    known = frame.dropna(subset=["value"])
    starts = _starts(list(known["period"]), breaks)
    segments = known["period"].isin(starts).cumsum()
    frame = frame.assign(
        segment=segments.reindex(frame.index, fill_value=0),
        role="none",
        **dict.fromkeys(["expected", "lower", "upper"], math.nan),
    )
    latest = known[segments == len(starts)]
    if len(latest) < MINIMUM:
        return ControlChart(frame, gap=_too_short(len(latest), starts, breaks))
    if not latest["value"][:-JUDGED][-BASELINE:].any():
        return ControlChart(frame, gap=NONE_COUNTED)
    fit = _fit(latest.set_index("period")["value"], seasons, noise)
    if fit is None:
        return ControlChart(frame, gap=NO_LINE)
    if fit.power < POWER:
        mean = latest["value"][-JUDGED:].mean()
        return ControlChart(frame, (), fit.noise.phi, fit.power, _too_few(mean, fit.power))
    rows = latest.index[-len(fit.expected) :]
    frame.loc[rows, "role"] = ["baseline"] * (len(rows) - JUDGED) + ["judged"] * JUDGED
    frame.loc[rows, "expected"] = fit.expected
    judged, root = rows[-JUDGED:], np.sqrt(fit.expected)
    frame.loc[judged, "lower"] = np.ceil(np.maximum(root - fit.reach, 0) ** 2)[-JUDGED:]
    frame.loc[judged, "upper"] = np.floor((root + fit.reach) ** 2)[-JUDGED:]
    return ControlChart(frame, tuple(_signals(frame.loc[judged])), fit.noise.phi, fit.power)


NONE_COUNTED = Gap("No offences were counted in the months on which its limits would rest.")
NO_LINE = Gap("The months before follow no line from which a month could be expected.")


def _starts(known: list[str], breaks: Sequence[str]) -> list[str]:
    """Return the first month of each segment."""
    return known[:1] + [
        after
        for before, after in itertools.pairwise(known)
        if periods.shifted(before, "month", 1) != after or any(before < b <= after for b in breaks)
    ]


def _too_short(known: int, starts: list[str], breaks: Sequence[str]) -> Gap:
    text = f"A control chart needs {MINIMUM} known months; {known} {'is' if known == 1 else 'are'}"
    if len(starts) < 2:
        return Gap(f"{text} known.")
    what = "break in" if starts[-1] in breaks else "gap before"
    return Gap(f"{text} known since the {what} {periods.in_words(starts[-1], 'month')}.")


def _too_few(mean: float, power: float) -> Gap:
    often = f"only {int(100 * power)}" if power >= 0.01 else "fewer than 1"
    return Gap(
        f"At about {round(mean):,} a month, months cannot be judged one by one: a lasting "
        f"change of {STEP:.0%} would show in {often} of 100 years."
    )


def _fit(counts: pd.Series, seasons: Seasons, noise: Variation) -> _Fit | None:
    """Fit level and trend of the months before the judged ones; None where no line follows them."""
    index, unsure = _season(counts[:-JUDGED], seasons, noise.phi)
    used = counts[-JUDGED - BASELINE :]
    month = _months_of_year(used)
    season, before = index[month].to_numpy(), len(used) - JUDGED
    columns = np.column_stack([np.ones(len(used)), np.arange(len(used)) / len(YEAR)])
    fitted = poisson_fit(
        used.to_numpy()[:before].clip(min=ALMOST_NONE), columns[:before], np.log(season[:before])
    )
    if fitted is None:
        return None
    expected = season * np.exp(columns @ fitted.params)
    added = np.einsum("ij,jk,ik->i", columns, fitted.cov_params(), columns)
    noise = max(noise, _round_the_line(used[:before], expected[:before]), key=lambda each: each.phi)
    share = expected * (HANGING * added + unsure[month].to_numpy() / noise.phi)
    return _Fit(expected, np.sqrt(noise.phi * (1 + share)) / 2, noise)


def _season(before: pd.Series, seasons: Seasons, phi: float) -> tuple[pd.Series, pd.Series]:
    """Move the season of all areas towards the area's own, as far as its months have shown one.

    A month of the year is apart, logged, by what is the area's own and by chance, with the variance
    φ/count over all years before. The share of the own in what the twelve are apart (empirical
    Bayes: none where chance explains all) is taken over. Returns index and the variance of its
    logarithm that is left, by month of the year.
    """
    own = seasons_of(before).index
    chance = phi / before.groupby(_months_of_year(before)).sum().clip(lower=ALMOST_NONE)
    apart = np.log(own / seasons.index)
    beyond = max(0.0, float((apart**2).sum() / (len(YEAR) - 1) - chance.mean()))
    weight = beyond / (beyond + chance)
    return seasons.index * np.exp(weight * apart), weight * chance


def _months_of_year(counts: pd.Series) -> list[int]:
    return [periods.parts(period, "month")[1] for period in counts.index]


def _round_the_line(counts: pd.Series, expected: np.ndarray) -> Variation:
    """Return Pearson's χ² over its degrees of freedom, of counts round their level and trend."""
    df = len(counts) - 2
    return Variation(float(((counts - expected) ** 2 / expected).sum() / df), df, "months")


def _signals(judged: pd.DataFrame) -> Iterator[Signal]:
    sides: dict[Side, pd.Series] = {
        "high": judged["value"] > judged["upper"],
        "low": judged["value"] < judged["lower"],
    }
    for side, outside in sides.items():
        runs = judged["period"].groupby((outside != outside.shift()).cumsum())
        for _, run in runs:
            if outside[run.index[0]]:
                yield Signal(side, run.iloc[0], run.iloc[-1])
