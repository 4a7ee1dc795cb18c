"""Harm: both indices over the same offences, their interval, and what they rest on."""

from __future__ import annotations

import math
from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_fixture import KINGSTON, real_table

from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.harm import Harm, Indices, harm_by_area, weigh_harm, weights_of
from kingston_analysis.results import Estimate, Gap

MAPPING = pd.DataFrame(
    [
        ("Violence", "Murder", "murder", "mapped", "1", "Homicide", "The same offence."),
        ("Violence", "Assault", "assault", "mapped", "8A; 8B", "Injury", "Alike."),
        ("Violence", "Wounding", "wounding", "not mapped", "5A; 8A", None, "Can be two things."),
        ("Theft", "Shops", "theft from shops", "mapped", "46", "Shoplifting", "The same offence."),
        ("Drugs", "Drugs", "drug offences", "left out", None, None, "Found by police."),
    ],
    columns=[
        "offence_group",
        "offence",
        "name",
        "status",
        "home_office_codes",
        "cambridge_subgroup",
        "reason",
    ],
)
ONS = pd.DataFrame(
    {"home_office_code": ["1", "5A", "8A", "8B", "46"], "weight": [8000.0, 2000, 180, 220, 10]}
)
CAMBRIDGE = pd.DataFrame(
    {
        "offence_subgroup": ["Homicide", "Injury", "Shoplifting"],
        "min_days": [700, 2, 1],
        "median_days": [5000.0, 400, 1],
        "max_days": [5000, 4000, 1],
    }
)
WEIGHTS = weights_of(MAPPING, ONS, CAMBRIDGE)
OFFENCES = list(MAPPING["offence"])


def counted(**counts: float) -> pd.DataFrame:
    return pd.DataFrame({"offence": list(counts), "value": list(counts.values())})


def found(population: float = 50_000, phi: float = 1, **counts: float) -> Harm:
    return weigh_harm(counted(**counts), WEIGHTS, population, phi)


def test_an_offence_weighs_the_mean_of_its_codes_and_the_median_of_its_subgroup():
    row = WEIGHTS.set_index("offence").loc["Assault"]
    assert row["severity"] == (180 + 220) / 2
    assert (row["fewest_days"], row["days"], row["most_days"]) == (2, 400, 4000)


def test_an_offence_that_is_not_mapped_has_no_weight_whatever_codes_it_may_be():
    rows = WEIGHTS.set_index("offence").loc[["Wounding", "Drugs"]]
    assert rows[["severity", "days", "fewest_days", "most_days"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("home_office_codes", "8A; 8Z", "'Assault' is mapped to the Home Office code '8Z'.*'8A'"),
        ("cambridge_subgroup", "Injuries", "the Cambridge subgroup 'Injuries'.*'Injury'"),
        ("cambridge_subgroup", None, "'Assault' is mapped to the Cambridge subgroup 'nan'"),
    ],
)
def test_a_mapping_to_what_does_not_exist_is_refused_with_the_nearest(column, value, said):
    wrong = MAPPING.copy()
    wrong.loc[wrong["offence"] == "Assault", column] = value
    with pytest.raises(KingstonError, match=said):
        weights_of(wrong, ONS, CAMBRIDGE)


def test_both_indices_worked_by_hand():
    got = found(Murder=1, Assault=100, Shops=500)
    # (1 * 8000 + 100 * 200 + 500 * 10) / 50 thousand = 33,000 / 50
    assert got.indices.severity.rate.value == pytest.approx(660)
    # (1 * 5000 + 100 * 400 + 500 * 1) / 50 = 45,500 / 50
    assert got.indices.days.rate.value == pytest.approx(910)


def test_the_interval_worked_by_hand():
    rate = found(phi=4, Murder=1, Assault=100).indices.severity.rate
    # variance: 4 (8000² * 1 + 200² * 100) = 4 * 68,000,000; √ = 16,492.4; * 1.96 / 50 = 646.49
    reach = 1.959964 * math.sqrt(4 * (8000**2 * 1 + 200**2 * 100)) / 50
    assert reach == pytest.approx(646.49, abs=0.01)
    # (8000 + 20,000) / 50 = 560, so the lower end would be below zero
    assert (rate.value, rate.low) == (560, 0)
    assert rate.high == pytest.approx(560 + reach)


