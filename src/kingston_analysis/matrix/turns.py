"""What it takes to turn a ranking: another heading, another measure, another weight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kingston_analysis.matrix.cells import Matrix
from kingston_analysis.matrix.scheme import HIGHEST, LOWEST
from kingston_analysis.matrix.scoring import comparable, ranking, totals

# Fewer topics under both headings say nothing on whether the headings agree.
ENOUGH_PAIRS = 5
HAIR = 1e-9


@dataclass(frozen=True)
class Swap:
    """Which topics come among the first, and which go, when one thing is done differently."""

    done: str
    comes: tuple[str, ...]
    goes: tuple[str, ...]


@dataclass(frozen=True)
class Turn:
    """The smallest change of one weight that takes a topic in or out: shares of all weight."""

    topic: str
    heading: str
    now: float
    then: float


def first_of(matrix: Matrix, scores: pd.DataFrame) -> set[str]:
    """Return which of the ranked topics are among the first by other scores of theirs."""
    scheme, weights = matrix.scheme, matrix.weights[scores.columns]
    ties = [each for each in scheme.tie_breaks if each in scores]
    ranks = ranking(scores.loc[matrix.ranked], weights, ties, 1)["rank"]
    return set(ranks.index[ranks <= scheme.first])


def by_figures_alone(matrix: Matrix) -> set[str]:
    """Return the topics among the first by the computed scores, judgements left out."""
    scheme = matrix.scheme
    found = ranking(matrix.computed, matrix.weights, scheme.tie_breaks, scheme.fewest_computed)
    return set(found.index[found["rank"] <= scheme.first])


def without_each(matrix: Matrix) -> list[Swap]:
    """Rank again without each heading in turn, as long as another has weight."""
    return [
        _swap(matrix, each.title, matrix.scores.drop(columns=each.id))
        for each in matrix.scheme.headings
        if matrix.weights.drop(each.id).any()
    ]


def with_other_measures(matrix: Matrix) -> list[Swap]:
    """Rank again with the other measure of the headings that have one."""
    other = [each for each in matrix.scheme.headings if each.swap]
    return [_swap(matrix, each.title, matrix.swapped) for each in other[:1]]


def smallest_turns(matrix: Matrix) -> dict[str, Turn | None]:
    """Find, for each ranked topic, the smallest change of one weight that takes it in or out.

    One weight moves while the others keep their proportions (Triantaphyllou and Sánchez 1997, who
    ask which criterion is the most critical). Two totals are equal where a quadratic in that
    weight is zero; between neighbouring roots the order stays. None where no single weight can.
    """
    scores, now = matrix.scores.loc[matrix.ranked], first_of(matrix, matrix.scores)
    if scores.empty:
        return {}
    inside = np.array([topic in now for topic in scores.index])
    nearest: dict[str, Turn | None] = dict.fromkeys(scores.index)
    for column, heading in enumerate(scores.columns):
        weights = matrix.weights.to_numpy(dtype=float)
        others = weights.sum() - weights[column]
        if not others:
            continue
        share = weights[column] / weights.sum()
        edges = _edges(scores.to_numpy(), weights, column, others)
        among = _among(matrix, scores, weights, column, (edges[1:] + edges[:-1]) / 2)
        for row, topic in enumerate(scores.index):
            turned = np.flatnonzero(among[:, row] != inside[row])
            if not len(turned):
                continue
            ends = np.where(edges[turned] >= share, edges[turned], edges[turned + 1])
            then = float(ends[np.abs(ends - share).argmin()])
            found, best = Turn(topic, heading, share, then), nearest[topic]
            if best is None or abs(then - share) < abs(best.then - best.now):
                nearest[topic] = found
    return nearest


def _edges(scores: np.ndarray, weights: np.ndarray, column: int, others: float) -> np.ndarray:
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
    shares = real[real > 0] / (real[real > 0] + others)
    now = weights[column] / (weights[column] + others)
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


def _swap(matrix: Matrix, done: str, scores: pd.DataFrame) -> Swap:
    now, then = first_of(matrix, matrix.scores), first_of(matrix, scores)
    order = list(matrix.cells)
    comes, goes = (sorted(each, key=order.index) for each in (then - now, now - then))
    return Swap(done, tuple(comes), tuple(goes))
