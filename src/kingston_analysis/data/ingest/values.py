"""Periods and numbers as publishers write them, in the one form that the tables have."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from kingston_analysis.data.tables import periods

# Day 1 of a spreadsheet's calendar is 1 January 1900, and it has a 29 February 1900 that never was.
_EXCEL_ZERO = date(1899, 12, 30)
_EXCEL = re.compile(r"[1-9]\d{4}(\.0+)?", re.ASCII)
_NAMES = {name[:3].lower(): at for at, name in enumerate(periods.MONTHS, start=1)}
_NAME = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_SEP = r"[\s/._'-]*"
_YEAR, _MONTH = r"(?P<year>(?:19|20)\d{2})", r"(?P<month>0?[1-9]|1[0-2])"
_TIME = r"(?:[t ]00:00(?::00(?:\.0+)?)?z?)?"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_MONTH_FORMS = [
    re.compile(each, re.IGNORECASE | re.ASCII)
    for each in (
        r"(?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])",
        rf"{_YEAR}[-/. ]{_MONTH}",
        rf"{_MONTH}[-/. ]{_YEAR}",
        rf"{_NAME}{_SEP}(?P<year>(?:19|20)\d{{2}}|\d{{2}})",
        rf"{_YEAR}{_SEP}{_NAME}",
    )
]
_DAY_FORMS = [
    re.compile(each, re.IGNORECASE | re.ASCII)
    for each in (
        rf"{_YEAR}[-/.]{_MONTH}[-/.]{_DAY}{_TIME}",
        rf"{_DAY}[-/.]{_MONTH}[-/.]{_YEAR}{_TIME}",
        rf"{_DAY}{_SEP}{_NAME}{_SEP}(?P<year>(?:19|20)\d{{2}}|\d{{2}})",
    )
]
_TWO_YEARS = re.compile(
    rf"(?:fy\s*)?{_YEAR}\s*[-/–]\s*(?P<next>\d{{2}}|\d{{4}})", re.IGNORECASE | re.ASCII
)
_ONE_YEAR = re.compile(rf"(?:mid[- ]?)?{_YEAR}(?:\.0)?", re.IGNORECASE | re.ASCII)
_QUARTER = re.compile(r"\bq[1-4]\b|\bquarter\b", re.IGNORECASE | re.ASCII)
_SPAN = re.compile(
    rf"{_NAME.replace('?P<name>', '?:')}.*(?:-|–|\bto\b).*[a-z]{{3}}|\bto\b",
    re.IGNORECASE | re.ASCII,
)


# What a period is called, to who reads of a wrong one.
KINDS: dict[periods.Kind, str] = {
    "financial_year": "financial year",
    "calendar_year": "year",
    "month": "month",
    "mid_year": "year",
    "year_ending": "day",
}


@cache
def period_of(text: str, kind: periods.Kind) -> str | None:
    """Write a publisher's period as the tables write it; None for what is no period of the kind.

    Days are read as day, month, year; five digits as a spreadsheet's count of days.
    """
    text = text.strip()
    if kind == "month":
        return _month(text)
    if kind == "financial_year":
        return _financial_year(text)
    if kind == "year_ending":
        day = _day(text)
        return day.isoformat() if day and _is_near(day.year) else None
    found = _ONE_YEAR.fullmatch(text)
    return found["year"] if found and _is_near(int(found["year"])) else None


def is_span(text: str, kind: periods.Kind) -> bool:
    """Tell whether a text names more than one period of the kind, as a quarter or *Jan to Mar*."""
    text = text.strip()
    if kind == "month":
        years = _TWO_YEARS.fullmatch(text) or _ONE_YEAR.fullmatch(text)
        return bool(years or _QUARTER.search(text) or _SPAN.search(text))
    return bool(re.search(r"\d{4}.*\bto\b.*\d{4}", text))


def _month(text: str) -> str | None:
    for form in _MONTH_FORMS:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            return _month_text(_full_year(parts["year"]), _number_of_month(parts))
    day = _day(text)
    return _month_text(day.year, day.month) if day else None


def _day(text: str) -> date | None:
    if _EXCEL.fullmatch(text):
        return _EXCEL_ZERO + timedelta(days=int(float(text)))
    for form in _DAY_FORMS:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            try:
                year = _full_year(parts["year"])
                return date(year, _number_of_month(parts), int(parts["day"]))
            except ValueError:
                return None
    return None


def _number_of_month(parts: dict[str, str]) -> int:
    return _NAMES[parts["name"].lower()] if parts.get("name") else int(parts["month"])


def _full_year(text: str) -> int:
    # Recorded figures of single months begin in this century or shortly before.
    return int(text) if len(text) == 4 else 2000 + int(text) - (100 if int(text) > 80 else 0)


def _month_text(year: int, month: int) -> str | None:
    return f"{year}-{month:02}" if _is_near(year) else None


def _is_near(year: int) -> bool:
    return periods.FIRST_YEAR <= year <= periods.LAST_YEAR


def _financial_year(text: str) -> str | None:
    found = _TWO_YEARS.fullmatch(text)
    if not found:
        return None
    year, following = int(found["year"]), int(found["next"]) % 100
    right = following == (year + 1) % 100 and found["next"] in (f"{following:02}", str(year + 1))
    return periods.at_position(year, "financial_year") if right and _is_near(year) else None


_POINT = re.compile(r"-?(?:[1-9]\d{0,2}(?:,\d{3})+|\d{1,15})(?:\.\d{1,15})?", re.ASCII)
_COMMA = re.compile(r"-?(?:[1-9]\d{0,2}(?:[. ]\d{3})+|\d{1,15})(?:,\d{1,15})?", re.ASCII)
_BLANKS = str.maketrans({"\xa0": "", "\u202f": "", " ": "", "−": "-"})


def read_number(text: str, decimal: str = ".") -> float | None:
    """Read a number with its thousands; None for what is no number written with that decimal."""
    text = text.strip().translate(_BLANKS)
    if not (_POINT if decimal == "." else _COMMA).fullmatch(text):
        return None
    plain = text.replace(",", "") if decimal == "." else text.replace(".", "").replace(",", ".")
    return float(plain)
