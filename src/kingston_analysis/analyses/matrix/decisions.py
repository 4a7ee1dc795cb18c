"""Decisions: what became of each topic, and whether the score or the decision settled it."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator

import pandas as pd

from kingston_analysis.analyses.matrix.labels import (
    listed_topics,
    rank_label,
    rests,
    why_not_ranked,
)
from kingston_analysis.data.tables.periods import day_in_words
from kingston_analysis.matrix.cells import Matrix
from kingston_analysis.matrix.decision_basis import DecisionBasis, decision_basis
from kingston_analysis.matrix.decisions import Decision
from kingston_analysis.results import Gap
from kingston_analysis.show import wording
from kingston_analysis.show.answer import OnRequest, Part, analysis
from kingston_analysis.show.table import Column, DisplayTable, table
from kingston_analysis.views.edition import EditionView
from kingston_analysis.views.topic import TopicView

SETTLED_BY: dict[DecisionBasis, str] = {
    "score-driven": "the score",
    "decision-driven": "the decision, against the score",
    "open": "not by the figures alone",
    "cannot be computed": "cannot be computed",
}


@analysis("Decisions")
def decisions(view: EditionView) -> Iterator[Part]:
    """Set the decisions beside the ranks, and show what became of what was not adopted."""
    found, register, titles = view.matrix, view.decisions, view.topic_titles
    if isinstance(register, Gap):
        yield register
        return
    if isinstance(found, Gap):
        yield found
        return
    standing = register.standing(view.edition.edition)
    standing_table = pd.DataFrame(
        [
            {
                "topic": topic,
                "decision": each.decision,
                "rank": view.ranks["rank"].get(topic, math.nan),
                "basis": decision_basis(found, each),
            }
            for topic, each in standing.items()
        ]
    )
    yield standing_table
    yield _adopted(standing, register.equal_priority, titles)
    yield _decisions_and_ranks(standing_table, found, titles)
    yield OnRequest(_register(standing, titles))
    bases = standing_table.set_index("topic")["basis"]
    for topic, each in standing.items():
        if each.decision == "not adopted":
            yield _settled(bases[topic], found, topic, titles[topic])
            yield _counted_twice(each, found, titles[topic])
            yield _since(view.topic(topic), titles[topic])


def _adopted(decided: dict[str, Decision], equal: bool, titles: dict[str, str]) -> str:
    """Say what was adopted and what not, and that the adopted are of equal priority."""
    lines = []
    for name, said in (
        ("adopted as a theme", "Adopted as themes"),
        ("not adopted", "Not adopted"),
        ("merged", "Merged"),
    ):
        topics = [topic for topic, each in decided.items() if each.decision == name]
        if topics or name == "adopted as a theme":
            lines.append(f"{said}: {listed_topics(topics, titles) or 'none'}.")
    if equal:
        lines.append("The themes have equal priority, so their ranks are no order of importance.")
    return " ".join(lines)


def _decisions_and_ranks(
    standing_table: pd.DataFrame, found: Matrix, titles: dict[str, str]
) -> DisplayTable:
    """Set each decision beside the rank by score, and what settled it."""
    return table(
        "Decisions beside the ranks",
        standing_table,
        Column("Area of crime", lambda row: titles[row["topic"]]),
        Column("Rank by score here", lambda row: rank_label(row["rank"], found)),
        Column("Decision", "decision"),
        Column("Settled by", lambda row: SETTLED_BY[row["basis"]]),
    )


def _register(decided: dict[str, Decision], titles: dict[str, str]) -> DisplayTable:
    """Set down why, by whom and when each decision was made, and what it answers."""
    return table(
        "Register of decisions",
        decided.values(),
        Column("Area of crime", lambda each: titles[each.topic]),
        Column("Reason", "reason"),
        Column("Body", "body"),
        Column("Date", lambda each: _day(each.date)),
        Column("Review", lambda each: _day(each.review)),
        Column("National aim", lambda each: _aims(each.objectives)),
    )


def _day(value: datetime.date | Gap) -> str:
    return wording.or_gap(value) if isinstance(value, Gap) else day_in_words(value)


def _aims(value: tuple[str, ...] | Gap) -> str:
    return wording.or_gap(value) if isinstance(value, Gap) else "; ".join(value)


# What was not adopted


def _settled(basis: DecisionBasis, found: Matrix, topic: str, title: str) -> str:
    """Say whether the score or the decision settled that a topic was not adopted."""
    places = wording.first_places(found.scheme.first)
    if basis == "cannot be computed":
        why = why_not_ranked(found, topic).why if topic in found.cells else "It is not scored."
        return (
            f"**{title}: whether the score or the decision settled it cannot be computed.** {why}"
        )
    if basis == "open":
        said = (
            f"**{title}: the figures alone do not settle it.** Whether the area is in the {places} "
            "depends on judgements, on empty cells or on areas without figures."
        )
        return " ".join([said, *rests(found)])
    if basis == "decision-driven":
        return (
            f"**{title}: settled by the decision, against the score.** The computed headings alone "
            f"put it in the {places}, whatever the empty cells would be."
        )
    return (
        f"**{title}: the score leads to the same.** The computed headings alone keep it out of the "
        f"{places}, whatever the empty cells would be."
    )


def _counted_twice(decision: Decision, found: Matrix, title: str) -> str:
    """Point out the headings that were scored and then used again as a reason."""
    names = [found.scheme.heading(each).title for each in decision.double_use]
    if not names:
        return ""
    return (
        f"**{title}: counted twice.** {wording.listed(names)} "
        f"{wording.agreeing(len(names), 'is a heading', 'are headings')} of the score, and also "
        f"{wording.agreeing(len(names), 'a reason', 'reasons')} why the area was "
        f"{decision.decision}."
    )


def _since(found: TopicView, title: str) -> str:
    """Say what the figures of a topic that was not adopted did, as far as they are known."""
    series = found.primary
    if found.year_gap:
        return f"{title}: {'' if series.known else 'no figures yet, '}{found.year_gap.why}"
    counts = series.own["value"].dropna()
    by_year = ", ".join(f"{count:,.0f} in {year}" for year, count in counts.items())
    change = series.change()
    if isinstance(change.ratio, Gap):
        return f"{title} since then: {by_year}. {change.ratio.why}"
    changed = wording.change_with_interval(change.verdict, change.printed)
    return f"{title} since then: {by_year}. In the last year it {changed}."
