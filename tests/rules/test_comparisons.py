"""Parts and wholes: within a table, between tables, over months; columns of one row."""

from __future__ import annotations

import dataclasses

import pytest
from pydantic import ValidationError
from rules_fixture import PLACES, TOTAL, faults_of, rules_of, table_of
from tables_fixture import made_table

from kingston_analysis.data.rules.models import TableRules

# 30 + 12 = 42; what does not add up says 43.
ROWS = [
    ("Aton", "2005/06", TOTAL, 42),
    ("Aton", "2005/06", "Burglary", 30),
    ("Aton", "2005/06", "Robbery", 12),
    ("Bton", "2005/06", TOTAL, 43),
    ("Bton", "2005/06", "Burglary", 30),
    ("Bton", "2005/06", "Robbery", 12),
]
GROUPS = {
    "id": "groups-make-all",
    "total": {"select": {"offence_group": [TOTAL]}},
    "parts": {"without": {"offence_group": [TOTAL]}},
    "by": ["area", "financial_year"],
    "because": "made up",
}


def test_groups_add_up_to_all_and_the_row_that_does_not_is_named():
    [fault] = faults_of(table_of(ROWS), rules_of(comparisons=[GROUPS]))
    assert fault.what == "Bton, 2005/06: the whole is 43 and its parts add up to 42."
    assert (fault.rows, fault.column, fault.value) == ((3,), "offences", "43")


@pytest.mark.parametrize("slack", [{"within": 1}, {"within_share": 0.024}])
def test_a_difference_within_the_stated_tolerance_is_none(slack):
    # 1 of 43 is a share of 0.0233.
    assert faults_of(table_of(ROWS), rules_of(comparisons=[GROUPS | slack])) == []


def test_a_known_difference_is_declared_with_its_reason():
    known = [{"where": {"area": ["Bton"]}, "last": "2005/06", "because": "not explained"}]
    assert faults_of(table_of(ROWS), rules_of(comparisons=[GROUPS | {"known": known}])) == []
    earlier = [known[0] | {"last": "2004/05"}]
    assert len(faults_of(table_of(ROWS), rules_of(comparisons=[GROUPS | {"known": earlier}]))) == 1


def test_boroughs_add_up_to_their_group():
    rows = [(place, "2005/06", "Robbery", 10) for place in PLACES]
    rule = {
        "id": "boroughs-make-the-north",
        "total": {"select": {"area": ["North"]}},
        "parts": {"members_of": "North"},
        "by": ["financial_year", "offence_group"],
        "because": "made up",
    }
    # Ten of the twenty are in the north.
    assert (
        faults_of(
            table_of([*rows, ("North", "2005/06", "Robbery", 100)]), rules_of(comparisons=[rule])
        )
        == []
    )
    [fault] = faults_of(
        table_of([*rows, ("North", "2005/06", "Robbery", 70)]), rules_of(comparisons=[rule])
    )
    assert fault.what == "2005/06, Robbery: the whole is 70 and its parts add up to 100."


def test_months_of_another_table_add_up_to_years_that_are_full():
    months = [f"{2005 + (m > 12)}-{(m - 1) % 12 + 1:02}" for m in range(4, 16)]
    rows = [("Aton", month, "Robbery", 5) for month in (*months, "2006-04")]
    other = made_table(["area", "month", "offence_group", "offences"], rows, kind="month")
    other = dataclasses.replace(other, name="by_month")
    rule = {
        "id": "months-make-years",
        "parts": {"table": "by_month", "year_of": "month"},
        "by": ["area", "financial_year", "offence_group"],
        "because": "made up",
    }
    # 12 months of 5 are 60; of 2006/07 one month is held, and nothing is said of it.
    years = [("Aton", "2005/06", "Robbery", 60), ("Aton", "2006/07", "Robbery", 100)]
    assert faults_of(table_of(years), rules_of(comparisons=[rule]), other) == []
    [fault] = faults_of(
        table_of([("Aton", "2005/06", "Robbery", 71)]), rules_of(comparisons=[rule]), other
    )
    assert fault.what == "Aton, 2005/06, Robbery: the whole is 71 and its parts add up to 60."


@pytest.mark.parametrize("london, faults", [(4.0, 0), (8.0, 0), (8.2, 1), (3.9, 1)])
def test_a_rate_of_a_whole_lies_between_those_of_its_parts(london, faults):
    rows = [("Aton", "2005/06", "Robbery", 4), ("Bton", "2005/06", "Robbery", 8)]
    rule = {
        "id": "between",
        "test": "between",
        "total": {"select": {"area": ["North"]}},
        "parts": {"without": {"area": ["North"]}},
        "by": ["financial_year"],
        "because": "made up",
    }
    table = table_of([*rows, ("North", "2005/06", "Robbery", london)])
    assert len(faults_of(table, rules_of(comparisons=[rule]))) == faults


def test_parts_of_a_whole_that_holds_more_may_be_fewer_and_not_more():
    rule = GROUPS | {"test": "at most"}
    assert faults_of(table_of(ROWS), rules_of(comparisons=[rule])) == []
    more = [*ROWS[:2], ("Aton", "2005/06", "Robbery", 13)]
    assert len(faults_of(table_of(more), rules_of(comparisons=[rule]))) == 1


def test_columns_rise_and_add_up_in_each_row():
    table = made_table(["area", "financial_year", "low", "high"], [("A", "2005/06", 2, 1)])
    table.frame["low"] = table.frame["low"].astype("float64")
    rising = {"id": "in-order", "rising": ["low", "high"], "because": "Low is low"}
    [fault] = faults_of(table, rules_of(columns=[rising]))
    assert (fault.rule, fault.rows) == ("in-order", (0,))
    adding = {"id": "adds", "total": "high", "parts": ["low"], "because": "All of it"}
    assert len(faults_of(table, rules_of(columns=[adding]))) == 1


def test_rules_say_something_or_why_they_do_not():
    for nothing in ({}, {"none": "an outline", "comparisons": [GROUPS]}):
        with pytest.raises(ValidationError, match="give rules, or say under `none`"):
            TableRules.model_validate(nothing)
