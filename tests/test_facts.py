"""The published facts, worked out from the tables of the project."""

from __future__ import annotations

import math

import pytest
from tables_fixture import KINGSTON, PROJECT, real_series, real_table

from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.tables.metadata import table_names
from kingston_analysis.measures import level
from kingston_analysis.measures.variation import Variation
from kingston_analysis.measures.wards import by_ward, ward_rows
from kingston_analysis.show.wording import rank, share

ROWS_OF_THE_FIGURES = {
    "alcohol_admissions_aged_11_18": 125,
    "cambridge_harm_days_by_subgroup": 23,
    "drug_admissions_year": 1_075,
    "flagged_crime_month": 132_691,
    "incidents_year": 1_650,
    "kingston_wards_2022": 19,
    "london_boroughs": 33,
    "national_indicators_2008": 198,
    "ons_crime_severity_weights": 134,
    "police_uk_ward_month_2016_2018": 4_773,
    "population": 858,
    "public_attitude_survey": 9_312,
    "recorded_crime_month_2008_2016": 114_048,
    "recorded_crime_month_2010_2026": 205_508,
    "recorded_crime_year": 6_005,
    "ward_crime_year": 2_240,
    "ward_incidents_year": 800,
}


def test_every_table_of_the_figures_is_held():
    assert set(ROWS_OF_THE_FIGURES) <= set(table_names(PROJECT))


@pytest.mark.parametrize(("name", "rows"), ROWS_OF_THE_FIGURES.items())
def test_no_row_of_the_figures_was_lost_or_added(name, rows):
    assert len(real_table(name).frame) == rows


@pytest.mark.parametrize(
    ("year", "count", "rank_by_count", "rank_by_rate"),
    [
        ("2004/05", 3_520, 4, 13),
        ("2005/06", 3_240, 4, 12),
        ("2006/07", 3_003, 4, 11),
        ("2007/08", 2_575, 3, 9),
        ("2008/09", 2_191, 2, 4),
    ],
)
def test_violence_fell_and_its_ranks_with_it(year, count, rank_by_count, rank_by_rate):
    row = real_series("violence-against-the-person").own.loc[year]
    assert row["value"] == count
    assert (row["rank_count"], row["rank_rate"]) == (rank_by_count, rank_by_rate)
    assert row["areas"] == 32


def test_all_recorded_crime_of_the_first_year_assessed():
    row = real_series("all-recorded-crime").own.loc["2006/07"]
    assert row["value"] == 13_105
    assert rank(row["rank_count"], row["rank_count_top"]) == "lowest"
    assert rank(row["rank_rate"], row["rank_rate_top"]) == "sixth lowest"
    assert row["areas"] == 32


def test_a_rate_divides_by_the_residents_of_the_mid_year_in_which_the_year_begins():
    people = real_table("population").frame.set_index(["area", "mid_year"])["population"]
    row = real_series("all-recorded-crime").own.loc["2006/07"]
    assert row["rate"] == pytest.approx(13_105 / people[KINGSTON, 2006] * 1000)


def test_grove_ward_had_nearly_a_third_of_all_offences():
    table = real_table("ward_crime_year")
    chosen = {"offence_group": ["All recorded offences"]}
    rows = ward_rows(table.frame, chosen, "financial_year", "offences")
    wards = by_ward(rows, "2006/07", "2005/06", 13_105, Variation(1.0, math.inf, "months"))
    top = wards.frame.iloc[0]
    assert (top["ward"], top["value"]) == ("Grove", 4_079)
    assert len(wards.frame) == 16
    assert wards.placed == 12_888
    assert wards.unplaced == 13_105 - 12_888
    assert share(4_079 / 13_105) == "31.1%"
    assert share(top["share"]) == share(4_079 / 12_888) == "31.6%"


