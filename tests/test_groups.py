"""An area beside the larger areas that contain it: rates, changes, and what is not held."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_fixture import KINGSTON, PROJECT, real_table

from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.tables.breaks import breaks_between
from kingston_analysis.measures import level
from kingston_analysis.measures.comparison.groups import Group, against_groups, group_of
from kingston_analysis.measures.variation import Variation
from kingston_analysis.results import Estimate, Gap

BEFORE, YEAR = "2007/08", "2008/09"


def place(before, count, people=None, key="part", name="Outer", **more) -> Group:
    counts = pd.Series({BEFORE: before, YEAR: count}, dtype=float)
    population = None if people is None else pd.Series({YEAR: people}, dtype=float)
    return Group(key, name, counts, population, **more)


def alike(phi: float, df: float = math.inf) -> tuple[Variation, Variation]:
    """Let the area and the boroughs together vary alike."""
    return (Variation(phi, df, "months"),) * 2


def beside(own: Group, group: Group, phi: float = 1.0):
    return against_groups(own, [group], YEAR, BEFORE, *alike(phi)).groups[0]


OWN = place(200, 100, 10_000, "own", "Ashby")
OUTER = place(1_000, 1_000, 50_000)


def test_counts_rates_and_changes_of_both():
    found = against_groups(OWN, [OUTER], YEAR, BEFORE, *alike(1))
    assert (found.own.before, found.own.count, found.own.change) == (200, 100, 0.5)
    assert found.own.rate == pytest.approx(10)
    outer = found.groups[0].standing
    assert (outer.count, outer.change) == (1_000, 1)
    assert outer.rate == pytest.approx(20)


def test_the_ratio_of_the_rates_worked_by_hand():
    # 10 / 20 = 0.5; log variance 4 (1/100 - 1/1000) = 0.036; 1.96 √0.036 = 0.371884
    found = beside(OWN, OUTER, phi=4).rates
    assert found.value == pytest.approx(0.5)
    assert found.low == pytest.approx(0.5 * math.exp(-0.371884), rel=1e-4)
    assert found.high == pytest.approx(0.5 * math.exp(+0.371884), rel=1e-4)


def test_the_ratio_of_the_changes_worked_by_hand():
    # 0.5 / 1; log variance 4 (1/100 - 1/1000 + 1/200 - 1/1000) = 0.052; judged at 99.5%:
    # 2.807034 √0.052 = 0.640102
    found = beside(OWN, OUTER, phi=4).changes
    assert found.value == pytest.approx(0.5)
    assert found.low == pytest.approx(0.5 * math.exp(-0.640102), rel=1e-4)
    assert found.high == pytest.approx(0.5 * math.exp(+0.640102), rel=1e-4)
    assert found.level == 0.995


def test_the_area_and_the_rest_of_the_group_vary_each_by_its_own_and_few_degrees_of_freedom_widen():
    # φ = 4 of the area's own: 4 * 100 (1/100 - 1/1000)² = 0.0324; Φ = 2 of the rest:
    # 2 * 900 / 1000² = 0.0018; t(3) is 3.182446 at 95%: 3.182446 √0.0342 = 0.588536
    varied = Variation(4.0, 3.0, "months"), Variation(2.0, math.inf, "months")
    found = against_groups(OWN, [OUTER], YEAR, BEFORE, *varied).groups[0].rates
    assert found.high == pytest.approx(0.5 * math.exp(0.588536), rel=1e-5)


def test_at_another_level_rates_are_compared_and_changes_keep_the_level_of_every_change():
    # As above, with 2.575829 in the place of 1.96 for rates alone: 2.575829 √0.036
    found = against_groups(OWN, [OUTER], YEAR, BEFORE, *alike(4), level=0.99).groups[0]
    assert found.rates.high == pytest.approx(0.5 * math.exp(0.488733), rel=1e-4)
    assert found.changes.high == pytest.approx(0.5 * math.exp(0.640102), rel=1e-4)
    assert (found.rates.level, found.changes.level) == (0.99, 0.995)


@pytest.mark.parametrize("phi", [1, 6])
def test_the_interval_covers_the_truth_as_often_as_it_says(phi):
    chance, covered, rounds = np.random.default_rng(20_087), 0, 2_000
    means = np.array([[400.0, 350.0], [5_000.0, 4_800.0]])  # own and the rest, before and after
    varied = chance.gamma(means / (phi - 1), phi - 1, (rounds, 2, 2)) if phi > 1 else means
    draws = chance.poisson(varied, (rounds, 2, 2))
    truth = (350 / 400) / ((350 + 4_800) / (400 + 5_000))
    for (own_before, own_after), (rest_before, rest_after) in draws:
        whole = place(own_before + rest_before, own_after + rest_after)
        found = beside(place(own_before, own_after), whole, phi).changes
        covered += found.low <= truth <= found.high
    # 99.5 of 100, give or take 0.32 (2 √(0.995 · 0.005 / 2,000))
    assert covered / rounds == pytest.approx(0.995, abs=0.0032)


def test_a_group_without_population_is_compared_by_change_only():
    nation = place(5_000, 4_000, key="nation", name="Nation", no_rate=Gap("No residents are held."))
    found = beside(OWN, nation)
    assert found.standing.rate == found.rates == Gap("No residents are held.")
    assert found.changes.value == pytest.approx(0.5 / 0.8)


def test_a_group_without_figures_has_reasons_only():
    nation = Group("nation", "Nation", pd.Series(dtype=float), no_count=Gap("It ends in 2006/07."))
    found = beside(OWN, nation)
    standing = found.standing
    assert {standing.count, standing.change, found.rates, found.changes} == {nation.no_count}


def test_a_missing_earlier_year_leaves_the_rate():
    found = beside(place(math.nan, 100, 10_000), OUTER)
    assert found.rates.value == pytest.approx(0.5)
    assert found.changes == Gap("No figure is held.")


@pytest.mark.parametrize(("before", "count"), [(0, 10), (10, 0), (0, 0)])
def test_counts_of_zero_have_no_ratio_but_a_reason(before, count):
    found = beside(place(before, count, 10_000), OUTER)
    assert "zero" in found.changes.why
    assert isinstance(found.rates, Gap) == (count == 0)


@pytest.mark.parametrize("people", [0, math.nan])
def test_without_residents_there_is_no_rate_and_no_division(people):
    found = beside(place(200, 100, people), OUTER)
    assert found.rates == Gap("No population is held.")


def test_a_break_that_refuses_stops_the_change_of_that_group_alone():
    anew = dataclasses.replace(OUTER, breaks=(("refuse", "Counted anew."),))
    found = against_groups(OWN, [anew, OUTER], YEAR, BEFORE, *alike(1))
    refused, sound = found.groups
    assert refused.standing.change == refused.changes == Gap("Counted anew.")
    assert isinstance(refused.rates, Estimate)
    assert isinstance(sound.changes, Estimate)


def test_a_break_that_labels_is_carried_as_a_caution():
    renamed = dataclasses.replace(OUTER, breaks=(("label", "Renamed."), ("label", "Moved.")))
    standing = beside(OWN, renamed).standing
    assert (standing.change, standing.caution) == (1, "Renamed. Moved.")
    assert beside(OWN, OUTER).standing.caution is None


def test_the_areas_own_break_stops_every_comparison_of_changes():
    own = dataclasses.replace(OWN, breaks=(("refuse", "Counted anew."),))
    assert beside(own, OUTER).changes == Gap("Counted anew.")


def test_an_area_that_is_all_of_its_group_is_like_it_for_sure():
    found = beside(OWN, dataclasses.replace(OWN, name="All"))
    for ratio in (found.rates, found.changes):
        assert (ratio.value, ratio.low, ratio.high) == (1, 1, 1)


COUNTS = st.integers(1, 100_000)


@settings(max_examples=50)
@given(COUNTS, COUNTS, COUNTS, COUNTS, st.floats(1, 20))
def test_an_interval_contains_its_estimate(before, count, more_before, more, phi):
    group = place(before + more_before, count + more, 90_000)
    found = beside(place(before, count, 7_000), group, phi)
    for ratio in (found.rates, found.changes):
        assert 0 < ratio.low < ratio.value < ratio.high


ROWS = [
    ("Ashby", BEFORE, 10.0),
    ("Burnham", BEFORE, 20.0),
    ("Ashby", YEAR, 11.0),
    ("Burnham", YEAR, 22.0),
    ("City", YEAR, 500.0),
]
VALUES = pd.DataFrame(ROWS, columns=["area", "period", "value"])
PEOPLE = VALUES[["area", "period"]].assign(population=1_000.0)
MEMBERS = ["Ashby", "Burnham"]


def test_a_group_that_is_not_published_is_the_sum_of_its_members():
    group = group_of("part", "Outer", VALUES, PEOPLE, MEMBERS)
    assert group.counts.to_dict() == {BEFORE: 30, YEAR: 33}
    assert group.population.to_dict() == {BEFORE: 2_000, YEAR: 2_000}
    assert group.summed == 2


def test_a_published_group_keeps_its_figures_and_takes_its_members_population():
    rows = pd.concat([VALUES, pd.DataFrame([("Outer", YEAR, 35.0)], columns=VALUES.columns)])
    group = group_of("part", "Outer", rows, PEOPLE, MEMBERS)
    assert group.counts.to_dict() == {YEAR: 35}
    assert group.population.to_dict() == {BEFORE: 2_000, YEAR: 2_000}
    assert group.summed is None


def test_a_sum_lacks_the_periods_in_which_a_member_is_missing():
    without = VALUES.assign(value=VALUES["value"].where(VALUES["value"] != 22))
    assert group_of("part", "Outer", without, PEOPLE, MEMBERS).counts.to_dict() == {BEFORE: 30}
    fewer = VALUES[VALUES["value"] != 20]
    assert group_of("part", "Outer", fewer, PEOPLE, MEMBERS).counts.to_dict() == {YEAR: 33}


def test_a_group_without_members_has_no_population():
    group = group_of("nation", "Nation", VALUES, PEOPLE, [], label="the nation")
    assert group.counts.empty
    assert group.population is None
    assert group.label == "the nation"


def real(offences: str, year: str, before: str):
    """Set Kingston beside its part, the police area and the country, as a page does."""
    areas, table, population = load_areas(PROJECT), real_table("recorded_crime_year"), "population"
    select = {"offence_group": [offences]}
    values = level.select(table.frame, select, "financial_year", "offences", None)
    rated = level.with_rates(values, real_table(population).frame, "financial_year")
    part = next(each.part for each in areas.boroughs if each.name == KINGSTON)
    inside = [each.name for each in areas.boroughs if each.part == part]
    members = {"own": (KINGSTON, [KINGSTON]), "part": (part, inside)}
    members |= {"police_area": ("Met Police Area", areas.borough_names)}
    members |= {"nation": ("England and Wales", [])}
    own, *groups = (
        group_of(
            key,
            name,
            rated,
            rated,
            boroughs,
            breaks=tuple(
                breaks_between(
                    table.meta, select | {"area": [name]}, before, year, "financial_year"
                )
            ),
        )
        for key, (name, boroughs) in members.items()
    )
    return against_groups(own, groups, year, before, *alike(10))


def test_violence_in_kingston_beside_outer_london_the_police_area_and_the_country():
    found = real("Violence Against the Person", YEAR, BEFORE)
    assert (found.own.before, found.own.count) == (2_575, 2_191)
    outer, police, nation = found.groups
    assert outer.standing.group.name == "Outer London"
    assert outer.standing.change == pytest.approx(89_827 / 87_321)
    assert outer.standing.rate == pytest.approx(18.98, abs=0.01)
    assert outer.rates.high < 1
    assert police.standing.rate == pytest.approx(22.35, abs=0.01)
    assert nation.standing.count == 887_942
    assert isinstance(nation.rates, Gap)
    assert nation.changes.value == pytest.approx((2_191 / 2_575) / (887_942 / 945_663))


def test_the_countrys_other_definition_of_violence_from_2012_13_is_not_compared():
    found = real("Violence Against the Person", "2012/13", "2011/12")
    outer, _, nation = found.groups
    assert nation.standing.count == 601_134
    assert nation.standing.change == nation.changes
    assert "another definition" in nation.changes.why
    assert isinstance(outer.changes, Estimate)
    assert "classification" in outer.standing.caution


def test_the_country_is_not_held_after_2012_13():
    nation = real("Burglary", "2014/15", "2013/14").groups[2]
    assert isinstance(nation.standing.count, Gap)
    assert isinstance(nation.changes, Gap)
