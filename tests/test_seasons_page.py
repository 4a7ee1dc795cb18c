"""Seasons as readers meet them: sentence, figure and findings."""

from __future__ import annotations

import json

import pytest
from monthly_fixture import made_months, seasons_of

from kingston_analysis.errors import KingstonError
from kingston_analysis.results import Gap

# January to December: a clear peak in June, clearly few in January.
YEAR = [50.0, 80, 100, 100, 100, 190, 100, 100, 100, 100, 90, 90]
# From April to March, three years.
THREE_YEARS = YEAR[3:] + YEAR * 2 + YEAR[:3]


def test_the_season_is_told_with_counts_and_intervals():
    text = seasons_of(made_months(THREE_YEARS, first="2008-04")).words
    # Three years; 1,200 a year, so an average month is 100.
    assert text.startswith("Over the three years 2008/09 to 2010/11, burglaries in Ashby were ")
    assert "in June (570 in all, +90.0% against an average month, 99.5% interval +" in text
    assert "and lowest in January (150 in all, −50.0% against an average month, 99.5%" in text
    assert (
        "more than chance explains. In all boroughs together, burglaries were highest in " in text
    )


def test_a_season_that_can_be_chance_is_said_to():
    even = [10.0, 11, 12, 9, 10, 11, 10, 9, 12, 10, 11, 9]
    text = seasons_of(made_months(even * 2, first="2008-04")).words
    assert "no month of the year stood out for burglaries in Ashby. They were highest in" in text
    assert "which can be chance." in text


def test_one_year_alone_is_no_season():
    answer = seasons_of(made_months(YEAR[3:] + YEAR[:3], first="2008-04"))
    assert answer.words == (
        "In 2008/09, burglaries in Ashby were highest in June (190) and lowest in January (50). "
        "One year alone cannot tell a season from chance."
    )
    [figure] = answer.figures
    assert figure.heading == "Burglary: 2008/09 alone cannot tell a season from chance"
    assert [row[3] for row in figure.table.rows] == ["[x]"] * 12


def test_months_with_the_same_count_are_named_together():
    even = [10.0, 11, 12, 9, 10, 11, 10, 9, 12, 10, 11, 9]
    # From April: 12 in June and December; 9 in July, November and March.
    answer = seasons_of(made_months(even, first="2008-04"))
    assert answer.words.startswith(
        "In 2008/09, burglaries in Ashby were highest in June and December (12 each), and lowest "
        "in March, July and November (9 each). One year alone"
    )


def test_months_that_noise_cannot_tell_apart_are_named_together():
    """Over three years November has 3 · 194 = 582 and June 3 · 190 = 570.

    The 12 between them are less than 1.96 √(582 + 570) = 67.
    """
    near = [*YEAR[:10], 194.0, 90]
    answer = seasons_of(made_months(near[3:] + near * 2 + near[:3], first="2008-04"))
    assert "burglaries in Ashby were highest in November (582 in all, " in answer.words
    told = (
        "explains. The counts vary too much by chance to tell November from June (570). In all "
        "boroughs"
    )
    assert told in answer.words
    [figure] = answer.figures
    assert figure.heading == "Burglary: highest in November and June, and lowest in January"
    assert figure.alternative.count("highest November and June, +") == 1
    assert figure.note.endswith("where chance can explain the difference between them.")


def test_many_months_alike_are_counted():
    high = [50.0, 50, 50, 50, 50, 50, 100, 101, 102, 103, 104, 105]
    answer = seasons_of(made_months(high * 3, first="2008-04"))
    assert (
        "The counts vary too much by chance to tell March from five other months." in answer.words
    )
    assert answer.figures[0].heading.startswith("Burglary: highest in March and five months like")


def test_without_a_whole_year_the_season_is_not_available():
    [missing] = seasons_of(made_months([100.0] * 11)).gaps
    assert missing.gap == Gap(
        "A seasonal profile needs the twelve months of a whole financial year."
    )


def test_the_season_is_shown_from_april_to_march_beside_all_boroughs():
    [figure] = seasons_of(made_months(THREE_YEARS, first="2008-04")).figures
    assert figure.heading == "Burglary: highest in June and lowest in January"
    assert [row[0] for row in figure.table.rows][::11] == ["April", "March"]
    assert figure.table.rows[2][:3] == ["June", 570, pytest.approx(0.9)]
    assert "Ashby" in json.dumps(figure.chart.to_dict())
    assert "All boroughs together" in json.dumps(figure.chart.to_dict())


def test_findings_on_the_season_give_the_extremes_with_intervals():
    high, low, text = seasons_of(made_months(THREE_YEARS, first="2008-04")).findings
    assert high.value == pytest.approx(90)
    assert high.interval[0] < high.value < high.interval[1]
    assert low.unit == "% against an average month, January"
    assert (high.period, text.unit) == ("2008/09 to 2010/11", "text")


def test_a_higher_level_widens_the_intervals_and_publishes_nothing():
    series = made_months(THREE_YEARS, first="2008-04")
    usual, sure = seasons_of(series), seasons_of(series, level=0.999)
    own, wider = (each.frame[each.frame["who"] == "Ashby"] for each in (usual, sure))
    assert (wider["low"] < own["low"]).all()
    assert (wider["high"] > own["high"]).all()
    assert wider["difference"].equals(own["difference"])
    assert "99.9% interval" in sure.words
    assert "99.5% interval" not in sure.words
    assert sure.figures[0].table.headings[3].title == "99.9% interval"
    assert (len(usual.findings), sure.findings) == (3, [])


def test_a_level_that_is_none_is_refused():
    with pytest.raises(KingstonError, match="lies between 0 and 1"):
        seasons_of(made_months(THREE_YEARS, first="2008-04"), level=95)
