"""Scenarios: who is among the first without a heading, by another measure, or by figures alone."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kingston_analysis.matrix.cells import Matrix
from kingston_analysis.matrix.scoring import ranking


@dataclass(frozen=True)
class Scenario:
    """Which topics come among the first, and which go, when a heading is done differently."""

    heading: str
    comes: tuple[str, ...]
    goes: tuple[str, ...]


def first_of(matrix: Matrix, scores: pd.DataFrame) -> set[str]:
    """Return which of the ranked topics are among the first by some scores of theirs."""
    scheme, weights = matrix.scheme, matrix.weights[scores.columns]
    ties = [each for each in scheme.tie_breaks if each in scores]
    ranks = ranking(scores, weights, ties, matrix.ranked)["rank"]
    return set(ranks.index[ranks <= scheme.first])


def scenarios_without_headings(matrix: Matrix) -> list[Scenario]:
    """Rank again without each heading in turn, as long as another has weight."""
    return [
        _scenario(matrix, each.title, matrix.scores.drop(columns=each.id))
        for each in matrix.scheme.headings
        if matrix.weights.drop(each.id).any()
    ]


def scenarios_by_other_measures(matrix: Matrix) -> list[Scenario]:
    """Rank again with the other measure of each heading that has one."""
    scores, other = matrix.scores, matrix.other_scores
    return [
        _scenario(matrix, each.title, scores.assign(**{each.id: other[each.id]}))
        for each in matrix.scheme.headings
        if each.swap
    ]


def _scenario(matrix: Matrix, heading: str, scores: pd.DataFrame) -> Scenario:
    now, then = first_of(matrix, matrix.scores), first_of(matrix, scores)
    order = list(matrix.cells)
    comes, goes = (sorted(each, key=order.index) for each in (then - now, now - then))
    return Scenario(heading, tuple(comes), tuple(goes))