def test_one_heavy_offence_widens_the_interval_more_than_many_light_ones():
    heavy, light = found(Murder=1).indices.severity.rate, found(Shops=800).indices.severity.rate
    assert heavy.value == light.value == 8000 / 50
    assert heavy.high > light.high
    assert heavy.low < light.low


def test_without_its_heaviest_offence_an_index_is_that_of_the_others():
    got = found(phi=2, Murder=1, Assault=100, Shops=500)
    # assault adds 20,000 of 33,000 to severity and 40,000 of 45,500 days
    assert got.indices.severity.heaviest == got.indices.days.heaviest == "assault"
    assert got.indices.severity.without == found(phi=2, Murder=1, Shops=500).indices.severity.rate
    assert got.indices.days.without == found(phi=2, Murder=1, Shops=500).indices.days.rate
    assert got.indices.severity.without.value == pytest.approx(33_000 / 50 - 20_000 / 50)


def test_the_indices_can_differ_in_what_is_heaviest():
    # severity: 3 * 8000 over 100 * 200; days: 3 * 5000 under 100 * 400
    got = found(Murder=3, Assault=100)
    assert (got.indices.severity.heaviest, got.indices.days.heaviest) == ("murder", "assault")


def test_of_one_offence_there_is_no_figure_without_the_heaviest():
    got = found(Assault=100, Wounding=10)
    assert got.indices.severity.heaviest == "assault"
    assert isinstance(got.indices.severity.without, Gap)
    assert got.indices.severity.without == got.indices.days.without


def test_what_is_not_mapped_is_in_neither_index_nor_share_but_in_the_coverage():
    got = found(Assault=60, Shops=20, Wounding=15, Drugs=5)
    assert got.indices.severity == found(Assault=60, Shops=20).indices.severity
    assert (got.weighed_count, got.total, got.covered) == (80, 100, 0.8)
    rows = got.offences.set_index("offence")
    assert rows.loc[["Assault", "Shops"], "share"].tolist() == [60 / 80, 20 / 80]
    assert rows.loc[["Wounding", "Drugs"], "share"].isna().all()
    assert got.reasons == ["Can be two things.", "Found by police."]


def test_shares_of_offences_of_severity_and_of_harm_worked_by_hand():
    rows = found(Assault=10, Shops=90).offences.set_index("offence")
    # severity 10 * 200 = 2000 and 90 * 10 = 900; days 10 * 400 = 4000 and 90 * 1 = 90
    assert rows.loc["Assault", "share"] == pytest.approx(10 / 100)
    assert rows.loc["Assault", "severity_share"] == pytest.approx(2000 / 2900)
    assert rows.loc["Assault", "harm_share"] == pytest.approx(4000 / 4090)


def test_groups_are_the_sums_of_their_offences_without_groups_that_have_no_weights():
    got = found(Murder=1, Assault=9, Wounding=5, Shops=90, Drugs=7)
    groups = got.groups.set_index("offence_group")
    assert list(groups.index) == ["Violence", "Theft"]
    assert groups["value"].tolist() == [10, 90]
    assert groups["recorded"].tolist() == [15, 90]
    # violence 8000 + 9 * 200 = 9,800 of 10,700; 5000 + 9 * 400 = 8,600 of 8,690 days
    assert groups.loc["Violence", "severity_share"] == pytest.approx(9_800 / 10_700)
    assert groups.loc["Violence", "harm_share"] == pytest.approx(8_600 / 8_690)


def test_the_most_severe_stands_first_and_what_has_no_weights_last():
    got = found(Drugs=900, Shops=90, Murder=1, Wounding=5)
    assert got.offences["offence"].tolist() == ["Murder", "Shops", "Drugs", "Wounding"]


def test_where_no_offence_has_weights_there_is_no_index_but_a_reason():
    got = found(Drugs=900, Wounding=5)
    assert isinstance(got.indices, Gap)
    assert got.covered == 0
    assert got.groups.empty
    assert got.reasons == ["Found by police.", "Can be two things."]


def test_where_nothing_was_recorded_the_indices_are_zero_without_interval():
    got = found(Murder=0, Shops=0)
    assert got.indices.severity.rate == got.indices.days.rate == Estimate(0)
    assert got.indices.severity.heaviest is None
    assert isinstance(got.indices.severity.without, Gap)
    assert got.covered == Gap("No offence was recorded.")


