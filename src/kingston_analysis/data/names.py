"""Names by which files refer to things, which become paths and are none; years and days."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from kingston_analysis.data.tables.periods import FIRST_YEAR, LAST_YEAR


@dataclass(frozen=True)
class Mark:
    """Says of the text of a field that it is no prose that words alone could make false."""

    why: str


# Every text is taken for prose unless its type says otherwise, so that a new one is guarded too.
NOT_PROSE = Mark("an id, a path, a period, or a value that tables hold")
TESTED = Mark("the sentence of a test, which judges it")
Key = Annotated[str, StringConstraints(min_length=1), NOT_PROSE]

# With a suffix such a name is a file's name in every file system, and a part of an address.
LONGEST_NAME = 80
_NAME, _TABLE = r"^[a-z0-9]+(-[a-z0-9]+)*$", r"^[a-z0-9]+(_[a-z0-9]+)*$"
_PAGE = r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*){0,4}$"
# By its pattern, what a name must be, for who wrote another.
FORMS = {
    _NAME: "a name has small letters and digits, with single hyphens between them",
    _TABLE: "a table's name has small letters and digits, with single underscores between them",
    _PAGE: "a page is named by its folders and its name, each of small letters, digits and hyphens",
}
Identifier = Annotated[str, Field(pattern=_NAME, max_length=LONGEST_NAME), NOT_PROSE]
TableName = Annotated[str, Field(pattern=_TABLE, max_length=LONGEST_NAME), NOT_PROSE]
# A page from the root of its book.
PagePath = Annotated[str, Field(pattern=_PAGE, max_length=3 * LONGEST_NAME), NOT_PROSE]


def _is_written(value: object) -> object:
    """Refuse a number, which would be taken for the seconds since 1970."""
    if not isinstance(value, str | date):
        raise ValueError("no day; write it as 2008-04-01")
    return value


def _is_near(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"'{day}' is not of a year from {FIRST_YEAR} to {LAST_YEAR}")
    return day


Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Day = Annotated[date, BeforeValidator(_is_written), AfterValidator(_is_near)]


def slug(name: str) -> str:
    """Write a name as part of a path: Kingston upon Thames becomes kingston-upon-thames.

    Accents are left out; of what has no plain letter, nothing is left.
    """
    return re.sub(r"[^a-z0-9]+", "-", _plain(name).lower()).strip("-")


def letters_lost(name: str) -> str:
    """Return the letters and digits of a name that no address can carry."""
    return "".join(each for each in _plain(name) if each.isalnum() and not each.isascii())


def _plain(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name)
    return "".join(each for each in parts if not unicodedata.combining(each))
