"""Words and their classes: default deny, numbers in every writing, dates and laws by their form."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from tables_fixture import PROJECT

from kingston_analysis.book.guard.words import Vocabulary, load_vocabulary

OURS = load_vocabulary(PROJECT)
SMALL = Vocabulary(
    words={"neutral": "as it was there the in of offences act", "up": "rose", "quantity": "many"},
    phrases={"comparison": ("as * as",), "neutral": ("as well as",), "up": ("on the up",)},
)


def classes(text: str, vocabulary: Vocabulary = SMALL) -> list[tuple[str, str]]:
    return [(each.text, each.kind) for each in vocabulary.words_of(text) if each.kind != "neutral"]


def test_a_word_has_the_class_under_which_it_stands():
    assert classes("It rose there.") == [("rose", "up")]


def test_a_word_that_nobody_classed_is_unknown():
    assert classes("It burgeoned.") == [("burgeoned", "unknown")]


def test_letters_in_any_case_and_possessives_are_the_same_word():
    assert classes("THE ACT'S Offences’") == []


def test_a_phrase_comes_before_its_words_and_a_longer_one_before_a_shorter():
    assert classes("as many as it, as well as on the up") == [
        ("as many as", "comparison"),
        ("on the up", "up"),
    ]


@pytest.mark.parametrize(
    "text", ["24", "1,188", "3.5%", "½", "⅖", "２４", "Ⅳ", "12th", "XIV", "MMXII"]
)
def test_a_number_in_any_writing_is_a_number(text):
    assert "number" in [kind for _, kind in classes(f"there {text}")]


@pytest.mark.parametrize("text", ["a > b", "a < b", "a = b", "+ a", "a × b", "~ a", "− a"])
def test_signs_of_arithmetic_compare(text):
    assert "comparison" in [kind for _, kind in classes(text)]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ro\u00adse", "U+00AD SOFT HYPHEN"),
        ("ro\u200bse", "U+200B ZERO WIDTH SPACE"),
        ("r\u043ese", "U+043E CYRILLIC SMALL LETTER O"),
        ("\u2191", "U+2191 UPWARDS ARROW"),
        ("\u00bd", "U+00BD VULGAR FRACTION ONE HALF"),
        ("\uff05", "U+FF05 FULLWIDTH PERCENT SIGN"),
    ],
)
def test_a_character_that_is_not_listed_is_named_whatever_the_vocabulary_says(text, named):
    assert (named, "sign") in classes(f"It {text}.")


@pytest.mark.parametrize("text", ["caf\u00e9", "“it’s” – ‘the’", "[d] & (a/b); £ © § …"])
def test_letters_with_accents_and_punctuation_are_no_foreign_signs(text):
    assert [kind for _, kind in classes(text) if kind == "sign"] == []


@pytest.mark.parametrize(
    "text",
    [
        "in 2006/07",
        "on 1 April 2008",
        "on 14 October",
        "in March 2011",
        "since 2008.",
        "from 2008 to 2011",
        "of 2008, 2009 and 2010.",
        "The Police and Criminal Evidence Act 1984 is the law",
        "the Public Bodies (Websites and Mobile Applications) (No. 2) Regulations 2018",
        "the 1998 Act",
        "section 17A",
        "sections 5, 6, 17, 17A and 115",
        "regulations 5 to 7",
        "SI 2007/1830",
        "NI 39",
        "National Indicator 111",
    ],
)
def test_dates_and_places_in_laws_are_no_amounts(text):
    assert [each for each in OURS.words_of(text) if each.kind == "number"] == []


@pytest.mark.parametrize(
    "text",
    [
        "1950 offences",
        "In 1950 offences",
        "of 2016 reports",
        "2008 was there",
        "by 2000 thefts",
        "sections 5 and 12 offences",
        "NI 39 has 280",
    ],
)
def test_a_number_before_what_it_counts_is_an_amount(text):
    assert [each.text for each in OURS.words_of(text) if each.kind == "number"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("number", "dozen half twice hundred third"),
        ("rank", "first fourth lowest highest last"),
        ("up", "rose doubled soared grew"),
        ("down", "fell halved plummeted eased dwindled"),
        ("change", "changed improved trend steadily"),
        ("comparison", "more most less fewer than safer same similar"),
        ("quantity", "few many all none rarely bulk share"),
    ],
)
def test_ours_classes_words_by_any_sense_of_amount(kind, words):
    assert {each.kind for each in OURS.words_of(words)} == {kind}


def test_no_word_has_two_classes():
    with pytest.raises(ValidationError, match="'rose' stands under neutral and under up"):
        Vocabulary(words={"neutral": "it rose", "up": "rose"})


def test_a_vocabulary_without_neutral_words_is_none():
    with pytest.raises(ValidationError, match="no neutral words"):
        Vocabulary(words={"up": "rose"})


@pytest.mark.parametrize(
    "text",
    [
        "On 12 May 2008 offences",
        "Section 12 robberies",
        "NI 15 offences",
        "SI 2007/1830 burglaries",
        "2006/07 reported thefts",
        "from 2010 to 2005",
        "between 2011 and 2099",
        "2006/09 was there",
        "There were 2006/07 of them",
        "section 12 of the ward",
        "came to 2010 in all",
    ],
)
def test_a_date_or_a_place_in_a_law_before_what_is_counted_is_an_amount(text):
    assert [each.text for each in OURS.words_of(text) if each.kind == "number"]
