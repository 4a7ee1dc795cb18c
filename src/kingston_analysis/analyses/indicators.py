"""Indicators: every year of every indicator, as findings."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kingston_analysis.show.answer import Part, Publication, analysis
from kingston_analysis.views.topic import TopicView


@analysis("Indicators")
def indicators(view: TopicView) -> Iterator[Part]:
    """Publish what each indicator gives; all names but the primary one's carry its id."""
    known = [series.own.assign(indicator=series.indicator.id) for series in view.indicators]
    yield pd.concat(known).reset_index()
    for series, values in view.found:
        yield Publication(tuple(values), series.sources)
