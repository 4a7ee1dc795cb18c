"""One verdict: a change is called what its interval says, on every page and in every book."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from findings_fixture import published

from kingston_analysis.book.one_verdict import books_problems, verdict_problems, words_problems
from kingston_analysis.results import Finding, Findings, as_json

CHANGE = replace(
    published("robbery", "change", "2006/07", -8.0, "% on the year before"),
    what="robberies",
    indicator="offences",
    interval=(-20.0, 5.0),
    verdict="no clear change",
)
COUNTS = [published("robbery", "count", *of) for of in (("2005/06", 50), ("2006/07", 46))]


@pytest.mark.parametrize(
    ("verdict", "interval", "agree"),
    [
        ("rose", (1.0, 9.0), True),
        ("rose", (0.0, 9.0), False),
        ("rose", (-9.0, -1.0), False),
        ("fell", (-9.0, -1.0), True),
        ("fell", (-9.0, 0.0), False),
        ("no clear change", (-9.0, 0.0), True),
        ("no clear change", (0.0, 9.0), True),
        ("no clear change", (1.0, 9.0), False),
        ("no clear trend", (-9.0, -1.0), False),
        # Neither is read off whether the interval holds zero.
        ("unusual", (1.0, 9.0), True),
        ("rose", None, True),
    ],
)
def test_a_verdict_is_read_off_its_own_interval(verdict, interval, agree):
    found = Findings([replace(CHANGE, verdict=verdict, interval=interval)])
    problems = [each.what for each in verdict_problems(found, Path("findings.json"))]
    assert (problems == []) is agree


def test_a_verdict_that_its_interval_denies_is_told_with_both():
    found = Findings([replace(CHANGE, verdict="fell")])
    [problem] = verdict_problems(found, Path("findings.json"))
    assert problem.what == (
        "'robbery.change' of 2006/07 is called 'fell', and its interval is -20 to 5."
    )


def denials(text: str, *findings: Finding) -> list[str]:
    return list(words_problems(Findings(findings), {"robbery": text}))


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Robberies fell by 8.0%, from 50 to 46.", "fell by 8.0%"),
        ("Robberies rose by 8.0%.", "rose by 8.0%"),
        # 50 - 46
        ("Robberies fell by 4, from 50 in 2005/06 to 46.", "fell by 4, from 50"),
        ("Robberies showed no clear change, from 50 to 46 (−8.0%).", None),
        # Another number of the same beginning, and a trend of the same size.
        ("Robberies fell by 4, from 500 to 496.", None),
        ("From 2003/04 on they fell by 8.0% a year on average.", None),
        ("Burglaries fell by 8.1%. Thefts fell by 5, from 50 to 45.", None),
    ],
)
def test_no_page_words_a_change_that_chance_can_explain_as_a_rise_or_fall(text, denied):
    said = [f"robberies in 2006/07: no clear change, yet the page says '{denied}'."]
    assert denials(text, *COUNTS, CHANGE) == (said if denied else [])


def test_a_clear_fall_and_a_change_of_a_page_that_is_not_there_are_not_denied():
    assert denials("Robberies fell by 8.0%.", *COUNTS, replace(CHANGE, verdict="fell")) == []
    assert denials("Burglaries fell by 8.0%.", replace(CHANGE, page="burglary")) == []


def test_where_the_year_before_was_withheld_a_change_is_known_by_its_percentage():
    withheld = [replace(COUNTS[0], value=None), COUNTS[1]]
    assert denials("Robberies fell by 4, from 50 to 46.", *withheld, CHANGE) == []
    assert len(denials("Robberies fell by 8.0%.", *withheld, CHANGE)) == 1


def test_where_the_percentage_is_missing_a_change_is_known_by_its_counts():
    missing = replace(CHANGE, value=None, interval=None)
    assert denials("Robberies fell by 8.0%.", *COUNTS, missing) == []
    assert len(denials("Robberies fell by 4, from 50 to 46.", *COUNTS, missing)) == 1


def test_the_first_year_has_none_before_it_to_be_compared_with():
    # The last year known is not the one before the first.
    first = replace(CHANGE, period="2005/06")
    assert denials("Robberies rose by 4, from 46 to 50.", *COUNTS, first) == []


def write_books(site: Path, **books: list[Finding]) -> None:
    for name, findings in books.items():
        area, edition = name.split("_")
        (site / area / edition).mkdir(parents=True)
        text = as_json(findings)
        (site / area / edition / "findings.json").write_text(text, encoding="utf-8")


def test_a_change_that_the_next_edition_judges_otherwise_without_a_word_is_told(tmp_path):
    write_books(tmp_path, ashby_2007=[CHANGE], ashby_2008=[replace(CHANGE, verdict="fell")])
    [problem] = books_problems(tmp_path)
    assert problem.what == (
        "1 change is judged otherwise than in edition 2007 (robbery.offences), and *What "
        "changed* tells of 0."
    )
    assert problem.file == tmp_path / "ashby" / "2008" / "findings.json"


def test_a_change_that_what_changed_tells_of_may_be_judged_otherwise(tmp_path):
    told = published("changed", "judged_otherwise", None, 1, "changes")
    write_books(tmp_path, ashby_2007=[CHANGE], ashby_2008=[replace(CHANGE, verdict="fell"), told])
    assert list(books_problems(tmp_path)) == []


def test_the_books_of_two_areas_are_not_neighbours(tmp_path):
    write_books(tmp_path, ashby_2008=[CHANGE], burnham_2009=[replace(CHANGE, verdict="fell")])
    assert list(books_problems(tmp_path)) == []
