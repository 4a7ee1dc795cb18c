"""A projection as readers meet it: sentence, record, chart and findings."""

from __future__ import annotations

import dataclasses
from functools import cache

import altair as alt
import pytest
from tables_fixture import made_indicator, made_people, made_table

from kingston_analysis.data.tables.periods import shifted
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.projection import Projection, project
from kingston_analysis.measures.series import Series
from kingston_analysis.show.mimes import FIGURE
from kingston_analysis.show.projection_views import (
    projection_figure,
    projection_sentence,
    projection_table,
    projection_values,
)

BOROUGHS = ["Ashby", "Burnham"]


@cache
def made(months: int, times: float = 1.0, first: str = "2003-01") -> tuple[Projection, Series]:
    """Project two boroughs with 100 and 200 a month, some more in every other quarter."""
    rows = [
        (area, shifted(first, "month", step), round(level * times * (1 + step // 3 % 2 / 10)))
        for area, level in (("Ashby", 100.0), ("Burnham", 200.0))
        for step in range(months)
    ]
    table = made_table(["area", "month", "value"], rows, kind="month")
    people = made_people({"Ashby": {2004: 10_000}})
    series = make_series(made_indicator(), "Ashby", table, people, BOROUGHS)
    return project(series.all_months, "Ashby"), series


def test_a_sentence_says_what_is_known_and_where_the_year_will_end():
    projection, series = made(48)
    text = projection_sentence(projection, series)
    assert text.startswith("From April to December 2006, 960 burglaries are known.")
    low, high = (f"{round(n, -1):,.0f}" for n in projection.within_80.ends)
    assert f"2006/07 will end at about 1,260: between {low} and {high} in 80 of 100" in text
    assert "in 95 of 100 (95% interval)" in text
    assert "%" not in text.replace("80% interval", "").replace("95% interval", "")


def test_small_counts_are_told_whole_and_large_ones_to_ten():
    projection, series = made(48, times=0.1)
    assert "will end at about 126: " in projection_sentence(projection, series)


def test_a_sentence_prints_the_record():
    projection, series = made(48)
    text = projection_sentence(projection, series)
    # Two boroughs, the years 2003/04 to 2005/06: 80% of 6 are 5, 95% are 6.
    assert projection.scored == 2 * 3
    assert "Tried on 6 earlier year-ends in 2 boroughs" in text
    assert "the 80% interval held 6 times (5 would be usual)" in text
    assert "the 95% interval 6 times (6 would be usual)." in text
    assert "too narrow" not in text


@pytest.mark.parametrize(("held", "warned"), [(5, True), (6, False)])
def test_intervals_that_held_too_seldom_are_said_to_be_too_narrow(held, warned):
    projection, series = made(48)
    text = projection_sentence(dataclasses.replace(projection, held_95=held), series)
    assert ("too narrow" in text) == warned


def test_once_is_said_once():
    projection, series = made(48)
    alone = dataclasses.replace(projection, areas=1, scored=1, held_80=0, held_95=1)
    text = projection_sentence(alone, series)
    assert "Tried on one earlier year-end, from" in text
    assert "held 0 times (1 would be usual) and the 95% interval once (1 would be usual)" in text


def test_without_an_earlier_year_there_is_no_record_yet():
    projection, series = made(12)
    assert "No record yet" in projection_sentence(projection, series)
    assert [row[0] for row in projection_table(projection, series).rows] == ["2003/04"]


def test_months_never_seen_are_named():
    projection, series = made(9, first="2003-04")
    text = projection_sentence(projection, series)
    assert "January, February and March are not held for any earlier year, so each counts" in text
    one = dataclasses.replace(projection, unseen=(3,))
    assert "March is not held for any earlier year, so it counts" in projection_sentence(
        one, series
    )


def test_the_table_sets_what_was_said_beside_what_came_and_ends_with_this_year():
    projection, series = made(48)
    table = projection_table(projection, series)
    assert [heading.title for heading in table.headings] == [
        *("Year", "Known, April to December", "Year-end projected"),
        *("80% interval", "95% interval", "Year-end that came"),
    ]
    assert [row[0] for row in table.rows] == ["2003/04", "2004/05", "2005/06", "2006/07"]
    assert table.rows[0][-1] == projection.record["came"][0]
    assert table.rows[-1][-1] == "not over"
    assert table.rows[-1][4] == " to ".join(f"{end:,.0f}" for end in projection.within_95.ends)
    assert "nan" not in table.as_text().lower()


def test_the_figure_shows_how_far_each_year_ended_from_what_was_said():
    projection, series = made(48)
    figure = projection_figure(projection, series)
    assert figure.heading == (
        "Burglary: 3 of 3 earlier years ended inside the 95% interval of the projection"
    )
    assert 40 <= len(figure.alternative) <= 250
    rows = figure.as_bundle({})[FIGURE]["datasets"].values()
    came = {row["year"]: row["came"] for data in rows for row in data if "came" in row}
    record = projection.record.set_index("year")
    assert set(came) == set(record.index)
    for year, value in came.items():
        said = record.loc[year, "came"] - record.loc[year, "expected"]
        assert value == pytest.approx(said, abs=1e-6)


def test_a_figure_of_one_earlier_year_says_so():
    projection, series = made(24)
    heading = projection_figure(projection, series).heading
    assert "the earlier year ended inside the 95% interval" in heading


def test_the_chart_begins_at_zero_and_each_layer_holds_only_what_it_draws():
    projection, series = made(48)
    chart = projection_figure(projection, series).chart.to_dict()
    assert isinstance(projection_figure(projection, series).chart, alt.LayerChart)
    assert len(chart["layer"]) == 3
    for layer in chart["layer"]:
        drawn = {each["field"] for each in layer["encoding"].values()}
        for row in chart["datasets"][layer["data"]["name"]]:
            assert set(row) <= drawn
        assert layer["encoding"]["x"]["scale"]["zero"] is True


def test_the_same_projection_gives_the_same_bundle_twice():
    projection, series = made(48)
    first, second = (projection_figure(projection, series).as_bundle({}) for _ in range(2))
    assert first == second


def test_findings_have_year_unit_and_interval():
    projection, series = made(48)
    values = {each.name: each for each in projection_values(projection, series)}
    assert values["projection"].value == round(projection.expected)
    assert values["projection"].interval == projection.within_95.ends
    assert values["projection"].unit == "offences"
    assert values["projection_low_80"].value == projection.within_80.low
    assert values["projection_scored"].value == 6
    assert {each.period for each in values.values()} == {"2006/07"}
    for value in values.values():
        assert str(value)
