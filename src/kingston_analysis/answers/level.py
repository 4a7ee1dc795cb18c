"""Level: how much there is, and how it went over the years."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.evidence import Evidence
from kingston_analysis.show.answers import Answer, unanswered
from kingston_analysis.show.sentences import changed, level
from kingston_analysis.show.series_views import years_figure


def headline(page: Evidence) -> Iterator[Answer]:
    """Say how much there was in the latest year, and what changed."""
    for series in page.series[:1]:
        yield Answer(f"{level(series)} {changed(series, page.changes.of(series))}")
    if not page.series:
        yield unanswered("Figures for a full year", page.lead_gap)


def over_the_years(page: Evidence) -> Iterator[Answer]:
    """Show the years of every indicator that has more than one."""
    for series in page.over_years:
        yield Answer(shown=(years_figure(series, page.changes.of(series)),))
    if not page.over_years:
        yield unanswered("Figures over the years", page.lead_gap)