def test_an_offence_that_did_not_happen_adds_nothing():
    rates = found(Murder=0, Assault=5), found(Assault=5)
    assert rates[0].indices.severity.rate == rates[1].indices.severity.rate
    assert rates[0].indices.severity.without.value == 0


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"Assault": -1}, "count of Assault is -1"),
        ({"Assault": 0.5}, "count of Assault is 0.5"),
        ({"Assault": math.nan}, "count of Assault is not known"),
        ({"Shops": 1, "Asault": 1}, "no weights for 'Asault'. Did you mean 'Assault'"),
    ],
)
def test_a_wrong_count_or_offence_is_refused(counts, said):
    with pytest.raises(KingstonError, match=said):
        found(**counts)


def test_an_offence_counted_twice_is_refused():
    with pytest.raises(KingstonError, match="Shops is counted twice"):
        weigh_harm(pd.concat([counted(Shops=1), counted(Shops=1)]), WEIGHTS, 50_000, 1)


@pytest.mark.parametrize(("population", "said"), [(0, "0"), (-5, "-5"), (math.nan, "not known")])
def test_without_residents_there_is_no_harm_per_head(population, said):
    with pytest.raises(KingstonError, match=f"The population is {said}"):
        found(population=population, Shops=1)


def by_area(**areas: dict[str, float]) -> pd.DataFrame:
    rows = [(area, offence, n) for area, each in areas.items() for offence, n in each.items()]
    return pd.DataFrame(rows, columns=["area", "offence", "value"])


def people(**areas: float) -> pd.DataFrame:
    return pd.DataFrame({"area": list(areas), "population": list(areas.values())})


def test_areas_are_weighed_and_ranked_from_both_ends():
    counts = by_area(
        Ashby={"Murder": 1, "Shops": 0, "Drugs": 9},
        Burnham={"Murder": 0, "Shops": 900, "Drugs": 0},
        Colne={"Murder": 0, "Shops": 0, "Drugs": 5},
    )
    got = harm_by_area(counts, WEIGHTS, people(Ashby=10_000, Burnham=10_000, Colne=10_000))
    rows = got.set_index("area")
    # 8000 / 10 and 900 * 10 / 10; 5000 / 10 and 900 * 1 / 10
    assert rows["severity_rate"].tolist() == [800, 900, 0]
    assert rows["harm_rate"].tolist() == [500, 90, 0]
    assert rows["severity_rank"].tolist() == [2, 3, 1]
    assert rows["severity_rank_top"].tolist() == [2, 1, 3]
    assert rows["harm_rank"].tolist() == [3, 2, 1]
    assert rows["harm_rank_top"].tolist() == [1, 2, 3]


def test_areas_alike_share_the_better_rank():
    counts = by_area(Ashby={"Shops": 5}, Burnham={"Shops": 5}, Colne={"Shops": 9})
    got = harm_by_area(counts, WEIGHTS, people(Ashby=1_000, Burnham=1_000, Colne=1_000))
    assert got["severity_rank"].tolist() == [1, 1, 3]
    assert got["severity_rank_top"].tolist() == [2, 2, 1]


def test_where_no_offence_has_weights_no_area_is_weighed():
    got = harm_by_area(by_area(Ashby={"Drugs": 5}), WEIGHTS, people(Ashby=1_000))
    assert got.empty
    assert {"area", "severity_rate", "harm_rate"} <= set(got.columns)


@pytest.mark.parametrize("residents", [people(Ashby=0), people(Burnham=5)])
def test_an_area_without_residents_is_named(residents):
    with pytest.raises(KingstonError, match=r"The population of Ashby is (0|not known)"):
        harm_by_area(by_area(Ashby={"Shops": 5}), WEIGHTS, residents)


def test_a_wrong_count_is_named_with_its_area():
    with pytest.raises(KingstonError, match="count of Shops in Ashby is -5"):
        harm_by_area(by_area(Ashby={"Shops": -5}), WEIGHTS, people(Ashby=1_000))


SOME = st.dictionaries(st.sampled_from(OFFENCES), st.integers(0, 10_000), min_size=1)
PHIS = st.floats(1, 20)


@settings(max_examples=40)
@given(SOME, st.integers(1, 10**6), PHIS)
def test_an_interval_contains_its_index_and_never_goes_below_zero(counts, population, phi):
    got = found(population=population, phi=phi, **counts)
    indices = [got.indices.severity, got.indices.days] if isinstance(got.indices, Indices) else []
    for rate in [rate for each in indices for rate in (each.rate, each.without)]:
        if isinstance(rate, Estimate) and rate.ends:
            assert rate.low >= 0
            assert rate.allows(rate.value)


