"""How sure a rank is."""

from __future__ import annotations

import math
from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_fixture import KINGSTON, PROJECT, real_series, real_table

from kingston_analysis.data.areas import load_areas
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures import level
from kingston_analysis.measures.comparison.ranks import TOO_FEW_AREAS, rank_chances
from kingston_analysis.measures.variation import Variation
from kingston_analysis.results import Estimate, Gap

AREAS = ["Ashby", "Burnham", "Colne", "Dene"]
MISSING = math.nan


def frame(counts: list[float], people: list[float] | None = None, areas=AREAS) -> pd.DataFrame:
    people = people or [1_000.0] * len(counts)
    return pd.DataFrame({"area": areas, "value": counts, "population": people})


def alike(phi: float, df: float = math.inf, areas=AREAS) -> dict[str, Variation]:
    """Let all areas vary alike."""
    return dict.fromkeys(areas, Variation(float(phi), df, "months"))


def chances(counts, people=None, area="Ashby", phi=1.0):
    return rank_chances(frame(counts, people), AREAS, area, alike(phi))


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
    found = rank_chances(frame([100, 100], areas=AREAS[:2]), AREAS, "Ashby", alike(1)).count
    assert (found.rank.value, found.end) == (1, "lowest")
    assert found.chance == pytest.approx((1 + 0.0282) / 2, abs=0.015)
    assert found.rank.ends == (1, 2)


def test_a_higher_level_has_a_wider_range_of_ranks():
    counts = frame([100, 105, 110, 115])
    at = {
        n: rank_chances(counts, AREAS, "Ashby", alike(1), level=n).count.rank for n in (0.5, 0.9999)
    }
    assert (at[0.5].ends, at[0.9999].ends) == ((1, 2), (1, 4))
    assert at[0.5].level == 0.5


@pytest.mark.parametrize("phi", [1, 4])
def test_the_chance_is_what_the_normal_approximation_gives(phi):
    # The difference of the counts has the variance φ(1000 + 1100) = φ 2100.
    z = (100 - 0.5) / math.sqrt(phi * 2_100)
    expected = 0.5 * (1 + math.erf(z / math.sqrt(2)))
    found = rank_chances(frame([1_000, 1_100], areas=AREAS[:2]), AREAS, "Ashby", alike(phi)).count
    assert found.chance == pytest.approx(expected + 0.005, abs=0.02)


def test_more_variation_makes_a_rank_less_sure():
    counts = [100, 150, 200, 250]
    assert chances(counts, phi=6).count.chance < chances(counts, phi=1).count.chance


def test_each_area_varies_by_its_own():
    # The difference has the variance 4 * 1,000 + 1 * 1,100 = 5,100; z = 99.5 / √5,100 = 1.39
    varied = alike(4) | alike(1, areas=["Burnham"])
    found = rank_chances(frame([1_000, 1_100], areas=AREAS[:2]), AREAS, "Ashby", varied).count
    assert found.chance == pytest.approx(0.918, abs=0.01)


def test_few_degrees_of_freedom_make_a_rank_less_sure_as_students_t_does():
    # The difference has the variance 100 * 1,000,000 + 1,023,600; z = 23,600 / 10,051 = 2.35, which
    # the normal leaves in 0.9 of 100 and t(3) in 5.0.
    rows, other = frame([1_000_000, 1_023_600], areas=AREAS[:2]), alike(1, areas=["Burnham"])
    for df, beyond in ((math.inf, 0.009), (3.0, 0.050)):
        found = rank_chances(rows, AREAS, "Ashby", alike(100, df) | other).count
        assert 1 - found.chance == pytest.approx(beyond, abs=0.005)


def test_a_series_has_one_variation_for_its_ranks_and_its_changes():
    burglary = real_series("burglary")
    variations = burglary.variations("2008/09")
    assert variations[KINGSTON] == burglary.variation("2008/09")
    assert variations["Barnet"] == burglary.of("Barnet").variation("2008/09")


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
    assert rank_chances(both, AREAS, "Ashby", alike(2)) == rank_chances(
        rows, AREAS, "Ashby", alike(2)
    )


COUNTS = st.lists(st.integers(0, 2_000), min_size=4, max_size=4)


@settings(max_examples=25, deadline=None)
@given(COUNTS, st.permutations(range(4)), st.sampled_from([1.0, 1.5, 8.0]))
def test_chances_ignore_the_order_of_rows(counts, order, phi):
    rows = frame(counts, [1_000, 2_000, 3_000, 4_000])
    there = rank_chances(rows, AREAS, "Colne", alike(phi))
    assert there == rank_chances(rows.iloc[list(order)], AREAS, "Colne", alike(phi))


@settings(max_examples=25, deadline=None)
@given(COUNTS, st.integers(2, 50))
def test_scaling_all_areas_leaves_the_ranks(counts, times):
    rows = frame(counts, [1_000, 2_000, 3_000, 4_000])
    scaled = rows.assign(value=rows["value"] * times, population=rows["population"] * times)
    there, back = (rank_chances(each, AREAS, "Colne", alike(2)) for each in (rows, scaled))
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
        found = rank_chances(rows, boroughs, KINGSTON, alike(10, areas=boroughs))
        assert found.count.areas == found.rate.areas == 32
        assert 0 < found.count.chance <= 1
        assert found.rate.rank.allows(found.rate.rank.value)
        by_count.append(found.count.rank.value)
        by_rate.append(found.rate.rank.value)
    assert by_count == [4, 4, 4, 3, 2]
    assert by_rate == [13, 12, 11, 9, 4]


def test_a_rate_that_fewer_than_half_of_the_areas_have_has_no_rank():
    """Of four areas one has residents: the count is ranked among four, the rate among none."""
    found = chances([100, 200, 300, 400], [1_000.0, MISSING, MISSING, MISSING])
    assert (found.count.areas, found.rate) == (4, TOO_FEW_AREAS)


def test_a_value_that_another_area_has_too_is_shared():
    assert chances([100, 100, 300, 400]).count.shared
    assert not chances([100, 101, 300, 400]).count.shared
