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

# So many standard errors either way hold 95 and 99.5 of 100.
Z, JUDGED = 1.959964, 2.807034


def panel(**areas: list[float]) -> pd.DataFrame:
    years = [f"200{year}/0{year + 1}" for year in range(len(next(iter(areas.values()))))]
    return pd.DataFrame.from_dict(areas, orient="index", columns=years, dtype=float)


def judge(counts: pd.DataFrame, phi: float = 1.0) -> pd.DataFrame:
    found = movements(counts, pd.Series(phi, index=counts.index))
    assert isinstance(found, pd.DataFrame)
    return found


def test_what_is_usual_worked_by_hand():
    # Both moved by ln 2 = 0.693147 three times, with counting noise 1/100 + 1/200 = 0.015: movement
    # between years is ln² 2 - 0.015 = 0.465453, and the areas' factor ln² 2 / ln² 2 = 1.
    found = judge(panel(Ashby=[100, 200, 100, 200, 150], Burnham=[100, 200, 100, 200, 800]))
    reach = [
        Z * math.sqrt(1 / 200 + 1 / 150 + 0.465453),  # 1.353823
        Z * math.sqrt(1 / 200 + 1 / 800 + 0.465453),  # 1.346115
    ]
    assert found["reach"].tolist() == pytest.approx(reach, rel=1e-5)
    # ln 0.75 = -0.288 and ln 4 = 1.386
    assert found["move"].tolist() == pytest.approx([math.log(0.75), math.log(4)])
    assert found["unusual"].tolist() == [False, True]


def test_what_is_usual_of_an_area_that_wanders_more_is_its_own_worked_by_hand():
    steady = [100, 200, 100, 200, 150]
    found = judge(panel(Ashby=steady, Burnham=steady, Colne=[100, 250, 100, 250, 125]))
    # Movement between years is the middle area's, as above, 0.465453. Colne's squared moves,
    # ln² 2.5 = 0.839589, are 0.839589 / (1/100 + 1/250 + 0.465453) = 1.751140 times the variance.
    # The areas differ no more than chance makes three moves differ: the logs 0, 0 and 0.560267
    # vary by 0.104633, chance by 0.934802. So the common factor is (1 + 1 + 1.751140) / 3.
    assert found["reach"].tolist() == pytest.approx(
        [
            Z * math.sqrt(1.250380 * (1 / 200 + 1 / 150 + 0.465453)),  # 1.513850
            Z * math.sqrt(1.250380 * (1 / 200 + 1 / 150 + 0.465453)),
            Z * math.sqrt(1.751140 * (1 / 250 + 1 / 125 + 0.465453)),  # 1.792148
        ],
        rel=1e-5,
    )


def test_no_less_than_counting_noise_is_usual():
    # The earlier moves, ln 1.01, are smaller than counting explains: nothing lies between years.
    still = [101, 100, 101, 100]
    counts = panel(Ashby=[*still, 150], Burnham=[*still, 135], Colne=[*still, 110])
    found = judge(counts)
    # 1.959964 √(1/100 + 1/150) = 0.253030 and 1.959964 √(1/100 + 1/135) = 0.258592
    assert found["reach"].tolist()[:2] == pytest.approx([0.253030, 0.258592], rel=1e-5)
    # ln 1.5 = 0.405, ln 1.35 = 0.300 and ln 1.1 = 0.095. 2.807034 times, counting noise reaches to
    # 0.362386, 0.370352 and farther: a still area's move to 135 may be nothing but noise.
    assert found["unusual"].to_dict() == {"Ashby": True, "Burnham": False, "Colne": False}
    # √4 times as much
    assert judge(counts, 4.0)["reach"]["Ashby"] == pytest.approx(2 * 0.253030, rel=1e-5)
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
        Ashby=[400, 410, 395, 405, 400],
        Burnham=[300, 310, 290, 305, 300],
        Colne=[500, 490, 505, 495, 500],
    )
    fell = counts.assign(**{"2004/05": [200.0, 300.0, 500.0]})
    factor = [
        found["reach"] / np.sqrt(1 / each["2003/04"] + 1 / each["2004/05"])
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
        panel(Ashby=[100, 90, 80, 70], Burnham=[90, 80, 70, 60]),  # two earlier changes
        panel(Ashby=[100], Burnham=[90]),
        panel(Ashby=[0, 0, 0, 0, 0], Burnham=[0, 0, 0, 0, 0]),
        panel(Ashby=[100, 0, 80, 0, 60], Burnham=[90, 80, 70, 60, 50]),  # no neighbours of Ashby
    ],
)
def test_too_few_earlier_changes_tell_nothing(counts):
    found = movements(counts, pd.Series(1.0, index=counts.index))
    assert found == Gap("Too few earlier changes are known to tell what is usual.")


def test_areas_that_never_moved_tell_nothing():
    counts = panel(Ashby=[50, 50, 50, 50, 60], Burnham=[40, 40, 40, 40, 40])
    assert movements(counts, pd.Series(1.0, index=counts.index)) == Gap(
        "No area's count moved in earlier years, so that nothing tells what is usual."
    )


def test_an_area_whose_last_move_is_not_known_is_left_out_and_teaches_the_others():
    gone = panel(
        Ashby=[400, 440, 380, 420, 400],
        Burnham=[300, 330, 280, 310, math.nan],
        Colne=[500, 460, 520, 490, 510],
    )
    found = judge(gone)
    assert list(found.index) == ["Ashby", "Colne"]
    back = judge(gone.fillna(290))
    pd.testing.assert_frame_equal(found, back.loc[["Ashby", "Colne"]])


def test_an_area_that_is_new_is_judged_by_what_the_others_do():
    new = [math.nan, math.nan, math.nan, 300, 600]
    found = judge(
        panel(Ashby=[400, 440, 380, 420, 400], Burnham=[300, 330, 280, 310, 300], New=new)
    )
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
    least = np.maximum(found["reach"], JUDGED * np.sqrt(noise))
    assert (found["unusual"] == (found["move"].abs() > least)).all()


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


def unusual_share(drawn, mean):
    chance = np.random.default_rng(20_093)
    panels = [pd.DataFrame(drawn(chance, mean)).replace(0, np.nan) for _ in range(60)]
    return np.mean([judge(each)["unusual"].mean() for each in panels])


@pytest.mark.parametrize("mean", [120, 480, 2_160])
@pytest.mark.parametrize("drawn", [wandering, following])
def test_a_past_that_continues_is_seldom_called_unusual(drawn, mean):
    assert 0.01 < unusual_share(drawn, mean) <= 0.07


@pytest.mark.parametrize("mean", [120, 480, 2_160])
def test_of_counting_noise_alone_next_to_nothing_is_called_unusual(mean):
    """At most 7% may be. There is no least share: only noise moves, and it passes 99.5% seldom."""
    # 0.5% of 60 · 32 moves, give or take 0.48% (3 √(0.005 · 0.995 / 1,920))
    assert unusual_share(independent, mean) <= 0.005 + 0.0048


def test_a_fall_of_half_is_unusual_where_nothing_else_moves():
    chance = np.random.default_rng(20_094)
    found = []
    for _ in range(40):
        counts = chance.poisson(480, size=(32, 7))
        counts[0, -1] = chance.poisson(240)
        found.append(judge(pd.DataFrame(counts))["unusual"][0])
    assert np.mean(found) > 0.95
