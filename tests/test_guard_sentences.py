"""Sentences as a reader meets them: cut from Markdown, with their lines, and what roles print."""

from __future__ import annotations

import pytest

from kingston_analysis.book.guard.sentences import sentences_of


def written(text: str) -> list[tuple[str, int]]:
    return [(each.normal, each.line) for each in sentences_of(text)]


def seen(text: str) -> list[str]:
    return [" ".join(each.seen.split()) for each in sentences_of(text)]


def test_a_text_is_cut_where_sentences_end():
    assert written("It rose. It\nfell! Why?") == [("It rose.", 1), ("It fell!", 1), ("Why?", 2)]


def test_a_number_of_a_law_ends_no_sentence():
    assert written("The (No. 2) Regulations hold.") == [("The (No. 2) Regulations hold.", 1)]


def test_headings_items_and_cells_are_sentences_of_their_own():
    text = "# Theft\nIt rose\n\n- one\n- two\n  more\n\n1. first\n\n| a | b |\n|---|---|\n| c | d |"
    assert written(text) == [
        ("Theft", 1),
        ("It rose", 2),
        ("one", 4),
        ("two more", 5),
        ("first", 8),
        ("a | b", 10),
        ("c | d", 12),
    ]


def test_a_quotation_over_lines_is_one_sentence():
    assert written("> Contains public\n> information.") == [("Contains public information.", 1)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See [the page](data-2008.md).", "See the page."),
        (":::{if-known} overview.change@2006/07\nIt rose.\n:::", "It rose."),
        ("```{table} Fewer offences\n:name: table-3", "Fewer offences"),
        (":::{note} Three more", "Three more"),
        ("{doc}`the plan of 2008 </plans/2008-11/summary>`", "the plan of 2008"),
        ("{term}`Ring-fenced <Ring-fenced 2>`", "Ring-fenced"),
        ("1. one\n2. two\n\n1. three", "one two three"),
        ("<!-- 3 more -->", "<!-- 3 more -->"),
        ("% 3 more", ""),
        ("(the-wards)=\n# The wards", "The wards"),
        ("::::{with-plan} Fewer\nOffences\n::::", "Fewer Offences"),
        (":::{plan} objectives fewer\n:::", ""),
        (":::{plan} objectives, fewer\n:::", "objectives, fewer"),
        (":class: fewer", ":class: fewer"),
        ("[a](b.md 'fewer')", "fewer a"),
        ("![fewer](b.png)", "fewer"),
        ("{doc}`/plans/2008-11/summary`", ""),
        ("{ number}`fewer`", "{ number}fewer"),
        ("f**ew**er&shy;", "fewer\u00ad"),
        ("```\nfewer\n```", "fewer"),
        ("- [x] fewer", "fewer"),
        ("a\n: fewer", "a fewer"),
    ],
)
def test_what_names_or_orders_says_nothing_and_what_is_printed_does(text, shown):
    assert " ".join(seen(text)) == shown


def test_what_a_role_prints_of_a_finding_is_bound_and_not_seen():
    [found] = sentences_of("There were {number}`robbery.count@2006/07` robberies.")
    [bound] = found.findings
    assert (bound.role, bound.name) == ("number", "robbery.count@2006/07")
    assert bound.following == " robberies."
    assert " ".join(found.seen.split()) == "There were robberies."


def test_a_claim_is_named():
    [found] = sentences_of("{claim}`fourth-lowest`")
    assert (found.claims, found.seen.strip()) == (("fourth-lowest",), "")


def test_code_in_marks_is_read_as_any_text():
    assert seen("There were `24` of `<!--` them.") == ["There were 24 of <!-- them."]


def test_a_text_of_data_may_be_printed_as_it_is_and_hides_nothing():
    [found] = sentences_of("% See [a](fewer.md)", all_shown=True)
    assert " ".join(found.seen.split()) == "See [a](fewer.md)"
    [found] = sentences_of("See [a](fewer.md)", all_shown=True)
    assert " ".join(found.seen.split()) == "See fewer.md a"


def test_marks_are_part_of_how_a_sentence_is_written():
    text = "**It rose.** *It fell.* See [a](b.md)."
    assert written(text) == [("**It rose.**", 1), ("*It fell.*", 1), ("See [a](b.md).", 1)]


def test_a_claim_is_a_sentence_of_its_own():
    assert written("{claim}`one` It rose.") == [("{claim}`one`", 1), ("It rose.", 1)]


def test_what_stands_in_directives_has_its_own_line():
    text = "```{table} Wards\n:name: a\n\n| a |\n|---|\n| b |\n```"
    assert written(text) == [("Wards", 1), ("a", 4), ("b", 6)]


def test_a_number_that_only_looks_like_that_of_an_item_is_read():
    assert seen("24. robberies") == ["24. robberies"]


def test_what_stands_between_roles_is_read():
    text = "Most of it goes through the {term}`Team`. {doc}`Roles <objectives>` says more."
    assert seen(text) == ["Most of it goes through the Team.", "Roles says more."]
