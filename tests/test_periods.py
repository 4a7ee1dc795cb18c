"""Periods as the tables write them: their order, their first and last day, their words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingston_analysis.data.tables import periods

KINDS = ["financial_year", "calendar_year", "mid_year", "month", "year_ending"]


@st.composite
def any_period(draw):
    """Draw a period of any kind from 1901 to 2098, with its kind."""
    kind = draw(st.sampled_from(KINDS))
    if kind == "month":
        number = draw(st.integers(1901 * 12, 2098 * 12))
    elif kind == "year_ending":
        number = draw(st.dates(date(1901, 1, 1), date(2098, 12, 31)).map(date.toordinal))
    else:
        number = draw(st.integers(1901, 2098))
    return periods.at_position(number, kind), kind


@pytest.mark.parametrize(
    ("period", "kind", "first", "last"),
    [
        ("2008/09", "financial_year", date(2008, 4, 1), date(2009, 3, 31)),
        ("1999/00", "financial_year", date(1999, 4, 1), date(2000, 3, 31)),
        ("2008", "calendar_year", date(2008, 1, 1), date(2008, 12, 31)),
        ("2008-02", "month", date(2008, 2, 1), date(2008, 2, 29)),
        ("2007-02", "month", date(2007, 2, 1), date(2007, 2, 28)),
        ("2008-12", "month", date(2008, 12, 1), date(2008, 12, 31)),
        ("2015-12-31", "year_ending", date(2015, 1, 1), date(2015, 12, 31)),
        ("2016-03-31", "year_ending", date(2015, 4, 1), date(2016, 3, 31)),
        ("2016-02-29", "year_ending", date(2015, 3, 1), date(2016, 2, 29)),
    ],
)
def test_a_period_runs_from_its_first_to_its_last_day(period, kind, first, last):
    assert (periods.starts(period, kind), periods.ends(period, kind)) == (first, last)


def test_a_mid_year_is_known_after_its_thirtieth_of_june():
    assert periods.ends(2008, "mid_year") == date(2008, 6, 30)


@pytest.mark.parametrize(
    ("period", "kind"),
    [
        ("2008/10", "financial_year"),
        ("2008/08", "financial_year"),
        ("2008-09", "financial_year"),
        ("08/09", "financial_year"),
        ("2008/09 ", "financial_year"),
        ("2008-13", "month"),
        ("2008-00", "month"),
        ("2008-9", "month"),
        ("2008/09", "calendar_year"),
        ("2008-02-30", "year_ending"),
        ("", "mid_year"),
    ],
)
def test_a_text_that_is_no_such_period_is_refused(period, kind):
    with pytest.raises(ValueError, match=r"is not a|day is out of range|day .* must be in range"):
        periods.ends(period, kind)


@given(any_period())
def test_a_position_leads_back_to_the_period(drawn):
    period, kind = drawn
    assert periods.at_position(periods.position(period, kind), kind) == period


@given(any_period(), st.integers(-30, 30))
def test_a_shift_there_and_back_ends_where_it_began(drawn, steps):
    period, kind = drawn
    there = periods.shifted(period, kind, steps)
    assert periods.shifted(there, kind, -steps) == period
    assert (periods.ends(there, kind) > periods.ends(period, kind)) == (steps > 0)


@given(any_period())
def test_a_period_begins_no_later_than_it_ends(drawn):
    period, kind = drawn
    assert periods.starts(period, kind) <= periods.ends(period, kind)


@given(any_period().filter(lambda drawn: drawn[1] not in ("mid_year", "year_ending")))
def test_the_next_period_begins_on_the_day_after_the_last_of_this_one(drawn):
    period, kind = drawn
    following = periods.shifted(period, kind, 1)
    assert periods.starts(following, kind) == periods.ends(period, kind) + timedelta(days=1)


@given(any_period().filter(lambda drawn: drawn[1] == "month"))
def test_a_month_lies_inside_its_financial_year(drawn):
    month = drawn[0]
    year = periods.financial_year_of(month)
    assert periods.starts(year, "financial_year") <= periods.starts(month, "month")
    assert periods.ends(month, "month") <= periods.ends(year, "financial_year")


@pytest.mark.parametrize(
    ("month", "year"), [("2008-03", "2007/08"), ("2008-04", "2008/09"), ("2000-01", "1999/00")]
)
def test_a_financial_year_turns_between_march_and_april(month, year):
    assert periods.financial_year_of(month) == year


@pytest.mark.parametrize(
    ("period", "kind"), [("2008/09", "financial_year"), ("2008", "calendar_year")]
)
def test_a_year_is_divided_by_the_population_of_the_mid_year_in_which_it_begins(period, kind):
    assert periods.mid_year_of(period, kind) == 2008


@pytest.mark.parametrize(
    ("period", "kind", "words"),
    [
        ("2008-09", "month", "September 2008"),
        ("2015-12-31", "year_ending", "the year to 31 December 2015"),
        ("2008/09", "financial_year", "2008/09"),
    ],
)
def test_a_period_in_words(period, kind, words):
    assert periods.in_words(period, kind) == words


def test_a_day_in_words_is_english_without_a_leading_zero():
    assert periods.day_in_words(date(2009, 1, 5)) == "5 January 2009"


@pytest.mark.parametrize(
    ("period", "kind", "year"),
    [
        ("2014/15", "financial_year", "2014/15"),
        ("2014", "calendar_year", "2014/15"),
        ("2014", "mid_year", "2014/15"),
        ("2015-03-31", "year_ending", "2014/15"),
        ("2014-12-31", "year_ending", "2014/15"),
        # Three months of 2014/15 and nine of the year before.
        ("2014-06-30", "year_ending", "2013/14"),
    ],
)
def test_a_yearly_period_answers_the_financial_year_with_which_it_shares_most(period, kind, year):
    assert periods.answered_year(period, kind) == year


@pytest.mark.parametrize("kind", ["financial_year", "calendar_year", "mid_year", "year_ending"])
@given(st.integers(1901, 2098))
def test_what_answers_a_year_answers_that_year(kind, first):
    year = periods.at_position(first, "financial_year")
    assert periods.answered_year(periods.answering(year, kind), kind) == year
