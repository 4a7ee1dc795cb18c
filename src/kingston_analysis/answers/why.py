"""Why: what the change is made of, and which hypotheses on it the figures support."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.data.hypotheses import load_hypotheses
from kingston_analysis.measured import Measured
from kingston_analysis.measures.hypothesis_tests import Measured as Found
from kingston_analysis.measures.hypothesis_tests import evaluate
from kingston_analysis.measures.why import Estimate, WardChanges, change_by_ward
from kingston_analysis.show.answers import Answer, unanswered
from kingston_analysis.show.hypothesis_views import hypotheses_sentence, hypotheses_tables
from kingston_analysis.show.ward_why_views import wards_why_sentence, wards_why_table
from kingston_analysis.show.why_views import why_figure, why_sentence, why_table, why_values


def why(page: Measured) -> Iterator[Answer]:
    """Divide the lead's latest change into what was common, mix and local, and by ward."""
    lead, found = page.lead, page.decomposition
    if found.reason:
        yield unanswered("Why it changed", found.reason)
        return
    years = (lead.before, lead.latest)
    table = lead.indicator.parts.table if lead.indicator.parts else lead.table.name
    told = why_sentence(lead, found, *years)
    if page.divided.undivided:
        told += f"\n\nKinds of offence cannot be told apart here. {page.divided.undivided}"
    if found.before + found.change != lead.own["value"][lead.latest]:
        told += "\n\nThese counts are added up from months, and differ a little from the others."
    shown, parts = (why_figure(lead, found, *years, table),), (why_table(lead, found, *years),)
    values = tuple(why_values(lead, found, lead.latest))
    yield Answer(told, shown, values, (table,), parts)
    if wards := _by_ward(page):
        shown = () if wards.reason else (wards_why_table(lead, wards, *years),)
        yield Answer(wards_why_sentence(wards), on_request=shown)


def _by_ward(page: Measured) -> WardChanges | None:
    lead, wards = page.lead, page.wards
    if wards is None or all(each.ratio is None for each in wards.changes.values()):
        return None
    frame = wards.frame.rename(columns={"value": "after"})[["ward", "before", "after"]]
    counts = lead.own["value"]
    varied = page.changes.of(lead).variation
    return change_by_ward(frame, counts[lead.before], counts[lead.latest], varied)


def hypotheses(page: Measured) -> Iterator[Answer]:
    """Test the topic's hypotheses on what was measured."""
    listed = load_hypotheses(page.project, page.edition.edition).get(page.topic.id, ())
    if not listed:
        yield unanswered("Hypotheses", "None were written down for this topic in this edition.")
        return
    found = _found(page)
    results = [evaluate(each, found) for each in listed]
    yield Answer(hypotheses_sentence(results), tuple(hypotheses_tables(results, page.topic)))


def _found(page: Measured) -> Found:
    beside = page.beside.groups[0] if page.beside and page.beside.groups else None
    ratio = beside.rates if beside and beside.rates.value is not None else None
    # An old change tells nothing of the year assessed.
    new = [each for each in page.series if each.latest[:4] >= page.edition.assessed[:4]]
    return Found(
        changes={each.indicator.id: page.changes.of(each) for each in new},
        decomposition=page.decomposition if page.lead in new else None,
        concentration=page.wards.concentration if page.wards else None,
        seasons=page.profile.own,
        rate_ratio=Estimate(ratio.value, ratio.low, ratio.high) if ratio else None,
        within=beside.standing.group.name if beside else "",
    )
