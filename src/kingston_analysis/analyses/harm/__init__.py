"""Harm: how much harm the topic's offences did, by two indices beside each other."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.analyses.harm.labels import CAMBRIDGE, SEVERITY
from kingston_analysis.analyses.harm.published import harm_findings, harm_ranks
from kingston_analysis.analyses.harm.shares import shares_by_kind, shares_figure
from kingston_analysis.analyses.harm.standing import harm_standing
from kingston_analysis.analyses.harm.tables import (
    harm_of_offences,
    indices_table,
    unweighed_offences,
)
from kingston_analysis.analyses.harm.words import amounts, instruments, other_count, without_weight
from kingston_analysis.measures.change import LEVEL, check_level
from kingston_analysis.results import Gap
from kingston_analysis.show.answer import OnRequest, Part, Publication, analysis
from kingston_analysis.views.topic import TopicView


@analysis("Harm")
def harm(view: TopicView, *, level: float = LEVEL) -> Iterator[Part]:
    """Weigh the offences of the latest full year by two indices, per head.

    `level` is that of the intervals. Findings have 95% intervals: at another level there are none.
    Raises KingstonError for a level that is none.
    """
    check_level(level)
    weighed = view.harm
    if isinstance(weighed, Gap):
        yield weighed
        return
    area, year, found = weighed.area, weighed.year, weighed.weigh(level)
    indices = found.indices
    if isinstance(indices, Gap):
        yield indices
        return
    parts = shares_by_kind(found)
    yield found.offences
    yield "\n\n".join(
        [
            f"Offences differ in the harm they do, so two indices weigh each one. The {SEVERITY} "
            f"weighs it by the sentences that courts pass. The {CAMBRIDGE} weighs it by the days "
            "in prison that are the starting point for a first offender.",
            *amounts(found, indices, area, year),
            *without_weight(found.offences, weighed.mapping),
            instruments(weighed),
            *harm_standing(weighed, found, indices),
            *other_count(view.primary, found.total, year),
        ]
    )
    if len(parts):
        yield shares_figure(parts, found, area, year, weighed.tables)
    where = f"{area}, {year}"
    yield OnRequest(indices_table(found, indices, where))
    yield OnRequest(harm_of_offences(found.offences, where))
    if not found.is_whole:
        yield OnRequest(unweighed_offences(found.offences, where))
    if level == LEVEL:
        values = (*harm_findings(found, indices, parts, year), *harm_ranks(weighed, indices))
        yield Publication(values, weighed.tables)
