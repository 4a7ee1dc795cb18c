"""A projection in words, as a figure and a table of its record, and as findings."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.projection import Projection
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Finding, finding
from kingston_analysis.show import wording
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.projection_chart import record_chart
from kingston_analysis.show.table import DisplayTable, Heading

# From here on a projected count is told to the nearest ten.
LARGE = 1_000
# Below this share of year-ends inside it, a 95% interval is told to be too narrow.
ENOUGH_HELD = 0.9
NOTE = (
    "Zero is the projection. The thick bar is the 80% interval, the thin bar the 95% interval. The "
    "dot is how the year ended."
)


def projection_sentence(projection: Projection, series: Series) -> str:
    """Say where the year will end, how sure that is, and how the method has done before."""
    told = [_this_year(projection, series), _never_seen(projection), _record(projection)]
    return " ".join(filter(None, told))


def _this_year(projection: Projection, series: Series) -> str:
    ends = (*projection.within_80.ends, *projection.within_95.ends)
    low_80, high_80, low_95, high_95 = map(_about, ends)
    known = f"{wording.number(projection.known)} {series.indicator.counted}"
    return (
        f"From April to {periods.in_words(projection.last, 'month')}, {known} are known. If the "
        f"rest of the year goes as usual, {projection.year} will end at about "
        f"{_about(projection.expected)}: between {low_80} and {high_80} in 80 of 100 such years "
        f"(80% interval), and between {low_95} and {high_95} in 95 of 100 (95% interval)."
    )


def _about(count: float) -> str:
    return wording.number(round(count, -1) if count >= LARGE else round(count))


def _never_seen(projection: Projection) -> str:
    names = [periods.MONTHS[number - 1] for number in projection.unseen]
    if not names:
        return ""
    listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    if len(names) == 1:
        return f"{listed} is not held for any earlier year, so it counts as an average month."
    return f"{listed} are not held for any earlier year, so each counts as an average month."


def _record(projection: Projection) -> str:
    scored, held_80, held_95 = projection.scored, projection.held_80, projection.held_95
    if not scored:
        return "No record yet: there is no earlier year on which the method can be tried."
    ends = "one earlier year-end" if scored == 1 else f"{wording.number(scored)} earlier year-ends"
    if projection.areas > 1:
        ends += f" in {projection.areas} boroughs"
    usual_80, usual_95 = (wording.number(round(scored * share)) for share in (0.80, 0.95))
    text = (
        f"Tried on {ends}, from the same months and with only what was known then, the 80% "
        f"interval held {_times(held_80)} ({usual_80} would be usual) and the 95% interval "
        f"{_times(held_95)} ({usual_95} would be usual)."
    )
    if held_95 < ENOUGH_HELD * scored:
        text += " The intervals have been too narrow, so be careful with this one."
    return text


def _times(count: int) -> str:
    return "once" if count == 1 else f"{wording.number(count)} times"


def projection_table(projection: Projection, series: Series) -> DisplayTable:
    """List what would have been projected each year, what came, and the year in progress.

    There must be a projection.
    """
    span = f"April to {periods.MONTHS[periods.parts(projection.last, 'month')[1] - 1]}"
    headings = [
        Heading("Year"),
        Heading(f"Known, {span}", "count"),
        Heading("Year-end projected", "count"),
        Heading("80% interval"),
        Heading("95% interval"),
        Heading("Year-end that came", "count"),
    ]
    rows = [_row(row) for _, row in projection.years.iterrows()]
    title = f"{series.indicator.title}, {projection.area}: the record of the projection"
    return DisplayTable(f"{title}, {series.indicator.unit}", headings, rows)


def _row(told: pd.Series) -> list:
    intervals = [
        f"{wording.number(told[f'low_{level}'])} to {wording.number(told[f'high_{level}'])}"
        for level in (80, 95)
    ]
    came = "not over" if pd.isna(told["came"]) else told["came"]
    return [told["year"], told["known"], round(told["expected"]), *intervals, came]


def projection_figure(projection: Projection, series: Series) -> Figure:
    """Show how far each year ended from its projection, with intervals, this year's too.

    There must be a record of at least one year.
    """
    record = projection.record
    held = int(record["came"].between(record["low_95"], record["high_95"]).sum())
    ended = f"{held} of {len(record)} earlier years ended inside the 95% interval"
    if len(record) == 1:
        ended = f"the earlier year ended {'in' if held else 'out'}side the 95% interval"
    ends = " to ".join(map(wording.number, projection.within_95.ends))
    return Figure(
        id=f"{series.indicator.id}-projection",
        heading=f"{series.indicator.title}: {ended} of the projection",
        chart=record_chart(_differences(projection)),
        alternative="Chart of how far each year ended from its projection, with intervals: "
        f"{ended}. For {projection.year} the 95% interval is {ends}.",
        table=projection_table(projection, series),
        tables=(series.months_table.name,),
        period=f"{record['year'].iloc[0]} to {projection.year}",
        note=NOTE,
    )


def _differences(projection: Projection) -> pd.DataFrame:
    """Return year, the intervals' ends and came, all less what was projected."""
    columns = ["low_80", "high_80", "low_95", "high_95", "came"]
    years = projection.years
    return years[["year"]].join(years[columns].sub(years["expected"], axis=0))


def projection_values(projection: Projection, series: Series) -> list[Finding]:
    """Give the findings: the year-end with its 95% interval, the 80% interval, and the record."""
    unit, of = series.indicator.unit, "year-ends of boroughs"
    found = {
        "projection": (replace(projection.within_95, value=round(projection.expected)), unit),
        "projection_low_80": (projection.within_80.low, unit),
        "projection_high_80": (projection.within_80.high, unit),
        "projection_scored": (projection.scored, of),
        "projection_held_80": (projection.held_80, of),
        "projection_held_95": (projection.held_95, of),
    }
    return [finding(name, projection.year, *each) for name, each in found.items()]
