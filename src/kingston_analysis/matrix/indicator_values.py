"""Indicator values: what the measures of a topic give under the headings that are computed."""

from __future__ import annotations

import math

import numpy as np

from kingston_analysis.matrix.cells import IndicatorValue
from kingston_analysis.matrix.scheme import Bands
from kingston_analysis.measures.harm import Harm, IndexName, an_offence, bounds_of_an_offence
from kingston_analysis.measures.series import Series
from kingston_analysis.measures.survey.results import SurveyResults
from kingston_analysis.measures.variation import Z_95, normal_quantile
from kingston_analysis.results import Estimate, Gap, ends_of

WORSE_IF_HIGHER = "lower is better"


def volume(series: Series, everything: Series) -> IndicatorValue | Gap:
    """Measure how many of all recorded offences are the topic's: a share, in one year.

    The interval is that of the level behind the topic's count.
    """
    year = series.latest
    tables = tuple(dict.fromkeys((series.table.name, everything.table.name)))
    if series.indicator.unit != everything.indicator.unit:
        return Gap(f"Counted in {series.indicator.unit}, not in {everything.indicator.unit}.")
    if not everything.known or year not in everything.own.index:
        return Gap(f"No count of all recorded crime is held for {year}.")
    total = everything.own["value"][year]
    return IndicatorValue(_level(series).map(lambda count: count / total), year, tables)


def performance(series: Series) -> IndicatorValue | Gap:
    """Measure the area's rate over that of all boroughs together: a ratio, in one year.

    The interval is that of the area's own level; the boroughs' is taken as fixed.
    """
    if gap := _no_better(series):
        return gap
    if not series.indicator.rate:
        return Gap("No rate for each resident can be worked out.")
    rows = series.comparable.dropna(subset=["population"])
    people, year = series.own["population"][series.latest], series.latest
    if len(rows) < 2 or math.isnan(people):
        return Gap("No rates of other boroughs are held.")
    together = rows["value"].sum() / rows["population"].sum()
    if not together:
        return Gap(f"No borough counted any in {year}.")
    ratio = _level(series).map(lambda count: count / people / together)
    return IndicatorValue(ratio, year, (series.table.name, "population"))


def trend(series: Series) -> IndicatorValue | Gap:
    """Measure the trend in standard errors, or the latest change where too few years are known."""
    if gap := _no_better(series):
        return gap
    if isinstance(found := series.trend, Gap):
        if isinstance(ratio := series.change().ratio, Gap):
            return ratio
        low, high = ends_of(ratio)
        error = math.log(high / low) / (2 * normal_quantile(ratio.level))
        z = math.log(ratio.value) / error
    else:
        z = found.z
    return IndicatorValue(Estimate(z, z - Z_95, z + Z_95), series.latest, (series.table.name,))


def seriousness(
    found: Harm, index: IndexName, phi: float, year: str, tables: tuple[str, ...], bands: Bands
) -> IndicatorValue | Gap:
    """Measure the weight of one offence on average, by an index: `severity` or `days`.

    Where not all offences can be weighed, the mean lies somewhere between the rest at its least and
    at its greatest. It is measured, as the middle, only if both ends have one score by the `bands`.
    """
    if not found.weighed_count:
        return Gap(" ".join(found.reasons) or f"No offence was counted in {year}.")
    weighed = an_offence(found, index, phi)
    if found.is_whole:
        return IndicatorValue(weighed, year, tables)
    bounds = bounds_of_an_offence(found, index)
    if len(set(bands.scores(np.array(bounds)))) > 1:
        return Gap(
            f"Only {found.weighed_count:,.0f} of {found.total:,.0f} offences can be weighed. The "
            f"average weight of an offence may be anywhere from {bounds[0]:,.1f} to "
            f"{bounds[1]:,.1f}, depending on what the rest weigh, and the score differs between "
            "the two ends."
        )
    share = found.weighed_count / found.total
    low, high = (end - weighed.value for end in ends_of(weighed))
    value = Estimate(sum(bounds) / 2, bounds[0] + share * low, bounds[1] + share * high)
    return IndicatorValue(value, year, tables)


def concern(topic: str, surveys: list[SurveyResults]) -> IndicatorValue | Gap:
    """Measure the share of people whom the topic concerns, from the first survey that asks."""
    for results in surveys:
        asked = results.concerns
        rows = asked[asked["topic"] == topic].dropna(subset=["low", "high"])
        if len(rows):
            share = Estimate(*rows[["share", "low", "high"]].iloc[0])
            return IndicatorValue(share, results.period, results.tables)
    return Gap("No survey of what concerns people is held.")


def _level(series: Series) -> Estimate:
    """Return the latest count with the interval of the level behind it."""
    low, high = (series.intervals[end][series.latest] for end in ("low", "high"))
    return Estimate(series.own["value"][series.latest], low, high)


def _no_better(series: Series) -> Gap | None:
    """Return why a higher count need not be worse, if so."""
    polarity = series.indicator.polarity
    if polarity == WORSE_IF_HIGHER:
        return None
    why = (
        "more of it reported may be good news"
        if "more" in polarity
        else "it also depends on what is reported and looked for"
    )
    return Gap(f"A higher count need not be worse: {why}.")
