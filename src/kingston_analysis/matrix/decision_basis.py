"""Whether the score or the decision settled what became of a topic."""

from __future__ import annotations

from typing import Literal

from kingston_analysis.matrix.cells import Matrix
from kingston_analysis.matrix.decisions import Decision
from kingston_analysis.matrix.scenarios import first_of

DecisionBasis = Literal["score-driven", "decision-driven", "cannot be computed"]


def decision_basis(matrix: Matrix, decision: Decision) -> DecisionBasis:
    """Tell whether a decision follows the score, or goes against it.

    It cannot be computed where the topic is not ranked, or where no figure stands behind its score:
    judgements alone would then explain themselves.
    """
    topic = decision.topic
    row = matrix.cells.get(topic, {}).values()
    if topic not in matrix.ranked or all(cell.basis != "computed" for cell in row):
        return "cannot be computed"
    by_score = topic in first_of(matrix, matrix.scores)
    adopted = decision.decision != "not adopted"
    return "score-driven" if by_score == adopted else "decision-driven"
