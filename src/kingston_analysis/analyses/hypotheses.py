"""Hypotheses: which explanations of the change the figures support."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pandas as pd

from kingston_analysis.data.hypotheses import (
    ChangeTest,
    CommonTest,
    ConcentrationTest,
    Hypothesis,
    HypothesisTest,
    PartTest,
    RateTest,
    SeasonTest,
    expected_of,
    load_hypotheses,
)
from kingston_analysis.measures.change import Change, incomparable
from kingston_analysis.measures.expected import Outcome
from kingston_analysis.measures.hypotheses import (
    CONFIDENCE,
    NO_CHANGE,
    NO_RATE,
    HypothesisResult,
    Measurements,
    evaluate_of_change,
)
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Estimate, Gap
from kingston_analysis.show import wording
from kingston_analysis.show.answer import Part, analysis
from kingston_analysis.show.table import Column, DisplayTable, table
from kingston_analysis.views.topic import TopicView

# The table that says how often tests of each kind are met.
RATES = "hypothesis_rates"

PARTS = {"local": "local part", "mix": "mix of offences", "common": "London-wide part"}
GONE = {"rise": "risen", "fall": "fallen", "none": "stayed about the same"}
OUTCOMES: dict[Outcome, str] = {
    "supported": "support {}",
    "not supported": "do not support {}",
    "no clear answer": "give no clear answer on {}",
    "does not apply": "show no change that {} would explain",
    "no data": "say nothing on {}",
}


@analysis("Hypotheses")
def hypotheses(view: TopicView) -> Iterator[Part]:
    """Test the topic's hypotheses on what was measured, each with the interval of its measure."""
    listed = load_hypotheses(view.scope.project, view.edition.edition).get(view.topic.id, ())
    if not listed:
        yield Gap("None were written down for this topic in this edition.")
        return
    measured = measurements(view, listed)
    rates = _rates(view)
    latest = view.primary.change() if view.primary in view.series else incomparable(NO_CHANGE.why)
    results = [evaluate_of_change(each, measured, latest) for each in listed]
    names = {each.id: each.title for each in view.topic.indicators}
    yield _frame(results)
    yield _sentence(results)
    for number, each in enumerate(results, 1):
        caption = f"{view.topic.title}: hypothesis {number} of {len(results)}"
        yield _table(each, _result(each, names, view.primary, latest), names, rates, caption)


def measurements(view: TopicView, listed: Iterable[Hypothesis]) -> Measurements:
    """Measure what the tests of some hypotheses ask for."""
    tests = [each.test for each in listed]
    kinds = {type(each) for each in tests}
    asked = {each.indicator for each in tests if isinstance(each, ChangeTest)}
    changed = [each for each in view.series if each.indicator.id in asked]
    changes = {each.indicator.id: each.change() for each in changed}
    found = Measurements(changes=changes)
    if SeasonTest in kinds:
        profile = view.profile
        found = replace(found, seasons=profile if isinstance(profile, Gap) else profile.own)
    if view.primary not in view.series:
        return found
    if kinds & {PartTest, CommonTest}:
        found = replace(found, decomposition=view.decomposition)
    if ConcentrationTest in kinds:
        found = replace(found, concentration=view.against_all_crime)
    if RateTest in kinds and not isinstance(view.group_comparison, Gap):
        area = view.group_comparison.groups[0]
        ratio = NO_RATE if isinstance(area.rates, Gap) else area.rates
        found = replace(found, rate_ratio=ratio, within=area.standing.group.name)
    return found


def _rates(view: TopicView) -> pd.DataFrame | None:
    """Return how often tests of each kind were met, where that was counted."""
    project = view.scope.project
    held = project.names_in(project.tables, f"{RATES}.*")
    return view.load(RATES).frame if held else None


