"""Control charts: segments, what is expected, limits, and which months lie outside them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tables_fixture import real_series

from kingston_analysis.data.tables.periods import shifted
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.months import POWER, ControlChart, Signal, control_chart
from kingston_analysis.measures.seasons import Seasons, estimate_seasons
from kingston_analysis.measures.variation import Variation
from kingston_analysis.results import Gap

FLAT = Seasons(pd.Series(1.0, index=range(1, 13)), ())
POISSON = Variation(1.0, math.inf, "months")
EVEN = [400] * 24
SEED = 20_084


def months(values: list[float], first: str = "2008-01") -> pd.DataFrame:
    periods = [shifted(first, "month", step) for step in range(len(values))]
    return pd.DataFrame({"period": periods, "value": [float(value) for value in values]})


def chart_of(values: list[float], seasons: Seasons = FLAT, phi: float = 1) -> ControlChart:
    return control_chart(months(values), seasons, Variation(phi, math.inf, "months"))


def judged(year: list[float]) -> tuple[Signal, ...]:
    """Judge twelve months by 24 even months of 400 before them, 2008 and 2009."""
    return chart_of([*EVEN, *year]).signals


def test_limits_worked_by_hand_from_an_even_baseline():
    first, last = (chart_of([*EVEN, *[400] * 12]).frame.iloc[at] for at in (24, 35))
    assert [first["expected"], last["expected"]] == pytest.approx([400, 400])
    # Of 24 months, at 0 to 23, a Poisson model adds 1/24 for the level and (month - 11.5)²/Sxx for
    # the trend, Sxx = 24 (24² - 1)/12 = 1,150; months that hang together, twice that: at month 24
    # 2 (1/24 + 156.25/1,150) = 0.355, at month 35 2 (1/24 + 552.25/1,150) = 1.044.
    # √400 ± 3.09 √1.355/2 = 20 ± 1.799, and 20 ± 3.09 √2.044/2 = 20 ± 2.209.
    assert (first["lower"], first["upper"]) == (math.ceil(18.201**2), math.floor(21.799**2))
    assert (last["lower"], last["upper"]) == (math.ceil(17.791**2), math.floor(22.209**2))
    assert (first["lower"], first["upper"], last["lower"], last["upper"]) == (332, 475, 317, 493)


def test_power_worked_by_hand():
    # At 140 a month a rise of a fifth moves √count by √140 (√1.2 - 1) = 1.129, of the 1.799 that
    # are needed at month 24 and the 2.209 at month 35. By counting √count spreads 1/2 round that:
    # Φ(-(1.799 - 1.129)/0.5) = Φ(-1.339) = 0.090 and Φ(-2.159) = 0.015. A fall moves it by more,
    # √140 (1 - √0.8) = 1.249. So of years of twelve months at least 1 - (1 - 0.048)¹² show it.
    found = chart_of([140] * 36)
    assert 1 - (1 - 0.015) ** 12 < found.power < 1 - (1 - 0.090) ** 12
    assert found.power == pytest.approx(1 - (1 - 0.048) ** 12, abs=0.002)
    assert found.gap.why == (
        "At about 140 a month, months cannot be judged one by one: a lasting change of 20% "
        "would show in only 44 of 100 years."
    )


def test_counts_that_vary_more_have_wider_limits():
    # At 1,000 a month, φ = 4: √1,000 = 31.62 ± 3.09 √(4 · 1.355)/2 = ± 3.597 at month 24.
    first = chart_of([1_000] * 36, phi=4).frame.iloc[24]
    assert (first["lower"], first["upper"]) == (math.ceil(28.026**2), math.floor(35.220**2))
    assert (first["lower"], first["upper"]) == (786, 1_240)


def test_noise_that_is_badly_known_has_the_limits_of_students_t():
    # t.999 with 10 degrees of freedom is 4.144 instead of 3.090.
    known = control_chart(months([1_000] * 36), FLAT, Variation(1.0, 10, "months")).frame.iloc[24]
    assert known["upper"] == math.floor((31.6228 + 4.1437 * math.sqrt(1.35507) / 2) ** 2) == 1_158


def test_months_that_no_line_follows_widen_the_limits():
    # ±20 about 100, the other way round in the second year so that it is no season: 24 squares of
    # 20²/100 = 4 over 24 - 2 degrees of freedom, 4.36 instead of 1.
    found = chart_of([80, 120] * 6 + [120, 80] * 6 + [100] * 12)
    assert found.phi == pytest.approx(24 * 4 / 22)


def test_what_is_expected_goes_on_with_the_trend():
    falling = [round(10_000 * 0.9 ** (month / 12)) for month in range(48)]
    found = chart_of(falling)
    assert found.frame["expected"].to_numpy() == pytest.approx(np.array(falling), rel=1e-3)
    assert found.signals == ()
    # A level that stays where it was is above a trend that falls: after 12 months by a tenth.
    stayed = chart_of([*falling[:36], *[falling[36]] * 12])
    assert stayed.signals[0].side == "high"


def test_the_expected_count_follows_the_season():
    # Three times as many in June as in any other month: an index of 18/7 and 6/7, a mean of 1.
    index = pd.Series([18 / 7 if month == 6 else 6 / 7 for month in range(1, 13)], range(1, 13))
    year = [1_800 if month == 6 else 600 for month in range(1, 13)]
    chart = chart_of(year * 3, Seasons(index, ()))
    assert chart.power > POWER
    assert chart.frame["expected"].tolist() == pytest.approx(year * 3)
    assert chart.signals == ()


def test_a_season_of_its_own_is_learned_as_far_as_its_months_show_one():
    # 412 and 388 by turns for five years, where all areas have no season. Apart are ln 1.03 =
    # 0.02956 and ln 0.97 = -0.03046; by chance, with 2,060 and 1,940 counted, 1/2,060 = 0.000485
    # and 1/1,940 = 0.000515 (squared), in the mean 0.000500. Beyond chance are
    # 6 (0.02956² + 0.03046²)/11 - 0.000500 = 0.000482. Taken over are 0.482/(0.482 + 0.485) = 0.498
    # and 0.482/(0.482 + 0.515) = 0.483: e^(0.498 · 0.02956 + 0.483 · 0.03046) = 1.0299.
    frame = chart_of([412, 388] * 36).frame
    high, low = frame["expected"].iloc[-2:]
    assert high / low == pytest.approx(1.0299, abs=0.002)


def test_a_season_that_chance_explains_is_that_of_all_areas():
    # 404 and 396: apart 0.01, squared 0.0001, by chance 0.0005.
    expected = chart_of([404, 396] * 36).frame["expected"].iloc[-2:]
    assert expected.tolist() == pytest.approx([400, 400], rel=0.005)


def test_a_month_outside_is_a_signal_on_its_side():
    # The limits of January are 332 to 475, those of December 317 to 493.
    assert judged([475, *[400] * 10, 317]) == ()
    assert judged([476, *[400] * 10, 316]) == (
        Signal("high", "2010-01", "2010-01"),
        Signal("low", "2010-12", "2010-12"),
    )


def test_months_outside_in_a_row_are_one_signal():
    found = judged([500, 500, 400, 520, *[400] * 8])
    assert [(each.first, each.last) for each in found] == [
        ("2010-01", "2010-02"),
        ("2010-04", "2010-04"),
    ]


def test_months_on_one_side_of_what_is_expected_are_no_signal():
    assert judged([440] * 12) == judged([360] * 12) == ()


@pytest.mark.parametrize("count", [5, 40, 90])
def test_where_a_step_of_a_fifth_would_seldom_show_no_month_is_judged(count):
    found = chart_of([*[count] * 24, 10 * count, *[count] * 11], phi=2)
    assert found.power < POWER
    assert found.gap.why.startswith(f"At about {round(count * 21 / 12)} a month, months cannot be")
    assert found.signals == ()
    assert set(found.frame["role"]) == {"none"}
    assert found.frame[["expected", "lower", "upper"]].isna().all(axis=None)


def test_months_are_judged_from_220_a_month_where_counts_vary_twice_as_much():
    # A full baseline of 36 months and φ = 2, as for most recorded crime.
    least = next(n for n in range(100, 400, 20) if chart_of([n] * 48, phi=2).gap is None)
    assert least == 220


def test_the_latest_twelve_are_judged_by_up_to_thirty_six_before():
    for known, baseline in ((36, 24), (42, 30), (48, 36), (60, 36)):
        chart = chart_of([500] * known)
        assert len(chart.months("judged")) == 12
        assert len(chart.months("baseline")) == baseline
        assert chart.months("judged")["period"].iloc[-1] == shifted("2008-01", "month", known - 1)
        assert (chart.frame["role"] == "none").sum() == known - 12 - baseline


def test_limits_hold_where_months_are_judged_and_nowhere_else():
    frame = chart_of([500] * 50).frame
    for name in ("lower", "upper"):
        assert (frame[name].notna() == (frame["role"] == "judged")).all()
    assert (frame["expected"].notna() == (frame["role"] != "none")).all()


def test_under_thirty_six_months_there_is_a_reason_and_no_limit():
    chart = chart_of([500] * 35)
    assert chart.gap == Gap("A control chart needs 36 known months; 35 are known.")
    assert chart.signals == ()
    assert chart.phi is chart.power is None
    assert set(chart.frame["role"]) == {"none"}
    assert chart.months("judged").empty


def test_one_month_and_none_have_a_reason_too():
    assert chart_of([50]).gap.why.endswith("1 is known.")
    assert chart_of([]).gap.why.endswith("0 are known.")
    assert chart_of([math.nan] * 40).gap.why.endswith("0 are known.")


def test_a_break_restarts_the_chart():
    chart = control_chart(months([*[500] * 30, *[5_000] * 38]), FLAT, POISSON, ["2010-07"])
    # 2010-07 is the 31st month: the chart has the 38 months since and no others.
    assert chart.frame["segment"].tolist() == [1] * 30 + [2] * 38
    assert chart.frame["expected"].dropna().to_numpy() == pytest.approx(np.full(38, 5_000))
    assert chart.signals == ()


def test_too_few_months_since_a_break_are_told():
    chart = control_chart(months([500] * 39), FLAT, POISSON, ["2010-07"])
    assert chart.gap == Gap(
        "A control chart needs 36 known months; 9 are known since the break in July 2010."
    )
    assert set(chart.frame["role"]) == {"none"}


@pytest.mark.parametrize("how", ["row", "value"])
def test_a_gap_ends_a_segment(how):
    frame = months([500] * 39)
    if how == "row":
        frame = frame.drop(index=29)
    else:
        frame.loc[29, "value"] = math.nan
    chart = control_chart(frame, FLAT, POISSON)
    assert chart.gap.why.endswith("9 are known since the gap before July 2010.")
    assert chart.frame.loc[chart.frame["value"].isna(), "segment"].tolist() == [0] * (how != "row")


def test_a_last_month_that_is_missing_leaves_the_ones_before_it_judged():
    assert judged([*[400] * 11, 550, math.nan]) == (Signal("high", "2010-12", "2010-12"),)


def test_a_break_before_the_first_or_after_the_last_month_is_none():
    chart = control_chart(months([500] * 36), FLAT, POISSON, ["2008-01", "2011-01", "1999-01"])
    assert chart.gap is None


def test_nothing_counted_gives_a_reason():
    assert "No offences were counted" in chart_of([0] * 40).gap.why
    assert "No offences were counted" in chart_of([0] * 28 + [5] * 12).gap.why


@pytest.mark.parametrize(
    ("values", "what"),
    [([5, -1, 5], "2008-02 is negative"), ([5, 5, 0.5], "2008-03 is no whole number")],
)
def test_what_is_no_count_is_refused_with_its_month(values, what):
    with pytest.raises(KingstonError, match=what):
        chart_of(values)


def test_a_month_that_stands_twice_is_refused():
    with pytest.raises(KingstonError, match="2008-01 stands twice"):
        control_chart(pd.concat([months([5]), months([5])]), FLAT, POISSON)


COUNTS = st.lists(st.integers(0, 3_000), min_size=30, max_size=60)
LEVELS = st.tuples(st.integers(100, 3_000), st.floats(0.9, 1.1), st.integers(36, 60))


@example([0] * 15 + [2_000 + step for step in range(30)])
@example([5_000] + [0] * 47)
@example([0] * 35 + [10**6] * 13)
@settings(max_examples=25)
@given(COUNTS)
def test_limits_are_in_order_round_what_was_expected(values):
    chart = chart_of(values)
    held = chart.months("judged")
    assert (chart.gap is None) == (len(held) == 12)
    assert np.isfinite(held[["expected", "lower", "upper"]].to_numpy()).all()
    assert (held["lower"] <= held["expected"] + 1).all()
    assert (held["expected"] <= held["upper"] + 1).all()


@settings(max_examples=25)
@given(COUNTS)
def test_a_signal_names_exactly_the_judged_months_outside(values):
    chart = chart_of(values)
    held = chart.months("judged").set_index("period")
    outside = held.index[(held["value"] < held["lower"]) | (held["value"] > held["upper"])]
    spans = [held.loc[each.first : each.last].index for each in chart.signals]
    assert sorted(month for span in spans for month in span) == sorted(outside)


@settings(max_examples=25)
@given(COUNTS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(values, chance):
    frame = months(values)
    mixed = frame.iloc[chance.sample(range(len(frame)), len(frame))]
    first, second = (control_chart(each, FLAT, POISSON) for each in (frame, mixed))
    pd.testing.assert_frame_equal(first.frame, second.frame)
    assert first.signals == second.signals


@settings(max_examples=25)
@given(LEVELS)
def test_a_count_that_follows_its_trend_is_never_outside(level):
    start, ratio, length = level
    assert chart_of([round(start * ratio ** (at / 12)) for at in range(length)]).signals == ()


@settings(max_examples=25)
@given(LEVELS, st.floats(1, 5))
def test_more_noise_judges_less(level, phi):
    start, ratio, length = level
    values = [round(start * ratio ** (at / 12)) for at in range(length)]
    quiet, noisy = chart_of(values), chart_of(values, phi=phi)
    assert noisy.power <= quiet.power
    if noisy.gap is None:
        assert (noisy.frame["upper"] >= quiet.frame["upper"]).sum() == 12


@pytest.mark.parametrize(("mean", "phi", "yearly"), [(400, 1, 1.0), (600, 2, 1.0), (600, 2, 0.9)])
def test_where_only_the_past_goes_on_a_month_outside_is_rare(mean, phi, yearly):
    """The study of alarms covers more; this one notices at once when the limits go wrong."""
    chance, at = np.random.default_rng(SEED), np.arange(36)
    expected = mean * (1 + 0.2 * np.sin(at * 2 * np.pi / 12)) * yearly ** (at / 12)
    index = pd.Series(1 + 0.2 * np.sin(np.arange(12) * 2 * np.pi / 12), index=range(1, 13))
    if phi == 1:
        drawn = chance.poisson(expected, (60, 36))
    else:
        drawn = chance.negative_binomial(expected / (phi - 1), 1 / phi, (60, 36))
    charts = [chart_of(list(row), Seasons(index, ()), phi) for row in drawn]
    alarms = sum(bool(chart.signals) for chart in charts if chart.gap is None)
    assert sum(chart.gap is None for chart in charts) > 50
    assert alarms <= 0.05 * 60


def test_kingstons_violence_restarts_in_april_2012():
    series = real_series("violence-against-the-person", 1)
    known = series.all_months[series.all_months["period"] <= "2015-12"]
    own = known[known["area"] == series.area][["period", "value"]]
    breaks = [month for month, _, _ in series.month_breaks() if month <= "2015-12"]
    noise = series.variation("2015/16")
    chart = control_chart(own, estimate_seasons(known, breaks), noise, breaks)
    assert breaks == ["2012-04"]
    # January 2008 to March 2012 are 51 months, April 2012 to December 2015 are 45.
    assert chart.frame["segment"].value_counts().to_dict() == {1: 51, 2: 45}
    assert chart.gap.why.startswith("At about 254 a month, months cannot be judged one by one")


def test_a_year_of_kingstons_theft_from_the_person_adds_up():
    frame = control_chart(real_series("theft-from-the-person").months, FLAT, POISSON).frame
    year = frame[frame["period"].between("2008-04", "2009-03")]
    assert year["value"].sum() == 360
