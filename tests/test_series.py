"""A series: one indicator for one area among the boroughs, from rows to ranks."""

from __future__ import annotations

import math

import pytest
from tables_fixture import KINGSTON, made_indicator, made_people, made_table

from kingston_analysis.data.tables.periods import shifted
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.change import compare
from kingston_analysis.measures.indicators import make_series, with_months
from kingston_analysis.measures.variation import Variation
from kingston_analysis.notebook import open_topic
from kingston_analysis.results import Gap

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


def test_a_change_over_several_years_allows_for_their_variation():
    # Seven steady years and seven restless ones with the same last two: the interval must differ.
    steady = [98.0, 99.0, 100.0, 101.0, 102.0, 103.0, 104.0]
    restless = [98.0, 190.0, 60.0, 150.0, 80.0, 103.0, 104.0]
    spreads = []
    for counts in (steady, restless):
        rows = [("Ashby", f"200{n}/0{n + 1}", count) for n, count in enumerate(counts)]
        change = yearly(rows).change()
        spreads.append(change.ratio.high / change.ratio.low)
    assert spreads[1] > 2 * spreads[0]


def learned_from(counts: list[float]) -> Variation:
    """Work out the variation of neighbouring years, by hand; the last is tested, so left out."""
    ratios = [
        (math.log(a) - 2 * math.log(b) + math.log(c)) ** 2 / (1 / a + 4 / b + 1 / c)
        for a, b, c in zip(counts[:-3], counts[1:-2], counts[2:-1], strict=True)
    ]
    return Variation(sum(ratios) / len(ratios), len(ratios), "years")


# From April 2002 the police count by the National Crime Recording Standard.
BEFORE = {"1999/00": 2_422, "2000/01": 2_495, "2001/02": 2_667}
AFTER_2002 = {"2002/03": 2_857, "2003/04": 3_447, "2004/05": 3_520, "2005/06": 3_240}
AFTER = AFTER_2002 | {"2006/07": 3_003, "2007/08": 2_575, "2008/09": 2_191}


def test_years_before_a_break_that_refuses_say_nothing_of_the_variation_after_it():
    view = open_topic(edition=2010, area=KINGSTON, topic="violence-against-the-person").view
    series = view.series[0]
    assert series.own["value"].to_dict() == BEFORE | AFTER
    every = learned_from([*BEFORE.values(), *AFTER.values()])
    unbroken = learned_from([*AFTER.values()])
    assert (every.phi, every.df) == (pytest.approx(4.592, abs=0.001), 7)
    assert (unbroken.phi, unbroken.df) == (pytest.approx(6.181, abs=0.001), 4)
    # 2,191 after 2,575 is a fall if the years before the break count; if not, no clear change.
    assert compare(2_575, 2_191, every).verdict == "fell"
    # t(4; 0.975) = 2.776445; √(6.180845 (1/2575 + 1/2191)) = 0.072259
    low = 2_191 / 2_575 * math.exp(-2.776445 * 0.072259)
    assert series.change().ratio.low == pytest.approx(low, rel=1e-5)
    assert series.change().verdict == "no clear change"


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
RESTLESS_THEN_STEADY = [100.0, 190.0, 60.0, 103.0, 104.0, 103.0, 102.0, 103.0, 104.0, 103.0]


def spread(counts: list[float], first: int = 2000, breaks=(), without: int | None = None) -> float:
    """Return how many times the upper end of the latest change's interval is its lower end."""
    years = range(first, first + len(counts))
    rows = [
        ("Ashby", f"{year}/{year % 100 + 1:02}", count)
        for year, count in zip(years, counts, strict=True)
        if year != without
    ]
    table = made_table(["area", "financial_year", "value"], rows, breaks=list(breaks))
    found = make_series(made_indicator(), "Ashby", table, PEOPLE, BOROUGHS).change()
    return found.ratio.high / found.ratio.low


def test_restless_years_on_the_other_side_of_a_refusing_break_do_not_widen_an_interval():
    steady = spread(RESTLESS_THEN_STEADY[3:], first=2003)
    assert spread(RESTLESS_THEN_STEADY, breaks=[REFUSING]) == pytest.approx(steady)
    assert spread(RESTLESS_THEN_STEADY) > 2 * steady


