"""Demonstration values are marked at every place of a book that prints a score, rank or first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from findings_fixture import published
from system_project import AREA, Copy
from test_build import words

from kingston_analysis.book.roles import FindingRole
from kingston_analysis.results import Findings

# Words of a sentence that says which areas come first, or where one ranks (not from the lowest, as
# boroughs do); the headers of a table.
PRINTS = re.compile(r"\bfirst (seven|place)\b|\branked areas\b|\brank \d+(?!\d* from the)")
HEADERS = re.compile(r"Rank|Score|(Lower|Higher) total of 100|Score out of 100")
MARKED = re.compile(r"\[d\]|demonstration value")
# What no judgement stands behind.
BY_FIGURES = re.compile(r"by figures alone|computed headings alone|Where the computed scores come")
# A row without a score or rank.
NOTHING = re.compile(r"\[x\]|not ranked|none")

PLACES = {
    "2008": {"about/how-to-read", "evidence/matrix", "plans/2008-11/golden-thread", "weighing"},
    "2016": {"about/how-to-read", "evidence/matrix", "weighing"},
}


def printed_in(page: Path) -> Iterator[str]:
    """Give each sentence, and each row of a table, that prints a score, a rank or the first."""
    text = BeautifulSoup(page.read_bytes(), "html.parser").find("article")
    if not isinstance(text, Tag):
        return
    for block in text.select("p, li, figcaption, caption, h1, h2, h3, h4"):
        said = words(block)
        if PRINTS.search(said) and not BY_FIGURES.search(said):
            yield said
    for table in text.select("table"):
        yield from rows_in(table)


def rows_in(table: Tag) -> Iterator[str]:
    """Give the rows of a table that print a score or a rank by scores."""
    heads = [words(each) for each in table.select("thead th")]
    columns = [place for place, head in enumerate(heads) if HEADERS.fullmatch(head)]
    if not columns or BY_FIGURES.search(words(table.caption) if table.caption else ""):
        return
    for row in table.select("tbody tr"):
        cells = [words(cell) for cell in row.find_all(["th", "td"])]
        if any(not NOTHING.fullmatch(cells[place]) for place in columns):
            yield words(row)


@pytest.mark.parametrize("year", PLACES)
def test_every_place_that_prints_a_score_rank_or_first_marks_demonstration_values(
    year: str, request: pytest.FixtureRequest
) -> None:
    site: Copy = request.getfixturevalue("plan_site" if year == "2008" else "small_site")
    book = site.site / AREA / year
    found = {}
    for page in sorted(book.rglob("*.html")):
        if said := list(printed_in(page)):
            found[page.relative_to(book).with_suffix("").as_posix()] = said
    unmarked = [(name, each) for name, said in found.items() for each in said]
    assert [each for each in unmarked if not MARKED.search(each[1])] == []
    # A new place belongs on this list once it is marked.
    assert set(found) == PLACES[year]


@pytest.mark.parametrize(
    ("what", "text"),
    [("rests partly on demonstration values", "3 [d]"), ("PESTELO, judged", "3"), ("", "3")],
)
def test_a_finding_that_rests_on_demonstration_values_is_marked_in_any_sentence(
    what: str, text: str
) -> None:
    class WithFindings(FindingRole):
        findings = Findings([published("matrix", "robbery.rank", "2008/09", 3, what=what)])
        name, text, rawtext = "number", "matrix.robbery.rank", ""

    [shown], faults = WithFindings().run()
    assert (shown.astext(), faults) == (text, [])
