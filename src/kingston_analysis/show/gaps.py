"""What is missing, and why, in words."""

from __future__ import annotations

from kingston_analysis.data.editions import Edition
from kingston_analysis.data.tables import periods
from kingston_analysis.measures.series import Series


def why_missing(series: Series, edition: Edition) -> str:
    """Say why a series has no full year for its area in an edition."""
    span, since = series.table.meta.period, series.indicator.since
    if not edition.sees(since, span.kind):
        extraction = periods.day_in_words(edition.extraction)
        first = periods.in_words(since, span.kind)
        return (
            f"the first figures held are for {first}, which was not over when this edition's "
            f"evidence ends ({extraction})."
        )
    if len(series.months):
        first, last = (periods.in_words(series.months["period"].iloc[n], "month") for n in (0, -1))
        return f"months are known from {first} to {last}, but no full financial year."
    return f"“{series.table.meta.title}” holds no figures for {series.area}."
