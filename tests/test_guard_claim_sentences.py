"""A claim of ours is a sentence that its test makes; nothing else is published as one.

`claim_texts.yml` was written and committed before the sentences.
"""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from tables_fixture import PROJECT, TESTS

from kingston_analysis.book.claim_sentences import claim_sentences, counted_in, same_sentence
from kingston_analysis.book.guard.claim_words import disagreements
from kingston_analysis.book.guard.words import load_vocabulary
from kingston_analysis.data.topics import load_topics
from kingston_analysis.plan.claims import Claim, SeriesRef, ValueTest

CORPUS = yaml.safe_load((TESTS / "corpora" / "claim_texts.yml").read_text("utf-8"))
TOPICS, VOCABULARY = load_topics(PROJECT), load_vocabulary(PROJECT)
# A claim is judged for whichever area the book is of: it may name none.
NAMES_AN_AREA = (
    "In 2006/07 Kingston's number of robberies was the fourth lowest of all London boroughs."
)


def claim(text: str, test: dict[str, Any]) -> Claim:
    content = {"id": "one", "voice": "ours", "text": text, "test": test}
    return TypeAdapter(Claim).validate_python(content)


def faults(each: dict[str, str]) -> list[tuple[str, str]]:
    made = claim(each["text"], CORPUS["tests"][each["test"]])
    return list(disagreements(made, VOCABULARY, TOPICS))


def text_of(each: dict[str, str]) -> str:
    return each["text"]


@pytest.mark.parametrize("each", CORPUS["false"], ids=text_of)
def test_a_sentence_that_says_something_else_is_refused(each):
    assert faults(each) != []


@pytest.mark.parametrize("each", CORPUS["sound"], ids=text_of)
def test_a_sentence_that_its_test_makes_passes(each):
    found = faults(each)
    assert (found == []) is (each["text"] != NAMES_AN_AREA), found


def test_who_writes_something_else_is_told_the_sentence():
    [(what, remedy)] = faults({"test": "fell", "text": "Robbery fell."})
    assert what == "it is not the sentence that its test makes."
    assert remedy == "Write: From 2005/06 to 2006/07 the number of robberies fell."


@pytest.mark.parametrize("name", CORPUS["tests"])
def test_the_sentences_of_one_test_are_no_other_tests(name):
    """No two tests of the corpus ask the same, so none may share a sentence."""
    made = {
        other: claim_sentences(claim("It is so.", test).test, counted_in(TOPICS))
        for other, test in CORPUS["tests"].items()
    }
    others = [text for other, texts in made.items() if other != name for text in texts]
    assert not set(made[name]) & set(others)


def test_capitals_and_line_ends_do_not_count():
    assert same_sentence("In 2006/07 the\nnumber", "in 2006/07  the number")
    assert not same_sentence("In 2006/07 the number", "In 2006/08 the number")


@given(bound=st.floats(0.0001, 1e6, allow_nan=False).map(lambda value: round(value, 4)))
def test_a_bound_is_written_with_all_its_digits(bound):
    of = SeriesRef(page="robbery", indicator="offences")
    test = ValueTest(kind="value", of=of, period="2006/07", at_least=bound)
    [made] = claim_sentences(test, counted_in(TOPICS))
    written = made.removeprefix("In 2006/07 the number of robberies was at least ").rstrip(".")
    assert float(written.replace(",", "")) == bound
