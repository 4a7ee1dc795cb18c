"""A control chart in words, as a figure, and as findings: which months stand out."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.control import ControlChart, Signal
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Finding, finding
from kingston_analysis.show import month_charts, wording
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import DisplayTable, Heading, is_missing

LIMITS_NOTE = (
    "The thin line is what was expected: the level of the months before, with the season. Between "
    "the dashed lines chance alone can explain a count. A triangle marks a month outside them."
)
HINTS = {
    ("two of three", "high"): "two of three months in a row were near or beyond the upper limit",
    ("two of three", "low"): "two of three months in a row were near or beyond the lower limit",
    ("seven on one side", "high"): "{} months in a row were above what was expected",
    ("seven on one side", "low"): "{} months in a row were below what was expected",
    ("seven rising or falling", "rising"): "{} months in a row rose, allowing for the season",
    ("seven rising or falling", "falling"): "{} months in a row fell, allowing for the season",
}


def control_sentence(series: Series, chart: ControlChart) -> str:
    """Say which of the latest months stood out, and what else may hint at a change."""
    told = [_outside(series, chart, side) for side in ("high", "low")]
    if not any(told):
        told = [_none_outside(series, chart)]
    return " ".join(filter(None, [*told, _hints(chart)]))


def _none_outside(series: Series, chart: ControlChart) -> str:
    judged, before = chart.months("judged"), len(chart.months("baseline"))
    return (
        f"No single month of the {len(judged)} to {_month(judged['period'].iloc[-1])} stood out: "
        f"each count of {series.indicator.counted} in {series.area} lay within the limits that "
        f"chance and the season can explain, judged by the {before} months before."
    )


def _outside(series: Series, chart: ControlChart, side: str) -> str:
    signals = [each for each in chart.signals if not each.hint and each.side == side]
    if not signals:
        return ""
    judged = chart.months("judged").set_index("period")
    months = sum(len(judged.loc[each.first : each.last]) for each in signals)
    found = "; ".join(_spell(judged.loc[each.first : each.last]) for each in signals)
    note = wording.on_polarity(series.indicator.polarity, "rose" if side == "high" else "fell")
    text = (
        f"{wording.sentence_start(series.indicator.counted)} in {series.area} were "
        f"{'above' if side == 'high' else 'below'} what chance and the season explain in {months} "
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


def _hints(chart: ControlChart) -> str:
    found = [_hint(each) for each in chart.signals if each.hint]
    if len(found) > 1:
        return f"Hints, no proof: {'; '.join(found)}. Each happens by chance in some years."
    return f"A hint, no proof: {found[0]}, which happens by chance in some years." if found else ""


def _hint(signal: Signal) -> str:
    first, last = (periods.position(month, "month") for month in (signal.first, signal.last))
    words = HINTS[signal.rule, signal.side].format(last - first + 1)
    return f"{words} ({_month(signal.first)} to {_month(signal.last)})"


def control_figure(series: Series, chart: ControlChart) -> Figure:
    """Show the monthly counts of the area, with limits where there are any.

    At least one month must be known.
    """
    known = chart.frame.dropna(subset=["value"])
    breaks = {month: what for month, what, _ in series.month_breaks()}
    unit = wording.sentence_start(series.indicator.unit)
    limited = bool(chart.frame["lower"].notna().any())
    notes = [LIMITS_NOTE if limited else "", _break_note(breaks)]
    return Figure(
        id=f"{series.indicator.id}-months",
        heading=f"{series.indicator.title}, by month: {_shown(chart, known)}",
        chart=month_charts.control_chart_layers(chart.frame, f"{unit} a month", sorted(breaks)),
        alternative=_alternative(series, chart, known),
        table=_table(series, chart, breaks, limited),
        tables=(series.months_table.name,),
        period=f"{_month(known['period'].iloc[0])} to {_month(known['period'].iloc[-1])}",
        note=" ".join(filter(None, notes)),
    )


def _shown(chart: ControlChart, known: pd.DataFrame) -> str:
    if chart.gap:
        highest = known.loc[known["value"].idxmax()]
        return f"highest in {_month(highest['period'])}, with {wording.number(highest['value'])}"
    above, below = _counts_outside(chart)
    of = f"of the latest {len(chart.months('judged'))}"
    if above and below:
        return f"{above} {of} above and {below} below what chance explains"
    if above or below:
        return f"{above or below} {of} {'above' if above else 'below'} what chance explains"
    return f"no single month {of} stood out"


def _counts_outside(chart: ControlChart) -> tuple[int, int]:
    judged = chart.months("judged")
    value = judged["value"]
    return int((value > judged["upper"]).sum()), int((value < judged["lower"]).sum())


def _alternative(series: Series, chart: ControlChart, known: pd.DataFrame) -> str:
    what = f"Line chart of {series.indicator.counted} by month"
    told = known.assign(
        period=known["period"].map(_month), value=known["value"].map(wording.number)
    )
    first, last = told.iloc[0], told.iloc[-1]
    if len(told) == 1:
        return f"{what}: one month only, {last['period']}, with {last['value']}."
    high, low = (told.loc[known["value"].agg(end)] for end in ("idxmax", "idxmin"))
    text = (
        f"{what}, {first['value']} in {first['period']} to {last['value']} in {last['period']}; "
        f"highest {high['value']} in {high['period']}, lowest {low['value']} in {low['period']}."
    )
    if chart.gap:
        return text
    above, below = _counts_outside(chart)
    return f"{text} Latest {len(chart.months('judged'))}: {above} above, {below} below the limits."


def _table(
    series: Series, chart: ControlChart, breaks: dict[str, str], limited: bool
) -> DisplayTable:
    headings = [Heading("Month"), Heading(wording.sentence_start(series.indicator.unit), "count")]
    if limited:
        headings += [Heading("Expected", "rate")]
        headings += [Heading("Lower limit", "count"), Heading("Upper limit", "count")]
        headings += [Heading("Outside")]
    rows = []
    for row in chart.frame.to_dict("records"):
        month = f"{_month(row['period'])}{' [b]' if row['period'] in breaks else ''}"
        rows.append([month, row["value"]] + (_limit_cells(row) if limited else []))
    return DisplayTable(f"{series.indicator.title}, {series.area}, by month", headings, rows)


def _limit_cells(row: dict[str, Any]) -> list[Any]:
    cells = [row[name] for name in ("expected", "lower", "upper")]
    outside = "above" if row["value"] > row["upper"] else "below"
    within = "no" if row["lower"] <= row["value"] <= row["upper"] else outside
    return ["[z]" if is_missing(cell) else cell for cell in cells] + [
        within if row["role"] == "judged" else "[z]"
    ]


def _break_note(breaks: dict[str, str]) -> str:
    told = " ".join(f"{_month(month)}: {what}" for month, what in breaks.items())
    return f"An upright dashed line marks a break in the series. {told}" if told else ""


def control_values(series: Series, chart: ControlChart) -> list[Finding]:
    """Give the findings: how many of the latest months are above and below, and the sentence."""
    unit = "of the latest 12 months"
    units = {"months_above": unit, "months_below": unit, "months_trend": "text"}
    if chart.gap:
        return [finding(name, None, chart.gap, of) for name, of in units.items()]
    period = chart.months("judged")["period"].iloc[-1]
    results = (*_counts_outside(chart), control_sentence(series, chart))
    return [
        finding(name, period, result, of)
        for (name, of), result in zip(units.items(), results, strict=True)
    ]


def _month(period: str) -> str:
    return periods.in_words(period, "month")
