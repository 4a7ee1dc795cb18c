"""Findings as a page has published them."""

from __future__ import annotations

from kingston_analysis.results import Finding


def published(
    page: str, name: str, period: str | None, value: float | str | None, unit="offences", **more
) -> Finding:
    """Make a finding of a page in Ashby by its published name."""
    subject, _, measure = name.rpartition(".")
    about = {"template": "topic", "area": "Ashby", **more}
    return Finding(measure, period, value, unit, subject, page=page, **about)
