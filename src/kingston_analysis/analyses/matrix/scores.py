"""Scores: what a matrix's cells rest on: its bands, figures, judgements, and why some are empty."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from kingston_analysis.analyses.matrix.labels import (
    format_measure,
    judged_score,
    score_label,
    value_label,
)
from kingston_analysis.data.tables.periods import day_in_words
from kingston_analysis.matrix.cells import Cell, Computed, Matrix
from kingston_analysis.matrix.judgements import Judged
from kingston_analysis.matrix.scheme import LOWEST, Bands, MatrixHeading
from kingston_analysis.results import Gap
from kingston_analysis.show.table import Column, DisplayTable, table

E = TypeVar("E", Computed, Judged, Gap)


def cells_by_topic(found: Matrix) -> list[tuple[str, Cell]]:
    """Return every cell of a matrix with the topic in whose row it stands."""
    return [(topic, cell) for topic, row in found.cells.items() for cell in row.values()]


def bands_table(found: Matrix) -> DisplayTable:
    """Set down the scheme: what each heading asks, its weight, and what each score means."""
    return table(
        "Headings, weights and bands",
        found.scheme.headings,
        Column("Heading", "title"),
        Column("It asks", "asks"),
        Column("Weight", lambda heading: f"{heading.weight:g}"),
        *(
            Column(f"Score {score}", partial(_meaning, score))
            for score in range(LOWEST, LOWEST + 5)
        ),
    )


def _meaning(score: int, heading: MatrixHeading) -> str:
    """Say what a score under a heading means."""
    if heading.measure:
        return _band(heading.measure, score)
    return (heading.judged or {}).get(score, "[z]" if heading.only else "between")


def _band(bands: Bands, score: float) -> str:
    """Write the band of a score: under 2.0%; 2.0% to under 5.0%."""
    place = int(score) - LOWEST
    low, high = (None, *bands.cuts)[place], (*bands.cuts, None)[place]
    ends = [None if each is None else format_measure(each, bands.style) for each in (low, high)]
    if bands.below:
        if low is None:
            return f"under {ends[1]}"
        return f"{ends[0]} or more" if high is None else f"{ends[0]} to under {ends[1]}"
    if low is None:
        return f"{ends[1]} or less"
    return f"over {ends[0]}" if high is None else f"over {ends[0]} to {ends[1]}"


def computed_scores(found: Matrix, titles: dict[str, str]) -> DisplayTable:
    """Set down each computed score with value, interval, band, period, tables and confidence."""
    columns: dict[str, Callable[[Computed], str]] = {
        "Value": value_label,
        "95% interval": _interval,
        "Band": lambda computed: _band(computed.bands, computed.score),
        "Score": lambda computed: score_label(computed.score),
        "Period": lambda computed: computed.value.period,
        "Tables": lambda computed: ", ".join(computed.value.tables),
        "Confidence": lambda computed: computed.confidence,
    }
    return _table("Where the computed scores come from", found, titles, Computed, columns)


def judged_scores(found: Matrix, titles: dict[str, str]) -> DisplayTable:
    """Set down each judged score with its parts, confidence, reason, who and when."""
    columns: dict[str, Callable[[Judged], str]] = {
        "Score": judged_score,
        "Confidence": lambda judged: judged.confidence,
        "Reason": _reason,
        "By whom": lambda judged: judged.by,
        "When": lambda judged: day_in_words(judged.date),
    }
    return _table("Where the judged scores come from", found, titles, Judged, columns)


def unscored_cells(found: Matrix, titles: dict[str, str]) -> DisplayTable:
    """Set down each cell without a score, and why it has none."""
    columns: dict[str, Callable[[Gap], str]] = {"Why": lambda gap: gap.why}
    return _table("What is not scored, and why", found, titles, Gap, columns)


def _table(
    caption: str,
    found: Matrix,
    titles: dict[str, str],
    kind: type[E],
    columns: dict[str, Callable[[E], str]],
) -> DisplayTable:
    """Set down the cells that rest on one kind of evidence, and what it is."""
    return table(
        caption,
        [
            {"topic": titles[topic], "heading": cell.heading.title}
            | {title: of(cell.evidence) for title, of in columns.items()}
            for topic, cell in cells_by_topic(found)
            if isinstance(cell.evidence, kind)
        ],
        Column("Area of crime", "topic"),
        Column("Heading", "heading"),
        *(Column(title, title) for title in columns),
    )


def _interval(computed: Computed) -> str:
    ends = computed.value.estimate.ends or ()
    return " to ".join(format_measure(each, computed.bands.style) for each in ends)


def _reason(judged: Judged) -> str:
    """Give the reason of a judgement with its parts, and whether it was carried over."""
    text = judged.why
    pushes = [f"{name} {push:+d}" for name, push in (judged.parts or {}).items() if push]
    if pushes:
        text += f" ({', '.join(pushes)}; the others 0.)".replace("-", "−")
    if judged.carried:
        text += f" Carried over from the {judged.carried} edition and not confirmed yet."
    return text
