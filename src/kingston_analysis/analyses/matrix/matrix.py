"""The matrix: what comes first, on what that rests, and what stands behind each cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

import numpy as np
import pandas as pd

from kingston_analysis.analyses.matrix.labels import (
    format_measure,
    listed_topics,
    rank_label,
    score_label,
    value_label,
)
from kingston_analysis.data.tables.periods import day_in_words
from kingston_analysis.matrix.cells import Cell, Computed, Matrix
from kingston_analysis.matrix.decisions import Decisions
from kingston_analysis.matrix.judgements import Judged
from kingston_analysis.matrix.scenarios import by_figures_alone
from kingston_analysis.matrix.scheme import LOWEST, Bands, MatrixHeading
from kingston_analysis.results import Finding, Gap, finding
from kingston_analysis.show import wording
from kingston_analysis.show.answer import OnRequest, Part, Publication, analysis
from kingston_analysis.show.table import Column, DisplayTable, table
from kingston_analysis.views.edition import EditionView

E = TypeVar("E", Computed, Judged, Gap)
MARKS = {"demonstration": " [d]", "partnership": " [j]"}


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
    yield _demonstration_note(found)
    yield _first_and_rest(found, ranks, titles)
    yield _matrix_table(found, ranks, titles)
    yield _compared(found, ranks, emerged, titles)
    yield found.scheme.about
    yield OnRequest(_bands_table(found))
    for make in (_computed_table, _judged_table, _unscored_table):
        behind = make(found, titles)
        if behind.rows:
            yield OnRequest(behind)
    for topic in found.cells:
        values = _findings(found, topic, ranks.loc[[topic]].iloc[0], view.edition.assessed)
        yield Publication(tuple(values), found.tables_behind(topic))


def _cells(found: Matrix) -> pd.DataFrame:
    """Return a row a cell: its score, what it rests on, and the value behind a computed one."""
    rows = []
    for topic, cell in _with_topics(found):
        row = {"topic": topic, "heading": cell.heading.id, "score": cell.score}
        row |= {"basis": cell.basis, "confidence": cell.confidence}
        if isinstance(cell.evidence, Computed):
            value = cell.evidence.value
            low, high = value.estimate.ends or (np.nan, np.nan)
            row |= {"value": value.estimate.value, "low": low, "high": high, "period": value.period}
        rows.append(row)
    return pd.DataFrame(rows)


def _with_topics(found: Matrix) -> list[tuple[str, Cell]]:
    return [(topic, cell) for topic, row in found.cells.items() for cell in row.values()]


# Words


def _demonstration_note(found: Matrix) -> str:
    """Warn that judgements are demonstration values, where any are; or that there are none."""
    judged = [cell.judged for _, cell in _with_topics(found) if cell.judged]
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


def _first_and_rest(found: Matrix, ranks: pd.DataFrame, titles: dict[str, str]) -> str:
    """Say which topics come first, how much rests on judgement, and which are not ranked."""
    first = listed_topics(ranks.index[ranks["rank"] <= found.scheme.first], titles)
    left = listed_topics(ranks.index[ranks["rank"].isna()], titles)
    places, ranked = wording.number_in_words(found.scheme.first), len(found.ranked)
    if not ranked:
        lines = ["**No area of crime can be ranked.** None is scored under enough headings."]
    elif ranked <= found.scheme.first:
        lines = [
            f"Only {ranked} can be ranked, so all of them are among the first {places}: {first}."
        ]
    else:
        lines = [f"The first {places} of {ranked} ranked areas are {first}."]
    if found.scored:
        judged = found.share_judged()
        lines.append(
            f"{wording.share(judged)} of the weight behind all scores rests on judgement, "
            f"{wording.share(1 - judged)} on figures."
        )
    if left:
        fewest = found.scheme.fewest
        lines.append(f"Not ranked, since fewer than {fewest} headings are scored: {left}.")
    return " ".join(lines)


def _compared(
    found: Matrix, ranks: pd.DataFrame, emerged: tuple[str, ...], titles: dict[str, str]
) -> str:
    """Set the first by the full matrix beside those by figures alone, and those of the plan."""
    order, alone = list(found.cells), by_figures_alone(found)
    full = set(ranks.index[ranks["rank"] <= found.scheme.first])
    places = wording.number_in_words(found.scheme.first)
    by_figures = listed_topics(sorted(alone, key=order.index), titles)
    if not alone:
        lines = ["By figures alone no area can be ranked."]
    elif len(alone) < found.scheme.first:
        lines = [
            f"By figures alone, judgements left out, only {len(alone)} can be ranked: {by_figures}."
        ]
    else:
        lines = [f"By figures alone, judgements left out, the first {places} are {by_figures}."]
    if not emerged:
        return lines[0]
    both = [each for each in emerged if each in full]
    gone = [each for each in emerged if each not in full]
    come = [each for each in order if each in full and each not in emerged]
    among = f" among the first {places}" if full else ""
    lines.append(
        f"Of the {len(emerged)} areas that the plan says emerged, {len(both)} are also here{among}."
    )
    if gone:
        lines.append(f"The plan has, and this matrix has not: {listed_topics(gone, titles)}.")
    if come:
        lines.append(f"This matrix has, and the plan has not: {listed_topics(come, titles)}.")
    lines.append("The plan does not publish its scores, so where the two differ cannot be traced.")
    return " ".join(lines)


# Tables


def _matrix_table(found: Matrix, ranks: pd.DataFrame, titles: dict[str, str]) -> DisplayTable:
    """Set every topic beside every heading, by rank, with the number of the score in each cell."""
    headings = found.scheme.headings

    def scores_under(heading: MatrixHeading) -> Column:
        cells = {topic: row[heading.id] for topic, row in found.cells.items()}
        return Column(heading.title, lambda row: _score(cells[row["topic"]]), "score")

    return table(
        "Scores from 1 to 5",
        ranks.rename_axis("topic").reset_index(),
        Column("Area of crime", lambda row: titles[row["topic"]]),
        Column("Rank", lambda row: rank_label(row["rank"])),
        Column(
            "Total of 100", lambda row: "[z]" if np.isnan(row["total"]) else row["total"], "rate"
        ),
        *map(scores_under, headings),
        Column(f"Scored of {len(headings)}", "scored", "count"),
    )


def _score(cell: Cell) -> str:
    evidence = cell.evidence
    return _judged_score(evidence) if isinstance(evidence, Judged) else score_label(cell.score)


def _judged_score(judged: Judged) -> str:
    """Write a score that people gave, with its mark."""
    return score_label(judged.score) + MARKS[judged.kind]


def _bands_table(found: Matrix) -> DisplayTable:
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


def _computed_table(found: Matrix, titles: dict[str, str]) -> DisplayTable:
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


def _judged_table(found: Matrix, titles: dict[str, str]) -> DisplayTable:
    """Set down each judged score with its parts, confidence, reason, who and when."""
    columns: dict[str, Callable[[Judged], str]] = {
        "Score": _judged_score,
        "Confidence": lambda judged: judged.confidence,
        "Reason": _reason,
        "By whom": lambda judged: judged.by,
        "When": lambda judged: day_in_words(judged.date),
    }
    return _table("Where the judged scores come from", found, titles, Judged, columns)


def _unscored_table(found: Matrix, titles: dict[str, str]) -> DisplayTable:
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
            for topic, cell in _with_topics(found)
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
        text += f" Carried over from edition {judged.carried} and not confirmed yet."
    return text


# Findings


def _findings(found: Matrix, topic: str, row: pd.Series, period: str) -> Iterator[Finding]:
    """Give the findings of one topic: each score, the total, the rank, how many are scored."""
    for name, cell in found.cells[topic].items():
        evidence, what = cell.evidence, f"{cell.heading.title}, {cell.basis}"
        if isinstance(evidence, Judged) and evidence.kind == "demonstration":
            what += " (demonstration value)"
        score = evidence if isinstance(evidence, Gap) else evidence.score
        yield finding(name, period, score, "score from 1 to 5", subject=topic, what=what)
    fewer = Gap(f"Fewer than {found.scheme.fewest} headings are scored.")
    for name, unit in (("total", "of 100"), ("rank", "rank from the highest")):
        result = fewer if np.isnan(row[name]) else row[name]
        yield finding(name, period, result, unit, subject=topic)
    unit = f"of {len(found.scheme.headings)} headings"
    yield finding("scored", period, row["scored"], unit, subject=topic)
