"""A dot chart of shares, with each question's words above its row, so that it fits a phone."""

from __future__ import annotations

import altair as alt
import pandas as pd

from kingston_analysis.show.theme import BLUE, FONT_SIZE, GREY, ORANGE, themed

ROW_STEP = 46
# Words above the middle of a row, dots below it.
WORDS_UP, DOTS_DOWN = -4, 9


def shares_chart(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw shares as dots from 0 to 100%, with their 95% intervals as lines where they are known.

    `frame` has label, where (whose share it is, at most two names; the last lies on top and comes
    first in the key), share, low and high.
    """
    row = alt.Y("label:N", title=None, sort=None, axis=None)
    layers = [*_rows(frame, row), _dots(frame, row)]
    spans = frame[["label", "low", "high"]].dropna()
    if len(spans):
        line = alt.Chart(spans).mark_rule(color=BLUE, strokeWidth=2, yOffset=DOTS_DOWN)
        layers.insert(2, line.encode(row, _across("low"), alt.X2("high:Q")))
    return themed(alt.layer(*layers).properties(height=alt.Step(ROW_STEP)))


def _dots(frame: pd.DataFrame, row: alt.Y) -> alt.Chart:
    names = list(dict.fromkeys(frame["where"]))[::-1]
    key = alt.Legend(
        title=None, orient="top", direction="vertical", labelLimit=260, labelFontSize=FONT_SIZE
    )
    about = {"title": None, "legend": key if len(names) > 1 else None}
    colours = alt.Scale(domain=names, range=[BLUE, ORANGE][: len(names)])
    shapes = alt.Scale(domain=names, range=["circle", "diamond"][: len(names)])
    return (
        alt.Chart(frame[["label", "where", "share"]])
        .mark_point(filled=True, size=100, opacity=1, yOffset=DOTS_DOWN)
        .encode(
            row,
            _across("share"),
            color=alt.Color("where:N", scale=colours, **about),
            shape=alt.Shape("where:N", scale=shapes, **about),
        )
    )


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
