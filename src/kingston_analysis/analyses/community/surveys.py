"""Surveys: which there are, who answered and who was not heard, and what they cannot tell."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

import pandas as pd

from kingston_analysis.analyses.community.shares import (
    CHANCE,
    WITHHELD,
    by_survey,
    confidential,
    people,
)
from kingston_analysis.data.tables import periods
from kingston_analysis.measures.survey.results import SurveyResults
from kingston_analysis.results import Estimate, Finding, Gap, finding
from kingston_analysis.show import wording
from kingston_analysis.show.answer import Part, Publication, analysis
from kingston_analysis.show.sources import caveats_of, sources_table
from kingston_analysis.show.table import Column, DisplayTable, Row, records, table
from kingston_analysis.views.edition import EditionView

FEW = Gap("Too few people answered, or are on one side of the share.")
NOT_HELD = Gap("No figure is held.")
RANKS = {
    "rank": "rank from the lowest",
    "rank_top": "rank from the highest",
    "areas": "boroughs",
}


@analysis("Survey of residents")
def surveys(view: EditionView) -> Iterator[Part]:
    """Say which surveys there are and whose answers they hold; else what is known without one."""
    for results in view.surveys:
        yield _survey(results)
        yield Publication(tuple(_findings(results)), results.tables)
    if not view.surveys:
        yield view.no_survey
        yield Publication((finding("survey", None, view.no_survey, "text"),), ())
    yield from view.known_views


@analysis("Who answered")
def who_answered(view: EditionView) -> Iterator[Part]:
    """Set those who answered beside the residents, and say who is missing most."""
    found = [results for results in view.surveys if len(results.profile)]
    if not found:
        yield Gap(
            "No answers are held person by person, so those who answered cannot be compared with "
            "all residents."
        )
        return
    yield by_survey({each.survey.id: each.profile for each in found}).drop(columns="question")
    for results in found:
        yield _furthest(results)
        yield _profile(results)


@analysis("What the surveys cannot tell")
def survey_limits(view: EditionView) -> Iterator[Part]:
    """List what the surveys cannot tell, and what is not known without one."""
    for each in view.scope.tables:
        yield caveats_of(each, view.edition)
    if not view.scope.tables:
        yield (
            "No answers are held, so this page cannot say which crimes concern people most, "
            "whether they feel safe or what they think of the police."
        )


@analysis("Sources")
def survey_sources(view: EditionView) -> Iterator[Part]:
    """List the tables of the surveys, where there are any."""
    if view.scope.tables:
        yield sources_table(view.scope.tables)
    else:
        yield Gap("No table of a survey is held for this edition.")


# Which surveys there are


def _survey(results: SurveyResults) -> str:
    """Say what a survey is, how many people answered, and for whom it can speak."""
    survey = results.survey
    when = wording.sentence_start(periods.in_words(results.period, results.kind))
    lines = [f"**{survey.title}.** {when}. {survey.about}"]
    if results.replies is not None:
        lines.append(_replies(results, results.replies))
    elif results.shares["base"].isna().all():
        lines.append(CHANCE)
    if survey.self_selected:
        lines.append(
            "People chose whether to reply. The shares are **of those who replied**, not of all "
            "residents, and no interval can allow for who chose to."
        )
    if results.shares["withheld"].any():
        lines.append(WITHHELD)
    return " ".join(lines)


def _replies(results: SurveyResults, replies: int) -> str:
    count = f"{wording.number(replies)} {wording.agreeing(replies, 'person', 'people')}"
    if not results.weighted:
        return f"{count} answered, and their answers are not weighted."
    weighted = "weighted"
    if results.raked:
        margins = wording.listed(results.profile_titles[each].lower() for each in results.raked)
        weighted = f"weighted to the residents' {margins}"
    equal = wording.counted(round(replies / results.design_effect), "answers")
    return (
        f"{count} answered, and their answers are {weighted}. "
        f"Unequal weights cost precision: they tell as much as {equal} with equal weights "
        f"(design effect {results.design_effect:.2f})."
    )


def _findings(results: SurveyResults) -> Iterator[Finding]:
    """Give the findings of a survey, each named by the survey, the question and what it is."""
    for question, row in zip(results.shares.index, records(results.shares), strict=True):
        for measure, result, unit in _of_question(results, question, row):
            yield _finding(results, question, measure, result, unit)
    for question, row in zip(results.concerns.index, records(results.concerns), strict=True):
        rank = _known(row["rank"], row["rank_low"], row["rank_high"])
        unit = "rank from the most common concern"
        yield _finding(results, question, "concern_rank", rank, unit)
    text = _survey(results)
    yield finding("headline", results.period, text, "text", subject=results.survey.id)


def _of_question(
    results: SurveyResults, question: str, row: Row
) -> Iterator[tuple[str, Estimate | Gap, str]]:
    share = FEW if row["withheld"] else _known(row["share"], row["low"], row["high"])
    yield "share", share, f"share of {people(results)}"
    if pd.notna(row["base"]) and not row["withheld"]:
        yield "base", _known(row["base"]), "people who answered"
    if question in results.standing.index:
        standing = results.standing.loc[[question]].iloc[0]
        points = round(standing["change"] * 100, 6)
        yield "change", _known(points), "percentage points on a year before"
        for name, what in RANKS.items():
            yield name, _known(standing[name]), what


def _known(value: float, low: float = math.nan, high: float = math.nan) -> Estimate | Gap:
    if pd.isna(value):
        return NOT_HELD
    return Estimate(value) if pd.isna(low) else Estimate(value, low, high)


def _finding(
    results: SurveyResults, question: str, measure: str, result: Estimate | Gap, unit: str
) -> Finding:
    subject, what = f"{results.survey.id}.{question}", results.shares["title"][question]
    return finding(measure, results.period, result, unit, subject=subject, what=what)


# Who answered


def _furthest(results: SurveyResults) -> str:
    """Say who is furthest below their share of the residents among those who answered."""
    known = results.profile.dropna(subset=["difference"])
    if known.empty:
        return "No figures on all residents are held beside them, so who is missing is not known."
    low = known.iloc[known["difference"].argmin()]
    group = f"{results.profile_titles[low['margin']].lower()} {low['category']}"
    return (
        f"Furthest from their share of the residents: {group}, with "
        f"{wording.number(low['respondents'])} of those who answered, "
        f"{wording.share(low['share'])}, against {wording.share(low['target'])} of residents."
    )


def _profile(results: SurveyResults) -> DisplayTable:
    """Set those who answered beside the residents, group by group."""

    def group(row: Row) -> str:
        category: str = "not stated" if pd.isna(row["category"]) else row["category"]
        return f"{results.profile_titles[row['margin']]}: {category}"

    return table(
        f"{results.survey.title}: who answered",
        results.profile,
        Column("Group", group),
        Column("People who answered", confidential(itemgetter("respondents")), "count"),
        Column("Share of them", _stated(confidential(itemgetter("share"))), "percent"),
        Column("Share of residents", _stated(itemgetter("target")), "percent"),
        Column(
            "Difference, percentage points",
            _stated(confidential(lambda row: row["difference"] * 100)),
            "signed count",
        ),
    )


def _stated(cell: Callable[[Row], Any]) -> Callable[[Row], Any]:
    return lambda row: "[z]" if pd.isna(row["category"]) else cell(row)
