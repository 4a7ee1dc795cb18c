"""Comparison: where the area stands among the boroughs and beside the larger areas round it."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.data.areas import load_areas
from kingston_analysis.measured import Measured
from kingston_analysis.measures.comparisons import rank_chances
from kingston_analysis.measures.funnel import funnel
from kingston_analysis.measures.variation import pooled_dispersion
from kingston_analysis.results import Gap
from kingston_analysis.show.answers import Answer, unanswered
from kingston_analysis.show.comparison_views import (
    comparison_values,
    funnel_figure,
    funnel_sentence,
    rank_sentence,
)
from kingston_analysis.show.group_views import group_values, groups_sentence, groups_table
from kingston_analysis.show.sentences import level
from kingston_analysis.show.series_views import boroughs_figure


def comparison(page: Measured) -> Iterator[Answer]:
    """Rank the area with the chance of each rank, and set it in the funnel and beside groups."""
    for series in page.series[1:]:
        yield Answer(level(series))
    lead = page.lead
    if lead not in page.compared:
        alone = f"{lead.indicator.title}: No other borough's {lead.indicator.counted} are held."
        yield unanswered("Comparison", Gap(alone) if lead.known else page.lead_gap)
        return
    boroughs, latest = load_areas(page.project).borough_names, lead.comparable
    sources = (lead.table.name, *["population"] * lead.indicator.rate)
    chances = rank_chances(latest, boroughs, page.area, pooled_dispersion(lead.unbroken))
    yield Answer(rank_sentence(lead, chances), (boroughs_figure(lead),))
    found = funnel(latest, boroughs) if lead.indicator.rate else None
    if found:
        yield Answer(funnel_sentence(lead, found), (funnel_figure(lead, found),))
    groups = (groups_table(lead, page.beside),)
    values = (*comparison_values(lead, chances, found), *group_values(page.beside))
    yield Answer(groups_sentence(lead, page.beside), (), values, sources, groups)
