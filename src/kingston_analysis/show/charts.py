"""Charts as Vega-Lite specifications on small frames that hold only what is drawn."""

from __future__ import annotations

import json

import altair as alt
import pandas as pd

from kingston_analysis.show.theme import BLUE, GREY, ORANGE, PURPLE, TEAL, themed

BAR_STEP = 19
# The number after the longest bar needs a third of a narrow chart.
ROOM_FOR_LABELS = 1.45


def years_chart(frame: pd.DataFrame, axis: str, breaks: list[tuple[str, str]]) -> alt.LayerChart:
    """Draw yearly counts as bars from zero with their intervals, the latest labelled.

    `frame` has period, value, low and high; `breaks` are (first year affected, what happened),
    drawn as dashed lines.
    """
    across = alt.X("period:O", title=None, axis=alt.Axis(labelOverlap="greedy", labelSeparation=6))
    height, low, high = (
        alt.Y(f"{name}:Q", title=axis, scale=alt.Scale(zero=True), axis=_counts())
        for name in ("value", "low", "high")
    )
    bars = alt.Chart(frame[["period", "value"]]).mark_bar(color=BLUE).encode(across, height)
    whiskers = (
        alt.Chart(frame[["period", "low", "high"]])
        .mark_rule(color=ORANGE, strokeWidth=2)
        .encode(across, low, alt.Y2("high:Q"))
    )
    label = (
        alt.Chart(frame[["period", "value", "high"]].tail(1))
        .mark_text(dy=-8, fontWeight="bold")
        .encode(across, high, text=alt.Text("value:Q", format=",.0f"))
    )
    layers = [bars, whiskers, label]
    if breaks:
        years = pd.DataFrame({"period": sorted({period for period, _ in breaks})})
        layers.append(
            alt.Chart(years)
            .mark_rule(color=PURPLE, strokeDash=[4, 3], strokeWidth=2)
            .encode(alt.X("period:O", bandPosition=0))
        )
    return themed(alt.layer(*layers).properties(height=260))


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
        alt.layer(bars, text).properties(height=alt.Step(BAR_STEP), title=title_above(axis))
    )


def title_above(axis: str) -> alt.Title:
    """Put an axis's title above the chart: there is room, also on a phone."""
    return alt.Title(axis, anchor="start", frame="bounds", fontWeight="normal", offset=8)


def _counts() -> alt.Axis:
    return alt.Axis(
        tickCount=5, format=",.0f", titleAngle=0, titleAlign="left", titleY=-8, titleX=0
    )
