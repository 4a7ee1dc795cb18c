"""Panels of simulated months: each process does what its name says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kingston_analysis.study import panels
from kingston_analysis.study.panels import AREAS, PROCESSES, Process, draw
from kingston_analysis.study.simulated import Setting

LARGE = Setting(1_000_000, 1)
BY_NAME = {process.name: process for process in PROCESSES}


def numbers() -> np.random.Generator:
    return np.random.default_rng(9)


def levels(process: Process, years: int = 8) -> np.ndarray:
    """Draw levels by area and year."""
    return process.levels(numbers(), years * 12).reshape(AREAS, years, 12).mean(axis=2)


def moves(process: Process, years: int = 200) -> np.ndarray:
    return np.diff(np.log(levels(process, years)), axis=1)


def test_counts_have_the_mean_of_the_setting_and_areas_differ_in_size():
    found = draw(numbers(), panels.INDEPENDENT, Setting(40, 2), 50)
    yearly = found.years.mean(axis=1) / 12
    assert yearly.to_numpy() == pytest.approx(40 * panels.SIZES[:, 0], rel=0.05)
    assert found.years.shape == (AREAS, 50)
    assert found.months["value"].sum() == found.years.sum().sum()


@pytest.mark.parametrize("process", PROCESSES, ids=lambda each: each.name)
def test_the_last_two_years_have_one_level_where_that_is_said(process):
    judged = levels(process)[-process.judged :]
    assert process.stays == bool(np.allclose(judged[:, -1], judged[:, -2]))


@pytest.mark.parametrize("process", PROCESSES, ids=lambda each: each.name)
def test_levels_drift_as_is_said(process):
    if process.drift is None:
        return
    mean = moves(process)[-process.judged :].mean()
    spread = moves(process)[-process.judged :].std()
    assert mean == pytest.approx(process.drift, abs=1e-9 + 4 * spread / math.sqrt(200 * 8))


def test_a_panel_knows_the_true_change_of_its_last_year():
    trend = draw(numbers(), BY_NAME["trend −10% a year"], LARGE, 5)
    assert trend.ratio.to_numpy() == pytest.approx(np.full(AREAS, 0.9))
    counted = trend.years.iloc[:, -1] / trend.years.iloc[:, -2]
    assert counted.to_numpy() == pytest.approx(np.full(AREAS, 0.9), abs=0.002)
    fallen = draw(numbers(), panels.INDEPENDENT, LARGE, 5, fall=0.2)
    assert fallen.ratio.to_numpy() == pytest.approx(np.full(AREAS, 0.8))


@pytest.mark.parametrize("rho", [0.5, 0.8])
def test_months_hang_together(rho):
    drawn = np.log(BY_NAME[f"months hang together, {rho:g}"].levels(numbers(), 2_400))
    assert drawn.std() == pytest.approx(0.1, rel=0.03)
    lagged = np.corrcoef(drawn[:, 1:].ravel(), drawn[:, :-1].ravel())[0, 1]
    assert lagged == pytest.approx(rho, abs=0.02)


@pytest.mark.parametrize(("spread", "name"), [(0.05, "5%"), (0.10, "10%")])
def test_years_wander_round_a_level_and_walk_away_from_one(spread, name):
    wandering = np.log(levels(BY_NAME[f"each year {name} off a level"], 200))
    assert wandering.std() == pytest.approx(spread, rel=0.05)
    walk = moves(BY_NAME[f"a walk of {name} a year"])
    assert walk.std() == pytest.approx(spread, rel=0.05)
    # A walk does not come back: its moves have nothing to do with each other.
    assert abs(np.corrcoef(walk[:, 1:].ravel(), walk[:, :-1].ravel())[0, 1]) < 0.05


def test_areas_wander_unequally():
    spreads = np.log(levels(BY_NAME["each year 2 to 20% off a level, by area"], 400)).std(axis=1)
    assert spreads == pytest.approx(panels.UNEQUAL[:, 0], rel=0.15)


def test_seasons_are_an_areas_own_and_leave_the_year_as_it_is():
    process = BY_NAME["a season of its own in each area"]
    drawn = process.levels(numbers(), 12)
    assert drawn.mean(axis=1) == pytest.approx(np.ones(AREAS))
    assert len(set(drawn.argmax(axis=1))) > 6
    assert (drawn.max(axis=1) > 1.25).all()


def test_a_step_is_for_good_and_a_break_is_in_all_areas_at_once():
    stepped = levels(panels.STEP)
    quarter = panels.STEP.judged
    assert set(np.round(stepped[-quarter:, -1], 2)) == {0.8, 1.25}
    steps = np.count_nonzero(np.abs(np.diff(stepped, axis=1)) > 1e-9, axis=1)
    assert (steps[-quarter:] == 1).all()
    assert (steps[:-quarter] == 0).all()
    broken = levels(BY_NAME["a break of +30% in all areas in the past"])
    assert np.allclose(broken, np.repeat([1.0, 1.3], 4))
