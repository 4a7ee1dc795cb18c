"""Months: which of the latest months stand out from chance and the season."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import altair as alt
import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.months import JUDGED, STEP, ControlChart, Side, control_chart
from kingston_analysis.measures.series import Series
from kingston_analysis.measures.variation import Variation
from kingston_analysis.results import Finding, Gap, finding
from kingston_analysis.show import wording
from kingston_analysis.show.answer import Part, Publication, analysis
from kingston_analysis.show.charts import title_above
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import Column, DisplayTable, Row, table
from kingston_analysis.show.theme import BLUE, GREY, ORANGE, PURPLE, themed
from kingston_analysis.views.topic import TopicView

EXPLAINED = "what chance and the season explain"
LIMITS_NOTE = (
    "The thin line is what was expected: the level and trend of the months before, with the "
    "season. Between the dashed lines chance alone can explain a count. A triangle marks a month "
    "outside them."
)


@analysis("Months that stand out from chance")
def months(view: TopicView, *, years: int | None = None) -> Iterator[Part]:
    """Draw the primary indicator's months and, where single months can be judged, name those out.

    The figure shows the months of so many latest years, or all. The limits are the method's own,
    which one month in a thousand passes on each side by chance. Raises KingstonError for less than
    one year.
    """
    primary = view.primary
    if primary not in view.monthly:
        yield view.no_months
        return
    chart = control_chart(primary.months, view.seasons, _noise(primary), view.month_breaks)
    words = chart.gap or _sentence(primary, chart)
    yield chart.frame
    yield words
    if chart.gap:
        yield _on_the_year(primary, chart)
    yield _figure(primary, chart, _latest(chart.frame, years))
    yield Publication(tuple(_findings(chart, words)), primary.months_sources)


def _noise(series: Series) -> Variation:
    """Tell how far the counts vary by chance, from the years before the months judged."""
    last = series.months.dropna(subset=["value"])["period"].max()
    first = periods.financial_year_of(periods.shifted(last, "month", 1 - JUDGED))
    return series.variation(periods.shifted(first, "financial_year", -1))


def _latest(frame: pd.DataFrame, years: int | None) -> pd.DataFrame:
    """Return the months of so many years up to the last month known."""
    if years is None:
        return frame
    if years < 1:
        what = f"Months of {years} years cannot be shown."
        raise KingstonError(what, "Ask for one year or more.")
    last: str = frame["period"][frame["value"].notna()].max()
    return frame[frame["period"] <= last].tail(12 * years)


# Words


def _sentence(series: Series, chart: ControlChart) -> str:
    """Say which of the latest months stood out, from what, and that the year's verdict stands."""
    outside = [_outside(series, chart, "high"), _outside(series, chart, "low")]
    if not any(outside):
        outside = [_none_outside(series, chart)]
    before = len(chart.months("baseline"))
    judged_by = f"What is expected goes by the level and trend of the {before} months before."
    return " ".join(filter(None, [*outside, judged_by, _on_the_year(series, chart)]))


def _none_outside(series: Series, chart: ControlChart) -> str:
    judged, seen = chart.months("judged"), round(100 * (chart.power or 0))
    return (
        f"No single month of the {len(judged)} to {_month(judged['period'].iloc[-1])} stood out: "
        f"each count of {series.indicator.counted} in {series.area} lay within {EXPLAINED}. A "
        f"lasting change of {STEP:.0%} would have shown in {seen} of 100 such years."
    )


def _outside(series: Series, chart: ControlChart, side: Side) -> str:
    signals = [each for each in chart.signals if each.side == side]
    if not signals:
        return ""
    judged = chart.months("judged").set_index("period")
    months = sum(len(judged.loc[slice(each.first, each.last)]) for each in signals)
    found = "; ".join(_spell(judged.loc[slice(each.first, each.last)]) for each in signals)
    note = wording.on_polarity(series.indicator.polarity, "rose" if side == "high" else "fell")
    text = (
        f"{wording.sentence_start(series.indicator.counted)} in {series.area} were "
        f"{'above' if side == 'high' else 'below'} {EXPLAINED} in {months} "
        f"of the {len(judged)} months to {_month(judged.index[-1])}: {found}."
    )
    return f"{text} {note}".strip()


def _spell(rows: pd.DataFrame) -> str:
    first, last, count = rows.index[0], rows.index[-1], wording.number(rows["value"].sum())
    if len(rows) == 1:
        low, high = (wording.number(rows[name].iloc[0]) for name in ("lower", "upper"))
        return f"{_month(first)} ({count}; limits {low} to {high})"
    expected = wording.number(round(rows["expected"].sum()))
    return f"{_month(first)} to {_month(last)} ({count} in all; {expected} expected)"


def _on_the_year(series: Series, chart: ControlChart) -> str:
    """Say that the year's verdict stands, where the months do not say the same."""
    change = series.change() if series.known else None
    if change is None or isinstance(change.ratio, Gap):
        return ""
    above, below = _counts_outside(chart)
    said = {"rose": above > 0, "fell": below > 0, "no clear change": not above and not below}
    if chart.gap is None and said[change.verdict]:
        return ""
    why = (
        "Months are held against the trend before them, a year against the year before"
        if above or below
        else "Twelve months together tell more than one alone"
    )
    return f"{why}: the verdict on {series.latest} as a whole stands."


