"""Seasons: in which months of the year there is more, and in which less."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kingston_analysis.measured import Measured
from kingston_analysis.results import Gap
from kingston_analysis.show.answers import Answer, unanswered
from kingston_analysis.show.season_views import season_figure, season_sentence, season_values

QUESTION = "Seasons"


def seasons(page: Measured) -> Iterator[Answer]:
    """Set the area's months of the year beside those of all boroughs."""
    lead, found = page.lead, page.profile
    if lead not in page.monthly:
        # The months above have said why.
        told = unanswered(QUESTION, Gap("See the months above."))
        yield replace(told, gap=(QUESTION, page.no_months))
        return
    if isinstance(found, Gap):
        yield unanswered(QUESTION, found)
        return
    values = tuple(season_values(lead, found))
    figure = season_figure(lead, found)
    yield Answer(season_sentence(lead, found), (figure,), values, (lead.months_table.name,))
