"""Level: how much there is, and how it went over the years."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.show.answer import Part, analysis
from kingston_analysis.show.sentences import changed, level
from kingston_analysis.show.series_views import years_figure
from kingston_analysis.views.topic import TopicView


@analysis("Figures for a full year")
def headline(view: TopicView) -> Iterator[Part]:
    """Say what the topic is about, how much there was in the latest year, and what changed."""
    yield view.topic.about
    if not view.series:
        yield view.lead_gap
        return
    first = view.series[0]
    yield f"{level(first)} {changed(first, view.changes.of(first))}"


@analysis("Figures over the years")
def over_the_years(view: TopicView) -> Iterator[Part]:
    """Show the years of every indicator that has more than one."""
    if not view.over_years:
        yield view.lead_gap
    for series in view.over_years:
        yield series.own.reset_index()
        yield years_figure(series, view.changes.of(series))
