"""Seasons: what each month of the year brings, with a trend, few months, or none at all."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t
from tables_fixture import real_series

from kingston_analysis.data.tables.periods import shifted
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.seasons import estimate_seasons, own_profile

# A year with a mean of 100 and a mild season: January to December.
YEAR = [90, 80, 100, 100, 110, 110, 120, 100, 90, 100, 110, 90]
TOLD = {month: count / 100 for month, count in enumerate(YEAR, start=1)}
COUNTS = st.lists(st.integers(0, 500), min_size=1, max_size=60)


def of(values: list[float], first: str = "2008-01", area: str = "Ashby") -> pd.DataFrame:
    periods = [shifted(first, "month", step) for step in range(len(values))]
    return pd.DataFrame({"area": area, "period": periods, "value": [float(v) for v in values]})


def alone(months: pd.DataFrame) -> pd.DataFrame:
    return months[["period", "value"]]


def test_an_index_of_one_year_is_each_month_over_the_mean():
    found = estimate_seasons(of(YEAR))
    assert found.index.to_dict() == pytest.approx(TOLD)
    assert found.unseen == ()


def test_less_than_two_years_gives_no_interval():
    for months in (11, 12, 23):
        found = estimate_seasons(of((YEAR * 2)[:months]))
        assert found.low is found.high is None
        assert found.clear == ()


def test_months_of_the_year_that_were_not_seen_count_as_average():
    # January to November: 1,110 in eleven months, a mean of 100.909
    found = estimate_seasons(of(YEAR[:11]))
    assert found.unseen == (12,)
    assert found.index[12] == 1
    assert found.index[2] == pytest.approx(80 / (1_110 / 11))


def test_areas_are_added_up():
    both = pd.concat([of(YEAR), of([2 * count for count in YEAR], area="Burnham")])
    assert estimate_seasons(both).index.to_dict() == pytest.approx(TOLD)


def test_a_month_in_which_one_area_is_missing_is_left_out_for_all():
    both = pd.concat([of(YEAR), of([*YEAR[:11], math.nan], area="Burnham")])
    assert estimate_seasons(both).unseen == (12,)


def test_an_area_that_is_never_known_takes_nothing_away():
    both = pd.concat([of(YEAR), of([math.nan] * 12, area="Burnham")])
    assert estimate_seasons(both).index.to_dict() == pytest.approx(TOLD)


@pytest.mark.parametrize("growth", [0.99, 1.0, 1.02])
def test_a_steady_trend_is_no_season(growth):
    values = [round(1_000 * YEAR[n % 12] * growth**n) for n in range(48)]
    assert estimate_seasons(of(values)).index.to_dict() == pytest.approx(TOLD, rel=1e-3)


def test_a_trend_that_bends_after_a_year_is_no_season():
    # Twelve flat months, then 2% a month.
    values = [round(1_000 * YEAR[n % 12] * 1.02 ** max(0, n - 12)) for n in range(48)]
    assert estimate_seasons(of(values)).index.to_dict() == pytest.approx(TOLD, rel=1e-3)


def test_a_registered_break_is_no_season():
    values = [1_000 * YEAR[n % 12] * (3 if n >= 17 else 1) for n in range(48)]
    assert estimate_seasons(of(values), ["2009-06"]).index.to_dict() == pytest.approx(
        TOLD, rel=1e-6
    )
    assert estimate_seasons(of(values)).index[6] > 1.2


def test_breaks_outside_the_months_or_twice_in_one_change_nothing():
    months = of(YEAR * 3)
    plain = estimate_seasons(months).index.to_dict()
    for breaks in (["1999-01"], ["2020-01"], ["2009-06", "2009-06"]):
        assert estimate_seasons(months, breaks).index.to_dict() == pytest.approx(plain)


def test_clear_months_stand_out_from_chance_and_others_do_not():
    # 24 months of 100, and two Decembers of 200: far outside; the rest are even.
    found = estimate_seasons(of([*[100] * 11, 200] * 2))
    assert found.clear[-1] == 12
    assert found.low[12] < 200 / (1_300 / 12) < found.high[12]
    assert estimate_seasons(of([100] * 24)).clear == ()


@given(COUNTS)
def test_a_month_is_clear_where_its_interval_leaves_out_the_average_and_nowhere_else(values):
    found = estimate_seasons(of(values))
    if found.low is not None:
        outside = (found.low > 1) | (found.high < 1)
        assert found.clear == tuple(month for month in found.low.index if outside[month])
        assert found.level == 0.995


def test_of_areas_without_a_season_few_have_a_month_that_is_clear():
    """At 99.5% each, twelve months that were independent would have one in 1 - 0.995¹² = 5.8%."""
    numbers = np.random.default_rng(12)
    clear = sum(bool(estimate_seasons(of(numbers.poisson(60, 60))).clear) for _ in range(200))
    # 5.8 of 100, give or take two standard errors of √(0.058 * 0.942 / 200) = 1.7
    assert clear / 200 <= 0.058 + 2 * 0.017


def test_a_month_without_a_single_offence_has_a_small_index_and_no_warning():
    found = estimate_seasons(of([0, *[100] * 11] * 3))
    assert 0 < found.index[1] < 0.01
    assert found.index[2] == pytest.approx(12 / 11, rel=1e-3)


@pytest.mark.parametrize("values", [[], [7], [0] * 30, [0], [math.nan] * 12, [math.nan, 5]])
def test_next_to_nothing_gives_a_flat_year(values):
    found = estimate_seasons(of(values))
    assert found.index.to_dict() == dict.fromkeys(range(1, 13), 1.0)


@given(COUNTS)
def test_the_mean_index_of_the_months_seen_is_one(values):
    found = estimate_seasons(of(values))
    assert list(found.index.index) == list(range(1, 13))
    assert found.index.notna().all()
    assert found.index.drop(list(found.unseen)).mean() == pytest.approx(1)


@given(COUNTS)
def test_an_interval_contains_its_index(values):
    found = estimate_seasons(of(values))
    if found.low is not None:
        assert (found.low <= found.index).all()
        assert (found.index <= found.high).all()


@given(COUNTS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(values, chance):
    months = of(values)
    mixed = months.iloc[chance.sample(range(len(months)), len(months))]
    pd.testing.assert_series_equal(estimate_seasons(mixed).index, estimate_seasons(months).index)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=60), st.integers(2, 9))
def test_scaling_all_counts_leaves_the_index(values, times):
    larger = estimate_seasons(of([count * times for count in values]))
    pd.testing.assert_series_equal(larger.index, estimate_seasons(of(values)).index, rtol=1e-4)


@pytest.mark.parametrize(
    ("values", "what"),
    [([5, -1], "February|2008-02.*Ashby is negative"), ([5, 1.5], "2008-02.*is no whole number")],
)
def test_what_is_no_count_is_refused_with_its_place(values, what):
    with pytest.raises(KingstonError, match=what):
        estimate_seasons(of(values))


def test_a_month_that_stands_twice_is_refused():
    with pytest.raises(KingstonError, match="2008-01 in Ashby stands twice"):
        estimate_seasons(pd.concat([of([5]), of([6])]))


# A financial year from April.
FROM_APRIL = YEAR[3:] + YEAR[:3]


def test_a_profile_takes_whole_financial_years_only():
    # January to March 2008 and April 2009 lie in years that are not whole.
    months = of([999, 999, 999, *FROM_APRIL, 999])
    found = own_profile(alone(months), months)
    assert found.years == ("2008/09",)
    assert found.own.index.to_dict() == pytest.approx(TOLD)
    assert found.counts.to_dict() == dict(enumerate(YEAR, start=1))


def test_a_profile_stands_beside_all_areas_in_the_same_years():
    own = of([*FROM_APRIL, *[50] * 3], first="2008-04")
    others = of([*[100] * 12, *[7] * 3], first="2008-04", area="Burnham")
    found = own_profile(alone(own), pd.concat([own, others]))
    # Both together: (own + 100) / 200, and nothing of the fifty and seven after March.
    expected = {month: (share + 1) / 2 for month, share in TOLD.items()}
    assert found.everyone.index.to_dict() == pytest.approx(expected)


def test_an_area_alone_is_compared_with_none():
    months = of(FROM_APRIL, first="2008-04")
    assert own_profile(alone(months), months).everyone is None


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (FROM_APRIL[:11], "a whole financial year"),
        ([*FROM_APRIL[:5], math.nan, *FROM_APRIL[6:]], "a whole financial year"),
        ([], "a whole financial year"),
        ([0] * 12, "No offences were counted"),
    ],
)
def test_without_a_whole_year_of_counts_there_is_a_reason_and_no_profile(values, reason):
    months = of(values, first="2008-04")
    found = own_profile(alone(months), months)
    assert reason in found.why


def test_theft_from_the_person_in_kingston_has_its_peak_before_christmas():
    series = real_series("theft-from-the-person")
    known = series.all_months[series.all_months["period"] <= "2015-12"]
    own = alone(known[known["area"] == series.area])
    found = own_profile(own, known)
    assert found.years[::6] == ("2008/09", "2014/15")
    assert found.counts[12] == 313
    assert found.own.index.idxmax() == 12
    assert found.own.clear == (12,)


def test_the_level_of_the_interval_is_that_of_its_student_quantile():
    values = [n % 3 + YEAR[n % 12] for n in range(36)]
    usual, sure = (estimate_seasons(of(values), level=level) for level in (0.95, 0.99))
    # 36 months less twelve effects, a trend and a bend leave 22 degrees of freedom.
    reaches = [math.log(each.high[6] / each.index[6]) for each in (usual, sure)]
    assert reaches[1] / reaches[0] == pytest.approx(t.isf(0.005, 22) / t.isf(0.025, 22))
    assert sure.of(6).level == 0.99


def test_months_alike_are_those_whose_difference_can_be_nought():
    """In three years April has 3 · 960 = 2,880, May 2,790 and June 2,700, nine others 1,500 each.

    The logged difference has the standard error √(1/2,880 + 1/2,790) = 0.027, of which 2.1 are
    0.056: log(960 / 930) = 0.032 is inside, log(960 / 900) = 0.065 is not.
    """
    year = [500.0, 500, 500, 960, 930, 900, *[500.0] * 6]
    found = estimate_seasons(of(year * 3), level=0.95)
    assert found.highest == (4, 5)
    # At 99.5% 3.1 standard errors are 0.084, and June is inside too.
    assert estimate_seasons(of(year * 3)).highest == (4, 5, 6)
    assert len(found.lowest) == 9
    assert set(found.lowest) == set(range(1, 13)) - {4, 5, 6}


def test_a_higher_level_tells_fewer_months_apart():
    year = [500.0, 500, 500, 960, 930, 900, *[500.0] * 6]
    assert estimate_seasons(of(year * 3), level=0.995).highest == (4, 5, 6)


def test_without_an_interval_nothing_is_known_of_months_alike():
    found = estimate_seasons(of(YEAR))
    assert (found.highest, found.lowest) == ((), ())
