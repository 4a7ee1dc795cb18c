"""Opinions: what people said, and which crimes concern them, each share with its interval."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import altair as alt
import pandas as pd

from kingston_analysis.analyses.community.shares import (
    CHANCE,
    WITHHELD,
    by_survey,
    confidential,
    first_place,
    people,
    percent_column,
    rank_interval,
    share_columns,
    share_percent,
)
from kingston_analysis.data.tables import periods
from kingston_analysis.measures.survey.results import SurveyResults
from kingston_analysis.show import wording
from kingston_analysis.show.answer import Part, analysis
from kingston_analysis.show.figure import LONGEST, Figure
from kingston_analysis.show.table import Column, table
from kingston_analysis.show.theme import BLUE, FONT_SIZE, GREY, ORANGE, themed
from kingston_analysis.views.edition import EditionView

ROW_STEP = 46
# Words above the middle of a row, dots below it.
WORDS_UP, DOTS_DOWN = -4, 9


@analysis("What people said")
def opinions(view: EditionView) -> Iterator[Part]:
    """Show what people said, each share with its interval where the base is known.

    The intervals are those of 95%: a survey is measured once, for all pages.
    """
    if not view.surveys:
        yield view.no_survey
        return
    yield by_survey({results.survey.id: results.shares for results in view.surveys})
    for results in view.surveys:
        shares, is_concern = results.shares, results.shares["topic"].notna()
        said = shares[~is_concern].sort_values("share", ascending=False, kind="stable")
        if said["share"].notna().any():
            yield _opinions(results, said)
        if len(results.concerns):
            rest = shares[is_concern & shares["share"].isna()]
            yield _concerns(results, pd.concat([results.concerns, rest]))


# Figures


def _opinions(results: SurveyResults, shares: pd.DataFrame) -> Figure:
    columns = [Column("Question", "title"), *share_columns(results)]
    if results.comparator:
        shares = shares.assign(comparator=results.standing["comparator"])
        columns.append(percent_column(results, results.comparator, lambda row: row["comparator"]))
    return _figure(results, "opinions", _opinions_heading(results, shares), shares, columns)


def _opinions_heading(results: SurveyResults, shares: pd.DataFrame) -> str:
    known = shares.dropna(subset=["share"])
    if results.comparator:
        gap = (known["share"] - known["comparator"]).round(6)
        return (
            f"{results.area} had a higher share than the {results.comparator} on {(gap > 0).sum()} "
            f"of {gap.notna().sum()} questions, and a lower one on {(gap < 0).sum()}"
        )
    highest = "" if len(known) == 1 else f"Highest of {len(known)} answers: "
    return f"{highest}{_answer_sentence(results, known.iloc[0])} of {people(results)}"


def _concerns(results: SurveyResults, shares: pd.DataFrame) -> Figure:
    columns = [
        Column("Concern", "title"),
        *share_columns(results),
        Column("Rank, 1 is most common", confidential(lambda row: row["rank"]), "count"),
        Column("95% interval of the rank", confidential(rank_interval)),
    ]
    return _figure(results, "concerns", _concerns_heading(results), shares, columns)


def _concerns_heading(results: SurveyResults) -> str:
    top, most_common = results.concerns.iloc[0], first_place(results)
    whose = f" of {len(results.concerns)} concerns"
    if results.survey.self_selected:
        whose += " among those who replied"
    if math.isnan(top["rank_high"]):
        return f"{most_common} named most often{whose}"
    if top["rank_high"] == 1:
        return f"{most_common} the most common{whose}, more than chance explains"
    lowest = wording.ordinal(int(top["rank_high"]))
    return f"{most_common} named most often{whose}, but may rank as low as {lowest}"


def _figure(
    results: SurveyResults, what: str, heading: str, shares: pd.DataFrame, columns: list[Column]
) -> Figure:
    when = periods.in_words(results.period, results.kind)
    notes = ["Lines show the 95% interval." if shares["low"].notna().any() else CHANCE]
    if shares["withheld"].any():
        notes.append(WITHHELD)
    known = shares.dropna(subset=["share"])
    return Figure(
        id=f"{results.survey.id}-{what}",
        heading=heading,
        chart=_chart(_drawn(results, known)),
        alternative=_alternative(results, known),
        table=table(f"{results.survey.title}, {results.area}, {when}", shares, *columns),
        tables=results.tables,
        period=when,
        note=" ".join(notes),
    )


def _alternative(results: SurveyResults, shares: pd.DataFrame) -> str:
    first, last = shares.iloc[0], shares.iloc[-1]
    text = (
        f"Dot chart of shares in {results.area}: highest {_answer_sentence(results, first)}; "
        f"lowest {_answer_sentence(results, last)}"
    )
    if len(shares) == 1:
        text = f"Dot chart of one share in {results.area}: {_answer_sentence(results, first)}"
    if results.comparator:
        text += f"; beside each the {results.comparator}"
    if shares["low"].notna().any():
        text += "; with 95% intervals"
    return f"{text}."[:LONGEST]


def _answer_sentence(results: SurveyResults, row: pd.Series) -> str:
    return f"{row['title']}, {share_percent(results, row['share'])}"


# Chart: each question's words above its row, so that it fits a phone


def _drawn(results: SurveyResults, shares: pd.DataFrame) -> pd.DataFrame:
    """Return label, where (whose share it is), share, low and high; the area's come last."""
    label = [_answer_sentence(results, row) for _, row in shares.iterrows()]
    own = shares[["share", "low", "high"]].assign(label=label, where=results.area)
    if not results.comparator:
        return own
    other = own.assign(
        share=results.standing["comparator"], low=math.nan, high=math.nan, where=results.comparator
    )
    return pd.concat([other.dropna(subset=["share"]), own], ignore_index=True)


