"""From scores and weights to totals and ranks; nothing here is rescaled within a list."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from kingston_analysis.matrix.scheme import HIGHEST, LOWEST

# Totals that differ by less are equal: so little is the arithmetic's own error.
DECIMALS = 9


def totals(scores: np.ndarray, weights: np.ndarray, empty: float = LOWEST) -> np.ndarray:
    """Add up scores under weights: 100 × Σ w (s − 1)/4 ÷ Σ w, an empty cell scoring `empty`.

    `scores` is (..., topics, headings), NaN where not scored, `weights` (..., headings). Returns
    (..., topics) from 0 to 100; NaN where all weights are zero. A total never depends on the other
    topics, so that leaving one out cannot reorder the rest.
    """
    shares = (np.where(np.isnan(scores), empty, scores) - LOWEST) / (HIGHEST - LOWEST)
    weighed = np.einsum("...th,...h->...t", shares, weights)
    behind = np.broadcast_to(weights.sum(axis=-1)[..., None], weighed.shape)
    return 100 * np.divide(weighed, behind, out=np.full(behind.shape, np.nan), where=behind > 0)


def ranks(found: np.ndarray, ties: np.ndarray) -> np.ndarray:
    """Rank totals (..., topics), 1 for the highest; printed ranks and draws are ranked so alike.

    Equal totals are parted by `ties`, (..., topics, tie-breaks): scores in the order in which they
    are asked, an empty cell counting as the lowest. What is still equal shares the better rank.
    """
    known = np.where(np.isnan(ties), LOWEST, ties)
    ahead: np.ndarray = np.zeros((), dtype=bool)
    for key in reversed([found.round(DECIMALS), *np.moveaxis(known, -1, 0)]):
        own, other = key[..., :, None], key[..., None, :]
        ahead = (other > own) | ((other == own) & ahead)
    return 1 + ahead.sum(axis=-1)


def ranking(
    scores: pd.DataFrame, weights: pd.Series, tie_breaks: Sequence[str], ranked: Collection[str]
) -> pd.DataFrame:
    """Rank those of the topics that can be ranked by their lowest totals, the highest first.

    `scores` has topics as rows and headings as columns, NaN where not scored. Returns, in the order
    of rank, lowest and highest (the total if each empty cell scored lowest, and highest), scored
    (how many headings) and rank. By the lowest total no topic gains where a score is not known.
    Topics that are not `ranked` have no rank and stand last, by name.
    """
    values = scores.to_numpy(dtype=float)
    given = weights.reindex(scores.columns).to_numpy(dtype=float)
    ends = {"lowest": totals(values, given), "highest": totals(values, given, HIGHEST)}
    found = pd.DataFrame(ends, index=scores.index).assign(scored=scores.notna().sum(axis=1))
    among = found["lowest"].notna() & found.index.isin(list(ranked))
    ties = scores.loc[among, list(tie_breaks)].to_numpy(dtype=float)
    places = ranks(found.loc[among, "lowest"].to_numpy(), ties)
    found["rank"] = pd.Series(places, index=found.index[among], dtype=float)
    return found.sort_index().sort_values("rank", kind="stable")
