"""Progress: how far a change speaks for what was done, and projections held against what came."""

from __future__ import annotations

import pandas as pd
import pytest

from kingston_analysis.measures.change import Change, incomparable
from kingston_analysis.measures.forecast import BacktestRecord, Forecast
from kingston_analysis.measures.progress import ForecastScore, evidence, placebo_share
from kingston_analysis.results import Estimate, Gap

FELL = Change("fell", Estimate(0.8, 0.7, 0.9), 0.001)
CLEARLY_MORE = Estimate(0.8, 0.7, 0.95)
NOT_CLEARLY = Estimate(0.9, 0.8, 1.1)
LOWER = "lower is better"


def state(acted=True, polarity=LOWER, change=FELL, beside=CLEARLY_MORE, placebo=0.0) -> str:
    return evidence(acted, polarity, change, beside, "North", placebo).state


def test_the_states_of_the_evidence_each_ask_more_than_the_one_before():
    assert state(acted=False) == "none"
    assert state(beside=NOT_CLEARLY) == "associated"
    assert state(placebo=0.2) == "compared with similar boroughs"
    assert state() == "placebo-tested"


@pytest.mark.parametrize(
    "change",
    [
        Change("no clear change", Estimate(0.95, 0.8, 1.1), 0.4),
        Change("rose", Estimate(1.2, 1.1, 1.3), 0.001),
        incomparable("The count was made in another way."),
    ],
)
def test_a_figure_that_did_not_clearly_move_the_right_way_is_no_evidence(change):
    assert state(change=change) == "none"


def test_more_reporting_is_the_right_way_where_more_is_better():
    rose = Change("rose", Estimate(1.3, 1.1, 1.5), 0.001)
    more = Estimate(1.2, 1.05, 1.4)
    assert state(polarity="more reporting is better", change=rose, beside=more) == "placebo-tested"
    assert state(polarity="more reporting is better") == "none"


def test_where_neither_way_is_better_there_is_no_evidence():
    assert state(polarity="neither") == "none"


def test_without_a_comparison_the_evidence_stays_associated():
    assert state(beside=Gap("No population is held.")) == "associated"


# Ashby fell to 80%; Burnham to 90%, Colne to 70%, Dale to 80%: two of three fell as far.
COUNTS = pd.DataFrame(
    {"2005/06": [100, 100, 100, 100], "2006/07": [80, 90, 70, 80]},
    index=["Ashby", "Burnham", "Colne", "Dale"],
)


def test_the_placebo_share_counts_the_other_boroughs_that_moved_as_far():
    assert placebo_share(COUNTS, "Ashby", "fell") == pytest.approx(2 / 3)
    assert placebo_share(COUNTS, "Ashby", "rose") == pytest.approx(2 / 3)
    assert placebo_share(COUNTS, "Colne", "fell") == 0


def test_a_borough_without_both_figures_or_with_none_earlier_is_left_out():
    counts = COUNTS.astype(float)
    counts.loc["Colne", "2006/07"] = float("nan")
    counts.loc["Dale", "2005/06"] = 0
    assert placebo_share(counts, "Ashby", "fell") == 0
    assert placebo_share(counts, "Colne", "fell") == 1
    assert placebo_share(counts.loc[["Ashby"]], "Ashby", "fell") == 1


def forecast(expected: float, low_80: float, high_80: float, low_95: float, high_95: float):
    within = Estimate(expected, low_80, high_80, level=0.80), Estimate(expected, low_95, high_95)
    return made_forecast(Estimate(expected), *within)


def made_forecast(*within: Estimate) -> Forecast:
    record = BacktestRecord((), 0, 0, 0, 0, 0, 0)
    return Forecast("Ashby", "2006/07", "2006-12", 70, *within, 19, (), pd.DataFrame(), record)


def test_a_rough_range_is_held_against_the_actual_count_and_no_interval_is():
    projected = made_forecast(Estimate(100, 80, 120), Estimate(100), Estimate(100))
    assert not projected.calibrated
    found = [ForecastScore("robbery", projected, actual) for actual in (80, 79, Gap("Not yet."))]
    assert [each.covered() for each in found] == [True, False, False]
    assert [each.covered(95) for each in found] == [False, False, False]


@pytest.mark.parametrize(
    ("actual", "covered_80", "covered_95"),
    [
        (100, True, True),
        (90, True, True),
        (85, False, True),
        (79, False, False),
        (Gap("Not known yet."), False, False),
    ],
)
def test_a_forecast_is_held_against_the_actual_count(actual, covered_80, covered_95):
    score = ForecastScore("robbery", forecast(100, 90, 110, 80, 120), actual)
    assert (score.covered(80), score.covered(95)) == (covered_80, covered_95)
