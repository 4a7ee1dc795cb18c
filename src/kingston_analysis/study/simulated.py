"""Simulated months of known truth: seasonal, and varying so many times more than Poisson."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kingston_analysis.data.tables import periods

SEED = 20_081_231
AREAS = 32
# The months of the year swing so far above and below their mean.
SWING = 0.2
# Any April would do; December is where the editions stand.
APRIL, CUT = "2001-04", 9


@dataclass(frozen=True)
class Setting:
    """What is true of a series: its mean count a month, and its variance over its mean."""

    mean: int
    dispersion: int


SETTINGS = [Setting(*pair) for pair in itertools.product((10, 40, 150), (1, 2, 4))]


def random_numbers(part: int, setting: Setting) -> np.random.Generator:
    """Return the random numbers of one part of the study in one setting, the same in every run."""
    return np.random.default_rng([SEED, part, SETTINGS.index(setting)])


def counts(
    numbers: np.random.Generator, setting: Setting, series: int, months: int, levels: object = 1.0
) -> np.ndarray:
    """Draw counts of months from an April on, by series and month.

    `levels` multiplies the mean; its shape is that of the result, or fits it. The counts are
    negative binomial with the setting's dispersion, or Poisson where that is 1.
    """
    season = 1 + SWING * np.cos(2 * np.pi * np.arange(months) / 12)
    means = np.broadcast_to(setting.mean * season * np.asarray(levels), (series, months))
    if setting.dispersion == 1:
        return numbers.poisson(means)
    extra = setting.dispersion - 1
    return numbers.negative_binomial(means / extra, 1 / setting.dispersion)


def as_months(drawn: np.ndarray) -> pd.DataFrame:
    """Write counts by series and month as area, period and value."""
    series, months = drawn.shape
    names = [periods.shifted(APRIL, "month", step) for step in range(months)]
    return pd.DataFrame(
        {
            "area": np.repeat([f"Area {number:02}" for number in range(series)], months),
            "period": names * series,
            "value": drawn.ravel().astype(float),
        }
    )
