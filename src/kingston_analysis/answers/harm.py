"""Harm: how much harm the topic's offences did, by two indices beside each other."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.measured import Measured
from kingston_analysis.measures.harm import harm_by_area
from kingston_analysis.results import Gap
from kingston_analysis.show.answers import Answer, unanswered
from kingston_analysis.show.harm_figures import harm_figure
from kingston_analysis.show.harm_findings import harm_rank_values, harm_values
from kingston_analysis.show.harm_views import (
    harm_sentence,
    harm_standing,
    harm_table,
    indices_table,
    unweighed_table,
)

QUESTION = "Harm"


def harm(page: Measured) -> Iterator[Answer]:
    """Weigh the offences of the latest full year by two indices, per head."""
    year, area, found = page.year_of_months, page.area, page.harm
    index = found if isinstance(found, Gap) else found.severity
    if isinstance(index, Gap):
        yield unanswered(QUESTION, index)
        return
    weighed, sources = page.lead.months_table.meta.harm, page.harm_tables
    editions = tuple(page.load(each).meta.edition for each in (weighed.severity, weighed.days))
    by_area = harm_by_area(page.offences, page.weights, page.residents)
    words = f"{harm_sentence(found, area, year, editions)}\n\n{harm_standing(by_area, area)}"
    figure = harm_figure(found, area, year, sources)
    shown = (figure,) if figure else ()
    tables = (indices_table, harm_table, unweighed_table)
    on_request = tuple(table(found, area, year) for table in tables)
    values = [*harm_values(found, year), *harm_rank_values(by_area, area, year)]
    yield Answer(words, shown, tuple(values), sources, on_request)
