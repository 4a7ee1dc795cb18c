"""Trend: which of the latest months stand out from chance and the season."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.measured import Measured
from kingston_analysis.measures.control import control_chart
from kingston_analysis.show.answers import Answer, unanswered
from kingston_analysis.show.control_views import control_figure, control_sentence, control_values

QUESTION = "Months that stand out from chance"


def trend(page: Measured) -> Iterator[Answer]:
    """Draw the lead's months with limits that fit the counts, and name those outside."""
    lead = page.lead
    if lead not in page.monthly:
        yield unanswered(QUESTION, page.no_months)
        return
    chart = control_chart(lead.months, page.seasons, page.months_of_breaks)
    shown, tables = (control_figure(lead, chart),), (lead.months_table.name,)
    values = tuple(control_values(lead, chart))
    if chart.gap:
        yield unanswered(QUESTION, chart.gap, shown=shown, values=values, tables=tables)
    else:
        yield Answer(control_sentence(lead, chart), shown, values, tables)
