"""Two columns shifted by one row in the newest year of `shifted.csv`, whose counts are made up.

In 2016/17, which holds ten months of the year, robbery and sexual offences stand one row lower
from Lton on; Lton has a 3 from elsewhere. There are 20 boroughs.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from rules_fixture import GRID, PLACES, TOTAL, faults_of, rules_of, table_of

FILE = Path(__file__).with_name("shifted.csv")
RULES = rules_of(
    grid=GRID,
    comparisons=[
        {
            "id": "groups-make-all",
            "total": {"select": {"offence_group": [TOTAL]}},
            "parts": {"without": {"offence_group": [TOTAL]}},
            "by": ["area", "financial_year"],
            "because": "made up",
        }
    ],
    outliers={"moves": 8, "places": 8},
)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pd.read_csv(FILE)


def found_in(frame: pd.DataFrame):
    return faults_of(table_of(list(frame.itertuples(index=False))), RULES)


def test_the_shift_is_found_with_its_rows_and_columns(frame):
    found = found_in(frame)
    shifted = [each for each in found if each.rule == "shifted"]
    assert [each.what.partition(": from")[0] for each in shifted] == [
        "2016/17, Robbery",
        "2016/17, Sexual offences",
    ]
    for fault in shifted:
        assert "from Lton to Tton the figures stand one row lower" in fault.what
        assert list(frame.loc[list(fault.rows), "area"]) == PLACES[11:]
        assert set(frame.loc[list(fault.rows), "financial_year"]) == {"2016/17"}


def test_each_borough_whose_groups_no_longer_add_up_is_named(frame):
    found = [each for each in found_in(frame) if each.rule == "groups-make-all"]
    assert [frame.loc[each.rows[0], "area"] for each in found] == PLACES[11:]


def test_the_years_before_are_sound(frame):
    assert found_in(frame[frame["financial_year"] < "2016/17"]) == []
