"""The noun beside a bound number: what the finding counts, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from kingston_analysis.book.guard.sentences import BoundFinding, Sentence
from kingston_analysis.data.topics import OVERVIEW, Topic
from kingston_analysis.plan.claims import SeriesRef

# The page of all crime has the name of its template.
PAGE_OF_ALL = "overview"
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "among",
        "at",
        "by",
        "for",
        "from",
        "in",
        "no",
        "of",
        "on",
        "or",
        "other",
        "the",
        "to",
        "with",
    ]
)
# What every kind of crime may be called.
_ANY_CRIME = frozenset(("offence", "crime", "incident"))


def words_of_series(of: SeriesRef, topics: Mapping[str, Topic]) -> frozenset[str]:
    """Return the content words of what a series counts, in the singular; none where it is none."""
    topic = topics.get(OVERVIEW if of.page == PAGE_OF_ALL else of.page)
    named = [each.counted for each in topic.indicators if each.id == of.indicator] if topic else []
    return content_words(" ".join(named))


def content_words(text: str) -> frozenset[str]:
    """Return the words of a text that name things, in the singular."""
    return frozenset(_singular(each) for each in _WORD.findall(text.casefold())) - _SMALL


def _singular(word: str) -> str:
    return re.sub(r"ies$", "y", word) if word.endswith("ies") else re.sub(r"(?<!s)s$", "", word)


def misnamed(sentence: Sentence, topics: Mapping[str, Topic]) -> Iterator[tuple[BoundFinding, str]]:
    """Give each number of a sentence whose noun is not the finding's, with what that counts.

    One content word of what is counted must stand in the sentence, and no word of what another
    finding counts right after the number. A row of a table has its noun at its head.
    """
    said = content_words(sentence.seen)
    if not said:
        return
    for bound in sentence.findings:
        counted = _counted(bound, topics)
        own = content_words(counted)
        if not own:
            continue
        others = _all_counted(topics) - own - _ANY_CRIME
        following = _WORD.findall(bound.following.casefold())[:2]
        if not own & said or others & content_words(" ".join(following)):
            yield bound, counted


def _counted(bound: BoundFinding, topics: Mapping[str, Topic]) -> str:
    """Return what a bound count counts; nothing where it is none, or of no topic."""
    page, *subject, measure = bound.name.partition("@")[0].split(".")
    topic = topics.get(OVERVIEW if page == PAGE_OF_ALL else page)
    if topic is None or measure != "count" or bound.role != "number":
        return ""
    counted = {each.id: each.counted for each in topic.indicators}
    if subject:
        return counted.get(subject[0], "")
    return next(iter(counted.values()), "")


def _all_counted(topics: Mapping[str, Topic]) -> frozenset[str]:
    every: Iterable[str] = (i.counted for topic in topics.values() for i in topic.indicators)
    return content_words(" ".join(every))
