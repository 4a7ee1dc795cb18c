"""Control charts and seasonal profiles as sentences, figures and findings."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from kingston_analysis.show.season_views import season_figure, season_sentence, season_values
from tables_fixture import PROJECT, made_indicator, made_people, made_table, real_series

from kingston_analysis.data.tables.periods import shifted
from kingston_analysis.data.topics import load_topics
from kingston_analysis.measures.control import ControlChart, control_chart
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.seasons import Profile, Seasons, own_profile, seasons
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Gap
from kingston_analysis.show.control_views import (
    control_figure,
    control_sentence,
    control_values,
)
from kingston_analysis.show.mimes import FIGURE

PALETTE = {"#12436d", "#28a197", "#801650", "#f46a25", "#3d3d3d", "#a285d1"}
FLAT = Seasons(pd.Series(1.0, index=range(1, 13)), ())
ANEW = {"at": "2010-02", "what": "Counted anew.", "touches": "all", "effect": "refuse"}
EVEN = [100.0] * 24
# January to December: a clear peak in June, clearly few in January.
YEAR = [50.0, 80, 100, 100, 100, 190, 100, 100, 100, 100, 90, 90]
MONTHLY = [
    (topic.id, number)
    for topic in load_topics(PROJECT).values()
    for number, indicator in enumerate(topic.indicators)
    if indicator.table == "recorded_crime_month_2008_2016"
]


def made_series(values: list[float], breaks=(), polarity="lower is better", first="2008-01"):
    """Make a series of Ashby's burglaries beside so many in Burnham that all months are alike."""
    periods = [shifted(first, "month", step) for step in range(len(values))]
    rows = [("Ashby", period, value) for period, value in zip(periods, values, strict=True)]
    rows += [("Burnham", period, 1_000_000.0) for period in periods]
    table = made_table(["area", "month", "value"], rows, kind="month", breaks=list(breaks))
    indicator = made_indicator(rate=False).model_copy(update={"polarity": polarity})
    return make_series(
        indicator, "Ashby", table, made_people({"Ashby": {2008: 1}}), ["Ashby", "Burnham"]
    )


def measured(series: Series, season: Seasons = FLAT) -> tuple[Series, ControlChart]:
    breaks = [month for month, _, _ in series.month_breaks()]
    return series, control_chart(series.months, season, breaks)


def profiled(series: Series) -> tuple[Series, Profile]:
    return series, own_profile(series.months, series.all_months)


def said(values: list[float], **more) -> str:
    return control_sentence(*measured(made_series(values, **more)))


@cache
def real_bundles() -> dict[str, dict]:
    """Return the specification of every real indicator's two figures, known to December 2015."""
    made = {}
    for topic, number in MONTHLY:
        whole = real_series(topic, number)
        known = whole.all_months[whole.all_months["period"] <= "2015-12"]
        series = replace(whole, all_months=known)
        season = seasons(known, [month for month, _, _ in series.month_breaks()])
        figures = [control_figure(*measured(series, season)), season_figure(*profiled(series))]
        made |= {f"{topic} {each.id}": each.as_bundle({})[FIGURE] for each in figures}
    return made


def test_a_month_above_is_told_with_its_count_and_limits():
    # The limits of an even hundred are worked out in the tests of the measure.
    assert said([*EVEN, 100, 140, *[100] * 10]) == (
        "Burglaries in Ashby were above what chance and the season explain in 1 of the 12 months "
        "to December 2010: February 2010 (140; limits 70 to 133)."
    )


def test_months_in_a_row_are_told_together_and_sides_apart():
    text = said([*EVEN, 150, 160, 100, 60, *[100] * 8])
    assert (
        "in 2 of the 12 months to December 2010: January 2010 to February 2010 (310 in all;" in text
    )
    assert "below what chance and the season explain in 1 of the 12 months" in text


def test_where_no_month_stands_out_no_single_month_is_said_to():
    assert said([*EVEN, *[100] * 12]) == (
        "No single month of the 12 to December 2010 stood out: each count of burglaries in Ashby "
        "lay within the limits that chance and the season can explain, judged by the 24 months "
        "before."
    )


def test_a_hint_is_called_one():
    text = said([*EVEN, *[105] * 8, *[100] * 4])
    assert text.startswith("No single month")
    assert text.endswith(
        "A hint, no proof: 8 months in a row were above what was expected (January 2010 to "
        "August 2010), which happens by chance in some years."
    )


