"""Respondents beside the residents: who answered, and weights that make up for who did not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kingston_analysis.errors import KingstonError, nearest

# Shares within a millionth of their margin, long before which rounded results stand still.
TOLERANCE = 1e-6
MOST_ROUNDS = 500


def rake(
    people: pd.DataFrame, margins: dict[str, pd.Series], weights: pd.Series | None = None
) -> pd.Series:
    """Weight respondents until their shares fit every margin.

    `people` has a column a margin; a margin gives people or shares by category. The weights, which
    start from the given ones, keep a mean of 1. Who left a question of the margins open keeps the
    weight there, and the others are fitted among themselves. Iterative proportional fitting
    (Deming and Stephan 1940). Raises KingstonError for a weight that is not above zero, a category
    that only one side has, and margins that no weights fit.
    """
    started = pd.Series(1.0, people.index) if weights is None else weights.astype("float")
    if not (started > 0).all():
        wrong = int((~(started > 0)).sum())
        raise KingstonError(f"{wrong} weights are missing or not above zero.", "Correct them.")
    targets = {name: _target(people[name], margin, name) for name, margin in margins.items()}
    codes = {
        name: pd.Categorical(people[name], categories=target.index).codes
        for name, target in targets.items()
    }
    raked = started.to_numpy(copy=True)
    for _ in range(MOST_ROUNDS):
        for name, target in targets.items():
            _fit(raked, codes[name], target.to_numpy())
        gaps = {n: target - _shares(raked, codes[n], len(target)) for n, target in targets.items()}
        if all(gap.abs().max() <= TOLERANCE for gap in gaps.values()):
            return pd.Series(raked / raked.mean(), people.index)
    raise KingstonError(_apart(gaps), "Merge categories, or rake to fewer margins.")


def _target(people: pd.Series, margin: pd.Series, name: str) -> pd.Series:
    """Return a margin as shares, once both sides have the same categories."""
    if not (margin > 0).all():
        wrong = margin.index[~(margin > 0)][0]
        raise KingstonError(f"The margin '{name}' has nobody in '{wrong}'.", "Leave it out.")
    known, given = set(people.dropna()), list(margin.index)
    if strange := sorted(known - set(given)):
        what = f"The respondents' '{strange[0]}' is no category of the margin '{name}'."
        raise KingstonError(what, nearest(strange[0], given))
    if empty := [category for category in given if category not in known]:
        what = f"The margin '{name}' has the category '{empty[0]}', but no respondent is in it."
        raise KingstonError(what, "Merge it with a neighbour, in the margin and in the answers.")
    return margin / margin.sum()


def _shares(weights: np.ndarray, codes: np.ndarray, categories: int) -> np.ndarray:
    sums = np.bincount(codes[codes >= 0], weights[codes >= 0], categories)
    return sums / sums.sum()


def _fit(weights: np.ndarray, codes: np.ndarray, target: np.ndarray) -> None:
    stated = codes >= 0
    weights[stated] *= (target / _shares(weights, codes, len(target)))[codes[stated]]


def _apart(gaps: dict[str, pd.Series]) -> str:
    name = max(gaps, key=lambda each: gaps[each].abs().max())
    gap = gaps[name]
    largest = int(gap.abs().argmax())
    return (
        f"No weights fit all margins: after {MOST_ROUNDS} rounds '{gap.index[largest]}' of "
        f"'{name}' is still {abs(gap.iloc[largest]):.1%} away from its share."
    )


def kish_design_effect(weights: np.ndarray) -> float:
    """Return by how many times unequal weights multiply a variance: n Σw² / (Σw)² (Kish 1965)."""
    return float(len(weights) * (weights**2).sum() / weights.sum() ** 2)


def profile(people: pd.DataFrame, margins: dict[str, pd.Series]) -> pd.DataFrame:
    """Set the respondents beside the residents.

    Returns a row for each margin and category: respondents, their share of those who stated it,
    the residents' share as target, and the difference of the two; a column without a margin has no
    target. Those who did not state it come last, as category None.
    """
    parts = [_one_profile(people[name], margins.get(name)) for name in people.columns]
    return (
        pd.concat(parts, keys=people.columns, names=["margin"])
        .reset_index("margin")
        .reset_index(drop=True)
    )


def _one_profile(answers: pd.Series, margin: pd.Series | None) -> pd.DataFrame:
    categories = sorted(answers.dropna().unique()) if margin is None else list(margin.index)
    counts = answers.value_counts().reindex(categories, fill_value=0).astype("float")
    target = np.nan if margin is None else (margin / margin.sum()).to_numpy(dtype=float)
    rows = pd.DataFrame({"category": categories, "respondents": counts.to_numpy()})
    rows["share"] = rows["respondents"] / rows["respondents"].sum()
    rows["target"] = target
    rows["difference"] = rows["share"] - rows["target"]
    if silent := int(answers.isna().sum()):
        rows.loc[len(rows)] = [None, float(silent), np.nan, np.nan, np.nan]
    return rows
