"""Charts as Vega-Lite specifications on small frames that hold only what is drawn."""

from __future__ import annotations

import json

import altair as alt
import pandas as pd

from kingston_analysis.show.theme import BLUE, GREY, ORANGE, TEAL, themed

BAR_STEP = 19
# The number after the longest bar needs a third of a narrow chart.
ROOM_FOR_LABELS = 1.45


def years_chart(frame: pd.DataFrame, axis: str, breaks: list[tuple[str, str]]) -> alt.LayerChart:
    """Draw yearly counts as bars from zero, the latest labelled, registered breaks as dashed lines.

    `frame` has period and value; `breaks` are (first year affected, what happened).
    """
    base = alt.Chart(frame)
    across = alt.X("period:O", title=None, axis=alt.Axis(labelOverlap="greedy", labelSeparation=6))
    height = alt.Y("value:Q", title=axis, scale=alt.Scale(zero=True), axis=_counts())
    bars = base.mark_bar(color=BLUE).encode(across, height)
    label = (
        alt.Chart(frame.tail(1))
        .mark_text(dy=-8, fontWeight="bold")
        .encode(across, height, text=alt.Text("value:Q", format=",.0f"))
    )
    layers = [bars, label]
    if breaks:
        years = pd.DataFrame({"period": sorted({period for period, _ in breaks})})
        layers.append(
            alt.Chart(years)
            .mark_rule(color=ORANGE, strokeDash=[4, 3], strokeWidth=2)
            .encode(alt.X("period:O", bandPosition=0))
        )
    return themed(alt.layer(*layers).properties(height=260))


def months_chart(frame: pd.DataFrame, axis: str) -> alt.LayerChart:
    """Draw monthly counts as a line from zero; `frame` has period (2008-09) and value."""
    # In universal time throughout: else the machine's time zone would move the months.
    dated = frame.assign(month=frame["period"] + "-01T00:00:00Z")[["month", "value"]]
    across = alt.X(
        "utcyearmonth(month):T",
        title=None,
        axis=alt.Axis(format="%b %Y", labelOverlap="greedy", labelSeparation=10, tickCount=8),
    )
    height = alt.Y("value:Q", title=axis, scale=alt.Scale(zero=True), axis=_counts())
    line = alt.Chart(dated).mark_line(color=BLUE, strokeWidth=2).encode(across, height)
    points = alt.Chart(dated).mark_point(color=BLUE, filled=True, size=22).encode(across, height)
    return themed(alt.layer(line, points).properties(height=260))


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
    # Above the chart there is room for the title, also where a phone leaves the bars little.
    heading = alt.Title(axis, anchor="start", frame="bounds", fontWeight="normal", offset=8)
    return themed(alt.layer(bars, text).properties(height=alt.Step(BAR_STEP), title=heading))


def _counts() -> alt.Axis:
    return alt.Axis(
        tickCount=5, format=",.0f", titleAngle=0, titleAlign="left", titleY=-8, titleX=0
    )
