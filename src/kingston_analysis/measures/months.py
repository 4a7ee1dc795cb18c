"""Months: which of the latest months lie outside what chance and the season explain."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import nbinom, norm, t

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.seasons import Seasons, check_counts
from kingston_analysis.results import Gap

Rule = Literal["outside", "two of three", "seven on one side", "seven rising or falling"]
Side = Literal["high", "low", "rising", "falling"]
Distribution = Literal["Poisson", "negative binomial"]

# The latest year is judged by up to two years before it; one at least, so that two are needed.
JUDGED, BASELINE, MINIMUM = 12, 24, 24
# A count is outside with one chance in a thousand on each side (the British 3.09 standard
# deviations) and near with what a normal distribution has beyond two.
TAIL, NEAR_TAIL = 0.001, 0.02275
RUN = 7
# Where nothing happens, simulated years have a month outside in at most 5 of 100; with the other
# rules, whose alarms come in up to 20 of 100, there are only hints.
VERDICT_RULES: tuple[Rule, ...] = ("outside",)

LIMITS = ["lower", "near_lower", "near_upper", "upper"]


@dataclass(frozen=True)
class Signal:
    """Months that a rule picks out, from `first` to `last`."""

    rule: Rule
    side: Side
    first: str
    last: str

    @property
    def hint(self) -> bool:
        """Tell whether the rule's false alarms are too many for a verdict."""
        return self.rule not in VERDICT_RULES


@dataclass(frozen=True)
class ControlChart:
    """The months of an area, their limits, and what the rules find in the latest judged months.

    `frame` has period, value, segment (0 where the month is missing), role (baseline, judged or
    none), expected for the first two roles, and for judged months lower, near_lower, near_upper and
    upper: a count below `lower` or above `upper` is outside. `signals`, `phi` (times Poisson's
    variance) and `distribution` are those of the latest segment, and `gap` why it has no limits.
    """

    frame: pd.DataFrame
    signals: tuple[Signal, ...] = ()
    phi: float | None = None
    distribution: Distribution | None = None
    gap: Gap | None = None

    def months(self, role: Literal["baseline", "judged"]) -> pd.DataFrame:
        """Return the latest segment's months of a role; none where it has no limits."""
        latest = self.frame["segment"] == self.frame["segment"].max()
        return self.frame[latest & (self.frame["role"] == role)]


def control_chart(
    months: pd.DataFrame, seasons: Seasons, breaks: Sequence[str] = ()
) -> ControlChart:
    """Judge the latest twelve months of each segment by the up to 24 before them.

    `months` has period and value; `breaks` are the first months affected by registered breaks. A
    segment ends at a break and at a missing month. A month's expected count is the baseline's level
    times the season's index. The limits are quantiles of a count with the variance φμ(1 + s/Σs),
    the bracket for the uncertain level (s is the month's index, Σs the baseline's sum): negative
    binomial, which for φ = 1 is the prediction of a Poisson count from a Poisson total. φ is
    estimated from neighbouring months, as limits of individual values and those of Laney (2002,
    Quality Engineering 14) are, so that a baseline that itself moved does not hide what follows.
    The rules are those of NHS England, Making Data Count. Raises what `check_counts` raises.
    """
    check_counts(months)
    frame = months[["period", "value"]].sort_values("period", ignore_index=True)
    known = frame.dropna(subset=["value"])
    starts = _starts(list(known["period"]), breaks)
    segments = known["period"].isin(starts).cumsum()
    fits = [_fit(rows, seasons) for _, rows in known.groupby(segments)]
    fitted = [fit for fit, _ in fits if fit is not None]
    columns = pd.concat(fitted) if fitted else pd.DataFrame(columns=["role", "expected", *LIMITS])
    frame = frame.assign(segment=segments.reindex(frame.index, fill_value=0)).join(columns)
    frame = frame.fillna({"role": "none"}).astype(dict.fromkeys(["expected", *LIMITS], "float"))
    phi = fits[-1][1] if fits else None
    if phi is None:
        return ControlChart(frame, gap=_gap(known[segments == len(starts)], starts, breaks))
    distribution: Distribution = "negative binomial" if phi > 1 else "Poisson"
    return ControlChart(frame, tuple(_signals(frame.loc[known.index[-JUDGED:]])), phi, distribution)


def _starts(known: list[str], breaks: Sequence[str]) -> list[str]:
    """Return the first month of each segment."""
    return known[:1] + [
        after
        for before, after in itertools.pairwise(known)
        if periods.shifted(before, "month", 1) != after or any(before < b <= after for b in breaks)
    ]


