"""The full grid of places, periods and kinds, and what a row means that is not in it."""

from __future__ import annotations

import pytest
from rules_fixture import GRID, PLACES, faults_of, rules_of, table_of

YEARS = ("2004/05", "2005/06", "2006/07")
ROWS = [(p, y, g, 40) for p in PLACES for y in YEARS for g in ("Burglary", "Robbery")]


def without(*lost: tuple[str, ...]) -> list[tuple]:
    return [row for row in ROWS if not any(set(each) <= set(row) for each in lost)]


@pytest.mark.parametrize("absent", ["unknown", "not in use"])
def test_single_rows_may_not_be_absent_where_they_are_no_noughts(absent):
    rules = rules_of(grid={**GRID, "absent": absent})
    [fault] = faults_of(table_of(without(("Cton", "2005/06", "Robbery"))), rules)
    assert fault.what == "2005/06: 1 rows are absent: Cton · Robbery."
    assert faults_of(table_of(ROWS), rules) == []


def test_noughts_may_be_absent_but_no_place_and_no_kind_from_a_whole_period():
    rules = rules_of(grid={**GRID, "absent": "nought"})
    assert faults_of(table_of(without(("Cton", "2005/06", "Robbery"))), rules) == []
    [place] = faults_of(table_of(without(("Cton", "2005/06"))), rules)
    assert place.what == "2005/06: 2 rows are absent: Cton · Burglary; Cton · Robbery."
    [kind] = faults_of(table_of(without(("2006/07", "Robbery"))), rules)
    assert kind.what.startswith("2006/07: 20 rows are absent: Aton · Robbery;")


def test_a_borough_that_the_table_does_not_know_is_absent_from_every_period():
    found = faults_of(table_of(without(("Tton",))), rules_of(grid=GRID))
    assert [each.value for each in found] == list(YEARS)


def test_an_exception_covers_its_rows_in_its_span_alone():
    span = {"where": {"area": ["Cton"]}, "first": "2005/06", "last": "2005/06", "because": "fire"}
    rules = rules_of(grid={**GRID, "exceptions": [span]})
    assert faults_of(table_of(without(("Cton", "2005/06"))), rules) == []
    [fault] = faults_of(table_of(without(("Cton",))), rules_of(grid=GRID))[:1]
    assert fault.value == "2004/05"
    assert [each.value for each in faults_of(table_of(without(("Cton",))), rules)] == [
        "2004/05",
        "2006/07",
    ]
