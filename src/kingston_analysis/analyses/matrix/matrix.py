"""The matrix: what comes first, on what that rests, and what stands behind each cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from kingston_analysis.analyses.matrix.labels import (
    judged_score,
    listed_topics,
    mark,
    rank_label,
    rests,
    rests_on,
    score_label,
    why_not_ranked,
)
from kingston_analysis.analyses.matrix.scores import (
    bands_table,
    cells_by_topic,
    computed_scores,
    judged_scores,
    unscored_cells,
)
from kingston_analysis.matrix.cells import Cell, Computed, Matrix
from kingston_analysis.matrix.decisions import Decisions
from kingston_analysis.matrix.judgements import Judged
from kingston_analysis.matrix.scenarios import first_of
from kingston_analysis.matrix.scheme import MatrixHeading
from kingston_analysis.results import DEMONSTRATION, Finding, Gap, finding
from kingston_analysis.show import wording
from kingston_analysis.show.answer import OnRequest, Part, Publication, analysis
from kingston_analysis.show.table import Column, DisplayTable, table
from kingston_analysis.views.edition import EditionView


@analysis("Matrix")
def matrix(view: EditionView) -> Iterator[Part]:
    """Show the matrix, what it puts first, and what stands behind each cell.

    The intervals are those of 95%, from which the scheme's confidence in a score is read.
    """
    found, titles, ranks = view.matrix, view.topic_titles, view.ranks
    if isinstance(found, Gap):
        yield found
        return
    register = view.decisions
    emerged: tuple[str, ...] = ()
    if isinstance(register, Decisions) and register.edition == view.edition.edition:
        emerged = register.emerged
    yield _cells(found)
    yield _how_many_ranked(found, titles)
    yield _demonstration_note(found)
    yield _first(found, ranks, titles)
    for caption, rows in _ranked_and_not(ranks):
        yield _matrix_table(caption, found, rows, titles)
    yield _by_figures(found, titles)
    yield _compared(found, ranks, emerged, titles)
    yield found.scheme.about
    yield OnRequest(bands_table(found))
    for make in (computed_scores, judged_scores, unscored_cells):
        behind = make(found, titles)
        if behind.rows:
            yield OnRequest(behind)
    period = view.edition.assessed
    of = f"of {len(found.cells)} areas"
    yield Publication((finding("ranked", period, len(found.ranked), of),), ())
    for topic in found.cells:
        values = _findings(found, topic, ranks.loc[[topic]].iloc[0], period)
        yield Publication(tuple(values), found.tables_behind(topic))


def _cells(found: Matrix) -> pd.DataFrame:
    """Return a row a cell: its score, what it rests on, and the value behind a computed one."""
    rows = []
    for topic, cell in cells_by_topic(found):
        row = {"topic": topic, "heading": cell.heading.id, "score": cell.score}
        row |= {"basis": cell.basis, "confidence": cell.confidence}
        if isinstance(cell.evidence, Computed):
            value = cell.evidence.value
            low, high = value.estimate.ends or (np.nan, np.nan)
            row |= {"value": value.estimate.value, "low": low, "high": high, "period": value.period}
        rows.append(row)
    return pd.DataFrame(rows)


# Words


def _demonstration_note(found: Matrix) -> str:
    """Warn that judgements are demonstration values, where any are; or that there are none."""
    judged = [cell.judged for _, cell in cells_by_topic(found) if cell.judged]
    if not judged:
        return (
            "**No judgements are held for this borough and edition.** Only the computed headings "
            "are scored; the judged ones stay empty."
        )
    if any(each.kind == "demonstration" for each in judged):
        return (
            "**The judged scores are demonstration values.** The partnership's own scores were "
            "never published. Those marked [d] were put down by this book's authors to show how "
            "the matrix works. They are not the partnership's views."
        )
    return ""


def _how_many_ranked(found: Matrix, titles: dict[str, str]) -> str:
    """Say how many areas are ranked, by which rule, and which are not."""
    total, ranked = len(found.cells), len(found.ranked)
    apart = [topic for topic in found.cells if topic not in found.ranked]
    if not ranked:
        counts = f"No area of crime can be ranked on evidence, of {total} in all"
    elif apart:
        counts = (
            f"{ranked} of {wording.counted(total, 'areas')} of crime "
            f"{wording.agreeing(ranked, 'is', 'are')} ranked, and {len(apart)} cannot be ranked on "
            "evidence"
        )
    else:
        counts = f"All areas of crime are ranked, {total} in all"
    headings = wording.listed(heading.title for heading in found.scheme.computed)
    lines = [
        f"**{counts}.** An area is ranked if it has figures under at least "
        f"{wording.number_in_words(found.scheme.fewest_computed)} of the computed headings "
        f"({headings}).",
        "Where a cell is empty, two totals are given: the lower counts the cell as 1, the higher "
        "as 5. Areas are ranked by the lower total, so that a missing figure never helps.",
    ]
    if apart and ranked:
        lines.append(f"Not ranked: {listed_topics(apart, titles)}.")
    return " ".join(lines)


def _first(found: Matrix, ranks: pd.DataFrame, titles: dict[str, str]) -> str:
    """Say which topics come first, and how much rests on judgement."""
    first = listed_topics(ranks.index[ranks["rank"] <= found.scheme.first], titles)
    places, ranked = found.scheme.first, len(found.ranked)
    lines = []
    if ranked > places:
        lines.append(f"The {wording.first_places(places)} of the {ranked} ranked areas: {first}.")
    elif ranked:
        there = wording.agreeing(places, "There is", "There are")
        lines.append(
            f"{there} {wording.counted(places, 'places')} and "
            f"{wording.counted(ranked, 'ranked areas')}, so the score leaves none of them out: "
            f"{first}."
        )
    if ranked:
        lines += rests(found)
    if found.scored:
        judged = found.share_judged()
        lines.append(
            f"{wording.share(judged)} of the weight behind all scores rests on judgement, "
            f"{wording.share(1 - judged)} on figures."
        )
    return " ".join(lines)


def _by_figures(found: Matrix, titles: dict[str, str]) -> str:
    """Name the first by figures alone, where more areas are ranked than there are places."""
    if len(found.ranked) <= found.scheme.first:
        return ""
    alone = sorted(first_of(found, found.computed), key=list(found.cells).index)
    places = wording.first_places(found.scheme.first)
    return f"In the {places} by figures alone, judgements left out: {listed_topics(alone, titles)}."


def _compared(
    found: Matrix, ranks: pd.DataFrame, emerged: tuple[str, ...], titles: dict[str, str]
) -> str:
    """Set the first by the full matrix beside those that the plan says emerged."""
    if not emerged:
        return ""
    places = wording.first_places(found.scheme.first)
    enough = len(found.ranked) > found.scheme.first
    inside = f"in the {places} here" if enough else "ranked here"
    full = set(ranks.index[ranks["rank"] <= found.scheme.first])
    both = [each for each in emerged if each in full]
    count = wording.sentence_start(wording.number_in_words(len(both))) if both else "None"
    here = f": {listed_topics(both, titles)}" if both else ""
    lines = [
        f"The plan says that {wording.counted(len(emerged), 'areas')} emerged. {count} of them "
        f"{wording.agreeing(max(len(both), 1), 'is', 'are')} {inside}{here}."
    ]
    apart = [each for each in emerged if each not in found.ranked]
    gone = [each for each in emerged if each in found.ranked and each not in full]
    come = [each for each in found.cells if each in full and each not in emerged]
    for said, topics in (
        ("Not ranked here, for want of figures", apart),
        (f"Ranked here, but not in the {places}", gone),
        (f"{wording.sentence_start(inside)}, but not in the plan", come),
    ):
        if topics:
            lines.append(f"{said}: {listed_topics(topics, titles)}.")
    lines.append("The plan does not publish its scores, so where the two differ cannot be traced.")
    return " ".join([*lines, *rests(found)])


# Tables


def _ranked_and_not(ranks: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return the captions and rows of what is ranked, and of what is listed apart."""
    known = ranks["rank"].notna()
    parts = {
        "Scores from 1 to 5": ranks[known],
        "Scores of the areas that cannot be ranked on evidence": ranks[~known],
    }
    return [(caption, rows) for caption, rows in parts.items() if len(rows)]


