"""The narrative's numbers: bound, tested, excepted with a reason, or plain, which is a fault."""

from __future__ import annotations

from collections import Counter

import pytest
from tables_fixture import PROJECT

from kingston_analysis.book.narrative import Excepted, load_excepted, narrative_problems, words_of

YEAR = Excepted(pattern=r"\b2008\b", reason="a calendar year")


def found(text: str, *excepted: Excepted) -> list[tuple[str, int, str]]:
    return [(word.text, word.line, word.kind) for word in words_of(text, list(excepted))]


def test_a_number_in_a_sentence_is_plain():
    assert found("There were\n1,188 burglaries.") == [("1,188", 2, "plain")]


@pytest.mark.parametrize("word", ["rose", "Fallen", "increased", "reductions", "highest", "Halved"])
def test_a_word_of_direction_is_plain(word):
    assert found(f"It {word} there.") == [(word, 1, "plain")]


@pytest.mark.parametrize("role", ["number", "share", "rank", "change", "period", "text", "edition"])
def test_what_a_role_binds_is_bound(role):
    assert found(f"It was {{{role}}}`overview.count@2006/07`.") == [
        ("overview.count@2006/07", 1, "bound")
    ]


def test_a_claim_is_tested():
    assert found("{claim}`year-on-year-2`") == [("year-on-year-2", 1, "tested")]


@pytest.mark.parametrize(
    "text",
    [
        "See [the page](data-2008.md).",
        "1. first\n2. second",
        ":::{if-known} overview.change@2006/07",
        "```{table} Offences",
        ":name: table-3",
        "{doc}`the plan </plans/2008-11/summary>`",
        "{term}`Ring-fenced <Ring-fenced 2>`",
    ],
)
def test_addresses_options_and_numbers_of_lists_say_nothing(text):
    assert found(text) == []


def test_what_a_reader_sees_of_a_link_counts():
    assert found("{doc}`the plan of 2008 </plans/2008-11/summary>`") == [("2008", 1, "plain")]


def test_an_exception_covers_its_words_even_over_the_end_of_a_line():
    phrase = Excepted(pattern="22 printed pages", reason="how long the plan is")
    assert found("The 22\nprinted pages of 2008.", phrase, YEAR) == [
        ("22 printed pages", 1, "excepted"),
        ("2008", 2, "excepted"),
    ]


def test_an_exception_covers_nothing_else():
    assert found("In 2008 there were 2008 of 2009.", YEAR)[-1] == ("2009", 1, "plain")


def test_a_word_keeps_its_line_after_roles_and_exceptions():
    text = "{number}`a.b` in 2008\n{term}`Area`\n\nIt rose."
    assert found(text, YEAR)[-1] == ("rose", 4, "plain")


def test_nothing_in_this_books_narrative_stands_unvouched():
    assert list(narrative_problems(PROJECT)) == []


def test_every_exception_of_this_book_has_a_reason():
    reasons = Counter(each.reason for each in load_excepted(PROJECT))
    assert len(reasons) > 10
