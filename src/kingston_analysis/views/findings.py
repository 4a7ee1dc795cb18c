"""The findings that a series gives: count, rate and ranks for every year, and the latest change."""

from __future__ import annotations

import math
from collections.abc import Iterator

from kingston_analysis.measures.change import Change
from kingston_analysis.measures.comparison.ranks import TOO_FEW_AREAS
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Estimate, Finding, Gap, finding
from kingston_analysis.show import sentences

CHANGES = {
    "change": "% on the year before",
    "change_on_mean": "% on the mean of the three years before",
}
# These speak of one year alone, so an older one never stands for the year assessed.
OF_THE_YEAR = ("usual_change", "change_on_mean", "years_running", "trend", "headline")
WITHHELD = Gap("The publisher withheld a small number.")
UNITS = {
    "rank_count": "rank from the lowest",
    "rank_count_top": "rank from the highest",
    "rank_rate": "rank from the lowest",
    "rank_rate_top": "rank from the highest",
    "areas": "boroughs",
}
# What has a value and yet no rank is known of too few boroughs.
RANKED_BY = {"rank_count": "value", "rank_rate": "rate"}


def series_values(series: Series) -> Iterator[Finding]:
    """Give the findings, oldest period first.

    What only gives another indicator by month has levels and no changes: of one change there is one
    verdict.
    """
    yield from _levels(series)
    if series.indicator.months_of:
        return
    changes = {year: series.change(year) for year in series.own.index}
    yield from (_change("change", period, each) for period, each in changes.items())
    yield _usual(series.latest, changes[series.latest])
    yield _change("change_on_mean", series.latest, series.change_on_mean())
    yield from _over_years(series)
    text = f"{sentences.level(series)}\n{sentences.changed(series, changes[series.latest])}"
    yield finding("headline", series.latest, text, "text")


def _levels(series: Series) -> Iterator[Finding]:
    unit = series.indicator.unit
    units = {"count": unit, "rate": f"{unit} per 1,000 residents", **UNITS}
    for name, of in units.items():
        column = series.own["value" if name == "count" else name]
        ranked = RANKED_BY.get(name.removesuffix("_top"))
        for period, value in zip(column.index, column, strict=True):
            if not math.isnan(value):
                yield finding(name, period, value, of)
            elif name == "count":
                yield finding(name, period, WITHHELD, of)
            elif ranked and not math.isnan(series.own[ranked][period]):
                yield finding(name, period, TOO_FEW_AREAS, of)


def missing_values(series: Series, gap: Gap) -> Iterator[Finding]:
    """Give the findings of a series that has no full year: each without value, with the reason."""
    units = {"count": series.indicator.unit, **CHANGES, "headline": "text"}
    for name, unit in units.items():
        yield finding(name, None, gap, unit)


def _usual(period: str, change: Change) -> Finding:
    found = change.ratio if isinstance(change.ratio, Gap) else change.usual
    if isinstance(found, Gap):
        return finding("usual_change", period, found, CHANGES["change"])
    ends = [(each - 1) * 100 for each in (found.low, found.high)]
    estimate = Estimate(ends[1], ends[0], ends[1])
    unusual = "unusual" if change.unusual else "usual"
    return finding("usual_change", period, estimate, CHANGES["change"], verdict=unusual)


def _over_years(series: Series) -> Iterator[Finding]:
    """Give how many years running the count rose or fell, if it did, and its trend."""
    if found := series.running:
        yield finding("years_running", found.last, found.years, "years", verdict=found.direction)
    trend = series.trend
    slope = trend if isinstance(trend, Gap) else trend.slope.map(lambda each: (each - 1) * 100)
    verdict = None if isinstance(trend, Gap) else trend.verdict
    yield finding("trend", series.latest, slope, "% a year", verdict=verdict)


def _change(name: str, period: str, change: Change) -> Finding:
    ratio = change.printed
    percent = ratio if isinstance(ratio, Gap) else ratio.map(lambda each: (each - 1) * 100)
    return finding(name, period, percent, CHANGES[name], verdict=change.verdict)
