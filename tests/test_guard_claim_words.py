"""A claim says what its test asks: no other direction, rank, number or year, and of what."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter
from tables_fixture import PROJECT

from kingston_analysis.book.guard.claim_words import claim_word_problems, disagreements
from kingston_analysis.book.guard.words import load_vocabulary
from kingston_analysis.data.topics import load_topics
from kingston_analysis.plan.claims import Claim

TOPICS, OURS = load_topics(PROJECT), load_vocabulary(PROJECT)
ROBBERY = {"page": "robbery", "indicator": "offences"}
ALL = {"page": "overview", "indicator": "offences"}
YEARS = ["2005/06", "2006/07"]
FELL = {"kind": "direction", "of": ROBBERY, "periods": YEARS, "went": "fell"}
ROSE = {**FELL, "went": "rose"}
STAYED = {**FELL, "went": "showed no clear change"}
FOURTH = {"kind": "rank", "of": ROBBERY, "periods": YEARS, "from": "lowest", "exactly": 4}
SAFE = {"kind": "rank", "of": ALL, "periods": ["2006/07"], "from": "lowest", "at_most": 8}
MOST = {"kind": "share", "parts": [ROBBERY], "whole": ALL, "period": "2006/07", "more_than": 0.5}
RARE = {"kind": "share", "parts": [ROBBERY], "whole": ALL, "period": "2006/07", "less_than": 0.1}
TWICE = {
    "kind": "comparison",
    "of": ROBBERY,
    "than": ALL,
    "period": "2006/07",
    "is": "higher",
    "times": 2,
}
ENOUGH = {"kind": "value", "of": ROBBERY, "period": "2006/07", "at_least": 300}
PEAK = {
    "kind": "extreme",
    "of": ROBBERY,
    "period": "2006/07",
    "is": "highest",
    "over": ["2003/04", "2006/07"],
}
UNTESTED = {"kind": "untestable", "reason": "Nothing is held."}


def faults(text: str, test: dict[str, Any]) -> list[str]:
    content = {"id": "one", "voice": "plan", "text": text, "test": test}
    claim = TypeAdapter(Claim).validate_python(content)
    return [what for what, _ in disagreements(claim, OURS, TOPICS)]


@pytest.mark.parametrize(
    ("text", "test"),
    [
        ("Robbery fell.", FELL),
        ("From 2005/06 to 2006/07 the number of robberies dropped.", FELL),
        ("Robberies rose from year to year.", ROSE),
        ("The number of robberies showed no clear change.", STAYED),
        ("Robbery was the fourth lowest of all boroughs in two years.", FOURTH),
        ("The borough is among the eight safest.", SAFE),
        ("Robberies make up more than 50% of crime.", MOST),
        ("Robberies make up most of crime.", MOST),
        ("Robbery is rare.", RARE),
        ("Robberies were less than 10% of offences.", RARE),
        ("Robberies were higher than offences, two times.", TWICE),
        ("There were at least 300 robberies in 2006/07.", ENOUGH),
        ("The number of robberies was the highest in 2006/07.", PEAK),
        ("The partners' work has reduced robbery.", UNTESTED),
    ],
)
def test_a_sentence_that_agrees_with_its_test_passes(text, test):
    assert faults(text, test) == []


@pytest.mark.parametrize(
    ("text", "test", "what"),
    [
        ("Robbery rose.", FELL, "'rose'"),
        ("Robbery fell.", ROSE, "'fell'"),
        ("Robbery fell after it rose.", FELL, "'rose'"),
        ("Robbery halved.", ROSE, "'halved'"),
        ("Robbery fell.", STAYED, "'fell'"),
        ("Robbery fell by 8%.", FELL, "'8%'"),
        ("Robbery fell for five years.", FELL, "'five'"),
        ("Robbery fell in 2009/10.", FELL, "2009/10 is no year"),
        ("Robbery did not fall.", FELL, "'not' turns it round"),
        ("Robbery was the third lowest.", FOURTH, "'third'"),
        ("Robbery was the fourth highest.", FOURTH, "'highest'"),
        ("The borough is among the ten safest.", SAFE, "'ten'"),
        ("Robberies make up more than 60% of crime.", MOST, "'60%'"),
        ("Few crimes are robberies.", MOST, "'Few'"),
        ("Most crimes are robberies.", RARE, "'Most'"),
        ("Robberies were lower than offences.", TWICE, "'lower'"),
        ("There were at least 400 robberies.", ENOUGH, "'400'"),
        ("There were at most 300 robberies.", ENOUGH, "'at most'"),
        ("The number of robberies was the lowest in 2006/07.", PEAK, "'lowest'"),
        ("Robberies were recorded.", FELL, "does not say what its test asks"),
        ("Burglary fell.", FELL, "does not say what it is about"),
        ("It fell, as robbery may.", FELL, "does not say what it is about"),
        ("The work has reduced this.", UNTESTED, "does not say what it is about"),
    ],
)
def test_a_sentence_that_says_something_else_is_refused(text, test, what):
    assert any(what in each for each in faults(text, test)), faults(text, test)


def test_the_claims_of_ours_say_what_their_tests_ask():
    assert [str(each) for each in claim_word_problems(PROJECT, "2008-11", TOPICS)] == []
