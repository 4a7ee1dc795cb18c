"""Signed bars, each with its interval and its name above it."""

from __future__ import annotations

from typing import Literal

import altair as alt
import pandas as pd

from kingston_analysis.show.theme import GREY, LIGHT_PURPLE, TEAL, themed

# A line of text and a bar under it.
ROW_STEP = 40
BAR = 12
TEXT_UP, BAR_DOWN = -9, 9


def bars_chart(bars: pd.DataFrame, axis: str) -> alt.LayerChart:
    """Draw signed bars from zero in the frame's order, each with its interval as a whisker.

    Their names stand above them, so that long ones fit a phone. `bars` has label, value, low, high
    and whole (whether it is a part of the whole, for the colour); a row without a value is a
    heading of those below it.
    """
    rows = bars.assign(row=range(len(bars)))
    drawn = rows.dropna(subset=["value"])
    down = alt.Y("row:O", title=None, axis=None)
    length = alt.X("value:Q", title=axis, axis=_along(), scale=alt.Scale(zero=True))
    # Both light enough for a dark whisker to be seen on them.
    shade = alt.condition("datum.whole", alt.value(TEAL), alt.value(LIGHT_PURPLE))
    lengths = (
        alt.Chart(drawn[["row", "value", "whole"]])
        .mark_bar(size=BAR, yOffset=BAR_DOWN)
        .encode(down, length, color=shade)
    )
    whiskers = (
        alt.Chart(drawn[["row", "low", "high"]])
        .mark_rule(color=GREY, strokeWidth=2, yOffset=BAR_DOWN)
        .encode(down, alt.X("low:Q"), alt.X2("high:Q"))
    )
    # A tick a row and no grid: a line down the chart would cross the names.
    zero = alt.Chart(drawn[["row"]].assign(value=0))
    ticks = zero.mark_tick(color=GREY, size=BAR + 6, thickness=1.5, yOffset=BAR_DOWN)
    layers = [lengths, whiskers, ticks.encode(down, length)]
    labelled: list[tuple[Literal["normal", "bold"], pd.DataFrame]] = [
        ("normal", drawn),
        ("bold", rows[rows["value"].isna()]),
    ]
    for weight, chosen in labelled:
        if len(chosen):
            text = alt.Chart(chosen[["row", "label"]])
            mark = text.mark_text(align="left", dy=TEXT_UP, color=GREY, fontWeight=weight)
            layers.append(mark.encode(down, x=alt.value(0), text="label:N"))
    return themed(alt.LayerChart(layer=layers).properties(height=alt.Step(ROW_STEP)))


def _along() -> alt.Axis:
    return alt.Axis(
        tickCount=4,
        tickMinStep=1,
        grid=False,
        titleAnchor="start",
        labelExpr="datum.value === 0 ? '0' : format(datum.value, '+,.0f')",
    )
