"""How the shares of a survey are written: of whom, with which digits, and what is withheld."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter

import pandas as pd

from kingston_analysis.measures.survey.results import SurveyResults
from kingston_analysis.measures.survey.shares import MINIMUM_BASE, MINIMUM_SIDE
from kingston_analysis.show import wording
from kingston_analysis.show.table import Column, Row

WITHHELD = (
    f"[c] stands where fewer than {MINIMUM_BASE} people answered, where fewer than {MINIMUM_SIDE} "
    "people are on one side of a share, or where another share would give one of these away."
)
CHANCE = (
    "How many people were asked is not published, so no share has an interval: any difference may "
    "be chance."
)
ShareCell = Callable[[Row], str | float]


def by_survey(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Put frames by question, given by the id of their survey, under each other."""
    return pd.concat(frames, names=["survey", "question"]).reset_index()


def people(results: SurveyResults) -> str:
    """Name the people of whom the shares speak."""
    if results.survey.self_selected:
        return "those who replied"
    if results.replies is None:
        return "people asked"
    return "residents" if results.weighted else "people who answered"


def are_whole_percent(results: SurveyResults) -> bool:
    """Tell whether a survey's shares are published as whole percentages."""
    hundred = results.shares["share"].dropna() * 100
    return bool(((hundred - hundred.round()).abs() < 1e-6).all())


def share_percent(results: SurveyResults, share: float) -> str:
    """Write a share as a percentage, with a decimal only where some of the survey's have one."""
    return f"{share:.0%}" if are_whole_percent(results) else wording.share(share)


def interval(low: float, high: float) -> str:
    """Write the ends of a share's interval: 37.1% to 45.4%."""
    return f"{wording.share(low)} to {wording.share(high)}"


def confidential(cell: ShareCell) -> ShareCell:
    """Return a cell of a row, or [c] where the row's share is withheld."""
    return lambda row: "[c]" if row["withheld"] else cell(row)


def percent_column(results: SurveyResults, title: str, cell: ShareCell) -> Column:
    """Make a column of shares: in whole percent where no share has more digits."""
    if not are_whole_percent(results):
        return Column(title, cell, "percent")

    def in_percent(row: Row) -> str | float:
        share = cell(row)
        return share if isinstance(share, str) else share * 100

    return Column(f"{title}, %", in_percent, "count")


def share_columns(results: SurveyResults) -> list[Column]:
    """Make the columns of share, interval and base; what is withheld as [c]."""
    whose = wording.sentence_start(people(results))
    return [
        percent_column(results, f"{whose}, {results.area}", confidential(itemgetter("share"))),
        Column(
            "95% interval",
            confidential(
                lambda row: "[x]" if pd.isna(row["low"]) else interval(row["low"], row["high"])
            ),
        ),
        Column(
            "People who answered",
            lambda row: "[c]" if row["withheld"] and row["base"] < MINIMUM_BASE else row["base"],
            "count",
        ),
    ]


def rank_interval(row: Row) -> str:
    """Write between which ranks a concern lies."""
    if pd.isna(row["rank_low"]):
        return "[x]"
    return f"{row['rank_low']:.0f} to {row['rank_high']:.0f}"


def first_place(results: SurveyResults) -> str:
    """Name what was named most, or those that share that place, with *was* or *were*."""
    first = results.concerns[results.concerns["rank"] == 1]["title"]
    return f"{wording.like([*first], 'others')} {wording.agreeing(len(first), 'was', 'were')}"
