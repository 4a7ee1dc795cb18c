"""A control chart of months."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from kingston_analysis.show.charts import title_above
from kingston_analysis.show.theme import BLUE, GREY, ORANGE, PURPLE, themed


def control_chart_layers(frame: pd.DataFrame, axis: str, breaks: list[str]) -> alt.LayerChart:
    """Draw monthly counts from zero, with what was expected and the limits where they hold.

    `frame` has period (2008-09), value, segment, expected, lower and upper, the last three missing
    where they do not hold; lines are cut between segments. Months outside are triangles that point
    away from the limits. `breaks` are the first months affected, drawn as dashed vertical lines.
    """
    dated = frame.dropna(subset=["value"]).assign(month=frame["period"].map(_moment))
    limits = dated.dropna(subset=["lower"])
    expected = dated.dropna(subset=["expected"]).assign(value=dated["expected"])
    above, below = dated["value"] > dated["upper"], dated["value"] < dated["lower"]
    layers = [
        *_within(limits),
        *_line(expected, GREY, strokeWidth=1),
        *_line(dated, BLUE, strokeWidth=2),
        *_points(dated[~above & ~below], BLUE, size=22),
        *_points(dated[above], ORANGE, size=110, shape="triangle-up"),
        *_points(dated[below], ORANGE, size=110, shape="triangle-down"),
        *_breaks(breaks),
    ]
    return themed(alt.layer(*layers).properties(height=260, title=title_above(axis)))


def _within(frame: pd.DataFrame) -> list[alt.Chart]:
    """Draw the limits as a pale band with dashed edges."""
    if frame.empty:
        return []
    band = alt.Chart(frame[["month", "segment", "lower", "upper"]]).mark_area(
        color=GREY, opacity=0.1
    )
    edges = [
        line
        for end in ("lower", "upper")
        for line in _line(frame.assign(value=frame[end]), GREY, strokeWidth=1.5, strokeDash=[3, 3])
    ]
    return [*edges, band.encode(_across(), _height("lower"), alt.Y2("upper:Q"), detail="segment:N")]


def _line(frame: pd.DataFrame, colour: str, **look: Any) -> list[alt.Chart]:
    if frame.empty:
        return []
    drawn = alt.Chart(frame[["month", "value", "segment"]]).mark_line(color=colour, **look)
    return [drawn.encode(_across(), _height(), detail="segment:N")]


def _points(frame: pd.DataFrame, colour: str, **look: Any) -> list[alt.Chart]:
    if frame.empty:
        return []
    drawn = alt.Chart(frame[["month", "value"]]).mark_point(color=colour, filled=True, **look)
    return [drawn.encode(_across(), _height(), opacity=alt.value(1))]


def _breaks(months: list[str]) -> list[alt.Chart]:
    if not months:
        return []
    frame = pd.DataFrame({"month": [_moment(each) for each in months]})
    rule = alt.Chart(frame).mark_rule(color=PURPLE, strokeDash=[4, 3], strokeWidth=2)
    return [rule.encode(_across())]


def _moment(period: str) -> str:
    # In universal time throughout: else the machine's time zone would move the months.
    return f"{period}-01T00:00:00Z"


def _across() -> alt.X:
    dates = alt.Axis(format="%b %Y", labelOverlap="greedy", labelSeparation=10, tickCount=8)
    return alt.X("utcyearmonth(month):T", title=None, axis=dates)


def _height(column: str = "value") -> alt.Y:
    counts = alt.Axis(tickCount=5, format=",.0f")
    return alt.Y(f"{column}:Q", title=None, scale=alt.Scale(zero=True), axis=counts)
