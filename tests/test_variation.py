"""Variation: how far counts vary by chance, learned from months, from years, from boroughs."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kingston_analysis.data.tables.periods import shifted
from kingston_analysis.measures.change import compare
from kingston_analysis.measures.variation import (
    OTHER_INDICATORS,
    Variation,
    counting_noise,
    noise_between_years,
    noise_squares,
    normal_quantile,
    of_boroughs,
)

NONE = pd.Series(dtype=float)
OTHERS = Variation(OTHER_INDICATORS[0], math.inf, "other indicators")


def months(first: str = "2008-04", **areas: list[float]) -> pd.DataFrame:
    """Make the months of areas, one value a month from the first on."""
    return pd.DataFrame(
        [
            (area, shifted(first, "month", step), float(value))
            for area, values in areas.items()
            for step, value in enumerate(values)
        ],
        columns=["area", "period", "value"],
    )


def drawn(chance: np.random.Generator, phi: float, mean: float = 40, areas: int = 32, years=3):
    """Draw months of areas of several sizes and one season, with φ times Poisson variance."""
    size = np.geomspace(0.5, 2, areas)[:, None]
    expected = mean * size * (1 + 0.3 * np.sin(np.arange(12 * years) * math.pi / 6))
    counts = overdispersed(chance, expected, phi)
    return months(**{f"a{n:02}": row for n, row in enumerate(counts)})


def overdispersed(chance: np.random.Generator, mean: np.ndarray, phi: float) -> np.ndarray:
    """Draw counts of φ times Poisson variance: negative binomial, n = mean / (φ - 1), p = 1 / φ."""
    return chance.poisson(mean) if phi == 1 else chance.negative_binomial(mean / (phi - 1), 1 / phi)


# From months


def test_months_worked_by_hand():
    # Ashby and Burnham have 40 of 80 each, as have both months: 20 are expected of each. Each
    # square is 10² / 20 = 5, over the share (1 - 1/2) (1 - 1/2) that is left: 20.
    found = noise_squares(months(Ashby=[10, 30], Burnham=[30, 10]))
    assert found.to_dict("records") == [
        {"area": "Ashby", "year": "2008/09", "chi": pytest.approx(20), "df": 1.0},
        {"area": "Burnham", "year": "2008/09", "chi": pytest.approx(20), "df": 1.0},
    ]
    # Both vary alike, so that it counts as well known.
    assert counting_noise(found) == dict.fromkeys(
        ["Ashby", "Burnham"], Variation(pytest.approx(20), math.inf, "months")
    )


def test_two_areas_of_two_months_have_the_chi_squared_of_their_table():
    counts = np.array([[12, 30], [25, 18]])
    found = noise_squares(months(Ashby=counts[0], Burnham=counts[1]))
    # The four squares of such a table are alike: each is Pearson's χ² for its one degree.
    expected = stats.chi2_contingency(counts, correction=False).statistic
    assert found["chi"].tolist() == pytest.approx([expected, expected])


def test_neither_level_nor_season_is_noise():
    season = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]
    found = noise_squares(months(Ashby=season, Burnham=[3 * each for each in season]))
    assert found["chi"].tolist() == pytest.approx([0, 0])
    assert found["df"].tolist() == [11, 11]


def test_every_financial_year_has_a_level_of_its_own():
    # Months of March and April: the level of April is another, which is no noise.
    chance = np.random.default_rng(20_083)
    steady, moved = chance.poisson(50, 24), chance.poisson(50, 24)
    found = noise_squares(months(Ashby=steady, Burnham=moved))
    tenfold = noise_squares(months(Ashby=steady, Burnham=[*moved[:12], *(10 * moved[12:])]))
    assert found["year"].tolist() == ["2008/09", "2008/09", "2009/10", "2009/10"]
    pd.testing.assert_frame_equal(found[:2], tenfold[:2])


@pytest.mark.parametrize(
    "given_months",
    [
        months(),
        months(Ashby=[5.0] * 24),  # one borough alone
        months(Ashby=[5.0], Burnham=[6.0]),  # one month
        months(Ashby=[0.0] * 12, Burnham=[0.0] * 12),
        months(Ashby=[0.0] * 12, Burnham=[5.0] * 12),  # one of them has any
        months(Ashby=[5.0, math.nan] * 6, Burnham=[6.0] * 12),
    ],
)
def test_months_of_fewer_than_two_areas_teach_nothing(given_months):
    assert noise_squares(given_months).empty
    assert counting_noise(noise_squares(given_months)) == {}


def test_an_area_with_a_month_withheld_is_left_out_of_that_year_alone():
    values = [4.0, 9.0, 7.0, 5.0, 6.0, 8.0] * 2
    lacking = [math.nan, *values[1:], *values]
    found = noise_squares(months(Ashby=lacking, Burnham=values * 2, Colne=values[::-1] * 2))
    assert found.groupby("year")["area"].agg(list).to_dict() == {
        "2008/09": ["Burnham", "Colne"],
        "2009/10": ["Ashby", "Burnham", "Colne"],
    }


def test_what_an_area_has_is_shrunk_towards_what_all_have():
    chance = np.random.default_rng(20_084)
    wild = 60 + 50 * np.sin(np.arange(36) ** 2)
    others = {f"a{n}": chance.poisson(60, 36) for n in range(9)}
    squares = noise_squares(months(Wild=wild, **others))
    own = squares.groupby("area").sum(numeric_only=True).eval("chi / df")
    found = counting_noise(squares)
    assert found["a0"].phi < 1.5 < 5 < found["Wild"].phi < own["Wild"]
    # 3 · 11 of its own, and what the others tell
    assert 33 < found["Wild"].df < math.inf


@pytest.mark.parametrize(("phi", "mean"), [(1, 3), (1, 40), (4, 40), (4, 180)])
def test_noise_is_found_again_in_months(phi, mean):
    chance = np.random.default_rng(20_085)
    found = [each.phi for _ in range(10) for each in learned(drawn(chance, phi, mean)).values()]
    assert np.mean(found) == pytest.approx(phi, rel=0.07)
    # That the areas differ no more than by chance is found too.
    assert np.std(found) < 0.15 * phi


def learned(given_months: pd.DataFrame) -> dict[str, Variation]:
    return counting_noise(noise_squares(given_months))


MONTHS = st.lists(st.lists(st.integers(1, 500), min_size=6, max_size=6), min_size=2, max_size=6)


@given(MONTHS)
def test_counts_vary_never_less_than_poisson(rows):
    for each in learned(months(**{f"a{n}": row for n, row in enumerate(rows)})).values():
        assert 1 <= each.phi < math.inf
        assert each.df > 0


@given(MONTHS, st.floats(0.01, 100))
def test_so_many_times_the_counts_have_so_many_times_the_squares(rows, times):
    areas = {f"a{n}": row for n, row in enumerate(rows)}
    there = noise_squares(months(**areas))
    then = noise_squares(months(**{a: [each * times for each in v] for a, v in areas.items()}))
    assert then["chi"].tolist() == pytest.approx((there["chi"] * times).tolist(), abs=1e-6)


@given(MONTHS)
def test_the_order_of_areas_does_not_matter(rows):
    areas = {f"a{n}": row for n, row in enumerate(rows)}
    there, back = learned(months(**areas)), learned(months(**dict(reversed(areas.items()))))
    assert {a: each.phi for a, each in back.items()} == pytest.approx(
        {a: each.phi for a, each in there.items()}, rel=1e-4
    )


# From years, where there are no months


def panel(rows: dict[str, list[float]]) -> pd.DataFrame:
    return pd.DataFrame.from_dict(rows, orient="index", dtype=float)


def test_years_worked_by_hand():
    # Colne stays, so that it is the median. Ashby moves by ln 2 and back, Burnham the other way:
    # the products are -ln² 2 = -0.480453, over 1/200 + 1/50 + 1/100 = 0.035 of the years between:
    # φ = 0.960906 / 0.035 = 27.4545. What each area is off, product - φ / c: 0.343181, -0.068637,
    # -0.274545; root of their squares' sum 0.444814, over 0.035: the standard error is 12.709.
    found = noise_between_years(
        panel({"Ashby": [100, 200, 100], "Burnham": [100, 50, 100], "Colne": [100, 100, 100]})
    )
    # Other indicators have 2, give or take 0.8: their weight is 12.709² to 0.8².
    weight = 0.8**2 / (0.8**2 + 12.709**2)
    phi = weight * 27.4545 + (1 - weight) * 2
    assert found == Variation(pytest.approx(phi, rel=1e-4), math.inf, "years")
    assert phi == pytest.approx(2.1005, abs=1e-4)


@pytest.mark.parametrize(
    "rows",
    [
        {"Ashby": [100, 90, 110, 95]},  # one borough
        {"Ashby": [100, 90], "Burnham": [80, 95]},
        {"Ashby": [100], "Burnham": [80]},
        {"Ashby": [0, 0, 0], "Burnham": [0, 0, 0]},
        {"Ashby": [100, math.nan, 90], "Burnham": [80, 95, 70]},  # one that is known throughout
        {"Ashby": [100, 0, 90], "Burnham": [80, 95, 70]},
    ],
)
def test_of_one_borough_or_two_years_other_indicators_tell(rows):
    assert noise_between_years(panel(rows)) == OTHERS


def test_steps_for_good_and_what_all_areas_do_are_no_noise():
    # Each area moves once and stays: no rise follows a fall, and the products are nought.
    rows = {"Ashby": [1e6, 2e6, 2e6], "Burnham": [1e6, 1e6, 5e5], "Colne": [1e6, 1e6, 1e6]}
    together = {area: [a, b * 3, c * 0.2] for area, (a, b, c) in rows.items()}
    for each in (rows, together):
        assert noise_between_years(panel(each)).phi == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(("phi", "wander"), [(1, 0), (4, 0), (1, 0.05), (4, 0.05)])
def test_noise_is_found_again_in_years_whether_or_not_their_level_wanders(phi, wander):
    chance = np.random.default_rng(20_086)
    found = []
    for _ in range(80):
        level = 120 * np.exp(chance.normal(0, wander, (32, 8)).cumsum(axis=1))
        found.append(noise_between_years(pd.DataFrame(overdispersed(chance, level, phi))).phi)
    # Weighed against the others' 2, it lies between that and what is true, 1 and 4.
    assert np.mean(found) == pytest.approx({1: 1.15, 4: 2.95}[phi], abs=0.15)


PANELS = st.lists(st.lists(st.integers(0, 5_000), min_size=5, max_size=5), min_size=1, max_size=8)


@given(PANELS)
def test_years_never_vary_less_than_poisson_in_whatever_order_areas_stand(rows):
    counts = pd.DataFrame(rows, dtype=float)
    there, back = noise_between_years(counts), noise_between_years(counts[::-1])
    assert 1 <= there.phi < math.inf
    assert back.phi == pytest.approx(there.phi)


# From boroughs


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


# What follows from it


def test_a_change_beyond_counting_noise_is_called_as_often_as_its_level_says():
    # Nothing happens in 32 areas with three times Poisson variance: of 32 · 40 changes at a level
    # of 95%, 5 in 100 are called. The two years are twelve months each, drawn apart.
    chance = np.random.default_rng(20_087)
    called = []
    for _ in range(40):
        known = learned(drawn(chance, 3))
        years = [drawn(chance, 3, years=1).groupby("area")["value"].sum() for _ in range(2)]
        called += [
            compare(years[0][area], years[1][area], each, level=0.95).verdict != "no clear change"
            for area, each in known.items()
        ]
    assert np.mean(called) == pytest.approx(0.05, abs=0.015)


@pytest.mark.parametrize(("phi", "df"), [(1, math.inf), (4, 3.5)])
@pytest.mark.parametrize("count", [1, 40, 5_000])
def test_the_interval_of_a_level_contains_its_count(phi, df, count):
    low, high = Variation(phi, df, "years").interval(count)
    assert low < count < high


def test_a_count_of_zero_has_the_exact_limit():
    # -ln 0.025 = 3.688879: with that level, no event has a chance of 2.5%
    assert Variation(1.0, math.inf, "years").interval(0) == (0.0, pytest.approx(3.688879))
    # -ln 0.0025 = 5.991465, twice as far where counts vary twice as much
    assert Variation(2.0, 9, "months").interval(0, 0.995) == (0.0, pytest.approx(2 * 5.991465))


def test_the_quantiles_of_the_levels():
    assert normal_quantile(0.95) == 1.959964
    assert normal_quantile(0.995) == 2.807034
