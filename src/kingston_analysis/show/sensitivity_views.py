"""How sure the ranking is: as a sentence, a chart of ranges, tables and findings."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kingston_analysis.matrix.cells import Matrix
from kingston_analysis.matrix.sensitivity import Sensitivity
from kingston_analysis.results import Finding, finding
from kingston_analysis.show import wording
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.matrix_views import first_words, named, rank_words
from kingston_analysis.show.rank_chart import ranks_chart
from kingston_analysis.show.table import DisplayTable, Heading


def sensitivity_sentence(found: Sensitivity, matrix: Matrix, titles: dict[str, str]) -> str:
    """Say what was drawn, which topics are surely among the first, and which are too close."""
    frame, first = found.topics, first_words(matrix)
    low, high = matrix.scheme.sensitivity.too_close
    sure = named(frame.index[frame["chance"] >= high], titles)
    close = named(frame.index[frame["close"]], titles)
    words = (
        f"Scores and weights were moved {found.draws:,} times, and the areas ranked each time. "
        "Weights moved round the agreed ones, computed scores within the interval of their "
        "figure, judged scores by their confidence; an empty cell could be anything from 1 to 5. "
    )
    words += (
        f"Among the first {first} in at least {round(high * 100)} of 100 draws: {sure}. "
        if sure
        else f"No area is among the first {first} in {round(high * 100)} of 100 draws. "
    )
    if close:
        words += f"**Too close to call** ({_hundred(low)} to {_hundred(high)} of 100): {close}. "
    return words + (
        "This is a sensitivity range, not a confidence interval. It shows how much hangs on the "
        "scores and weights, not where a true rank lies."
    )


def weighting_sentence(found: Sensitivity, matrix: Matrix, titles: dict[str, str]) -> str:
    """Say which topics are in or out whatever the weights, with the scores as they are."""
    frame, first = found.topics, first_words(matrix)
    always, never = (named(frame.index[frame[name]], titles) for name in ("always", "never"))
    tried = f"{found.draws:,} weightings drawn evenly from all that are possible, and each heading"
    words = f"With the scores as they are, tried under {tried} alone: "
    words += f"always among the first {first}: {always or 'none'}; "
    return words + f"never: {never or 'none'}. For all others it depends on the weights."


def sensitivity_figure(
    found: Sensitivity,
    ranks: pd.DataFrame,
    titles: dict[str, str],
    tables: tuple[str, ...],
    period: str,
) -> Figure:
    """Show each topic's rank and the range in which it lies, with the chance in words."""
    frame = found.topics.join(ranks["rank"]).sort_values("chance", ascending=False, kind="stable")
    labels = [f"{titles[t]}: {chance_words(row['chance'])}" for t, row in frame.iterrows()]
    top = frame.index[0]
    number = wording.number(found.first)
    return Figure(
        id="sensitivity",
        heading=f"{int(frame['close'].sum())} of {len(frame)} areas are too close to call",
        chart=ranks_chart(frame[["rank", "low", "high"]].assign(label=labels), found.first),
        alternative=f"Dot chart of ranks with the range of 95 of 100 draws. Most often among the "
        f"first {number}: {titles[top]}, {chance_words(frame['chance'].iloc[0])}.",
        table=sensitivity_table(found, ranks, titles),
        tables=tables,
        period=period,
        note=f"In words, in how many of 100 draws the area is among the first {number}. Dot: the "
        "rank by the agreed weights, where the area is ranked. Line: where 95 of 100 draws lie. "
        f"Upright stroke: the end of the first {number}.",
    )


def sensitivity_table(
    found: Sensitivity, ranks: pd.DataFrame, titles: dict[str, str]
) -> DisplayTable:
    """Set down each topic's rank, its chance to be among the first, and the range of its rank."""
    frame = found.topics.join(ranks["rank"]).sort_values("chance", ascending=False, kind="stable")
    headings = [
        Heading("Area of crime"),
        Heading("Rank"),
        Heading(f"Among the first {found.first}"),
        Heading("Rank in 95 of 100 draws"),
        Heading("So"),
        Heading("Under every weighting"),
    ]
    rows = [
        [
            titles[topic],
            rank_words(row["rank"]),
            chance_words(row["chance"]),
            f"{row['low']} to {row['high']}",
            _call(row),
            "in" if row["always"] else "out" if row["never"] else "depends",
        ]
        for topic, row in frame.iterrows()
    ]
    return DisplayTable("How sure each rank is", headings, rows)


def chance_words(chance: float) -> str:
    """Write a chance as so many of 100; what is neither none nor all never reads as such."""
    if 0 < chance < 0.01:
        return "fewer than 1 of 100"
    if 0.99 < chance < 1:
        return "more than 99 of 100"
    return f"{_hundred(chance)} of 100"


def sensitivity_values(found: Sensitivity, topic: str, period: str) -> Iterator[Finding]:
    """Give the findings on how sure a topic's rank is."""
    row = found.topics.loc[topic]
    unit = f"share of draws among the first {found.first}"
    yield finding("chance", period, row["chance"], unit, subject=topic)
    for name in ("low", "high"):
        unit = f"rank, {'lower' if name == 'low' else 'upper'} end of 95 of 100 draws"
        yield finding(f"rank_{name}", period, row[name], unit, subject=topic)


def _call(row: pd.Series) -> str:
    if row["close"]:
        return "too close to call"
    return "in" if row["chance"] > 0.5 else "out"


def _hundred(share: float) -> str:
    return f"{share * 100:.0f}"
