"""Harm: how much harm the topic's offences did, by two indices beside each other."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis import measured
from kingston_analysis.measures import harm as measures
from kingston_analysis.show.answers import Answer, unanswered
from kingston_analysis.show.harm_figures import harm_figure
from kingston_analysis.show.harm_findings import harm_rank_values, harm_values
from kingston_analysis.show.harm_views import (
    harm_sentence,
    harm_standing,
    harm_table,
    indices_table,
    unweighed_table,
    why_none,
)
from kingston_analysis.tables import periods

QUESTION = "Harm"


def harm(page: measured.Measured) -> Iterator[Answer]:
    """Weigh the offences of the latest full year by two indices, per head."""
    if reason := _why_not(page):
        yield unanswered(QUESTION, reason)
        return
    year, area, counts = page.year_of_months, page.area, page.offences
    people = page.load("population").frame
    residents = people[people["mid_year"] == periods.mid_year_of(year, "financial_year")]
    own = residents.set_index("area")["population"][area]
    phi = page.lead.variation(year, year).phi
    found = measures.harm(counts[counts["area"] == area], page.weights, own, phi)
    if found.severity is None:
        yield unanswered(QUESTION, why_none(found))
        return
    weighed = page.lead.months_table.meta.harm
    editions = tuple(page.load(each).meta.edition for each in (weighed.severity, weighed.days))
    sources = (page.lead.months_table.name, *weighed.model_dump().values(), "population")
    by_area = measures.harm_by_area(counts, page.weights, residents)
    words = f"{harm_sentence(found, area, year, editions)}\n\n{harm_standing(by_area, area)}"
    figure = harm_figure(found, area, year, sources)
    shown = (figure,) if figure else ()
    tables = (indices_table, harm_table, unweighed_table)
    on_request = tuple(table(found, area, year) for table in tables)
    values = [*harm_values(found, year), *harm_rank_values(by_area, area, year)]
    yield Answer(words, shown, tuple(values), sources, on_request)


def _why_not(page: measured.Measured) -> str | None:
    lead, table = page.lead, page.lead.months_table
    if page.weights is not None:
        if page.year_of_months:
            return None
        first, last = (lead.months["period"].iloc[n] for n in (0, -1))
        known = f"{periods.in_words(first, 'month')} to {periods.in_words(last, 'month')}"
        return f"Harm is weighed over a full year by offence, and only {known} is known."
    held = [page.load(each.table).meta for each in page.topic.indicators]
    weighed = [meta for meta in held if meta.harm]
    if table is not None or not weighed:
        return f"{lead.indicator.title}: no table held here divides these by kind of offence."
    first = periods.in_words(str(weighed[0].period.first), "month")
    return f"Figures by kind of offence begin with {first}, after this edition's evidence ends."
