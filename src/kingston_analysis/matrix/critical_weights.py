"""Critical weights: the smallest change of one weight that takes a topic in or out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kingston_analysis.matrix.cells import Matrix
from kingston_analysis.matrix.scenarios import first_of
from kingston_analysis.matrix.scheme import HIGHEST, LOWEST
from kingston_analysis.matrix.scoring import comparable, totals

HAIR = 1e-9


@dataclass(frozen=True)
class CriticalWeight:
    """The smallest change of one weight that takes a topic in or out: shares of all weight."""

    topic: str
    heading: str
    now: float
    then: float


def critical_weights(matrix: Matrix) -> dict[str, CriticalWeight | None]:
    """Find, for each ranked topic, the smallest change of one weight that takes it in or out.

    One weight moves while the others keep their proportions (Triantaphyllou and Sánchez 1997, who
    ask which criterion is the most critical). Two totals are equal where a quadratic in that
    weight is zero; between neighbouring roots the order stays. None where no single weight can.
    """
    scores, now = matrix.scores.loc[matrix.ranked], first_of(matrix, matrix.scores)
    if scores.empty:
        return {}
    inside = np.array([topic in now for topic in scores.index])
    nearest: dict[str, CriticalWeight | None] = dict.fromkeys(scores.index)
    for column, heading in enumerate(scores.columns):
        weights = matrix.weights.to_numpy(dtype=float)
        other_weights = weights.sum() - weights[column]
        if not other_weights:
            continue
        share = weights[column] / weights.sum()
        edges = _edges(scores.to_numpy(), weights, column, other_weights)
        among = _among(matrix, scores, weights, column, (edges[1:] + edges[:-1]) / 2)
        for row, topic in enumerate(scores.index):
            turned = np.flatnonzero(among[:, row] != inside[row])
            if not len(turned):
                continue
            ends = np.where(edges[turned] >= share, edges[turned], edges[turned + 1])
            then = float(ends[np.abs(ends - share).argmin()])
            best = nearest[topic]
            if best is None or abs(then - share) < abs(best.then - best.now):
                nearest[topic] = CriticalWeight(topic, heading, share, then)
    return nearest


def _edges(
    scores: np.ndarray, weights: np.ndarray, column: int, other_weights: float
) -> np.ndarray:
    """Return the shares of one heading at which two totals are equal, with 0 and 1."""
    known = ~np.isnan(scores)
    share = np.where(known, (scores - LOWEST) / (HIGHEST - LOWEST), 0.0)
    rest = np.where(np.arange(len(weights)) == column, 0.0, weights)
    above, below = share @ rest, known @ rest
    own, has = share[:, column], known[:, column].astype(float)
    first, second = np.triu_indices(len(scores), 1)
    # The one's Σ w s times the other's Σ w, less the same crosswise: a polynomial in the weight.
    terms = [(above, below), (own, has)]
    constant, linear, square = (
        sum(
            terms[i][0][first] * terms[j][1][second] - terms[i][0][second] * terms[j][1][first]
            for i, j in pairs
        )
        for pairs in ([(0, 0)], [(0, 1), (1, 0)], [(1, 1)])
    )
    roots = [np.roots(each) for each in zip(square, linear, constant, strict=True)]
    real = np.concatenate([r.real[np.isreal(r)] for r in roots]) if roots else np.empty(0)
    shares = real[real > 0] / (real[real > 0] + other_weights)
    now = weights[column] / (weights[column] + other_weights)
    edges = np.sort(np.concatenate([[0.0, now, 1.0], shares]))
    # The same root comes out a hair apart from one pair of topics and the next.
    return edges[np.append(True, np.diff(edges) > HAIR)]


def _among(
    matrix: Matrix, scores: pd.DataFrame, weights: np.ndarray, column: int, shares: np.ndarray
) -> np.ndarray:
    """Tell which topics are among the first when a heading has some shares of the weight."""
    tried = np.repeat((weights / (weights.sum() - weights[column]))[None], len(shares), axis=0)
    tried *= (1 - shares)[:, None]
    tried[:, column] = shares
    found = comparable(totals(scores.to_numpy(), tried), scores, matrix.scheme.tie_breaks)
    better = (found[:, :, None] < found[:, None, :]).sum(axis=2)
    return better < matrix.scheme.first
