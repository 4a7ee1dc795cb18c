"""Change: what is different from the year before, from the years before it, and so far."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.show.answer import Part, analysis
from kingston_analysis.show.sentences import (
    changed,
    changed_on_mean,
    changed_so_far,
    how_sure,
    not_compared,
)
from kingston_analysis.show.series_views import change_table
from kingston_analysis.views.topic import TopicView


@analysis("Change")
def change(view: TopicView) -> Iterator[Part]:
    """Compare each indicator with the year before and the three before, and the year so far."""
    family = view.changes
    for series in view.series[1:]:
        yield changed(series, family.of(series))
    if view.series:
        yield changed_on_mean(view.series[0], family.of(view.series[0], "three years"))
    if view.in_progress:
        yield changed_so_far(view.in_progress[0], family.of(view.in_progress[0], "part year"))
    if family.members:
        yield how_sure(family)
        yield change_table(family)
        yield not_compared(family)
    else:
        yield view.lead_gap
