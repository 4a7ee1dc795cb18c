"""Hypotheses: which explanations of the change the figures support."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.data.hypotheses import load_hypotheses
from kingston_analysis.measures.hypothesis_tests import (
    NO_PARTS,
    NO_RATE,
    NO_WARDS,
    Measured,
    evaluate,
)
from kingston_analysis.measures.places import Wards
from kingston_analysis.results import Gap
from kingston_analysis.show.answer import Part, analysis
from kingston_analysis.show.hypothesis_views import hypotheses_sentence, hypotheses_tables
from kingston_analysis.views.topic import TopicView


@analysis("Hypotheses")
def hypotheses(view: TopicView) -> Iterator[Part]:
    """Test the topic's hypotheses on what was measured."""
    written = load_hypotheses(view.scope.project, view.edition.edition).get(view.topic.id, ())
    if not written:
        yield Gap("None were written down for this topic in this edition.")
        return
    found = _measured(view)
    results = [evaluate(each, found) for each in written]
    yield hypotheses_sentence(results)
    yield from hypotheses_tables(results, view.topic)


def _measured(view: TopicView) -> Measured:
    groups = [] if isinstance(view.beside, Gap) else view.beside.groups
    beside = groups[0] if groups else None
    ratio = beside.rates if beside else NO_RATE
    dense = view.wards.concentration if isinstance(view.wards, Wards) else None
    # An old change tells nothing of the year assessed.
    new = [each for each in view.series if each.latest[:4] >= view.edition.assessed[:4]]
    return Measured(
        changes={each.indicator.id: view.changes.of(each) for each in new},
        decomposition=view.decomposition if view.lead in new else NO_PARTS,
        concentration=dense or NO_WARDS,
        seasons=view.profile if isinstance(view.profile, Gap) else view.profile.own,
        rate_ratio=NO_RATE if isinstance(ratio, Gap) else ratio,
        within=beside.standing.group.name if beside else "",
    )
