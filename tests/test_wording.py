"""Words for numbers, and the sentences that are made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables_fixture import made_indicator, made_people, made_table, real_series

from kingston_analysis.measures.changes import change
from kingston_analysis.measures.series import make_series
from kingston_analysis.show import sentences, wording


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (1, "lowest"),
        (2, "second lowest"),
        (4, "fourth lowest"),
        (9, "ninth lowest"),
        (10, "10th lowest"),
        (11, "11th lowest"),
        (12, "12th lowest"),
        (13, "13th lowest"),
        (21, "21st lowest"),
        (22, "22nd lowest"),
        (23, "23rd lowest"),
        (32, "32nd lowest"),
        (4.0, "fourth lowest"),
    ],
)
def test_a_rank_is_counted_from_the_lowest(place, words):
    assert wording.rank(place) == words


@pytest.mark.parametrize("hundred", [0, 100, 1000])
def test_eleventh_to_thirteenth_end_in_th_in_every_hundred(hundred):
    assert [wording.ordinal(hundred + n)[-2:] for n in (11, 12, 13, 21, 22, 23)] == [
        *("th", "th", "th"),
        *("st", "nd", "rd"),
    ]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (13105, "", "13,105"),
        (13105.0, "offences", "13,105"),
        (85.2818, "", "85.3"),
        (1234.56, "", "1,234.6"),
        (0, "", "0"),
        (3.0, "offences per 1,000 residents", "3.0"),
    ],
)
def test_a_number_is_whole_or_to_one_decimal_place(value, unit, text):
    assert wording.number(value, unit) == text


@given(st.integers(0, 10**12))
def test_a_whole_number_reads_back(value):
    text = wording.number(value)
    assert int(text.replace(",", "")) == value
    assert all(len(group) == 3 for group in text.split(",")[1:])


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(0.927, "−7.3%"), (1.125, "+12.5%"), (0.851, "−14.9%"), (2, "+100.0%")],
)
def test_a_ratio_is_a_signed_percentage_with_a_real_minus(ratio, text):
    assert wording.percent(ratio) == text


@pytest.mark.parametrize("ratio", [1, 0.99996, 1.00004])
def test_a_change_that_rounds_to_nothing_has_no_sign(ratio):
    assert wording.percent(ratio) == "0.0%"


@given(st.floats(0.001, 100))
def test_a_percentage_never_has_a_hyphen_for_a_minus(ratio):
    assert "-" not in wording.percent(ratio)


def test_a_share_has_one_decimal_place():
    assert wording.share(4_079 / 13_105) == "31.1%"


@pytest.mark.parametrize(
    ("verdict", "ratio", "words"),
    [
        ("fell", 0.927, "fell by 7.3%"),
        ("rose", 1.125, "rose by 12.5%"),
        ("no clear change", 0.99, "showed no clear change"),
        ("cannot be compared", None, "cannot be compared"),
    ],
)
def test_a_change_in_words(verdict, ratio, words):
    assert wording.change_in_words(verdict, ratio) == words


def test_an_interval_in_words_runs_from_low_to_high():
    assert wording.interval_in_words(0.882, 0.974) == "95% interval −11.8% to −2.6%"


def test_a_sentence_starts_large_and_leaves_abbreviations():
    assert wording.sentence_start("offences") == "Offences"
    assert wording.sentence_start("drugs and MPS flags") == "Drugs and MPS flags"


def series(rows, area="Ashby", breaks=None, rate=True):
    table = made_table(["area", "financial_year", "value"], rows, breaks=breaks)
    people = {2005: 40_000, 2006: 40_000}
    people_table = made_people({"Ashby": people, "Burnham": people, "Colne": people})
    boroughs = ["Ashby", "Burnham", "Colne"]
    return make_series(made_indicator(rate=rate), area, table, people_table, boroughs)


ROWS = [
    ("Ashby", "2005/06", 4000.0),
    ("Ashby", "2006/07", 1000.0),
    ("Burnham", "2006/07", 900.0),
    ("Colne", "2006/07", 5000.0),
]


def test_the_level_is_a_count_a_rate_and_a_rank_by_each():
    text = sentences.level(series(ROWS))
    assert "Ashby had 1,000 burglaries in 2006/07, 25.0 for every 1,000 residents." in text
    assert "second lowest count" in text
    assert "second lowest rate" in text
    assert "3 London boroughs" in text


def test_the_level_of_an_indicator_without_a_rate_gives_none():
    text = sentences.level(series(ROWS, rate=False))
    assert "1,000 burglaries in 2006/07." in text
    assert "residents" not in text
    assert "rate" not in text


def test_a_fall_is_said_with_both_counts_and_an_interval():
    text = sentences.changed(series(ROWS))
    assert text.startswith("Burglaries fell by 75.0%, from 4,000 in 2005/06 to 1,000 in 2006/07")
    assert "95% interval −" in text
    assert "more than chance explains" in text


def test_no_clear_change_says_what_would_have_been_noticed():
    text = sentences.changed(series([("Ashby", "2005/06", 400.0), ("Ashby", "2006/07", 398.0)]))
    noticeable = change(400, 398, phi=1).noticeable
    assert "no clear change" in text
    assert "can be chance" in text
    assert f"about {noticeable:.0%} to be noticed" in text


def test_a_refused_comparison_gives_both_counts_and_the_reason_and_no_percentage():
    breaks = [{"at": "2006/07", "what": "Counted anew.", "touches": "all", "effect": "refuse"}]
    text = sentences.changed(series(ROWS, breaks=breaks))
    assert "4,000 in 2005/06 and 1,000 in 2006/07 cannot be compared. Counted anew." in text
    assert "%" not in text


def test_a_labelled_break_is_told_beside_the_change():
    breaks = [{"at": "2006/07", "what": "Renamed.", "touches": "all", "effect": "label"}]
    text = sentences.changed(series(ROWS, breaks=breaks))
    assert "fell by 75.0%" in text
    assert text.endswith("Renamed.")


def test_without_a_year_before_no_change_is_said():
    text = sentences.changed(series([("Ashby", "2006/07", 400.0)]))
    assert text == "There is no figure for 2005/06, so no change can be given."


def test_the_headline_of_the_first_edition_stands_on_the_published_figures():
    violence = real_series("violence-against-the-person")
    change_2006 = violence.change("2006/07")
    assert change_2006.ratio == pytest.approx(3_003 / 3_240)
    assert wording.percent(change_2006.ratio) == "−7.3%"
