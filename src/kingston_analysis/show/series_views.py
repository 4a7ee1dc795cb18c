"""A series as figures and tables: its years, its months, its place among the boroughs."""

from __future__ import annotations

import math

import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.change import Change
from kingston_analysis.measures.families import Compared, Family
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Gap, tidy
from kingston_analysis.show import charts, sentences, wording
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import DisplayTable, Heading

WHISKERS = "Thin lines show the 95% interval: how far chance alone can move a year's count."


def years_figure(series: Series, change: Change) -> Figure:
    """Show the yearly counts of the area, with rate and ranks beside them in the table.

    `change` is the latest, with its verdict among the comparisons of the page.
    """
    own = series.own.reset_index()
    known = own.dropna(subset=["value"])[["period", "value"]]
    drawn = known.join(series.intervals, on="period")
    breaks = series.breaks()
    return Figure(
        id=f"{series.indicator.id}-years",
        heading=sentences.direction(series, change),
        chart=charts.years_chart(drawn, wording.sentence_start(series.indicator.unit), breaks),
        alternative=_alternative(f"Bar chart of {series.indicator.counted} by year", known),
        table=_years_table(series, own, {period for period, _ in breaks}),
        tables=(series.table.name, "population") if series.indicator.rate else (series.table.name,),
        period=f"{own['period'].iloc[0]} to {series.latest}",
        note=" ".join(filter(None, [WHISKERS, _break_note(breaks)])),
    )


def _break_note(breaks: list[tuple[str, str]]) -> str:
    told = dict.fromkeys(f"{period}: {what}" for period, what in breaks)
    return f"A dashed line marks a break in the series. {' '.join(told)}" if told else ""


def _years_table(series: Series, own: pd.DataFrame, broken: set[str]) -> DisplayTable:
    headings = [Heading("Year"), Heading(wording.sentence_start(series.indicator.unit), "count")]
    columns = ["value"]
    spans = series.intervals
    ranks = own["rank_count"].notna().any() and len(series.comparable) > 1
    if ranks:
        headings.append(Heading("Rank by count, 1 is lowest", "count"))
        columns.append("rank_count")
    if own["rate"].notna().any():
        headings.append(Heading("Rate per 1,000 residents", "rate"))
        columns.append("rate")
        if ranks:
            headings.append(Heading("Rank by rate, 1 is lowest", "count"))
            columns.append("rank_rate")
    headings.append(Heading("95% interval of the count"))
    rows = [
        [
            f"{row['period']} [b]" if row["period"] in broken else row["period"],
            *("[c]" if math.isnan(row["value"]) else row[name] for name in columns),
            _interval(spans, row["period"]),
        ]
        for _, row in own.iterrows()
    ]
    title = f"{series.indicator.title}, {series.area}, by {series.kind.replace('_', ' ')}"
    return DisplayTable(title, headings, rows)


def _interval(spans: pd.DataFrame, period: str) -> str:
    if period not in spans.index:
        return "[c]"
    low, high = spans.loc[period]
    return f"{low:,.0f} to {high:,.0f}"


def boroughs_figure(series: Series) -> Figure:
    """Show every borough's rate (or, where none is held, count) in the latest year."""
    by = "rate" if series.indicator.rate else "value"
    rows = series.comparable.sort_values([by, "area"], ascending=[False, True])
    frame = rows.rename(columns={"area": "place"}).assign(value=rows[by].map(tidy))[
        ["place", "value"]
    ]
    unit = (
        "Rate per 1,000 residents"
        if by == "rate"
        else wording.sentence_start(series.indicator.unit)
    )
    columns = ["area", "value", "rank_count"] + (["rate", "rank_rate"] if by == "rate" else [])
    headings = [
        Heading("Borough"),
        Heading(wording.sentence_start(series.indicator.unit), "count"),
        Heading("Rank by count, 1 is lowest", "count"),
        Heading("Rate per 1,000 residents", "rate"),
        Heading("Rank by rate, 1 is lowest", "count"),
    ]
    title = f"{series.indicator.title} in {series.latest}, London boroughs"
    return Figure(
        id=f"{series.indicator.id}-boroughs",
        heading=_standing(series, "rank_rate" if by == "rate" else "rank_count"),
        chart=charts.places_chart(frame, series.area, unit, ",.1f" if by == "rate" else ",.0f"),
        alternative=_places_alternative(
            frame, series.area, f"Bar chart: {unit.lower()}, {series.latest}"
        ),
        table=DisplayTable(title, headings[: len(columns)], rows[columns].to_numpy().tolist()),
        tables=(series.table.name, "population") if by == "rate" else (series.table.name,),
        period=series.latest,
    )


