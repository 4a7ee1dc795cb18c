"""An area among the boroughs and beside larger areas, in words, figure, table and findings."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages_fixture import made_page
from tables_fixture import KINGSTON, PROJECT, made_indicator, made_people, made_table, real_table

from kingston_analysis.analyses.comparison import comparison
from kingston_analysis.analyses.comparison.funnel import (
    _axes,
    funnel_figure,
    funnel_finding,
    funnel_sentence,
)
from kingston_analysis.analyses.comparison.groups import (
    group_findings,
    groups_sentence,
    groups_table,
)
from kingston_analysis.analyses.comparison.ranks import (
    boroughs_figure,
    rank_findings,
    rank_sentence,
)
from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.topics import load_topic, load_topics
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.comparison.funnel import Funnel, funnel
from kingston_analysis.measures.comparison.groups import against_groups, group_of
from kingston_analysis.measures.comparison.ranks import (
    NO_RATE,
    RankChance,
    RankChances,
    rank_chances,
)
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.series import Series
from kingston_analysis.measures.variation import Variation
from kingston_analysis.results import Estimate, Finding, Gap
from kingston_analysis.show.mimes import FIGURE as MIME
from kingston_analysis.show.theme import BLUE, NARROW, WIDE

BOROUGHS = load_areas(PROJECT).borough_names
OUTER = [each.name for each in load_areas(PROJECT).boroughs if each.part == "Outer London"]
VIOLENCE, BURGLARY = "violence-against-the-person", "burglary"


@cache
def seen(topic: str, year: str | None = None, area: str = KINGSTON, number: int = 0) -> Series:
    """Return a real indicator with the years up to one, as an edition sees it."""
    chosen = load_topic(PROJECT, topic).indicators[number]
    table = real_table(chosen.table)
    if year:
        rows = table.frame[table.meta.period.column] <= year
        table = dataclasses.replace(table, frame=table.frame[rows])
    return make_series(chosen, area, table, real_table("population"), BOROUGHS)


TEN = Variation(10.0, math.inf, "months")


def chances_of(series: Series) -> RankChances:
    return rank_chances(series.comparable, BOROUGHS, series.area, dict.fromkeys(BOROUGHS, TEN))


def funnel_of(series: Series) -> Funnel | None:
    return funnel(series.comparable, BOROUGHS)


def groups_of(series: Series):
    everywhere, people = series.everywhere, series.yearly
    nation = {"no_count": Gap("It ends in 2012/13."), "no_rate": Gap("No residents are held.")}
    groups = [
        group_of("part", "Outer London", everywhere, people, OUTER),
        group_of("police_area", "Met Police Area", everywhere, people, BOROUGHS, label="the Met"),
        group_of("nation", "England and Wales", everywhere, people, [], **nation),
    ]
    own = group_of("own", series.area, everywhere, people, [series.area])
    return against_groups(own, groups, series.latest, series.before, TEN, TEN)


def values_of(series: Series) -> dict[str, Finding]:
    return {each.name: each for each in findings_of(series)}


def findings_of(series: Series) -> list[Finding]:
    return [
        *rank_findings(series, chances_of(series)),
        funnel_finding(series, funnel_of(series)),
        *group_findings(groups_of(series)),
    ]


def small_series(area: str = "Ashby") -> Series:
    rows = [("Ashby", "2006/07", 90.0), ("Burnham", "2006/07", 50.0)]
    people = made_people({"Ashby": {2006: 40_000}, "Burnham": {2006: 10_000}})
    table = made_table(["area", "financial_year", "value"], rows)
    return make_series(made_indicator(), area, table, people, ["Ashby", "Burnham"])


def rank(lowest: int, highest: int, chance=0.83, low=1, high=3) -> RankChance:
    end = "lowest" if lowest <= highest else "highest"
    areas = lowest + highest - 1
    return RankChance(Estimate(min(lowest, highest), low, high), end, chance, areas)


def test_ranks_are_told_by_count_and_by_rate_with_their_chances():
    text = rank_sentence(small_series(), RankChances("Ashby", rank(4, 29, low=2), rank(13, 20)))
    assert text.startswith(
        "Ashby had the fourth lowest count and the 13th lowest rate of 32 London boroughs in "
        "2006/07."
    )
    assert (
        "fourth lowest or lower by count in 83 of 100 simulated years (95% interval: second "
        "to third lowest)" in text
    )
    assert "13th lowest or lower by rate in 83 of 100 simulated years" in text
    assert "misleads for town centres" in text


def test_a_rank_that_boroughs_share_is_called_joint():
    shared = dataclasses.replace(rank(4, 28), shared=True)
    text = rank_sentence(small_series(), RankChances("Ashby", shared, rank(13, 20)))
    assert text.startswith("Ashby had the joint fourth lowest count and the 13th lowest rate of ")


def test_a_rate_that_fewer_boroughs_have_is_ranked_among_those():
    by_rate = dataclasses.replace(rank(3, 18), areas=20)
    text = rank_sentence(small_series(), RankChances("Ashby", rank(4, 29), by_rate))
    assert text.startswith(
        "Ashby had the fourth lowest count and the third lowest rate of 32 London boroughs, 20 of "
        "them with a rate, in 2006/07."
    )


def test_a_rank_from_the_top_is_told_from_the_top():
    text = rank_sentence(small_series(), RankChances("Ashby", rank(31, 2), rank(32, 1, high=1)))
    assert "the second highest count and the highest rate" in text
    assert "second highest or higher by count" in text
    assert "(95% interval: highest to third highest)" in text
    assert (
        "highest by rate in 83 of 100 simulated years (the 95% interval is that rank alone)" in text
    )


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (1.0, "more than 99 of 100"),
        (0.994, "99 of 100"),
        (0.5, "50 of 100"),
        (0.001, "fewer than 1 of 100"),
    ],
)
def test_a_chance_is_never_told_as_certain_or_nothing(chance, words):
    text = rank_sentence(small_series(), RankChances("Ashby", rank(2, 31, chance), NO_RATE))
    assert f"by count in {words} simulated years" in text


def test_without_population_the_rank_by_rate_is_missing_with_its_reason():
    text = rank_sentence(small_series(), RankChances("Ashby", rank(2, 31), NO_RATE))
    assert "There is no rank by rate: no population is held" in text
    assert "town centres" not in text


def test_violence_in_kingston_is_ranked_as_the_record_has_it():
    series = seen(VIOLENCE, "2004/05")
    text = rank_sentence(series, chances_of(series))
    assert f"{KINGSTON} had the fourth lowest count and the 13th lowest rate of 32" in text


def test_the_funnels_heading_says_where_the_area_lies():
    heads = {
        (VIOLENCE, "2008/09", KINGSTON): ("within the 95% limits", ""),
        (BURGLARY, "2014/15", KINGSTON): (
            "below the 95% limits",
            ": fewer than 2.5% of boroughs of its size would have so low a rate",
        ),
        (BURGLARY, "2014/15", "Camden"): (
            "above the 95% limits",
            ": fewer than 2.5% of boroughs of its size would have so high a rate",
        ),
        (BURGLARY, "2014/15", "Westminster"): (
            "above the 99.8% limits",
            ": fewer than 0.1% of boroughs of its size would have so high a rate",
        ),
    }
    for (topic, year, area), (words, rare) in heads.items():
        series = seen(topic, year, area)
        figure = funnel_figure(series, funnel_of(series))
        assert figure.heading.endswith(f"the rate of {area} in {year} was {words}")
        assert funnel_sentence(series, funnel_of(series)).endswith(f", {words}{rare}.")


def test_an_area_without_a_rate_has_no_place_in_the_funnel():
    series, found = small_series("Ashby"), funnel_of(seen(VIOLENCE, "2008/09"))
    figure = funnel_figure(series, found)
    assert figure.heading == "Burglary: no rate for Ashby in 2006/07"
    assert "no rate" in figure.alternative
    assert "no place in the funnel" in funnel_sentence(series, found)


LONG_AND_SHORT = [KINGSTON, "Hammersmith and Fulham", "Kensington and Chelsea", "Brent"]


@pytest.mark.parametrize("area", LONG_AND_SHORT)
def test_the_funnels_table_has_every_borough_and_all_its_words_are_whole(area):
    series = seen(BURGLARY, "2014/15", area)
    figure = funnel_figure(series, funnel_of(series))
    assert sorted(row[0] for row in figure.table.rows) == sorted(BOROUGHS)
    assert "[x]" not in figure.table.as_text()
    assert not {"nan", "None"} & set(figure.as_bundle({})["text/plain"].split())


def test_a_funnels_numbers_are_rounded():
    series = seen(BURGLARY, "2014/15")
    text = json.dumps(funnel_figure(series, funnel_of(series)).as_bundle({})[MIME])
    longest = max((n for n in text.replace(",", " ").split() if "." in n), key=len)
    assert sum(each.isdigit() for each in longest.strip("}]")) <= 11


def layers_of(series: Series) -> list[dict]:
    return funnel_figure(series, funnel_of(series)).chart.to_dict()["layer"]


def test_the_own_area_differs_by_shape_and_by_colour():
    points = [
        e["mark"] for e in layers_of(seen(BURGLARY, "2014/15")) if e["mark"]["type"] == "point"
    ]
    assert [each.get("shape") for each in points] == [None, "diamond"]
    assert points[1]["color"] == BLUE != points[0]["color"]


def test_the_own_area_and_those_outside_the_outer_limits_are_named():
    texts = [e["mark"] for e in layers_of(seen(BURGLARY, "2014/15")) if e["mark"]["type"] == "text"]
    # The first layer of text names the limits.
    assert [each.get("text") for each in texts] == [None, KINGSTON, "Westminster"]
    assert [each.get("fontWeight") for each in texts] == [None, "bold", None]


def test_only_the_columns_that_are_drawn_are_in_the_chart():
    series = seen(BURGLARY, "2014/15")
    data = funnel_figure(series, funnel_of(series)).chart.to_dict()["datasets"].values()
    columns = {frozenset(row) for rows in data for row in rows}
    assert columns == {
        frozenset({"population", "rate"}),
        frozenset({"population", "rate", "side", "limit"}),
        frozenset({"population", "rate", "limit"}),
    }


# What a vertical axis, a letter and half a line of text take, in pixels.
AXIS, LETTER, HALF_LINE = 38, 7.3, 7
HEIGHT = 320


def names_in(found: Funnel, own: str) -> list[tuple[str, dict, dict, dict]]:
    """Return, of each area's name in a funnel chart, text, mark, place and the chart's axes."""
    series = dataclasses.replace(seen(BURGLARY, "2014/15"), area=own)
    chart = funnel_figure(series, found).chart.to_dict()
    named = [each for each in chart["layer"] if "text" in each["mark"]]
    places = [chart["datasets"][each["data"]["name"]][0] for each in named]
    return [
        (each["mark"]["text"], each["mark"], place, each["encoding"])
        for each, place in zip(named, places, strict=True)
    ]


def box(
    text: str, mark: dict, place: dict, axes: dict, width: int
) -> tuple[float, float, float, float]:
    """Return left, right, upper and lower end of a name in pixels, in a chart of a whole width."""
    (first, last), (_, top) = (axes[each]["scale"]["domain"] for each in "xy")
    length = LETTER * len(text)
    right = (place["population"] - first) / (last - first) * (width - AXIS) + mark["dx"]
    left = right - {"left": 0, "center": length / 2, "right": length}[mark["align"]]
    middle = HEIGHT * (1 - place["rate"] / top) + mark["dy"]
    return left, left + length, middle - HALF_LINE, middle + HALF_LINE


def apart(found: Funnel, own: str) -> bool:
    """Tell whether the names lie inside the chart and none on another, wide and narrow."""
    names = names_in(found, own)
    for width in (WIDE, NARROW):
        boxes = [box(*name, width) for name in names]
        if any(left < 0 or right > width for left, right, _, _ in boxes):
            return False
        for (a, b, c, d), (e, f, g, h) in itertools.combinations(boxes, 2):
            if a <= f and e <= b and c <= h and g <= d:
                return False
    return bool(names)


def test_a_name_takes_the_length_of_its_letters_and_the_height_of_a_line():
    found = with_outliers([])
    axes, row = _axes(found), found.frame.iloc[0]
    place, middle = axes.right(row["population"], WIDE) + 4, axes.down(row["rate"]) - 20
    length = LETTER * len(row["area"])
    starts = {"left": place, "center": place - length / 2, "right": place - length}
    for align, start in starts.items():
        ends = axes.box(row, (align, 4, -20), WIDE)
        assert ends == pytest.approx(
            (start, start + length, middle - HALF_LINE, middle + HALF_LINE)
        )


@pytest.mark.parametrize("area", BOROUGHS)
def test_no_name_lies_on_another_for_any_borough(area):
    for topic, year in ((BURGLARY, "2014/15"), (VIOLENCE, "2008/09")):
        assert apart(funnel_of(seen(topic, year)), area)


def with_outliers(outliers: list[int]) -> Funnel:
    """Return a funnel in which some areas have four times the rate of the others."""
    people = np.linspace(150_000, 350_000, 32)
    rates = np.where(np.isin(np.arange(32), outliers), 0.04, 0.01)
    values = pd.DataFrame({"area": BOROUGHS, "value": people * rates, "population": people})
    return funnel(values, BOROUGHS)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 31), max_size=3, unique=True), st.integers(0, 31))
def test_no_name_lies_on_another_wherever_the_outliers_are(outliers, own):
    assert apart(with_outliers(outliers), BOROUGHS[own])


def test_areas_with_four_times_the_rate_do_stand_out():
    frame = with_outliers([3, 17, 31]).frame.set_index("area")
    assert set(frame.index[frame["status"] == "above"]) == {BOROUGHS[n] for n in (3, 17, 31)}


def test_only_the_own_area_and_the_farthest_outside_are_named_where_many_are_outside():
    found = with_outliers([])
    frame = found.frame.assign(score=0.0)
    frame.loc[:6, "status"], frame.loc[:6, "score"] = "above", [4, 10, 5, 9, 6, 8, 7]
    many = dataclasses.replace(found, frame=frame)
    named = [text for text, *_ in names_in(many, BOROUGHS[20])]
    areas = frame["area"]
    assert named == [BOROUGHS[20], areas[1], areas[3], areas[5], areas[6]]


def test_an_area_is_set_beside_larger_areas_in_words():
    series = seen(VIOLENCE, "2008/09")
    text = groups_sentence(series, groups_of(series))
    # 14.04 per 1,000 beside 18.98: a ratio of 0.740; 2,191/2,575 beside 89,827/87,321: 0.827.
    # 10 (1/2,191 - 1/89,827 + 1/2,575 - 1/87,321) = 0.008222; 2.807034 √0.008222 = 0.254525;
    # 0.827 exp(∓0.254525) = 0.641 and 1.067
    assert f"{KINGSTON} had 14.0 violence against the person offences for every 1,000" in text
    assert "a rate 26.0% lower than in Outer London (95% interval −" in text
    assert "lower than in the Met (95% interval" in text
    assert (
        "went from 2,575 to 2,191 (−14.9%). The count in Outer London went from 87,321 to 89,827"
        in text
    )
    beside = "the count here is 17.3% lower than if it had changed by as much (99.5% interval "
    assert f"{beside}−35.9% to +6.7%), which can" in text
    assert "The count in England and Wales went from 945,663 to 887,942 (−6.1%)" in text


def test_a_rate_or_change_that_can_be_the_same_is_not_called_higher_or_lower():
    series = seen(VIOLENCE, "2008/09")
    found = groups_of(series)
    alike = dataclasses.replace(
        found.groups[0], rates=Estimate(1.005, 0.8, 1.2), changes=Estimate(1.0001, 0.9, 1.1)
    )
    text = groups_sentence(series, dataclasses.replace(found, groups=(alike,)))
    assert (
        "a rate not clearly different from that in Outer London (+0.5%, 95% interval −20.0% to "
        "+20.0%)."
    ) in text
    assert (
        "the count here is as high as if it had changed by as much (95% interval −10.0% to "
        "+10.0%), which can be chance."
    ) in text


def test_what_is_not_held_of_a_group_is_told_with_its_reason():
    series = seen(BURGLARY, "2014/15")
    found = groups_of(series)
    assert "England and Wales cannot be compared with it. It ends in 2012/13." in groups_sentence(
        series, found
    )
    table = groups_table(series, found)
    assert table.rows[-1] == [
        "England and Wales",
        *[Gap("It ends in 2012/13.")] * 3,
        "[x] It ends in 2012/13.",
        Gap("It ends in 2012/13."),
        "[x] It ends in 2012/13.",
    ]
    assert "not available" in table.as_html()


def test_a_change_across_a_refusing_break_is_refused_and_the_rate_is_kept():
    series = seen(VIOLENCE, "2008/09")
    found = groups_of(series)
    broken = dataclasses.replace(found.own, change=Gap("Counted anew."))
    text = groups_sentence(series, dataclasses.replace(found, own=broken))
    assert text.endswith("cannot be compared with that of larger areas. Counted anew.")
    assert "26.0% lower than in Outer London" in text


def test_a_caution_stands_in_the_sentence_and_marks_the_row():
    series = seen(VIOLENCE, "2008/09")
    found = groups_of(series)
    warned = dataclasses.replace(found, own=dataclasses.replace(found.own, caution="Renamed."))
    assert groups_sentence(series, warned).endswith("Note a break in the series: Renamed.")
    assert groups_table(series, warned).rows[0][0] == f"{KINGSTON} [b]"


def test_a_group_that_was_added_up_says_so():
    series = seen(VIOLENCE, "2008/09")
    boroughs = series.everywhere[series.everywhere["area"].isin(BOROUGHS)]
    summed = group_of("part", "Outer London", boroughs, series.yearly, OUTER)
    own = group_of("own", KINGSTON, boroughs, series.yearly, [KINGSTON])
    table = groups_table(series, against_groups(own, [summed], "2008/09", "2007/08", TEN, TEN))
    assert [row[0] for row in table.rows] == [KINGSTON, "Outer London (sum of 19 boroughs)"]


def test_findings_on_ranks_funnel_and_groups():
    found = values_of(seen(VIOLENCE, "2008/09"))
    assert found["chance_of_rank_count"].unit == "probability of that rank or one nearer the lowest"
    assert 0.9 < found["chance_of_rank_count"].value <= 1
    assert (found["rank_rate_near"].value, found["rank_rate_near"].unit) == (
        4,
        "rank from the lowest",
    )
    low, high = found["rank_rate_near"].interval
    assert low <= 4 <= high
    assert found["funnel_status"].value == "within the 95% limits"
    low, high = found["rate_ratio_part"].interval
    assert low < found["rate_ratio_part"].value < high
    assert found["rate_ratio_part"].value == pytest.approx(0.740, abs=0.001)
    assert found["change_ratio_nation"].value == pytest.approx(0.906, abs=0.001)
    assert found["rate_ratio_nation"].missing == "No residents are held."
    assert {each.period for each in found.values()} == {"2008/09"}


def test_without_population_or_groups_the_findings_are_missing_with_a_reason():
    chances = RankChances("Ashby", rank(2, 31), NO_RATE)
    values = [*rank_findings(small_series(), chances), funnel_finding(small_series(), None)]
    missing = {each.name: each.missing for each in values if each.value is None}
    assert set(missing) == {"chance_of_rank_rate", "rank_rate_near", "funnel_status"}
    assert all(missing.values())


def test_the_heading_of_a_comparison_names_what_is_compared_and_ranks_from_the_nearer_end():
    people = made_people({place: {2006: 10_000} for place in PLACES})
    # Ashby's 90 is the lowest but three and the highest but one: second highest.
    rows = [(place, "2006/07", count) for place, count in zip(PLACES, COUNTS, strict=True)]
    table = made_table(["area", "financial_year", "value"], rows)
    series = make_series(made_indicator(), "Ashby", table, people, PLACES)
    assert boroughs_figure(series).heading == (
        "Burglary: Ashby had the second highest rate of 5 boroughs in 2006/07"
    )


PLACES = ["Ashby", "Burnham", "Colne", "Dene", "Elm"]
COUNTS = [90.0, 10.0, 20.0, 30.0, 99.0]


def test_a_page_may_ask_for_some_of_the_larger_areas():
    page = made_page(seen(VIOLENCE, "2008/09"))
    every, one = comparison(page), comparison(page, groups=["Outer London"])
    names = [row[0] for row in every.tables[-1].rows]
    assert names == [KINGSTON, "Outer London", "Met Police Area", "England and Wales"]
    assert [row[0] for row in one.tables[-1].rows] == [KINGSTON, "Outer London"]
    assert "lower than in Outer London" in one.words
    assert "Metropolitan Police area" in every.words
    assert "Metropolitan Police area" not in one.words
    ratios = [each.name for each in one.findings if "ratio" in each.name]
    assert ratios == ["rate_ratio_outer-london", "change_ratio_outer-london"]


def test_a_group_in_which_the_area_does_not_lie_is_refused():
    with pytest.raises(KingstonError, match=r"not lie in .*'Inner London'.*'Outer London'"):
        comparison(made_page(seen(VIOLENCE, "2008/09")), groups=["Inner London"])


def test_another_level_widens_the_intervals_of_rates_and_is_named_in_them():
    page = made_page(seen(VIOLENCE, "2008/09"))
    wide = comparison(page, level=0.99)
    assert "99% interval" in wide.words
    assert "95% interval" not in wide.words
    assert wide.findings == []
    usual, wider = (page.view.comparators(level=level).groups for level in (0.95, 0.99))
    rates = [
        (a.rates, b.rates)
        for a, b in zip(usual, wider, strict=True)
        if isinstance(a.rates, Estimate)
    ]
    assert rates
    assert all(b.low < a.low < a.high < b.high for a, b in rates)
    # A change has one verdict for good, and so one interval.
    assert [each.changes for each in usual] == [each.changes for each in wider]
    assert {each.changes.level for each in wider} == {0.995}


def test_a_lower_level_narrows_the_funnels_inner_limits_and_is_named_in_it():
    page = made_page(seen(VIOLENCE, "2008/09"))
    usual, narrow = (comparison(page, level=level).figures[1] for level in (0.95, 0.8))
    titles = [heading.title for heading in narrow.table.headings]
    # The outer limits are the method's own.
    ends = ("Lower 99.8%", "Lower 80%", "Upper 80%", "Upper 99.8%")
    assert titles[3:7] == [f"{end} limit" for end in ends]
    for a, b in zip(usual.table.rows, narrow.table.rows, strict=True):
        assert a[3] == b[3] < a[4] < b[4] < b[5] < a[5] < a[6] == b[6]
    assert "80% limits" in narrow.alternative
    assert "about 80 of 100" in narrow.note
    assert "about 80 of 100 boroughs" in comparison(page, level=0.8).words
    drawn = json.dumps(narrow.chart.to_dict())
    said = " ".join([narrow.heading, narrow.alternative, narrow.note, *titles, drawn])
    assert "95%" not in said + comparison(page, level=0.8).words


def test_a_level_that_is_not_inside_the_funnels_outer_limits_is_refused():
    with pytest.raises(KingstonError, match=r"those of 99\.8%: a level of 0\.999 does not"):
        comparison(made_page(seen(VIOLENCE, "2008/09")), level=0.999)


def test_the_frame_holds_every_borough_of_the_latest_year():
    frame = comparison(made_page(seen(VIOLENCE, "2008/09"))).frame
    assert sorted(frame["area"]) == sorted(BOROUGHS)
    assert frame.set_index("area")["value"][KINGSTON] == 2_191


@pytest.mark.parametrize(
    ("topic", "number"),
    [
        (topic.id, n)
        for topic in load_topics(PROJECT).values()
        for n in range(len(topic.indicators))
    ],
)
def test_every_indicator_reads_whole_and_has_every_number(topic, number):
    series = seen(topic, number=number)
    if not series.known or len(series.comparable) < 2:
        return
    found, groups = funnel_of(series), groups_of(series)
    text = " ".join([rank_sentence(series, chances_of(series)), groups_sentence(series, groups)])
    text += groups_table(series, groups).as_text()
    if found:
        text += funnel_figure(series, found).alternative + funnel_sentence(series, found)
    assert not {"nan", "none"} & set(text.lower().replace("(", " ").split())
    for each in findings_of(series):
        assert (each.value is None) == bool(each.missing)
        assert not (isinstance(each.value, float) and math.isnan(each.value))
