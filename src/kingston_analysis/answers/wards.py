"""Wards: where in the borough it happens, and what changed there."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.measured import Measured
from kingston_analysis.results import Gap
from kingston_analysis.show.answers import Answer, unanswered
from kingston_analysis.show.ward_views import ward_values, wards_figure, wards_sentence

QUESTION = "Wards of this borough"


def wards(page: Measured) -> Iterator[Answer]:
    """Describe the wards in the lead indicator's latest year, where a table has them."""
    lead, found = page.lead, page.wards
    if isinstance(found, Gap):
        yield unanswered(QUESTION, found)
        return
    name = lead.indicator.wards
    figures = (wards_figure(found, lead, name),) if found.concentration else ()
    values = ward_values(found, lead.indicator.unit)
    yield Answer(wards_sentence(found), figures, tuple(values), (name, lead.table.name))
