"""Comparison: where the area stands among the boroughs and beside the larger areas round it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kingston_analysis.analyses.comparison.funnel import (
    funnel_figure,
    funnel_finding,
    funnel_sentence,
)
from kingston_analysis.analyses.comparison.groups import (
    group_findings,
    groups_sentence,
    groups_table,
)
from kingston_analysis.analyses.comparison.ranks import (
    boroughs_figure,
    rank_findings,
    rank_sentence,
)
from kingston_analysis.measures.change import LEVEL, check_level
from kingston_analysis.measures.comparison.funnel import funnel
from kingston_analysis.measures.comparison.ranks import TOO_FEW_AREAS, rank_chances
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Gap
from kingston_analysis.show import sentences
from kingston_analysis.show.answer import OnRequest, Part, Publication, analysis
from kingston_analysis.views.topic import TopicView


@analysis("Comparison")
def comparison(
    view: TopicView, *, groups: Sequence[str] | None = None, level: float = LEVEL
) -> Iterator[Part]:
    """Rank the area with the chance of each rank, and set it in the funnel and beside groups.

    `groups` are names of larger areas in which it lies, all by default; `level` is that of the
    intervals of rates and ranks and of the funnel's inner limits, whose outer ones are those of
    99.8%. Intervals of changes are those of 99.5%. At another level than 95% there are no findings.
    Raises KingstonError for a group in which the area does not lie, and for a level that is none or
    not below 99.8%.
    """
    check_level(level)
    for series in view.series[1:]:
        yield sentences.level(series)
    primary, around = view.primary, view.comparators(groups, level)
    if isinstance(around, Gap):
        yield around
        return
    if primary not in view.compared:
        indicator = primary.indicator
        yield Gap(f"{indicator.title}: {_why_alone(primary)}")
        return
    boroughs, latest = view.scope.areas.borough_names, primary.comparable
    variations = primary.variations(primary.latest)
    chances = rank_chances(latest, boroughs, view.area, variations, level)
    yield latest.reset_index(drop=True)
    yield rank_sentence(primary, chances)
    yield boroughs_figure(primary)
    rated = latest["rank_rate"].notna().any()
    rates = funnel(latest, boroughs, level) if primary.indicator.rate and rated else None
    if rates:
        yield funnel_sentence(primary, rates)
        yield funnel_figure(primary, rates)
    yield groups_sentence(primary, around)
    yield OnRequest(groups_table(primary, around))
    if level == LEVEL:
        found = (
            *rank_findings(primary, chances),
            funnel_finding(primary, rates),
            *group_findings(around),
        )
        yield Publication(found, primary.sources)


def _why_alone(series: Series) -> str:
    """Say why the latest year stands beside no other borough's."""
    if series.own["areas"][series.latest] > 1:
        return TOO_FEW_AREAS.why
    return f"No other borough's {series.indicator.counted} are held."
