"""Extremes: which counts noise cannot tell from the highest or the lowest."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingston_analysis.measures.extremes import ENDS, not_told_apart

MONTHS = pd.Series({"October": 819.0, "November": 822, "December": 700, "July": 500, "May": 500})


@pytest.mark.parametrize(
    ("phi", "end", "alike"),
    [
        # 2.81 √(822 + 819) = 114 and 822 - 819 = 3; 2.81 √(822 + 700) = 110 and 822 - 700 = 122.
        (1, "highest", ["November", "October"]),
        # Twice the variance: 2.81 √(2 · (822 + 700)) = 155.
        (2, "highest", ["November", "October", "December"]),
        (1, "lowest", ["July", "May"]),
    ],
)
def test_counts_are_alike_where_noise_can_explain_their_difference(phi, end, alike):
    assert not_told_apart(MONTHS, phi, end) == alike


def test_a_count_that_is_missing_is_none_of_them():
    assert not_told_apart(MONTHS.replace(822, math.nan), 1, "highest")[0] == "October"


@given(st.lists(st.integers(0, 500), min_size=1, max_size=12), st.sampled_from(ENDS))
def test_the_extreme_and_all_that_equal_it_are_always_named(values, end):
    counts = pd.Series(values, dtype=float)
    extreme = counts.max() if end == "highest" else counts.min()
    found = not_told_apart(counts, 1, end)
    assert counts[found[0]] == extreme
    assert set(counts.index[counts == extreme]) <= set(found)
