"""The simulation study: made-up series of known truth, and what the stored table says of them."""

from __future__ import annotations

import math
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
from tables_fixture import real_table, sound_project

from kingston_analysis.data.tables.load import load
from kingston_analysis.measures.months import VERDICT_RULES
from kingston_analysis.study import table
from kingston_analysis.study.false_alarms import ALL_RULES, RULES, VERDICT, false_alarm_tallies
from kingston_analysis.study.forecast_coverage import CALIBRATED, ROUGH, forecast_coverage_tallies
from kingston_analysis.study.intervals import interval_tallies
from kingston_analysis.study.results import COVERAGE, FALSE_ALARM, NOTICED, Tally, as_frame
from kingston_analysis.study.run import SERIES, SETS
from kingston_analysis.study.simulated import (
    AREAS,
    SEED,
    SETTINGS,
    SWING,
    Setting,
    as_months,
    counts,
    random_numbers,
)

KEYS = ["measure", "method", "mean_a_month", "dispersion", "years", "nominal"]
TRIED = Setting(40, 2)


@cache
def stored() -> pd.DataFrame:
    return real_table(table.NAME).frame


@cache
def small() -> pd.DataFrame:
    """Run the study small, in one setting."""
    return as_frame(
        [
            *interval_tallies(TRIED, 60),
            *forecast_coverage_tallies(TRIED, 4),
            *false_alarm_tallies(TRIED, 4),
        ]
    )


# The made-up series are what they are said to be.


@pytest.mark.parametrize("setting", SETTINGS)
def test_made_up_counts_have_the_mean_season_and_dispersion_that_are_said(setting):
    drawn = counts(random_numbers(9, setting), setting, 20_000, 12)
    season = 1 + SWING * np.cos(2 * np.pi * np.arange(12) / 12)
    expected = setting.mean * season
    error = np.sqrt(setting.dispersion * expected / 20_000)
    assert (abs(drawn.mean(axis=0) - expected) < 4 * error).all()
    ratio = drawn.var(axis=0) / expected
    assert ratio == pytest.approx(np.full(12, setting.dispersion), rel=0.06)


def test_levels_multiply_the_mean():
    setting = Setting(150, 1)
    drawn = counts(random_numbers(9, setting), setting, 2_000, 24, np.repeat([1.0, 0.5], 12))
    assert drawn[:, 12:].sum() / drawn[:, :12].sum() == pytest.approx(0.5, abs=0.005)


def test_counts_are_written_as_months_from_an_april():
    months = as_months(np.array([[1, 2], [3, 4]]))
    assert months["period"].to_list() == ["2001-04", "2001-05"] * 2
    assert months["area"].nunique() == 2
    assert months["value"].to_list() == [1, 2, 3, 4]


def test_the_same_seed_gives_the_same_results():
    first, second = (list(false_alarm_tallies(TRIED, 1)) for _ in range(2))
    assert first == second


def test_a_tally_becomes_a_rate_with_wilsons_interval():
    [row] = as_frame([Tally(COVERAGE, "made up", TRIED, 8, 0.95, 100, 95)]).to_dict("records")
    assert (row["result"], row["series"], row["mean_a_month"], row["years"]) == (0.95, 100, 40, 8)
    # (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n), z = 1.96, n = 100
    z = 1.959964
    middle = (0.95 + z**2 / 200) / (1 + z**2 / 100)
    half = z * math.sqrt(0.95 * 0.05 / 100 + z**2 / 40_000) / (1 + z**2 / 100)
    assert (row["low"], row["high"]) == pytest.approx((middle - half, middle + half), abs=1e-4)


# The stored table is of this study, and a smaller run agrees with it.


def test_the_stored_table_is_whole():
    frame = stored()
    assert list(frame.columns) == list(small().columns)
    settings = {(each.mean, each.dispersion) for each in SETTINGS}
    for measure in (COVERAGE, FALSE_ALARM):
        for _, rows in frame[frame["measure"] == measure].groupby(["method", "years", "nominal"]):
            assert set(zip(rows["mean_a_month"], rows["dispersion"], strict=True)) == settings
    methods = ["measure", "method", "years", "nominal"]
    said = {tuple(row) for row in frame[methods].fillna(0).to_numpy().tolist()}
    assert {tuple(row) for row in small()[methods].fillna(0).to_numpy().tolist()} <= said


