"""Seasons: in which months of the year there is more, and in which less."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.measured import Measured
from kingston_analysis.show.answers import Answer, unanswered
from kingston_analysis.show.season_views import season_figure, season_sentence, season_values
from kingston_analysis.show.wording import sentence_start

QUESTION = "Seasons"


def seasons(page: Measured) -> Iterator[Answer]:
    """Set the area's months of the year beside those of all boroughs."""
    lead = page.lead
    if lead not in page.monthly:
        yield unanswered(QUESTION, "See the months above.")
        return
    if page.profile.reason:
        yield unanswered(QUESTION, f"{sentence_start(page.profile.reason)}.")
        return
    values = tuple(season_values(lead, page.profile))
    figure = season_figure(lead, page.profile)
    yield Answer(season_sentence(lead, page.profile), (figure,), values, (lead.months_table.name,))