@pytest.mark.parametrize(
    ("year", "count"),
    [("2008/09", 360), ("2009/10", 410), ("2010/11", 425), ("2011/12", 448), ("2012/13", 542)],
)
def test_theft_from_the_person_rose_from_the_first_year_with_twelve_months(year, count):
    own = real_series("theft-from-the-person").own
    assert own["value"][year] == count
    assert own.index[0] == "2008/09"


@pytest.mark.parametrize("part", ["Inner London", "Outer London"])
def test_the_boroughs_add_up_to_the_published_totals(part):
    frame = real_table("recorded_crime_year").frame
    boroughs = [each.name for each in load_areas(PROJECT).boroughs if each.part == part]
    keys = ["financial_year", "offence_group"]
    sums = frame[frame["area"].isin(boroughs)].groupby(keys)["offences"].sum()
    published = frame[frame["area"] == part].set_index(keys)["offences"]
    assert len(published) == 17 * 10
    assert (sums.sort_index() == published.sort_index()).all()


def test_there_are_thirty_two_boroughs_in_two_parts():
    boroughs = load_areas(PROJECT).boroughs
    assert len({each.name for each in boroughs}) == len({each.code for each in boroughs}) == 32
    assert {each.part for each in boroughs} == {"Inner London", "Outer London"}


def test_a_place_is_written_in_one_spelling_in_all_tables():
    with_areas = [name for name in table_names(PROJECT) if "area" in real_table(name).frame]
    assert len(with_areas) >= 9
    for name in with_areas:
        assert set(real_table(name).frame["area"]) <= load_areas(PROJECT).all_names, name


@pytest.mark.parametrize("name", ["population", "recorded_crime_year"])
def test_a_code_stands_for_the_place_that_the_list_of_places_says(name):
    known = {
        each.code: each.name
        for each in [*load_areas(PROJECT).boroughs, *load_areas(PROJECT).other_places]
    }
    pairs = real_table(name).frame[["area_code", "area"]].drop_duplicates()
    assert [known[code] for code in pairs["area_code"]] == list(pairs["area"])


@pytest.mark.parametrize("name", ["population", "recorded_crime_year", "incidents_year"])
def test_every_borough_is_in_the_tables_that_cover_london(name):
    assert set(load_areas(PROJECT).borough_names) <= set(real_table(name).frame["area"])


def test_months_and_years_of_all_recorded_crime_agree_within_twenty_offences():
    months = real_table("recorded_crime_month_2008_2016").frame
    values = level.select(months, {}, "month", "offences", None)
    sums = level.full_years(values[values["area"] == KINGSTON]).set_index("period")["value"]
    years = real_series("all-recorded-crime").own["value"]
    assert list(sums.index) == [f"20{year:02}/{year + 1:02}" for year in range(8, 16)]
    assert (sums - years[sums.index]).abs().max() <= 20


def test_the_suppressed_number_of_admissions_is_kept_as_suppressed():
    frame = real_table("alcohol_admissions_aged_11_18").frame
    suppressed = frame[frame["marker"] == "c"]
    assert suppressed[["area", "financial_year"]].to_numpy().tolist() == [
        ["City of London", "2005/06"]
    ]
    assert suppressed["admissions"].isna().all()
    assert frame["admissions"].isna().sum() == 1


def test_only_confirmed_titles_of_indicators_are_marked_as_confirmed():
    frame = real_table("national_indicators_2008").frame
    confirmed = set(frame.loc[frame["title_confirmed"] == "yes", "national_indicator"])
    assert len(frame) == 198
    assert {15, 16, 18, 19, 20, 21, 32, 35, 38, 39, 40, 43, 111} <= confirmed
    assert len(confirmed) == 31


@pytest.mark.parametrize("name", ROWS_OF_THE_FIGURES)
def test_every_table_says_who_published_it_under_which_licence_and_what_we_did(name):
    meta = real_table(name).meta
    assert meta.publisher
    assert meta.licence
    assert meta.attribution
    assert meta.changes
    assert meta.caveats