def _standing(series: Series, rank: str) -> str:
    row = series.own.loc[series.latest]
    if math.isnan(row[rank]):
        return f"{series.indicator.title}: no figure for {series.area} in {series.latest}"
    measure = "rate" if rank == "rank_rate" else "count"
    return (
        f"{series.indicator.title}: {series.area} had the {sentences.standing(series, rank)} "
        f"{measure} of {int(row['areas'])} boroughs in {series.latest}"
    )


def change_table(family: Family) -> DisplayTable:
    """Set the comparisons of a page side by side."""
    headings = [
        Heading("Indicator"),
        Heading("Verdict"),
        Heading("Change", "signed percent"),
        Heading("95% interval"),
        Heading("Earlier period"),
        Heading("Count", "count"),
        Heading("Later period"),
        Heading("Count", "count"),
    ]
    title = f"Changes: a family of {family.size}, corrected together"
    return DisplayTable(title, headings, [_row(each) for each in family.members])


def _row(compared: Compared) -> list:
    series, change = compared.series, compared.change
    counts = series.own["value"]
    if compared.span == "part year":
        counted = _months_compared(series)
    elif compared.span == "year":
        counted = [series.before, counts.get(series.before), series.latest, counts[series.latest]]
    else:
        ratio = change.ratio
        mean = ratio if isinstance(ratio, Gap) else counts[series.latest] / ratio.value
        counted = ["mean of three years before", mean, series.latest, counts[series.latest]]
    return [series.indicator.title, *_change_cells(change), *counted]


def _months_compared(series: Series) -> list:
    part = series.own_part_year
    months = [part["first"], part["last"]]
    spans = [
        " to ".join(
            periods.in_words(periods.shifted(month, "month", back), "month") for month in months
        )
        for back in (-12, 0)
    ]
    return [f"{spans[0]} (part year)", part["before"], f"{spans[1]} (part year)", part["value"]]


def _change_cells(change: Change) -> list:
    ratio = change.ratio
    if isinstance(ratio, Gap):
        return ["cannot be compared", "[z]", "[z]"]
    verdict = change.verdict + (" [b]" if change.caution else "")
    return [verdict, ratio.value - 1, wording.percent_ends(ratio)]


def _alternative(what: str, frame: pd.DataFrame) -> str:
    high, low = frame.loc[frame["value"].idxmax()], frame.loc[frame["value"].idxmin()]
    first, last = frame.iloc[0], frame.iloc[-1]
    if len(frame) == 1:
        return f"{what}: one period only, {last['period']}, with {wording.number(last['value'])}."
    return (
        f"{what}, from {wording.number(first['value'])} in {first['period']} to "
        f"{wording.number(last['value'])} in {last['period']}; highest "
        f"{wording.number(high['value'])} in {high['period']}, lowest "
        f"{wording.number(low['value'])} in {low['period']}."
    )


def _places_alternative(frame: pd.DataFrame, own: str, what: str) -> str:
    top, bottom = frame.iloc[0], frame.iloc[-1]
    text = f"{what}. Highest {top['place']}, {wording.number(top['value'])}; "
    text += f"lowest {bottom['place']}, {wording.number(bottom['value'])}"
    mine = frame[frame["place"] == own]
    return text + (f"; {own}, {wording.number(mine['value'].iloc[0])}." if len(mine) else ".")
