"""The matrix cell by cell: where each score comes from, why one is missing, and the bands."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from kingston_analysis.data.tables.periods import day_in_words
from kingston_analysis.matrix.cells import Cell, Matrix, Reading
from kingston_analysis.matrix.scheme import LOWEST, Bands, Style
from kingston_analysis.results import Finding, Gap, finding
from kingston_analysis.show import wording
from kingston_analysis.show.matrix_views import score_cell, score_words
from kingston_analysis.show.table import DisplayTable, Heading

STYLES: dict[Style, str] = {"percent": ",.1%", "ratio": ",.2f", "signed": "+,.1f", "number": ",.0f"}


def computed_table(matrix: Matrix, titles: dict[str, str]) -> DisplayTable:
    """Set down each computed score with value, interval, band, period, tables and confidence."""
    names = "Area of crime, Heading, Value, 95% interval, Band, Score, Period, Tables, Confidence"
    rows = [
        [
            titles[topic],
            cell.heading.title,
            written(cell.reading, cell.heading.measure),
            _interval(cell.reading, cell.heading.measure),
            band(cell.heading.measure, cell.score),
            score_words(cell.score),
            cell.reading.period,
            ", ".join(cell.reading.tables),
            cell.confidence,
        ]
        for topic, cell in _cells(matrix, "computed")
    ]
    return _table("Where the computed scores come from", names, rows)


def judged_table(matrix: Matrix, titles: dict[str, str]) -> DisplayTable:
    """Set down each judged score with its parts, confidence, reason, who and when."""
    names = "Area of crime, Heading, Score, Confidence, Reason, By whom, When"
    rows = [
        [
            titles[topic],
            cell.heading.title,
            score_cell(cell),
            cell.confidence,
            cell.judged.why + _parts(cell) + _carried(cell),
            cell.judged.by,
            day_in_words(cell.judged.date),
        ]
        for topic, cell in _cells(matrix, "judged")
    ]
    return _table("Where the judged scores come from", names, rows)


def unscored_table(matrix: Matrix, titles: dict[str, str]) -> DisplayTable:
    """Set down each cell without a score, and why it has none."""
    rows = [
        [titles[topic], cell.heading.title, why_unscored(cell)]
        for topic, cell in _cells(matrix, "not scored")
    ]
    return _table("What is not scored, and why", "Area of crime, Heading, Why", rows)


def bands_table(matrix: Matrix) -> DisplayTable:
    """Set down the scheme: what each heading asks, its weight, and what each score means."""
    scores = range(LOWEST, LOWEST + 5)
    headings = [Heading("Heading"), Heading("It asks"), Heading("Weight")]
    headings += [Heading(f"Score {score}") for score in scores]
    rows = [
        [each.title, each.asks, f"{each.weight:g}"]
        + [
            band(each.measure, score)
            if each.measure
            else str((each.judged or {}).get(score, "between" if not each.only else "[z]"))
            for score in scores
        ]
        for each in matrix.scheme.headings
    ]
    return DisplayTable("Headings, weights and bands, made known in advance", headings, rows)


def why_unscored(cell: Cell) -> str:
    """Say why a cell has no score."""
    judged = "no judgement is held" if cell.heading.judged else ""
    gap = cell.reading.why.rstrip(".") if isinstance(cell.reading, Gap) else ""
    reasons = [gap, judged]
    return wording.sentence_start("; ".join(filter(None, reasons))) + "."


def band(bands: Bands, score: float) -> str:
    """Write the band of a score: under 2.0%; 2.0% to under 5.0%."""
    place = int(score) - LOWEST
    low, high = (None, *bands.cuts)[place], (*bands.cuts, None)[place]
    ends = [None if each is None else _number(each, bands.style) for each in (low, high)]
    if bands.below:
        if low is None:
            return f"under {ends[1]}"
        return f"{ends[0]} or more" if high is None else f"{ends[0]} to under {ends[1]}"
    if low is None:
        return f"{ends[1]} or less"
    return f"over {ends[0]}" if high is None else f"over {ends[0]} to {ends[1]}"


def written(reading: Reading, bands: Bands) -> str:
    """Write a reading in the style of its measure, with its unit."""
    return f"{_number(reading.value.value, bands.style)} ({bands.unit})"


def cell_values(matrix: Matrix, topic: str, ranks: pd.DataFrame, period: str) -> Iterator[Finding]:
    """Give the findings of one topic: each score, the total, the rank, how many are scored."""
    row = ranks.loc[topic]
    for name, cell in matrix.cells[topic].items():
        score = Gap(why_unscored(cell)) if cell.basis == "not scored" else cell.score
        what = f"{cell.heading.title}, {cell.basis}" + _demonstration(cell)
        yield finding(name, period, score, "score from 1 to 5", subject=topic, what=what)
    fewer = Gap(f"Fewer than {matrix.scheme.fewest} headings are scored.")
    for name, unit in (("total", "of 100"), ("rank", "rank from the highest")):
        result = fewer if np.isnan(row[name]) else row[name]
        yield finding(name, period, result, unit, subject=topic)
    unit = f"of {len(matrix.scheme.headings)} headings"
    yield finding("scored", period, row["scored"], unit, subject=topic)


def _cells(matrix: Matrix, basis: str) -> list[tuple[str, Cell]]:
    pairs = [(topic, cell) for topic, row in matrix.cells.items() for cell in row.values()]
    return [(topic, cell) for topic, cell in pairs if cell.basis == basis]


def _table(caption: str, names: str, rows: list[list]) -> DisplayTable:
    return DisplayTable(caption, [Heading(name) for name in names.split(", ")], rows)


def _number(value: float, style: Style) -> str:
    return f"{value:{STYLES[style]}}".replace("-", "−")


def _interval(reading: Reading, bands: Bands) -> str:
    return " to ".join(_number(each, bands.style) for each in reading.value.ends or ())


def _parts(cell: Cell) -> str:
    pushes = [f"{name} {n:+d}" for name, n in (cell.judged.parts or {}).items() if n]
    return f" ({', '.join(pushes)}; the others 0.)".replace("-", "−") if pushes else ""


def _carried(cell: Cell) -> str:
    since = cell.judged.carried
    return f" Carried over from edition {since} and not confirmed yet." if since else ""


def _demonstration(cell: Cell) -> str:
    shown = cell.basis == "judged" and cell.judged.kind == "demonstration"
    return " (demonstration value)" if shown else ""
