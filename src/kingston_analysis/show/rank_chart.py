"""A dot chart of ranks with the range in which they lie, each row under its words."""

from __future__ import annotations

import altair as alt
import pandas as pd

from kingston_analysis.show.theme import BLUE, GREY, ORANGE, PURPLE, themed

ROW_STEP = 44
# Words above the middle of a row, dots below it.
WORDS_UP, DOTS_DOWN = -4, 9


def ranks_chart(frame: pd.DataFrame, first: int) -> alt.LayerChart:
    """Draw each rank as a dot in its range, and a stroke after the first so many.

    `frame` has label, rank (NaN where there is none), low and high.
    """
    row = alt.Y("label:N", title=None, sort=None, axis=None)
    last = len(frame)
    across = {"title": None, "scale": alt.Scale(domain=[0.5, last + 0.5], nice=False, zero=False)}
    ticks = alt.Axis(values=[1, first, last], format="d", grid=False)
    words = alt.Chart(frame[["label"]]).mark_text(
        align="left", baseline="bottom", dy=WORDS_UP, color=GREY
    )
    ranges = alt.Chart(frame[["label", "low", "high"]]).mark_rule(
        color=ORANGE, strokeWidth=4, strokeCap="round", yOffset=DOTS_DOWN
    )
    dots = alt.Chart(frame[["label", "rank"]].dropna()).mark_point(
        filled=True, size=90, opacity=1, color=BLUE, yOffset=DOTS_DOWN
    )
    cut = alt.Chart(frame[["label"]].assign(cut=first + 0.5)).mark_tick(
        color=PURPLE, thickness=2, size=20, orient="vertical", yOffset=DOTS_DOWN
    )
    layers = [
        words.encode(row, x=alt.value(0), text=alt.Text("label:N")),
        cut.encode(row, alt.X("cut:Q", **across, axis=ticks)),
        ranges.encode(row, alt.X("low:Q", **across, axis=ticks), alt.X2("high:Q")),
        dots.encode(row, alt.X("rank:Q", **across, axis=ticks)),
    ]
    heading = alt.Title(
        "Rank, 1 for the highest total", anchor="start", frame="bounds", fontWeight="normal"
    )
    return themed(alt.layer(*layers).properties(height=alt.Step(ROW_STEP), title=heading))
