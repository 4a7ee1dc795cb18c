"""Cells and headers that the tables of surveys share."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from kingston_analysis.measures.community import Views
from kingston_analysis.measures.shares import MINIMUM_BASE
from kingston_analysis.show import survey_words as words
from kingston_analysis.show import wording
from kingston_analysis.show.table import Heading


def percent(views: Views, share: float) -> str:
    """Write a share of a survey as its publisher's digits allow."""
    return words.percent_of(share, views.shares["share"])


def percent_heading(views: Views, title: str) -> Heading:
    """Head a column of shares: in whole percent where no share has more digits."""
    whole = words.whole(views.shares["share"])
    return Heading(f"{title}, %", "count") if whole else Heading(title, "percent")


def percent_cell(views: Views, share: float) -> float:
    """Return a share as the column under `percent_heading` holds it."""
    return share * 100 if words.whole(views.shares["share"]) else share


def share_headings(views: Views) -> list[Heading]:
    """Head the cells that `share_cells` returns."""
    whose = wording.sentence_start(words.people(views))
    return [
        percent_heading(views, f"{whose}, {views.area}"),
        Heading("95% interval"),
        Heading("People who answered", "count"),
    ]


def share_cells(views: Views, row: pd.Series) -> list[Any]:
    """Return share, interval and base of a question; what is withheld as [c]."""
    if row["withheld"]:
        return ["[c]", "[c]", "[c]" if row["base"] < MINIMUM_BASE else row["base"]]
    known = not math.isnan(row["low"])
    interval = words.interval_of(row["low"], row["high"]) if known else "[x]"
    return [percent_cell(views, row["share"]), interval, row["base"]]


def rank_cells(row: pd.Series) -> list[Any]:
    """Return the rank of a concern and its interval."""
    if row["withheld"]:
        return ["[c]", "[c]"]
    if math.isnan(row["rank_low"]):
        return [row["rank"], "[x]"]
    return [row["rank"], f"{row['rank_low']:.0f} to {row['rank_high']:.0f}"]
