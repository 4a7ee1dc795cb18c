"""Seasons: in which months of the year there is more, and in which less."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.results import Gap
from kingston_analysis.show.answer import Part, Publication, Unanswered, analysis
from kingston_analysis.show.season_views import season_figure, season_sentence, season_values
from kingston_analysis.views.topic import TopicView


@analysis("Seasons")
def seasons(view: TopicView) -> Iterator[Part]:
    """Set the area's months of the year beside those of all boroughs."""
    lead, found = view.lead, view.profile
    if lead not in view.monthly:
        # The months above have said why.
        yield Unanswered("Seasons", view.no_months, "See the months above.")
        return
    if isinstance(found, Gap):
        yield found
        return
    yield season_sentence(lead, found)
    yield season_figure(lead, found)
    yield Publication(tuple(season_values(lead, found)), (lead.months_table.name,))
