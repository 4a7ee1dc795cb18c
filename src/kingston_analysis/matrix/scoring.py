"""From scores and weights to totals and ranks; nothing here is rescaled within a list."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kingston_analysis.matrix.scheme import HIGHEST, LOWEST

# Totals that differ by less are equal: so little is the arithmetic's own error.
DECIMALS = 9


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
    keys = pd.DataFrame({"": total.round(DECIMALS)}).join(scores[list(tie_breaks)].fillna(0))
    columns = list(keys.columns)
    ordered = keys.sort_index().sort_values(columns, ascending=False, kind="stable")
    new = ordered.ne(ordered.shift()).any(axis=1)
    places = pd.Series(np.arange(1.0, len(ordered) + 1), index=ordered.index)
    rank = places.where(new).ffill().where(ordered[""].notna())
    return pd.DataFrame({"total": total, "scored": scored, "rank": rank}).reindex(ordered.index)
