"""Why: what the change is made of: common, mix and local, by offence and by ward."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.measures.why import WardChanges, change_by_ward
from kingston_analysis.results import Gap
from kingston_analysis.show.answer import OnRequest, Part, Publication, Unanswered, analysis
from kingston_analysis.show.ward_why_views import wards_why_sentence, wards_why_table
from kingston_analysis.show.why_views import why_figure, why_sentence, why_table, why_values
from kingston_analysis.views.topic import TopicView


@analysis("Why it changed")
def why(view: TopicView) -> Iterator[Part]:
    """Divide the lead's latest change into what was common, mix and local, and by ward."""
    lead, found = view.lead, view.decomposition
    if isinstance(found, Gap):
        yield found
        return
    years = (lead.before, lead.latest)
    table = lead.indicator.parts.table if lead.indicator.parts else lead.table.name
    told = why_sentence(lead, found, *years)
    if view.divided.kinds:
        told += f"\n\nKinds of offence cannot be told apart here. {view.divided.kinds.why}"
    if found.before + found.change != lead.own["value"][lead.latest]:
        told += "\n\nThese counts are added up from months, and differ a little from the others."
    yield found.parts
    yield told
    yield why_figure(lead, found, *years, table)
    yield OnRequest(why_table(lead, found, *years))
    yield Publication(tuple(why_values(lead, found, lead.latest)), (table,))
    wards = _by_ward(view)
    if isinstance(wards, Gap):
        yield Unanswered("Why it changed, by ward", wards)
    elif wards:
        yield wards_why_sentence(wards)
        yield OnRequest(wards_why_table(lead, wards, *years))


def _by_ward(view: TopicView) -> WardChanges | Gap | None:
    lead, wards = view.lead, view.wards
    # The section on wards has said why they are not known, or cannot be compared.
    if isinstance(wards, Gap) or all(isinstance(e.ratio, Gap) for e in wards.changes.values()):
        return None
    frame = wards.frame.rename(columns={"value": "after"})[["ward", "before", "after"]]
    counts = lead.own["value"]
    varied = view.changes.of(lead).variation
    return change_by_ward(frame, counts[lead.before], counts[lead.latest], varied)
