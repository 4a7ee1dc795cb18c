"""The funnel: limits for areas that truly differ, and which areas lie outside them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_fixture import KINGSTON, PROJECT, real_table

from kingston_analysis.data.areas import load_areas
from kingston_analysis.measures import level
from kingston_analysis.measures.comparison.funnel import ENOUGH_AREAS, funnel

AREAS = [f"Area {number:02}" for number in range(32)]
PEOPLE = np.linspace(150_000, 350_000, 32)


def frame(counts, people=PEOPLE, areas=AREAS) -> pd.DataFrame:
    return pd.DataFrame({"area": areas, "value": counts, "population": people})


def real(group: str, year: str):
    table, people = real_table("recorded_crime_year"), real_table("population")
    rows = {"offence_group": [group]}
    values = level.select(table.frame, rows, "financial_year", "offences", None)
    rated = level.with_rates(values, people.frame, "financial_year")
    return funnel(rated[rated["period"] == year], load_areas(PROJECT).borough_names)


def test_areas_that_do_not_differ_have_the_limits_of_chance():
    # Every rate is 10 per 1,000, so τ² = 0: limits (√0.010 ± z / √(4n))², here for n = 150,000.
    found = funnel(frame(PEOPLE * 0.010), AREAS)
    assert found.between == 0
    assert found.rate == pytest.approx(10)
    first = found.frame.iloc[0]
    for name, z in {"low998": -3.0902, "low95": -1.96, "high95": 1.96, "high998": 3.0902}.items():
        limit = (math.sqrt(0.010) + z / math.sqrt(4 * 150_000)) ** 2 * 1000
        assert first[name] == pytest.approx(limit, rel=1e-4)
    assert set(found.frame["status"]) == {"within"}


def test_the_variance_between_areas_is_worked_by_hand():
    # All n equal: weights w = 4n, Σw - Σw²/Σw = (I - 1) w. Roots 0.09 and 0.11, half of each:
    # the overall rate is (0.0081 + 0.0121) / 2 = 0.0101 and the target 0.1004988.
    people = np.full(32, 200_000.0)
    found = funnel(frame(people * np.tile([0.0081, 0.0121], 16), people), AREAS)
    below, above = 0.09 - math.sqrt(0.0101), 0.11 - math.sqrt(0.0101)
    # The quantiles at a tenth are the two values themselves, so that winsorising changes nothing.
    squares = 16 * (below**2 + above**2) * 4 * 200_000
    expected = (squares / 0.678655 - 31) / (31 * 4 * 200_000)
    assert found.between == pytest.approx(expected)


def test_more_people_narrow_the_limits():
    found = funnel(frame(PEOPLE * 0.010), AREAS)
    width = found.frame["high95"] - found.frame["low95"]
    assert width.is_monotonic_decreasing
    assert (found.curve["high95"] - found.curve["low95"]).is_monotonic_decreasing


def test_the_curve_spans_the_populations_with_the_limits_of_the_areas():
    found = funnel(frame(np.random.default_rng(1).poisson(PEOPLE * 0.010)), AREAS)
    ends = found.curve.iloc[[0, -1]].reset_index(drop=True)
    areas = found.frame.iloc[[0, -1]].reset_index(drop=True)
    pd.testing.assert_frame_equal(ends, areas[["population", *found.limits]])


def test_an_area_far_from_the_others_is_outside_and_does_not_hide_itself():
    rates = np.random.default_rng(2).normal(0.010, 0.001, 32)
    rates[[4, 9]] = 0.030, 0.001
    found = funnel(frame(PEOPLE * rates), AREAS).frame.set_index("area")
    outside = found[found["status"] != "within"]["status"].to_dict()
    assert outside == {"Area 04": "above", "Area 09": "below"}


def false_alarms(spread: float, rounds: int = 150) -> tuple[float, float]:
    """Return which share of areas, of whom none is amiss, lies outside 95% and 99.8% limits."""
    chance, outside = np.random.default_rng(20_086), np.zeros(2)
    for _ in range(rounds):
        rates = 0.015 * np.exp(chance.normal(0, spread, 32))
        scores = funnel(frame(chance.poisson(rates * PEOPLE)), AREAS).frame["score"].abs()
        outside += [(scores > 1.96).sum(), (scores > 3.09).sum()]
    return tuple(outside / (32 * rounds))


@pytest.mark.parametrize("spread", [0.0, 0.15, 0.3])
def test_areas_that_differ_by_nature_raise_as_many_alarms_as_the_limits_say(spread):
    inner, outer = false_alarms(spread)
    assert 0.02 < inner < 0.06
    assert outer < 0.006


@pytest.mark.parametrize("rate", [0.0, 0.00001, 0.5])
def test_no_lower_limit_is_below_zero_and_none_is_missing(rate):
    found = funnel(frame(np.round(PEOPLE * rate)), AREAS)
    assert (found.frame[["low95", "low998"]] >= 0).all(axis=None)
    assert found.frame.notna().all(axis=None)
    assert found.curve.notna().all(axis=None)
    assert set(found.frame["status"]) == {"within"}


def test_areas_without_count_or_residents_and_other_places_are_left_out():
    rows = frame(PEOPLE * 0.010)
    rows.loc[0, "value"] = math.nan
    rows.loc[1, "population"] = math.nan
    rows.loc[2, "population"] = 0
    more = frame([700, 3], [8_000, math.nan], ["City of London", "Unknown"])
    found = funnel(pd.concat([rows, more]), AREAS)
    assert list(found.frame["area"]) == AREAS[3:]


def test_too_few_areas_make_no_funnel():
    few = ENOUGH_AREAS - 1
    rows = frame(PEOPLE[:few] * 0.010, PEOPLE[:few], AREAS[:few])
    assert funnel(rows, AREAS) is None
    assert funnel(rows.assign(population=math.nan), AREAS) is None


COUNTS = st.lists(st.integers(0, 9_000), min_size=32, max_size=32)


@settings(max_examples=30, deadline=None)
@given(COUNTS)
def test_the_outer_limits_lie_round_the_inner_and_both_round_the_overall_rate(counts):
    found = funnel(frame(counts), AREAS)
    for each in (found.frame, found.curve):
        order = each[found.limits].assign(rate=found.rate)
        names = ["low998", "low95", "rate", "high95", "high998"]
        assert (order[names].diff(axis=1).iloc[:, 1:] >= -1e-9).all(axis=None)


@settings(max_examples=30, deadline=None)
@given(COUNTS, st.permutations(range(32)))
def test_the_order_of_rows_does_not_matter(counts, order):
    rows = frame(counts)
    there, back = funnel(rows, AREAS), funnel(rows.iloc[list(order)], AREAS)
    pd.testing.assert_frame_equal(there.frame, back.frame)


@settings(max_examples=30, deadline=None)
@given(COUNTS, st.integers(2, 50))
def test_more_of_everything_keeps_the_rates_and_never_widens_the_share_of_chance(counts, times):
    rows = frame(counts)
    more = rows.assign(value=rows["value"] * times, population=rows["population"] * times)
    there, back = funnel(rows, AREAS), funnel(more, AREAS)
    assert back.rate == pytest.approx(there.rate)
    assert back.frame["rate"].tolist() == pytest.approx(there.frame["rate"].tolist())
    # What is left of the spread when there is less chance in it is true difference.
    assert back.between >= there.between - 1e-12


@settings(max_examples=30, deadline=None)
@given(COUNTS)
def test_an_area_is_outside_exactly_where_its_rate_is(counts):
    found = funnel(frame(counts), AREAS).frame
    limit = {
        "above": found["rate"] - found["high998"],
        "below": found["low998"] - found["rate"],
        "within": (found["high998"] - found["rate"]).clip(upper=found["rate"] - found["low998"]),
    }
    for status, distance in limit.items():
        assert (distance[found["status"] == status] > -1e-9).all()


def test_violence_in_kingston_lies_within_what_boroughs_that_differ_show():
    found = real("Violence Against the Person", "2008/09")
    frame = found.frame.set_index("area")
    assert len(frame) == 32
    assert frame.loc[KINGSTON, "rate"] == pytest.approx(2_191 / 156_027 * 1000)
    assert set(frame["status"]) == {"within"}
    # By chance alone, as in a funnel without true differences, most boroughs would lie outside.
    target = math.sqrt(found.rate / 1000)
    scores = (np.sqrt(frame["rate"] / 1000) - target) * np.sqrt(4 * frame["population"])
    assert (scores.abs() > 3.09).sum() >= 24


def test_burglary_is_higher_in_one_borough_than_differences_explain():
    found = real("Burglary", "2014/15").frame
    assert found[found["status"] != "within"]["area"].tolist() == ["Westminster"]
    row = found.set_index("area").loc[KINGSTON]
    assert row["low998"] < row["rate"] < row["low95"]
