"""Periods as the tables write them: 2008/09, 2008, 2008-09, 2008-12-31; order, start and end."""

from __future__ import annotations

import calendar
import re
from contextlib import suppress
from datetime import date, timedelta
from functools import cache
from typing import Literal, get_args

Kind = Literal["financial_year", "calendar_year", "month", "mid_year", "year_ending"]

# In English whatever the locale of the machine.
# fmt: off
Month = Literal[
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]
# fmt: on
MONTHS: tuple[str, ...] = get_args(Month)
# Whatever a book is about lies between these years.
FIRST_YEAR, LAST_YEAR = 1850, 2150
_YEARS = {"financial_year", "calendar_year", "mid_year"}
_SHAPES: dict[Kind, re.Pattern[str]] = {
    "financial_year": re.compile(r"([0-9]{4})/([0-9]{2})"),
    "calendar_year": re.compile(r"([0-9]{4})"),
    "mid_year": re.compile(r"([0-9]{4})"),
    "month": re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])"),
    "year_ending": re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"),
}


def kinds_of(period: str | int) -> list[Kind]:
    """List the kinds of period that a text may be: 2008 is a calendar year or a mid-year."""
    found: list[Kind] = []
    for kind in _SHAPES:
        with suppress(ValueError):
            ends(period, kind)
            found.append(kind)
    return found


@cache
def parts(period: str | int, kind: Kind) -> tuple[int, ...]:
    """Take a period apart into its numbers; raise ValueError where it is none of its kind."""
    match = _SHAPES[kind].fullmatch(str(period))
    if match is None:
        raise ValueError(f"'{period}' is not a {kind.replace('_', ' ')}")
    numbers = tuple(int(number) for number in match.groups())
    if not FIRST_YEAR <= numbers[0] <= LAST_YEAR:
        raise ValueError(f"'{period}' is not of a year from {FIRST_YEAR} to {LAST_YEAR}")
    if kind == "year_ending":
        # A day that is none.
        date(*numbers)
    if kind == "financial_year" and (numbers[0] + 1) % 100 != numbers[1]:
        raise ValueError(
            f"'{period}' is not a financial year: the second year must follow the first"
        )
    return numbers


def ends(period: str | int, kind: Kind) -> date:
    """Return the last day of a period; for a mid-year, the day to which the estimate refers."""
    numbers = parts(period, kind)
    if kind == "month":
        year, month = numbers
        return date(year, month, calendar.monthrange(year, month)[1])
    if kind == "year_ending":
        return date(*numbers)
    year = numbers[0]
    return {
        "financial_year": date(year + 1, 3, 31),
        "calendar_year": date(year, 12, 31),
        "mid_year": date(year, 6, 30),
    }[kind]


def starts(period: str | int, kind: Kind) -> date:
    """Return the first day of a period."""
    numbers = parts(period, kind)
    if kind == "month":
        return date(numbers[0], numbers[1], 1)
    if kind == "year_ending":
        year, month, day = numbers[0] - 1, numbers[1], numbers[2]
        # The year before a leap year's 29 February ended on the 28th.
        return date(year, month, min(day, calendar.monthrange(year, month)[1])) + timedelta(days=1)
    return date(numbers[0], 4 if kind == "financial_year" else 1, 1)


def position(period: str | int, kind: Kind) -> int:
    """Count the periods of a kind, so that neighbours differ by one (a year ending: by days)."""
    numbers = parts(period, kind)
    if kind in _YEARS:
        return numbers[0]
    return numbers[0] * 12 + numbers[1] - 1 if kind == "month" else date(*numbers).toordinal()


def at_position(number: int, kind: Kind) -> str:
    """Write the period of a kind that stands at a position."""
    if kind == "financial_year":
        return f"{number}/{(number + 1) % 100:02}"
    if kind == "month":
        return f"{number // 12}-{number % 12 + 1:02}"
    return date.fromordinal(number).isoformat() if kind == "year_ending" else str(number)


def shifted(period: str, kind: Kind, steps: int) -> str:
    """Return the period so many steps later (or, negative, earlier)."""
    return at_position(position(period, kind) + steps, kind)


def holding(day: date, kind: Kind) -> str:
    """Return the period of a kind in which a day lies; of year endings, that which ends on it."""
    if kind == "year_ending":
        return day.isoformat()
    month = f"{day.year}-{day.month:02}"
    if kind == "financial_year":
        return financial_year_of(month)
    return month if kind == "month" else str(day.year)


@cache
def financial_year_of(month: str) -> str:
    """Return the financial year, April to March, in which a month lies."""
    year, number = parts(month, "month")
    return at_position(year - (number < 4), "financial_year")


def answered_year(period: str, kind: Kind) -> str:
    """Return the financial year that a yearly period answers: the one in which its middle lies.

    A calendar year answers the one with which it shares nine months: 2014 answers 2014/15.
    """
    last = ends(period, kind)
    return holding(last - (last - starts(period, kind)) / 2, "financial_year")


def answering(year: str, kind: Kind) -> str:
    """Return the yearly period of a kind that answers a financial year; see `answered_year`."""
    last = ends(year, "financial_year")
    return last.isoformat() if kind == "year_ending" else holding(date(last.year - 1, 9, 30), kind)


def mid_year_of(period: str, kind: Kind) -> int:
    """Return the mid-year whose population divides a yearly count: y for both y/y+1 and y."""
    return parts(period, kind)[0]


def in_words(period: str, kind: Kind) -> str:
    """Write a period as a sentence needs it: September 2008, the year to 31 December 2015."""
    if kind == "month":
        year, number = parts(period, kind)
        return f"{MONTHS[number - 1]} {year}"
    return f"the year to {day_in_words(ends(period, kind))}" if kind == "year_ending" else period


def day_in_words(day: date) -> str:
    """Write a day as 15 January 2009."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
