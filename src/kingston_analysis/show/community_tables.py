"""The community's views as tables: their standing, concerns beside harm, and who answered."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.community import Views
from kingston_analysis.show import wording
from kingston_analysis.show.survey_cells import percent_cell, percent_heading, rank_cells
from kingston_analysis.show.table import DisplayTable, Heading


def standing_table(views: Views) -> DisplayTable:
    """Set shares beside a year before, the larger area and the other boroughs."""
    found = views.shares.join(views.standing)
    found = found.sort_values("share", ascending=False, kind="stable")
    areas = found["areas"].max()
    ends = [periods.in_words(each, views.kind) for each in (views.before, views.period)]
    headings = [
        Heading("Question"),
        *(percent_heading(views, wording.sentence_start(each)) for each in ends),
        Heading("Change, percentage points", "signed count"),
        Heading("Rank from the highest" + (f" of {areas:.0f}" if areas > 1 else "")),
    ]
    rows = [[row["title"], *_standing_cells(views, row)] for _, row in found.iterrows()]
    if views.beside:
        headings.insert(4, Heading(f"Less the {views.beside}, percentage points", "signed count"))
        for row, (_, each) in zip(rows, found.iterrows(), strict=True):
            row.insert(4, "[c]" if each["withheld"] else (each["share"] - each["beside"]) * 100)
    title = f"{views.survey.title}, {views.area}: a year before, and among the boroughs"
    return DisplayTable(title, headings, rows)


def _standing_cells(views: Views, row: pd.Series) -> list[Any]:
    if row["withheld"]:
        return ["[c]"] * 4
    shares = [percent_cell(views, row[name]) for name in ("before", "share")]
    if math.isnan(row["rank_top"]) or row["areas"] < 2:
        return [*shares, row["change"] * 100, "[x]"]
    joint = "joint " if row["ties"] > 1 else ""
    return [*shares, row["change"] * 100, joint + wording.ordinal(int(row["rank_top"]))]


def gap_table(views: Views, harm: dict[str, float]) -> DisplayTable:
    """Set each concern's rank, with its interval, beside its rank by recorded harm."""
    headings = [
        Heading("Concern"),
        Heading("Rank as a concern", "count"),
        Heading("95% interval"),
        Heading("Rank by recorded harm", "count"),
        Heading("Places that concern ranks higher", "signed count"),
        Heading("Gap"),
    ]
    rows = [
        [row["title"], *rank_cells(row), row["harm_rank"], row["gap"], _verdict(row)]
        for _, row in views.gaps(harm).assign(withheld=False).iterrows()
    ]
    return DisplayTable("Concerns beside recorded harm, 1 is most", headings, rows)


def _verdict(row: pd.Series) -> str:
    if math.isnan(row["rank_low"]):
        return "[x]"
    if not row["clear"]:
        return "no clear gap"
    return "concern ranks higher" if row["gap"] > 0 else "concern ranks lower"


def profile_table(views: Views) -> DisplayTable:
    """Set those who answered beside the residents, group by group."""
    headings = [
        Heading("Group"),
        Heading("People who answered", "count"),
        Heading("Share of them", "percent"),
        Heading("Share of residents", "percent"),
        Heading("Difference, percentage points", "signed count"),
    ]
    rows = [_profile_row(views, row) for _, row in views.profile.iterrows()]
    return DisplayTable(f"{views.survey.title}: who answered", headings, rows)


def _profile_row(views: Views, row: pd.Series) -> list[Any]:
    title = views.survey.profile[row["margin"]]
    if pd.isna(row["category"]):
        count = "[c]" if row["withheld"] else row["respondents"]
        return [f"{title}: not stated", count, "[z]", "[z]", "[z]"]
    name = f"{title}: {row['category']}"
    if row["withheld"]:
        return [name, "[c]", "[c]", row["target"], "[c]"]
    return [name, row["respondents"], row["share"], row["target"], row["difference"] * 100]
