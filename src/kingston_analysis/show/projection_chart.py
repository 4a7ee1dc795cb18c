"""The record of a projection as a chart."""

from __future__ import annotations

import altair as alt
import pandas as pd

from kingston_analysis.show.theme import BLUE, TEAL, themed

ROW = 26


def record_chart(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw one row a year: the 80% and 95% intervals as bars, how the year ended as a dot.

    `frame` has year, low_80, high_80, low_95, high_95 and came, all less what was projected; came
    is NaN where the year is not over.
    """
    down = alt.Y("year:O", title=None, axis=alt.Axis(ticks=False, domain=False))
    # A zero has no sign.
    signed = alt.Axis(
        tickCount=5, format="+,.0f", labelExpr="datum.value === 0 ? '0' : datum.label"
    )

    def across(column: str) -> alt.X:
        return alt.X(f"{column}:Q", title=None, scale=alt.Scale(zero=True), axis=signed)

    def bars(level: int, width: int) -> alt.Chart:
        ends = [f"low_{level}", f"high_{level}"]
        drawn = alt.Chart(frame[["year", *ends]]).mark_rule(color=TEAL, strokeWidth=width)
        return drawn.encode(down, across(ends[0]), x2=ends[1])

    came = (
        alt.Chart(frame[["year", "came"]].dropna())
        .mark_point(color=BLUE, filled=True, size=70, opacity=1)
        .encode(down, across("came"))
    )
    heading = alt.Title(
        "Above (+) or below (−) the projection", anchor="start", frame="bounds", fontWeight="normal"
    )
    chart = alt.layer(bars(95, 3), bars(80, 12), came)
    return themed(chart.properties(height=alt.Step(ROW), title=heading))
