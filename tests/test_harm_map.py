"""The reviewed mapping from recorded offences to weights of harm keeps the rules that it states."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from tables_fixture import real_table

from kingston_analysis.measures.harm import weights_of

MAP = real_table("offence_harm_map").frame
ONS = real_table("ons_crime_severity_weights").frame
CAMBRIDGE = real_table("cambridge_harm_days_by_subgroup").frame
MONTHS = real_table("recorded_crime_month_2008_2016")
OTHER = "recorded_crime_month_2010_2026"

MAPPED = MAP[MAP["status"] == "mapped"]
FACTOR = 2
# The other classification has rows for what lies in no borough.
BOROUGHS = set(MONTHS.frame["area"])


def codes_of(row: pd.Series) -> list[str]:
    return [] if pd.isna(row["home_office_codes"]) else row["home_office_codes"].split("; ")


def weights_by_offence(rows: pd.DataFrame) -> Iterator[tuple[str, list[float]]]:
    weight = ONS.set_index("home_office_code")["weight"]
    for _, row in rows.iterrows():
        yield row["offence"], [weight[code] for code in codes_of(row)]


def status_of(*offences: str) -> set[str]:
    return set(MAP[MAP["offence"].isin(offences)]["status"])


def test_every_offence_of_the_monthly_table_stands_once_under_its_group():
    held = MONTHS.frame[["offence_group", "offence"]].drop_duplicates()
    assert len(MAP) == len(held) == 33
    assert set(map(tuple, MAP[["offence_group", "offence"]].to_numpy())) == set(
        map(tuple, held.to_numpy())
    )
    assert MAP["offence"].is_unique
    assert MAP["name"].is_unique


def test_the_spelling_is_that_of_the_monthly_tables_metadata():
    listed = {column.name: set(column.values or []) for column in MONTHS.meta.columns}
    assert set(MAP["offence"]) == listed["offence"]
    assert set(MAP["offence_group"]) == listed["offence_group"]


def test_every_code_and_subgroup_exists():
    codes = [code for _, row in MAP.iterrows() for code in codes_of(row)]
    assert set(codes) <= set(ONS["home_office_code"])
    subgroups = MAP["cambridge_subgroup"].dropna().str.split("; ").explode()
    assert set(subgroups) <= set(CAMBRIDGE["offence_subgroup"])


def test_a_mapped_offence_has_codes_and_a_subgroup_and_no_code_serves_two():
    assert MAPPED[["home_office_codes", "cambridge_subgroup"]].notna().all(axis=None)
    codes = [code for _, row in MAPPED.iterrows() for code in codes_of(row)]
    assert len(codes) == len(set(codes))


def test_the_codes_of_a_mapped_offence_lie_within_a_factor_of_two():
    spans = {name: max(found) / min(found) for name, found in weights_by_offence(MAPPED)}
    assert all(span < FACTOR for span in spans.values())
    # 3,894.8 for boys under 16 to 2,397.3 for boys under 13
    assert spans["Rape"] == pytest.approx(3_894.781 / 2_397.259, abs=1e-4)
    assert {name for name, span in spans.items() if span > 1} == {"Rape"}


def test_an_offence_is_not_mapped_where_its_codes_lie_further_apart():
    doubtful = MAP[(MAP["status"] == "not mapped") & MAP["home_office_codes"].notna()]
    spans = {name: max(found) / min(found) for name, found in weights_by_offence(doubtful)}
    assert len(spans) == 6
    assert all(span > FACTOR for span in spans.values())
    # 2,034.7 with intent, 189.2 within assault with injury
    assert spans["Wounding/GBH"] == spans["Grievous Bodily Harm"] == pytest.approx(10.757, abs=1e-3)


def test_what_comes_to_light_through_police_activity_is_left_out():
    left_out = MAP[MAP["status"] == "left out"]
    assert set(left_out[left_out["offence_group"] != "Drugs"]["offence"]) == {
        "Offensive Weapon",
        "Going Equipped",
        "Handling Stolen Goods",
    }
    assert (MAP[MAP["offence_group"] == "Drugs"]["status"] == "left out").all()
    weights = weights_of(MAP, ONS, CAMBRIDGE)
    weights = weights[weights["status"] == "left out"]
    assert weights[["severity", "days"]].isna().all(axis=None)
    # The Cambridge index leaves these out, so in it they add nothing.
    assert left_out["cambridge_subgroup"].isna().all()
    assert weights[["fewest_days", "most_days"]].eq(0).all(axis=None)


def test_where_a_weight_would_be_a_guess_the_offence_is_not_mapped():
    doubtful = ["Other violence", "Other Sexual", "Other Notifiable", "Counted per Victim"]
    assert status_of(*doubtful, "Other Fraud & Forgery", "Harassment") == {"not mapped"}
    assert status_of("Grievous Bodily Harm", "Wounding/GBH") == {"not mapped"}


@pytest.mark.parametrize(
    ("offence", "severity", "days"),
    [
        # with intent to cause serious harm, and without
        ("Grievous Bodily Harm", (189.154, 2_034.742), (2, 4_380)),
        # fear, alarm or distress, and harassment
        ("Harassment", (6.812, 36.098), (1, 730)),
        # from threats to kill to kidnapping
        ("Other violence", (275.309, 1_216.815), (1, 5_475)),
        # from exposure to sexual activity with a person with a mental disorder
        ("Other Sexual", (39.922, 1_444.951), (5, 2_555)),
        # other damage, and arson endangering life
        ("Other Criminal Damage", (5.397, 826.2), (1, 365)),
        # possession of other weapons, and of firearms
        ("Offensive Weapon", (52.126, 412.202), (0, 0)),
    ],
)
def test_what_has_no_weight_has_the_ends_of_what_it_may_weigh(offence, severity, days):
    row = weights_of(MAP, ONS, CAMBRIDGE).set_index("offence").loc[offence]
    ends = (row["least_severity"], row["greatest_severity"])
    assert ends == pytest.approx(severity, rel=1e-4)
    assert (row["fewest_days"], row["most_days"]) == days


def test_two_labels_for_the_same_offences_are_treated_alike():
    both = MAP[MAP["offence"].isin(["Grievous Bodily Harm", "Wounding/GBH"])]
    assert both[["status", "home_office_codes", "reason"]].nunique().eq(1).all()


def test_homicide_which_the_weights_list_five_times_is_taken_once():
    murder = weights_of(MAP, ONS, CAMBRIDGE).set_index("offence").loc["Murder"]
    assert (ONS["offence"] == "Homicide").sum() == 5
    assert murder["severity"] == pytest.approx(7_973.393423)
    assert murder["days"] == 5_475


@pytest.mark.parametrize(
    ("offence", "severity", "days"),
    [
        ("Burglary in a Dwelling", 465.381, 273.5),
        ("Burglary in Other Buildings", 123.018, 183.5),
        ("Assault with Injury", 189.154, 365),
        ("Common Assault", 13.511, 10),
        ("Personal Property", 799.629, 365),
        ("Other Theft Person", 80.405, 2),
        ("Theft From Shops", 11.856, 1),
        ("Criminal Damage To Dwelling", 5.397, 2),
        # (2952.94 + 3883.13 + 3225.10 + 3191.96 + 3894.78 + 2397.26 + 3279.32 + 2975.39) / 8
        ("Rape", 3_224.986, 2_555),
    ],
)
def test_the_weights_that_the_mapping_gives(offence, severity, days):
    row = weights_of(MAP, ONS, CAMBRIDGE).set_index("offence").loc[offence]
    assert row["severity"] == pytest.approx(severity, abs=1e-3)
    assert row["days"] == days


def test_every_offence_has_a_reason_that_names_no_year():
    """An edition shows the reasons whatever years it may see."""
    assert MAP["reason"].str.len().gt(20).all()
    assert not MAP["reason"].str.contains(r"\b(?:19|20)\d\d\b").any()


def test_the_metadata_says_that_it_is_our_own_judgement_and_by_which_rules():
    meta = real_table("offence_harm_map").meta
    assert meta.role == "instrument"
    for said in ("our own judgement", "factor of two", "rare", "police activity", "guess"):
        assert said in meta.description


def by_area_and_month(table: str, offences: list[str], first: str, last: str) -> pd.Series:
    frame = real_table(table).frame
    frame = frame[frame["offence"].isin(offences) & frame["month"].between(first, last)]
    return frame.groupby(["area", "month"])["offences"].sum().astype("float64")


@pytest.mark.parametrize("year", [2013, 2014, 2015])
def test_harassment_holds_public_order_offences_as_the_other_classification_shows(year):
    span = f"{year}-04", f"{year + 1}-03"
    public_order = ["PUBLIC FEAR ALARM OR DISTRESS", "RACE OR RELIGIOUS AGG PUBLIC FEAR"]
    here = by_area_and_month(MONTHS.name, ["Harassment"], *span).sum()
    alone = by_area_and_month(OTHER, ["STALKING AND HARASSMENT"], *span).sum()
    together = alone + by_area_and_month(OTHER, public_order, *span).sum()
    assert here / together == pytest.approx(1, abs=0.1)
    assert alone / here < 0.55


def test_other_criminal_damage_holds_arson_as_the_other_classification_shows():
    span = "2010-04", "2016-03"
    labels = [name for name in MAP["offence"] if "Criminal Damage" in name]
    monthly = {
        name: by_area_and_month(MONTHS.name, [name], *span).groupby("area").diff()
        for name in labels
    }
    arson, damage = (
        by_area_and_month(OTHER, [name], *span).groupby("area").diff()
        for name in ("ARSON", "CRIMINAL DAMAGE")
    )
    both = pd.DataFrame({"arson": arson, "damage": damage}).dropna().loc[sorted(BOROUGHS)]
    # How many more of each label there are in a month with one more arson.
    moved = {
        name: np.linalg.lstsq(both, change.reindex(both.index), rcond=None)[0][0]
        for name, change in monthly.items()
    }
    assert moved.pop("Other Criminal Damage") == pytest.approx(1, abs=0.1)
    assert all(abs(each) < 0.15 for each in moved.values())
    assert status_of("Other Criminal Damage") == {"not mapped"}
    assert status_of(*moved) == {"mapped"}


@pytest.mark.parametrize(
    ("offence", "same"),
    [
        ("Burglary in a Dwelling", "DOMESTIC BURGLARY"),
        ("Burglary in Other Buildings", "BURGLARY BUSINESS AND COMMUNITY"),
        ("Personal Property", "ROBBERY OF PERSONAL PROPERTY"),
        ("Business Property", "ROBBERY OF BUSINESS PROPERTY"),
        ("Rape", "RAPE"),
        ("Other Theft Person", "THEFT FROM THE PERSON"),
        ("Theft From Shops", "SHOPLIFTING"),
        ("Theft From Motor Vehicle", "THEFT FROM A VEHICLE"),
        ("Theft/Taking Of Motor Vehicle", "THEFT OR UNAUTH TAKING OF A MOTOR VEH"),
        ("Theft/Taking of Pedal Cycle", "BICYCLE THEFT"),
        ("Motor Vehicle Interference & Tampering", "INTERFERING WITH A MOTOR VEHICLE"),
    ],
)
def test_a_mapped_offence_counts_what_its_namesake_counts_in_the_other_classification(
    offence, same
):
    span = "2010-04", "2011-03"
    counts = [
        by_area_and_month(name, [label], *span).sum()
        for name, label in ((MONTHS.name, offence), (OTHER, same))
    ]
    assert counts[0] == pytest.approx(counts[1], rel=0.03)
    assert status_of(offence) == {"mapped"}
