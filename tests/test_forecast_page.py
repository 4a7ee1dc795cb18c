"""A forecast as readers meet it: sentence, record, chart and findings."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

import altair as alt
import pytest
from pages_fixture import answer_of
from tables_fixture import made_indicator, made_people, made_table

from kingston_analysis.analyses.forecast import forecast
from kingston_analysis.data.tables.periods import shifted
from kingston_analysis.measures.forecast import Forecast, forecast_year
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Gap
from kingston_analysis.show.answer import Answer, Unanswered
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.mimes import FIGURE

BOROUGHS = ["Ashby", "Burnham"]


@cache
def series_of(months: int, times: float = 1.0, first: str = "2003-01") -> Series:
    """Make two boroughs with 100 and 200 a month, some more in every other quarter."""
    rows = [
        (area, shifted(first, "month", step), round(level * times * (1 + step // 3 % 2 / 10)))
        for area, level in (("Ashby", 100.0), ("Burnham", 200.0))
        for step in range(months)
    ]
    table = made_table(["area", "month", "value"], rows, kind="month")
    people = made_people({"Ashby": {2004: 10_000}})
    return make_series(made_indicator(), "Ashby", table, people, BOROUGHS)


@cache
def found_of(months: int, times: float = 1.0, first: str = "2003-01") -> Forecast:
    return forecast_year(series_of(months, times, first).all_months, "Ashby")


def answer(*months: Any, first: str = "2003-01", **other: Any) -> Answer:
    """Say where the year ends of so many months of both boroughs; `other` replaces results."""
    series, found = series_of(*months, first=first), found_of(*months, first=first)
    return answer_of(forecast, primary=series, year_end=dataclasses.replace(found, **other))


def figure_of(*months: Any) -> Figure:
    [figure] = answer(*months).figures
    return figure


def test_a_sentence_says_what_is_known_and_where_the_year_will_end():
    found, text = found_of(48), answer(48).words
    assert text.startswith("From April to December 2006, 960 burglaries are known.")
    low, high = (f"{round(n, -1):,.0f}" for n in found.within_80.ends)
    assert f"2006/07 will end at about 1,260: between {low} and {high} in 80 of 100" in text
    assert "in 95 of 100 (95% interval)" in text
    assert "%" not in text.replace("80% interval", "").replace("95% interval", "")


def test_small_counts_are_told_whole_and_large_ones_to_ten():
    assert "will end at about 126: " in answer(48, 0.1).words


def test_a_sentence_prints_the_record():
    text = answer(48).words
    # Two boroughs, the years 2003/04 to 2005/06: 80% of 6 are 5, 95% are 6.
    assert found_of(48).scored == 2 * 3
    assert "Tried on 6 earlier year-ends in 2 boroughs" in text
    assert "the 80% interval held 6 times (5 would be usual)" in text
    assert "the 95% interval 6 times (6 would be usual)." in text
    assert "too narrow" not in text


@pytest.mark.parametrize(("covered", "warned"), [(5, True), (6, False)])
def test_intervals_that_held_too_seldom_are_said_to_be_too_narrow(covered, warned):
    assert ("too narrow" in answer(48, covered_95=covered).words) == warned


def test_once_is_said_once():
    text = answer(48, areas=1, scored=1, covered_80=0, covered_95=1).words
    assert "Tried on one earlier year-end, from" in text
    assert "held 0 times (1 would be usual) and the 95% interval once (1 would be usual)" in text


def test_without_an_earlier_year_there_is_no_record_yet():
    made = answer(12)
    assert "No record yet" in made.words
    assert made.figures == []
    assert list(made.frame["year"]) == ["2003/04"]


def test_months_never_seen_are_named():
    text = answer(9, first="2003-04").words
    assert "January, February and March are not held for any earlier year, so each counts" in text
    one = answer(9, first="2003-04", unseen=(3,)).words
    assert "March is not held for any earlier year, so it counts" in one


def test_the_table_sets_what_was_said_beside_what_came_and_ends_with_this_year():
    projection, table = found_of(48), figure_of(48).table
    assert [heading.title for heading in table.headings] == [
        *("Year", "Known, April to December", "Year-end projected"),
        *("80% interval", "95% interval", "Year-end that came"),
    ]
    assert [row[0] for row in table.rows] == ["2003/04", "2004/05", "2005/06", "2006/07"]
    assert table.rows[0][-1] == projection.backtest["actual"][0]
    assert table.rows[-1][-1] == "not over"
    assert table.rows[-1][4] == " to ".join(f"{end:,.0f}" for end in projection.within_95.ends)
    assert "nan" not in table.as_text().lower()


def test_the_figure_shows_how_far_each_year_ended_from_what_was_said():
    figure = figure_of(48)
    assert figure.heading == (
        "Burglary: 3 of 3 earlier years ended inside the 95% interval of the projection"
    )
    assert 40 <= len(figure.alternative) <= 250
    rows = figure.as_bundle({})[FIGURE]["datasets"].values()
    actual = {row["year"]: row["actual"] for data in rows for row in data if "actual" in row}
    backtest = found_of(48).backtest.set_index("year")
    assert set(actual) == set(backtest.index)
    for year, value in actual.items():
        apart = backtest.loc[year, "actual"] - backtest.loc[year, "expected"]
        assert value == pytest.approx(apart, abs=1e-6)


def test_a_figure_of_one_earlier_year_says_so():
    assert "the earlier year ended inside the 95% interval" in figure_of(24).heading


def test_the_chart_begins_at_zero_and_each_layer_holds_only_what_it_draws():
    figure = figure_of(48)
    chart = figure.chart.to_dict()
    assert isinstance(figure.chart, alt.LayerChart)
    assert len(chart["layer"]) == 3
    for layer in chart["layer"]:
        drawn = {each["field"] for each in layer["encoding"].values()}
        for row in chart["datasets"][layer["data"]["name"]]:
            assert set(row) <= drawn
        assert layer["encoding"]["x"]["scale"]["zero"] is True


def test_the_same_projection_gives_the_same_bundle_twice():
    first, second = (figure_of(48).as_bundle({}) for _ in range(2))
    assert first == second


def test_findings_have_year_unit_and_interval():
    projection = found_of(48)
    values = {each.name: each for each in answer(48).findings}
    assert values["projection"].value == round(projection.expected)
    assert values["projection"].interval == projection.within_95.ends
    assert values["projection"].unit == "offences"
    assert values["projection_low_80"].value == projection.within_80.low
    assert values["projection_scored"].value == 6
    assert {each.period for each in values.values()} == {"2006/07"}
    for value in values.values():
        assert str(value)


def test_what_cannot_be_forecast_says_why():
    none, unknown = Gap("May 2006 is not known."), Gap("No monthly figures are known.")
    asked = "Where this year will end"
    assert answer_of(forecast, primary=series_of(12), year_end=none).gaps == [
        Unanswered(asked, none)
    ]
    empty = dataclasses.replace(series_of(12), all_months=series_of(12).all_months[:0])
    assert answer_of(forecast, primary=empty, no_months=unknown).gaps == [
        Unanswered(asked, unknown)
    ]
