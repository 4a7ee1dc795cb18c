"""Forecast: where the year in progress will end, and how the method did before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import altair as alt
import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.forecast import ENDS, ENOUGH_ERRORS, Forecast
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Estimate, Finding, Gap, ends_of, finding
from kingston_analysis.show import wording
from kingston_analysis.show.answer import Part, Publication, analysis
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import Column, DisplayTable, table
from kingston_analysis.show.theme import BLUE, GREY, TEAL, themed
from kingston_analysis.views.topic import TopicView

# From here on a projected count is given to the nearest ten.
LARGE = 1_000
# An interval that held fewer than this share of the year-ends that are usual is called too narrow.
ENOUGH_COVERED = 0.95
NOTE = "Zero is the projection, the dot is how the year ended."
NOTES = {
    "low_95": "The thick bar is the 80% interval, the thin bar the 95% interval.",
    "low": "The grey bar is the rough range of a year with too few before it to learn from.",
}
ROW_STEP = 26
NOT_KNOWN = "not known"
NO_LEVEL = Gap("Too few earlier year-ends are known to tell how wide an 80% interval has to be.")


@analysis("Where this year will end")
def forecast(view: TopicView) -> Iterator[Part]:
    """Project the year in progress from its known months, with the method's record.

    The intervals are those of 80% and 95%, since how often they held the year's end is that record.
    Where it is too short to tell how wide they have to be, there is a rough range without a level.
    """
    primary = view.primary
    found = view.no_months if primary.months.empty else view.year_end
    if isinstance(found, Gap):
        yield found
        return
    yield found.years
    record = _record(found) if found.calibrated else _no_record(found)
    said = [_this_year(found, primary), _no_lower(found), _never_seen(found), record]
    yield " ".join(filter(None, [*said, _other_years(found, primary)]))
    if len(found.backtest):
        yield _figure(found, primary)
    yield Publication(tuple(_findings(found, primary)), primary.months_sources)


# Words


def _this_year(found: Forecast, series: Series) -> str:
    known = wording.counted(found.known, series.indicator.counted)
    were = wording.agreeing(found.known, "was", "were")
    last = periods.in_words(found.last, "month")
    when = f"in {last}" if found.last.endswith("-04") else f"from April to {last}"
    return (
        f"{known} {were} recorded {when}. If the rest of the year goes as usual, "
        f"{found.year} will end at about {_about(found.expected)}{_how_sure(found)}"
    )


def _how_sure(found: Forecast) -> str:
    if not found.calibrated:
        return f". A rough range is {_from_to(found.within, 'to')}."
    return (
        f": between {_from_to(found.within_80, 'and')} in 80 of 100 such years (80% interval), and "
        f"between {_from_to(found.within_95, 'and')} in 95 of 100 (95% interval)."
    )


def _from_to(interval: Estimate, to: str) -> str:
    return f" {to} ".join(map(_about, ends_of(interval)))


def _no_lower(found: Forecast) -> str:
    """Say which lower limits are what is recorded already, below which no year can end."""
    limits = {
        "80% interval": found.within_80,
        "95% interval": found.within_95,
        "rough range": found.within,
    }
    at_known = [name for name, each in limits.items() if each.ends and each.ends[0] == found.known]
    if not at_known:
        return ""
    limit, are = ("limit", "is") if len(at_known) == 1 else ("limits", "are")
    return (
        f"The lower {limit} of the {wording.listed(at_known)} {are} what is recorded already: the "
        "year cannot end below that."
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


def _no_record(found: Forecast) -> str:
    """Say why nobody knows how often the rough range holds."""
    to_try = "there is no earlier year-end on which to try it"
    if found.errors:
        are = wording.agreeing(found.errors, "is", "are")
        ends = wording.counted(found.errors, "earlier year-ends")
        to_try = f"there {are} only {ends} on which to try it, and {ENOUGH_ERRORS} are needed"
    return f"How often a range made so holds the year's end is not known, because {to_try}."


def _record(found: Forecast) -> str:
    """Say where the width of the intervals comes from, and how often such intervals held."""
    record, learned = found.record, wording.counted(found.errors, "earlier year-ends")
    width = f"The intervals are as wide as this method's errors at {learned} make them."
    scored = record.scored
    if not scored:
        return f"{width} No later year is over yet to show how often they hold, so be careful."
    ends = wording.counted(scored, "earlier year-ends")
    if record.areas > 1:
        ends += f" in {wording.number(record.areas)} boroughs"
    usual_80, usual_95 = (wording.number(round(scored * share)) for share in (0.80, 0.95))
    text = (
        f"{width} Tried on {ends}, with only what was known then, the 80% interval held "
        f"{_times(record.covered_80)} ({usual_80} would be usual) and the 95% interval "
        f"{_times(record.covered_95)} ({usual_95} would be usual)."
    )
    covered = {0.80: record.covered_80, 0.95: record.covered_95}
    narrow = [f"{of:.0%}" for of, held in covered.items() if held < ENOUGH_COVERED * of * scored]
    if narrow:
        many, it = ("s", "these") if len(narrow) > 1 else ("", "this one")
        text += f" The {' and '.join(narrow)} interval{many} held less often than meant, so be "
        text += f"careful with {it}."
    return text


def _other_years(found: Forecast, series: Series) -> str:
    """Say which years the months add up to another count than the table of years has."""
    months = found.backtest.set_index("year")["actual"]
    of_years = series.own["value"].reindex(months.index)
    other = months[of_years.notna() & (of_years != months)]
    if other.empty:
        return ""
    year, count = other.index[0], other.iloc[0]
    differs = (
        f"has {wording.number(count)} in {year}, and not {wording.number(of_years[year])} as the "
        "table of years"
    )
    if len(other) > 1:
        most = wording.number((other - of_years).abs().max())
        differs = (
            f"differs from the table of years by up to {most} in "
            f"{wording.number_in_words(len(other))} of these years"
        )
    return f"Year-ends here are counted from the table of months, which {differs}."


def _times(count: int) -> str:
    return "once" if count == 1 else f"{wording.number(count)} times"


# Figure


def _figure(found: Forecast, series: Series) -> Figure:
    """Show how far each year ended from its projection, with intervals, this year's too."""
    years = found.backtest
    ended = _ended(years)
    this = "95% interval" if found.calibrated else "rough range"
    return Figure(
        id=f"{series.indicator.id}-projection",
        heading=f"{series.indicator.title}: {ended} of the projection",
        chart=_chart(_differences(found.years)),
        alternative="Chart of how far each year ended from its projection, with intervals: "
        f"{ended}. For {found.year} the {this} is {_ends(found.years.iloc[-1])}.",
        table=_table(found, series),
        tables=series.months_sources,
        period=f"{years['year'].iloc[0]} to {found.year}",
        note=" ".join([NOTE, *(NOTES[of] for of in NOTES if found.years[of].notna().any())]),
    )


