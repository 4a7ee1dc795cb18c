"""Level: how much there is, and how it went over the years."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.change import LEVEL, check_level
from kingston_analysis.measures.extremes import ENDS, not_told_apart
from kingston_analysis.measures.indicators import no_figure
from kingston_analysis.measures.series import Series
from kingston_analysis.measures.trend import LogLinearTrend
from kingston_analysis.results import Gap
from kingston_analysis.show.answer import Part, analysis
from kingston_analysis.show.figure import LONGEST, Figure
from kingston_analysis.show.sentences import change_heading, changed, over_years
from kingston_analysis.show.sentences import level as level_sentence
from kingston_analysis.show.table import Column, DisplayTable, Format, Row, table
from kingston_analysis.show.theme import BLUE, ORANGE, PURPLE, TEAL, themed
from kingston_analysis.show.wording import (
    MOST_NAMED,
    interval_name,
    listed,
    number,
    number_in_words,
    sentence_start,
)
from kingston_analysis.views.topic import TopicView

TREND_LINE = "The line is the trend of its years: the same percentage every year."
# (first year affected, what happened) of each break in a series.
Breaks = list[tuple[str, str]]


@analysis("Figures for a full year")
def headline(view: TopicView) -> Iterator[Part]:
    """Say what the topic is about, how much there was in the year assessed, and what changed."""
    yield view.topic.about
    if not view.series:
        yield view.primary_gap
        return
    first = view.series[0]
    yield f"{level_sentence(first)} {changed(first, first.change())}"
    yield over_years(first)
    yield _years(first, 1, LEVEL)


@analysis("Figures over the years")
def over_the_years(
    view: TopicView, *, years: int | None = None, level: float = LEVEL
) -> Iterator[Part]:
    """Show the years, or the latest so many, of every indicator that has more than one.

    `level` is that of the counts' intervals; the headings have the page's own verdicts. Raises
    KingstonError for less than one year, and for a level that is none.
    """
    check_level(level)
    if years is not None and years < 1:
        raise KingstonError(f"There are no latest {years} years.", "Show 1 or more.")
    if not view.over_years:
        yield view.primary_gap
        return
    shown = [_years(series, years, level) for series in view.over_years]
    yield pd.concat(shown, ignore_index=True)
    for series, frame in zip(view.over_years, shown, strict=True):
        heading, trend = _heading(view, series), series.trend
        if no_figure(series, view.edition):
            trend = Gap("The years end before the one assessed.")
        yield _figure(series, heading, frame, interval_name(level), trend)


def _years(series: Series, years: int | None, level: float) -> pd.DataFrame:
    """Return the years from the latest so many with a figure on, with the ends of intervals."""
    own = series.own
    first = own["value"].dropna().index[-years:][0] if years else own.index[0]
    ends = series.intervals if level == LEVEL else series.intervals_at(level)
    frame = own.loc[first:].join(ends)
    return frame.reset_index().assign(indicator=series.indicator.id)


def _heading(view: TopicView, series: Series) -> str:
    """Say what happened in the year assessed, or that no figure of it is held."""
    if gap := no_figure(series, view.edition):
        return f"{series.indicator.title}: {gap.why.removesuffix('.')}"
    return change_heading(series, series.change())


# Figure


def _figure(
    series: Series, heading: str, frame: pd.DataFrame, interval: str, trend: LogLinearTrend | Gap
) -> Figure:
    """Show the years with their intervals, of the level that `interval` names."""
    whiskers = f"Thin lines show the {interval}: how far chance alone can move a year's count."
    known = frame.dropna(subset=["value"])[["period", "value", "low", "high"]]
    # A dashed line stands between two years.
    later = set(frame["period"].iloc[1:])
    breaks = [(period, what) for period, what in series.breaks() if period in later]
    indicator, line = series.indicator, _trend_line(trend, known)
    course, ends = _course(known), _ends(known, series)
    alternative = f"Bar chart of {indicator.counted} by year{course}"
    # A long name leaves no room for the highest and lowest years and those that noise sets beside.
    ends = ends if len(alternative) + len(ends) < LONGEST else ""
    return Figure(
        id=f"{indicator.id}-years",
        heading=heading,
        chart=_chart(known, sentence_start(indicator.unit), breaks, line),
        alternative=f"{alternative}{ends}.",
        table=_table(series, frame, {period for period, _ in breaks}, interval),
        tables=series.sources,
        period=f"{frame['period'].iloc[0]} to {series.latest}",
        note=" ".join([whiskers, *([TREND_LINE] if len(line) else []), *_break_note(breaks)]),
    )


def _trend_line(trend: LogLinearTrend | Gap, known: pd.DataFrame) -> pd.DataFrame:
    """Return the fitted counts of a clear trend, through the middle of its years."""
    if isinstance(trend, Gap) or trend.verdict == "no clear trend":
        return known[["period", "value"]].iloc[:0]
    years = known[known["period"].between(trend.first, trend.last)]
    steps = np.arange(len(years)) - (len(years) - 1) / 2
    middle = np.exp(np.log(years["value"]).mean())
    return years[["period"]].assign(value=middle * trend.slope.value**steps)


def _at(known: pd.DataFrame, row: int) -> str:
    return f"{number(known['value'].iloc[row])} in {known['period'].iloc[row]}"


def _course(known: pd.DataFrame) -> str:
    """Say where the years begin and end."""
    if len(known) == 1:
        return (
            f": one period only, {known['period'].iloc[0]}, with {number(known['value'].iloc[0])}"
        )
    if known["value"].nunique() == 1:
        return _all_equal(known)
    return f", from {_at(known, 0)} to {_at(known, -1)}"


def _ends(known: pd.DataFrame, series: Series) -> str:
    """Name the highest and the lowest year, with the years that noise sets beside.

    Years before a break that refuses comparison are left out.
    """
    unbroken = known[known["period"].isin(series.unbroken.columns)]
    since = f" since {unbroken['period'].iloc[0]}" if len(unbroken) < len(known) else ""
    if unbroken["value"].nunique() == 1:
        return ""
    return _extremes(unbroken, series.variation(series.latest).phi, since)


def _extremes(known: pd.DataFrame, phi: float, since: str) -> str:
    counts = known["value"].reset_index(drop=True)
    beside = {end: not_told_apart(counts, phi, end) for end in ENDS}
    if all(len(each) == len(counts) for each in beside.values()):
        return f"; the years{since} differ by no more than chance can explain"
    ends: list[str] = []
    for end in ENDS:
        first, *others = beside[end]
        years = listed(known["period"].iloc[others]) if others else ""
        if len(others) >= MOST_NAMED:
            years = f"{number_in_words(len(others))} other years"
        unclear = f", no clear difference from {years}" if years else ""
        ends.append(f"{end} {_at(known, first)}{unclear}")
    return f";{since}{',' if since else ''} {'; '.join(ends)}"


def _all_equal(known: pd.DataFrame) -> str:
    value, years = number(known["value"].iloc[0]), list(known["period"])
    if len(years) == 2:
        return f": {value} in both years, {' and '.join(years)}"
    return f": {value} in every year with a figure, {years[0]} to {years[-1]}"


def _break_note(breaks: Breaks) -> list[str]:
    happened = dict.fromkeys(f"{period}: {what}" for period, what in breaks)
    return ["A dashed line marks a break in the series.", *happened] if happened else []


def _table(series: Series, frame: pd.DataFrame, broken: set[str], interval: str) -> DisplayTable:
    def known(cell: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
        return lambda row: "[c]" if math.isnan(row["value"]) else cell(row)

    ranked = bool(frame["rank_count"].notna().any()) and len(series.comparable) > 1
    rated = bool(frame["rate"].notna().any())
    numbers: list[tuple[str, str, Format, bool]] = [
        (sentence_start(series.indicator.unit), "value", "count", True),
        ("Rank by count, 1 is lowest", "rank_count", "count", ranked),
        ("Rate per 1,000 residents", "rate", "rate", rated),
        ("Rank by rate, 1 is lowest", "rank_rate", "count", ranked and rated),
    ]
    caption = f"{series.indicator.title}, {series.area}, by {series.kind.replace('_', ' ')}"
    return table(
        caption,
        frame,
        Column("Year", lambda row: row["period"] + (" [b]" if row["period"] in broken else "")),
        *(Column(title, known(itemgetter(n)), as_) for title, n, as_, shown in numbers if shown),
        Column(f"{interval} of the count", known(_interval)),
    )


def _interval(row: Row) -> str:
    return f"{row['low']:,.0f} to {row['high']:,.0f}"


def _chart(frame: pd.DataFrame, axis: str, breaks: Breaks, line: pd.DataFrame) -> alt.LayerChart:
    """Draw counts as bars from zero with their intervals, the latest labelled; breaks are dashed.

    `frame` has period, value, low and high; `line` the period and value of a trend, or no rows.
    """
    across = alt.X("period:O", title=None, axis=alt.Axis(labelOverlap="greedy", labelSeparation=6))
    counts = alt.Axis(
        tickCount=5, format=",.0f", titleAngle=0, titleAlign="left", titleY=-8, titleX=0
    )
    height, low, high = (
        alt.Y(f"{name}:Q", title=axis, scale=alt.Scale(zero=True), axis=counts)
        for name in ("value", "low", "high")
    )
    bars = alt.Chart(frame[["period", "value"]]).mark_bar(color=BLUE)
    whiskers = alt.Chart(frame[["period", "low", "high"]]).mark_rule(color=ORANGE, strokeWidth=2)
    # On a phone the label is wider than its bar: it stands clear of the bar before and of a trend.
    top = pd.concat([frame["high"].tail(2), line["value"].tail(2)]).max()
    label = alt.Chart(frame[["period", "value"]].tail(1).assign(high=top))
    label = label.mark_text(dy=-8, fontWeight="bold")
    layers = [
        bars.encode(across, height),
        whiskers.encode(across, low, alt.Y2("high:Q")),
        label.encode(across, high, text=alt.Text("value:Q", format=",.0f")),
    ]
    if len(line):
        trend = alt.Chart(line).mark_line(color=TEAL, strokeWidth=3)
        layers.append(trend.encode(across, height))
    if breaks:
        years = pd.DataFrame({"period": sorted({period for period, _ in breaks})})
        dashed = alt.Chart(years).mark_rule(color=PURPLE, strokeDash=[4, 3], strokeWidth=2)
        layers.append(dashed.encode(alt.X("period:O", bandPosition=0)))
    # The last year's name is wider than its bar on a phone, and is not counted into the width.
    room = {"left": 4, "top": 4, "right": 16, "bottom": 4}
    return themed(alt.LayerChart(layer=layers).properties(height=260, padding=room))
