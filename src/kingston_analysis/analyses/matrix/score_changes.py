"""What changed: every score that is another than in the edition before, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from kingston_analysis.analyses.matrix.labels import judged_score, score_label, value_label
from kingston_analysis.matrix.cells import Cell, Computed, Matrix
from kingston_analysis.matrix.score_changes import ScoreChange, find_score_changes
from kingston_analysis.results import Gap
from kingston_analysis.show.answer import OnRequest, Part, analysis
from kingston_analysis.show.sentences import extractions
from kingston_analysis.show.table import Column, DisplayTable, table
from kingston_analysis.show.wording import agreeing, counted
from kingston_analysis.views.edition import EditionView


@analysis("What changed")
def score_changes(view: EditionView) -> Iterator[Part]:
    """List every score that changed since the edition before, and why."""
    found, before = view.matrix, _matrix_before(view)
    if isinstance(found, Gap):
        yield found
        return
    if isinstance(before, Gap):
        yield before
        return
    changes = find_score_changes(before, found)
    yield _frame(changes)
    yield _sentence(changes, before, extractions(view.reextracted))
    if changes:
        yield OnRequest(_table(changes, before, view.topic_titles))


def _matrix_before(view: EditionView) -> Matrix | Gap:
    """Return the matrix of the edition before, made as it was made then."""
    if view.before is None:
        return Gap("This is the first edition: none stands before it.")
    none = Gap("The edition before names no scheme by which areas are scored.")
    return none if isinstance(view.before.matrix, Gap) else view.before.matrix


def _frame(changes: list[ScoreChange]) -> pd.DataFrame:
    """Return topic, heading, score before and after, and why."""
    columns = ["topic", "heading", "before", "after", "why"]
    rows = [
        (each.topic, each.after.heading.id, each.before.score, each.after.score, each.why)
        for each in changes
    ]
    return pd.DataFrame(rows, columns=columns)


def _sentence(changes: list[ScoreChange], before: Matrix, copies: str) -> str:
    """Say how many scores changed since the edition before, why, and what it saw."""
    if not changes:
        return f"No score has changed since the {before.edition} edition. {copies}"
    counts = Counter(each.why for each in changes)
    reasons = ", ".join(f"{why} in {number}" for why, number in counts.items())
    return (
        f"{counted(len(changes), 'scores')} {agreeing(len(changes), 'has', 'have')} changed since "
        f"the {before.edition} edition: {reasons}. {copies}"
    )


def _table(changes: list[ScoreChange], before: Matrix, titles: dict[str, str]) -> DisplayTable:
    """Set down each score that changed, what stood behind it before and now, and why."""
    return table(
        "Scores that changed",
        changes,
        Column("Area of crime", lambda change: titles[change.topic]),
        Column("Heading", lambda change: change.after.heading.title),
        Column(f"{before.edition} edition", lambda change: _behind(change.before)),
        Column("Now", lambda change: _behind(change.after)),
        Column("Why", "why"),
    )


def _behind(cell: Cell) -> str:
    evidence = cell.evidence
    if isinstance(evidence, Computed):
        score = score_label(evidence.score)
        return f"{score}: {value_label(evidence)}, {evidence.value.period}"
    if isinstance(evidence, Gap):
        return "not scored"
    return f"{judged_score(evidence)}: {evidence.why}"
