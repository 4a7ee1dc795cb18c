"""Extremes: the highest or lowest of some counts, and what noise cannot tell from it."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from kingston_analysis.measures.change import JUDGED_AT
from kingston_analysis.measures.variation import normal_quantile

End = Literal["highest", "lowest"]
ENDS: tuple[End, ...] = ("highest", "lowest")


def not_told_apart(counts: pd.Series, phi: float, end: End, level: float = JUDGED_AT) -> list[Any]:
    """Return the labels of the highest, or lowest, count and of those that noise leaves beside it.

    The extreme comes first. Two counts a and b that vary `phi` times as much as Poisson counts are
    told apart where they differ by more than z √(φ(a + b)), z being 2.81 at a level of 99.5%.
    Missing counts are left out.
    """
    ordered = counts.dropna().sort_values(ascending=end == "lowest", kind="stable")
    reach = normal_quantile(level) * np.sqrt(phi * (ordered + ordered.iloc[0]))
    return list(ordered.index[(ordered - ordered.iloc[0]).abs() <= reach])
