"""Figures that stand out are held up until a person confirms them; hand-worked deviations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from rules_fixture import GRID, PLACES, faults_of, rules_of, table_of

from kingston_analysis.data.rules.expected import deviations_of_counts, expected_values

YEARS = [f"{y}/{(y + 1) % 100:02}" for y in range(2001, 2009)]
RULES = {"grid": GRID, "outliers": {"moves": 8, "places": 8}}


def rows_of(changed: dict[tuple[str, str], int] | None = None) -> list[tuple]:
    """Give 100 robberies in every place and year, but where they are changed."""
    given = changed or {}
    return [(p, y, "Robbery", given.get((p, y), 100)) for p in PLACES for y in YEARS]


def test_a_figure_is_expected_to_be_as_its_neighbours_once_all_places_are_allowed_for():
    # All places double in the third period: 20 and not 10 is expected there.
    values = np.array([[10.0, 10, 20, 10, 10]] * 4)[:, :, None]
    expected, neighbours = expected_values(values, 2)
    assert expected[0, :, 0] == pytest.approx([10, 10, 20, 10, 10])
    assert list(neighbours[0, :, 0]) == [2, 3, 4, 3, 2]


def test_deviations_count_noise_and_the_spread_between_periods():
    # 2 (√400.375 less √100.375) = 19.98; variance (1 + 100 * 0.05²) (1 + 1/4) = 1.5625.
    values = np.array([100.0, 100, 100, 400])[:, None, None]
    expected, neighbours = np.full((4, 1, 1), 100.0), np.full((4, 1, 1), 4)
    far = deviations_of_counts(values, expected, neighbours)[3, 0, 0]
    assert far == pytest.approx(2 * (math.sqrt(400.375) - math.sqrt(100.375)) / 1.25)


def test_ten_times_a_count_is_named_with_its_row_and_the_way_to_confirm_it():
    [fault] = faults_of(table_of(rows_of({("Cton", "2005/06"): 1000})), rules_of(**RULES))
    assert fault.what == "Cton, 2005/06, Robbery: 1000, where about 100 would be expected."
    assert fault.rows == (2 * 8 + 4,)
    assert "value: 1000" in fault.remedy


def test_what_moved_everywhere_moved_nowhere():
    fallen = {(p, "2005/06"): 40 for p in PLACES}
    assert faults_of(table_of(rows_of(fallen)), rules_of(**RULES)) == []


def confirmed(value: int) -> dict[str, object]:
    row = {"area": "Cton", "financial_year": "2005/06", "offence_group": "Robbery"}
    return {"row": row, "value": value, "because": "stands so in the publisher's file"}


def test_a_confirmed_figure_passes_and_its_confirmation_expires_with_its_value():
    table = table_of(rows_of({("Cton", "2005/06"): 1000}))
    assert faults_of(table, rules_of(**RULES, confirmed=[confirmed(1000)])) == []
    expired, still = faults_of(table, rules_of(**RULES, confirmed=[confirmed(999)]))
    assert expired.what == "Cton, 2005/06, Robbery: 999 was confirmed, and the table is 1000 now."
    assert still.rule == "moves"


def test_a_place_far_from_all_others_is_held_up_until_it_is_declared():
    rows = [
        (p, y, "Robbery", 2000 if p == "Aton" else 100 + n)
        for n, p in enumerate(PLACES)
        for y in YEARS
    ]
    [fault] = faults_of(table_of(rows), rules_of(**RULES))
    assert (fault.rule, len(fault.rows)) == ("places", 8)
    known = [{"where": {"area": ["Aton"]}, "because": "the centre"}]
    outliers = {**RULES["outliers"], "known": known}
    assert faults_of(table_of(rows), rules_of(grid=GRID, outliers=outliers)) == []


def test_another_series_under_the_same_name_differs_from_the_vintage_before():
    table, before = table_of(rows_of()), table_of(rows_of({("Bton", "2002/03"): 97})).frame
    rules = rules_of(vintages={"within": 0.03, "because": "made up"})
    # 100 is 3.1% more than 97.
    [fault] = faults_of(table, rules, earlier=before)
    assert fault.what == "Bton, 2002/03, Robbery: 100, where the vintage before has 97."
    assert faults_of(table, rules, earlier=table.frame) == []
