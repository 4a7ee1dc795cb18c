"""The area among the boroughs: ranks by count and by rate, and how sure they are."""

from __future__ import annotations

import math
from collections.abc import Iterator

from kingston_analysis.measures.comparison.ranks import RankChance, RankChances
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Finding, Gap, finding, tidy
from kingston_analysis.show import wording
from kingston_analysis.show.charts import places_chart
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.sentences import standing
from kingston_analysis.show.table import Column, table

TOWN_CENTRES = (
    "A rate for each 1,000 residents misleads for town centres: people who work, shop or go out "
    "there are not counted as residents."
)
# A count of nothing stays nothing however often it is drawn again.
NOTHING_TO_DRAW = Gap("From a count of 0 one cannot say how far chance moves these ranks.")
RATE = "Rate per 1,000 residents"


def rank_sentence(series: Series, chances: RankChances) -> str:
    """Say where the area ranks by count and by rate, what each means, and how sure it is."""
    count, rate = chances.count, chances.rate
    places = f"the {_observed(count)} count"
    if isinstance(rate, RankChance):
        places += f" and the {_observed(rate)} rate"
    among = f"{count.areas} London boroughs"
    if isinstance(rate, RankChance) and rate.areas < count.areas:
        among += f", {rate.areas} of them with a rate,"
    text = f"{series.area} had {places} of {among} in {series.latest}."
    if not series.own["value"][series.latest]:
        return f"{text} {NOTHING_TO_DRAW.why}"
    text += (
        " Ranks move by chance too. If every borough's count varied again by chance, this borough "
        "would be "
        f"{_sure(count, 'count')}"
    )
    if isinstance(rate, Gap):
        return f"{text}. There is no rank by rate: {rate.why[:1].lower()}{rate.why[1:]}"
    return (
        f"{text}, and {_sure(rate, 'rate')}. The count says how much there is to deal with, the "
        f"rate how much there is for each resident. {TOWN_CENTRES}"
    )


def _observed(found: RankChance) -> str:
    """Write the observed rank, and that another area has it too."""
    return wording.joint(_place(found)) if found.shared else _place(found)


def _place(found: RankChance, rank: float | None = None) -> str:
    """Write a rank, the observed one or another, from the nearer end of the observed one."""
    at = found.rank.value if rank is None else rank
    return wording.rank(at, math.inf) if found.end == "lowest" else wording.rank(math.inf, at)


def _sure(found: RankChance, measure: str) -> str:
    place, ends = _place(found), [_place(found, rank) for rank in found.rank.ends or ()]
    further = "lower" if found.end == "lowest" else "higher"
    or_further = "" if found.rank.value == 1 else f" or {further}"
    name = wording.interval_name(found.rank.level)
    # Second to seventh lowest; but lowest to third lowest.
    interval = f"{name}: {ends[0].removesuffix(f' {found.end}')} to {ends[1]}"
    if ends[0] == ends[1]:
        alone = "that rank" if ends[0] == place else ends[0]
        interval = f"the {name} is {alone} alone"
    return (
        f"{place}{or_further} by {measure} in {_of_a_hundred(found.chance)} simulated years "
        f"({interval})"
    )


def _of_a_hundred(chance: float) -> str:
    if chance >= 0.995:
        return "more than 99 of 100"
    return f"{chance * 100:.0f} of 100" if chance >= 0.005 else "fewer than 1 of 100"


def boroughs_figure(series: Series) -> Figure:
    """Show every borough's rate (or, where none is held, count) in the latest year."""
    indicator, rated = series.indicator, bool(series.comparable["rank_rate"].notna().any())
    by, unit = "rate" if rated else "value", wording.sentence_start(indicator.unit)
    rows = series.comparable.sort_values([by, "area"], ascending=[False, True])
    drawn = rows.assign(place=rows["area"], value=rows[by].map(tidy))[["place", "value"]]
    columns = [
        Column("Borough", "area"),
        Column(unit, "value", "count"),
        Column("Rank by count, 1 is lowest", "rank_count", "count"),
    ]
    if rated:
        columns.append(Column(RATE, "rate", "rate"))
        columns.append(Column("Rank by rate, 1 is lowest", "rank_rate", "count"))
    axis, number = (RATE, ",.1f") if rated else (unit, ",.0f")
    numbers = zip(drawn["place"], drawn["value"], strict=True)
    places = {place: f"{place}, {wording.number(value)}" for place, value in numbers}
    first, *_, last = places.values()
    own = [places[series.area]] if series.area in places else []
    said = "; ".join([f"From {first}, down to {last}", *own])
    return Figure(
        id=f"{indicator.id}-boroughs",
        heading=_heading(series, "rate" if rated else "count"),
        chart=places_chart(drawn, series.area, axis, number),
        alternative=f"Bar chart: {axis.lower()}, {series.latest}. {said}.",
        table=table(f"{indicator.title} in {series.latest}, London boroughs", rows, *columns),
        tables=series.sources,
        period=series.latest,
    )


def _heading(series: Series, measure: str) -> str:
    year, rank = series.latest, f"rank_{measure}"
    if math.isnan(series.own[rank][year]):
        return f"{series.indicator.title}: no figure for {series.area} in {year}"
    return (
        f"{series.indicator.title}: {series.area} had the {standing(series, rank)} {measure} of "
        f"{int(series.own['areas'][year])} boroughs in {year}"
    )


def rank_findings(series: Series, chances: RankChances) -> Iterator[Finding]:
    """Give the findings on ranks and their chances."""
    year = series.latest
    ranks: dict[str, RankChance | Gap] = {"count": chances.count, "rate": chances.rate}
    if not series.own["value"][year]:
        ranks = dict.fromkeys(ranks, NOTHING_TO_DRAW)
    for measure, rank in ranks.items():
        names = f"chance_of_rank_{measure}", f"rank_{measure}_near"
        if isinstance(rank, Gap):
            yield finding(names[0], year, rank, "probability")
            yield finding(names[1], year, rank, "rank")
        else:
            unit = f"probability of that rank or one nearer the {rank.end}"
            yield finding(names[0], year, rank.chance, unit)
            yield finding(names[1], year, rank.rank, f"rank from the {rank.end}")
