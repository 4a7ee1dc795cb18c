"""Harm: how much harm the topic's offences did, by two indices beside each other."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.results import Gap
from kingston_analysis.show.answer import OnRequest, Part, Publication, analysis
from kingston_analysis.show.harm_figures import harm_figure
from kingston_analysis.show.harm_findings import harm_rank_values, harm_values
from kingston_analysis.show.harm_views import (
    harm_sentence,
    harm_standing,
    harm_table,
    indices_table,
    unweighed_table,
)
from kingston_analysis.views.topic import TopicView


@analysis("Harm")
def harm(view: TopicView) -> Iterator[Part]:
    """Weigh the offences of the latest full year by two indices, per head."""
    year, area, found = view.year_of_months, view.area, view.harm
    index = found if isinstance(found, Gap) else found.severity
    if isinstance(index, Gap):
        yield index
        return
    weighed, by_area = view.lead.months_table.meta.harm, view.harm_by_area
    editions = tuple(view.load(each).meta.edition for each in (weighed.severity, weighed.days))
    yield found.offences
    yield f"{harm_sentence(found, area, year, editions)}\n\n{harm_standing(by_area, area)}"
    if figure := harm_figure(found, area, year, view.harm_tables):
        yield figure
    for table in (indices_table, harm_table, unweighed_table):
        yield OnRequest(table(found, area, year))
    values = (*harm_values(found, year), *harm_rank_values(by_area, area, year))
    yield Publication(values, view.harm_tables)
