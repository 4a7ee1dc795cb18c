"""Levels: an indicator as one value for each area and period, and as a rate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.errors import KingstonError

KEYS = ["area", "period"]


def select(
    frame: pd.DataFrame, rows: dict[str, list[str]], period: str, value: str, covers: str | None
) -> pd.DataFrame:
    """Add up the rows that an indicator selects.

    Returns columns area, period (text) and value. A table without areas lies inside the one area
    that it covers. A period with a suppressed value has no sum: it is left missing.
    """
    frame = rows_of(frame, rows)
    area = frame["area"] if covers is None else covers
    picked = pd.DataFrame(
        {"area": area, "period": frame[period].astype("str"), "value": frame[value].astype("float")}
    )
    return picked.groupby(KEYS, as_index=False, sort=True)[["value"]].sum(min_count=1, skipna=False)


def rows_of(frame: pd.DataFrame, rows: dict[str, list[str]]) -> pd.DataFrame:
    """Keep the rows whose columns hold one of the values that an indicator selects."""
    for column, values in rows.items():
        frame = frame[frame[column].isin(values)]
    return frame


def full_years(months: pd.DataFrame) -> pd.DataFrame:
    """Add months up to financial years, keeping only years of which all twelve are known."""
    year = months["period"].map(periods.financial_year_of)
    grouped = months.assign(period=year).groupby(KEYS, as_index=False)[["value"]]
    return grouped.sum(skipna=False, min_count=12).dropna(ignore_index=True)


def like_for_like(months: pd.DataFrame) -> pd.DataFrame:
    """Compare the known months of a year in progress with the same months a year before.

    Returns a row for each area, with the first and last month, the value and the value before; no
    row where the newest year is complete, or where any of the months is not known.
    """
    columns = ["area", "first", "last", "value", "before"]
    if months.empty:
        return pd.DataFrame(columns=columns)
    last = months["period"].max()
    year = periods.financial_year_of(last)
    first = periods.starts(year, "financial_year").isoformat()[:7]
    ends = [periods.position(month, "month") for month in (first, last)]
    now = [periods.at_position(number, "month") for number in range(ends[0], ends[1] + 1)]
    before = [periods.shifted(month, "month", -12) for month in now]
    used = months[months["period"].isin([*now, *before])]
    wide = used.pivot(index="area", columns="period", values="value")
    if len(now) == 12 or not {*now, *before} <= set(wide.columns):
        return pd.DataFrame(columns=columns)
    sums = {
        "value": wide[now].sum(axis=1, skipna=False),
        "before": wide[before].sum(axis=1, skipna=False),
    }
    known = pd.DataFrame(sums).dropna().reset_index()
    return known.assign(first=now[0], last=last)[columns]


def with_rates(values: pd.DataFrame, population: pd.DataFrame, kind: periods.Kind) -> pd.DataFrame:
    """Add population and the rate per 1,000 residents, for the mid-year in which the year lies.

    `population` has area, mid_year and population; an area without one has no rate. Raises
    KingstonError where one has no residents.
    """
    mid_year = [periods.mid_year_of(period, kind) for period in values["period"]]
    wanted = pd.MultiIndex.from_arrays([values["area"], mid_year])
    people = population.set_index(["area", "mid_year"])["population"]
    residents = people.reindex(wanted).to_numpy(dtype=float, na_value=np.nan)
    if (none := residents <= 0).any():
        area, year = wanted[int(none.argmax())]
        what = f"The table 'population' has no residents of {area} in {year}."
        raise KingstonError(what, "Correct the table.")
    rates = values["value"] / residents * 1000
    return values.assign(population=residents, rate=rates)