def test_the_stored_table_was_simulated_with_as_many_series_as_the_study_has():
    frame = stored().set_index("measure")
    assert frame.loc[NOTICED, "series"].max() == SERIES
    assert frame.loc[FALSE_ALARM, "series"].max() == SETS * AREAS


def test_the_metadata_says_that_it_is_simulated_with_seed_and_day():
    meta = real_table(table.NAME).meta
    assert (meta.role, meta.publisher, meta.licence) == ("instrument", "This project", "MIT")
    assert meta.period is None
    assert f"seed {SEED}, simulated on " in meta.edition
    assert "made up" in meta.description
    assert any("simulated" in caveat for caveat in meta.caveats)


def test_a_small_run_agrees_with_the_stored_table():
    both = small().fillna({"nominal": 0}).merge(stored().fillna({"nominal": 0}), on=KEYS)
    assert len(both) == len(small())
    for row in both.to_dict("records"):
        first, second = row["series_x"], row["series_y"]
        together = (row["result_x"] * first + row["result_y"] * second) / (first + second)
        error = math.sqrt(together * (1 - together) * (1 / first + 1 / second))
        assert abs(row["result_x"] - row["result_y"]) <= 4 * error + 2 / first, row


def test_what_is_written_can_be_loaded_again(tmp_path):
    project = sound_project(tmp_path)
    table.write(small(), date(2026, 12, 31), project.tables)
    again = load(project, table.NAME)
    assert again.meta.rows == len(again.frame) == len(small())
    assert again.meta.extraction == "simulated on 31 December 2026"
    read = again.frame.astype(small().dtypes)
    pd.testing.assert_frame_equal(read, small())


# What the methods must keep, by the stored table. A rate's own interval must reach the target.


def rows_of(measure: str, nominal: float | None = None) -> pd.DataFrame:
    frame = stored()
    kept = frame["measure"] == measure
    return frame[kept] if nominal is None else frame[kept & (frame["nominal"] == nominal)]


def test_ninety_five_per_cent_intervals_hold_90_to_97_per_cent_of_the_time():
    rows = rows_of(COVERAGE, 0.95)
    outside = rows[(rows["high"] < 0.90) | (rows["low"] > 0.97)]
    # Two or three cells in a hundred are outside by the chance of the simulation alone.
    assert len(outside) <= 0.03 * len(rows), outside.to_string()
    assert rows["result"].between(0.895, 0.99).all()


def test_the_eighty_per_cent_interval_of_a_projection_holds_about_as_often():
    rows = rows_of(COVERAGE, 0.80)
    assert set(rows["method"]) == {CALIBRATED}
    assert rows["result"].between(0.75, 0.87).all()


def test_a_rough_range_claims_no_level():
    assert rows_of(COVERAGE).set_index("method").loc[ROUGH, "nominal"].isna().all()


def test_a_fall_that_is_told_to_be_noticeable_is_noticed_about_80_per_cent_of_the_time():
    rows = rows_of(NOTICED)
    assert rows["result"].mean() == pytest.approx(0.80, abs=0.03)
    assert rows["result"].between(0.70, 0.92).all()


def test_the_rules_that_carry_a_verdict_give_a_false_alarm_in_at_most_5_per_cent_of_years():
    assert all(rule in VERDICT for rule in VERDICT_RULES)
    rows = rows_of(FALSE_ALARM)
    together = rows[rows["method"] == VERDICT]
    assert len(together) == 2 * len(SETTINGS)
    assert (together["result"] <= 0.05).all()


def test_all_rules_together_give_too_many_false_alarms_for_a_verdict():
    rates = rows_of(FALSE_ALARM).groupby("method")["result"].max()
    assert rates[ALL_RULES] > 0.05
    assert set(RULES) <= set(rates.index)
    assert all(rates[rule] <= rates[ALL_RULES] for rule in RULES)
