"""Changes: ratio, interval, verdict, what is unusual, and what would have been noticed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingston_analysis.measures.change import (
    JUDGED_AT,
    NOT_A_YEAR,
    Change,
    Usual,
    compare,
    incomparable,
)
from kingston_analysis.measures.variation import Variation
from kingston_analysis.results import Gap

COUNTS = st.integers(1, 1_000_000)
PHIS = st.floats(1, 20)


def known(phi: float) -> Variation:
    """Return a variation that is known exactly, for which t is the normal quantile."""
    return Variation(phi, math.inf, "months")


def test_a_change_worked_by_hand():
    # ratio 80/100 = 0.8; √(2 (1/100 + 1/80)) = √0.045 = 0.212132; 1.96 * 0.212132 = 0.415771
    found = compare(100, 80, known(2), level=0.95)
    assert found.ratio.value == pytest.approx(0.8)
    assert found.ratio.low == pytest.approx(0.8 * math.exp(-0.415771), rel=1e-4)
    assert found.ratio.high == pytest.approx(0.8 * math.exp(+0.415771), rel=1e-4)
    assert found.verdict == "no clear change"
    # A logged fall d = (1.96 + 0.84) √(2 (1 + e^d)/100) is found by repetition: d = 0.684
    d = -math.log(1 - found.noticeable_fall)
    assert d == pytest.approx(2.801585 * math.sqrt(2 * (1 + math.exp(d)) / 100), abs=1e-5)
    assert found.noticeable_fall == pytest.approx(1 - math.exp(-0.684), abs=0.001)
    # After a logged rise r there are more, so that it need not be as large: r = 0.502
    r = math.log(1 + found.noticeable_rise)
    assert r == pytest.approx(2.801585 * math.sqrt(2 * (1 + math.exp(-r)) / 100), abs=1e-5)
    assert r == pytest.approx(0.502, abs=0.001)


def test_every_change_is_judged_at_one_level():
    # √(2 (1/100 + 1/80)) = 0.212132, as above; 2.807034 * 0.212132 = 0.595462
    found = compare(100, 80, known(2))
    assert found.ratio.level == JUDGED_AT == 0.995
    assert found.ratio.low == pytest.approx(0.8 * math.exp(-0.595462), rel=1e-5)
    assert found.ratio.high == pytest.approx(0.8 * math.exp(+0.595462), rel=1e-5)


def test_an_interval_at_another_level_worked_by_hand():
    # √(2 (1/100 + 1/80)) = 0.212132, as above; 2.575829 * 0.212132 = 0.546416
    found = compare(100, 80, known(2), level=0.99)
    assert found.ratio.low == pytest.approx(0.8 * math.exp(-0.546416), rel=1e-5)
    assert found.ratio.high == pytest.approx(0.8 * math.exp(+0.546416), rel=1e-5)
    assert found.ratio.level == 0.99
    usual = compare(100, 80, known(2), level=0.95)
    assert found.noticeable_fall > usual.noticeable_fall
    assert found.noticeable_rise > usual.noticeable_rise


def test_a_verdict_follows_its_level():
    # ln(90/120) / √(1/120 + 1/90) = -2.0631, between 1.960 and 2.576 standard errors
    assert compare(120, 90, known(1), level=0.95).verdict == "fell"
    assert compare(120, 90, known(1), level=0.99).verdict == "no clear change"


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
    # Of 40, no fall short of 99% would be: (2.807034 + 0.841621) √(2 · 2 / 40) is 1.15 already.
    [(40, 0.990), (120, 0.579), (400, 0.335), (1_200, 0.200), (4_000, 0.112)],
)
def test_the_smallest_noticeable_fall_at_twice_poisson_variation(count, fall):
    assert compare(count, count, known(2)).noticeable_fall == pytest.approx(fall, abs=0.001)


@pytest.mark.parametrize(("before", "after"), [(0, 10), (10, 0), (0, 0)])
def test_a_count_of_zero_cannot_be_compared(before, after):
    found = compare(before, after, known(1))
    assert found.verdict == "cannot be compared"
    assert "zero" in found.ratio.why
    assert found.noticeable_fall is found.noticeable_rise is None
    assert (found.usual, found.unusual) == (NOT_A_YEAR, False)


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
    assert wide.noticeable_fall >= narrow.noticeable_fall
    assert wide.noticeable_rise >= narrow.noticeable_rise


def test_few_degrees_of_freedom_widen_the_interval():
    # t(4; 0.975) = 2.776445 instead of 1.959964: log half-width 2.776445 * 0.212132 = 0.588973
    found = compare(100, 80, Variation(2, 4, "years"), level=0.95)
    assert found.ratio.high == pytest.approx(0.8 * math.exp(0.588973), rel=1e-5)


def test_against_the_mean_of_three_years_the_sum_of_them_counts():
    # 80 against 300 in three years: 80 / 100 = 0.8; √(1/300 + 1/80) = √0.0158333 = 0.125831
    found = compare(300, 80, known(1), years=3, level=0.95)
    assert found.ratio.value == pytest.approx(0.8)
    assert found.ratio.low == pytest.approx(0.8 * math.exp(-1.959964 * 0.125831), rel=1e-5)
    # After a logged fall d, 100 e^-d would follow: √(1/300 + e^d/100) = √((1 + 3 e^d)/300)
    d = -math.log(1 - found.noticeable_fall)
    assert d == pytest.approx(2.801585 * math.sqrt((1 + 3 * math.exp(d)) / 300), abs=1e-5)


def test_where_no_fall_would_stand_out_the_deepest_is_told():
    found = compare(9, 8, known(4))
    assert found.noticeable_fall == pytest.approx(1 - math.exp(-4.6))
    # A rise needs no more than t √(φ/before) · √(1 + e^-r): it has an end of its own.
    assert math.isfinite(found.noticeable_rise)


USUAL_MOVES = Usual(0.8, 1.25, False, 1, 32)
UNUSUAL = Usual(0.8, 1.25, True, 1, 32)


@pytest.mark.parametrize(
    ("after", "usual", "unusual"),
    [
        (2_000, UNUSUAL, True),
        (2_000, USUAL_MOVES, False),
        (3_990, UNUSUAL, False),  # no clear change is never called unusual
        (2_000, Gap("Too few years."), False),
        (2_000, NOT_A_YEAR, False),
        (0, UNUSUAL, False),
    ],
)
def test_a_change_is_unusual_where_the_level_is_another_and_it_moved_farther_than_usual(
    after, usual, unusual
):
    assert compare(4_000, after, known(1), usual=usual).unusual is unusual


def test_what_is_usual_leaves_ratio_and_verdict_as_they_are():
    told, bare = compare(4_000, 2_000, known(1), usual=UNUSUAL), compare(4_000, 2_000, known(1))
    assert (told.ratio, told.verdict, told.usual) == (bare.ratio, bare.verdict, UNUSUAL)


def test_what_cannot_be_compared_has_a_reason_and_no_numbers():
    assert incomparable("Counted anew.") == Change("cannot be compared", Gap("Counted anew."))


@given(COUNTS, COUNTS, PHIS, st.floats(0.5, 0.999), st.floats(0.5, 50))
def test_a_verdict_agrees_with_its_interval_at_every_level(before, after, phi, level, df):
    found = compare(before, after, Variation(phi, df, "months"), level=level)
    if isinstance(found.ratio, Gap):
        assert found.verdict == "cannot be compared"
    else:
        assert (found.verdict == "no clear change") == found.ratio.allows(1)
        assert all(map(math.isfinite, (*found.ratio.ends, found.noticeable_rise)))
