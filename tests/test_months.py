"""Control charts: segments, limits, and the rules that tell a signal from chance."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom, norm, t
from tables_fixture import real_series

from kingston_analysis.data.tables.periods import shifted
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.months import VERDICT_RULES, Signal, control_chart
from kingston_analysis.measures.seasons import Seasons, estimate_seasons
from kingston_analysis.results import Gap

FLAT = Seasons(pd.Series(1.0, index=range(1, 13)), ())
EVEN = [100] * 24
SEED = 20_084


def months(values: list[float], first: str = "2008-01") -> pd.DataFrame:
    periods = [shifted(first, "month", step) for step in range(len(values))]
    return pd.DataFrame({"period": periods, "value": [float(value) for value in values]})


def judged(year: list[float]) -> tuple[Signal, ...]:
    """Judge twelve months by 24 even months of 100 before them, 2008 and 2009."""
    return control_chart(months([*EVEN, *year]), FLAT).signals


def test_limits_worked_by_hand_from_an_even_baseline():
    chart = control_chart(months([*EVEN, *[100] * 12]), FLAT)
    last = chart.frame.iloc[-1]
    # Not more than Poisson varies: φ is 1. Prediction of one more month from 24 with 2,400 in all:
    # negative binomial with the variance 100 (1 + 1/24), so size 2,400 and chance 24/25.
    assert (chart.phi, chart.distribution) == (1, "Poisson")
    assert last["expected"] == 100
    assert last["lower"] == nbinom.ppf(0.001, 2_400, 24 / 25) == 70
    assert last["upper"] == nbinom.isf(0.001, 2_400, 24 / 25) == 133
    assert last["near_lower"] == nbinom.ppf(0.02275, 2_400, 24 / 25) == 80
    assert last["near_upper"] == nbinom.isf(0.02275, 2_400, 24 / 25) == 121


def test_limits_worked_by_hand_where_counts_vary_more_than_poisson():
    chart = control_chart(months([80, 120] * 12 + [100] * 12), FLAT)
    # Every residual is ∓20/√100 = ∓2, neighbours differ by 4: φ = 4²/2 = 8
    assert chart.phi == pytest.approx(8)
    assert chart.distribution == "negative binomial"
    # Von Neumann's estimate from 24 months is worth 2 · 23² / (3 · 24 - 4) degrees of freedom.
    tail = norm.sf(t.isf(0.001, 2 * 23**2 / 68))
    variance = 8 * (1 + 1 / 24)
    limits = nbinom.isf(tail, 100 / (variance - 1), 1 / variance)
    assert chart.frame["upper"].iloc[-1] == limits > 133


def test_a_baseline_that_moved_once_does_not_hide_what_follows():
    # 12 months of 80, then 12 of 120: one step of 4 among 23 pairs, φ = 4²/23/2 < 1.
    found = control_chart(months([80] * 12 + [120] * 12 + [140] * 12), FLAT)
    assert found.phi == 1
    assert found.signals[0].rule == "outside"


def test_the_expected_count_follows_the_season():
    # Three times as many in June as in any other month: an index of 18/7 and 6/7, a mean of 1.
    index = pd.Series([18 / 7 if month == 6 else 6 / 7 for month in range(1, 13)], range(1, 13))
    year = [180 if month == 6 else 60 for month in range(1, 13)]
    chart = control_chart(months(year * 3), Seasons(index, ()))
    assert chart.frame["expected"].tolist() == pytest.approx(year * 3)
    assert chart.signals == ()
    assert control_chart(months(year * 3), FLAT).phi > 10


def test_a_month_outside_is_a_signal_on_its_side():
    assert judged([100, 134, *[100] * 10]) == (Signal("outside", "high", "2010-02", "2010-02"),)
    assert judged([100, 69, *[100] * 10]) == (Signal("outside", "low", "2010-02", "2010-02"),)
    assert judged([100, 133, *[100] * 9, 70]) == ()


def test_months_outside_in_a_row_are_one_signal():
    found = [each for each in judged([140, 140, 100, 150, *[100] * 8]) if not each.hint]
    assert [(each.first, each.last) for each in found] == [
        ("2010-01", "2010-02"),
        ("2010-04", "2010-04"),
    ]


@pytest.mark.parametrize(
    ("year", "span"),
    [
        ([122, 122], ("2010-01", "2010-02")),
        ([122, 100, 122], ("2010-01", "2010-03")),
        ([122, 100, 122, 100, 122], ("2010-01", "2010-05")),
        ([100] * 10 + [122, 122], ("2010-11", "2010-12")),
    ],
)
def test_two_of_three_months_near_a_limit_are_a_hint(year, span):
    [found] = judged(year + [100] * (12 - len(year)))
    assert found == Signal("two of three", "high", *span)
    assert found.hint


@pytest.mark.parametrize("year", [[122, 100, 100, 122], [122, 79], [121, 121, 121]])
def test_one_of_three_or_opposite_sides_are_none(year):
    assert judged(year + [100] * (12 - len(year))) == ()


def test_two_of_three_below_are_a_hint_too():
    assert judged([79, 79, *[100] * 10]) == (Signal("two of three", "low", "2010-01", "2010-02"),)


def test_seven_in_a_row_on_one_side_are_a_hint_and_six_are_not():
    seven = [102, 101, 103, 101, 102, 101, 103]
    found = Signal("seven on one side", "high", "2010-03", "2010-09")
    assert judged([100, 100, *seven, 100, 100, 100]) == (found,)
    assert found.hint
    assert judged([100, 100, *seven[:6], 100, 100, 100, 100]) == ()
    below = [200 - value for value in seven]
    assert judged([*below, *[100] * 5])[0].side == "low"


def test_the_expected_count_itself_is_on_neither_side():
    assert judged([101, 102, 101, 100, 101, 102, 101, 99, 101, 102, 101, 102]) == ()


def test_seven_in_a_row_that_rise_or_fall_are_a_hint_and_six_are_not():
    seven = [96, 97, 98, 99, 101, 102, 103]
    rising = Signal("seven rising or falling", "rising", "2010-02", "2010-08")
    assert judged([100, *seven, 100, 100, 100, 100]) == (rising,)
    assert judged([*seven[:6], *[100] * 6]) == ()
    falling = judged([100, 100, *seven[::-1], 100, 100, 100])
    assert [each.side for each in falling] == ["falling"]


def test_a_season_that_rises_is_no_rising_count():
    index = pd.Series([0.89 + 0.02 * month for month in range(12)], index=range(1, 13))
    values = [round(10_000 * index[month]) for month in range(1, 13)] * 3
    assert control_chart(months(values), Seasons(index / index.mean(), ())).signals == ()


def test_a_verdict_rests_only_on_a_month_outside():
    assert VERDICT_RULES == ("outside",)
    assert not Signal("outside", "high", "2010-01", "2010-01").hint


def test_the_latest_twelve_are_judged_by_up_to_twenty_four_before():
    for known, baseline in ((24, 12), (30, 18), (36, 24), (60, 24)):
        chart = control_chart(months([50] * known), FLAT)
        assert len(chart.months("judged")) == 12
        assert len(chart.months("baseline")) == baseline
        assert chart.months("judged")["period"].iloc[-1] == shifted("2008-01", "month", known - 1)
        assert (chart.frame["role"] == "none").sum() == known - 12 - baseline


def test_limits_hold_where_months_are_judged_and_nowhere_else():
    frame = control_chart(months([50] * 40), FLAT).frame
    for name in ("lower", "near_lower", "near_upper", "upper"):
        assert (frame[name].notna() == (frame["role"] == "judged")).all()
    assert (frame["expected"].notna() == (frame["role"] != "none")).all()


def test_under_twenty_four_months_there_is_a_reason_and_no_limit():
    chart = control_chart(months([50] * 23), FLAT)
    assert chart.gap == Gap("A control chart needs 24 known months; 23 are known.")
    assert chart.signals == ()
    assert chart.phi is chart.distribution is None
    assert set(chart.frame["role"]) == {"none"}
    assert chart.months("judged").empty


def test_one_month_and_none_have_a_reason_too():
    assert control_chart(months([50]), FLAT).gap.why.endswith("1 is known.")
    assert control_chart(months([]), FLAT).gap.why.endswith("0 are known.")
    assert control_chart(months([math.nan] * 30), FLAT).gap.why.endswith("0 are known.")


def test_a_break_restarts_the_limits():
    chart = control_chart(months([*[50] * 30, *[500] * 26]), FLAT, ["2010-07"])
    # 2010-07 is the 31st month: both segments have 24 months and limits of their own.
    assert chart.frame["segment"].tolist() == [1] * 30 + [2] * 26
    assert chart.frame["expected"].dropna().unique().tolist() == [50, 500]
    assert chart.signals == ()
    assert (chart.frame["role"] == "judged").sum() == 24


def test_too_few_months_since_a_break_are_told():
    chart = control_chart(months([50] * 39), FLAT, ["2010-07"])
    assert chart.gap == Gap(
        "A control chart needs 24 known months; 9 are known since the break in July 2010."
    )
    # The older segment keeps its limits, of which nothing is said in words.
    assert (chart.frame["role"] == "judged").sum() == 12
    assert chart.months("judged").empty


@pytest.mark.parametrize("how", ["row", "value"])
def test_a_gap_ends_a_segment(how):
    frame = months([50] * 39)
    if how == "row":
        frame = frame.drop(index=29)
    else:
        frame.loc[29, "value"] = math.nan
    chart = control_chart(frame, FLAT)
    assert chart.gap.why.endswith("9 are known since the gap before July 2010.")
    assert chart.frame.loc[chart.frame["value"].isna(), "segment"].tolist() == [0] * (how != "row")


def test_a_last_month_that_is_missing_leaves_the_ones_before_it_judged():
    frame = months([*EVEN, *[100] * 11, 150, math.nan])
    assert control_chart(frame, FLAT).signals == (Signal("outside", "high", "2010-12", "2010-12"),)


def test_a_break_before_the_first_or_after_the_last_month_is_none():
    chart = control_chart(months([50] * 24), FLAT, ["2008-01", "2010-01", "1999-01"])
    assert chart.gap is None


def test_nothing_counted_gives_a_reason():
    assert "No offences were counted" in control_chart(months([0] * 40), FLAT).gap.why
    assert "No offences were counted" in control_chart(months([0] * 28 + [5] * 12), FLAT).gap.why


@pytest.mark.parametrize(
    ("values", "what"),
    [([5, -1, 5], "2008-02 is negative"), ([5, 5, 0.5], "2008-03 is no whole number")],
)
def test_what_is_no_count_is_refused_with_its_month(values, what):
    with pytest.raises(KingstonError, match=what):
        control_chart(months(values), FLAT)


def test_a_month_that_stands_twice_is_refused():
    with pytest.raises(KingstonError, match="2008-01 stands twice"):
        control_chart(pd.concat([months([5]), months([5])]), FLAT)


COUNTS = st.lists(st.integers(0, 300), min_size=1, max_size=60)


@given(COUNTS)
def test_limits_are_in_order_round_what_was_expected(values):
    frame = control_chart(months(values), FLAT).frame
    held = frame[frame["role"] == "judged"]
    names = ["lower", "near_lower", "near_upper", "upper"]
    assert held[names].notna().all(axis=None)
    assert (held[names].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert (held["lower"] <= held["expected"]).all()
    assert (held["expected"] <= held["upper"]).all()


@given(COUNTS)
def test_a_signal_outside_names_exactly_the_judged_months_outside(values):
    chart = control_chart(months(values), FLAT)
    held = chart.months("judged").set_index("period")
    outside = held.index[(held["value"] < held["lower"]) | (held["value"] > held["upper"])]
    spans = [held.loc[s.first : s.last].index for s in chart.signals if s.rule == "outside"]
    assert sorted(month for span in spans for month in span) == sorted(outside)


@given(COUNTS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(values, chance):
    frame = months(values)
    mixed = frame.iloc[chance.sample(range(len(frame)), len(frame))]
    first, second = control_chart(frame, FLAT), control_chart(mixed, FLAT)
    pd.testing.assert_frame_equal(first.frame, second.frame)
    assert first.signals == second.signals


@pytest.mark.parametrize(("mean", "phi"), [(5, 1), (40, 2), (150, 2)])
def test_where_nothing_happens_a_month_outside_is_rare(mean, phi):
    """The study of alarms covers more; this one notices at once when the limits go wrong."""
    chance = np.random.default_rng(SEED)
    expected = mean * (1 + 0.2 * np.sin(np.arange(24) * 2 * np.pi / 12))
    index = pd.Series(expected[:12] / mean, index=range(1, 13))
    if phi == 1:
        drawn = chance.poisson(expected, (150, 24))
    else:
        drawn = chance.negative_binomial(expected / (phi - 1), 1 / phi, (150, 24))
    charts = [control_chart(months(list(row)), Seasons(index, ())) for row in drawn]
    alarms = sum(any(not each.hint for each in chart.signals) for chart in charts)
    assert alarms <= 0.05 * 150


def test_kingstons_violence_restarts_in_april_2012():
    series = real_series("violence-against-the-person", 1)
    known = series.all_months[series.all_months["period"] <= "2015-12"]
    own = known[known["area"] == series.area][["period", "value"]]
    breaks = [month for month, _, _ in series.month_breaks() if month <= "2015-12"]
    chart = control_chart(own, estimate_seasons(known, breaks), breaks)
    assert breaks == ["2012-04"]
    # January 2008 to March 2012 are 51 months, April 2012 to December 2015 are 45.
    assert chart.frame["segment"].value_counts().to_dict() == {1: 51, 2: 45}
    assert chart.months("baseline")["period"].iloc[0] == "2013-01"
    in_a_row = [each for each in chart.signals if each.rule == "seven on one side"]
    assert in_a_row == [Signal("seven on one side", "high", "2015-01", "2015-12")]


def test_a_year_of_kingstons_theft_from_the_person_adds_up():
    frame = control_chart(real_series("theft-from-the-person").months, FLAT).frame
    year = frame[frame["period"].between("2008-04", "2009-03")]
    assert year["value"].sum() == 360
