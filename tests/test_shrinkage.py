"""Shrinkage: variances of many areas, made better by what they have in common."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingston_analysis.measures.shrinkage import shrunk

# Each area's variance and how many degrees of freedom know it.
AREAS = st.lists(st.tuples(st.floats(0.01, 100), st.integers(1, 40)), min_size=2, max_size=12)


def shrink(variances: list[float], freedom: list[float]) -> tuple[list[float], list[float]]:
    found, known = shrunk(np.array(variances, dtype=float), np.array(freedom, dtype=float))
    return found.tolist(), known.tolist()


def test_two_areas_worked_by_hand():
    # With 2 degrees of freedom ψ(1) - ln 1 is the same for both, and chance alone gives logged
    # variances the variance ψ'(1) = π²/6. Two logs d apart have the variance d²/2. Where that is
    # 2 π²/6, the areas' own differences have π²/6 too, which is ψ'(1): a prior of 2 · 1 degrees of
    # freedom, whose middle is the geometric mean.
    apart = math.sqrt(2 * math.pi**2 / 3)
    high, low = math.exp(apart / 2), math.exp(-apart / 2)
    found, known = shrink([high, low], [2, 2])
    assert known == pytest.approx([2 + 2, 2 + 2])
    # (2 · 1 + 2 · own) / 4
    assert found == pytest.approx([(2 + 2 * high) / 4, (2 + 2 * low) / 4])


def test_the_middle_is_corrected_for_what_a_log_of_few_degrees_of_freedom_lacks():
    # 4 and 4 degrees of freedom: ψ'(2) = π²/6 - 1, and ψ(2) = ψ(1) + 1. The prior is to have 2
    # degrees of freedom: d²/2 = ψ'(2) + ψ'(1). Its middle is ln √(high · low) - ψ(2) + ln 2 + ψ(1)
    # = ln 9 - 1 + ln 2.
    apart = math.sqrt(2 * (2 * math.pi**2 / 6 - 1))
    high, low = 9 * math.exp(apart / 2), 9 * math.exp(-apart / 2)
    found, known = shrink([high, low, 5.0], [4, 4, 0])
    assert known == pytest.approx([2 + 4, 2 + 4, 2])
    common = 9 * 2 / math.e
    assert found == pytest.approx(
        [(2 * common + 4 * high) / 6, (2 * common + 4 * low) / 6, common], rel=1e-6
    )


def test_areas_that_differ_beyond_measure_have_next_to_nothing_in_common():
    # Logs of 0, 0 and 69 have the variance 69²/3. For a small x ψ'(x) is 1/x² + π²/6, and chance
    # alone gives π²/6: 1/x² = 69²/3 - 2 π²/6, and the prior has 2x = 0.05 degrees of freedom.
    found, known = shrink([1.0, 1.0, math.exp(69)], [2, 2, 2])
    assert known == pytest.approx([2 + 2 / math.sqrt(69**2 / 3 - math.pi**2 / 3)] * 3, rel=1e-5)
    assert found[0] < 1


def test_areas_that_differ_no_more_than_chance_makes_them_share_one_variance():
    # (2 · 3 + 1 · 6) / 3 = 4, weighed by what is known of each; ln 2 apart is less than chance.
    assert shrink([3.0, 6.0], [2, 1]) == (pytest.approx([4, 4]), [math.inf, math.inf])


def test_one_area_keeps_what_it_has():
    assert shrink([3.0], [5]) == ([3.0], [5.0])
    assert shrink([3.0, 8.0], [5, 0]) == ([3.0, 3.0], [5.0, 0.0])


@pytest.mark.parametrize(
    ("variances", "freedom"), [([], []), ([3.0, 4.0], [0, 0]), ([0.0, 0.0, 7.0], [4, 4, 0])]
)
def test_where_no_area_is_known_to_vary_nothing_is_known(variances, freedom):
    found, known = shrink(variances, freedom)
    assert all(map(math.isnan, found))
    assert known == [0.0] * len(variances)


def test_an_area_that_did_not_vary_is_lifted():
    found, known = shrink([0.0, 2.0, 3.0], [3, 3, 3])
    assert 0 < found[0] < found[1] < 2.5
    assert all(map(math.isfinite, known))


@given(AREAS)
def test_every_variance_lies_between_its_own_and_what_is_common(areas):
    own, df = map(list, zip(*areas, strict=True))
    # What is known of an area only by the others is what is common.
    found, known = shrink([*own, 1.0], [*df, 0])
    for each, made, freedom, then in zip(own, found, df, known, strict=False):
        assert min(each, found[-1]) <= made * (1 + 1e-9)
        assert made <= max(each, found[-1]) * (1 + 1e-9)
        assert then >= freedom


@given(AREAS, st.floats(0.001, 1000))
def test_in_another_unit_the_variances_are_the_same(areas, times):
    own, df = map(list, zip(*areas, strict=True))
    there, known = shrink(own, df)
    then, again = shrink([each * times for each in own], df)
    assert then == pytest.approx([each * times for each in there], rel=1e-4)
    assert np.isinf(known).tolist() == np.isinf(again).tolist()


@given(AREAS)
def test_the_order_of_areas_does_not_matter(areas):
    own, df = map(list, zip(*areas, strict=True))
    there, back = shrink(own, df)[0], shrink(own[::-1], df[::-1])[0]
    assert back[::-1] == pytest.approx(there, rel=1e-4)


def test_what_the_areas_have_in_common_is_found_again():
    # Variances drawn from a scaled inverse χ² of 8 degrees of freedom round 3, known with 6 each.
    chance = np.random.default_rng(20_091)
    true = 3 * 8 / chance.chisquare(8, size=4_000)
    own = true * chance.chisquare(6, size=4_000) / 6
    found, known = shrunk(np.append(own, 1.0), np.append(np.full(4_000, 6.0), 0.0))
    assert found[-1] == pytest.approx(3, rel=0.05)
    assert known[0] == pytest.approx(8 + 6, rel=0.1)
    # What is shrunk is nearer to the truth.
    far = [np.mean((np.log(each) - np.log(true)) ** 2) for each in (own, found[:-1])]
    assert far[1] < far[0] / 2
