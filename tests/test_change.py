"""Changes: ratio, interval, verdict, and the smallest fall that would have been noticed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingston_analysis.measures.change import Change, compare, decided, incomparable
from kingston_analysis.measures.variation import Variation
from kingston_analysis.results import Estimate, Gap

COUNTS = st.integers(1, 1_000_000)
PHIS = st.floats(1, 20)


def known(phi: float) -> Variation:
    """Return a variation that is known exactly, for which t is the normal quantile."""
    return Variation(phi, math.inf, "months")


def test_a_change_worked_by_hand():
    # ratio 80/100 = 0.8; √(2 (1/100 + 1/80)) = √0.045 = 0.212132; 1.96 * 0.212132 = 0.415771
    found = compare(100, 80, known(2))
    assert found.ratio.value == pytest.approx(0.8)
    assert found.ratio.low == pytest.approx(0.8 * math.exp(-0.415771), rel=1e-4)
    assert found.ratio.high == pytest.approx(0.8 * math.exp(+0.415771), rel=1e-4)
    assert found.verdict == "no clear change"
    # A logged fall d = (1.96 + 0.84) √(2 (1 + e^d)/100) is found by repetition: d = 0.684
    d = -math.log(1 - found.noticeable)
    assert d == pytest.approx(2.801585 * math.sqrt(2 * (1 + math.exp(d)) / 100), abs=1e-5)
    assert found.noticeable == pytest.approx(1 - math.exp(-0.684), abs=0.001)


def test_an_interval_at_another_level_worked_by_hand():
    # √(2 (1/100 + 1/80)) = 0.212132, as above; 2.575829 * 0.212132 = 0.546416
    found = compare(100, 80, known(2), level=0.99)
    assert found.ratio.low == pytest.approx(0.8 * math.exp(-0.546416), rel=1e-5)
    assert found.ratio.high == pytest.approx(0.8 * math.exp(+0.546416), rel=1e-5)
    assert found.ratio.level == 0.99
    assert found.noticeable > compare(100, 80, known(2)).noticeable


def test_a_verdict_follows_its_level():
    # ln(90/120) / √(1/120 + 1/90) = -2.0631: p = 0.0391
    assert compare(120, 90, known(1)).verdict == "fell"
    assert compare(120, 90, known(1), level=0.99).verdict == "no clear change"
    fallen = compare(120, 90, known(1))
    assert [decided([fallen], level)[0].verdict for level in (0.95, 0.99)] == [
        *("fell", "no clear change"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (3_240, 3_003, "fell"),  # the plan's violence, 2005/06 to 2006/07: -7.3%
        (3_003, 3_240, "rose"),
        (2_191, 2_262, "no clear change"),  # +3.2%, z = 1.5
        (40, 30, "no clear change"),
        (500, 500, "no clear change"),
    ],
)
def test_a_verdict_as_poisson_counts_give_it(before, after, verdict):
    assert compare(before, after, known(1)).verdict == verdict


def test_more_than_poisson_variation_takes_a_verdict_back():
    assert compare(3_240, 3_003, known(1)).verdict == "fell"
    assert compare(3_240, 3_003, known(8)).verdict == "no clear change"


@pytest.mark.parametrize(
    ("count", "fall"),
    [(40, 0.758), (120, 0.456), (400, 0.262), (1_200, 0.156), (4_000, 0.087)],
)
def test_the_smallest_noticeable_fall_at_twice_poisson_variation(count, fall):
    assert compare(count, count, known(2)).noticeable == pytest.approx(fall, abs=0.006)


@pytest.mark.parametrize(("before", "after"), [(0, 10), (10, 0), (0, 0)])
def test_a_count_of_zero_cannot_be_compared(before, after):
    found = compare(before, after, known(1))
    assert found.verdict == "cannot be compared"
    assert "zero" in found.ratio.why
    assert found.p is found.noticeable is None


@pytest.mark.parametrize(("before", "after"), [(math.nan, 10), (10, math.nan)])
def test_a_missing_count_cannot_be_compared(before, after):
    found = compare(before, after, known(1))
    assert found.verdict == "cannot be compared"
    assert "missing" in found.ratio.why


def test_a_break_that_refuses_stands_before_everything_else():
    found = compare(4_000, 1_000, known(1), [("label", "Renamed."), ("refuse", "Counted anew.")])
    assert (found.verdict, found.ratio) == ("cannot be compared", Gap("Counted anew."))
    assert compare(0, 1_000, known(1), [("refuse", "Counted anew.")]).ratio == Gap("Counted anew.")


def test_a_break_that_labels_is_carried_as_a_caution():
    found = compare(4_000, 1_000, known(1), [("label", "Renamed."), ("label", "Moved.")])
    assert (found.verdict, found.ratio.value, found.caution) == ("fell", 0.25, "Renamed. Moved.")
    assert compare(4_000, 1_000, known(1)).caution is None


@given(COUNTS, COUNTS, PHIS)
def test_an_interval_contains_its_estimate(before, after, phi):
    found = compare(before, after, known(phi))
    assert found.ratio.low < found.ratio.value < found.ratio.high


@given(COUNTS, COUNTS, PHIS)
def test_the_verdict_is_what_the_interval_says(before, after, phi):
    found = compare(before, after, known(phi))
    expected = (
        "rose" if found.ratio.low > 1 else "fell" if found.ratio.high < 1 else "no clear change"
    )
    assert found.verdict == expected


@given(COUNTS, COUNTS, PHIS)
def test_a_change_read_backwards_is_the_inverse(before, after, phi):
    there, back = compare(before, after, known(phi)), compare(after, before, known(phi))
    assert back.ratio.value == pytest.approx(1 / there.ratio.value)
    assert (back.ratio.low, back.ratio.high) == pytest.approx(
        (1 / there.ratio.high, 1 / there.ratio.low)
    )
    opposite = {"rose": "fell", "fell": "rose", "no clear change": "no clear change"}
    assert back.verdict == opposite[there.verdict]


@given(COUNTS, COUNTS, PHIS)
def test_more_variation_never_narrows_an_interval(before, after, phi):
    narrow, wide = compare(before, after, known(phi)), compare(before, after, known(phi * 2))
    assert wide.ratio.low < narrow.ratio.low
    assert narrow.ratio.high < wide.ratio.high
    assert wide.noticeable >= narrow.noticeable


def test_few_degrees_of_freedom_widen_the_interval():
    # t(4; 0.975) = 2.776445 instead of 1.959964: log half-width 2.776445 * 0.212132 = 0.588973
    found = compare(100, 80, Variation(2, 4, "years"))
    assert found.ratio.high == pytest.approx(0.8 * math.exp(0.588973), rel=1e-5)


def test_against_the_mean_of_three_years_the_sum_of_them_counts():
    # 80 against 300 in three years: 80 / 100 = 0.8; √(1/300 + 1/80) = √0.0158333 = 0.125831
    found = compare(300, 80, known(1), years=3)
    assert found.ratio.value == pytest.approx(0.8)
    assert found.ratio.low == pytest.approx(0.8 * math.exp(-1.959964 * 0.125831), rel=1e-5)
    # After a logged fall d, 100 e^-d would follow: √(1/300 + e^d/100) = √((1 + 3 e^d)/300)
    d = -math.log(1 - found.noticeable)
    assert d == pytest.approx(2.801585 * math.sqrt((1 + 3 * math.exp(d)) / 300), abs=1e-5)


def test_where_no_fall_would_stand_out_the_deepest_is_told():
    assert compare(9, 8, known(4)).noticeable == pytest.approx(1 - math.exp(-4.6))


def test_p_and_interval_agree_at_the_edge():
    # A ratio 1.96 standard errors from 1 has p = 0.05: ln r = 1.959964 √(1/a + 1/b).
    found = compare(1_000, 1_000, known(1))
    assert found.p == pytest.approx(1)
    assert compare(3_240, 3_003, known(1)).p < 0.05 < compare(3_240, 3_200, known(1)).p


def of(p: float | None, ratio: float = 2.0) -> Change:
    if p is None:
        return incomparable("Counted anew.")
    return Change("rose", Estimate(ratio, 1.1, 3.0), p)


@pytest.mark.parametrize(
    ("ps", "verdicts"),
    [
        # Benjamini and Hochberg: the i-th smallest of m must be at or below 0.05 i / m.
        ([0.04], ["rose"]),
        ([0.04, 0.9], ["no clear change", "no clear change"]),  # 0.04 > 0.05 / 2
        ([0.04, 0.045], ["rose", "rose"]),  # 0.045 <= 0.05 * 2 / 2 carries both
        (
            [0.001, 0.04, 0.9, 0.9],
            ["rose", "no clear change", "no clear change", "no clear change"],
        ),
    ],
)
def test_the_more_comparisons_the_clearer_a_change_must_be(ps, verdicts):
    assert [each.verdict for each in decided(map(of, ps))] == verdicts


def test_a_family_counts_those_that_can_be_compared():
    family = decided([of(0.001), of(None), of(0.001, ratio=0.5)])
    assert [each.family for each in family] == [2, 1, 2]
    assert [each.verdict for each in family] == ["rose", "cannot be compared", "fell"]
    assert decided([of(None)]) == [of(None)]
    assert decided([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_the_order_of_a_family_does_not_matter(ps):
    there = [each.verdict for each in decided(map(of, ps))]
    back = [each.verdict for each in decided(map(of, reversed(ps)))]
    assert there == back[::-1]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_a_family_never_makes_a_change_clearer(ps):
    for p, each in zip(ps, decided(map(of, ps)), strict=True):
        assert each.verdict == "no clear change" or p <= 0.05
