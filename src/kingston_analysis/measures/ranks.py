"""Ranks by simulation: the rank of each in every draw, and the range in which it lies."""

from __future__ import annotations

import numpy as np

# The ends of a range in which 95 of 100 draws lie.
ENDS = (0.025, 0.975)


def rank_draws(drawn: np.ndarray) -> np.ndarray:
    """Rank along the last axis, 1 for the highest; the lot must have parted what is equal."""
    order = np.argsort(-drawn, axis=-1)
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, order.shape[-1] + 1), axis=-1)
    return ranks


def range_of_ranks(ranks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest and the highest rank of the middle 95% of draws, which the rows are."""
    low, high = np.quantile(ranks, ENDS, axis=0, method="inverted_cdf")
    return low, high
