"""What a figure is expected to be from its own place at other times and from what all places did.

Counts vary by counting and, between periods, by more than that. On the scale of square roots the
first has the variance 1/4 whatever the count (Anscombe 1948); the second is measured by the median
absolute deviation of the logs, so that the outliers that are looked for do not widen it.
"""

from __future__ import annotations

import warnings

import numpy as np

# A median absolute deviation times this is a standard deviation where figures are normal.
TO_DEVIATION = 1.4826
# No series is steadier than this, as a share of itself; no share, than this.
STEADIEST, STEADIEST_SHARE = 0.05, 0.01
# The least and greatest tenth of places are left out of what all places did.
TRIMMED = 0.1
# Counts from which a logarithm says how far a figure lies from another.
ENOUGH = 5


def expected_values(values: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what each cell [place, period, kind] is expected to be, and from how many others.

    It is the median of the place's figures up to so many periods before and after, each divided by
    what all places did in its period.
    """
    with warnings.catch_warnings():
        # Where nothing is held nothing is expected, and the answer is no number.
        warnings.simplefilter("ignore", RuntimeWarning)
        own = np.nanmean(values, axis=1, keepdims=True)
        common = _trimmed_mean(values / np.where(own > 0, own, np.nan))
        level = values / common
        others = np.stack([_shifted(level, n) for n in range(-steps, steps + 1) if n])
        return np.nanmedian(others, axis=0) * common, np.isfinite(others).sum(axis=0)


def _trimmed_mean(ratios: np.ndarray) -> np.ndarray:
    """Average over places without the least and greatest; 1 where nothing was counted."""
    ordered = np.sort(ratios, axis=0)
    held = np.isfinite(ratios).sum(axis=0)
    cut = np.ceil(held * TRIMMED) * (held > 2)
    place = np.arange(len(ratios))[:, None, None]
    inside = (place >= cut) & (place < held - cut)
    mean = np.where(inside, ordered, 0).sum(axis=0) / np.maximum(inside.sum(axis=0), 1)
    return np.where(mean > 0, mean, 1.0)


def _shifted(values: np.ndarray, steps: int) -> np.ndarray:
    moved = np.full_like(values, np.nan)
    if steps > 0:
        moved[:, steps:] = values[:, :-steps]
    else:
        moved[:, :steps] = values[:, -steps:]
    return moved


def deviations_of_counts(
    values: np.ndarray, expected: np.ndarray, neighbours: np.ndarray
) -> np.ndarray:
    """Return how many standard deviations each count lies from the one expected."""
    noise = 1 / (expected + 0.5)
    logs = np.log(values + 0.5) - np.log(expected + 0.5)
    usable = np.where(expected >= ENOUGH, logs, np.nan)
    spread = (TO_DEVIATION * _median(np.abs(usable))) ** 2 - _median(
        np.where(expected >= ENOUGH, noise, np.nan)
    )
    spread = np.maximum(np.nan_to_num(spread, nan=STEADIEST), STEADIEST**2)
    distance = 2 * (np.sqrt(values + 3 / 8) - np.sqrt(expected + 3 / 8))
    variance = (1 + expected * spread) * (1 + 1 / np.maximum(neighbours, 1))
    return np.where(neighbours > 0, distance / np.sqrt(variance), np.nan)


def deviations_of_shares(
    values: np.ndarray, expected: np.ndarray, neighbours: np.ndarray
) -> np.ndarray:
    """Return how many standard deviations each share lies from the one expected."""
    distance = values - expected
    spread = TO_DEVIATION * _median(np.abs(distance))
    spread = np.maximum(np.nan_to_num(spread), STEADIEST_SHARE)
    return np.where(neighbours > 0, distance / spread, np.nan)


def _median(values: np.ndarray) -> np.ndarray:
    """Return the median of each kind over places and periods."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmedian(values, axis=(0, 1), keepdims=True)


def deviations_of_places(rates: np.ndarray, shares: bool) -> np.ndarray:
    """Return how far each series [place, kind] lies from other places' over all periods.

    Rates are compared by their logs; a series of small counts by as much less as counting allows.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        logs = rates if shares else np.log(np.where(rates > 0, rates, np.nan))
        series = np.nanmedian(logs - np.nanmedian(logs, axis=0, keepdims=True), axis=1)
        spread = TO_DEVIATION * np.nanmedian(np.abs(series), axis=0, keepdims=True)
    return series / np.maximum(spread, STEADIEST_SHARE if shares else STEADIEST)
