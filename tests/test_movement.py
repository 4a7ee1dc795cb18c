"""Movement: how far a series usually moves in a year, and whether it moved farther."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingston_analysis.measures.movement import movements
from kingston_analysis.results import Gap

# 1.959964 standard errors either way hold 95 of 100.
Z = 1.959964


def panel(**areas: list[float]) -> pd.DataFrame:
    years = [f"200{year}/0{year + 1}" for year in range(len(next(iter(areas.values()))))]
    return pd.DataFrame.from_dict(areas, orient="index", columns=years, dtype=float)


def judge(counts: pd.DataFrame, phi: float = 1.0) -> pd.DataFrame:
    found = movements(counts, pd.Series(phi, index=counts.index))
    assert isinstance(found, pd.DataFrame)
    return found


def test_what_is_usual_worked_by_hand():
    # Both moved by ln 2 = 0.693147 twice, with counting noise 1/100 + 1/200 = 0.015: movement
    # between years is ln² 2 - 0.015 = 0.465453, and the areas' factor ln² 2 / ln² 2 = 1.
    found = judge(panel(Ashby=[100, 200, 100, 150], Burnham=[100, 200, 100, 400]))
    reach = [
        Z * math.sqrt(1 / 100 + 1 / 150 + 0.465453),  # 1.360905
        Z * math.sqrt(1 / 100 + 1 / 400 + 0.465453),  # 1.355011
    ]
    assert found["reach"].tolist() == pytest.approx(reach, rel=1e-5)
    # ln 1.5 = 0.405 and ln 4 = 1.386
    assert found["move"].tolist() == pytest.approx([math.log(1.5), math.log(4)])
    assert found["unusual"].tolist() == [False, True]


def test_no_less_than_counting_noise_is_usual():
    # The earlier moves, ln 1.01, are smaller than counting explains: nothing lies between years.
    counts = panel(Ashby=[100, 101, 100, 140], Burnham=[100, 101, 100, 110])
    found = judge(counts)
    # √(1/100 + 1/140) = 0.130931; 1.959964 · 0.130931 = 0.256621, and ln 1.4 = 0.336
    assert found["reach"]["Ashby"] == pytest.approx(0.256621, rel=1e-5)
    assert found["unusual"].tolist() == [True, False]
    # √4 times as much
    assert judge(counts, 4.0)["reach"]["Ashby"] == pytest.approx(2 * 0.256621, rel=1e-5)
    assert not judge(counts, 4.0)["unusual"].any()


def test_what_is_unusual_of_a_steady_area_is_usual_of_one_that_wanders():
    chance = np.random.default_rng(20_092)
    steady = {f"Steady {n}": [*chance.poisson(4_000, 7), 4_800] for n in range(12)}
    wanderer = [4_000, 6_000, 3_500, 5_500, 3_000, 6_000, 4_000, 4_800]
    found = judge(panel(Wanderer=wanderer, **steady))
    assert not found["unusual"]["Wanderer"]
    assert found["unusual"].drop("Wanderer").all()


def test_the_year_judged_does_not_hide_itself():
    counts = panel(
        Ashby=[400, 410, 395, 400], Burnham=[300, 310, 290, 300], Colne=[500, 490, 505, 500]
    )
    fell = counts.assign(**{"2003/04": [200.0, 300.0, 500.0]})
    factor = [
        found["reach"] / np.sqrt(1 / each["2002/03"] + 1 / each["2003/04"])
        for each in (counts, fell)
        for found in [judge(each)]
    ]
    pd.testing.assert_series_equal(*factor)
    assert judge(fell)["unusual"].to_dict() == {"Ashby": True, "Burnham": False, "Colne": False}


@pytest.mark.parametrize(
    "counts",
    [
        panel(Ashby=[100, 90, 80, 70, 60]),  # one borough
        panel(Ashby=[100, 90, 80], Burnham=[90, 80, 70]),  # one earlier change
        panel(Ashby=[100], Burnham=[90]),
        panel(Ashby=[0, 0, 0, 0, 0], Burnham=[0, 0, 0, 0, 0]),
        panel(Ashby=[100, 0, 80, 0, 60], Burnham=[90, 80, 70, 60, 50]),  # no neighbours of Ashby
    ],
)
def test_too_few_earlier_changes_tell_nothing(counts):
    found = movements(counts, pd.Series(1.0, index=counts.index))
    assert found == Gap("Too few earlier changes are known to tell what is usual.")


def test_areas_that_never_moved_tell_nothing():
    counts = panel(Ashby=[50, 50, 50, 60], Burnham=[40, 40, 40, 40])
    assert movements(counts, pd.Series(1.0, index=counts.index)) == Gap(
        "No area's count moved in earlier years, so that nothing tells what is usual."
    )


def test_an_area_whose_last_move_is_not_known_is_left_out_and_teaches_the_others():
    gone = panel(
        Ashby=[400, 440, 380, 400], Burnham=[300, 330, 280, math.nan], Colne=[500, 460, 520, 510]
    )
    found = judge(gone)
    assert list(found.index) == ["Ashby", "Colne"]
    back = judge(gone.fillna(290))
    pd.testing.assert_frame_equal(found, back.loc[["Ashby", "Colne"]])


def test_an_area_that_is_new_is_judged_by_what_the_others_do():
    new = [math.nan, math.nan, 300, 600]
    found = judge(panel(Ashby=[400, 440, 380, 400], Burnham=[300, 330, 280, 300], New=new))
    assert found["unusual"].to_dict() == {"Ashby": False, "Burnham": False, "New": True}


PANELS = st.lists(
    st.lists(st.integers(1, 5_000), min_size=5, max_size=5), min_size=3, max_size=8
).filter(lambda rows: any(len(set(row[:-1])) > 1 for row in rows))


@given(PANELS)
def test_the_order_of_areas_does_not_matter(rows):
    counts = panel(**{f"a{n}": row for n, row in enumerate(rows)})
    there, back = judge(counts), judge(counts[::-1])
    pd.testing.assert_frame_equal(there, back.loc[there.index], rtol=1e-4)


@given(PANELS, st.floats(0.01, 100))
def test_so_many_times_the_counts_with_so_many_times_the_noise_move_alike(rows, times):
    counts = panel(**{f"a{n}": row for n, row in enumerate(rows)})
    there, then = judge(counts), judge(counts * times, times)
    assert then["reach"].tolist() == pytest.approx(there["reach"].tolist(), rel=1e-4)


@given(PANELS, st.floats(1, 10))
def test_what_is_usual_is_a_number_and_no_less_than_counting_noise(rows, phi):
    counts = panel(**{f"a{n}": row for n, row in enumerate(rows)})
    found = judge(counts, phi)
    noise = phi * (1 / counts.iloc[:, -1] + 1 / counts.iloc[:, -2])
    assert np.isfinite(found[["move", "reach"]]).all(axis=None)
    assert (found["reach"] >= Z * np.sqrt(noise) * (1 - 1e-6)).all()
    assert (found["unusual"] == (found["move"].abs() > found["reach"])).all()


def independent(chance, mean):
    return chance.poisson(mean, size=(32, 7))


def wandering(chance, mean):
    return chance.poisson(mean * np.exp(chance.normal(0, 0.1, (32, 7)).cumsum(axis=1)))


def following(chance, mean):
    level = chance.normal(0, 0.1, (32, 1))
    for _ in range(6):
        drawn = 0.5 * level[:, -1:] + chance.normal(0, 0.1 * math.sqrt(0.75), (32, 1))
        level = np.hstack([level, drawn])
    return chance.poisson(mean * np.exp(level))


@pytest.mark.parametrize("mean", [120, 480, 2_160])
@pytest.mark.parametrize("drawn", [independent, wandering, following])
def test_a_past_that_continues_is_seldom_called_unusual(drawn, mean):
    chance = np.random.default_rng(20_093)
    panels = [pd.DataFrame(drawn(chance, mean)).replace(0, np.nan) for _ in range(60)]
    share = np.mean([judge(each)["unusual"].mean() for each in panels])
    assert 0.01 < share <= 0.07


def test_a_fall_of_half_is_unusual_where_nothing_else_moves():
    chance = np.random.default_rng(20_094)
    found = []
    for _ in range(40):
        counts = chance.poisson(480, size=(32, 7))
        counts[0, -1] = chance.poisson(240)
        found.append(judge(pd.DataFrame(counts))["unusual"][0])
    assert np.mean(found) > 0.95
