"""Comparison: where the area stands among the boroughs and beside the larger areas round it."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.measures.comparison.funnel import funnel
from kingston_analysis.measures.comparison.ranks import rank_chances
from kingston_analysis.measures.variation import pooled_dispersion
from kingston_analysis.results import Gap
from kingston_analysis.show.answer import OnRequest, Part, Publication, analysis
from kingston_analysis.show.comparison_views import (
    comparison_values,
    funnel_figure,
    funnel_sentence,
    rank_sentence,
)
from kingston_analysis.show.group_views import group_values, groups_sentence, groups_table
from kingston_analysis.show.sentences import level
from kingston_analysis.show.series_views import boroughs_figure
from kingston_analysis.views.topic import TopicView


@analysis("Comparison")
def comparison(view: TopicView) -> Iterator[Part]:
    """Rank the area with the chance of each rank, and set it in the funnel and beside groups."""
    for series in view.series[1:]:
        yield level(series)
    lead = view.lead
    if lead not in view.compared:
        alone = f"{lead.indicator.title}: No other borough's {lead.indicator.counted} are held."
        yield Gap(alone) if lead.known else view.lead_gap
        return
    boroughs, latest = view.scope.areas.borough_names, lead.comparable
    chances = rank_chances(latest, boroughs, view.area, pooled_dispersion(lead.unbroken))
    yield latest.reset_index(drop=True)
    yield rank_sentence(lead, chances)
    yield boroughs_figure(lead)
    found = funnel(latest, boroughs) if lead.indicator.rate else None
    if found:
        yield funnel_sentence(lead, found)
        yield funnel_figure(lead, found)
    yield groups_sentence(lead, view.beside)
    yield OnRequest(groups_table(lead, view.beside))
    values = (*comparison_values(lead, chances, found), *group_values(view.beside))
    yield Publication(values, lead.sources)
