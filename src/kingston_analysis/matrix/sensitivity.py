"""How sure a ranking is: what happens to it when scores and weights move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kingston_analysis.matrix.cells import Cell, Computed, Matrix
from kingston_analysis.matrix.judgements import Judged
from kingston_analysis.matrix.scheme import HIGHEST, LOWEST
from kingston_analysis.matrix.scoring import DECIMALS, NO_TOTAL, PARTED, comparable, totals
from kingston_analysis.measures.ranks import range_of_ranks, rank_draws

# Fewer topics under both headings say nothing on whether the headings agree.
ENOUGH_PAIRS = 5


@dataclass(frozen=True)
class Sensitivity:
    """How often, of all draws, each topic was among the first, and where it ranked.

    `topics` has chance (share of draws among the first), low and high (ranks between which 95 of
    100 draws lie), close (too close to call), always and never (under every weighting tried, with
    the scores as they are; a topic that is not ranked is neither). It is a sensitivity range, not a
    confidence interval: it says what hangs on the scores and weights, not where a true rank lies.
    """

    topics: pd.DataFrame
    draws: int
    first: int


def sensitivity(matrix: Matrix) -> Sensitivity:
    """Draw scores and weights again and again, and rank the topics by each draw.

    Weights come from a Dirichlet distribution round the agreed ones (Dirichlet-distributed weights
    as in Butler, Jia and Dyer 1997). A computed score is that of a value drawn from the normal
    distribution of its 95% interval; a judged score moves by a normal deviate of its confidence's
    standard deviation, within the scale; where there is no score, each of the scale is as likely.
    """
    settings = matrix.scheme.sensitivity
    chance = np.random.default_rng(settings.seed)
    agreed = matrix.weights.to_numpy()
    # A heading without weight keeps none.
    alpha = np.maximum(settings.concentration * agreed / agreed.sum(), np.finfo(float).tiny)
    weights = chance.dirichlet(alpha, settings.draws)
    names = list(matrix.cells)
    drawn = np.empty((settings.draws, len(names), len(agreed)))
    for column, heading in enumerate(matrix.scheme.headings):
        for row, topic in enumerate(names):
            cell = matrix.cells[topic][heading.id]
            drawn[:, row, column] = _drawn(cell, matrix, chance, settings.draws)
    found = np.nan_to_num(totals(drawn, weights), nan=NO_TOTAL).round(DECIMALS)
    # The lot parts what is equal in a draw.
    ranks = rank_draws(found + chance.random(found.shape) * PARTED)
    low, high = range_of_ranks(ranks)
    share = (ranks <= matrix.scheme.first).mean(axis=0)
    closest, surest = settings.too_close
    columns = {
        "chance": share,
        "low": low.astype(int),
        "high": high.astype(int),
        "close": (share > closest) & (share < surest),
        **_every_weighting(matrix, chance),
    }
    return Sensitivity(pd.DataFrame(columns, index=names), settings.draws, matrix.scheme.first)


def _drawn(cell: Cell, matrix: Matrix, chance: np.random.Generator, draws: int) -> np.ndarray:
    evidence = cell.evidence
    if isinstance(evidence, Computed):
        values = chance.normal(evidence.value.estimate.value, evidence.value.error, draws)
        return evidence.bands.scores(values)
    if isinstance(evidence, Judged):
        spread = matrix.scheme.sensitivity.confidence[evidence.confidence]
        return chance.normal(evidence.score, spread, draws).clip(LOWEST, HIGHEST)
    return chance.integers(LOWEST, HIGHEST + 1, draws)


def _every_weighting(matrix: Matrix, chance: np.random.Generator) -> dict[str, np.ndarray]:
    """Tell which topics are always, and which never, among the first, with the scores as they are.

    Tried are weightings drawn evenly from all that are possible, and each heading alone.
    """
    headings, scores = len(matrix.scheme.headings), matrix.scores
    even = chance.dirichlet(np.ones(headings), matrix.scheme.sensitivity.draws)
    weights = np.concatenate([even, np.eye(headings)])
    ranked = scores.index.isin(matrix.ranked)
    always, never = np.zeros(len(scores), dtype=bool), np.zeros(len(scores), dtype=bool)
    if not ranked.any():
        return {"always": always, "never": never}
    found = totals(scores.to_numpy()[ranked], weights)
    keys = comparable(found, scores[ranked], matrix.scheme.tie_breaks)
    cut = -np.sort(-keys, axis=1)[:, [min(matrix.scheme.first, keys.shape[1]) - 1]]
    # Under a single heading that a topic has no score for, nothing is said of it.
    among, silent = keys >= cut, np.isnan(found)
    always[ranked] = (among | silent).all(axis=0)
    never[ranked] = (~among | silent).all(axis=0)
    return {"always": always, "never": never}


def agreement(matrix: Matrix) -> pd.DataFrame:
    """Correlate the headings over the topics, by Spearman's ρ: first, second, rho, topics.

    Only pairs that vary, and that `ENOUGH_PAIRS` topics or more are scored under, are there.
    """
    scores = matrix.scores
    rows = []
    for at, one in enumerate(scores.columns):
        for other in scores.columns[at + 1 :]:
            both = scores[[one, other]].dropna()
            if len(both) >= ENOUGH_PAIRS and (both.nunique() > 1).all():
                rho = both[one].rank().corr(both[other].rank())
                rows.append((one, other, float(rho), len(both)))
    found = pd.DataFrame(rows, columns=["first", "second", "rho", "topics"])
    return found.sort_values("rho", key=abs, ascending=False, ignore_index=True)
