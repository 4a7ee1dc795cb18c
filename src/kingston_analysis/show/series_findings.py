"""The findings that a series gives: count, rate and ranks for every year, and the latest change."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from kingston_analysis.measures.changes import Change
from kingston_analysis.measures.families import Family, over_the_years
from kingston_analysis.measures.series import Series
from kingston_analysis.show import sentences
from kingston_analysis.show.display import tidy

CHANGES = {
    "change": "% on the year before",
    "change_on_mean": "% on the mean of the three years before",
}
UNITS = {
    "rank_count": "rank from the lowest",
    "rank_count_top": "rank from the highest",
    "rank_rate": "rank from the lowest",
    "rank_rate_top": "rank from the highest",
    "areas": "boroughs",
}


def series_values(series: Series, family: Family) -> Iterator[dict[str, Any]]:
    """Give name, period, value, unit, interval and verdict of each finding, oldest period first.

    The latest change has the verdict that it has among the comparisons of the page, an earlier one
    that among the years of its own series.
    """
    changes = over_the_years(series) | {series.latest: family.of(series)}
    unit = series.indicator.unit
    units = {"count": unit, "rate": f"{unit} per 1,000 residents", **UNITS}
    columns = {
        "count": "value",
        "rate": "rate",
        **{name: name for name in UNITS},
    }
    for name, column in columns.items():
        for period, value in series.own[column].items():
            if not math.isnan(value):
                yield {"name": name, "period": period, "value": tidy(value), "unit": units[name]}
            elif name == "count":
                missing = "The publisher withheld a small number."
                yield {
                    "name": name,
                    "period": period,
                    "value": None,
                    "unit": unit,
                    "missing": missing,
                }
    yield from (_change("change", period, each) for period, each in changes.items())
    yield _change("change_on_mean", series.latest, family.of(series, "three years"))
    text = f"{sentences.level(series)}\n{sentences.changed(series, changes[series.latest])}"
    yield {"name": "headline", "period": series.latest, "value": text, "unit": "text"}


def missing_values(series: Series, reason: str) -> Iterator[dict[str, Any]]:
    """Give the findings of a series that has no full year: each without value, with the reason."""
    units = {"count": series.indicator.unit, **CHANGES, "headline": "text"}
    for name, unit in units.items():
        yield {"name": name, "period": None, "value": None, "unit": unit, "missing": reason}


def _change(name: str, period: str, change: Change) -> dict[str, Any]:
    found = {"name": name, "period": period, "unit": CHANGES[name]}
    if change.verdict == "cannot be compared":
        return {**found, "value": None, "verdict": change.verdict, "missing": change.reason}
    value, *interval = (tidy((x - 1) * 100) for x in (change.ratio, change.low, change.high))
    return {**found, "value": value, "interval": tuple(interval), "verdict": change.verdict}
