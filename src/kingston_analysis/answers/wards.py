"""Wards: where in the borough it happens, and what changed there."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.measured import Measured
from kingston_analysis.show.answers import Answer, unanswered
from kingston_analysis.show.ward_views import ward_values, wards_figure, wards_sentence

QUESTION = "Wards of this borough"


def wards(page: Measured) -> Iterator[Answer]:
    """Describe the wards in the lead indicator's latest year, where a table has them."""
    lead, found = page.lead, page.wards
    if found:
        name = lead.indicator.wards
        figures = (wards_figure(found, lead, name),) if found.concentration else ()
        values = ward_values(found, lead.indicator.unit)
        yield Answer(wards_sentence(found), figures, tuple(values), (name, lead.table.name))
    else:
        yield unanswered(QUESTION, _why_none(page))


def _why_none(page: Measured) -> str:
    counted, name = page.lead.indicator.counted, page.lead.indicator.wards
    if not name:
        return f"No table held here has {counted} by ward."
    covered = page.load(name).meta.covers
    if covered != page.area:
        return f"The wards held are those of {covered} only."
    return f"No ward figures are held for the latest year of {counted} shown here."