# Figure


def _figure(series: Series, chart: ControlChart, shown: pd.DataFrame) -> Figure:
    """Show months of the area's chart, with limits where they are judged."""
    known = shown.dropna(subset=["value"])
    first = shown["period"].iloc[0]
    breaks = {month: what for month, what, _ in series.month_breaks() if month >= first}
    unit = wording.sentence_start(series.indicator.unit)
    limited = bool(shown["lower"].notna().any())
    return Figure(
        id=f"{series.indicator.id}-months",
        heading=f"{series.indicator.title}, by month: {_heading(chart, known)}",
        chart=_chart(shown, f"{unit} a month", sorted(breaks)),
        alternative=_alternative(series, chart, known),
        table=_table(series, shown, breaks, limited),
        tables=series.months_sources,
        period=f"{_month(known['period'].iloc[0])} to {_month(known['period'].iloc[-1])}",
        note=" ".join(filter(None, [LIMITS_NOTE if limited else "", _break_note(breaks)])),
    )


def _heading(chart: ControlChart, known: pd.DataFrame) -> str:
    if chart.gap:
        return f"{_range(known)} a month"
    above, below = _counts_outside(chart)
    of = f"of the latest {len(chart.months('judged'))}"
    if above and below:
        return f"{above} {of} above and {below} below {EXPLAINED}"
    if above or below:
        return f"{above or below} {of} {'above' if above else 'below'} {EXPLAINED}"
    return f"no single month {of} stood out"


def _range(known: pd.DataFrame) -> str:
    """Write from which to which count the months go: no one of them is called the highest."""
    ends = (known["value"].min(), known["value"].max())
    return " to ".join(dict.fromkeys(map(wording.number, ends)))


def _counts_outside(chart: ControlChart) -> tuple[int, int]:
    judged = chart.months("judged")
    value = judged["value"]
    return int((value > judged["upper"]).sum()), int((value < judged["lower"]).sum())


def _alternative(series: Series, chart: ControlChart, known: pd.DataFrame) -> str:
    what = f"Line chart of {series.indicator.counted} by month"
    words = known.assign(
        period=known["period"].map(_month), value=known["value"].map(wording.number)
    )
    first, last = words.iloc[0], words.iloc[-1]
    if len(words) == 1:
        return f"{what}: one month only, {last['period']}, with {last['value']}."
    text = (
        f"{what}, {first['value']} in {first['period']} to {last['value']} in {last['period']}; "
        f"{_range(known)} a month."
    )
    if known["value"].nunique() == 1:
        span = f"{first['period']} to {last['period']}"
        text = f"{what}: {first['value']} in every month with a count, {span}."
    if chart.gap:
        return text
    above, below = _counts_outside(chart)
    of = f"Latest {len(chart.months('judged'))}"
    return f"{text} {of}: {above} above, {below} below {EXPLAINED}."


def _table(
    series: Series, shown: pd.DataFrame, breaks: dict[str, str], limited: bool
) -> DisplayTable:
    def month(row: Row) -> str:
        return f"{_month(row['period'])}{' [b]' if row['period'] in breaks else ''}"

    columns = [
        Column("Month", month),
        Column(wording.sentence_start(series.indicator.unit), "value", "count"),
    ]
    if limited:
        columns += [
            Column("Expected", "expected", "rate", "[z]"),
            Column("Lower limit", "lower", "count", "[z]"),
            Column("Upper limit", "upper", "count", "[z]"),
            Column("Outside", _side),
        ]
    return table(f"{series.indicator.title}, {series.area}, by month", shown, *columns)


def _side(row: Row) -> str:
    """Write on which side of its limits a month lies."""
    if row["role"] != "judged":
        return "[z]"
    if row["lower"] <= row["value"] <= row["upper"]:
        return "no"
    return "above" if row["value"] > row["upper"] else "below"


def _break_note(breaks: dict[str, str]) -> str:
    if not breaks:
        return ""
    each = " ".join(f"{_month(month)}: {what}" for month, what in breaks.items())
    return f"An upright dashed line marks a break in the series. {each}"


def _month(period: str) -> str:
    return periods.in_words(period, "month")


def _chart(frame: pd.DataFrame, axis: str, breaks: list[str]) -> alt.LayerChart:
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
    return themed(alt.LayerChart(layer=layers).properties(height=260, title=title_above(axis)))


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


# Findings


def _findings(chart: ControlChart, words: str | Gap) -> Iterator[Finding]:
    """Give how many of the latest months are above and below, and the sentence."""
    period = None if chart.gap else chart.months("judged")["period"].iloc[-1]
    above, below = _counts_outside(chart)
    unit = "of the latest 12 months"
    yield finding("months_above", period, chart.gap or above, unit)
    yield finding("months_below", period, chart.gap or below, unit)
    yield finding("months_trend", period, words, "text")
