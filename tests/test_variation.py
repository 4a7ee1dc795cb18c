"""Variation: how many times more than Poisson counts vary, learned from months, years, boroughs."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from kingston_analysis.data.tables.periods import shifted
from kingston_analysis.measures.change import compare
from kingston_analysis.measures.variation import Variation, of_boroughs, of_months, of_years

NONE = pd.Series(dtype=float)


def months(values: list[float], first: str = "2008-04") -> pd.DataFrame:
    periods = [shifted(first, "month", step) for step in range(len(values))]
    return pd.DataFrame({"period": periods, "value": [float(each) for each in values]})


def test_years_worked_by_hand_from_four_second_differences():
    # counts 100 110 95 120 100 90, each squared second difference of logs over its Poisson variance
    ratios = [
        (math.log(a) - 2 * math.log(b) + math.log(c)) ** 2 / (1 / a + 4 / b + 1 / c)
        for a, b, c in [(100, 110, 95), (110, 95, 120), (95, 120, 100), (120, 100, 90)]
    ]
    assert sum(ratios) / 4 > 1
    found = of_years(pd.Series([100.0, 110.0, 95.0, 120.0, 100.0, 90.0]))
    assert found == Variation(pytest.approx(sum(ratios) / 4), 4, "years")


def test_differences_that_hold_the_year_tested_are_left_out():
    # The jump to 300 is what is tested: it stands in one difference only, the last.
    counts = pd.Series([100.0, 110.0, 95.0, 120.0, 100.0, 90.0, 300.0], index=[*"abcdefg"])
    assert of_years(counts, "g") == of_years(counts[:-1])
    assert of_years(counts).phi > 3 * of_years(counts, "g").phi


def test_four_differences_are_needed():
    counts = pd.Series([100.0, 110.0, 95.0, 120.0, 100.0, 90.0, 80.0], index=[*"abcdefg"])
    assert of_years(counts, "g").df == 4
    assert of_years(counts, "f") is None  # two of the five differences hold the last but one
    assert of_years(counts[:5]) is None


@pytest.mark.parametrize("growth", [0.97, 1.0, 1.02])
def test_a_steady_trend_with_poisson_noise_varies_about_as_poisson(growth):
    expected = 5_000 * growth ** np.arange(60)
    chance = np.random.default_rng(20_081)
    found = [of_years(pd.Series(chance.poisson(expected).astype(float))).phi for _ in range(100)]
    assert 1.0 <= np.mean(found) < 1.25


@pytest.mark.parametrize("phi", [4, 9])
def test_noise_of_several_times_poisson_is_found_again_in_years(phi):
    chance = np.random.default_rng(20_082)
    noise = chance.normal(0, math.sqrt(phi * 5_000), size=4_000)
    assert of_years(pd.Series(5_000 + noise)).phi == pytest.approx(phi, rel=0.1)


@given(st.lists(st.floats(1, 1e6), min_size=6, max_size=20))
def test_variation_is_never_below_poisson(own):
    found = of_years(pd.Series(own))
    assert found.phi >= 1
    # What is held at Poisson counts as known.
    assert (found.phi == 1) == (found.df == math.inf)


@pytest.mark.parametrize(
    "counts", [[], [9.0], [9.0] * 5, [100, 0, 95, 120, 100, 90], [100, math.nan, 95, 120, 100, 90]]
)
def test_few_years_a_zero_or_a_gap_teach_nothing(counts):
    assert of_years(pd.Series(counts, dtype=float)) is None


def test_boroughs_worked_by_hand():
    # All 800 before and 800 after: a half each. Expected after: 200 of (300 + 100) and so on.
    before = pd.Series({"Ashby": 300.0, "Burnham": 100.0, "Colne": 400.0})
    after = pd.Series({"Ashby": 100.0, "Burnham": 300.0, "Colne": 400.0})
    # χ² = Σ (after - total/2)² / (total/2 * 1/2) = 100²/100 + 100²/100 + 0 = 200; less one of three
    assert of_boroughs(before, after) == Variation(pytest.approx(200 / 2), 2, "boroughs")


def test_areas_that_move_alike_show_no_more_than_poisson_variation():
    before = pd.Series({"Ashby": 300.0, "Burnham": 100.0})
    assert of_boroughs(before, before * 0.5) == Variation(1.0, math.inf, "boroughs")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (NONE, NONE),
        (pd.Series({"Ashby": 9.0}), pd.Series({"Ashby": 2.0})),
        (pd.Series({"Ashby": 0.0, "Burnham": 0.0}), pd.Series({"Ashby": 4.0, "Burnham": 2.0})),
        (pd.Series({"Ashby": 0.0, "Burnham": 0.0}), pd.Series({"Ashby": 0.0, "Burnham": 0.0})),
    ],
)
def test_with_nothing_to_learn_from_counts_are_taken_as_poisson(before, after):
    assert of_boroughs(before, after) == Variation(1.0, math.inf, "boroughs")


def test_two_years_of_months_have_eleven_degrees_of_freedom():
    # 24 months less a level, one more year and eleven more months of the year
    chance = np.random.default_rng(20_085)
    found = of_months(months(chance.negative_binomial(20, 1 / 4, 24)))
    assert (found.df, found.source) == (24 - 1 - 1 - 11, "months")


def test_months_that_follow_the_season_exactly_vary_no_more_than_poisson():
    season = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]
    assert of_months(months(season + [2 * each for each in season])).phi == 1


def test_more_than_poisson_variation_is_found_again_in_months():
    chance = np.random.default_rng(20_083)
    # Negative binomial with mean 100 and variance 4 * 100: n = 100 / (4 - 1), p = 1 / 4
    found = [of_months(months(chance.negative_binomial(100 / 3, 1 / 4, 72))).phi for _ in range(60)]
    assert np.mean(found) == pytest.approx(4, rel=0.1)


@pytest.mark.parametrize(
    "values",
    [
        [5.0] * 23,
        [0.0] * 48,
        [math.nan] * 12 + [5.0] * 12,
        [5.0] * 12 + [0.0] * 12,  # a year without any tells nothing, and leaves twelve months
    ],
)
def test_too_few_months_teach_nothing(values):
    assert of_months(months(values)) is None


def test_a_month_of_the_year_without_any_is_left_out():
    year = [0.0, 9.0, 90.0, 7.0, 9.0, 12.0, 7.0, 9.0, 12.0, 7.0, 8.0, 80.0]
    values = [*year, *year[:3], *reversed(year[3:]), *year]
    assert of_months(months(values)).df == 33 - 1 - 2 - 10


def test_the_interval_of_a_change_is_that_of_the_fitted_model():
    # Of complete years, the model's own ratio and error are those of the totals.
    chance = np.random.default_rng(20_084)
    given_months = months(chance.negative_binomial(20, 1 / 3, 24))
    counts = given_months["value"].to_numpy()
    later = np.repeat([0.0, 1.0], 12)
    season = np.tile(np.eye(12)[:, 1:], (2, 1))
    design = np.column_stack([np.ones(24), later, season])
    fit = sm.GLM(counts, design, family=sm.families.Poisson()).fit(scale="X2", use_t=True)
    found = compare(counts[:12].sum(), counts[12:].sum(), of_months(given_months))
    assert math.log(found.ratio.value) == pytest.approx(fit.params[1])
    assert found.p == pytest.approx(fit.pvalues[1])
    assert [math.log(found.ratio.low), math.log(found.ratio.high)] == pytest.approx(
        fit.conf_int()[1].tolist()
    )


@pytest.mark.parametrize(("phi", "df"), [(1, math.inf), (4, 3.5)])
@pytest.mark.parametrize("count", [1, 40, 5_000])
def test_the_interval_of_a_level_contains_its_count(phi, df, count):
    low, high = Variation(phi, df, "years").interval(count)
    assert low < count < high


def test_a_count_of_zero_has_the_exact_limit():
    # -ln 0.025 = 3.688879: with that level, no event has a chance of 2.5%
    assert Variation(1.0, math.inf, "years").interval(0) == (0.0, pytest.approx(3.688879))
