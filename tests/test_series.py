"""A series: one indicator for one area among the boroughs, from rows to ranks."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_fixture import KINGSTON, made_indicator, made_people, made_table, real_topic

from kingston_analysis.data.tables.breaks import breaks_between
from kingston_analysis.data.tables.periods import shifted
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.change import NOT_A_YEAR, Change, Usual
from kingston_analysis.measures.indicators import make_series, with_months
from kingston_analysis.measures.series import Series
from kingston_analysis.measures.variation import Variation
from kingston_analysis.notebook import open_topic
from kingston_analysis.results import Estimate, Gap

PEOPLE = made_people(
    {
        "Ashby": {2004: 10_000, 2005: 20_000, 2006: 40_000},
        "Burnham": {2004: 10_000, 2005: 10_000, 2006: 10_000},
    }
)
BOROUGHS = ["Ashby", "Burnham"]
YEARS = [
    ("Ashby", "2004/05", 100.0),
    ("Ashby", "2005/06", 120.0),
    ("Ashby", "2006/07", 90.0),
    ("Burnham", "2004/05", 400.0),
    ("Burnham", "2005/06", 300.0),
    ("Burnham", "2006/07", 50.0),
    ("North", "2006/07", 140.0),
]


def yearly(rows=YEARS, area="Ashby", rate=True):
    table = made_table(["area", "financial_year", "value"], rows)
    return make_series(made_indicator(rate=rate), area, table, PEOPLE, BOROUGHS)


def monthly(first: str, values: list[float], area="Ashby"):
    rows = [
        (name, shifted(first, "month", step), value * times)
        for name, times in (("Ashby", 1), ("Burnham", 2))
        for step, value in enumerate(values)
    ]
    table = made_table(["area", "month", "value"], rows, kind="month")
    return make_series(made_indicator(), area, table, PEOPLE, BOROUGHS)


def test_a_year_has_count_rate_and_both_ranks():
    row = yearly().own.loc["2006/07"]
    assert row["value"] == 90
    assert row["rate"] == pytest.approx(90 / 40_000 * 1000)
    assert (row["rank_count"], row["rank_rate"], row["areas"]) == (2, 1, 2)


def test_an_indicator_without_a_rate_has_counts_only():
    row = yearly(rate=False).own.loc["2006/07"]
    assert row["value"] == 90
    assert math.isnan(row["rate"])
    assert math.isnan(row["rank_rate"])


def test_the_latest_year_is_the_newest_that_is_not_suppressed():
    rows = [(a, y, math.nan if (a, y) == ("Ashby", "2006/07") else v) for a, y, v in YEARS]
    assert yearly(rows).latest == "2005/06"
    assert yearly().latest == "2006/07"


def test_an_area_that_the_table_does_not_have_is_not_known():
    series = yearly(rows=[each for each in YEARS if each[0] != "Ashby"])
    assert not series.known
    assert series.own.empty
    assert yearly().known


def test_what_is_measured_of_an_area_that_is_not_known_says_so_and_there_are_no_intervals():
    series = yearly(rows=[each for each in YEARS if each[0] != "Ashby"])
    for name in ("latest", "before", "comparable", "unbroken", "change", "change_on_mean"):
        with pytest.raises(KingstonError, match=r"no figure for a full year is known in Ashby"):
            found = getattr(series, name)
            found()
    assert series.intervals.empty


def test_an_area_that_is_no_borough_has_figures_but_no_rank():
    everywhere = yearly().everywhere.set_index(["area", "period"])
    assert everywhere["value"]["North", "2006/07"] == 140
    assert "rank_count" not in everywhere
    assert set(yearly().yearly["area"]) == {"Ashby", "Burnham"}
    assert not yearly(area="North").known


def test_the_boroughs_are_compared_in_the_latest_year():
    compared = yearly().comparable
    assert set(compared["area"]) == {"Ashby", "Burnham"}
    assert set(compared["period"]) == {"2006/07"}


def test_one_borough_alone_is_compared_with_none():
    assert yearly(rows=[each for each in YEARS if each[0] == "Ashby"]).comparable.empty


def test_a_change_is_from_the_year_before():
    assert yearly().change().ratio.value == pytest.approx(90 / 120)
    assert yearly().change("2005/06").ratio.value == pytest.approx(120 / 100)


def test_the_first_year_has_no_year_before():
    change = yearly().change("2004/05")
    assert change.verdict == "cannot be compared"
    assert change.ratio.why


def test_a_gap_of_a_year_is_not_bridged():
    rows = [each for each in YEARS if each[1] != "2005/06"]
    assert yearly(rows).change().verdict == "cannot be compared"


def test_months_become_financial_years_and_keep_their_pattern():
    # January 2005 to June 2006: one full year, 2005/06, of twelve tens.
    series = monthly("2005-01", [10.0] * 18)
    assert series.own["value"].to_dict() == {"2005/06": 120}
    assert list(series.months["period"].iloc[[0, -1]]) == ["2005-01", "2006-06"]
    assert len(series.months) == 18
    assert series.kind == "financial_year"


def test_the_year_in_progress_stands_beside_the_same_months():
    series = monthly("2005-04", [10.0] * 12 + [20.0] * 3)
    part = series.own_part_year
    assert (part["first"], part["last"]) == ("2006-04", "2006-06")
    assert (part["value"], part["before"]) == (3 * 20, 3 * 10)
    assert series.change_so_far().ratio.value == pytest.approx(2)


def test_a_table_of_years_has_no_months_and_no_year_in_progress():
    assert yearly().months.empty
    assert isinstance(yearly().own_part_year, Gap)
    assert not yearly().has_pattern


@pytest.mark.parametrize(("a_month", "shown"), [(5.0, True), (4.0, False)])
def test_few_offences_a_month_show_no_pattern(a_month, shown):
    assert monthly("2005-04", [a_month] * 12).has_pattern == shown


# From April 2002 the police count by the National Crime Recording Standard.
BEFORE = {"1999/00": 2_422, "2000/01": 2_495, "2001/02": 2_667}
AFTER_2002 = {"2002/03": 2_857, "2003/04": 3_447, "2004/05": 3_520, "2005/06": 3_240}
AFTER = AFTER_2002 | {"2006/07": 3_003, "2007/08": 2_575, "2008/09": 2_191}


def test_the_mean_of_three_years_is_not_taken_across_a_break_that_refuses():
    view = open_topic(edition=2008, area=KINGSTON, topic="criminal-damage").view
    # (3093 + 2835 + 2785) / 3 = 2904.33, all after the break
    assert view.series[0].change_on_mean().ratio.value == pytest.approx(2_290 / (8_713 / 3))
    counts = [("Ashby", f"200{n}/0{n + 1}", 100.0) for n in range(3, 7)]
    broken = REFUSING | {"at": "2005/06"}
    table = made_table(["area", "financial_year", "value"], counts, breaks=[broken])
    series = make_series(made_indicator(), "Ashby", table, PEOPLE, BOROUGHS)
    assert series.change().verdict == "no clear change"
    assert series.change_on_mean().verdict == "cannot be compared"
    assert series.change_on_mean().ratio == Gap("Counted anew.")


def test_the_mean_of_three_years_names_the_years_that_it_lacks():
    found = yearly().change_on_mean()
    assert found.verdict == "cannot be compared"
    assert found.ratio == Gap("No figure for 2003/04 is held.")


REFUSING = {"at": "2003/04", "what": "Counted anew.", "touches": "all", "effect": "refuse"}


def test_boroughs_are_added_up_only_where_the_same_are_known_in_both_years():
    # 120 + 300 and 90 + 50; of the North, which is no borough, nothing.
    assert yearly().together("2005/06", "2006/07") == (120 + 300, 90 + 50)
    lacking = [each for each in YEARS if each[:2] != ("Burnham", "2005/06")]
    assert yearly(lacking).together("2005/06", "2006/07") is None


def by_month(first: str, values: list[float], breaks=(), **others: list[float]):
    """Make an indicator that gives by month what another gives by year."""
    rows = [
        (area, shifted(first, "month", step), value)
        for area, each in {"Ashby": values, **others}.items()
        for step, value in enumerate(each)
    ]
    table = made_table(["area", "month", "value"], rows, kind="month", breaks=list(breaks))
    indicator = made_indicator().model_copy(update={"id": "by-month", "months_of": "burglary"})
    return make_series(indicator, "Ashby", table, PEOPLE, BOROUGHS)


# April 2005 to March 2007, each month as the one a year before: ten a month, then 7.5.
STEADY_MONTHS = [10.0] * 12 + [7.5] * 12


def test_years_take_their_months_from_the_indicator_that_gives_them_by_month():
    months = by_month("2005-04", STEADY_MONTHS)
    years = with_months(yearly(), months)
    assert list(years.months["period"].iloc[[0, -1]]) == ["2005-04", "2007-03"]
    assert years.months_table is months.table is not years.table
    assert years.own["value"].to_dict() == yearly().own["value"].to_dict()


def test_years_have_the_year_in_progress_of_their_months():
    years = with_months(yearly(), by_month("2006-04", [10.0] * 12 + [20.0] * 3))
    part = years.own_part_year
    assert (part["first"], part["last"]) == ("2007-04", "2007-06")
    assert (part["value"], part["before"]) == (3 * 20, 3 * 10)


def test_the_year_in_progress_crosses_the_breaks_of_its_months_and_not_of_the_years():
    anew = REFUSING | {"at": "2007-01"}
    months = by_month("2006-04", [10.0] * 12 + [20.0] * 3, breaks=[anew])
    assert months.month_breaks() == [("2007-01", "Counted anew.", "refuse")]
    years = with_months(yearly(), months)
    assert years.month_breaks() == months.month_breaks()
    assert years.change_so_far().ratio == Gap("Counted anew.")
    assert years.change().verdict == "no clear change"


def test_the_interval_of_a_years_level_worked_by_hand():
    alone = yearly(rows=[each for each in YEARS if each[0] == "Ashby"])
    # Of one borough nothing is learned; others vary by 2: 90 · e^(±1.959964 √(2/90)).
    low, high = alone.intervals.loc["2006/07"]
    assert (low, high) == pytest.approx(
        (90 * math.exp(-1.959964 * math.sqrt(2 / 90)), 90 * math.exp(1.959964 * math.sqrt(2 / 90))),
        1e-6,
    )


def test_every_year_that_is_known_has_an_interval_round_its_count():
    rows = [(a, y, math.nan if (a, y) == ("Ashby", "2005/06") else v) for a, y, v in YEARS]
    series = yearly(rows)
    assert list(series.intervals.index) == ["2004/05", "2006/07"]
    for year, (low, high) in series.intervals.iterrows():
        assert low < series.own["value"][year] < high


# What is told of a year, and what it is learned from


def panel(counts: dict[str, list], breaks=(), last: str = "2006/07", area="Ashby") -> Series:
    """Make a series of years to the last, of several boroughs; None is a year not held."""
    rows = [
        (name, shifted(last, "financial_year", step - len(values) + 1), float(value))
        for name, values in counts.items()
        for step, value in enumerate(values)
        if value is not None
    ]
    table = made_table(["area", "financial_year", "value"], rows, breaks=list(breaks))
    return make_series(made_indicator(rate=False), area, table, PEOPLE, list(counts))


RESTLESS = {"Ashby": [100, 190, 60], "Burnham": [80, 30, 90], "Colne": [200, 90, 280]}
STEADY = {
    "Ashby": [1_030, 1_040, 1_020, 1_030, 1_045, 1_015, 900],
    "Burnham": [800, 790, 810, 805, 790, 800, 810],
    "Colne": [500, 520, 510, 490, 505, 515, 500],
}
BOTH = {area: RESTLESS[area] + STEADY[area] for area in STEADY}
# STEADY begins in 2000/01.
AT_THE_JOIN = {"at": "2000/01", "what": "Counted anew.", "touches": "all", "effect": "refuse"}


def test_years_on_the_other_side_of_a_refusing_break_tell_nothing():
    broken, alone, whole = panel(BOTH, [AT_THE_JOIN]), panel(STEADY), panel(BOTH)
    assert broken.change() == alone.change()
    assert broken.trend == alone.trend
    assert isinstance(broken.change().usual, Usual)
    # What the restless years are is usual, where they are not cut off.
    assert broken.change().usual.low > whole.change().usual.low


def test_a_break_that_labels_leaves_the_years_together():
    labelled = panel(BOTH, [AT_THE_JOIN | {"effect": "label"}])
    assert labelled.change() == panel(BOTH).change()


def test_years_before_one_that_is_not_held_tell_nothing():
    gap = {area: [*RESTLESS[area], None, *STEADY[area]] for area in STEADY}
    assert panel(gap).change() == panel(STEADY).change()


def test_violence_after_the_new_standard_is_judged_by_the_years_after_it():
    view = open_topic(edition=2010, area=KINGSTON, topic="violence-against-the-person").view
    series, found = view.series[0], view.series[0].change()
    assert series.own["value"].to_dict() == BEFORE | AFTER
    assert list(series.unbroken.columns) == [*AFTER]
    varied = found.variation
    assert (varied.source, found.verdict) == ("months", "fell")
    reach = varied.quantile(0.9975) * math.sqrt(varied.phi * (1 / 2_575 + 1 / 2_191))
    assert found.ratio.ends == pytest.approx(
        (2_191 / 2_575 * math.exp(-reach), 2_191 / 2_575 * math.exp(reach))
    )


# 16 and 4 in turn where Ashby has 4 and 16: both have 120 in the first year and 90 in the second.
MIRRORED = {"Burnham": [16.0, 4.0] * 6 + [4.0, 11.0] * 6}
IN_TURN = [4.0, 16.0] * 6 + [11.0, 4.0] * 6


def test_years_whose_months_are_known_learn_their_variation_from_them():
    # Of each month a half is expected, 10 in the first year and 7.5 in the second, and it lies 6
    # and 3.5 from that. Of the variance (1 - 1/2) (1 - 1/12) = 11/24 is left: squares of
    # 36/10 · 24/11 = 7.854545 and 12.25/7.5 · 24/11 = 3.563636, each for 11 degrees of freedom.
    found = with_months(yearly(), by_month("2005-04", IN_TURN, **MIRRORED)).change("2006/07")
    phi = (7.854545 + 3.563636) / 2  # 5.709091
    # Both boroughs vary alike, so that it counts as well known.
    assert found.variation == Variation(pytest.approx(phi), math.inf, "months")
    # 2.807034 √(5.709091 (1/120 + 1/90)) = 2.807034 · 0.333182 = 0.935253
    assert found.ratio.low == pytest.approx(90 / 120 * math.exp(-0.935253), rel=1e-5)
    assert found.ratio.high == pytest.approx(90 / 120 * math.exp(+0.935253), rel=1e-5)


def test_a_year_before_the_months_begin_takes_the_first_of_them():
    years = with_months(yearly(), by_month("2005-04", IN_TURN, **MIRRORED))
    first = Variation(pytest.approx(7.854545), math.inf, "months")
    assert years.variation("2005/06") == years.variation("2003/04") == first


def drawn_months(years: int) -> Series:
    chance = np.random.default_rng(20_097)
    months = {area: chance.negative_binomial(20, 1 / 3, 12 * 8) for area in (*"ABCDE", "Ashby")}
    rows = [
        (area, shifted("2002-04", "month", step), float(value))
        for area, values in months.items()
        for step, value in enumerate(values[: 12 * years])
    ]
    table = made_table(["area", "month", "value"], rows, kind="month")
    return make_series(made_indicator(rate=False), "Ashby", table, PEOPLE, [*months])


def test_how_a_year_varies_is_learned_from_three_years_to_it_and_not_from_later_ones():
    seen = {years: drawn_months(years) for years in (3, 5, 8)}
    for year in ("2002/03", "2003/04", "2004/05"):
        assert len({seen[years].variation(year) for years in seen}) == 1
    assert seen[5].variation("2006/07") == seen[8].variation("2006/07")
    # Long after the last month the latest three years tell.
    assert seen[8].variation("2009/10") == seen[8].variation("2015/16")
    assert seen[8].variation("2009/10") != seen[8].variation("2006/07")


def test_calendar_years_learn_nothing_from_the_months_of_financial_years():
    rows = [(a, y, v) for a in BOROUGHS for y, v in (("2005", 120.0), ("2006", 90.0))]
    table = made_table(["area", "calendar_year", "value"], rows, kind="calendar_year")
    years = make_series(made_indicator(), "Ashby", table, PEOPLE, BOROUGHS)
    years = with_months(years, by_month("2005-01", IN_TURN, **MIRRORED))
    assert years.change().variation == Variation(2.0, math.inf, "other indicators")


PANELS = st.lists(
    st.lists(st.integers(0, 3_000), min_size=7, max_size=7), min_size=1, max_size=5
).map(lambda rows: dict(zip(["Ashby", *"BCDE"], rows, strict=False)))


@settings(max_examples=15, deadline=None)
@given(PANELS, st.integers(1, 6))
def test_later_years_do_not_change_what_an_earlier_one_is_called(counts, known):
    every = panel(counts)
    year = every.own.index[known]
    then = panel({area: values[: known + 1] for area, values in counts.items()}, last=year)
    assert every.change(year) == then.change(year)


@settings(max_examples=15, deadline=None)
@given(PANELS, st.randoms(use_true_random=False))
def test_the_order_of_areas_does_not_matter(counts, chance):
    names = [*counts]
    chance.shuffle(names)
    there, back = panel(counts).change(), panel({name: counts[name] for name in names}).change()
    assert (there.verdict, there.unusual) == (back.verdict, back.unusual)
    if isinstance(there.ratio, Estimate):
        assert back.ratio.ends == pytest.approx(there.ratio.ends, rel=1e-4)


# A base year


def test_a_base_year_takes_the_place_of_the_year_before():
    series = panel({"Ashby": [400, 100, 100, 100]})
    found = series.change(base="2003/04")
    # ln(1/4) = -1.386, and 2.807034 √(2 (1/400 + 1/100)) = 0.444
    assert (found.ratio.value, found.verdict, found.usual) == (100 / 400, "fell", NOT_A_YEAR)
    # (400 + 100 + 100) / 3 = 200
    assert series.change_on_mean().ratio.value == 100 / 200
    assert series.change_on_mean().usual == NOT_A_YEAR


def test_the_year_before_is_the_same_base_whether_named_or_not():
    assert panel(STEADY).change(base="2005/06") == panel(STEADY).change()


@pytest.mark.parametrize(
    ("base", "why"),
    [
        ("2000/01", "No figure for 2000/01 is held."),
        ("2006/07", "2006/07 is not before 2006/07."),
        ("2009/10", "2009/10 is not before 2006/07."),
    ],
)
def test_a_base_year_that_cannot_be_compared_says_why(base, why):
    assert panel({"Ashby": [100] * 4}).change(base=base).ratio == Gap(why)


def test_a_break_after_the_base_year_refuses_the_comparison_with_it():
    series = panel({"Ashby": [100] * 4}, [AT_THE_JOIN | {"at": "2005/06"}])
    assert series.change(base="2005/06").verdict == "no clear change"
    assert series.change(base="2004/05").ratio == Gap("Counted anew.")


def test_over_the_years_a_refusing_break_stands_where_it_is():
    series = panel({"Ashby": [100] * 4}, [AT_THE_JOIN | {"at": "2005/06"}])
    assert [series.change(year).verdict for year in series.own.index] == [
        *("cannot be compared", "no clear change", "cannot be compared", "no clear change"),
    ]
    assert series.change("2005/06").ratio == Gap("Counted anew.")


@pytest.mark.parametrize("topic", ["all-recorded-crime", "violence-against-the-person", "robbery"])
def test_every_real_change_across_a_refusing_break_is_refused_and_tells_nothing(topic):
    shown = [s for s in real_topic(topic, KINGSTON) if not s.indicator.months_of]
    for series in shown:
        crossed = {
            after
            for before, after in itertools.pairwise(series.own.index)
            if "refuse" in [effect for effect, _ in effects(series, before, after)]
        }
        for year in crossed:
            assert series.change(year).verdict == "cannot be compared"
            assert year in series.own.index


def effects(series: Series, before: str, after: str) -> list[tuple[str, str]]:
    meta, select = series.table.meta, series.indicator.select
    return breaks_between(meta, select, before, after, series.kind)


# Odd figures: a reason or a sound number, and no warning of a library

R = [100, 90, 80, 70, 60, 55, 50]
ODD = {
    "one borough": panel({"Ashby": R}),
    "years not held": panel(
        {"Ashby": [10, 20, None, 30, 20, 10, 20], "Burnham": R, "Colne": [None] * 3 + R[3:]}
    ),
    "a year of another not held": panel(
        {"Ashby": R, "Burnham": [10, 20, None, 30, 20, 10, 20], "Colne": [None] * 3 + R[3:]}
    ),
    "withheld": panel({"Ashby": [100, math.nan, *R[2:]], "Burnham": R[::-1], "Colne": R}),
    "noughts": panel({"Ashby": [0] * 6, "Burnham": [0] * 6}),
    "noughts of its own": panel({"Ashby": [0] * 6, "Burnham": R[1:], "Colne": R[:6]}),
    "down to nought": panel({"Ashby": [5, 4, 3, 2, 1, 0], "Burnham": R[1:], "Colne": R[:6]}),
    "a single year": panel({"Ashby": [5], "Burnham": [6]}),
    "two years": panel({"Ashby": [5, 7], "Burnham": [6, 6]}),
    "years that stay": panel({"Ashby": [50] * 6, "Burnham": [60] * 6}),
    "years that move alike": panel({area: [64e4, 32e4, 16e4, 8e4, 4e4] for area in ("Ashby", "B")}),
    "a break in every year": panel(
        {"Ashby": R, "Burnham": R[::-1]},
        [AT_THE_JOIN | {"at": f"200{year}/0{year + 1}"} for year in range(7)],
    ),
    "wild": panel({"Ashby": [1, 1e6] * 3, "Burnham": [1] * 6, "Colne": [1e6] * 6}),
    "months": monthly("2003-04", [10.0, 14.0, 7.0] * 16),
    "months of one year": monthly("2005-04", [10.0, 14.0, 7.0] * 4),
    "months of no full year": monthly("2005-04", [10.0, 14.0, 7.0]),
    "months of nought": monthly("2003-04", [0.0] * 40),
    "months that stay": monthly("2003-04", [9.0] * 40),
    "months of one borough": make_series(
        made_indicator(rate=False),
        "Ashby",
        made_table(
            ["area", "month", "value"],
            [("Ashby", shifted("2003-04", "month", n), 9.0 + n % 5) for n in range(40)],
            kind="month",
        ),
        PEOPLE,
        ["Ashby"],
    ),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ODD)
def test_of_odd_figures_every_answer_is_a_reason_or_a_sound_number(name):
    series = ODD[name]
    if not series.known:
        assert name == "months of no full year"
        return
    changes = [
        *[series.change(year) for year in series.own.index],
        series.change_on_mean(),
        *([] if isinstance(series.own_part_year, Gap) else [series.change_so_far()]),
    ]
    for each in changes:
        assert all(map(math.isfinite, numbers_of(each)))
        assert isinstance(each.ratio, Gap) == (each.verdict == "cannot be compared")
    trend = series.trend
    if isinstance(trend, Gap):
        assert trend.why.endswith(".")
    else:
        assert all(map(math.isfinite, (trend.z, trend.slope.value, *trend.slope.ends)))
    assert series.running is None or series.running.years >= 3
    assert all(series.variation(year).phi >= 1 for year in series.own.index)
    assert series.intervals.map(math.isfinite).all(axis=None)


def numbers_of(change: Change) -> list[float]:
    found = [] if isinstance(change.ratio, Gap) else [change.ratio.value, *change.ratio.ends]
    usual = [] if isinstance(change.usual, Gap) else [change.usual.low, change.usual.high]
    noticed = [change.noticeable_fall, change.noticeable_rise]
    return found + usual + [each for each in noticed if each is not None]


@pytest.mark.parametrize("name", ["one borough", "months of one borough"])
def test_of_one_borough_alone_the_level_is_judged_as_other_indicators_vary_and_no_more_told(name):
    series = ODD[name]
    found = series.change()
    assert found.variation == Variation(2.0, math.inf, "other indicators")
    assert isinstance(found.ratio, Estimate)
    assert found.usual == Gap("Too few earlier changes are known to tell what is usual.")
    assert series.trend == Gap(
        "How far a count usually moves in a year is learned from several areas; one alone has "
        "these years."
    )
