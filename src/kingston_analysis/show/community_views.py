"""The community's views as figures: what people said, and what concerns them most."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.community import Views
from kingston_analysis.show import survey_words as words
from kingston_analysis.show import wording
from kingston_analysis.show.figure import LONGEST, Figure
from kingston_analysis.show.survey_cells import (
    percent,
    percent_cell,
    percent_heading,
    rank_cells,
    share_cells,
    share_headings,
)
from kingston_analysis.show.survey_chart import shares_chart
from kingston_analysis.show.table import DisplayTable, Heading


def views_figures(views: Views) -> list[Figure]:
    """Show what people said: one figure of opinions, one of concerns, where there are any."""
    opinions = views.shares[views.shares["topic"].isna()]
    opinions = opinions.sort_values("share", ascending=False, kind="stable")
    made = [(opinions, _opinions)] if opinions["share"].notna().any() else []
    if len(views.concerns):
        rest = views.shares[views.shares["topic"].notna() & views.shares["share"].isna()]
        made.append((pd.concat([views.concerns, rest]), _concerns))
    return [make(views, shares) for shares, make in made]


def _opinions(views: Views, shares: pd.DataFrame) -> Figure:
    headings = [Heading("Question"), *share_headings(views)]
    rows = [[row["title"], *share_cells(views, row)] for _, row in shares.iterrows()]
    if views.beside:
        headings.append(percent_heading(views, views.beside))
        beside = views.standing["beside"].reindex(shares.index)
        rows = [[*row, percent_cell(views, each)] for row, each in zip(rows, beside, strict=True)]
    return _figure(views, "opinions", _opinions_heading(views, shares), shares, headings, rows)


def _concerns(views: Views, shares: pd.DataFrame) -> Figure:
    headings = [
        Heading("Concern"),
        *share_headings(views),
        Heading("Rank, 1 is most common", "count"),
        Heading("95% interval of the rank"),
    ]
    rows = [
        [row["title"], *share_cells(views, row), *rank_cells(row)] for _, row in shares.iterrows()
    ]
    return _figure(views, "concerns", _concerns_heading(views), shares, headings, rows)


def _concerns_heading(views: Views) -> str:
    top, many = views.concerns.iloc[0], len(views.concerns)
    whose = f" of {many} concerns" + " among those who replied" * views.survey.self_selected
    if math.isnan(top["rank_high"]):
        return f"{top['title']} was named most often{whose}"
    if top["rank_high"] == 1:
        return f"{top['title']} was the most common{whose}, more than chance explains"
    lowest = wording.ordinal(int(top["rank_high"]))
    return f"{top['title']} was named most often{whose}, but may rank as low as {lowest}"


def _figure(
    views: Views,
    what: str,
    heading: str,
    shares: pd.DataFrame,
    headings: list[Heading],
    rows: list[list[Any]],
) -> Figure:
    when = periods.in_words(views.period, views.kind)
    note = "Lines show the 95% interval. " if shares["low"].notna().any() else f"{words.CHANCE} "
    note += words.WITHHELD if shares["withheld"].any() else ""
    caption = f"{views.survey.title}, {views.area}, {when}"
    known = shares.dropna(subset=["share"])
    return Figure(
        id=f"{views.survey.id}-{what}",
        heading=heading,
        chart=shares_chart(_drawn(views, known)),
        alternative=_alternative(views, known),
        table=DisplayTable(caption, headings, rows),
        tables=views.tables,
        period=when,
        note=note.strip(),
    )


def _drawn(views: Views, shares: pd.DataFrame) -> pd.DataFrame:
    text = [words.percent_of(share, views.shares["share"]) for share in shares["share"]]
    label = [f"{title}, {each}" for title, each in zip(shares["title"], text, strict=True)]
    own = shares[["share", "low", "high"]].assign(label=label, where=views.area)
    if not views.beside:
        return own
    other = own.assign(
        share=views.standing["beside"], low=math.nan, high=math.nan, where=views.beside
    )
    return pd.concat([other.dropna(subset=["share"]), own], ignore_index=True)


def _opinions_heading(views: Views, shares: pd.DataFrame) -> str:
    known = shares.dropna(subset=["share"])
    if views.beside:
        gap = (known["share"] - views.standing["beside"]).round(6)
        return (
            f"{views.area} had a higher share than the {views.beside} on {(gap > 0).sum()} of "
            f"{gap.notna().sum()} questions, and a lower one on {(gap < 0).sum()}"
        )
    highest = "" if len(known) == 1 else f"Highest of {len(known)} answers: "
    return f"{highest}{_said(views, known.iloc[0])} of {words.people(views)}"


def _said(views: Views, row: pd.Series) -> str:
    return f"{row['title']}, {percent(views, row['share'])}"


def _alternative(views: Views, shares: pd.DataFrame) -> str:
    first, last = shares.iloc[0], shares.iloc[-1]
    text = f"Dot chart of shares in {views.area}: "
    text += f"highest {_said(views, first)}; lowest {_said(views, last)}"
    if len(shares) == 1:
        text = f"Dot chart of one share in {views.area}: {_said(views, first)}"
    more = f"; beside each the {views.beside}" if views.beside else ""
    more += "; with 95% intervals" if shares["low"].notna().any() else ""
    return f"{text}{more}."[:LONGEST]
