"""From year to year: which scores changed since the edition before, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from kingston_analysis.matrix.cells import Cell, Computed, Matrix

Reason = Literal[
    "the evidence moved", "the judgement moved", "the method moved", "the data were revised"
]


@dataclass(frozen=True)
class ScoreChange:
    """A score that changed, with the cells before and after, and why; NaN is not scored."""

    topic: str
    before: Cell
    after: Cell
    why: Reason


def find_score_changes(before: Matrix, after: Matrix) -> list[ScoreChange]:
    """List the scores that changed between two editions, in the order of topics and headings.

    A cell that either edition does not have is no change.
    """
    return [
        ScoreChange(topic, old, new, _why(old, new))
        for topic, row in after.cells.items()
        for name, new in row.items()
        if (old := before.cells.get(topic, {}).get(name)) is not None
        and not np.isclose(old.score, new.score, equal_nan=True)
    ]


def _why(old: Cell, new: Cell) -> Reason:
    computed = "computed" in (old.basis, new.basis)
    if _method(old, computed) != _method(new, computed):
        return "the method moved"
    if not computed:
        return "the judgement moved"
    if _period(old) and _period(old) == _period(new):
        return "the data were revised"
    return "the evidence moved"


def _period(cell: Cell) -> str | None:
    return cell.evidence.value.period if isinstance(cell.evidence, Computed) else None


def _method(cell: Cell, computed: bool) -> tuple:
    """Return what a score of a heading follows from, wherever its words stand."""
    heading, bands = cell.heading, cell.heading.measure
    if computed:
        return (bands.kind, bands.below, bands.at_most) if bands else ()
    return heading.judged, heading.only, heading.parts
