"""Charts as Vega-Lite specifications on small frames that hold only what is drawn."""

from __future__ import annotations

import json

import altair as alt
import pandas as pd

from kingston_analysis.show.theme import BLUE, GREY, TEAL, themed

BAR_STEP = 19
# The number after the longest bar needs a third of a narrow chart.
ROOM_FOR_LABELS = 1.45


def places_chart(frame: pd.DataFrame, own: str | None, axis: str, number: str) -> alt.LayerChart:
    """Draw one bar a place, longest first, with its number; the own area dark, marked and bold.

    `frame` has place and value; `number` is the format of the labels.
    """
    order = alt.Y(
        "place:N",
        title=None,
        sort=None,
        axis=alt.Axis(
            labelLimit=170,
            ticks=False,
            domain=False,
            labelFontWeight=alt.condition(
                f"datum.value === {json.dumps(own)}", alt.value("bold"), alt.value("normal")
            ),
        ),
    )
    room = alt.Scale(zero=True, nice=False, domainMax=float(frame["value"].max()) * ROOM_FOR_LABELS)
    length = alt.X("value:Q", title=None, scale=room, axis=alt.Axis(tickCount=3))
    bars = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            order,
            length,
            color=alt.condition(
                f"datum.place === {json.dumps(own)}", alt.value(BLUE), alt.value(TEAL)
            ),
        )
    )
    text = (
        alt.Chart(frame)
        .mark_text(align="left", dx=4, color=GREY)
        .encode(order, length, text=alt.Text("value:Q", format=number))
    )
    return themed(
        alt.LayerChart(layer=[bars, text]).properties(
            height=alt.Step(BAR_STEP), title=title_above(axis)
        )
    )


def title_above(axis: str) -> alt.Title:
    """Put an axis's title above the chart: there is room, also on a phone."""
    return alt.Title(axis, anchor="start", frame="bounds", fontWeight="normal", offset=8)
