"""The strip of cards: latest figure, what it counts, direction, and what else it may mean."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from tables_fixture import made_indicator, made_people, made_table

from kingston_analysis.book.context import Card
from kingston_analysis.book.sparkline_cards import (
    HEIGHT,
    MARGIN,
    WIDTH,
    _points,
    sparkline_cards_html,
)
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.results import Finding, Findings, Gap
from kingston_analysis.views.findings import missing_values, series_values

CARD = Card("Burglary", "evidence/burglary.html", "burglary")
ROWS = [
    ("Ashby", "2005/06", 400.0),
    ("Ashby", "2006/07", 100.0),
    ("Burnham", "2006/07", 900.0),
    ("Colne", "2006/07", 80.0),
]


@cache
def series(polarity: str = "lower is better"):
    table = made_table(["area", "financial_year", "value"], ROWS)
    indicator = made_indicator().model_copy(update={"polarity": polarity})
    people = made_people({area: {2006: 10_000} for area in ("Ashby", "Burnham", "Colne")})
    return make_series(indicator, "Ashby", table, people, ["Ashby", "Burnham", "Colne"])


def values_of(polarity: str = "lower is better") -> list[Finding]:
    return list(series_values(series(polarity)))


def findings(values, polarity: str = "lower is better") -> Findings:
    about = {"what": "burglaries", "indicator": "burglary", "polarity": polarity}
    return Findings(replace(value, page="burglary", **about) for value in values)


def card(polarity: str = "lower is better") -> str:
    known = findings(values_of(polarity), polarity)
    return sparkline_cards_html([CARD], known, "../")


def test_a_card_gives_figure_what_it_counts_and_direction():
    text = card()
    for said in (
        '<a href="../evidence/burglary.html">Burglary</a>',
        '<p class="kb-card-number">100</p>',
        "burglaries in 2006/07",
        "Fell by 75.0% on the year before, more than chance explains",
    ):
        assert said in text


def test_a_card_without_a_figure_of_the_year_assessed_says_so_and_shows_no_older_one():
    gap = "no figure for 2007/08 is held; the newest held is of 2006/07."
    of_the_year = [
        replace(each, period="2007/08", value=None, missing=gap)
        for each in values_of()
        if each.period == "2006/07"
    ]
    text = sparkline_cards_html([CARD], findings([*values_of(), *of_the_year]), "")
    assert f"<strong>Not available</strong>: {gap}" in text
    assert "<svg" not in text
    assert "kb-card-number" not in text


@pytest.mark.parametrize(
    ("polarity", "note"),
    [
        ("more reporting is better", "Reporting may have changed"),
        ("neither", "This count follows what is reported and looked for"),
    ],
)
def test_a_card_of_a_fall_that_may_be_no_good_news_says_what_else_it_may_mean(polarity, note):
    assert note in card(polarity)
    assert note not in card()


def test_a_card_without_a_figure_says_why():
    gap = Gap("the first figures held are for January 2008.")
    missing = findings(missing_values(series(), gap))
    text = sparkline_cards_html([CARD], missing, "")
    assert "<strong>No figures yet</strong>: the first figures held are for January 2008." in text
    assert "<svg" not in text


def test_a_series_gives_its_ranks_from_both_ends():
    # 80 < 100 < 900, with 10,000 residents in each borough: the second of three, from either end.
    found = {each.name: each for each in values_of() if each.period == "2006/07"}
    ranks = ("rank_count", "rank_count_top", "rank_rate", "rank_rate_top")
    assert [found[name].value for name in ranks] == [2, 2, 2, 2]
    assert found["rank_count_top"].unit == "rank from the highest"


def test_a_headline_has_a_line_for_the_level_and_one_for_the_change():
    [text] = [each.value for each in values_of() if each.name == "headline"]
    level, change = text.splitlines()
    assert level.startswith("100 burglaries were recorded in Ashby in 2006/07")
    assert change.startswith("Burglaries fell by 75.0%")


@pytest.mark.parametrize(
    ("values", "points"),
    [
        # 120 wide and 36 high with a margin of 3: from 3 to 117, and from 33 at nought up to 3.
        ([0.0, 5.0, 10.0], [(3, 33), (60, 18), (117, 3)]),
        ([4.0, 8.0], [(3, 18), (117, 3)]),
        ([7.0], [(3, 3)]),
        # Where nothing happened the line lies on the ground.
        ([0.0, 0.0, 0.0], [(3, 33), (60, 33), (117, 33)]),
        ([0.5, 0.25], [(3, 3), (117, 18)]),
    ],
)
def test_a_sparkline_runs_from_edge_to_edge_and_from_nought_to_its_highest_value(values, points):
    assert (WIDTH, HEIGHT, MARGIN) == (120, 36, 3)
    assert [tuple(map(round, each)) for each in _points(values)] == points
