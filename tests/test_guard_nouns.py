"""The noun beside a bound number is what its finding counts."""

from __future__ import annotations

import pytest
from tables_fixture import PROJECT

from kingston_analysis.book.guard.nouns import content_words, misnamed
from kingston_analysis.book.guard.sentences import sentences_of
from kingston_analysis.data.topics import load_topics

TOPICS = load_topics(PROJECT)


def named_wrongly(text: str) -> list[str]:
    return [counted for each in sentences_of(text) for _, counted in misnamed(each, TOPICS)]


@pytest.mark.parametrize(
    "text",
    [
        "There were {number}`robbery.count` robberies.",
        "The police recorded {number}`robbery.count@2006/07` cases of robbery.",
        "In all, {number}`overview.count` offences were recorded.",
        "Violence: from {number}`violence-against-the-person.count@2003/04` to "
        "{number}`violence-against-the-person.count` offences.",
        "Of these, {number}`violence-against-the-person.assault-with-injury.count` were assaults.",
        "That was {number}`overview.rate` for each resident.",
        "Among {number}`overview.areas` boroughs it was {rank}`overview.rank_count`.",
        "| 2006/07 | {number}`robbery.count@2006/07` |",
    ],
)
def test_a_number_beside_its_own_noun_passes(text):
    assert named_wrongly(text) == []


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("There were {number}`robbery.count` burglaries.", "robberies"),
        ("There were {number}`robbery.count` of them.", "robberies"),
        ("There were {number}`overview.count` burglaries.", "offences"),
        ("Of all offences, {number}`overview.count` burglaries.", "offences"),
        (
            "Of all offences, {number}`violence-against-the-person.count` sexual offences.",
            "violence against the person offences",
        ),
    ],
)
def test_a_number_beside_another_noun_is_held_up(text, counted):
    assert named_wrongly(text) == [counted]


def test_nouns_are_compared_in_the_singular_and_without_small_words():
    assert content_words("Robberies of a glass, and thefts") == {"robbery", "glass", "theft"}
