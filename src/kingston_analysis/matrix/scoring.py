"""From scores and weights to totals and ranks; nothing here is rescaled within a list."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kingston_analysis.matrix.scheme import HIGHEST, LOWEST

# Totals that differ by less are equal: so little is the arithmetic's own error.
DECIMALS = 9
# What parts equal totals: less than totals can differ by, more than floats err by.
PARTED = 1e-12
NO_TOTAL = -1.0


def totals(scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Add up scores under weights: 100 × Σ w (s − 1)/4 ÷ Σ w, over the scored headings.

    `scores` is (..., topics, headings), NaN where not scored, `weights` (..., headings). Returns
    (..., topics) from 0 to 100; NaN where no scored heading has any weight. A total never depends
    on the other topics, so that leaving one out cannot reorder the rest.
    """
    known = ~np.isnan(scores)
    shares = np.where(known, (scores - LOWEST) / (HIGHEST - LOWEST), 0.0)
    weighed = np.einsum("...th,...h->...t", shares, weights)
    behind = np.einsum("...th,...h->...t", known.astype(float), weights)
    return 100 * np.divide(weighed, behind, out=np.full(behind.shape, np.nan), where=behind > 0)


def ranking(
    scores: pd.DataFrame, weights: pd.Series, tie_breaks: Sequence[str], fewest: int
) -> pd.DataFrame:
    """Rank topics by their totals, the highest first.

    `scores` has topics as rows and headings as columns, NaN where not scored. Returns, in the order
    of rank, total, scored (how many headings) and rank. Equal totals are parted by the scores under
    `tie_breaks`; topics that are still equal share the better rank. With fewer than `fewest` scored
    headings a topic has neither total nor rank.
    """
    scored = scores.notna().sum(axis=1)
    found = totals(scores.to_numpy(dtype=float), weights.reindex(scores.columns).to_numpy())
    total = pd.Series(found, index=scores.index).where(scored >= fewest)
    keys = pd.Series(comparable(total.to_numpy(), scores, tie_breaks), index=scores.index)
    rank = keys.rank(method="min", ascending=False).where(total.notna())
    ordered = keys.sort_index().sort_values(ascending=False, kind="stable").index
    return pd.DataFrame({"total": total, "scored": scored, "rank": rank}).reindex(ordered)


def comparable(found: np.ndarray, scores: pd.DataFrame, tie_breaks: Sequence[str]) -> np.ndarray:
    """Turn totals (..., topics) into keys that differ where, and only where, ranks do.

    Totals are rounded; equal ones are parted by the scores under `tie_breaks`. What has no total
    has a key below zero.
    """
    ties = [tuple(row) for row in scores[list(tie_breaks)].fillna(0).to_numpy()]
    places = {tie: place for place, tie in enumerate(sorted(set(ties)))}
    parted = np.array([places[tie] for tie in ties]) * PARTED
    return np.nan_to_num(found, nan=NO_TOTAL).round(DECIMALS) + parted
