"""Concerns: their ranks with intervals, and how these differ from the ranks of recorded harm."""

from __future__ import annotations

import numpy as np
import pandas as pd

SEED = 20_260_101
DRAWS = 4_000
# Of the variance: lets a matrix of answers that add up to one be taken apart.
RIDGE = 1e-9


def concern_ranks(shares: pd.Series, covariance: pd.DataFrame) -> pd.DataFrame:
    """Rank concerns, 1 for the most common, with the 95% interval of each rank.

    `covariance` is that of the shares' logits, by the same index; where one is not known, no rank
    has an interval. Returns rank, rank_low and rank_high. The interval holds the ranks of 95% of
    draws from the estimates' joint normal distribution on the logit scale (parametric bootstrap of
    ranks, Goldstein and Spiegelhalter 1996), and always the rank itself.
    """
    ranks = pd.DataFrame({"rank": shares.rank(method="min", ascending=False)})
    known = covariance.loc[shares.index, shares.index].to_numpy(dtype=float)
    if shares.empty or np.isnan(known).any():
        return ranks.assign(rank_low=np.nan, rank_high=np.nan)
    logits = np.log(shares / (1 - shares)).to_numpy()
    ridge = RIDGE * np.diag(known).max() * np.eye(len(known))
    noise = np.random.default_rng(SEED).standard_normal((DRAWS, len(logits)))
    drawn = logits + noise @ np.linalg.cholesky(known + ridge).T
    places = (-drawn).argsort(axis=1).argsort(axis=1) + 1
    low, high = np.quantile(places, [0.025, 0.975], axis=0, method="inverted_cdf")
    ranks["rank_low"] = np.minimum(low, ranks["rank"])
    ranks["rank_high"] = np.maximum(high, ranks["rank"])
    return ranks


def harm_gaps(shares: pd.Series, covariance: pd.DataFrame, harm: dict[str, float]) -> pd.DataFrame:
    """Set the rank of each concern beside the rank of its recorded harm, 1 for the most.

    `shares` is indexed by topic and `harm` gives the recorded harm by topic. Both are ranked among
    the topics that both have. Returns rank, rank_low, rank_high, harm_rank, gap (positive where the
    concern ranks higher than the harm) and clear: whether the interval leaves the harm's rank out.
    """
    both = [topic for topic in shares.index if topic in harm]
    found = concern_ranks(shares[both], covariance)
    found["harm_rank"] = pd.Series(harm, dtype="float")[both].rank(method="min", ascending=False)
    found["gap"] = found["harm_rank"] - found["rank"]
    inside = found["harm_rank"].between(found["rank_low"], found["rank_high"])
    found["clear"] = found["rank_low"].notna() & ~inside
    return found.sort_values(["rank", "harm_rank"])
