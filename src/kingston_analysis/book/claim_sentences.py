"""The sentences that a claim's test makes: of its subject, area and years, and of nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

from kingston_analysis.book.guard.nouns import PAGE_OF_ALL
from kingston_analysis.data.topics import OVERVIEW, Topic
from kingston_analysis.plan.claims import (
    LATEST,
    ClaimTest,
    ComparisonTest,
    DirectionTest,
    ExtremeTest,
    RankTest,
    SeriesRef,
    ShareTest,
    Untestable,
    ValueTest,
)
from kingston_analysis.show.wording import listed, number_in_words, rank

# From this share of a whole on, the parts are most of it.
MOST = 0.5
Counted = Callable[[SeriesRef], str]


def claim_sentences(test: ClaimTest, counted: Counted) -> list[str]:
    """Return the sentences that say what a test asks, the plainest first; of no test, none.

    `counted` gives what a series counts, in the plural: burglaries. A test of one area names none:
    the claim is judged for whichever area the book is of.
    """
    return [f"{each}." for each in _sentences(test, counted)]


def counted_in(topics: Mapping[str, Topic]) -> Counted:
    """Return the function that gives what a series of some topics counts; of none, its id."""

    def counted(of: SeriesRef) -> str:
        topic = topics.get(OVERVIEW if of.page == PAGE_OF_ALL else of.page)
        indicators = topic.indicators if topic else ()
        return next((e.counted for e in indicators if e.id == of.indicator), of.indicator)

    return counted


def same_sentence(first: str, second: str) -> bool:
    """Tell whether two sentences have the same words, whatever their line ends and capitals."""
    return " ".join(first.casefold().split()) == " ".join(second.casefold().split())


def _sentences(test: ClaimTest, counted: Counted) -> Iterator[str]:
    match test:
        case ValueTest():
            yield from _of_value(test, f"the {_measure(test)} of {counted(test.of)}")
        case DirectionTest():
            yield from _of_direction(test, _number_of(test.of, counted))
        case RankTest():
            years, subject = listed(map(_year, test.periods)), _number_of(test.of, counted)
            yield f"In {years} {subject} was {_place(test)} of all London boroughs"
        case ExtremeTest():
            span = f"of all years from {test.over[0]} to {test.over[1]}"
            subject = _number_of(test.of, counted)
            yield f"In {_year(test.period)} {subject} was the {test.extremum} {span}"
        case ShareTest():
            yield from _of_share(test, counted)
        case ComparisonTest():
            yield _of_comparison(test, *(_number_of(e, counted) for e in (test.of, test.than)))
        case Untestable():
            return


def _year(period: str) -> str:
    return "the latest year" if period == LATEST else period


def _number_of(of: SeriesRef, counted: Counted) -> str:
    return f"the number of {counted(of)}"


def _measure(test: ValueTest) -> str:
    return "rate" if test.measure == "rate" else "number"


def _exactly(value: float) -> str:
    """Write a number with all its digits: a rounded bound is another bound."""
    return f"{value:,.12g}"


def _of_value(test: ValueTest, subject: str) -> Iterator[str]:
    ends = {"at least": test.at_least, "at most": test.at_most}
    bounds = [f"{side} {_exactly(end)}" for side, end in ends.items() if end is not None]
    units = ("residents", "people") if test.measure == "rate" else ("",)
    for unit in units:
        per = f" per 1,000 {unit}" if unit else ""
        yield f"In {_year(test.period)} {subject} was {listed(bounds)}{per}"


def _of_direction(test: DirectionTest, subject: str) -> Iterator[str]:
    years = f"from {_year(test.periods[0])} to {_year(test.periods[-1])}"
    steps = " from year to year" if len(test.periods) > 2 else ""
    yield f"F{years[1:]} {subject} {test.went}{steps}"
    yield f"{subject[0].upper()}{subject[1:]} {test.went} {years}{steps and ',' + steps}"


def _place(test: RankTest) -> str:
    if test.at_most and test.at_most > 1:
        return f"among the {number_in_words(test.at_most)} {test.extremum}"
    place = test.exactly or 1
    ends = (place, math.inf) if test.extremum == "lowest" else (math.inf, place)
    return f"the {rank(*ends)}"


def _of_share(test: ShareTest, counted: Counted) -> Iterator[str]:
    together = " together" if len(test.parts) > 1 else ""
    parts, whole = f"{listed(map(counted, test.parts))}{together}", counted(test.total)
    bound = test.less_than if test.more_than is None else test.more_than
    side = "less" if test.more_than is None else "more"
    share = _exactly(round(100 * (bound or 0), 10))
    yield f"In {_year(test.period)} {parts} were {side} than {share}% of all {whole}"
    if test.more_than is not None and test.more_than >= MOST:
        yield f"In {_year(test.period)} {parts} were most of all {whole}"


def _of_comparison(test: ComparisonTest, subject: str, other: str) -> str:
    if test.times == 1:
        return f"In {_year(test.period)} {subject} was {test.direction} than {other}"
    # So many times lower is said of the other one, which is so many times higher.
    more, less = (subject, other) if test.direction == "higher" else (other, subject)
    return f"In {_year(test.period)} {more} was at least {_exactly(test.times)} times {less}"
