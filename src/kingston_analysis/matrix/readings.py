"""Readings: what the measures of a topic give under the headings that are computed."""

from __future__ import annotations

import math

from kingston_analysis.matrix.cells import Reading
from kingston_analysis.measures.changes import Change
from kingston_analysis.measures.community import Views
from kingston_analysis.measures.harm import Harm, an_offence
from kingston_analysis.measures.series import Series
from kingston_analysis.measures.variation import Z_95

WORSE_IF_HIGHER = "lower is better"


def volume(series: Series, everything: Series) -> Reading:
    """Read how many of all recorded offences are the topic's: a share, in one year.

    The interval is that of the level behind the topic's count.
    """
    year = series.latest
    tables = tuple(dict.fromkeys((series.table.name, everything.table.name)))
    if series.indicator.unit != everything.indicator.unit:
        reason = f"counted in {series.indicator.unit}, not in {everything.indicator.unit}"
        return Reading(reason=reason)
    if not everything.known or year not in everything.own.index:
        return Reading(reason=f"no count of all recorded crime is held for {year}")
    total, count = everything.own["value"][year], series.own["value"][year]
    ends = series.intervals.loc[year]
    return Reading(count / total, *(end / total for end in ends), year, tables)


def performance(series: Series) -> Reading:
    """Read the area's rate over that of all boroughs together: a ratio, in one year.

    The interval is that of the area's own level; the boroughs' is taken as fixed.
    """
    if reason := _no_better(series):
        return Reading(reason=reason)
    if not series.indicator.rate:
        return Reading(reason="no rate for each resident can be worked out")
    rows = series.comparable.dropna(subset=["population"])
    people, year = series.own["population"][series.latest], series.latest
    if len(rows) < 2 or math.isnan(people):
        return Reading(reason="no rates of other boroughs are held")
    together = rows["value"].sum() / rows["population"].sum()
    if not together:
        return Reading(reason=f"no borough counted any in {year}")
    count = series.own["value"][year]
    ends = series.intervals.loc[year]
    ratios = [each / people / together for each in (count, *ends)]
    return Reading(*ratios, year, (series.table.name, "population"))


def trend(series: Series, change: Change) -> Reading:
    """Read the change on the year before in standard errors: log ratio over its own."""
    if reason := _no_better(series):
        return Reading(reason=reason)
    if change.ratio is None:
        return Reading(reason=change.reason)
    error = math.log(change.high / change.low) / (2 * Z_95)
    z = math.log(change.ratio) / error
    return Reading(z, z - Z_95, z + Z_95, series.latest, (series.table.name,))


def seriousness(found: Harm, index: str, phi: float, year: str, tables: tuple[str, ...]) -> Reading:
    """Read the weight of one offence on average, by an index: `severity` or `days`."""
    if not found.weighed:
        return Reading(reason=" ".join(found.reasons) or f"no offence was counted in {year}")
    mean, error = an_offence(found, index, phi)
    return Reading(mean, mean - Z_95 * error, mean + Z_95 * error, year, tables)


def concern(topic: str, surveys: list[Views]) -> Reading:
    """Read the share of people who name the topic as a concern, from the first survey that asks."""
    for views in surveys:
        asked = views.concerns
        rows = asked[asked["topic"] == topic].dropna(subset=["low", "high"])
        for row in rows.itertuples():
            return Reading(row.share, row.low, row.high, views.period, views.tables)
    return Reading(reason="no survey of what concerns people is held")


def _no_better(series: Series) -> str:
    """Say why a higher count need not be worse, if so."""
    polarity = series.indicator.polarity
    if polarity == WORSE_IF_HIGHER:
        return ""
    why = "more of it may be good news" if "more" in polarity else "it follows what police look for"
    return f"a higher count need not be worse: {why}"
