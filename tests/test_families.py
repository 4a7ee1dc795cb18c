"""Families: which comparisons a page makes, and the verdicts that they have among one another."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kingston_analysis.measures.families import Family, family, yearly_changes
from tables_fixture import made_indicator, made_people, made_table, real_topic

from kingston_analysis.data.tables.breaks import breaks_between
from kingston_analysis.data.tables.periods import shifted
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Gap

ANEW = {"at": "2006/07", "what": "Counted anew.", "touches": "all", "effect": "refuse"}
NOBODY = made_people({"Ashby": {2006: 10_000}})


def years(counts: list[float], breaks=(), last: str = "2006/07") -> Series:
    """Make a series of one borough, of which nothing is learned: its counts vary as Poisson."""
    rows = [
        ("Ashby", shifted(last, "financial_year", step - len(counts) + 1), count)
        for step, count in enumerate(counts)
    ]
    table = made_table(["area", "financial_year", "value"], rows, breaks=list(breaks))
    return make_series(made_indicator(), "Ashby", table, NOBODY, ["Ashby"])


def months(values: list[float], breaks=()) -> Series:
    """Make a series of months from April 2005 on."""
    rows = [("Ashby", shifted("2005-04", "month", n), value) for n, value in enumerate(values)]
    table = made_table(["area", "month", "value"], rows, kind="month", breaks=list(breaks))
    return make_series(made_indicator(), "Ashby", table, NOBODY, ["Ashby"])


def verdicts(found: Family) -> list[tuple[str, str]]:
    return [(each.span, each.change.verdict) for each in found.members]


def test_a_comparison_that_was_not_made_is_told_with_its_series():
    with pytest.raises(KingstonError, match=r"Burglary: no comparison over the year is among"):
        family([], []).of(years([100.0] * 4))


def test_every_series_is_compared_with_the_year_before_and_with_three():
    first, second = years([100.0] * 4), years([90.0] * 4)
    found = family([first, second], [])
    assert [(each.series, each.span) for each in found.members] == [
        *((first, "year"), (first, "three years")),
        *((second, "year"), (second, "three years")),
    ]
    assert found.size == 4


def test_a_base_year_takes_the_place_of_the_year_before():
    series = years([400.0, 100.0, 100.0, 100.0])
    found = family([series], [], base="2003/04")
    assert found.of(series).ratio.value == 100 / 400
    assert found.of(series).verdict == "fell"
    # (400 + 100 + 100) / 3 = 200
    assert found.of(series, "three years").ratio.value == 100 / 200


@pytest.mark.parametrize(
    ("base", "why"),
    [
        ("2000/01", "No figure for 2000/01 is held."),
        ("2006/07", "2006/07 is not before 2006/07."),
        ("2009/10", "2009/10 is not before 2006/07."),
    ],
)
def test_a_base_year_that_cannot_be_compared_says_why(base, why):
    series = years([100.0] * 4)
    assert family([series], [], base=base).of(series).ratio == Gap(why)


def test_a_break_after_the_base_year_refuses_the_comparison_with_it():
    series = years([100.0] * 4, [ANEW | {"at": "2005/06"}])
    assert family([series], [], base="2005/06").of(series).verdict == "no clear change"
    assert family([series], [], base="2004/05").of(series).ratio == Gap("Counted anew.")


def test_every_comparison_of_a_family_has_its_level():
    series, going_on = years([120.0, 120.0, 120.0, 90.0]), months([10.0] * 12 + [20.0] * 3)
    found = family([series], [going_on], level=0.99)
    assert {each.change.ratio.level for each in found.members} == {found.level} == {0.99}


def test_a_year_in_progress_is_compared_as_a_part_year():
    going_on = months([10.0] * 12 + [20.0] * 3)
    found = family([], [going_on])
    assert verdicts(found) == [("part year", "rose")]
    # 60 after 30
    assert found.of(going_on, "part year").ratio.value == 60 / 30


def test_the_size_is_how_many_comparisons_could_be_made():
    # Of two years there is one comparison, of four there are two, and a part year is one more.
    found = family([years([100.0] * 2), years([100.0] * 4)], [months([10.0] * 15)])
    assert len(found.members) == 5
    assert found.size == 1 + 2 + 1
    assert {e.change.family for e in found.members if e.change.p is not None} == {4}


def test_what_a_break_refuses_is_shown_and_not_counted():
    refused, sound = years([100.0] * 2, [ANEW]), years([100.0] * 2)
    found = family([refused, sound], [])
    assert found.of(refused).verdict == "cannot be compared"
    assert found.of(refused).ratio == Gap("Counted anew.")
    assert found.size == 1
    assert found.of(sound).family == 1


def test_a_break_inside_the_three_years_refuses_their_mean_only():
    series = years([100.0] * 4, [ANEW | {"at": "2005/06"}])
    assert verdicts(family([series], [])) == [
        ("year", "no clear change"),
        ("three years", "cannot be compared"),
    ]


def test_a_labelled_break_counts():
    assert family([years([100.0] * 2, [ANEW | {"effect": "label"}])], []).size == 1


def p_of(before: float, after: float) -> float:
    """Work out how often Poisson counts would differ as far or farther, by the normal tail."""
    z = abs(math.log(after / before)) / math.sqrt(1 / before + 1 / after)
    return math.erfc(z / math.sqrt(2))


def test_a_fall_that_is_clear_alone_may_be_chance_among_several():
    # ln(90/120) = -0.287682; √(1/120 + 1/90) = 0.139443; z = 2.0631 and p = 0.0391, below 0.05
    fallen = years([120.0, 90.0])
    assert p_of(120, 90) == pytest.approx(0.0391, abs=1e-4)
    assert family([fallen], []).of(fallen).verdict == "fell"
    # As the smallest of two it would have to be at or below 0.05 · 1/2 = 0.025.
    found = family([fallen, years([100.0, 100.0])], [])
    assert found.of(fallen).verdict == "no clear change"
    assert found.of(fallen).ratio.high < 1


def test_others_that_are_clear_carry_a_fall_that_is_less_clear():
    # p = 0.0391 is the larger of two: at or below 0.05 · 2/2.
    fallen, far = years([120.0, 90.0]), years([400.0, 100.0])
    found = family([fallen, far], [])
    assert [found.of(each).verdict for each in (fallen, far)] == ["fell", "fell"]


def test_intervals_stay_each_for_its_own_comparison():
    fallen = years([120.0, 90.0])
    found = family([fallen, *(years([100.0, 100.0]) for _ in range(9))], []).of(fallen)
    alone = fallen.change()
    assert (found.ratio, found.p) == (alone.ratio, alone.p)


def test_series_are_told_apart_also_where_their_figures_are_the_same():
    first, second = years([100.0] * 2), years([100.0] * 2)
    found = family([first, second], [])
    assert found.of(first) is found.members[0].change
    assert found.of(second) is found.members[2].change


def test_a_page_that_compares_nothing_has_a_family_of_none():
    assert family([], []) == Family(())
    assert family([], []).size == 0
    assert family([years([100.0])], []).size == 0


def test_over_the_years_every_year_is_compared_with_the_one_before():
    found = yearly_changes(years([100.0, 120.0, 90.0]))
    assert list(found) == ["2004/05", "2005/06", "2006/07"]
    assert found["2004/05"].verdict == "cannot be compared"
    assert found["2005/06"].ratio.value == pytest.approx(120 / 100)
    assert found["2006/07"].ratio.value == pytest.approx(90 / 120)


def test_the_years_of_a_series_are_a_family_of_their_own():
    # 90 after 120 has p = 0.0391, 120 after 120 has p = 1: among two it is not clear.
    found = yearly_changes(years([120.0, 120.0, 90.0]))
    assert found["2006/07"].family == 2
    assert found["2006/07"].verdict == "no clear change"
    assert yearly_changes(years([120.0, 90.0]))["2006/07"].verdict == "fell"


def test_over_the_years_a_refusing_break_stands_where_it_is_and_is_not_counted():
    found = yearly_changes(years([100.0, 100.0, 100.0, 100.0], [ANEW | {"at": "2005/06"}]))
    assert [each.verdict for each in found.values()] == [
        *("cannot be compared", "no clear change", "cannot be compared", "no clear change"),
    ]
    assert found["2005/06"].ratio == Gap("Counted anew.")
    assert found["2006/07"].family == 2


def test_over_the_years_a_gap_is_not_bridged():
    rows = [("Ashby", "2004/05", 100.0), ("Ashby", "2006/07", 100.0)]
    table = made_table(["area", "financial_year", "value"], rows)
    found = yearly_changes(make_series(made_indicator(), "Ashby", table, NOBODY, ["Ashby"]))
    assert found["2006/07"].verdict == "cannot be compared"
    assert found["2006/07"].ratio == Gap("No figure for the year before is held.")


COUNTS = st.lists(st.integers(1, 2_000), min_size=2, max_size=6)


@settings(max_examples=15, deadline=None)
@given(st.lists(COUNTS, min_size=1, max_size=4), st.randoms())
def test_the_order_of_the_series_does_not_matter(counts, chance):
    made = [years([float(n) for n in each]) for each in counts]
    others = made.copy()
    chance.shuffle(others)
    there, back = family(made, []), family(others, [])
    assert there.size == back.size
    for each in made:
        for span in ("year", "three years"):
            assert there.of(each, span) == back.of(each, span)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 2_000), min_size=8, max_size=8), st.permutations(range(8)))
def test_the_order_of_rows_does_not_matter(counts, order):
    rows = [
        (area, f"200{n}/0{n + 1}", float(count))
        for area, four in (("Ashby", counts[:4]), ("Burnham", counts[4:]))
        for n, count in enumerate(four, 3)
    ]
    there, back = (
        family([made], []) for made in (_of_two(rows), _of_two([rows[n] for n in order]))
    )
    assert [each.change for each in there.members] == [each.change for each in back.members]


def _of_two(rows: list[tuple]) -> Series:
    table = made_table(["area", "financial_year", "value"], rows)
    return make_series(made_indicator(), "Ashby", table, NOBODY, ["Ashby", "Burnham"])


@settings(max_examples=15, deadline=None)
@given(st.lists(COUNTS, min_size=1, max_size=4))
def test_a_family_never_makes_a_change_clear_that_is_not_clear_alone(counts):
    made = [years([float(n) for n in each]) for each in counts]
    found = family(made, [])
    for each in made:
        alone, among = each.change(), found.of(each)
        assert among.verdict in (alone.verdict, "no clear change")


@pytest.mark.parametrize("topic", ["all-recorded-crime", "violence-against-the-person", "robbery"])
def test_no_real_change_that_crosses_a_refusing_break_is_counted(topic):
    shown = [s for s in real_topic(topic, "Kingston upon Thames") if not s.indicator.months_of]
    for series in shown:
        crossed = {
            after
            for before, after in itertools.pairwise(series.own.index)
            if "refuse" in [effect for effect, _ in _breaks(series, before, after)]
        }
        found = yearly_changes(series)
        refused = {year for year in crossed if found[year].verdict == "cannot be compared"}
        assert refused == crossed
        compared = [each for each in found.values() if each.p is not None]
        assert {each.family for each in compared} == {len(compared)}


def _breaks(series: Series, before: str, after: str) -> list[tuple[str, str]]:
    meta, select = series.table.meta, series.indicator.select
    return breaks_between(meta, select, before, after, series.kind)
