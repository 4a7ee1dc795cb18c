"""Ranks among the areas, by count and by rate, from either end."""

from __future__ import annotations

import math

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kingston_analysis.measures.comparison.ranks import ranked

AREAS = ["Ashby", "Burnham", "Colne", "Dene"]


def frame(values: dict[str, tuple[float, float]], period: str = "2006/07") -> pd.DataFrame:
    rows = [(area, period, count, rate) for area, (count, rate) in values.items()]
    return pd.DataFrame(rows, columns=["area", "period", "value", "rate"])


def ranks(rows: pd.DataFrame, column: str) -> dict[str, float]:
    return ranked(rows, AREAS).set_index("area")[column].to_dict()


def test_one_is_the_lowest_by_count_and_by_rate():
    rows = frame({"Ashby": (120, 3.0), "Burnham": (400, 1.0), "Colne": (60, 2.0)})
    assert ranks(rows, "rank_count") == {"Ashby": 2, "Burnham": 3, "Colne": 1}
    assert ranks(rows, "rank_rate") == {"Ashby": 3, "Burnham": 1, "Colne": 2}
    assert set(ranks(rows, "areas").values()) == {3}


def test_areas_with_the_same_value_share_the_better_rank():
    rows = frame({"Ashby": (50, 1), "Burnham": (50, 1), "Colne": (40, 1), "Dene": (60, 2)})
    assert ranks(rows, "rank_count") == {"Ashby": 2, "Burnham": 2, "Colne": 1, "Dene": 4}


def test_one_is_the_highest_from_the_other_end_and_ties_share_the_better_rank_there_too():
    rows = frame({"Ashby": (50, 1), "Burnham": (50, 1), "Colne": (40, 3), "Dene": (60, 2)})
    assert ranks(rows, "rank_count_top") == {"Ashby": 2, "Burnham": 2, "Colne": 4, "Dene": 1}
    assert ranks(rows, "rank_rate_top") == {"Ashby": 3, "Burnham": 3, "Colne": 1, "Dene": 2}


def test_an_area_without_a_figure_has_no_rank_and_is_not_counted():
    rows = frame(
        {
            "Ashby": (math.nan, math.nan),
            "Burnham": (50, 1),
            "Colne": (40, math.nan),
            "Dene": (45, 3),
        }
    )
    by_count, by_rate = ranks(rows, "rank_count"), ranks(rows, "rank_rate")
    assert math.isnan(by_count["Ashby"])
    assert (by_count["Burnham"], by_count["Dene"], by_count["Colne"]) == (3, 2, 1)
    assert math.isnan(by_rate["Colne"])
    assert (by_rate["Burnham"], by_rate["Dene"]) == (1, 2)
    assert set(ranks(rows, "areas").values()) == {3}


def test_every_period_is_ranked_by_itself():
    rows = pd.concat(
        [
            frame({"Ashby": (1, 1), "Burnham": (2, 2)}, "2005/06"),
            frame({"Ashby": (9, 9), "Burnham": (3, 3)}, "2006/07"),
        ]
    )
    found = ranked(rows, AREAS).set_index(["area", "period"])["rank_count"]
    assert (found["Ashby", "2005/06"], found["Ashby", "2006/07"]) == (1, 2)


def test_groups_and_other_areas_are_not_ranked():
    rows = frame({"Ashby": (120, 3), "Burnham": (130, 4), "Outer": (5, 0.1)})
    assert ranks(rows, "rank_count") == {"Ashby": 1, "Burnham": 2}


def test_a_rank_stands_for_half_of_the_areas_at_least():
    """Of four areas two have a count, and one a rate: there is a rank by count alone."""
    rows = frame({"Ashby": (120, 3.0), "Burnham": (400, math.nan)})
    assert ranks(rows, "rank_count") == {"Ashby": 1, "Burnham": 2}
    assert pd.Series(ranks(rows, "rank_rate")).isna().all()
    assert pd.Series(ranks(rows, "rank_rate_top")).isna().all()
    alone = frame({"Ashby": (120, 3.0)})
    assert math.isnan(ranks(alone, "rank_count")["Ashby"])


VALUES = st.lists(st.integers(0, 20), min_size=4, max_size=4)


@settings(max_examples=40)
@given(VALUES, st.permutations(range(4)))
def test_ranks_ignore_the_order_of_rows(values, order):
    rows = frame({area: (v, v) for area, v in zip(AREAS, values, strict=True)})
    assert ranks(rows, "rank_count") == ranks(rows.iloc[list(order)], "rank_count")


@settings(max_examples=40)
@given(VALUES, st.integers(2, 1000))
def test_ranks_ignore_the_scale(values, times):
    rows = frame({area: (v, v) for area, v in zip(AREAS, values, strict=True)})
    scaled = rows.assign(value=rows["value"] * times, rate=rows["rate"] * times)
    assert ranks(rows, "rank_count") == ranks(scaled, "rank_count")
    assert ranks(rows, "rank_rate") == ranks(scaled, "rank_rate")


@settings(max_examples=40)
@given(VALUES)
def test_a_rank_is_one_more_than_the_number_of_lower_areas_or_from_the_top_of_higher(values):
    rows = frame({area: (v, v) for area, v in zip(AREAS, values, strict=True)})
    below = {a: 1 + sum(w < v for w in values) for a, v in zip(AREAS, values, strict=True)}
    above = {a: 1 + sum(w > v for w in values) for a, v in zip(AREAS, values, strict=True)}
    assert ranks(rows, "rank_count") == below
    assert ranks(rows, "rank_count_top") == above
