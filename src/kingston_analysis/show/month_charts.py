"""Charts of months: a control chart over the years, and the seasons of one year."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from kingston_analysis.show.theme import BLUE, FONT_SIZE, GREY, ORANGE, PURPLE, TEAL, themed

ROW_STEP = 21


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
    return themed(alt.layer(*layers).properties(height=260, title=_above(axis)))


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


def _above(axis: str) -> alt.Title:
    return alt.Title(axis, anchor="start", frame="bounds", fontWeight="normal", offset=8)


def season_chart(frame: pd.DataFrame, names: list[str], axis: str) -> alt.LayerChart:
    """Draw how far each month is from an average one, with the first name's intervals.

    `frame` has month (a short name), who, difference, low and high, in the order in which the
    months are to stand, low and high missing where there are none; `names` are the values of `who`.
    """
    rows = alt.Y("month:N", title=None, sort=None, axis=_rows())
    length = _difference("difference")
    average = alt.Chart(pd.DataFrame({"difference": [0.0]})).mark_rule(color=GREY).encode(length)
    spans = frame.loc[frame["who"] == names[0], ["month", "low", "high"]].dropna()
    whiskers = alt.Chart(spans).mark_rule(color=BLUE, strokeWidth=1.5)
    ends = [whiskers.encode(rows, _difference("low"), alt.X2("high:Q"))] if len(spans) else []
    key = alt.Legend(orient="top", direction="vertical", labelLimit=260, labelFontSize=FONT_SIZE)

    def by_name(looks: list) -> dict[str, Any]:
        scale = alt.Scale(domain=names, range=looks[: len(names)])
        return {"title": None, "scale": scale, "legend": key}

    marks = alt.Chart(frame[["month", "who", "difference"]]).mark_point(filled=True)
    marks = marks.encode(
        rows,
        length,
        alt.Color("who:N", **by_name([BLUE, TEAL])),
        alt.Shape("who:N", **by_name(["circle", "diamond"])),
        alt.Size("who:N", **by_name([90, 60])),
        opacity=alt.value(1),
    )
    layers = alt.layer(average, *ends, marks)
    return themed(layers.properties(height=alt.Step(ROW_STEP), title=_above(axis)))


def _rows() -> alt.Axis:
    return alt.Axis(ticks=False, domain=False, grid=True, labelPadding=6)


def _difference(column: str) -> alt.X:
    scale = alt.Scale(zero=True, nice=False, padding=8)
    # The average itself has no sign.
    signed = "format(datum.value, abs(datum.value) < 1e-9 ? '.0%' : '+.0%')"
    percent = alt.Axis(tickCount=4, labelExpr=signed)
    return alt.X(f"{column}:Q", title=None, scale=scale, axis=percent)
