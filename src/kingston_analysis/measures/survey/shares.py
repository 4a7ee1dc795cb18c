"""Shares of yes among people asked: with intervals, withheld where few are behind, ranked."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from kingston_analysis.measures.ranks import range_of_ranks, rank_draws

# Fewer answers tell little; fewer people on one side of a share may be known to their neighbours.
MINIMUM_BASE, MINIMUM_SIDE = 30, 5
SEED = 20_260_101
DRAWS = 4_000
# Of the variance: lets a matrix of answers that add up to one be taken apart.
RIDGE = 1e-9


def weighted_shares(answers: pd.DataFrame, weights: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Estimate the share of yes for each question, and the covariance of the shares.

    `answers` holds 1, 0 or NaN (not answered), a row a respondent. Returns a frame by question with
    share, base, yes (people, unweighted) and effective_base (the base over Kish's design effect),
    and the covariance by Taylor linearisation of a weighted mean, weights taken as given (Särndal,
    Swensson and Wretman 1992, 5.6): n/(n−1) Σ w²(y−p)² / (Σw)².
    """
    given, yes = answers.notna().to_numpy(), answers.fillna(0).to_numpy(dtype=float)
    weight = weights.to_numpy(dtype=float)[:, None] * given
    total, base = weight.sum(axis=0), given.sum(axis=0)
    with_answers = np.where(total > 0, total, np.nan)
    share = (weight * yes).sum(axis=0) / with_answers
    influence = np.nan_to_num(weight * (yes - share) / with_answers)
    factor = np.sqrt(np.where(base > 1, base / np.maximum(base - 1, 1), np.nan))
    covariance = influence.T @ influence * factor[:, None] * factor
    found = {
        "share": share,
        "base": base.astype(float),
        "yes": yes.sum(axis=0),
        "effective_base": with_answers**2 / np.where(total > 0, (weight**2).sum(axis=0), np.nan),
    }
    names = answers.columns
    return pd.DataFrame(found, index=names), pd.DataFrame(covariance, index=names, columns=names)


def published_shares(share: pd.Series, base: pd.Series, design_effect: float) -> pd.DataFrame:
    """Describe published shares as `weighted_shares` does; without a base only the share is known.

    The design effect is the publisher's: it divides the base into the effective base.
    """
    found = pd.DataFrame({"share": share, "base": base, "yes": (share * base).round()})
    return found.assign(effective_base=base / design_effect)


def with_intervals(shares: pd.DataFrame, variance: pd.Series) -> pd.DataFrame:
    """Add the 95% interval, low and high, on the logit scale, so that it stays between 0 and 1.

    logit(p) ± t √variance / (p(1−p)), t with one less than the base as degrees of freedom (Korn
    and Graubard 1999, 2.2). A share of 0 or 1, or of an unknown base, has none.
    """
    share = shares["share"].where(shares["share"].between(0, 1, inclusive="neither"))
    spread = stats.t.ppf(0.975, shares["base"].where(shares["base"] > 1) - 1)
    spread = spread * np.sqrt(variance) / (share * (1 - share))
    logit = np.log(share / (1 - share))
    low, high = (1 / (1 + np.exp(-(logit + sign * spread))) for sign in (-1, 1))
    return shares.assign(low=low, high=high)


def too_small(yes: pd.Series, base: pd.Series, columns: pd.Series) -> pd.Series:
    """Tell which shares must be withheld: a base, or a side of the share, below the minimum.

    Where one answer of several to the same question (`columns` names it) would be withheld alone,
    so is the next smallest: else the rest would give it away. An unknown base withholds nothing.
    """
    small = (base < MINIMUM_BASE) | (yes < MINIMUM_SIDE) | (base - yes < MINIMUM_SIDE)
    for _, group in yes.groupby(columns):
        if len(group) > 1 and small[group.index].sum() == 1:
            others = group[~small[group.index]]
            small[others.index[[int(others.argmin())]]] = True
    return small


def without(shares: pd.DataFrame, withheld: pd.Series) -> pd.DataFrame:
    """Take out of shares the numbers that are withheld, and of all how many said yes."""
    numbers = ["share", "low", "high", "effective_base"]
    shares = shares.assign(withheld=withheld)
    shares[numbers] = shares[numbers].mask(withheld)
    return shares.drop(columns="yes")


def of_logits(covariance: pd.DataFrame, share: pd.Series) -> pd.DataFrame:
    """Carry a covariance of shares over to their logits; NaN where a share is not known."""
    slope = share * (1 - share)
    return covariance.div(np.outer(slope, slope))


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
    odds = shares / (1 - shares)
    logits = np.log(odds.to_numpy(dtype=float))
    ridge = RIDGE * np.diag(known).max() * np.eye(len(known))
    noise = np.random.default_rng(SEED).standard_normal((DRAWS, len(logits)))
    drawn = logits + noise @ np.linalg.cholesky(known + ridge).T
    low, high = range_of_ranks(rank_draws(drawn))
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
