"""Changes: ratio, interval, verdict, and the smallest fall that would have been noticed."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingston_analysis.measures.changes import change, dispersion

COUNTS = st.integers(1, 1_000_000)
PHIS = st.floats(1, 20)
NONE = pd.Series(dtype=float)


def test_a_change_worked_by_hand():
    # ratio 80/100 = 0.8; √(2 (1/100 + 1/80)) = √0.045 = 0.212132; 1.96 * 0.212132 = 0.415771
    found = change(100, 80, phi=2)
    assert found.ratio == pytest.approx(0.8)
    assert found.low == pytest.approx(0.8 * math.exp(-0.415771), rel=1e-4)
    assert found.high == pytest.approx(0.8 * math.exp(+0.415771), rel=1e-4)
    assert found.verdict == "no clear change"
    # (1.96 + 0.84) √(2 * 2/100) = 2.801585 * 0.2 = 0.560317; 1 - e^-0.560317 = 0.428972
    assert found.noticeable == pytest.approx(0.428972, abs=1e-5)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (3_240, 3_003, "fell"),  # the plan's violence, 2005/06 to 2006/07: -7.3%
        (3_003, 3_240, "rose"),
        (2_191, 2_262, "no clear change"),  # +3.2%, z = 1.5
        (40, 30, "no clear change"),
        (500, 500, "no clear change"),
    ],
)
def test_a_verdict_as_poisson_counts_give_it(before, after, verdict):
    assert change(before, after, phi=1).verdict == verdict


def test_more_than_poisson_variation_takes_a_verdict_back():
    assert change(3_240, 3_003, phi=1).verdict == "fell"
    assert change(3_240, 3_003, phi=8).verdict == "no clear change"


@pytest.mark.parametrize(
    ("count", "fall"), [(40, 0.59), (120, 0.40), (400, 0.24), (1_200, 0.15), (4_000, 0.085)]
)
def test_the_smallest_noticeable_fall_at_twice_poisson_variation(count, fall):
    assert change(count, count, phi=2).noticeable == pytest.approx(fall, abs=0.006)


@pytest.mark.parametrize(("before", "after"), [(0, 10), (10, 0), (0, 0)])
def test_a_count_of_zero_cannot_be_compared(before, after):
    found = change(before, after, phi=1)
    assert found.verdict == "cannot be compared"
    assert "zero" in found.reason
    assert found.ratio is found.low is found.high is found.noticeable is None


@pytest.mark.parametrize(("before", "after"), [(math.nan, 10), (10, math.nan)])
def test_a_missing_count_cannot_be_compared(before, after):
    found = change(before, after, phi=1)
    assert found.verdict == "cannot be compared"
    assert "missing" in found.reason
    assert found.ratio is None


def test_a_break_that_refuses_stands_before_everything_else():
    found = change(4_000, 1_000, 1, [("label", "Renamed."), ("refuse", "Counted anew.")])
    assert (found.verdict, found.reason) == ("cannot be compared", "Counted anew.")
    assert change(0, 1_000, 1, [("refuse", "Counted anew.")]).reason == "Counted anew."


def test_a_break_that_labels_is_carried_as_a_caution():
    found = change(4_000, 1_000, 1, [("label", "Renamed."), ("label", "Moved.")])
    assert (found.verdict, found.ratio, found.caution) == ("fell", 0.25, "Renamed. Moved.")
    assert change(4_000, 1_000, 1).caution is None


@given(COUNTS, COUNTS, PHIS)
def test_an_interval_contains_its_estimate(before, after, phi):
    found = change(before, after, phi)
    assert found.low < found.ratio < found.high


@given(COUNTS, COUNTS, PHIS)
def test_the_verdict_is_what_the_interval_says(before, after, phi):
    found = change(before, after, phi)
    expected = "rose" if found.low > 1 else "fell" if found.high < 1 else "no clear change"
    assert found.verdict == expected


@given(COUNTS, COUNTS, PHIS)
def test_a_change_read_backwards_is_the_inverse(before, after, phi):
    there, back = change(before, after, phi), change(after, before, phi)
    assert back.ratio == pytest.approx(1 / there.ratio)
    assert (back.low, back.high) == pytest.approx((1 / there.high, 1 / there.low))
    opposite = {"rose": "fell", "fell": "rose", "no clear change": "no clear change"}
    assert back.verdict == opposite[there.verdict]


@given(COUNTS, COUNTS, PHIS)
def test_more_variation_never_narrows_an_interval(before, after, phi):
    narrow, wide = change(before, after, phi), change(before, after, phi * 2)
    assert wide.low < narrow.low
    assert narrow.high < wide.high
    assert wide.noticeable > narrow.noticeable


def test_dispersion_worked_by_hand_from_three_second_differences():
    # counts 100 110 95 120 100, each squared second difference of logs over its Poisson variance
    counts = [100.0, 110.0, 95.0, 120.0, 100.0]
    ratios = [
        (math.log(a) - 2 * math.log(b) + math.log(c)) ** 2 / (1 / a + 4 / b + 1 / c)
        for a, b, c in [(100, 110, 95), (110, 95, 120), (95, 120, 100)]
    ]
    assert sum(ratios) / 3 > 1
    assert dispersion(pd.Series(counts), NONE, NONE) == pytest.approx(sum(ratios) / 3)


@pytest.mark.parametrize("growth", [0.97, 1.0, 1.02])
def test_a_steady_trend_with_poisson_noise_has_a_dispersion_of_about_one(growth):
    expected = 5_000 * growth ** np.arange(60)
    chance = np.random.default_rng(20_081)
    found = [
        dispersion(pd.Series(chance.poisson(expected).astype(float)), NONE, NONE)
        for _ in range(100)
    ]
    assert 1.0 <= np.mean(found) < 1.25


@pytest.mark.parametrize("phi", [4, 9])
def test_noise_of_several_times_poisson_is_found_again(phi):
    chance = np.random.default_rng(20_082)
    noise = chance.normal(0, math.sqrt(phi * 5_000), size=4_000)
    assert dispersion(pd.Series(5_000 + noise), NONE, NONE) == pytest.approx(phi, rel=0.1)


@given(st.lists(st.floats(1, 1e6), max_size=20))
def test_dispersion_is_never_below_one(own):
    assert dispersion(pd.Series(own, dtype=float), NONE, NONE) >= 1


def test_with_few_years_dispersion_comes_from_how_far_the_areas_differ():
    # All 800 before and 800 after: a half each. Expected after: 200 of (300 + 100) and so on.
    before = pd.Series({"Ashby": 300.0, "Burnham": 100.0, "Colne": 400.0})
    after = pd.Series({"Ashby": 100.0, "Burnham": 300.0, "Colne": 400.0})
    # χ² = Σ (after - total/2)² / (total/2 * 1/2) = 100²/100 + 100²/100 + 0 = 200; less one of three
    assert dispersion(pd.Series([1.0, 2.0]), before, after) == pytest.approx(200 / 2)


def test_areas_that_move_alike_show_no_more_than_poisson_variation():
    before = pd.Series({"Ashby": 300.0, "Burnham": 100.0})
    assert dispersion(NONE, before, before * 0.5) == 1


def test_with_nothing_to_learn_from_dispersion_is_one():
    assert dispersion(NONE, NONE, NONE) == 1
    assert dispersion(NONE, pd.Series({"Ashby": 9.0}), pd.Series({"Ashby": 2.0})) == 1


def test_years_with_a_zero_or_a_gap_do_not_feed_the_logarithm():
    with_zero = pd.Series([100.0, 0.0, 95.0, 120.0, 100.0, 90.0])
    with_gap = pd.Series([100.0, math.nan, 95.0, 120.0, 100.0, 90.0])
    assert dispersion(with_zero, NONE, NONE) == dispersion(with_gap, NONE, NONE) == 1
