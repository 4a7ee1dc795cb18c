"""An area among the boroughs: ranks and how sure they are, the funnel, findings."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from kingston_analysis.measures.comparison.funnel import ENOUGH_AREAS, Funnel
from kingston_analysis.measures.comparison.ranks import NO_RATE, RankChance, RankChances
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Finding, Gap, finding
from kingston_analysis.show import wording
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.funnel_chart import funnel_chart
from kingston_analysis.show.table import DisplayTable, Heading

TOWN_CENTRES = (
    "A rate for each 1,000 residents misleads for town centres: people who work, shop or go out "
    "there are not counted as residents."
)
NO_FUNNEL = Gap(f"Fewer than {ENOUGH_AREAS} boroughs have a count and a population.")
RATE = "Rate per 1,000 residents"


def rank_sentence(series: Series, chances: RankChances) -> str:
    """Say where the area ranks by count and by rate, what each means, and how sure it is."""
    count, rate = chances.count, chances.rate
    places = f"the {_place(count)} count"
    if isinstance(rate, RankChance):
        places += f" and the {_place(rate)} rate"
    text = (
        f"{series.area} had {places} of {count.areas} London boroughs in {series.latest}. Ranks "
        f"move by chance too. With every borough's count drawn again, it would be "
        f"{_sure(count, 'count')}"
    )
    if isinstance(rate, Gap):
        return f"{text}. There is no rank by rate: {rate.why[:1].lower()}{rate.why[1:]}"
    return (
        f"{text}, and {_sure(rate, 'rate')}. The count says how much there is to deal with, the "
        f"rate how much there is for each resident. {TOWN_CENTRES}"
    )


def _place(found: RankChance, rank: int | None = None) -> str:
    """Write a rank, the observed one or another, from the nearer end of the observed one."""
    at = found.rank.value if rank is None else rank
    return wording.rank(at, math.inf) if found.end == "lowest" else wording.rank(math.inf, at)


def _sure(found: RankChance, measure: str) -> str:
    place, ends = _place(found), [_place(found, rank) for rank in found.rank.ends or ()]
    further = "lower" if found.end == "lowest" else "higher"
    or_further = "" if found.rank.value == 1 else f" or {further}"
    interval = f"{ends[0]} only" if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
    return (
        f"{place}{or_further} by {measure} in {_of_a_hundred(found.chance)} simulated years "
        f"(95% interval: {interval})"
    )


def _of_a_hundred(chance: float) -> str:
    if chance >= 0.995:
        return "more than 99 of 100"
    return f"{chance * 100:.0f} of 100" if chance >= 0.005 else "fewer than 1 of 100"


def funnel_sentence(series: Series, found: Funnel) -> str:
    """Say in what range boroughs of the area's size usually lie, and where the area lies."""
    row = _own(series, found)
    if row is None:
        return f"{series.area} has no rate in {series.latest}, so it has no place in the funnel."
    return (
        f"All boroughs together had {found.rate:.1f} {series.indicator.counted} for every 1,000 "
        f"residents in {series.latest}. Boroughs truly differ, and counts vary by chance: about 95 "
        f"of 100 boroughs the size of {series.area} would lie between {row['low95']:.1f} and "
        f"{row['high95']:.1f}. {series.area} had {row['rate']:.1f}, {_where(row)}."
    )


def _own(series: Series, found: Funnel) -> pd.Series | None:
    rows = found.frame[found.frame["area"] == series.area]
    return None if rows.empty else rows.iloc[0]


def _where(row: pd.Series) -> str:
    if row["status"] != "within":
        return f"{row['status']} what boroughs that truly differ show"
    if row["rate"] > row["high95"]:
        return "at the upper edge of what boroughs that truly differ show"
    if row["rate"] < row["low95"]:
        return "at the lower edge of what boroughs that truly differ show"
    return "within what boroughs that truly differ show"


def funnel_figure(series: Series, found: Funnel) -> Figure:
    """Show the boroughs' rates by their residents, with limits for boroughs that truly differ."""
    row, year, title = _own(series, found), series.latest, series.indicator.title
    if row is None:
        heading, own = f"{title}: no rate for {series.area} in {year}", "no rate"
    else:
        heading = f"{title}: the rate of {series.area} in {year} was {_where(row)}"
        own = f"{row['rate']:.1f}, 95% limits {row['low95']:.1f} to {row['high95']:.1f}"
    outside = int((found.frame["status"] != "within").sum())
    return Figure(
        id=f"{series.indicator.id}-funnel",
        heading=heading,
        chart=funnel_chart(found, series.area, RATE),
        alternative=f"Funnel chart of rates per 1,000 residents by number of residents, {year}. "
        f"{series.area}: {own}. All boroughs: {found.rate:.1f}. Outside the 99.8% limits: "
        f"{outside} of {len(found.frame)}.",
        table=_funnel_table(series, found),
        tables=(series.table.name, "population"),
        period=year,
        note=f"The diamond is {series.area}, each dot another borough, the thick line all boroughs "
        "together. If only chance and the usual differences between boroughs were at work, about "
        "95 of 100 would lie between the dashed lines and nearly all between the solid ones.",
    )


def _funnel_table(series: Series, found: Funnel) -> DisplayTable:
    limits = {
        "low998": "Lower 99.8% limit",
        "low95": "Lower 95% limit",
        "high95": "Upper 95% limit",
        "high998": "Upper 99.8% limit",
    }
    headings = [Heading("Borough"), Heading("Residents", "count"), Heading(RATE, "rate")]
    headings += [Heading(title, "rate") for title in limits.values()]
    headings.append(Heading("Beside the 99.8% limits"))
    rows = found.frame.sort_values(["rate", "area"], ascending=[False, True])
    columns = ["area", "population", "rate", *limits, "status"]
    caption = f"{series.indicator.title} in {series.latest}: rates and funnel limits"
    return DisplayTable(caption, headings, rows[columns].to_numpy().tolist())


def comparison_values(
    series: Series, chances: RankChances, found: Funnel | None
) -> Iterator[Finding]:
    """Give the findings on ranks and their chances, and on the funnel."""
    year = series.latest
    for measure, rank in {"count": chances.count, "rate": chances.rate}.items():
        names = f"chance_of_rank_{measure}", f"rank_{measure}_near"
        if isinstance(rank, Gap):
            yield finding(names[0], year, rank, "probability")
            yield finding(names[1], year, rank, "rank")
        else:
            unit = f"probability of that rank or one nearer the {rank.end}"
            yield finding(names[0], year, rank.chance, unit)
            yield finding(names[1], year, rank.rank, f"rank from the {rank.end}")
    yield finding("funnel_status", year, _funnel_status(series, found), "text")


def _funnel_status(series: Series, found: Funnel | None) -> str | Gap:
    row = None if found is None else _own(series, found)
    if row is None:
        return NO_FUNNEL if found is None else NO_RATE
    return _where(row)
