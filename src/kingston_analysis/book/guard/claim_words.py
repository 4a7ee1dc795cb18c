"""The words of a claim agree with its test: directions, ranks, numbers, years, and its subject."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kingston_analysis.book.claim_sentences import (
    claim_sentences,
    counted_in,
    same_sentence,
)
from kingston_analysis.book.guard.nouns import content_words, words_of_series
from kingston_analysis.book.guard.words import UNKNOWN, Vocabulary, Word, load_vocabulary
from kingston_analysis.data.topics import Topic
from kingston_analysis.data.yaml_models import problem_in
from kingston_analysis.errors import Problem
from kingston_analysis.plan.claims import (
    Claim,
    ClaimTest,
    ComparisonTest,
    DirectionTest,
    ExtremeTest,
    RankTest,
    ShareTest,
    Untestable,
    ValueTest,
    claims_file,
    load_claims,
    named_in,
)
from kingston_analysis.project import Project

_ONES = "one two three four five six seven eight nine ten eleven twelve"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_VALUES = {
    word: float(value)
    for words in (_ONES, _ORDINALS)
    for value, word in enumerate(words.split(), start=1)
} | {"half": 0.5, "quarter": 0.25, "once": 1, "twice": 2, "thrice": 3, "dozen": 12}
_LOW = frozenset(["lowest", "fewest", "least", "smallest", "safest", "safe"])
_HIGH = frozenset(["highest", "most", "greatest", "largest", "biggest", "worst", "top"])
_LESS = frozenset(("lower", "fewer", "less", "smaller", "below", "under", "at most"))
_MORE = frozenset(("higher", "more", "greater", "larger", "above", "over", "at least"))
_MAJORITY = frozenset(("most", "mostly", "mainly", "largely", "majority", "the bulk of"))
_MINORITY = frozenset(["rarely", "rare", "seldom", "few", "little", "minority", "hardly"])
# What says of what, and no amount by itself.
_OPEN = frozenset(("than", "all", "every", "share", "times", "from year to year", "year by year"))
_NEGATIONS = frozenset(
    ["not", "no", "never", "nor", "neither", "none", "nobody", "without", "cannot"]
)
_PRONOUNS = frozenset(["it", "they", "this", "that", "these", "those", "he", "she"])
_NO_CHANGE = ("no", "change")
_PERIOD = re.compile(r"\b(?:19|20)\d\d(?:/\d\d)?\b")


def claim_word_problems(
    project: Project, plan: str, topics: Mapping[str, Topic]
) -> Iterator[Problem]:
    """Find claims whose sentence says something else than their test, or not of what.

    Raises KingstonError where the vocabulary or the claims cannot be read.
    """
    vocabulary, file = load_vocabulary(project), claims_file(project, plan)
    for number, claim in enumerate(load_claims(project, plan)):
        for what, remedy in disagreements(claim, vocabulary, topics):
            what = f"The claim '{claim.id}': {what}"
            yield problem_in(what, file, (number, "text"), remedy)


def disagreements(
    claim: Claim, vocabulary: Vocabulary, topics: Mapping[str, Topic]
) -> Iterator[tuple[str, str]]:
    """Give what a claim says that its test does not ask, each with the remedy.

    One of ours is a sentence that its test makes. One of the plan keeps the plan's sense, and says
    no direction, rank or number that its test does not ask.
    """
    words = list(vocabulary.words_of(claim.text))
    first = words[0].text.casefold() if words else ""
    named = _subject(claim.test, topics)
    if first in _PRONOUNS or (named and not named & content_words(claim.text)):
        yield "it does not say what it is about.", "Name it in full: the claim is quoted alone."
    if claim.voice == "ours":
        yield from _not_of_its_test(claim, vocabulary, topics)
        return
    if isinstance(claim.test, Untestable):
        return
    agreeing = _agreeing(claim.test)
    said = [word for word in words if word.kind != "neutral"]
    for word in said:
        if not _agrees(word, claim.test, agreeing):
            yield f"its test does not ask '{word.text}'.", "Say what the test asks, or change it."
    if not any(word.text.casefold() in agreeing or word.kind in agreeing for word in said):
        yield "it does not say what its test asks.", "Say the direction, rank or comparison."
    if not _asks_no_change(claim.test):
        for word in words:
            if word.text.casefold() in _NEGATIONS:
                yield f"'{word.text}' turns it round.", "Say what the test asks, without it."
    for year in _PERIOD.findall(claim.text):
        if year not in _periods(claim.test):
            yield f"{year} is no year of its test.", "Correct one of the two."


def _not_of_its_test(
    claim: Claim, vocabulary: Vocabulary, topics: Mapping[str, Topic]
) -> Iterator[tuple[str, str]]:
    """Give what is wrong with a sentence of ours that is none of those that its test makes."""
    if isinstance(claim.test, Untestable):
        words = vocabulary.words_of(claim.text)
        # A word without class holds its sentence up by itself.
        if amounts := [word.text for word in words if word.kind not in ("neutral", UNKNOWN)]:
            what = f"'{amounts[0]}' says an amount or a direction, which nothing tests."
            yield what, "Say it without, or test it."
        return
    made = claim_sentences(claim.test, counted_in(topics))
    if not any(same_sentence(claim.text, each) for each in made):
        yield "it is not the sentence that its test makes.", f"Write: {made[0]}"


def _subject(test: ClaimTest, topics: Mapping[str, Topic]) -> frozenset[str]:
    """Return the words of which one must stand in the sentence; of no test, those of any topic."""
    if isinstance(test, Untestable):
        return content_words(" ".join(f"{each.title} {each.id}" for each in topics.values()))
    found = [words_of_series(of, topics) for of in named_in(test).values()]
    words = frozenset[str]().union(*found)
    generic = frozenset(("offence", "crime"))
    # Of all crime, offences are the very subject; so is safety, as the plan means it.
    return words | {"safest", "crime"} if words <= generic and words else words - generic


def _agreeing(test: ClaimTest) -> frozenset[str]:
    """Return the words, and classes of words, that say what a test asks."""
    match test:
        case DirectionTest():
            if _asks_no_change(test):
                return frozenset(_NO_CHANGE)
            return frozenset(("up",)) if test.went.endswith("rose") else frozenset(("down",))
        case RankTest() | ExtremeTest():
            return _LOW if test.extremum == "lowest" else _HIGH
        case ComparisonTest():
            return _LESS if test.direction == "lower" else _MORE
        case ShareTest():
            return _MAJORITY | _MORE if test.more_than is not None else _MINORITY | _LESS
        case ValueTest():
            less = _LESS if test.at_most is not None else frozenset[str]()
            return less | (_MORE if test.at_least is not None else frozenset())
    return frozenset()


def _agrees(word: Word, test: ClaimTest, agreeing: frozenset[str]) -> bool:
    text = word.text.casefold()
    if text in agreeing or word.kind in agreeing or text in _OPEN:
        return True
    value = _VALUES.get(text)
    if value is None and word.kind == "number":
        digits = text.replace(",", "").rstrip("%")
        value = float(digits) if re.fullmatch(r"\d+(?:\.\d+)?", digits) else None
    return value is not None and value in _numbers(test)


def _asks_no_change(test: ClaimTest) -> bool:
    return isinstance(test, DirectionTest) and test.went == "showed no clear change"


def _numbers(test: ClaimTest) -> set[float]:
    """Return the numbers that a test asks for, a share also in per cent, and how many years."""
    match test:
        case DirectionTest():
            return {len(test.periods), len(test.periods) - 1}
        case RankTest():
            return {float(len(test.periods)), *_present(test.exactly, test.at_most)}
        case ShareTest():
            shares = _present(test.more_than, test.less_than)
            return shares | {round(100 * each, 6) for each in shares}
        case ComparisonTest():
            return {test.times}
        case ValueTest():
            return _present(test.at_least, test.at_most)
    return set()


def _present(*numbers: float | None) -> set[float]:
    return {float(each) for each in numbers if each is not None}


def _periods(test: ClaimTest) -> set[str]:
    match test:
        case DirectionTest():
            return {*test.periods, *filter(None, (test.before,))}
        case RankTest():
            return set(test.periods)
        case ExtremeTest():
            return {test.period, *test.over}
        case ValueTest() | ShareTest() | ComparisonTest():
            return {test.period}
    return set()
