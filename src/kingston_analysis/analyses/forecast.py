"""Forecast: where the year in progress will end, and how the method did before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import altair as alt
import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.forecast import ENDS, Forecast
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Finding, Gap, finding
from kingston_analysis.show import wording
from kingston_analysis.show.answer import Part, Publication, analysis
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import Column, DisplayTable, table
from kingston_analysis.show.theme import BLUE, TEAL, themed
from kingston_analysis.views.topic import TopicView

# From here on a projected count is given to the nearest ten.
LARGE = 1_000
# Where a smaller share of year-ends fell inside it, a 95% interval is called too narrow.
ENOUGH_COVERED = 0.9
NOTE = (
    "Zero is the projection. The thick bar is the 80% interval, the thin bar the 95% interval. The "
    "dot is how the year ended."
)
ROW_STEP = 26


@analysis("Where this year will end")
def forecast(view: TopicView) -> Iterator[Part]:
    """Project the year in progress from its known months, with the method's record.

    The intervals are those of 80% and 95%, since how often they held the year's end is that record.
    """
    primary = view.primary
    found = view.no_months if primary.months.empty else view.year_end
    if isinstance(found, Gap):
        yield found
        return
    yield found.years
    yield " ".join(filter(None, [_this_year(found, primary), _never_seen(found), _record(found)]))
    if len(found.backtest):
        yield _figure(found, primary)
    yield Publication(tuple(_findings(found, primary)), primary.months_sources)


# Words


def _this_year(found: Forecast, series: Series) -> str:
    low_80, high_80, low_95, high_95 = (_about(found.years[end].iloc[-1]) for end in ENDS)
    known = wording.counted(found.known, series.indicator.counted)
    are = wording.agreeing(found.known, "is", "are")
    return (
        f"From April to {periods.in_words(found.last, 'month')}, {known} {are} known. If the "
        f"rest of the year goes as usual, {found.year} will end at about "
        f"{_about(found.expected)}: between {low_80} and {high_80} in 80 of 100 such years "
        f"(80% interval), and between {low_95} and {high_95} in 95 of 100 (95% interval)."
    )


def _about(count: float) -> str:
    return wording.number(round(count, -1) if count >= LARGE else round(count))


def _never_seen(found: Forecast) -> str:
    names = [periods.MONTHS[number - 1] for number in found.unseen]
    if not names:
        return ""
    verb, each = ("is", "it counts") if len(names) == 1 else ("are", "each counts")
    return (
        f"{wording.listed(names)} {verb} not held for any earlier year, so {each} as an average "
        "month."
    )


def _record(found: Forecast) -> str:
    scored = found.scored
    if not scored:
        return "No record yet: there is no earlier year on which the method can be tried."
    ends = "one earlier year-end" if scored == 1 else f"{wording.number(scored)} earlier year-ends"
    if found.areas > 1:
        ends += f" in {found.areas} boroughs"
    usual_80, usual_95 = (wording.number(round(scored * share)) for share in (0.80, 0.95))
    text = (
        f"Tried on {ends}, from the same months and with only what was known then, the 80% "
        f"interval held {_times(found.covered_80)} ({usual_80} would be usual) and the 95% "
        f"interval {_times(found.covered_95)} ({usual_95} would be usual)."
    )
    if found.covered_95 < ENOUGH_COVERED * scored:
        text += " The intervals have been too narrow, so be careful with this one."
    return text


def _times(count: int) -> str:
    return "once" if count == 1 else f"{wording.number(count)} times"


# Figure


def _figure(found: Forecast, series: Series) -> Figure:
    """Show how far each year ended from its projection, with intervals, this year's too."""
    years = found.backtest
    inside = int(years["actual"].between(years["low_95"], years["high_95"]).sum())
    ended = f"{inside} of {len(years)} earlier years ended inside the 95% interval"
    if len(years) == 1:
        ended = f"the earlier year ended {'in' if inside else 'out'}side the 95% interval"
    return Figure(
        id=f"{series.indicator.id}-projection",
        heading=f"{series.indicator.title}: {ended} of the projection",
        chart=_chart(_differences(found.years)),
        alternative="Chart of how far each year ended from its projection, with intervals: "
        f"{ended}. For {found.year} the 95% interval is {_interval(found.years.iloc[-1], 95)}.",
        table=_table(found, series),
        tables=series.months_sources,
        period=f"{years['year'].iloc[0]} to {found.year}",
        note=NOTE,
    )


def _table(found: Forecast, series: Series) -> DisplayTable:
    """List what would have been projected each year and how it ended, then this year."""
    last = periods.MONTHS[periods.parts(found.last, "month")[1] - 1]
    title = f"{series.indicator.title}, {found.area}: the record of the projection"
    return table(
        f"{title}, {series.indicator.unit}",
        found.years,
        Column("Year", "year"),
        Column(f"Known, April to {last}", "known", "count"),
        Column("Year-end projected", lambda row: round(row["expected"]), "count"),
        Column("80% interval", lambda row: _interval(row, 80)),
        Column("95% interval", lambda row: _interval(row, 95)),
        Column(
            "Year-end that came",
            lambda row: "not over" if pd.isna(row["actual"]) else row["actual"],
            "count",
        ),
    )


def _interval(row: Any, level: int) -> str:
    return " to ".join(wording.number(row[f"{end}_{level}"]) for end in ("low", "high"))


def _differences(years: pd.DataFrame) -> pd.DataFrame:
    """Return year, the intervals' ends and actual, all less what was projected."""
    return years[["year"]].join(years[[*ENDS, "actual"]].sub(years["expected"], axis=0))


def _chart(years: pd.DataFrame) -> alt.LayerChart:
    """Draw one row a year: the 80% and 95% intervals as bars, how the year ended as a dot."""
    down = alt.Y("year:O", title=None, axis=alt.Axis(ticks=False, domain=False))
    # A zero has no sign.
    signed = alt.Axis(
        tickCount=5, format="+,.0f", labelExpr="datum.value === 0 ? '0' : datum.label"
    )

    def across(column: str) -> alt.X:
        return alt.X(f"{column}:Q", title=None, scale=alt.Scale(zero=True), axis=signed)

    def bars(level: int, width: int) -> alt.Chart:
        ends = [f"low_{level}", f"high_{level}"]
        drawn = alt.Chart(years[["year", *ends]]).mark_rule(color=TEAL, strokeWidth=width)
        made: alt.Chart = drawn.encode(down, across(ends[0]), x2=ends[1])
        return made

    actual = (
        alt.Chart(years[["year", "actual"]].dropna())
        .mark_point(color=BLUE, filled=True, size=70, opacity=1)
        .encode(down, across("actual"))
    )
    heading = alt.Title(
        "Above (+) or below (−) the projection", anchor="start", frame="bounds", fontWeight="normal"
    )
    chart = alt.LayerChart(layer=[bars(95, 3), bars(80, 12), actual])
    return themed(chart.properties(height=alt.Step(ROW_STEP), title=heading))


# Findings


def _findings(found: Forecast, series: Series) -> Iterator[Finding]:
    unit, of = series.indicator.unit, "year-ends of boroughs"
    results: dict[str, tuple[Any, str]] = {
        "projection": (replace(found.within_95, value=round(found.expected)), unit),
        "projection_low_80": (found.within_80.low, unit),
        "projection_high_80": (found.within_80.high, unit),
        "projection_scored": (found.scored, of),
        "projection_held_80": (found.covered_80, of),
        "projection_held_95": (found.covered_95, of),
    }
    for name, (result, measured_in) in results.items():
        yield finding(name, found.year, result, measured_in)
