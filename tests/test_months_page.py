"""Months as readers meet them: which stand out, the chart, its table and the findings."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cache

import pytest
from monthly_fixture import made_months, months_of, seasons_of
from pages_fixture import answer_of
from tables_fixture import PROJECT, real_series

from kingston_analysis.analyses.months import months
from kingston_analysis.data.topics import load_topics
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.seasons import estimate_seasons
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Gap
from kingston_analysis.show.answer import Unanswered
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.mimes import FIGURE

PALETTE = {"#12436d", "#28a197", "#801650", "#f46a25", "#3d3d3d", "#a285d1"}
ANEW = {"at": "2010-02", "what": "Counted anew.", "touches": "all", "effect": "refuse"}
EVEN, LARGE = [100.0] * 24, [1_000.0] * 36
MONTHLY = [
    (topic.id, number)
    for topic in load_topics(PROJECT).values()
    for number, indicator in enumerate(topic.indicators)
    if indicator.table == "recorded_crime_month_2008_2016"
]


def said(values: list[float], **more) -> str:
    return months_of(made_months(values, **more)).words


def figure_of(series: Series) -> Figure:
    [figure] = months_of(series).figures
    return figure


@cache
def real_bundles() -> dict[str, dict]:
    """Return the specification of every real indicator's two figures, known to December 2015."""
    made = {}
    for topic, number in MONTHLY:
        found = real_series(topic, number)
        known = found.all_months[found.all_months["period"] <= "2015-12"]
        series = replace(found, all_months=known)
        season = estimate_seasons(known, [month for month, _, _ in series.month_breaks()])
        figures = [*months_of(series, season).figures, *seasons_of(series).figures]
        made |= {f"{topic} {each.id}": each.as_bundle({})[FIGURE] for each in figures}
    return made


def test_a_month_above_is_told_with_its_count_and_limits():
    text = said([*LARGE, 1_000, 1_400, *[1_000] * 10], first="2007-01")
    assert text.startswith(
        "Burglaries in Ashby were above what chance and the season explain in 1 of the 12 months "
        "to December 2010: February 2010 (1,400; limits "
    )
    assert "What is expected goes by the level and trend of the 36 months before." in text


def test_months_in_a_row_are_told_together_and_sides_apart():
    text = said([*LARGE, 1_500, 1_600, 1_000, 600, *[1_000] * 8], first="2007-01")
    assert (
        "in 2 of the 12 months to December 2010: January 2010 to February 2010 (3,100 in all; "
        "2,000 expected)" in text
    )
    assert "below what chance and the season explain in 1 of the 12 months" in text


def test_where_no_month_stands_out_it_is_told_how_often_a_step_would():
    text = said([*LARGE, *[1_000] * 12], first="2007-01")
    assert text.startswith(
        "No single month of the 12 to December 2010 stood out: each count of burglaries in Ashby "
        "lay within what chance and the season explain. A lasting change of 20% would "
        "have shown in "
    )
    assert text.strip().endswith("by the level and trend of the 36 months before.")


def test_where_months_cannot_be_judged_the_verdict_on_the_year_stands():
    answer = months_of(made_months([20.0] * 48, first="2007-04"))
    [few] = answer.gaps
    assert few.gap.why.startswith("At about 20 a month, months cannot be judged one by one:")
    assert answer.words == (
        "Twelve months together tell more than one alone: the verdict on 2010/11 as a whole stands."
    )
    assert all(each.missing == few.gap.why for each in answer.findings)
    [figure] = answer.figures
    assert figure.heading == "Burglary, by month: 20 a month"
    assert [heading.title for heading in figure.table.headings] == ["Month", "Offences"]
    shapes = [layer["mark"].get("shape") for layer in figure.chart.to_dict()["layer"]]
    assert not any(shapes)
    assert figure.note == ""


