"""Trend: years running, the mean move of a year, and a single step."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingston_analysis.measures.series import Series
from kingston_analysis.measures.trend import (
    LevelShift,
    LogLinearTrend,
    Running,
    log_linear_trend,
    running,
)
from kingston_analysis.measures.variation import Variation
from kingston_analysis.notebook import open_topic
from kingston_analysis.results import Gap, finding
from kingston_analysis.views.findings import series_values

Z = 1.959964
POISSON = Variation(1.0, math.inf, "months")


def years(counts: list[float]) -> pd.Series:
    names = [f"200{year}/0{year + 1}" for year in range(len(counts))]
    return pd.Series(counts, index=names, dtype=float)


def violence(edition: int) -> Series:
    topic, area = "violence-against-the-person", "Kingston upon Thames"
    return open_topic(edition=edition, area=area, topic=topic).view.series[0]


def panel(**areas: list[float]) -> pd.DataFrame:
    return pd.DataFrame({area: years(counts) for area, counts in areas.items()}).T


def trend_of(counts: pd.DataFrame, area: str = "Ashby", phi: float = 1.0) -> LogLinearTrend:
    found = log_linear_trend(counts, area, phi)
    assert isinstance(found, LogLinearTrend)
    return found


# Years running


def test_years_running_are_counted_back_from_the_last():
    # 2.807034 √(1/100 + 1/35) = 0.551, and ln(35/100) = -1.050
    found = running(years([90, 100, 80, 60, 35]), POISSON)
    assert found == Running("fell", 3, "2001/02", "2004/05", 100.0, 35.0)
    assert running(years([100, 80, 60, 35][::-1]), POISSON) == Running(
        "rose", 3, "2000/01", "2003/04", 35.0, 100.0
    )


@pytest.mark.parametrize(
    "counts",
    [
        [],
        [100.0],
        [100, 80, 35],  # two falls
        [100, 80, 60, 60],  # a year that stayed
        [100, 60, 80, 60, 35],  # a rise between
        [100, 80, 60, math.nan],
        [100, 80, math.nan, 60, 35],
        [100, 50, 20, 0],  # nothing is left, whose interval could be told
        [100, 99, 98, 97],  # no more than counting noise
    ],
)
def test_fewer_than_three_clear_years_are_not_told(counts):
    assert running(years(counts), POISSON) is None


def test_what_is_not_known_before_the_years_running_does_not_matter():
    for first in (0.0, math.nan):
        found = running(years([first, 90, 100, 80, 60, 35]), POISSON)
        assert (found.years, found.first) == (3, "2002/03")


def test_first_and_last_must_differ_by_more_than_counting_noise():
    # ln(70/100) = -0.3567. √φ √(1/100 + 1/70) · 2.807034: 0.4376 for φ = 1
    assert running(years([100, 90, 80, 70]), POISSON) is None
    # A hundred times the counts have a tenth of the noise: 0.0438
    assert running(years([10_000, 9_000, 8_000, 7_000]), POISSON).years == 3
    # 0.0438 · √100 = 0.4376
    noisy = Variation(100.0, math.inf, "months")
    assert running(years([10_000, 9_000, 8_000, 7_000]), noisy) is None


@pytest.mark.parametrize(
    ("edition", "told"),
    [
        # Recorded violence: 3,447 3,520 3,240 3,003 2,575 2,191 from 2003/04 on.
        (2008, None),
        (2009, Running("fell", 3, "2004/05", "2007/08", 3_520.0, 2_575.0)),
        (2010, Running("fell", 4, "2004/05", "2008/09", 3_520.0, 2_191.0)),
    ],
)
def test_violence_fell_three_and_four_years_running_and_not_two(edition, told):
    series = violence(edition)
    assert series.running == told
    said = [each for each in series_values(series) if each.measure == "years_running"]
    assert said == (
        [finding("years_running", told.last, told.years, "years", verdict="fell")] if told else []
    )


def test_the_findings_of_violence_give_its_trend_and_what_is_usual_in_per_cent():
    series = violence(2010)
    found = {each.measure: each for each in series_values(series)}
    # From 3,520 to 2,191 in four years: (2,191/3,520)^¼ = 0.8882 a year, a fall of 11.2%.
    trend, usual = found["trend"], found["usual_change"]
    assert trend.value == pytest.approx(100 * (2_191 / 3_520) ** (1 / 4) - 100)
    assert (trend.period, trend.unit, trend.verdict) == ("2008/09", "% a year", "fell")
    assert trend.interval[0] < trend.value < trend.interval[1] < 0
    within = series.change("2008/09").usual
    assert usual.interval == pytest.approx((100 * within.low - 100, 100 * within.high - 100))
    assert (usual.value, usual.verdict) == (usual.interval[1], "usual")


# Slope

# Moves of ln 0.9 = -0.105361 and ln 7/9 = -0.251314 in turn; the other borough moves back.
FALLING = [1_000, 900, 700, 630, 490]
BOTH = panel(Ashby=FALLING, Burnham=FALLING[::-1])


def test_a_slope_worked_by_hand():
    found = trend_of(BOTH)
    # Mean ln(490/1000) / 4 = -0.178337; each move lies 0.072977 from it: 4 · 0.072977² / 3 =
    # 0.0071008 in both boroughs, so that it is known as well as the normal's.
    slope, error = math.log(490 / 1_000) / 4, math.sqrt(0.0071008 / 4)  # 0.042133
    assert (found.first, found.last) == ("2000/01", "2004/05")
    assert math.log(found.slope.value) == pytest.approx(slope)
    assert math.log(found.slope.low) == pytest.approx(slope - Z * error, rel=1e-4)
    assert math.log(found.slope.high) == pytest.approx(slope + Z * error, rel=1e-4)
    assert found.z == pytest.approx(slope / error, rel=1e-4)  # -4.23
    assert (found.verdict, found.step) == ("fell", None)
    assert trend_of(BOTH, "Burnham").verdict == "rose"


def test_a_slope_is_never_surer_than_counting_noise_lets_it_be():
    # √(40 (1/1000 + 1/490)) / 4 = 0.087190
    found = trend_of(BOTH, phi=40.0)
    assert math.log(found.slope.high / found.slope.value) == pytest.approx(Z * 0.087190, rel=1e-4)


def test_a_trend_is_of_the_last_five_years():
    longer = panel(Ashby=[9, *FALLING], Burnham=[9_000, *FALLING[::-1]])
    assert trend_of(longer).first == "2001/02"
    assert trend_of(longer).slope == trend_of(BOTH).slope


def test_three_years_have_a_trend_and_no_step():
    found = trend_of(panel(Ashby=[1_000, 900, 700], Burnham=[700, 900, 1_000]))
    assert (found.first, found.last, found.step) == ("2000/01", "2002/03", None)


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        (panel(Ashby=FALLING), "How far a count usually moves in a year is learned"),
        (panel(Ashby=[9, 7], Burnham=[8, 8]), "A trend needs 3 years running with a count."),
        (panel(Ashby=[9], Burnham=[8]), "A trend needs 3 years running with a count."),
        (panel(Ashby=[9, 0, 8, 7], Burnham=[8, 8, 7, 9]), "A trend needs 3 years running"),
        (panel(Ashby=[9, math.nan, 8, 7], Burnham=[8, 8, 7, 9]), "A trend needs 3 years running"),
        (panel(Burnham=[8, 8, 7, 9], Colne=[8, 8, 7, 9]), "A trend needs 3 years running"),
        (panel(Ashby=[9, 8, 9, 7], Burnham=[8, 0, 7, 9]), "one alone has these years."),
        (panel(Ashby=[0, 0, 0, 0], Burnham=[0, 0, 0, 0]), "A trend needs 3 years running"),
        (panel(Ashby=[9, 9, 9, 9], Burnham=[8, 8, 8, 8]), "No area's count varies"),
    ],
)
def test_a_trend_that_cannot_be_told_says_why(counts, why):
    found = log_linear_trend(counts, "Ashby", 1.0)
    assert isinstance(found, Gap)
    assert why in found.why


PANELS = st.lists(
    st.lists(st.integers(1, 10_000_000), min_size=5, max_size=5), min_size=2, max_size=6
)


@given(PANELS)
def test_a_verdict_agrees_with_its_interval_and_every_number_is_one(rows):
    found = log_linear_trend(
        panel(Ashby=rows[0], **{f"a{n}": row for n, row in enumerate(rows[1:])}), "Ashby", 1
    )
    if isinstance(found, Gap):
        return
    low, high = found.slope.ends
    assert all(map(math.isfinite, (low, high, found.z)))
    assert found.verdict == ("rose" if low > 1 else "fell" if high < 1 else "no clear trend")
    # |z| is at 1.96 where an end of the interval is at 1.
    assert (abs(found.z) > Z + 1e-6) <= (found.verdict != "no clear trend")


@given(PANELS)
def test_the_order_of_areas_does_not_matter(rows):
    counts = panel(Ashby=rows[0], **{f"a{n}": row for n, row in enumerate(rows[1:])})
    there, back = (log_linear_trend(each, "Ashby", 1.0) for each in (counts, counts[::-1]))
    if isinstance(there, Gap):
        assert there == back
    else:
        assert back.z == pytest.approx(there.z, rel=1e-3, abs=1e-6)


def test_a_trend_as_steady_as_numbers_allow_still_has_a_number():
    # Both halve all but exactly: the slope is 690 standard errors of counting, 0.69 / 0.001.
    halving = [1e6, 500_001, 2.5e5, 125_001, 62_500]
    found = trend_of(panel(Ashby=halving, Burnham=halving))
    assert found.verdict == "fell"
    assert math.isfinite(found.z)


def walks(chance, yearly: float = 0.1) -> pd.DataFrame:
    level = 2_000 * np.exp(chance.normal(0, yearly, (32, 8)).cumsum(axis=1))
    return pd.DataFrame(chance.poisson(level))


def test_walks_without_a_trend_are_seldom_called_one():
    chance = np.random.default_rng(20_095)
    found = [trend_of(walks(chance), area) for _ in range(100) for area in (0, 1, 2)]
    assert 0.02 < np.mean([each.verdict != "no clear trend" for each in found]) <= 0.07
    assert 0.02 < np.mean([each.step is not None for each in found]) <= 0.07


def test_a_trend_is_seen_and_a_step_in_no_other_year_than_its_own():
    chance = np.random.default_rng(20_096)
    trends, steps = [], []
    for _ in range(40):
        counts = walks(chance, 0.03)
        counts.loc[0] = chance.poisson(2_000 * 0.85 ** np.arange(8))
        counts.loc[1] = chance.poisson([2_000] * 6 + [1_200] * 2)
        trends.append(trend_of(counts, 0).verdict)
        steps.append(trend_of(counts, 1).step)
    assert trends.count("fell") == 40
    found = [each.year for each in steps if each]
    assert len(found) > 10
    assert set(found) == {"6"}


# Ten boroughs move by 0.1 up and down; of three such moves the variance is 0.04 / 3 = 0.0133.
UP_AND_DOWN = {f"a{n}": [10_000, 11_052, 10_000, 11_052, 10_000] for n in range(10)}


def test_a_step_worked_by_hand():
    # Ashby moves by 0.1, -0.1, -0.3 and 0.1: -0.3 lies 1/3 below the mean of the others, whose
    # variance is 0.0133, too: 0.3333 / √(0.0133 · 4/3) = 2.5 standard errors, of which chance has
    # P(|z| > 2.5) = 0.0124. Of four moves the farthest may have 1 - 0.95^(1/4) = 0.0127.
    found = trend_of(panel(Ashby=[10_000, 11_052, 10_000, 7_408, 8_187], **UP_AND_DOWN))
    assert found.step == LevelShift("2003/04", 10_000.0, 7_408.0)
    # -0.29 lies 2.425 of them below: 0.0153.
    less = trend_of(panel(Ashby=[10_000, 11_052, 10_000, 7_483, 8_270], **UP_AND_DOWN))
    assert less.step is None


def test_a_step_that_counting_noise_explains_is_none():
    # √(φ · 16/9 · (1/10000 + 1/7408)) is 0.1334 at φ = 42.6, hardly more than 0.1333; then larger.
    own = panel(Ashby=[10_000, 11_052, 10_000, 7_408, 8_187], **UP_AND_DOWN)
    assert trend_of(own, phi=42.0).step is not None
    assert trend_of(own, phi=46.0).step is None


def test_what_comes_back_is_no_step():
    there, back = [10_000, 11_052, 10_000, 5_000, 5_100], [10_000, 11_052, 10_000, 5_000, 9_000]
    assert trend_of(panel(Ashby=there, **UP_AND_DOWN)).step == LevelShift(
        "2003/04", 10_000.0, 5_000.0
    )
    assert trend_of(panel(Ashby=back, **UP_AND_DOWN)).step is None
