"""Made-up series by month, and the answers of the two analyses of months on a series."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pages_fixture import answer_of
from tables_fixture import made_indicator, made_people, made_table

from kingston_analysis.analyses.months import months
from kingston_analysis.analyses.seasons import seasons
from kingston_analysis.data.tables.periods import shifted
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.seasons import Seasons, own_profile
from kingston_analysis.measures.series import Series
from kingston_analysis.show.answer import Answer

FLAT = Seasons(pd.Series(1.0, index=range(1, 13)), ())


def made_months(
    values: list[float], breaks=(), polarity="lower is better", first="2008-01"
) -> Series:
    """Make a series of Ashby's burglaries beside so many in Burnham that all months are alike."""
    periods = [shifted(first, "month", step) for step in range(len(values))]
    rows = [("Ashby", period, value) for period, value in zip(periods, values, strict=True)]
    rows += [("Burnham", period, 1_000_000.0) for period in periods]
    table = made_table(["area", "month", "value"], rows, kind="month", breaks=list(breaks))
    indicator = made_indicator(rate=False).model_copy(update={"polarity": polarity})
    return make_series(
        indicator, "Ashby", table, made_people({"Ashby": {2008: 1}}), ["Ashby", "Burnham"]
    )


def months_of(series: Series, season: Seasons = FLAT, **options: Any) -> Answer:
    """Say which months of a series stand out, whatever its season is held to be."""
    breaks = [month for month, _, _ in series.month_breaks()]
    seen = {"primary": series, "monthly": [series], "seasons": season, "month_breaks": breaks}
    return answer_of(months, options, **seen)


def seasons_of(series: Series, **options: Any) -> Answer:
    """Say in which months of the year a series is high."""
    profile = own_profile(series.months, series.all_months)
    seen = {"primary": series, "monthly": [series], "profile": profile, "month_breaks": []}
    return answer_of(seasons, options, **seen)