def test_a_year_that_fell_with_the_trend_keeps_its_verdict_beside_its_months():
    # A fifth less every year, within each as in the last: no month is off its trend.
    falling = [float(round(1_000 * 0.8 ** (month / 12))) for month in range(48)]
    text = said(falling, first="2007-04")
    assert text.startswith("No single month of the 12 to March 2011 stood out")
    assert text.endswith(
        "Twelve months together tell more than one alone: the verdict on 2010/11 as a whole stands."
    )


def test_months_above_their_trend_do_not_deny_that_the_year_fell():
    falling = [float(round(1_000 * 0.8 ** (month / 12))) for month in range(48)]
    falling[-1] += 300
    text = said(falling, first="2007-04")
    assert "above what chance and the season explain in 1 of the 12 months" in text
    assert text.endswith(
        "Months are held against the trend before them, a year against the year before: the "
        "verdict on 2010/11 as a whole stands."
    )


def test_months_without_a_full_year_say_nothing_of_one():
    # Three years that begin in October hold two full financial years; with a gap in each, none.
    values = [1_000.0] * 4 + [math.nan] + [1_000.0] * 11
    answer = months_of(made_months(values, first="2008-04"))
    assert answer.words == ""
    assert len(answer.gaps) == 1


def test_a_rise_that_is_neither_good_nor_bad_says_what_else_it_may_mean():
    text = said(
        [*LARGE, 1_400, *[1_000] * 11], polarity="more reporting is better", first="2007-01"
    )
    assert "Reporting may have changed" in text


def test_without_limits_the_chart_says_why():
    [few] = months_of(made_months([100.0] * 11)).gaps
    assert few.gap == Gap("A control chart needs 36 known months; 11 are known.")
    [broken] = months_of(made_months([*EVEN, *[100] * 12], breaks=[ANEW])).gaps
    assert broken.gap.why.endswith("11 are known since the break in February 2010.")


def test_noughts_have_a_reason_and_no_numbers():
    answer = months_of(made_months([0.0] * 24 + [30.0] * 12))
    [nothing] = answer.gaps
    assert nothing.gap.why.startswith("No offences were counted in the months on which")
    assert all(each.value is None for each in answer.findings)


def test_the_heading_says_how_many_months_are_outside():
    def heading(year):
        return figure_of(made_months([*LARGE, *year], first="2007-01")).heading

    start, explained = "Burglary, by month:", "what chance and the season explain"
    quiet = [1_000.0] * 12
    assert heading(quiet) == f"{start} no single month of the latest 12 stood out"
    assert heading([1_400.0, *quiet[1:]]) == f"{start} 1 of the latest 12 above {explained}"
    assert heading([600.0, *quiet[1:]]) == f"{start} 1 of the latest 12 below {explained}"
    assert heading([600.0, 1_400, *quiet[2:]]) == (
        f"{start} 1 of the latest 12 above and 1 below {explained}"
    )


def test_the_alternative_says_the_same_as_the_heading():
    text = figure_of(
        made_months([*LARGE, 600.0, 1_400, *[1_000.0] * 10], first="2007-01")
    ).alternative
    assert text.endswith("Latest 12: 1 above, 1 below what chance and the season explain.")


def test_without_limits_the_figure_shows_the_months_and_calls_none_the_highest():
    figure = figure_of(made_months([20.0, 37, 20, 19]))
    assert figure.heading == "Burglary, by month: 19 to 37 a month"
    assert figure.alternative == (
        "Line chart of burglaries by month, 20 in January 2008 to 19 in April 2008; 19 to 37 a "
        "month."
    )
    assert figure.table.rows[1] == ["February 2008", 37]
    assert figure.note == ""
    assert (figure.id, figure.tables) == ("burglary-months", ("made_up",))


def test_one_month_alone_can_be_shown():
    figure = figure_of(made_months([20.0]))
    assert (
        figure.alternative
        == "Line chart of burglaries by month: one month only, January 2008, with 20."
    )
    figure.as_bundle({})