def _matrix_table(
    caption: str, found: Matrix, ranks: pd.DataFrame, titles: dict[str, str]
) -> DisplayTable:
    """Set topics beside every heading, by rank, with the number of the score in each cell."""
    headings = found.scheme.headings

    def scores_under(heading: MatrixHeading) -> Column:
        cells = {topic: row[heading.id] for topic, row in found.cells.items()}
        return Column(heading.title, lambda row: _score(cells[row["topic"]]), "score")

    def total(end: str, title: str) -> Column:
        def cell(row: dict[str, Any]) -> str | float:
            marked = mark(found, [row["topic"]])
            return f"{row[end]:.1f}{marked}" if marked else row[end]

        return Column(f"{title} total of 100", cell, "rate")

    return table(
        caption,
        ranks.rename_axis("topic").reset_index(),
        Column("Area of crime", lambda row: titles[row["topic"]]),
        Column("Rank", lambda row: rank_label(row["rank"], found)),
        total("lowest", "Lower"),
        total("highest", "Higher"),
        *map(scores_under, headings),
        Column(f"Scored of {len(headings)}", "scored", "count"),
    )


def _score(cell: Cell) -> str:
    evidence = cell.evidence
    return judged_score(evidence) if isinstance(evidence, Judged) else score_label(cell.score)


# Findings


def _findings(found: Matrix, topic: str, row: pd.Series, period: str) -> Iterator[Finding]:
    """Give the findings of one topic: each score, its totals, its rank, how many are scored.

    The total of what is ranked is the lowest, by which it is.
    """
    for name, cell in found.cells[topic].items():
        evidence, what = cell.evidence, f"{cell.heading.title}, {cell.basis}"
        if isinstance(evidence, Judged) and evidence.kind == "demonstration":
            what += f" ({DEMONSTRATION})"
        score = evidence if isinstance(evidence, Gap) else evidence.score
        yield finding(name, period, score, "score from 1 to 5", subject=topic, what=what)
    total = {"unit": "of 100", "subject": topic, "what": rests_on(found, [topic])}
    rank = {"unit": "rank from the highest", "subject": topic, "what": rests_on(found)}
    apart = why_not_ranked(found, topic) if topic not in found.ranked else None
    yield finding("total", period, apart or row["lowest"], **total)
    yield finding("lowest", period, row["lowest"], **total)
    yield finding("highest", period, row["highest"], **total)
    yield finding("rank", period, apart or row["rank"], **rank)
    unit = f"of {len(found.scheme.headings)} headings"
    yield finding("scored", period, row["scored"], unit, subject=topic)
