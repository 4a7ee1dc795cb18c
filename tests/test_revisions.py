"""Revisions: two extractions of a table, cell by cell."""

from __future__ import annotations

import math

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from kingston_analysis.measures.revisions import Revisions, cell_revisions

KEYS = ["area", "month", "offence"]


def made(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Make a table of one kind of offence, of rows of area, month and count."""
    return pd.DataFrame([(*row[:2], "theft", row[2]) for row in rows], columns=[*KEYS, "count"])


def between(before: pd.DataFrame, now: pd.DataFrame) -> Revisions:
    return cell_revisions(before, now, KEYS, "count", "month")


BEFORE = made(
    ("Ashby", "2024-01", 10),
    ("Ashby", "2024-02", 20),
    ("Colne", "2024-01", 5),
    ("Colne", "2024-02", 7),
)


def test_cells_are_compared_in_the_periods_that_both_extractions_carry():
    now = made(
        ("Ashby", "2024-01", 10),
        ("Ashby", "2024-02", 26),
        ("Ashby", "2024-03", 99),
        ("Colne", "2024-01", 5),
        ("Colne", "2024-02", 4),
    )
    found = between(BEFORE, now)
    # 26 - 20 = +6 and 4 - 7 = -3; March is new and no revision.
    assert found.cells == 4
    assert found.frame[["area", "before", "now", "change"]].values.tolist() == [
        ["Ashby", 20, 26, 6],
        ["Colne", 7, 4, -3],
    ]
    assert found.net == 3
    assert found.by("month").values.tolist() == [["2024-02", 2, 3, 9]]
    assert found.by("area").values.tolist() == [["Ashby", 1, 6, 6], ["Colne", 1, -3, 3]]


def test_a_row_that_one_extraction_lacks_counts_as_nought():
    found = between(
        BEFORE, made(("Ashby", "2024-01", 10), ("Ashby", "2024-02", 20), ("Colne", "2024-02", 7))
    )
    assert found.frame[["month", "before", "now", "change"]].values.tolist() == [
        ["2024-01", 5, 0, -5]
    ]
    # A nought that is written out says no more than none.
    noughts = made(
        *BEFORE[["area", "month", "count"]].itertuples(index=False), ("Dunmow", "2024-01", 0)
    )
    assert between(BEFORE, noughts).frame.empty


def test_what_was_suppressed_and_is_known_now_is_revised_by_an_unknown_amount():
    before = made(("Ashby", "2024-01", math.nan), ("Colne", "2024-01", math.nan))
    found = between(before, made(("Ashby", "2024-01", 3), ("Colne", "2024-01", math.nan)))
    [row] = found.frame.to_dict("records")
    assert row["area"] == "Ashby" and math.isnan(row["change"])
    assert found.net == 0


COUNTS = st.lists(st.integers(0, 1_000), min_size=1, max_size=12)


@given(before=COUNTS, now=COUNTS)
def test_the_net_revision_is_the_difference_of_the_sums(before, now):
    old, new = (
        made(*[(f"Area {n}", "2024-01", float(count)) for n, count in enumerate(counts)])
        for counts in (before, now)
    )
    found = between(old, new)
    assert found.net == sum(now) - sum(before)
    assert between(new, old).net == -found.net
    assert between(old, old).frame.empty