def _chart(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw shares as dots from 0 to 100%, with their 95% intervals as lines where they are known.

    Of at most two names under `where` the last lies on top and comes first in the key.
    """
    row = alt.Y("label:N", title=None, sort=None, axis=None)
    layers = [*_rows(frame, row), _dots(frame, row)]
    spans = frame[["label", "low", "high"]].dropna()
    if len(spans):
        line = alt.Chart(spans).mark_rule(color=BLUE, strokeWidth=2, yOffset=DOTS_DOWN)
        layers.insert(2, line.encode(row, _across("low"), alt.X2("high:Q")))
    return themed(alt.LayerChart(layer=layers).properties(height=alt.Step(ROW_STEP)))


def _dots(frame: pd.DataFrame, row: alt.Y) -> alt.Chart:
    names = list(dict.fromkeys(frame["where"]))[::-1]
    key = alt.Legend(
        title=None, orient="top", direction="vertical", labelLimit=260, labelFontSize=FONT_SIZE
    )
    about: dict[str, Any] = {"title": None, "legend": key if len(names) > 1 else None}
    colours = alt.Scale(domain=names, range=[BLUE, ORANGE][: len(names)])
    shapes = alt.Scale(domain=names, range=["circle", "diamond"][: len(names)])
    dots: alt.Chart = (
        alt.Chart(frame[["label", "where", "share"]])
        .mark_point(filled=True, size=100, opacity=1, yOffset=DOTS_DOWN)
        .encode(
            row,
            _across("share"),
            color=alt.Color("where:N", scale=colours, **about),
            shape=alt.Shape("where:N", scale=shapes, **about),
        )
    )
    return dots


def _rows(frame: pd.DataFrame, row: alt.Y) -> list[alt.Chart]:
    """Draw each question's words, and under them the line on which its dots lie."""
    each = alt.Chart(frame[["label"]].drop_duplicates())
    words = each.mark_text(align="left", baseline="bottom", dy=WORDS_UP, color=GREY)
    line = each.mark_rule(color=GREY, opacity=0.25, yOffset=DOTS_DOWN)
    return [
        words.encode(row, x=alt.value(0), text=alt.Text("label:N")),
        line.encode(row, x=alt.value(0), x2=alt.value("width")),
    ]


def _across(column: str) -> alt.X:
    ticks = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1], labelFlush=True, grid=False)
    return alt.X(f"{column}:Q", title=None, scale=alt.Scale(domain=[0, 1], zero=True), axis=ticks)
