"""What would have been said of recorded crime in the boroughs' real past, year by year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pandas as pd

from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.load import Table, load
from kingston_analysis.data.topics import Indicator
from kingston_analysis.measures.change import JUDGED_AT
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.movement import USUAL
from kingston_analysis.measures.series import YEARS_OF_NOISE, Series
from kingston_analysis.measures.variation import noise_squares
from kingston_analysis.project import Project
from kingston_analysis.study import results
from kingston_analysis.study.results import Tally
from kingston_analysis.study.verdicts import (
    ANOTHER,
    FROM_MONTHS,
    FROM_YEARS,
    HISTORIES,
    UNUSUAL,
    judge,
    noise_of,
)

# By table of offence groups, what the counting noise is learned from.
PASTS = {"recorded_crime_year": FROM_YEARS, "recorded_crime_month_2010_2026": FROM_MONTHS}
PROCESS = "recorded crime of the boroughs, by offence group"
# Where nothing changed, half of all series have no change within the middle half of the interval.
MIDDLE, NO_CHANGE = 0.5, "no change lies in the 50% interval"
LEVELS = (0.95, 0.99, JUDGED_AT)


def past_tallies(project: Project, name: str) -> Iterator[Tally]:
    """Judge every year of every offence group of a table, and count the boroughs by year."""
    found: defaultdict[tuple[str, int, str, float], list[bool]] = defaultdict(list)
    for series in _groups(project, load(project, name)):
        for (period, method, nominal), made in _verdicts(series):
            history = list(series.unbroken.columns).index(period) + 1
            found[period, history, f"{method}, {PASTS[name]}", nominal] += made
    for (period, history, method, nominal), made in found.items():
        about = (method, None, history, nominal, len(made), sum(made))
        yield Tally(results.SAID, *about, process=PROCESS, period=period)


def _groups(project: Project, table: Table) -> Iterator[Series]:
    boroughs, people = load_areas(project).borough_names, load(project, "population")
    for group in sorted(table.frame["offence_group"].astype(str).unique()):
        about = {"id": "offences", "title": group, "counted": "offences", "unit": "offences"}
        chosen = {"table": table.name, "select": {"offence_group": [group]}, "rate": False}
        since = {"polarity": "neither", "from": str(table.meta.span.first)}
        indicator = Indicator.model_validate({**about, **chosen, **since})
        series = make_series(indicator, boroughs[0], table, people, boroughs)
        # Fraud, which the police of London no longer record, has years without an offence.
        if series.unbroken.gt(0).all(axis=None):
            yield series


def _verdicts(series: Series) -> Iterator[tuple[tuple[str, str, float], list[bool]]]:
    squares = None if series.all_months.empty else noise_squares(series.all_months)
    for ends in range(HISTORIES[0], series.unbroken.shape[1] + 1):
        years = series.unbroken.iloc[:, :ends].dropna()
        year = str(years.columns[-1])
        noise = noise_of(years, None if squares is None else _window(squares, year))
        middle = judge(years, noise, MIDDLE)
        allowed = middle["low"].le(1) & middle["high"].ge(1)
        yield (year, NO_CHANGE, MIDDLE), allowed.to_list()
        for level in LEVELS:
            judged = judge(years, noise, level)
            yield (year, ANOTHER, round(1 - level, 3)), judged["another"].to_list()
        told = judged.dropna(subset=["usual"])["unusual"]
        yield (year, UNUSUAL, round(1 - USUAL, 3)), told.to_list()


def _window(squares: pd.DataFrame, year: str) -> pd.DataFrame:
    """Keep the squares of the years from which a page learns the noise of one."""
    held = sorted(squares["year"].unique())
    first = periods.shifted(year, "financial_year", 1 - YEARS_OF_NOISE)
    since = [each for each in held if each >= first]
    return squares[squares["year"].isin(since[:YEARS_OF_NOISE] or held[-YEARS_OF_NOISE:])]
