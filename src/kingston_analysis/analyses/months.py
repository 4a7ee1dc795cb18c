"""Months: which of the latest months stand out from chance and the season."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.measures.control import control_chart
from kingston_analysis.show.answer import Part, Publication, analysis
from kingston_analysis.show.control_views import control_figure, control_sentence, control_values
from kingston_analysis.views.topic import TopicView


@analysis("Months that stand out from chance")
def months(view: TopicView) -> Iterator[Part]:
    """Draw the lead's months with limits that fit the counts, and name those outside."""
    lead = view.lead
    if lead not in view.monthly:
        yield view.no_months
        return
    chart = control_chart(lead.months, view.seasons, view.month_breaks)
    yield chart.frame
    yield chart.gap or control_sentence(lead, chart)
    yield control_figure(lead, chart)
    yield Publication(tuple(control_values(lead, chart)), (lead.months_table.name,))
