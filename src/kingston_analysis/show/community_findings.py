"""The findings that surveys give: shares with intervals, changes in points, ranks."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from kingston_analysis.measures.community import Views
from kingston_analysis.results import Estimate, Finding, Gap, finding
from kingston_analysis.show import survey_words as words

FEW = Gap("Too few people answered, or are on one side of the share.")
NOT_HELD = Gap("No figure is held.")
RANKS = {
    "rank": "rank from the lowest",
    "rank_top": "rank from the highest",
    "areas": "boroughs",
}


def community_values(views: Views) -> Iterator[Finding]:
    """Give the findings of a survey, each named by the survey, the question and what it is."""
    for question, row in views.shares.iterrows():
        for measure, result, unit in _of_question(views, question, row):
            yield _finding(views, question, measure, result, unit)
    for question, row in views.concerns.iterrows():
        rank = _known(row["rank"], row["rank_low"], row["rank_high"])
        yield _finding(views, question, "concern_rank", rank, "rank from the most common concern")
    text = words.survey_sentence(views)
    yield finding("headline", views.period, text, "text", subject=views.survey.id)


def _of_question(
    views: Views, question: str, row: pd.Series
) -> Iterator[tuple[str, Estimate | Gap, str]]:
    share = FEW if row["withheld"] else _known(row["share"], row["low"], row["high"])
    yield "share", share, f"share of {words.people(views)}"
    if pd.notna(row["base"]) and not row["withheld"]:
        yield "base", _known(row["base"]), "people who answered"
    if question in views.standing.index:
        standing = views.standing.loc[question]
        points = round(standing["change"] * 100, 6)
        yield "change", _known(points), "percentage points on a year before"
        for name, what in RANKS.items():
            yield name, _known(standing[name]), what


def _known(value: float, low: float = math.nan, high: float = math.nan) -> Estimate | Gap:
    if pd.isna(value):
        return NOT_HELD
    return Estimate(value) if pd.isna(low) else Estimate(value, low, high)


def _finding(
    views: Views, question: str, measure: str, result: Estimate | Gap, unit: str
) -> Finding:
    subject, what = f"{views.survey.id}.{question}", views.shares["title"][question]
    return finding(measure, views.period, result, unit, subject=subject, what=what)
