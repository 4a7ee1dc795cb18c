"""Levels: what is added up, what is left missing, and by whom it is divided."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kingston_analysis.data.tables.periods import shifted
from kingston_analysis.measures.level import (
    full_years,
    like_for_like,
    rows_of,
    select,
    with_rates,
)

COLUMNS = ["area", "period", "value"]
MISSING = float("nan")


def months(area: str, first: str, values: list[float]) -> pd.DataFrame:
    """Write one value a month from the first month on."""
    rows = [(area, shifted(first, "month", step), value) for step, value in enumerate(values)]
    return pd.DataFrame(rows, columns=COLUMNS)


def values_of(frame: pd.DataFrame) -> dict:
    return {(row["area"], row["period"]): row["value"] for _, row in frame.iterrows()}


OFFENCES = pd.DataFrame(
    [
        ("Ashby", "2005/06", "Burglary", 120),
        ("Ashby", "2005/06", "Robbery", 30),
        ("Ashby", "2005/06", "Fraud", 7),
        ("Ashby", "2006/07", "Burglary", 90),
        ("Ashby", "2006/07", "Robbery", None),
        ("Burnham", "2005/06", "Burglary", 400),
    ],
    columns=["area", "year", "group", "offences"],
).astype({"offences": "Int64"})


def test_the_selected_rows_of_an_area_and_period_are_added_up():
    chosen = select(OFFENCES, {"group": ["Burglary", "Robbery"]}, "year", "offences", None)
    assert values_of(chosen)["Ashby", "2005/06"] == 120 + 30
    assert values_of(chosen)["Burnham", "2005/06"] == 400


def test_a_suppressed_value_leaves_the_sum_missing():
    chosen = select(OFFENCES, {"group": ["Burglary", "Robbery"]}, "year", "offences", None)
    assert math.isnan(values_of(chosen)["Ashby", "2006/07"])
    burglary = select(OFFENCES, {"group": ["Burglary"]}, "year", "offences", None)
    assert values_of(burglary)["Ashby", "2006/07"] == 90


def test_a_table_without_areas_lies_in_the_area_that_it_covers():
    wards = OFFENCES.rename(columns={"area": "ward"})
    chosen = select(wards, {"group": ["Burglary"]}, "year", "offences", "Ashby")
    assert values_of(chosen)["Ashby", "2005/06"] == 120 + 400


def test_a_selection_in_two_columns_keeps_rows_that_match_both():
    kept = rows_of(OFFENCES, {"group": ["Burglary"], "area": ["Burnham"]})
    assert list(kept["offences"]) == [400]
    assert len(rows_of(OFFENCES, {})) == len(OFFENCES)
    assert len(rows_of(OFFENCES, {"group": ["Arson"]})) == 0


def test_twelve_months_from_april_make_a_financial_year():
    added = full_years(months("Ashby", "2008-04", [10.0] * 11 + [25.0]))
    assert values_of(added) == {("Ashby", "2008/09"): 11 * 10 + 25}


@pytest.mark.parametrize("known", [1, 3, 9, 11])
def test_fewer_than_twelve_months_make_no_year(known):
    assert full_years(months("Ashby", "2008-04", [10.0] * known)).empty


def test_a_year_with_a_suppressed_month_is_no_full_year():
    assert full_years(months("Ashby", "2008-04", [10.0] * 11 + [MISSING])).empty


def test_twelve_months_across_two_financial_years_make_none():
    assert full_years(months("Ashby", "2008-01", [10.0] * 12)).empty


def test_each_area_has_its_own_full_years():
    both = pd.concat(
        [months("Ashby", "2008-04", [1.0] * 12), months("Burnham", "2008-04", [2.0] * 11)]
    )
    assert values_of(full_years(both)) == {("Ashby", "2008/09"): 12}


def test_the_months_of_the_year_in_progress_are_compared_with_the_same_months():
    # April 2008 to March 2009 is 1 to 12; April to June 2009 is 13 to 15.
    known = months("Ashby", "2008-04", [float(number) for number in range(1, 16)])
    row = like_for_like(known).iloc[0]
    assert (row["first"], row["last"]) == ("2009-04", "2009-06")
    assert (row["value"], row["before"]) == (13 + 14 + 15, 1 + 2 + 3)


def test_a_complete_year_is_not_in_progress():
    assert like_for_like(months("Ashby", "2007-04", [1.0] * 24)).empty


def test_months_without_the_same_months_a_year_before_are_not_compared():
    assert like_for_like(months("Ashby", "2008-01", [1.0] * 12)).empty


@pytest.mark.parametrize("unknown", [1, 13])
def test_months_of_which_one_is_suppressed_are_not_compared(unknown):
    values = [1.0] * 15
    values[unknown] = MISSING
    assert like_for_like(months("Ashby", "2008-04", values)).empty


def test_months_of_which_one_was_never_published_are_not_compared():
    known = months("Ashby", "2008-04", [1.0] * 15)
    gap = known[~known["period"].isin(["2008-05", "2009-05"])]
    assert like_for_like(gap).empty


def test_no_months_no_comparison():
    assert like_for_like(pd.DataFrame(columns=COLUMNS)).empty


PEOPLE = pd.DataFrame(
    [("Ashby", 2005, 40_000), ("Ashby", 2006, 50_000)], columns=["area", "mid_year", "population"]
)


@pytest.mark.parametrize(
    ("period", "kind", "rate"),
    [
        ("2005/06", "financial_year", 120 / 40_000 * 1000),
        ("2006/07", "financial_year", 120 / 50_000 * 1000),
        ("2006", "calendar_year", 120 / 50_000 * 1000),
    ],
)
def test_a_rate_is_for_a_thousand_residents_of_the_first_mid_year(period, kind, rate):
    counted = pd.DataFrame([("Ashby", period, 120.0)], columns=COLUMNS)
    assert with_rates(counted, PEOPLE, kind)["rate"].tolist() == [pytest.approx(rate)]


def test_an_area_without_population_keeps_its_count_and_has_no_rate():
    counted = pd.DataFrame(
        [("Ashby", "2005/06", 120.0), ("Colne", "2005/06", 60.0), ("Ashby", "2007/08", 1.0)],
        columns=COLUMNS,
    )
    rated = with_rates(counted, PEOPLE, "financial_year")
    assert list(rated["value"]) == [120, 60, 1]
    assert list(rated["rate"].isna()) == [False, True, True]


def test_nothing_counted_nothing_rated():
    assert with_rates(pd.DataFrame(columns=COLUMNS), PEOPLE, "financial_year").empty


@settings(max_examples=40)
@given(st.lists(st.integers(0, 10_000), min_size=12, max_size=12), st.randoms())
def test_a_year_is_the_sum_of_its_months_in_any_order_of_rows(counts, chance):
    rows = months("Ashby", "2008-04", [float(count) for count in counts])
    order = list(rows.index)
    chance.shuffle(order)
    assert values_of(full_years(rows.loc[order])) == {("Ashby", "2008/09"): sum(counts)}
