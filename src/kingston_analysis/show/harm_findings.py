"""The findings that harm gives: both indices, what they rest on, and the ranks by them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from kingston_analysis.measures.harm import Harm, Index, Rate
from kingston_analysis.show.display import tidy
from kingston_analysis.show.harm_figures import SHARES, shared_parts
from kingston_analysis.show.harm_views import ONE_ONLY, why_none


def harm_values(harm: Harm, period: str) -> Iterator[dict[str, Any]]:
    """Give the findings: both indices, without their heaviest offence, coverage and shares."""
    units = {
        "severity": "severity weight per 1,000 residents",
        "harm_days": "days per 1,000 residents",
    }
    for (name, unit), index in zip(units.items(), (harm.severity, harm.cambridge), strict=True):
        yield from _index_values(name, unit, index, period, why_none(harm))
    covered = {"value": None, "missing": "No offence was recorded."}
    if harm.covered is not None:
        covered = {"value": tidy(harm.covered)}
    yield {"name": "harm_covered", "period": period, "unit": "share of offences", **covered}
    yield {
        "name": "harm_weighed",
        "period": period,
        "value": tidy(harm.weighed),
        "unit": "offences",
    }
    for _, part in shared_parts(harm).iterrows():
        slug = re.sub(r"[^a-z0-9]+", "-", part["place"].lower())
        for column, (what, _) in SHARES.items():
            name, unit = f"{slug}.share_of_{what}", f"share of {what} weighed"
            yield {"name": name, "period": period, "value": tidy(part[column]), "unit": unit}


def _index_values(
    name: str, unit: str, index: Index | None, period: str, why: str
) -> Iterator[dict[str, Any]]:
    found = {"period": period, "unit": unit}
    if index is None:
        yield {**found, "name": name, "value": None, "missing": why}
        return
    yield {**found, "name": name, **_value(index.rate)}
    rest = {"value": None, "missing": ONE_ONLY}
    if not index.rate.value:
        rest["missing"] = "No offence that can be weighed was recorded."
    yield {
        **found,
        "name": f"{name}_without_heaviest",
        **(_value(index.without) if index.without else rest),
    }
    if index.heaviest:
        heaviest = {"name": f"{name}_heaviest", "value": index.heaviest, "unit": "text"}
        yield {**heaviest, "period": period}


def _value(rate: Rate) -> dict[str, Any]:
    if rate.low is None:
        return {"value": tidy(rate.value)}
    return {"value": tidy(rate.value), "interval": (tidy(rate.low), tidy(rate.high))}


def harm_rank_values(by_area: pd.DataFrame, area: str, period: str) -> Iterator[dict[str, Any]]:
    """Give an area's ranks by both indices per head, from the lowest and from the highest."""
    row = by_area.set_index("area").loc[area]
    ends = {"rank": "rank from the lowest", "rank_top": "rank from the highest"}
    for name, column in (("severity", "severity"), ("harm_days", "harm")):
        for end, unit in ends.items():
            value = tidy(row[f"{column}_{end}"])
            yield {"name": f"{name}_{end}", "period": period, "value": value, "unit": unit}
