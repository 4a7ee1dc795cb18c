"""Why: what the change is made of, and which hypotheses on it the figures support."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.data.hypotheses import load_hypotheses
from kingston_analysis.measured import Measured
from kingston_analysis.measures.hypothesis_tests import NO_PARTS, NO_RATE, NO_WARDS, evaluate
from kingston_analysis.measures.hypothesis_tests import Measured as Found
from kingston_analysis.measures.places import Wards
from kingston_analysis.measures.why import WardChanges, change_by_ward
from kingston_analysis.results import Gap
from kingston_analysis.show.answers import Answer, unanswered
from kingston_analysis.show.hypothesis_views import hypotheses_sentence, hypotheses_tables
from kingston_analysis.show.ward_why_views import wards_why_sentence, wards_why_table
from kingston_analysis.show.why_views import why_figure, why_sentence, why_table, why_values


def why(page: Measured) -> Iterator[Answer]:
    """Divide the lead's latest change into what was common, mix and local, and by ward."""
    lead, found = page.lead, page.decomposition
    if isinstance(found, Gap):
        yield unanswered("Why it changed", found)
        return
    years = (lead.before, lead.latest)
    table = lead.indicator.parts.table if lead.indicator.parts else lead.table.name
    told = why_sentence(lead, found, *years)
    if page.divided.kinds:
        told += f"\n\nKinds of offence cannot be told apart here. {page.divided.kinds.why}"
    if found.before + found.change != lead.own["value"][lead.latest]:
        told += "\n\nThese counts are added up from months, and differ a little from the others."
    shown, parts = (why_figure(lead, found, *years, table),), (why_table(lead, found, *years),)
    values = tuple(why_values(lead, found, lead.latest))
    yield Answer(told, shown, values, (table,), parts)
    wards = _by_ward(page)
    if isinstance(wards, Gap):
        yield unanswered("Why it changed, by ward", wards)
    elif wards:
        table = wards_why_table(lead, wards, *years)
        yield Answer(wards_why_sentence(wards), on_request=(table,))


def _by_ward(page: Measured) -> WardChanges | Gap | None:
    lead, wards = page.lead, page.wards
    # The section on wards has said why they are not known, or cannot be compared.
    if isinstance(wards, Gap) or all(isinstance(e.ratio, Gap) for e in wards.changes.values()):
        return None
    frame = wards.frame.rename(columns={"value": "after"})[["ward", "before", "after"]]
    counts = lead.own["value"]
    varied = page.changes.of(lead).variation
    return change_by_ward(frame, counts[lead.before], counts[lead.latest], varied)


def hypotheses(page: Measured) -> Iterator[Answer]:
    """Test the topic's hypotheses on what was measured."""
    listed = load_hypotheses(page.project, page.edition.edition).get(page.topic.id, ())
    if not listed:
        why = "None were written down for this topic in this edition."
        yield unanswered("Hypotheses", Gap(why))
        return
    found = _found(page)
    results = [evaluate(each, found) for each in listed]
    yield Answer(hypotheses_sentence(results), tuple(hypotheses_tables(results, page.topic)))


def _found(page: Measured) -> Found:
    beside = page.beside.groups[0] if page.beside and page.beside.groups else None
    ratio = beside.rates if beside else NO_RATE
    dense = page.wards.concentration if isinstance(page.wards, Wards) else None
    # An old change tells nothing of the year assessed.
    new = [each for each in page.series if each.latest[:4] >= page.edition.assessed[:4]]
    return Found(
        changes={each.indicator.id: page.changes.of(each) for each in new},
        decomposition=page.decomposition if page.lead in new else NO_PARTS,
        concentration=dense or NO_WARDS,
        seasons=page.profile if isinstance(page.profile, Gap) else page.profile.own,
        rate_ratio=NO_RATE if isinstance(ratio, Gap) else ratio,
        within=beside.standing.group.name if beside else "",
    )
