"""Critical weights: the smallest change of one weight that takes a topic in or out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kingston_analysis.matrix.cells import Matrix
from kingston_analysis.matrix.scenarios import first_of
from kingston_analysis.matrix.scheme import LOWEST
from kingston_analysis.matrix.scoring import ranks, totals

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
    ask which criterion is the most critical). Two totals are equal at one share of that weight;
    between neighbouring shares the order stays. None where no single weight can.
    """
    topics, first = matrix.ranked, first_of(matrix, matrix.scores)
    if not topics:
        return {}
    scores = matrix.scores.loc[topics].fillna(LOWEST).to_numpy()
    ties = scores[:, matrix.scheme.tie_places]
    inside = np.array([topic in first for topic in topics], dtype=bool)
    nearest: dict[str, CriticalWeight | None] = dict.fromkeys(topics)
    for column, heading in enumerate(matrix.scheme.headings):
        weights = matrix.weights.to_numpy(dtype=float)
        others = np.where(np.arange(len(weights)) == column, 0.0, weights)
        if not others.any():
            continue
        others /= others.sum()
        now = weights[column] / weights.sum()
        edges = _edges(scores[:, column], scores @ others, now)
        middles = ((edges[1:] + edges[:-1]) / 2)[:, None]
        tried = (1 - middles) * others + middles * (np.arange(len(weights)) == column)
        among = ranks(totals(scores, tried), ties) <= matrix.scheme.first
        for row, topic in enumerate(topics):
            turned = np.flatnonzero(among[:, row] != inside[row])
            if not len(turned):
                continue
            ends = np.where(edges[turned] >= now, edges[turned], edges[turned + 1])
            then = float(ends[np.abs(ends - now).argmin()])
            best = nearest[topic]
            if best is None or abs(then - now) < abs(best.then - best.now):
                nearest[topic] = CriticalWeight(topic, heading.id, now, then)
    return nearest


def _edges(own: np.ndarray, rest: np.ndarray, now: float) -> np.ndarray:
    """Return the shares of one heading at which two totals are equal, with 0, 1 and today's.

    With a share v a total is v · own + (1 − v) · rest, up to a factor.
    """
    one, other = np.triu_indices(len(own), 1)
    by_own, by_rest = own[one] - own[other], rest[one] - rest[other]
    crossing = by_rest != by_own
    shares = by_rest[crossing] / (by_rest - by_own)[crossing]
    edges = np.sort(np.concatenate([[0.0, now, 1.0], shares[(shares > 0) & (shares < 1)]]))
    # The same share comes out a hair apart from one pair of topics and the next.
    return edges[np.append(True, np.diff(edges) > HAIR)]