def _frame(results: list[HypothesisResult]) -> pd.DataFrame:
    """Return a row for each number of each hypothesis, or one where there is none."""
    rows: list[tuple[object, ...]] = []
    for each in results:
        said = (each.hypothesis.hypothesis, each.outcome, each.confidence)
        rows += [(*said, name, e.value, e.low, e.high) for name, e in each.numbers]
        if not each.numbers:
            rows.append((*said, None, None, None, None))
    columns = ["hypothesis", "outcome", "confidence", "number", "value", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def _sentence(results: list[HypothesisResult]) -> str:
    """Say how the hypotheses fared, what a result means, and the rule behind the confidence."""
    outcomes = [each.outcome for each in results]
    one = len(results) == 1
    counted = {text: outcomes.count(of) for of, text in OUTCOMES.items() if of in outcomes}
    of_them = [" of them", *[""] * (len(counted) - 1)]
    fared = [
        text.format("it" if one else f"{many}{of}")
        for (text, many), of in zip(counted.items(), of_them, strict=True)
    ]
    many = "One possible reason was" if one else f"{len(results)} possible reasons were"
    rule = "; ".join(f"{name}, where {text}" for name, text in CONFIDENCE.items())
    return (
        f"{many} put to the figures. The figures {wording.listed(fared)}. A reason is supported "
        "where the figures did what it leads us to expect. That does not prove the reason. "
        f"Confidence is {rule}."
    )


def _table(
    result: HypothesisResult,
    outcome: str,
    names: dict[str, str],
    rates: pd.DataFrame | None,
    caption: str,
) -> DisplayTable:
    """Set down a hypothesis with what we expect, the data, the test, the result, confidence.

    A table of two columns for each: six columns of sentences could be read on no screen.
    """
    hypothesis = result.hypothesis
    rows = {
        "What we would expect to see": hypothesis.expect,
        "Data that would show it": hypothesis.data,
        "Test": _question(hypothesis.test, names) if hypothesis.test else "[z]",
        "Result": outcome,
        "Confidence": _confidence(result),
        "How often such a test is met": _usually(hypothesis.test, rates),
    }
    explains = hypothesis.explains
    return table(
        caption,
        rows.items(),
        Column(
            f"Possible reason for a {explains}" if explains else "Hypothesis", lambda row: row[0]
        ),
        Column(hypothesis.hypothesis, lambda row: row[1]),
    )


def _question(test: HypothesisTest, names: dict[str, str]) -> str:
    if isinstance(test, PartTest):
        went = "about nothing" if test.expect == "none" else f"a {test.expect}"
        return f"Of the change, is the {PARTS[test.kind]} {went}?"
    if isinstance(test, CommonTest):
        return "Is the London-wide part of the change larger than the local part?"
    if isinstance(test, ChangeTest):
        gone = GONE[test.expect]
        return f"Has this indicator {gone} since the year before: {names[test.indicator]}?"
    if isinstance(test, ConcentrationTest):
        return "Does half of it lie in fewer wards than half of all recorded crime does?"
    if isinstance(test, SeasonTest):
        several = "Are" if len(test.months) > 1 else "Is"
        return f"{several} {wording.listed(test.months)} {test.expect} the average month?"
    return f"Is the rate {test.expect} that of the part of London that the borough lies in?"


def _result(
    result: HypothesisResult, names: dict[str, str], primary: Series, latest: Change
) -> str:
    outcome, test = wording.sentence_start(result.outcome), result.hypothesis.test
    if result.gap:
        return f"{outcome}. {result.gap.why}"
    if result.outcome == "does not apply":
        went = wording.change_in_words(latest.verdict, latest.printed)
        return (
            f"{outcome}: {primary.indicator.counted} {went} in {primary.latest}, so there is no "
            f"{result.hypothesis.explains} to explain."
        )
    numbers = "; ".join(_number(test, name, number, names) for name, number in result.numbers)
    return f"{outcome}: {numbers}.{_of_no_note(result)}"


def _of_no_note(result: HypothesisResult) -> str:
    """Say up to what a movement is of no note, where the outcome hangs on that."""
    if result.margin is None:
        return ""
    here = ""
    if isinstance(result.hypothesis.test, PartTest):
        here = f", here {wording.number(round(result.margin))},"
    return f" Up to a tenth either way{here} counts as nothing of note."


def _number(test: HypothesisTest | None, name: str, number: Estimate, names: dict[str, str]) -> str:
    if isinstance(test, PartTest | CommonTest):
        return f"{PARTS[name]} {wording.signed_with_interval(number)}"
    if isinstance(test, ChangeTest):
        interval = wording.interval_in_words(number)
        return f"{names[test.indicator]}: {wording.percent(number.value)} ({interval})"
    if isinstance(test, ConcentrationTest):
        wards = wording.counted(number.value, "wards")
        chance = " to ".join(dict.fromkeys(f"{each:.0f}" for each in (number.low, number.high)))
        also = "also " if chance == f"{number.value:.0f}" else ""
        spread = f"if spread like all recorded crime, half would {also}lie in {chance}"
        return f"half of it lies in {wards}; {spread}"
    interval = f"{wording.interval_name(number.level)} {number.low:.2f} to {number.high:.2f}"
    if isinstance(test, SeasonTest):
        return f"{name}: {number.value:.2f} times the average month ({interval})"
    return f"{number.value:.2f} times the rate of {name} ({interval})"


def _usually(test: HypothesisTest | None, rates: pd.DataFrame | None) -> str:
    """Say how often the figures met tests of a kind, in every area and year that can be tested."""
    if test is None:
        return "[z]"
    if rates is None:
        return "[x]"
    alike = rates[(rates["kind"] == test.kind) & (rates["expected"] == expected_of(test))]
    tests, met = alike["tests"].sum(), alike["supported"].sum()
    if not tests:
        return "[x]"
    years, areas = alike[alike["tests"] > 0]["financial_year"], alike["areas"].max()
    span = " to ".join(dict.fromkeys((years.min(), years.max())))
    return (
        f"Such a test was met in {wording.share(met / tests)} of {wording.counted(tests, 'cases')} "
        f"({wording.counted(areas, 'boroughs')}, {span})."
    )


def _confidence(result: HypothesisResult) -> str:
    if result.confidence is None:
        return "[z]"
    text = wording.sentence_start(result.confidence)
    return f"{text}. {result.weakness}" if result.weakness else text
