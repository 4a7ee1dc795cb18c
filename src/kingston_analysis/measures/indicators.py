"""From an indicator and the visible rows of its table to a series."""

from __future__ import annotations

from dataclasses import replace

from kingston_analysis.data.editions import Edition
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.load import Table
from kingston_analysis.data.topics import Indicator
from kingston_analysis.measures.comparison.ranks import ranked
from kingston_analysis.measures.level import full_years, like_for_like, select, with_rates
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Gap


def make_series(
    indicator: Indicator, area: str, table: Table, population: Table, boroughs: list[str]
) -> Series:
    """Turn a table's visible rows into a series; `own` is empty where no full year is known."""
    meta = table.meta
    span = meta.span
    values = select(table.frame, indicator.select, span.column, meta.value_column, meta.covers)
    months = values[0:0]
    kind: periods.Kind = span.kind
    if kind == "month":
        months, kind = values, "financial_year"
        values = full_years(months)
    people = population.frame if indicator.rate else population.frame[0:0]
    yearly = ranked(with_rates(values, people, kind), boroughs)
    so_far = like_for_like(months)
    all_months = months[months["area"].isin(boroughs)].reset_index(drop=True)
    return Series(indicator, area, table, kind, values, yearly, all_months, so_far)


def with_months(series: Series, months: Series) -> Series:
    """Return a yearly series with the months that another one holds of the same offences."""
    return replace(
        series, all_months=months.all_months, part_year=months.part_year, monthly_from=months
    )


def until(series: Series, assessed: str) -> Series:
    """Return a series without the years after the one that answers a financial year."""
    periods_held = series.everywhere["period"].unique()
    later = {each for each in periods_held if periods.answered_year(each, series.kind) > assessed}
    if not later:
        return series
    everywhere, yearly = (
        frame[~frame["period"].isin(later)] for frame in (series.everywhere, series.yearly)
    )
    return replace(series, everywhere=everywhere, yearly=yearly)


def no_figure(series: Series, edition: Edition) -> Gap | None:
    """Return why a series has no figure of the year assessed, where it has none.

    It stands after the indicator's title, or after *not available*. Whatever speaks of the year
    asks this first: a figure of another year is never given in its place.
    """
    if not series.known:
        return no_full_year(series, edition)
    if periods.answered_year(series.latest, series.kind) == edition.assessed:
        return None
    year, newest = edition.assessed, periods.in_words(series.latest, series.kind)
    withheld = periods.answering(year, series.kind) in series.own.index
    what = f"the figure for {year} was withheld" if withheld else f"no figure for {year} is held"
    return Gap(f"{what}; the newest held is of {newest}.")


def no_full_year(series: Series, edition: Edition) -> Gap:
    """Return why a series has no full year for its area, to stand after the indicator's title."""
    span, since = series.table.meta.span, series.indicator.since
    if not edition.is_visible(since, span.kind):
        extraction = periods.day_in_words(edition.extraction)
        first = periods.in_words(since, span.kind)
        begun = periods.starts(since, span.kind) <= edition.extraction
        when = (
            "which was not over when this edition's evidence ended"
            if begun
            else ("after this edition's evidence ends")
        )
        return Gap(f"the first figures held are for {first}, {when} ({extraction}).")
    if len(series.months):
        first, last = (periods.in_words(series.months["period"].iloc[n], "month") for n in (0, -1))
        return Gap(f"months are known from {first} to {last}, but no full financial year.")
    return Gap(f"“{series.table.meta.title}” holds no figures for {series.area}.")
