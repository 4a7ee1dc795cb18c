"""Whether the score or the decision settled what became of a topic."""

from __future__ import annotations

from typing import Literal

from kingston_analysis.matrix.cells import Matrix
from kingston_analysis.matrix.decisions import Decision
from kingston_analysis.matrix.scheme import HIGHEST
from kingston_analysis.matrix.scoring import DECIMALS, totals

DecisionBasis = Literal["score-driven", "decision-driven", "open", "cannot be computed"]


def decision_basis(matrix: Matrix, decision: Decision) -> DecisionBasis:
    """Tell whether a decision follows the score, or goes against it.

    It is open where the computed headings alone do not settle the score: judgements would then
    explain themselves. It cannot be computed where the topic is not ranked.
    """
    if decision.topic not in matrix.ranked:
        return "cannot be computed"
    by_score = settled_by_figures(matrix, decision.topic)
    if by_score is None:
        return "open"
    adopted = decision.decision != "not adopted"
    return "score-driven" if by_score == adopted else "decision-driven"


def settled_by_figures(matrix: Matrix, topic: str) -> bool | None:
    """Tell whether the computed headings alone put a topic among the first; None if neither.

    Judgements are left out, and an empty cell could be anything: the topic's own, and those of all
    others, ranked or not. It is in where fewer topics than there are places could come before it or
    level with it, and out where at least as many are sure to come before it.
    """
    columns, first = [each.id for each in matrix.scheme.computed], matrix.scheme.first
    weights = matrix.weights[columns].to_numpy()
    if not weights.any():
        return None
    scores = matrix.computed[columns].to_numpy()
    low = totals(scores, weights).round(DECIMALS)
    high = totals(scores, weights, HIGHEST).round(DECIMALS)
    own = list(matrix.cells).index(topic)
    # Of those that could come before it or level with it, one is the topic itself.
    if (high >= low[own]).sum() - 1 < first:
        return True
    return False if (low > high[own]).sum() >= first else None