def test_two_hints_are_told_together():
    text = said([*EVEN, *[126] * 8, *[100] * 4])
    assert "Hints, no proof: two of three months in a row were near or beyond the upper" in text
    assert "; 8 months in a row were above" in text
    assert text.endswith("Each happens by chance in some years.")


def test_a_rise_that_is_neither_good_nor_bad_says_what_else_it_may_mean():
    text = said([*EVEN, 150, *[100] * 11], polarity="more reporting is better")
    assert "Reporting may have changed" in text


def test_without_limits_the_chart_says_why():
    _, chart = measured(made_series([100.0] * 11))
    assert chart.gap == Gap("A control chart needs 24 known months; 11 are known.")
    _, broken = measured(made_series([*EVEN, *[100] * 12], breaks=[ANEW]))
    assert broken.gap.why.endswith("11 are known since the break in February 2010.")


def test_the_heading_says_how_many_months_are_outside():
    def heading(year):
        return control_figure(*measured(made_series([*EVEN, *year]))).heading

    start = "Burglary, by month:"
    assert heading([100.0] * 12) == f"{start} no single month of the latest 12 stood out"
    assert heading([140.0, *[100] * 11]) == f"{start} 1 of the latest 12 above what chance explains"
    assert heading([60.0, *[100] * 11]) == f"{start} 1 of the latest 12 below what chance explains"
    assert heading([60.0, 140, *[100] * 10]) == (
        f"{start} 1 of the latest 12 above and 1 below what chance explains"
    )


def test_without_limits_the_figure_shows_the_months_and_names_the_highest():
    figure = control_figure(*measured(made_series([20.0, 37, 20, 19])))
    assert figure.heading == "Burglary, by month: highest in February 2008, with 37"
    assert figure.alternative == (
        "Line chart of burglaries by month, 20 in January 2008 to 19 in April 2008; "
        "highest 37 in February 2008, lowest 19 in April 2008."
    )
    assert figure.table.rows[1] == ["February 2008", 37]
    assert figure.note == ""
    assert (figure.id, figure.tables) == ("burglary-months", ("made_up",))


def test_one_month_alone_can_be_shown():
    figure = control_figure(*measured(made_series([20.0])))
    assert (
        figure.alternative
        == "Line chart of burglaries by month: one month only, January 2008, with 20."
    )
    figure.as_bundle({})


def test_the_table_has_limits_where_they_hold():
    figure = control_figure(*measured(made_series([*EVEN, 100, 140, 60, *[100] * 9])))
    titles = [heading.title for heading in figure.table.headings]
    assert titles == ["Month", "Offences", "Expected", "Lower limit", "Upper limit", "Outside"]
    assert figure.table.rows[0][3:] == ["[z]", "[z]", "[z]"]
    assert figure.table.rows[24][3:] == [70, 133, "no"]
    assert [row[5] for row in figure.table.rows[25:27]] == ["above", "below"]


def test_a_break_is_drawn_told_and_marked():
    figure = control_figure(*measured(made_series([*EVEN, *[100] * 30], breaks=[ANEW])))
    assert figure.table.rows[25][0] == "February 2010 [b]"
    assert (
        "An upright dashed line marks a break in the series. February 2010: Counted" in figure.note
    )
    rules = [each for each in figure.chart.to_dict()["layer"] if each["mark"]["type"] == "rule"]
    assert len(rules) == 1


def test_a_missing_month_is_marked_and_not_drawn():
    figure = control_figure(*measured(made_series([100.0, math.nan, 100])))
    assert [row[1] for row in figure.table.as_data()["rows"]] == [100, None, 100]
    assert "February 2008 | [x]" in figure.table.as_text()
    drawn = json.dumps(figure.chart.to_dict()["datasets"])
    assert "2008-01" in drawn
    assert "2008-02" not in drawn


def test_months_outside_have_a_shape_of_their_own():
    chart = control_figure(*measured(made_series([*EVEN, 100, 140, 60, *[100] * 9]))).chart
    marks = [layer["mark"] for layer in chart.to_dict()["layer"]]
    shapes = {mark["shape"]: mark["color"] for mark in marks if "shape" in mark}
    assert set(shapes) == {"triangle-up", "triangle-down"}
    assert not {"#12436D"} & set(shapes.values())


