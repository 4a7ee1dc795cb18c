"""Forecast: where the year in progress will end, and how the method did before."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.results import Gap
from kingston_analysis.show.answer import Part, Publication, analysis
from kingston_analysis.show.projection_views import (
    projection_figure,
    projection_sentence,
    projection_values,
)
from kingston_analysis.views.topic import TopicView


@analysis("Where this year will end")
def forecast(view: TopicView) -> Iterator[Part]:
    """Project the lead's year in progress from its known months, with the method's record."""
    lead = view.lead
    found = view.no_months if lead.months.empty else view.year_end
    if isinstance(found, Gap):
        yield found
        return
    yield found.record
    yield projection_sentence(found, lead)
    if len(found.record):
        yield projection_figure(found, lead)
    yield Publication(tuple(projection_values(found, lead)), (lead.months_table.name,))