def _gap(latest: pd.DataFrame, starts: list[str], breaks: Sequence[str]) -> Gap:
    known = len(latest)
    if known >= MINIMUM:
        return Gap("No offences were counted in the months on which its limits would rest.")
    text = f"A control chart needs {MINIMUM} known months; {known} {'is' if known == 1 else 'are'}"
    if len(starts) < 2:
        return Gap(f"{text} known.")
    what = "break in" if starts[-1] in breaks else "gap before"
    return Gap(f"{text} known since the {what} {periods.in_words(starts[-1], 'month')}.")


def _fit(rows: pd.DataFrame, seasons: Seasons) -> tuple[pd.DataFrame | None, float | None]:
    """Work out roles, expected counts and limits of a segment, and φ; None without limits."""
    rows = rows[-JUDGED - BASELINE :]
    counts = rows["value"].to_numpy()[:-JUDGED]
    if len(rows) < MINIMUM or not counts.any():
        return None, None
    index = seasons.index[[periods.parts(p, "month")[1] for p in rows["period"]]].to_numpy()
    baseline = index[:-JUDGED].sum()
    expected = counts.sum() / baseline * index
    phi = _dispersion(counts, expected[:-JUDGED])
    limits = pd.DataFrame({"role": "baseline", "expected": expected}, index=rows.index)
    limits.loc[rows.index[-JUDGED:], "role"] = "judged"
    judged = _limits(
        expected[-JUDGED:], phi * (1 + index[-JUDGED:] / baseline), _tails(phi, len(counts))
    )
    return limits.join(pd.DataFrame(judged, index=rows.index[-JUDGED:])), phi


def _dispersion(counts: np.ndarray, expected: np.ndarray) -> float:
    """Estimate how many times Poisson's variance counts have; never below 1.

    Half the mean squared difference of neighbouring standardised residuals (von Neumann and others
    1941, Annals of Mathematical Statistics 12), which a slow movement leaves nearly untouched.
    """
    residuals = (counts - expected) / np.sqrt(expected)
    return max(1.0, float(np.mean(np.diff(residuals) ** 2)) / 2)


def _tails(phi: float, months: int) -> tuple[float, float]:
    """Return the tails to take off, far and near; less where φ is estimated, and so uncertain.

    Student's quantiles stand for the normal ones, with the degrees of freedom that von Neumann's
    estimate is worth.
    """
    if phi == 1:
        return TAIL, NEAR_TAIL
    worth = 2 * (months - 1) ** 2 / (3 * months - 4)
    return tuple(norm.sf(t.isf([TAIL, NEAR_TAIL], worth)).tolist())


def _limits(
    expected: np.ndarray, variance: np.ndarray, tails: tuple[float, float]
) -> dict[str, np.ndarray]:
    """Work out the limits of counts whose variance is so many times their expected value."""
    spread, (far, near) = (expected / (variance - 1), 1 / variance), tails
    made = [nbinom.ppf(far, *spread), nbinom.ppf(near, *spread)]
    made += [nbinom.isf(near, *spread), nbinom.isf(far, *spread)]
    return dict(zip(LIMITS, made, strict=True))


def _signals(judged: pd.DataFrame) -> Iterator[Signal]:
    """Try the rules on consecutive months."""
    period = list(judged["period"])
    value, expected, *limits = (judged[n].to_numpy() for n in ("value", "expected", *LIMITS))
    lower, near_lower, near_upper, upper = limits
    steps = np.diff(value / expected)
    tried: list[tuple[Rule, Side, np.ndarray, int]] = [
        ("outside", "high", value > upper, 1),
        ("outside", "low", value < lower, 1),
        ("two of three", "high", _with_single_gaps(value > near_upper), 2),
        ("two of three", "low", _with_single_gaps(value < near_lower), 2),
        ("seven on one side", "high", value > expected, RUN),
        ("seven on one side", "low", value < expected, RUN),
    ]
    for rule, side, flags, least in tried:
        for first, last in _runs(flags, least):
            yield Signal(rule, side, period[first], period[last])
    for side, flags in (("rising", steps > 0), ("falling", steps < 0)):
        for first, last in _runs(flags, RUN - 1):
            yield Signal("seven rising or falling", side, period[first], period[last + 1])


def _with_single_gaps(flags: np.ndarray) -> np.ndarray:
    """Count a month in where both its neighbours are in: two of three are two with such a gap."""
    filled = flags.copy()
    filled[1:-1] |= flags[:-2] & flags[2:]
    return filled


def _runs(flags: np.ndarray, least: int) -> Iterator[tuple[int, int]]:
    """Find the first and last place of each run of so many or more."""
    at = 0
    for is_in, run in itertools.groupby(flags):
        length = len(list(run))
        if is_in and length >= least:
            yield at, at + length - 1
        at += length
