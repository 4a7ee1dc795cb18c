"""What has no answer on a page because its lead indicator has no figures."""

from __future__ import annotations

from kingston_analysis.evidence import Evidence
from kingston_analysis.show.answers import Answer, unanswered
from kingston_analysis.show.gaps import why_missing


def lead_gap(page: Evidence, question: str) -> Answer:
    """Say that a question has no answer, and why the lead indicator has none."""
    lead = page.lead
    if lead.known:
        return unanswered(question, f"Of {lead.indicator.counted}, one year only is held.")
    return unanswered(question, f"{lead.indicator.title}: {why_missing(lead, page.edition)}")
