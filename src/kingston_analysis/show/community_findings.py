"""The findings that surveys give: shares with intervals, changes in points, ranks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from kingston_analysis.measures.community import Views
from kingston_analysis.show import survey_words as words
from kingston_analysis.show.display import tidy

FEW = "Too few people answered, or are on one side of the share."
NOT_HELD = "No figure is held."
RANKS = {
    "rank": "rank from the lowest",
    "rank_top": "rank from the highest",
    "areas": "boroughs",
}


def community_values(views: Views) -> Iterator[dict[str, Any]]:
    """Give the findings of a survey, each named by the survey, the question and what it is."""
    for question, row in views.shares.iterrows():
        about = {"period": views.period, "what": row["title"]}
        for found in _of_question(views, question, row):
            named = f"{views.survey.id}.{question}.{found['name']}"
            yield {**about, **found, "name": named}
    yield from _ranked(views)
    told = {"name": f"{views.survey.id}.headline", "period": views.period, "unit": "text"}
    yield {**told, "value": words.survey_sentence(views)}


def no_survey_values(reason: str) -> list[dict[str, Any]]:
    """Give the finding of an edition without a survey: no value, with the reason."""
    return [{"name": "survey", "period": None, "value": None, "unit": "text", "missing": reason}]


def _of_question(views: Views, question: str, row: pd.Series) -> Iterator[dict[str, Any]]:
    unit = f"share of {words.people(views)}"
    share = {"name": "share", **_value(row["share"], unit, row["withheld"])}
    if pd.notna(row["low"]):
        share["interval"] = (tidy(row["low"]), tidy(row["high"]))
    yield share
    if pd.notna(row["base"]) and not row["withheld"]:
        yield {"name": "base", **_value(row["base"], "people who answered", False)}
    if question in views.standing.index:
        standing = views.standing.loc[question]
        points = round(standing["change"] * 100, 6)
        yield {"name": "change", **_value(points, "percentage points on a year before", False)}
        for name, what in RANKS.items():
            yield {"name": name, **_value(standing[name], what, False)}


def _ranked(views: Views) -> Iterator[dict[str, Any]]:
    for question, row in views.concerns.iterrows():
        found = _value(row["rank"], "rank from the most common concern", False)
        if pd.notna(row["rank_low"]):
            found["interval"] = (tidy(row["rank_low"]), tidy(row["rank_high"]))
        name = f"{views.survey.id}.{question}.concern_rank"
        yield {"name": name, "period": views.period, "what": row["title"], **found}


def _value(value: float, unit: str, withheld: bool) -> dict[str, Any]:
    if withheld or pd.isna(value):
        return {"value": None, "unit": unit, "missing": FEW if withheld else NOT_HELD}
    return {"value": tidy(value), "unit": unit}