def test_the_table_has_limits_where_they_hold():
    figure = figure_of(made_months([*LARGE, 1_000, 1_400, 600, *[1_000] * 9], first="2007-01"))
    titles = [heading.title for heading in figure.table.headings]
    assert titles == ["Month", "Offences", "Expected", "Lower limit", "Upper limit", "Outside"]
    assert figure.table.rows[0][3:] == ["[z]", "[z]", "[z]"]
    assert figure.table.rows[36][5] == "no"
    assert figure.table.rows[36][3] < 1_000 < figure.table.rows[36][4]
    assert [row[5] for row in figure.table.rows[37:39]] == ["above", "below"]


def test_a_break_is_drawn_told_and_marked():
    figure = figure_of(made_months([*EVEN, *[100] * 40], breaks=[ANEW]))
    assert figure.table.rows[25][0] == "February 2010 [b]"
    assert (
        "An upright dashed line marks a break in the series. February 2010: Counted" in figure.note
    )
    rules = [each for each in figure.chart.to_dict()["layer"] if each["mark"]["type"] == "rule"]
    assert len(rules) == 1


def test_a_missing_month_is_marked_and_not_drawn():
    figure = figure_of(made_months([100.0, math.nan, 100]))
    assert [row[1] for row in figure.table.as_data()["rows"]] == [100, None, 100]
    assert "February 2008 | [x]" in figure.table.as_text()
    drawn = json.dumps(figure.chart.to_dict()["datasets"])
    assert "2008-01" in drawn
    assert "2008-02" not in drawn


def test_months_outside_have_a_shape_of_their_own():
    chart = figure_of(made_months([*LARGE, 1_000, 1_400, 600, *[1_000] * 9], first="2007-01")).chart
    marks = [layer["mark"] for layer in chart.to_dict()["layer"]]
    shapes = {mark["shape"]: mark["color"] for mark in marks if "shape" in mark}
    assert set(shapes) == {"triangle-up", "triangle-down"}
    assert not {"#12436D"} & set(shapes.values())


def test_findings_count_the_months_outside():
    answer = months_of(made_months([*LARGE, 1_500, 1_400, 600, *[1_000] * 9], first="2007-01"))
    above, below, trend = answer.findings
    assert (above.name, above.period, above.value) == ("months_above", "2010-12", 2)
    assert (below.name, below.value, below.unit) == ("months_below", 1, "of the latest 12 months")
    assert (trend.name, trend.value) == ("months_trend", answer.words)


def test_findings_without_limits_say_why():
    for each in months_of(made_months([100.0] * 11)).findings:
        assert each.value is None
        assert each.missing == "A control chart needs 36 known months; 11 are known."


def test_as_many_years_are_shown_as_are_asked_for():
    series = made_months([1_000.0] * 64, breaks=[ANEW])
    answer = months_of(series, years=2)
    assert [row[0] for row in answer.figures[0].table.rows][::23] == ["May 2011", "April 2013"]
    assert answer.figures[0].period == "May 2011 to April 2013"
    # The break of February 2010 is no longer shown; what is said and published stays.
    assert answer.figures[0].note.startswith("The thin line")
    assert "break" not in answer.figures[0].note
    assert (answer.words, answer.findings) == (months_of(series).words, months_of(series).findings)


def test_the_years_shown_end_with_the_last_month_known():
    figure = months_of(made_months([*EVEN, 100, *[math.nan] * 12]), years=1).figures[0]
    assert figure.period == "February 2009 to January 2010"


def test_less_than_a_year_is_not_shown():
    with pytest.raises(KingstonError, match="Months of 0 years cannot be shown"):
        months_of(made_months(EVEN), years=0)


def test_few_months_are_not_shown_and_the_reason_is_given():
    few = Gap("There are too few.")
    series = made_months(EVEN)
    answer = answer_of(months, primary=series, monthly=[], no_months=few)
    assert answer.gaps == [Unanswered("Months that stand out from chance", few)]
    assert not answer.figures


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
