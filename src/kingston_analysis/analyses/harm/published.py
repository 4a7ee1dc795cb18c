"""Published: the findings of harm."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kingston_analysis.analyses.harm.labels import named_indices
from kingston_analysis.data.names import slug
from kingston_analysis.measures.comparison.ranks import TOO_FEW_AREAS, enough_to_rank
from kingston_analysis.measures.harm import (
    Harm,
    Index,
    Indices,
)
from kingston_analysis.results import Finding, Gap, finding
from kingston_analysis.views.harm import WeighedYear

PUBLISHED_SHARES = {
    "share": ("share_of_offences", "share of all offences recorded"),
    "severity_share": ("share_of_severity", "share of severity weighed"),
    "harm_share": ("share_of_harm", "share of harm weighed"),
}
NO_RANK = Gap("The rank hangs on what the offences weigh that are in neither index.")


def harm_findings(
    found: Harm, indices: Indices, parts: pd.DataFrame, period: str
) -> Iterator[Finding]:
    """Give the findings: both indices, without what adds most, bounds, coverage and shares."""
    yield from _index_values("severity", "severity weight", found, indices.severity, period)
    yield from _index_values("harm_days", "days", found, indices.days, period)
    yield finding("harm_covered", period, found.covered, "share of offences")
    yield finding("harm_weighed", period, found.weighed_count, "offences")
    for _, part in parts.iterrows():
        for column, (name, unit) in PUBLISHED_SHARES.items():
            yield finding(name, period, part[column], unit, subject=slug(part["place"]))


def _index_values(
    name: str, weight: str, found: Harm, index: Index, period: str
) -> Iterator[Finding]:
    of = weight if found.is_whole else f"{weight} of the offences that can be weighed"
    unit = f"{of} per 1,000 residents"
    yield finding(name, period, index.known, unit)
    yield finding(f"{name}_without_heaviest", period, index.without, unit)
    if not found.is_whole:
        for end, bound in zip(("least", "greatest"), index.bounds, strict=True):
            yield finding(f"{name}_{end}", period, bound, f"{weight} per 1,000 residents")
    if index.adds_most:
        yield finding(f"{name}_heaviest", period, index.adds_most, "text")


def harm_ranks(full_year: WeighedYear, indices: Indices) -> Iterator[Finding]:
    """Give an area's ranks by both indices per head, from the lowest and from the highest."""
    by_area = full_year.by_area
    row = by_area[by_area["area"] == full_year.area].iloc[0]
    few = None if enough_to_rank(len(by_area), full_year.boroughs) else TOO_FEW_AREAS
    ends = {"rank": "rank from the lowest", "rank_top": "rank from the highest"}
    named = zip(("severity", "harm_days"), named_indices(indices).items(), strict=True)
    for name, (column, index) in named:
        for end, unit in ends.items():
            rank = row[f"{column}_{end}"]
            unknown = index.gap or few or (NO_RANK if pd.isna(rank) else None)
            yield finding(f"{name}_{end}", full_year.year, unknown or rank, unit)
