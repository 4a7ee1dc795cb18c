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
        yield unanswered(QUESTION, _why_none(page))
        return
    chart = control_chart(lead.months, page.seasons, page.months_of_breaks)
    values = tuple(control_values(lead, chart))
    figure = control_figure(lead, chart)
    yield Answer(control_sentence(lead, chart), (figure,), values, (lead.months_table.name,))


def _why_none(page: Measured) -> str:
    lead = page.lead
    if lead.months.empty:
        return f"No monthly figures of {lead.indicator.counted} are known in this edition."
    return (
        f"There are too few {lead.indicator.counted} a month to show more than chance, and so few "
        "may point to single people."
    )
