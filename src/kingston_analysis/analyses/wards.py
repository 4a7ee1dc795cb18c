"""Wards: where in the borough it happens, and what changed there."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.results import Gap
from kingston_analysis.show.answer import Part, Publication, analysis
from kingston_analysis.show.ward_views import ward_values, wards_figure, wards_sentence
from kingston_analysis.views.topic import TopicView


@analysis("Wards of this borough")
def wards(view: TopicView) -> Iterator[Part]:
    """Describe the wards in the lead indicator's latest year, where a table has them."""
    lead, found = view.lead, view.wards
    if isinstance(found, Gap):
        yield found
        return
    name = lead.indicator.wards
    yield found.frame
    yield wards_sentence(found)
    if found.concentration:
        yield wards_figure(found, lead, name)
    yield Publication(tuple(ward_values(found, lead.indicator.unit)), (name, lead.table.name))
