"""The findings that harm gives: both indices, what they rest on, and the ranks by them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from kingston_analysis.measures.harm import Harm, Index
from kingston_analysis.results import Finding, finding
from kingston_analysis.show.harm_figures import SHARES, shared_parts


def harm_values(harm: Harm, period: str) -> Iterator[Finding]:
    """Give the findings: both indices, without their heaviest offence, coverage and shares.

    There must be both indices.
    """
    yield from _index_values("severity", "severity weight", harm.severity, period)
    yield from _index_values("harm_days", "days", harm.cambridge, period)
    yield finding("harm_covered", period, harm.covered, "share of offences")
    yield finding("harm_weighed", period, harm.weighed, "offences")
    for _, part in shared_parts(harm).iterrows():
        slug = re.sub(r"[^a-z0-9]+", "-", part["place"].lower())
        for column, (what, _) in SHARES.items():
            unit = f"share of {what} weighed"
            yield finding(f"share_of_{what}", period, part[column], unit, subject=slug)


def _index_values(name: str, weight: str, index: Index, period: str) -> Iterator[Finding]:
    unit = f"{weight} per 1,000 residents"
    yield finding(name, period, index.rate, unit)
    yield finding(f"{name}_without_heaviest", period, index.without, unit)
    if index.heaviest:
        yield finding(f"{name}_heaviest", period, index.heaviest, "text")


def harm_rank_values(by_area: pd.DataFrame, area: str, period: str) -> Iterator[Finding]:
    """Give an area's ranks by both indices per head, from the lowest and from the highest."""
    row = by_area.set_index("area").loc[area]
    ends = {"rank": "rank from the lowest", "rank_top": "rank from the highest"}
    for name, column in (("severity", "severity"), ("harm_days", "harm")):
        for end, unit in ends.items():
            yield finding(f"{name}_{end}", period, row[f"{column}_{end}"], unit)
