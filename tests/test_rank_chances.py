"""How sure a rank is, and how much more than Poisson the boroughs' counts vary."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_fixture import KINGSTON, PROJECT, real_table

from kingston_analysis.data.areas import load_areas
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures import level
from kingston_analysis.measures.comparison.ranks import TOO_FEW_AREAS, rank_chances
from kingston_analysis.measures.variation import pooled_dispersion
from kingston_analysis.results import Estimate, Gap

AREAS = ["Ashby", "Burnham", "Colne", "Dene"]
MISSING = math.nan


def frame(counts: list[float], people: list[float] | None = None, areas=AREAS) -> pd.DataFrame:
    people = people or [1_000.0] * len(counts)
    return pd.DataFrame({"area": areas, "value": counts, "population": people})


def chances(counts, people=None, area="Ashby", phi=1.0):
    return rank_chances(frame(counts, people), AREAS, area, phi)


@cache
def violence() -> pd.DataFrame:
    """Return count, population and rate of every area of the table of years, boroughs or not."""
    table, people = real_table("recorded_crime_year"), real_table("population")
    rows = {"offence_group": ["Violence Against the Person"]}
    values = level.select(table.frame, rows, "financial_year", "offences", None)
    return level.with_rates(values, people.frame, "financial_year")


def test_counts_far_apart_have_their_ranks_for_sure():
    found = chances([100, 1_000, 10_000, 100_000], area="Burnham")
    assert (found.count.rank.value, found.count.end, found.count.areas) == (2, "lowest", 4)
    assert (found.count.chance, found.count.rank.ends) == (1.0, (2, 2))


def test_a_rank_is_counted_from_the_nearer_end():
    assert chances([100, 1_000, 10_000, 100_000], area="Burnham").count.end == "lowest"
    found = chances([100, 1_000, 10_000, 100_000], area="Dene").count
    assert (found.rank, found.end, found.chance) == (Estimate(1, 1, 1), "highest", 1.0)


def test_of_two_equal_counts_each_is_lowest_in_half_of_the_draws_and_with_the_ties():
    # For two Poisson counts of mean 100: P(tie) = Σ p(k)² ≈ 1 / √(4π 100) = 0.0282.
    found = rank_chances(frame([100, 100], areas=AREAS[:2]), AREAS, "Ashby", 1).count
    assert (found.rank.value, found.end) == (1, "lowest")
    assert found.chance == pytest.approx((1 + 0.0282) / 2, abs=0.015)
    assert found.rank.ends == (1, 2)


def test_a_higher_level_has_a_wider_range_of_ranks():
    counts = frame([100, 105, 110, 115])
    at = {n: rank_chances(counts, AREAS, "Ashby", 1, level=n).count.rank for n in (0.5, 0.9999)}
    assert (at[0.5].ends, at[0.9999].ends) == ((1, 2), (1, 4))
    assert at[0.5].level == 0.5


@pytest.mark.parametrize("phi", [1, 4])
def test_the_chance_is_what_the_normal_approximation_gives(phi):
    # The difference of the counts has the variance φ(1000 + 1100) = φ 2100.
    z = (100 - 0.5) / math.sqrt(phi * 2_100)
    expected = 0.5 * (1 + math.erf(z / math.sqrt(2)))
    found = rank_chances(frame([1_000, 1_100], areas=AREAS[:2]), AREAS, "Ashby", phi).count
    assert found.chance == pytest.approx(expected + 0.005, abs=0.02)


def test_more_variation_makes_a_rank_less_sure():
    counts = [100, 150, 200, 250]
    assert chances(counts, phi=6).count.chance < chances(counts, phi=1).count.chance


def test_the_rank_by_rate_follows_the_residents():
    # rates per 1,000: 10, 2, 30, 40
    found = chances([100, 200, 300, 400], [10_000, 100_000, 10_000, 10_000], area="Burnham")
    assert (found.count.rank.value, found.rate.rank.value) == (2, 1)
    assert found.rate.chance > 0.999


def test_an_area_without_population_has_no_rank_by_rate():
    found = chances([100, 200, 300, 400], [MISSING, 1_000, 1_000, 1_000])
    assert found.rate == Gap("No population is held that fits these figures.")
    assert (found.count.rank.value, found.count.end) == (1, "lowest")


def test_areas_without_population_are_left_out_of_the_ranks_by_rate():
    found = chances([300, 200, 100, 400], [1_000, MISSING, 1_000, 0])
    assert (found.count.areas, found.rate.areas) == (4, 2)
    assert (found.rate.rank.value, found.rate.end) == (1, "highest")


def test_an_area_without_a_count_cannot_be_ranked_and_is_not_counted():
    assert chances([100, MISSING, 300, 400]).count.areas == 3
    with pytest.raises(KingstonError, match="Burnham"):
        chances([100, MISSING, 300, 400], area="Burnham")


def test_a_count_of_zero_stays_zero():
    found = chances([0, 0, 5, 50]).count
    assert (found.rank, found.end, found.chance) == (Estimate(1, 1, 1), "lowest", 1.0)


def test_the_same_figures_give_the_same_chances():
    counts = [100, 110, 105, 120]
    assert chances(counts, phi=3) == chances(counts, phi=3)


def test_other_places_are_not_ranked():
    others = ["City of London", "Unknown", "London Heathrow and London City Airports"]
    more = pd.DataFrame({"area": others, "value": [1, 2, 3], "population": [8_000, MISSING, 9]})
    rows = frame([100, 110, 105, 120])
    both = pd.concat([more, rows], ignore_index=True)
    assert rank_chances(both, AREAS, "Ashby", 2) == rank_chances(rows, AREAS, "Ashby", 2)


COUNTS = st.lists(st.integers(0, 2_000), min_size=4, max_size=4)


@settings(max_examples=25, deadline=None)
@given(COUNTS, st.permutations(range(4)), st.sampled_from([1.0, 1.5, 8.0]))
def test_chances_ignore_the_order_of_rows(counts, order, phi):
    rows = frame(counts, [1_000, 2_000, 3_000, 4_000])
    there = rank_chances(rows, AREAS, "Colne", phi)
    assert there == rank_chances(rows.iloc[list(order)], AREAS, "Colne", phi)


@settings(max_examples=25, deadline=None)
@given(COUNTS, st.integers(2, 50))
def test_scaling_all_areas_leaves_the_ranks(counts, times):
    rows = frame(counts, [1_000, 2_000, 3_000, 4_000])
    scaled = rows.assign(value=rows["value"] * times, population=rows["population"] * times)
    there, back = (rank_chances(each, AREAS, "Colne", 2) for each in (rows, scaled))
    for one, other in ((there.count, back.count), (there.rate, back.rate)):
        assert (one.rank.value, one.end) == (other.rank.value, other.end)


@settings(max_examples=25, deadline=None)
@given(COUNTS, st.sampled_from([1.0, 2.0, 20.0]))
def test_a_chance_is_positive_and_the_interval_contains_the_middle(counts, phi):
    found = chances(counts, phi=phi)
    for each in (found.count, found.rate):
        assert 0 < each.chance <= 1
        assert 1 <= each.rank.low <= each.rank.high <= 4


def test_violence_in_kingston_ranks_as_the_record_has_it():
    boroughs, by_count, by_rate = load_areas(PROJECT).borough_names, [], []
    for year in ("2004/05", "2005/06", "2006/07", "2007/08", "2008/09"):
        rows = violence()[violence()["period"] == year]
        assert len(rows) > 32  # groups of boroughs stand in the table too
        found = rank_chances(rows, boroughs, KINGSTON, phi=10)
        assert found.count.areas == found.rate.areas == 32
        assert 0 < found.count.chance <= 1
        assert found.rate.rank.allows(found.rate.rank.value)
        by_count.append(found.count.rank.value)
        by_rate.append(found.rate.rank.value)
    assert by_count == [4, 4, 4, 3, 2]
    assert by_rate == [13, 12, 11, 9, 4]


def wide(rows: list[list[float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, index=AREAS[: len(rows)])


def test_one_year_tells_nothing_of_the_variation():
    assert pooled_dispersion(wide([[100.0], [200.0]])) == 1
    assert pooled_dispersion(pd.DataFrame(index=AREAS)) == 1


def test_two_years_tell_how_far_the_areas_differ_in_their_movement():
    # All 800 before and 800 after: a half each. χ² = 100²/100 + 100²/100 + 0 = 200; three less one.
    assert pooled_dispersion(wide([[300, 100], [100, 300], [400, 400]])) == pytest.approx(200 / 2)
    assert pooled_dispersion(wide([[300, 0], [100, 0]])) == 1
    assert pooled_dispersion(wide([[300, 100], [100, MISSING]])) == 1


def test_three_years_tell_by_their_second_difference():
    # The median of χ² with one degree of freedom is 0.455, here 1 - 2/9 cubed = 0.470508.
    a, b, c = 100, 150, 100
    ratio = (math.log(a) - 2 * math.log(b) + math.log(c)) ** 2 / (1 / a + 4 / b + 1 / c)
    assert pooled_dispersion(wide([[a, b, c]] * 3)) == pytest.approx(ratio / 0.470508, rel=1e-5)


@pytest.mark.parametrize("phi", [1, 4, 9])
@pytest.mark.parametrize("years", [3, 7, 12])
def test_the_variation_that_was_put_in_is_found_again(phi, years):
    chance, expected = np.random.default_rng(20_084), np.linspace(1_000, 5_000, 400)
    trend = expected[:, None] * 0.95 ** np.arange(years)
    counts = (
        chance.poisson(trend) if phi == 1 else chance.negative_binomial(trend / (phi - 1), 1 / phi)
    )
    assert pooled_dispersion(pd.DataFrame(counts)) == pytest.approx(phi, rel=0.15)


def test_a_few_areas_that_jumped_do_not_speak_for_all():
    chance = np.random.default_rng(20_085)
    counts = chance.poisson(2_000, size=(32, 8)).astype(float)
    counts[:3, 4:] *= 2
    assert pooled_dispersion(pd.DataFrame(counts)) < 1.5


def test_zeros_and_gaps_do_not_feed_the_logarithm():
    sound = [[100.0, 150.0, 100.0, 150.0], [100.0, 150.0, 100.0, 150.0]]
    expected = pooled_dispersion(wide(sound))
    assert pooled_dispersion(wide([*sound, [0.0, 5.0, 0.0, 5.0]])) == pytest.approx(expected)
    assert pooled_dispersion(wide([*sound, [MISSING, 5.0, MISSING, 5.0]])) == pytest.approx(
        expected
    )
    assert pooled_dispersion(wide([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])) == 1


def test_the_boroughs_violence_varies_about_ten_times_more_than_poisson():
    rows = violence()[violence()["area"].isin(load_areas(PROJECT).borough_names)]
    counts = rows.pivot(index="area", columns="period", values="value")
    assert pooled_dispersion(counts.loc[:, "2002/03":"2008/09"]) == pytest.approx(12.5, abs=0.1)


def test_a_rate_that_fewer_than_half_of_the_areas_have_has_no_rank():
    """Of four areas one has residents: the count is ranked among four, the rate among none."""
    found = chances([100, 200, 300, 400], [1_000.0, MISSING, MISSING, MISSING])
    assert (found.count.areas, found.rate) == (4, TOO_FEW_AREAS)


def test_a_value_that_another_area_has_too_is_shared():
    assert chances([100, 100, 300, 400]).count.shared
    assert not chances([100, 101, 300, 400]).count.shared
