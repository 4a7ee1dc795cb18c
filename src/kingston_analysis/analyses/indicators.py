"""Indicators: every year of every indicator, as findings."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.show.answer import Part, Publication, analysis
from kingston_analysis.views.topic import TopicView


@analysis("Indicators")
def indicators(view: TopicView) -> Iterator[Part]:
    """Publish what each indicator gives; all but the lead's names carry the indicator's id."""
    for series, values in view.found:
        yield Publication(tuple(values), series.sources)