def test_a_break_that_labels_leaves_the_years_together():
    labelled = [REFUSING | {"effect": "label"}]
    whole = spread(RESTLESS_THEN_STEADY)
    assert spread(RESTLESS_THEN_STEADY, breaks=labelled) == pytest.approx(whole)


def test_second_differences_are_not_taken_across_a_year_that_is_not_held():
    counts = [*RESTLESS_THEN_STEADY[:3], 80.0, *RESTLESS_THEN_STEADY[3:]]
    steady = spread(RESTLESS_THEN_STEADY[3:], first=2004)
    assert spread(counts, without=2003) == pytest.approx(steady)


def test_boroughs_are_added_up_only_where_the_same_are_known_in_both_years():
    # 120 + 300 and 90 + 50; of the North, which is no borough, nothing.
    assert yearly().together("2005/06", "2006/07") == (120 + 300, 90 + 50)
    lacking = [each for each in YEARS if each[:2] != ("Burnham", "2005/06")]
    assert yearly(lacking).together("2005/06", "2006/07") is None


def by_month(first: str, values: list[float], breaks=()):
    """Make an indicator that gives by month what another gives by year."""
    rows = [("Ashby", shifted(first, "month", step), value) for step, value in enumerate(values)]
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


def test_two_years_whose_months_are_all_known_learn_their_variation_from_the_months():
    # 4 and 16 in turn make 120 in the first year, 11 and 4 make 90 in the second. Expected of each
    # month are its column's 15 or 20 of 210: 8.571429 and 11.428571, then 6.428571 and 8.571429.
    # All lie 4.571429 from what came, so χ² = 6 · 4.571429² (2/8.571429 + 1/11.428571 + 1/6.428571)
    # = 59.733333, over 24 months less a level, one more year and eleven more months of the year.
    given = by_month("2005-04", [4.0, 16.0] * 6 + [11.0, 4.0] * 6)
    years = with_months(yearly(), given)
    found = years.change("2006/07")
    assert found.variation.phi == pytest.approx(59.733333 / 11)
    assert (found.variation.df, found.variation.source) == (24 - 1 - 1 - 11, "months")
    # t(11; 0.975) = 2.200985; √(5.430303 (1/120 + 1/90)) = 0.324945
    assert found.ratio.low == pytest.approx(90 / 120 * math.exp(-2.200985 * 0.324945), rel=1e-5)
    assert found.ratio.high == pytest.approx(90 / 120 * math.exp(+2.200985 * 0.324945), rel=1e-5)


def test_a_year_before_the_months_begin_learns_nothing_from_them():
    years = with_months(yearly(), by_month("2005-04", STEADY_MONTHS))
    assert years.change("2005/06").variation.source == "boroughs"
    assert years.change_on_mean().verdict == "cannot be compared"


def test_calendar_years_learn_nothing_from_the_months_of_financial_years():
    rows = [("Ashby", "2005", 120.0), ("Ashby", "2006", 90.0)]
    table = made_table(["area", "calendar_year", "value"], rows, kind="calendar_year")
    years = make_series(made_indicator(), "Ashby", table, PEOPLE, BOROUGHS)
    years = with_months(years, by_month("2005-01", STEADY_MONTHS))
    assert years.change().variation.source == "boroughs"


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
    # Of one borough and three years nothing is learned: Poisson, 90 · e^(±1.959964 √(1/90)).
    low, high = alone.intervals.loc["2006/07"]
    assert (low, high) == pytest.approx(
        (90 * math.exp(-1.959964 / math.sqrt(90)), 90 * math.exp(1.959964 / math.sqrt(90))), 1e-6
    )


def test_every_year_that_is_known_has_an_interval_round_its_count():
    rows = [(a, y, math.nan if (a, y) == ("Ashby", "2005/06") else v) for a, y, v in YEARS]
    series = yearly(rows)
    assert list(series.intervals.index) == ["2004/05", "2006/07"]
    for year, (low, high) in series.intervals.iterrows():
        assert low < series.own["value"][year] < high
