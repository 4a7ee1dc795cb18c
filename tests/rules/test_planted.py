"""Faults planted in the real tables: what is found, and from which size on; sound ones pass."""

from __future__ import annotations

import dataclasses
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_fixture import PROJECT, real_table

from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.rules.check import check_rules
from kingston_analysis.data.rules.faults import RuleFault
from kingston_analysis.data.rules.models import load_rules
from kingston_analysis.data.tables.load import load
from kingston_analysis.data.tables.metadata import table_names

YEARLY = "recorded_crime_year"
SEEDS = st.integers(min_value=0, max_value=10_000)
EXAMPLES = settings(max_examples=12, deadline=None, derandomize=True)


def faults_of(name: str, frame: pd.DataFrame) -> list[RuleFault]:
    table = dataclasses.replace(real_table(name), frame=frame.reset_index(drop=True))
    areas = load_areas(PROJECT)
    return check_rules(table, load_rules(PROJECT, name), areas, partial(load, PROJECT))


def boroughs_of(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["area"].isin(load_areas(PROJECT).borough_names)]


def drawn(frame: pd.DataFrame, seed: int, least: int = 20) -> int:
    """Draw a row of a borough whose count is not small."""
    held = boroughs_of(frame)
    held = held[held["offences"] >= least]
    return int(held.index[np.random.default_rng(seed).integers(len(held))])


@pytest.mark.parametrize("name", table_names(PROJECT))
def test_a_sound_table_is_not_held_up(name):
    assert faults_of(name, real_table(name).frame) == []


@given(SEEDS)
@EXAMPLES
def test_ten_times_a_count_is_found_in_its_row(seed):
    frame = real_table(YEARLY).frame.copy()
    row = drawn(frame, seed)
    frame.loc[row, "offences"] *= 10
    assert any(each.rule == "moves" and row in each.rows for each in faults_of(YEARLY, frame))


@given(SEEDS)
@EXAMPLES
def test_rows_that_are_dropped_are_found(seed):
    frame = real_table(YEARLY).frame
    lost = np.random.default_rng(seed).choice(frame.index, 6, replace=False)
    found = [each for each in faults_of(YEARLY, frame.drop(index=lost)) if each.rule == "grid"]
    assert {each.value for each in found} == set(frame.loc[lost, "financial_year"])


@given(SEEDS)
@EXAMPLES
def test_two_boroughs_exchanged_in_a_year_are_found(seed):
    frame = real_table(YEARLY).frame.copy()
    year = frame.loc[drawn(frame, seed), "financial_year"]
    of_year = boroughs_of(frame)[lambda each: each["financial_year"] == year]
    total = of_year.groupby("area")["offences"].sum().sort_values()
    # The least and the greatest differ; neighbours in size may be alike.
    first, second = (of_year.index[of_year["area"] == name] for name in total.index[[0, -1]])
    values = frame["offences"].copy()
    frame.loc[first, "offences"], frame.loc[second, "offences"] = (
        values[second].to_numpy(),
        values[first].to_numpy(),
    )
    rows = {row for each in faults_of(YEARLY, frame) if each.rule == "moves" for row in each.rows}
    assert rows & set(first)
    assert rows & set(second)


@given(SEEDS)
@EXAMPLES
def test_columns_of_kinds_that_are_shifted_are_found(seed):
    frame = real_table(YEARLY).frame.copy()
    area, year = frame.loc[drawn(frame, seed, 100), ["area", "financial_year"]]
    rows = frame.index[(frame["area"] == area) & (frame["financial_year"] == year)]
    frame.loc[rows, "offences"] = np.roll(frame.loc[rows, "offences"], 1)
    found = {each.rule for each in faults_of(YEARLY, frame)}
    assert "groups-make-all" in found


@given(SEEDS)
@EXAMPLES
def test_a_value_twice_in_the_place_of_another_is_found_by_the_sums(seed):
    frame = real_table(YEARLY).frame.copy()
    row = drawn(frame, seed)
    frame.loc[row, "offences"] += frame.loc[row, "offences"]
    found = {each.rule for each in faults_of(YEARLY, frame)}
    assert "groups-make-all" in found