def test_findings_count_the_months_outside():
    series, chart = measured(made_series([*EVEN, 150, 140, 60, *[100] * 9]))
    above, below, trend = control_values(series, chart)
    assert (above.name, above.period, above.value) == ("months_above", "2010-12", 2)
    assert (below.name, below.value, below.unit) == ("months_below", 1, "of the latest 12 months")
    assert (trend.name, trend.value) == ("months_trend", control_sentence(series, chart))


def test_findings_without_limits_say_why():
    for each in control_values(*measured(made_series([100.0] * 11))):
        assert each.value is None
        assert each.missing == "A control chart needs 24 known months; 11 are known."


def test_the_season_is_told_with_counts_and_intervals():
    text = season_sentence(*profiled(made_series(YEAR[3:] + YEAR * 2 + YEAR[:3], first="2008-04")))
    # Three years; 1,200 a year, so an average month is 100.
    assert text.startswith("Over the 3 years 2008/09 to 2010/11, burglaries in Ashby were highest ")
    assert "in June (570 in all, +90.0% against an average month, 95% interval +" in text
    assert "and lowest in January (150 in all, −50.0% against an average month, 95%" in text
    assert (
        "more than chance explains. All boroughs together were highest in June (0.0% against"
        in text
    )


def test_a_season_that_can_be_chance_is_said_to():
    even = [10.0, 11, 12, 9, 10, 11, 10, 9, 12, 10, 11, 9]
    text = season_sentence(*profiled(made_series(even * 2, first="2008-04")))
    assert "no month of the year stood out for burglaries in Ashby. They were highest in" in text
    assert "which can be chance." in text


def test_one_year_alone_is_no_season():
    series, profile = profiled(made_series(YEAR[3:] + YEAR[:3], first="2008-04"))
    assert season_sentence(series, profile) == (
        "In 2008/09, burglaries in Ashby were highest in June (190) and lowest in January (50). "
        "One year alone cannot tell a season from chance."
    )
    figure = season_figure(series, profile)
    assert figure.heading == "Burglary: highest in June in 2008/09, one year only"
    assert [row[3] for row in figure.table.rows] == ["[x]"] * 12


def test_without_a_whole_year_the_season_is_not_available():
    _, profile = profiled(made_series([100.0] * 11))
    assert profile == Gap("A seasonal profile needs the twelve months of a whole financial year.")


def test_the_season_is_shown_from_april_to_march_beside_all_boroughs():
    figure = season_figure(*profiled(made_series(YEAR[3:] + YEAR * 2 + YEAR[:3], first="2008-04")))
    assert figure.heading == "Burglary: highest in June and lowest in January"
    assert [row[0] for row in figure.table.rows][::11] == ["April", "March"]
    assert figure.table.rows[2][:3] == ["June", 570, pytest.approx(0.9)]
    assert "Ashby" in json.dumps(figure.chart.to_dict())
    assert "All boroughs together" in json.dumps(figure.chart.to_dict())


def test_findings_on_the_season_give_the_extremes_with_intervals():
    high, low, text = season_values(
        *profiled(made_series(YEAR[3:] + YEAR * 2 + YEAR[:3], first="2008-04"))
    )
    assert high.value == pytest.approx(90)
    assert high.interval[0] < high.value < high.interval[1]
    assert low.unit == "% against an average month, January"
    assert (high.period, text.unit) == ("2008/09 to 2010/11", "text")


def test_every_real_figure_can_be_made_and_its_alternative_fits():
    """Making a figure refuses an alternative that is too short or too long."""
    assert len(real_bundles()) == 2 * len(MONTHLY) > 60
    for name, specification in real_bundles().items():
        about = specification["usermeta"]
        words = f"{about['heading']} {about['alternative']} {about['note']}".lower()
        assert "nan" not in words.split(), name
        assert "NaN" not in json.dumps(specification), name


def test_real_charts_hold_only_what_is_drawn_in_at_most_four_colours():
    for name, specification in real_bundles().items():
        text = json.dumps(specification["layer"]).lower()
        used = {each for each in PALETTE if each in text}
        assert 1 <= len(used) <= 4, name
        assert text.count('"#') == sum(text.count(f'"{each}"') for each in used), name
        for layer in specification["layer"]:
            drawn = {each["field"] for each in layer["encoding"].values() if "field" in each}
            rows = specification["datasets"][layer["data"]["name"]]
            assert {column for row in rows for column in row} <= drawn, name
