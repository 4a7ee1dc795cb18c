"""Projection: where the year in progress will end, and how the method did before."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.measured import Measured
from kingston_analysis.results import Gap
from kingston_analysis.show.answers import Answer, unanswered
from kingston_analysis.show.projection_views import (
    projection_figure,
    projection_sentence,
    projection_values,
)

QUESTION = "Where this year will end"


def projection(page: Measured) -> Iterator[Answer]:
    """Project the lead's year in progress from its known months, with the method's record."""
    lead = page.lead
    if lead.months.empty:
        yield unanswered(QUESTION, page.no_months)
        return
    found = page.year_end
    if isinstance(found, Gap):
        yield unanswered(QUESTION, found)
        return
    words = projection_sentence(found, lead)
    shown = (projection_figure(found, lead),) if len(found.record) else ()
    yield Answer(words, shown, tuple(projection_values(found, lead)), (lead.months_table.name,))
