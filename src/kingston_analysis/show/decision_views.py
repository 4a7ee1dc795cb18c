"""Decisions and changes of scores: as sentences and tables."""

from __future__ import annotations

import datetime
import math

import pandas as pd

from kingston_analysis.data.tables.periods import day_in_words
from kingston_analysis.matrix.cells import Cell, Matrix, Reading
from kingston_analysis.matrix.decisions import Decision
from kingston_analysis.matrix.driven import Driven
from kingston_analysis.matrix.moved import Move
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Gap
from kingston_analysis.show import wording
from kingston_analysis.show.cell_views import written
from kingston_analysis.show.matrix_views import named, rank_words, score_words
from kingston_analysis.show.table import DisplayTable, Heading

SETTLED: dict[Driven, str] = {
    "score-driven": "the score",
    "decision-driven": "the decision, against the score",
    "cannot be computed": "cannot be computed",
}


def decisions_sentence(decisions: dict[str, Decision], equal: bool, titles: dict[str, str]) -> str:
    """Say what was adopted and what not, and that the adopted are of equal priority."""
    adopted = [topic for topic, each in decisions.items() if each.decision == "adopted as a theme"]
    words = f"Adopted as themes: {named(adopted, titles)}. "
    for name in ("not adopted", "merged"):
        topics = [topic for topic, each in decisions.items() if each.decision == name]
        if topics:
            words += f"{wording.sentence_start(name)}: {named(topics, titles)}. "
    if equal:
        words += "The themes have equal priority, so their ranks are no order of importance."
    return words.strip()


def decisions_table(
    decisions: dict[str, Decision],
    ranks: pd.DataFrame,
    settled: dict[str, Driven],
    titles: dict[str, str],
) -> DisplayTable:
    """Set each decision beside the rank by score, and what settled it."""
    rows = [
        [titles[t], rank_words(ranks["rank"].get(t, math.nan)), each.decision, SETTLED[settled[t]]]
        for t, each in decisions.items()
    ]
    names = ("Area of crime", "Rank by score here", "Decision", "Settled by")
    return DisplayTable("Decisions beside the ranks", [Heading(n) for n in names], rows)


def register_table(decisions: dict[str, Decision], titles: dict[str, str]) -> DisplayTable:
    """Set down why, by whom and when each decision was made, and what it answers."""
    rows = [
        [
            titles[topic],
            each.reason,
            each.body,
            _day(each.date),
            _day(each.review),
            "; ".join(each.objectives)
            if isinstance(each.objectives, tuple)
            else wording.or_gap(each.objectives),
        ]
        for topic, each in decisions.items()
    ]
    names = ("Area of crime", "Reason", "Body", "Date", "Review", "National aim")
    return DisplayTable("Register of decisions", [Heading(n) for n in names], rows)


def double_use_sentence(decision: Decision, matrix: Matrix, titles: dict[str, str]) -> str:
    """Point out the headings that were scored and then used again as a reason."""
    names = [matrix.scheme.heading(each).title for each in decision.double_use]
    if not names:
        return ""
    return (
        f"**{titles[decision.topic]}: counted twice.** {' and '.join(names)} is a heading of the "
        f"score, and it is also a reason why the area was {decision.decision}."
    )


def settled_sentence(
    decision: Decision, settled: Driven, titles: dict[str, str], first: str
) -> str:
    """Say whether the score or the decision settled what became of a topic."""
    title, against = titles[decision.topic], settled == "decision-driven"
    if settled == "cannot be computed":
        return (
            f"**{title}: whether the score or the decision settled it cannot be computed.** No "
            "figure stands behind its score in this edition, or too few headings are scored."
        )
    among = (decision.decision == "not adopted") == against
    said = (
        "settled by the decision, against the score" if against else "the score leads to the same"
    )
    return (
        f"**{title}: {said}.** By its score it is {'' if among else 'not '}among the first {first}."
    )


def since_sentence(series: Series | Gap, title: str) -> str:
    """Say what the figures of a topic that was not adopted did, as far as they are known."""
    if isinstance(series, Gap):
        return f"{title}: no figures yet, {series.why}"
    counts = series.own["value"].dropna()
    told = ", ".join(f"{count:,.0f} in {year}" for year, count in counts.items())
    change = series.change()
    last = (
        change.ratio.why
        if isinstance(change.ratio, Gap)
        else f"In the last year it {wording.change_in_words(change.verdict, change.ratio)} "
        f"({wording.interval_in_words(change.ratio)})."
    )
    return f"{title} since: {told}. {last}"


def moves_sentence(found: list[Move], before: Matrix) -> str:
    """Say how many scores changed since the edition before, and for which reasons."""
    note = (
        "No earlier extraction of these tables is held, so figures that the publishers revised "
        "since cannot be told apart from new ones."
    )
    if not found:
        return f"No score changed since edition {before.edition}. {note}"
    counts = pd.Series([each.why for each in found]).value_counts(sort=False)
    told = ", ".join(f"{why} in {number}" for why, number in counts.items())
    return f"{len(found)} scores changed since edition {before.edition}: {told}. {note}"


def moves_table(found: list[Move], before: Matrix, titles: dict[str, str]) -> DisplayTable:
    """Set down each score that changed, what stood behind it before and now, and why."""
    rows = [
        [titles[m.topic], m.after.heading.title, _told(m.before), _told(m.after), m.why]
        for m in found
    ]
    names = ("Area of crime", "Heading", f"Edition {before.edition}", "Now", "Why")
    return DisplayTable("Scores that changed", [Heading(n) for n in names], rows)


def _told(cell: Cell) -> str:
    if isinstance(cell.reading, Reading):
        value = written(cell.reading, cell.heading.measure)
        return f"{score_words(cell.score)}: {value}, {cell.reading.period}"
    if cell.basis == "judged":
        return f"{score_words(cell.score)}: {cell.judged.why}"
    return "not scored"


def _day(given: datetime.date | Gap) -> str:
    return wording.or_gap(given) if isinstance(given, Gap) else day_in_words(given)
