"""A forecast as readers meet it: sentence, record, chart and findings."""

from __future__ import annotations

import dataclasses
from functools import cache
from types import SimpleNamespace
from typing import Any

import altair as alt
import pandas as pd
import pytest
from pages_fixture import answer_of
from tables_fixture import made_indicator, made_people, made_table

from kingston_analysis.analyses.forecast import forecast
from kingston_analysis.data.tables.periods import shifted
from kingston_analysis.measures.forecast import BacktestRecord, Forecast, forecast_year
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Estimate, Gap
from kingston_analysis.show.answer import Answer, Unanswered
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.mimes import FIGURE

# So many that the errors of one earlier year suffice to set the width of the intervals.
BOROUGHS = ["Ashby", "Burnham", *(f"Colne {number:02}" for number in range(17))]


@cache
def series_of(months: int, times: float = 1.0, first: str = "2003-01") -> Series:
    """Make 19 boroughs with 100 or 200 a month, some more in every other quarter."""
    rows = [
        (area, shifted(first, "month", step), round(level * times * (1 + step // 3 % 2 / 10)))
        for area, level in zip(BOROUGHS, [100.0] + [200.0] * 18, strict=True)
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
    assert text.startswith("960 burglaries were recorded from April to December 2006.")
    low, high = (f"{round(n, -1):,.0f}" for n in found.within_80.ends)
    assert f"2006/07 will end at about 1,260: between {low} and {high} in 80 of 100" in text
    assert "in 95 of 100 (95% interval)" in text
    assert "%" not in text.replace("80% interval", "").replace("95% interval", "")


def test_a_lower_limit_that_is_recorded_already_is_said_to_be():
    # From 960 on, an interval that begins with 960 tells nothing that is not known.
    recorded = {"within_95": Estimate(1_270.0, 960.0, 1_900.0)}
    assert (
        "The lower limit of the 95% interval is what is recorded already: the year cannot end "
        "below that."
    ) in answer(48, **recorded).words
    both = {**recorded, "within_80": Estimate(1_270.0, 960.0, 1_800.0, level=0.80)}
    assert "The lower limits of the 80% interval and 95% interval are what" in (
        answer(48, **both).words
    )
    assert "recorded already" not in answer(48).words


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ({"2004/05": 1_240}, "which has 1,260 in 2004/05, and not 1,240 as the table of years."),
        # 1,260 less 1,240 is 20; in 2005/06 the two differ by 5.
        (
            {"2004/05": 1_240, "2005/06": 1_265},
            "which differs from the table of years by up to 20 in two of these years.",
        ),
    ],
)
def test_year_ends_that_are_others_in_the_table_of_years_are_said_to_be(years, said):
    series, found = series_of(48), found_of(48)
    own = pd.DataFrame({"value": pd.Series(years, dtype=float)})
    other = SimpleNamespace(
        indicator=series.indicator, months=series.months, own=own, months_sources=("months",)
    )
    words = answer_of(forecast, primary=other, year_end=found).words
    assert words.endswith(f"Year-ends here are counted from the table of months, {said}")
    assert "table of years" not in answer(48).words


def test_small_counts_are_told_whole_and_large_ones_to_ten():
    assert "will end at about 126: " in answer(48, 0.1).words


def test_a_sentence_prints_the_record():
    text = answer(48).words
    # 19 boroughs, 2003/04 to 2005/06; 2003/04 has no year before it from which to learn a width.
    assert found_of(48).record.scored == 2 * 19
    assert "as this method's errors at 57 earlier year-ends make them." in text
    assert "Tried on 38 earlier year-ends in 19 boroughs" in text
    assert "the 80% interval held 38 times (30 would be usual)" in text
    assert "the 95% interval 38 times (36 would be usual)." in text
    assert "less often than meant" not in text


def record(scored: int, covered_80: int, covered_95: int, areas: int = 19) -> BacktestRecord:
    return BacktestRecord(("2004/05",), areas, scored, covered_80, covered_95, 19, 19)


@pytest.mark.parametrize(
    ("covered_80", "covered_95", "warning"),
    [
        # Usual are 80 and 95 of 100; a twentieth fewer, 76 and 90.25, is too few.
        (76, 91, ""),
        (75, 91, "The 80% interval held less often than meant, so be careful with this one."),
        (76, 90, "The 95% interval held less often than meant, so be careful with this one."),
        (75, 90, "The 80% and 95% intervals held less often than meant, so be careful with these."),
    ],
)
def test_intervals_that_held_too_seldom_are_called_too_narrow(covered_80, covered_95, warning):
    text = answer(48, record=record(100, covered_80, covered_95)).words
    assert text.endswith(warning)
    assert ("less often than meant" in text) == bool(warning)


def test_once_is_said_once():
    text = answer(48, record=record(1, 0, 1, areas=1)).words
    assert "Tried on 1 earlier year-end, with only" in text
    assert "held 0 times (1 would be usual) and the 95% interval once (1 would be usual)" in text


def test_the_first_intervals_have_no_record_yet():
    text = answer(24).words
    assert (
        "in 95 of 100 (95% interval). The intervals are as wide as this method's errors at " in text
    )
    assert text.endswith("No later year is over yet to show how often they hold, so be careful.")


def test_without_an_earlier_year_there_is_a_rough_range_that_claims_no_level():
    made = answer(12)
    low, high = (f"{round(end, -1):,.0f}" for end in found_of(12).within.ends)
    assert (
        f"A rough range is {low} to {high}. How often a range made so holds the year's end is "
        in (made.words)
    )
    assert made.words.endswith("because there is no earlier year-end on which to try it.")
    assert "80" not in made.words
    assert "95" not in made.words
    assert made.figures == []
    assert list(made.frame["year"]) == ["2003/04"]
    found = {each.name: each for each in made.findings}
    assert found["projection"].interval is None
    assert "Too few earlier year-ends" in found["projection_low_80"].missing


def test_too_few_earlier_years_are_counted():
    text = answer(12, errors=18).words
    assert (
        "because there are only 18 earlier year-ends on which to try it, and 19 are needed." in text
    )
    assert "there is only 1 earlier year-end on which" in answer(12, errors=1).words


def test_months_never_seen_are_named():
    text = answer(9, first="2003-04").words
    assert "January, February and March are not held for any earlier year, so each counts" in text
    one = answer(9, first="2003-04", unseen=(3,)).words
    assert "March is not held for any earlier year, so it counts" in one


def test_the_table_sets_what_was_said_beside_what_came_and_ends_with_this_year():
    projection, table = found_of(48), figure_of(48).table
    assert [heading.title for heading in table.headings] == [
        *("Year", "Known, April to December", "Year-end projected"),
        *("80% interval", "95% interval", "Rough range", "Year-end that came"),
    ]
    assert table.rows[0][3:5] == ["not known", "not known"]
    assert [row[5] for row in table.rows[1:]] == ["[z]"] * 3
    assert [row[0] for row in table.rows] == ["2003/04", "2004/05", "2005/06", "2006/07"]
    assert table.rows[0][-1] == projection.backtest["actual"][0]
    assert table.rows[-1][-1] == "not over"
    assert table.rows[-1][4] == " to ".join(f"{end:,.0f}" for end in projection.within_95.ends)
    assert "nan" not in table.as_text().lower()


def test_the_figure_shows_how_far_each_year_ended_from_what_was_said():
    figure = figure_of(48)
    assert figure.heading == (
        "Burglary: 2 of 2 earlier years ended inside the 95% interval of the projection"
    )
    assert 40 <= len(figure.alternative) <= 250
    rows = figure.as_bundle({})[FIGURE]["datasets"].values()
    actual = {row["year"]: row["actual"] for data in rows for row in data if "actual" in row}
    backtest = found_of(48).backtest.set_index("year")
    assert set(actual) == set(backtest.index)
    for year, value in actual.items():
        apart = backtest.loc[year, "actual"] - backtest.loc[year, "expected"]
        assert value == pytest.approx(apart, abs=1e-6)


def test_a_figure_of_one_earlier_year_names_it():
    assert "Burglary: 2004/05 ended inside the 95% interval" in figure_of(36).heading
    rough = figure_of(24)
    assert "Burglary: 2003/04 ended inside the rough range of the projection" in rough.heading
    assert "The grey bar is the rough range" in rough.note


def test_the_chart_begins_at_zero_and_each_layer_holds_only_what_it_draws():
    figure = figure_of(48)
    chart = figure.chart.to_dict()
    assert isinstance(figure.chart, alt.LayerChart)
    # The 95% interval, the 80% interval, the rough range of the first year, and what came.
    assert len(chart["layer"]) == 4
    for layer in chart["layer"]:
        drawn = {each["field"] for each in layer["encoding"].values()}
        for row in chart["datasets"][layer["data"]["name"]]:
            assert set(row) <= drawn
        assert layer["encoding"]["x"]["scale"]["zero"] is True


def test_the_95_per_cent_interval_and_the_rough_range_are_as_thin_and_the_80_per_cent_thick():
    layers = figure_of(48).chart.to_dict()["layer"]
    marks = {layer["encoding"]["x"]["field"]: layer["mark"] for layer in layers}
    of_95, of_80, rough = (marks[f"low{end}"] for end in ("_95", "_80", ""))
    assert of_95["strokeWidth"] == rough["strokeWidth"] == of_80["strokeWidth"] / 4
    assert of_95["color"] == of_80["color"] != rough["color"]


def test_the_same_projection_gives_the_same_bundle_twice():
    first, second = (figure_of(48).as_bundle({}) for _ in range(2))
    assert first == second


def test_findings_have_year_unit_and_interval():
    projection = found_of(48)
    values = {each.name: each for each in answer(48).findings}
    assert values["projection"].value == round(projection.expected)
    assert values["projection"].interval == projection.within_95.ends
    assert values["projection"].unit == "offences"
    ends = [values[f"projection_{end}_80"].value for end in ("low", "high")]
    assert ends == [*projection.within_80.ends]
    assert {each.period for each in values.values()} == {"2006/07"}
    for value in values.values():
        assert str(value)


def test_findings_hold_the_record():
    found = {each.name: each for each in answer(48, record=record(100, 75, 91)).findings}
    names = [f"projection_{name}" for name in ("scored", "held_80", "held_95")]
    assert [found[name].value for name in names] == [100, 75, 91]
    assert {found[name].unit for name in names} == {"year-ends of boroughs"}


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