@settings(max_examples=40)
@given(SOME, PHIS)
def test_shares_add_up_to_one_and_groups_to_their_offences(counts, phi):
    got = found(phi=phi, **counts)
    for column in ("share", "severity_share", "harm_share"):
        assert got.offences[column].sum() == pytest.approx(1 if got.weighed_count else 0)
        assert got.groups[column].sum() == pytest.approx(got.offences[column].sum())


@settings(max_examples=40)
@given(SOME, st.integers(1, 1_000))
def test_an_area_alone_and_among_others_is_weighed_alike(counts, population):
    alone = found(population=population, **counts)
    both = harm_by_area(
        by_area(Ashby=counts, Burnham=counts), WEIGHTS, people(Ashby=population, Burnham=9)
    )
    if isinstance(alone.indices, Gap):
        assert both.empty
    else:
        first = both.iloc[0]
        assert first["severity_rate"] == pytest.approx(alone.indices.severity.rate.value)
        assert first["harm_rate"] == pytest.approx(alone.indices.days.rate.value)


@settings(max_examples=40)
@given(st.permutations(OFFENCES), st.lists(st.integers(1, 99), min_size=5, max_size=5))
def test_the_order_of_the_rows_does_not_matter(order, values):
    counts = dict(zip(OFFENCES, values, strict=True))
    there, back = found(**counts), found(**{name: counts[name] for name in order})
    assert there.indices.severity.heaviest == back.indices.severity.heaviest
    assert there.indices.severity.rate.value == pytest.approx(back.indices.severity.rate.value)
    assert there.offences["offence"].tolist() == back.offences["offence"].tolist()


@cache
def real_weights() -> pd.DataFrame:
    names = "offence_harm_map", "ons_crime_severity_weights", "cambridge_harm_days_by_subgroup"
    return weights_of(*(real_table(name).frame for name in names))


@cache
def first_full_year() -> pd.DataFrame:
    frame = real_table("recorded_crime_month_2008_2016").frame
    year = frame[frame["month"].between("2008-04", "2009-03")]
    sums = year.groupby(["area", "offence"], as_index=False)["offences"].sum()
    return sums.rename(columns={"offences": "value"})


@cache
def residents() -> pd.DataFrame:
    frame = real_table("population").frame
    return frame[frame["mid_year"] == 2008]


@cache
def kingston() -> Harm:
    counts = first_full_year()
    [people_there] = residents().set_index("area")["population"].loc[[KINGSTON]]
    own = counts[counts["area"] == KINGSTON]
    return weigh_harm(own[["offence", "value"]], real_weights(), people_there, 1)


def test_in_kingston_more_than_three_quarters_of_the_offences_can_be_weighed():
    assert (kingston().weighed_count, kingston().total) == (8_883, 11_298)
    assert kingston().covered == pytest.approx(0.786, abs=0.0005)


def test_in_kingston_theft_is_half_of_the_offences_and_little_of_the_harm():
    groups = kingston().groups.set_index("offence_group")
    columns = ["share", "severity_share", "harm_share"]
    theft, violence, burglary = (
        groups.loc[name, columns].astype(float).round(2).tolist()
        for name in ("Theft and Handling", "Violence Against the Person", "Burglary")
    )
    assert theft == [0.53, 0.18, 0.02]
    assert violence == [0.16, 0.18, 0.44]
    assert burglary == [0.13, 0.35, 0.34]


def test_in_kingston_the_two_indices_disagree_on_the_heaviest_offence():
    assert kingston().indices.severity.heaviest == "burglary in a dwelling"
    assert kingston().indices.days.heaviest == "assault with injury"
    assert kingston().indices.severity.rate.value == pytest.approx(6_330, abs=1)
    assert kingston().indices.severity.without.value == pytest.approx(4_520, abs=1)
    assert kingston().indices.days.rate.value == pytest.approx(4_897, abs=1)
    assert kingston().indices.days.without.value == pytest.approx(2_764, abs=1)


def test_every_borough_has_a_rank_by_both_indices():
    got = harm_by_area(first_full_year(), real_weights(), residents()).set_index("area")
    assert len(got) == 32
    own = got.loc[KINGSTON]
    assert own["severity_rate"] == pytest.approx(kingston().indices.severity.rate.value)
    assert (own["severity_rank"], own["harm_rank"]) == (2, 2)
    assert got["severity_rank_top"].idxmin() == got["harm_rank_top"].idxmin() == "Westminster"