def _ended(years: pd.DataFrame) -> str:
    """Say how many earlier years ended inside the 95% interval, or the rough range if none has."""
    has_interval = years["low_95"].notna()
    what, of = ("95% interval", "_95") if has_interval.any() else ("rough range", "")
    kept = years[has_interval] if has_interval.any() else years
    inside = int(kept["actual"].between(kept[f"low{of}"], kept[f"high{of}"]).sum())
    if len(kept) == 1:
        return f"{kept['year'].iloc[0]} ended {'in' if inside else 'out'}side the {what}"
    return f"{inside} of {len(kept)} earlier years ended inside the {what}"


def _table(found: Forecast, series: Series) -> DisplayTable:
    """List what would have been projected each year and how it ended, then this year."""
    last = periods.MONTHS[periods.parts(found.last, "month")[1] - 1]
    title = f"{series.indicator.title}, {found.area}: the record of the projection"
    rough = found.years["low"].notna().any()
    return table(
        f"{title}, {series.indicator.unit}",
        found.years,
        Column("Year", "year"),
        Column(f"Known, April to {last}", "known", "count"),
        Column("Year-end projected", lambda row: round(row["expected"]), "count"),
        Column("80% interval", lambda row: _interval(row, "_80"), missing=NOT_KNOWN),
        Column("95% interval", lambda row: _interval(row, "_95"), missing=NOT_KNOWN),
        *([Column("Rough range", lambda row: _interval(row, ""), missing="[z]")] if rough else []),
        Column(
            "Year-end that came",
            lambda row: "not over" if pd.isna(row["actual"]) else row["actual"],
            "count",
        ),
    )


def _ends(row: pd.Series) -> str | None:
    """Return the 95% interval of a year, or its rough range if it has none."""
    return _interval(row, "_95") or _interval(row, "")


def _interval(row: pd.Series, of: str) -> str | None:
    ends = row[f"low{of}"], row[f"high{of}"]
    return None if pd.isna(ends[0]) else " to ".join(map(wording.number, ends))


def _differences(years: pd.DataFrame) -> pd.DataFrame:
    """Return year, the intervals' ends and actual, all less what was projected."""
    columns = ["low", "high", *ENDS, "actual"]
    return years[["year"]].join(years[columns].sub(years["expected"], axis=0))


def _chart(years: pd.DataFrame) -> alt.LayerChart:
    """Draw one row a year: its intervals or rough range as bars, how the year ended as a dot."""
    down = alt.Y("year:O", title=None, axis=alt.Axis(ticks=False, domain=False))
    # A zero has no sign.
    signed = alt.Axis(
        tickCount=5, format="+,.0f", labelExpr="datum.value === 0 ? '0' : datum.label"
    )

    def across(column: str) -> alt.X:
        return alt.X(f"{column}:Q", title=None, scale=alt.Scale(zero=True), axis=signed)

    def bars(of: str, color: str, width: int) -> alt.Chart:
        ends = [f"low{of}", f"high{of}"]
        known = years[["year", *ends]].dropna()
        drawn = alt.Chart(known).mark_rule(color=color, strokeWidth=width)
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
    intervals = {"_95": (TEAL, 3), "_80": (TEAL, 12), "": (GREY, 3)}
    drawn = [bars(of, *look) for of, look in intervals.items() if years[f"low{of}"].notna().any()]
    chart = alt.LayerChart(layer=[*drawn, actual])
    return themed(chart.properties(height=alt.Step(ROW_STEP), title=heading))


# Findings


def _findings(found: Forecast, series: Series) -> Iterator[Finding]:
    unit, of, record = series.indicator.unit, "year-ends of boroughs", found.record
    low_80, high_80 = found.within_80.ends or (NO_LEVEL, NO_LEVEL)
    results: dict[str, tuple[Any, str]] = {
        "projection": (replace(found.within_95, value=round(found.expected)), unit),
        "projection_low_80": (low_80, unit),
        "projection_high_80": (high_80, unit),
        "projection_scored": (record.scored, of),
        "projection_held_80": (record.covered_80, of),
        "projection_held_95": (record.covered_95, of),
    }
    for name, (result, measured_in) in results.items():
        yield finding(name, found.year, result, measured_in)
