"""The findings that a series gives: count, rate and ranks for every year, and the latest change."""

from __future__ import annotations

import math
from collections.abc import Iterator

from kingston_analysis.measures.change import Change
from kingston_analysis.measures.families import Family, yearly_changes
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Finding, Gap, finding
from kingston_analysis.show import sentences

CHANGES = {
    "change": "% on the year before",
    "change_on_mean": "% on the mean of the three years before",
}
# These speak of one year alone, so an older one never stands for the year assessed.
OF_THE_YEAR = ("change_on_mean", "headline")
WITHHELD = Gap("The publisher withheld a small number.")
UNITS = {
    "rank_count": "rank from the lowest",
    "rank_count_top": "rank from the highest",
    "rank_rate": "rank from the lowest",
    "rank_rate_top": "rank from the highest",
    "areas": "boroughs",
}


def series_values(series: Series, family: Family) -> Iterator[Finding]:
    """Give the findings, oldest period first.

    The latest change has the verdict that it has among the comparisons of the page, an earlier one
    that among the years of its own series.
    """
    changes = yearly_changes(series) | {series.latest: family.of(series)}
    unit = series.indicator.unit
    units = {"count": unit, "rate": f"{unit} per 1,000 residents", **UNITS}
    for name, of in units.items():
        column = series.own["value" if name == "count" else name]
        for period, value in zip(column.index, column, strict=True):
            if not math.isnan(value):
                yield finding(name, period, value, of)
            elif name == "count":
                yield finding(name, period, WITHHELD, of)
    yield from (_change("change", period, each) for period, each in changes.items())
    yield _change("change_on_mean", series.latest, family.of(series, "three years"))
    text = f"{sentences.level(series)}\n{sentences.changed(series, changes[series.latest])}"
    yield finding("headline", series.latest, text, "text")


def missing_values(series: Series, gap: Gap) -> Iterator[Finding]:
    """Give the findings of a series that has no full year: each without value, with the reason."""
    units = {"count": series.indicator.unit, **CHANGES, "headline": "text"}
    for name, unit in units.items():
        yield finding(name, None, gap, unit)


def _change(name: str, period: str, change: Change) -> Finding:
    ratio = change.ratio
    percent = ratio if isinstance(ratio, Gap) else ratio.map(lambda each: (each - 1) * 100)
    return finding(name, period, percent, CHANGES[name], verdict=change.verdict)
