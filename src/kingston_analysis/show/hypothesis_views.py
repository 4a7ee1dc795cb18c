"""Hypotheses as a sentence and a table: what each leads us to expect, and what the data say."""

from __future__ import annotations

from kingston_analysis.data.hypotheses import (
    ChangeTest,
    CommonTest,
    ConcentrationTest,
    PartTest,
    SeasonTest,
    Test,
)
from kingston_analysis.data.topics import Topic
from kingston_analysis.measures.expected import Outcome
from kingston_analysis.measures.hypothesis_tests import CONFIDENCE, Result
from kingston_analysis.results import Estimate
from kingston_analysis.show import wording
from kingston_analysis.show.estimates import with_interval
from kingston_analysis.show.table import DisplayTable, Heading

PARTS = {"local": "local part", "mix": "mix of offences"}
OUTCOMES: dict[Outcome, str] = {
    "supported": "support {}",
    "not supported": "do not support {}",
    "no clear answer": "give no clear answer on {}",
    "no data": "hold nothing on {}",
}


def hypotheses_sentence(results: list[Result]) -> str:
    """Say how the hypotheses fared, what a result means, and the rule behind the confidence."""
    fared = tuple(
        words.format(number)
        for outcome, words in OUTCOMES.items()
        if (number := sum(each.outcome == outcome for each in results))
    )
    many = (
        f"{len(results)} possible reasons were" if len(results) > 1 else "One possible reason was"
    )
    rule = "; ".join(f"{name}, where {words}" for name, words in CONFIDENCE.items())
    return (
        f"{many} put to the figures. They {wording.listed(fared)}. A reason is supported where the "
        "figures did what it leads us to expect. That does not prove the reason. "
        f"Confidence is {rule}."
    )


def hypotheses_tables(results: list[Result], topic: Topic) -> list[DisplayTable]:
    """Set down each hypothesis with what we expect, the data, the test, the result, confidence.

    A table each, of two columns: six columns of sentences could be read on no screen.
    """
    names = {each.id: each.title for each in topic.indicators}
    many = len(results)
    return [
        DisplayTable(
            f"{topic.title}: hypothesis {number} of {many}",
            [Heading("Hypothesis"), Heading(each.hypothesis.hypothesis)],
            _rows(each, names),
        )
        for number, each in enumerate(results, 1)
    ]


def _rows(each: Result, names: dict[str, str]) -> list[list[str]]:
    said = each.hypothesis
    return [
        ["What we would expect to see", said.expect],
        ["Data that would show it", said.data],
        ["Test", "[z]" if said.test is None else _question(said.test, names)],
        ["Result", _result(each, names)],
        ["Confidence", _confidence(each)],
    ]


def _question(test: Test, names: dict[str, str]) -> str:
    if isinstance(test, PartTest):
        went = "about nothing" if test.expect == "none" else f"a {test.expect}"
        return f"Of the change, is the {PARTS[test.kind]} {went}?"
    if isinstance(test, CommonTest):
        return "Is the London-wide part of the change larger than the local part?"
    if isinstance(test, ChangeTest):
        name = names[test.indicator]
        went = "stay about the same" if test.expect == "none" else test.expect
        return f"Did this indicator {went} since the year before: {name}?"
    if isinstance(test, ConcentrationTest):
        return "Do fewer wards hold half than chance alone would give?"
    if isinstance(test, SeasonTest):
        several = "Are" if len(test.months) > 1 else "Is"
        return f"{several} {wording.listed(test.months)} {test.expect} the average month?"
    return f"Is the rate {test.expect} that of the part of London that the borough lies in?"


def _result(result: Result, names: dict[str, str]) -> str:
    outcome = wording.sentence_start(result.outcome)
    if result.gap:
        return f"{outcome}. {result.gap.why}"
    told = "; ".join(
        _number(result.hypothesis.test, name, number, names) for name, number in result.numbers
    )
    return f"{outcome}: {told}."


def _number(test: Test, name: str, number: Estimate, names: dict[str, str]) -> str:
    if isinstance(test, PartTest | CommonTest):
        part = {**PARTS, "common": "London-wide part"}[name]
        return f"{part} {with_interval(number)}"
    if isinstance(test, ChangeTest):
        interval = wording.interval_in_words(number)
        return f"{names[test.indicator]} {wording.percent(number.value)} ({interval})"
    if isinstance(test, ConcentrationTest):
        chance = " to ".join(dict.fromkeys(f"{each:.0f}" for each in (number.low, number.high)))
        return f"{number.value:.0f} wards hold half, and chance alone would give {chance}"
    interval = f"95% interval {number.low:.2f} to {number.high:.2f}"
    if isinstance(test, SeasonTest):
        return f"{name} {number.value:.2f} times the average month ({interval})"
    return f"{number.value:.2f} times the rate of {name} ({interval})"


def _confidence(result: Result) -> str:
    if result.confidence is None:
        return "[z]"
    text = wording.sentence_start(result.confidence)
    return f"{text}. {result.weakness}" if result.weakness else text
