"""Wards: where in the borough it happens, and what changed there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kingston_analysis.measures.change import JUDGED_AT, Change, check_level
from kingston_analysis.measures.series import Series
from kingston_analysis.measures.wards import Concentration, Wards
from kingston_analysis.results import Finding, Gap, finding
from kingston_analysis.show import charts, wording
from kingston_analysis.show.answer import Part, Publication, analysis
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import Column, DisplayTable, records, table
from kingston_analysis.views.topic import TopicView

CLEAR = ("rose", "fell")
NOT_OF_A_WARD = dict.fromkeys(["share", "change", "interval", "verdict"], "[z]")


@analysis("Wards of this borough")
def wards(view: TopicView, *, level: float = JUDGED_AT) -> Iterator[Part]:
    """Describe the wards in the primary indicator's latest year, where a table has them.

    `level` is that of intervals and verdicts; the findings do not depend on it. Raises
    KingstonError for a level that is none.
    """
    check_level(level)
    primary = view.primary
    found = view.wards if level == JUDGED_AT else view.describe_wards(level)
    if isinstance(found, Gap):
        yield found
        return
    tables = tuple(filter(None, [primary.indicator.wards, primary.table.name]))
    yield found.frame
    yield f"{_most(found, primary.indicator.counted)} {_changes(found)}"
    if found.concentration:
        yield _figure(found, primary, tables, level)
    yield Publication(tuple(_findings(found, primary.indicator.unit)), tables)


# Words


def _most(found: Wards, counted: str) -> str:
    """Say which ward has most, its share, and how far the wards' sum is from the borough's."""
    total = wording.number(found.total)
    if found.concentration is None:
        return f"No ward had any of the borough's {total} in {found.period}."
    top = found.frame.iloc[0]
    sums, shares = "the sum of its wards", wording.share(top["share"])
    if found.unplaced:
        more = "more" if found.unplaced > 0 else "fewer"
        sums = f"{wording.number(abs(found.unplaced))} {more} than {sums}"
        shares = f"{_of_borough(top['value'], found)}{shares} of the sum of its wards"
    return (
        f"{top['ward']} ward had {wording.number(top['value'])} of the borough's {total}: "
        f"{shares}. The borough's own count is {sums}. No ward populations are held, so these are "
        f"counts and shares, not rates. {_spread(found.concentration, counted)}"
    )


def _of_borough(value: float, found: Wards) -> str:
    of_all = _of_all(value, found)
    return "" if of_all is None else f"{wording.share(of_all)} of the borough's own count, and "


def _spread(found: Concentration, counted: str) -> str:
    """Say how few wards hold half, beside what chance alone would give."""
    chance = f"{found.low}" if found.low == found.high else f"{found.low} to {found.high}"
    more = "more" if found.holding_half < found.low else "no more"
    wards = "The ward" if found.holding_half == 1 else f"The {found.holding_half} wards"
    return (
        f"{wards} (of {found.wards}) with most had at least half of the {counted}; if all wards "
        f"were alike, chance alone would give {chance}, so they are {more} concentrated than "
        "chance explains."
    )


def _changes(found: Wards) -> str:
    gaps = [each.ratio for each in found.changes.values() if isinstance(each.ratio, Gap)]
    compared = len(found.changes) - len(gaps)
    if not compared:
        return f"The wards' changes cannot be given. {gaps[0].why}"
    clear = [f"{ward} ({c.verdict})" for ward, c in found.changes.items() if c.verdict in CLEAR]
    changed = "none changed clearly"
    if clear:
        changed = (
            f"{wording.agreeing(len(clear), 'one', 'these')} changed clearly: {', '.join(clear)}"
        )
    return f"Of {wording.counted(compared, 'wards')} compared with the year before, {changed}."


# Figure


def _figure(found: Wards, series: Series, tables: tuple[str, ...], level: float) -> Figure:
    """Show each ward's count, share and change; what lies outside them all as a signed line."""
    frame = found.frame.rename(columns={"ward": "place"})[["place", "value"]]
    top, bottom = found.frame.iloc[0], found.frame.iloc[-1]
    most, fewest = (wording.number(each["value"]) for each in (top, bottom))
    unit = wording.sentence_start(series.indicator.unit)
    return Figure(
        id="wards",
        heading=f"{top['ward']} ward had {most} of the borough's {wording.number(found.total)} in "
        f"{found.period}",
        chart=charts.places_chart(frame, top["ward"], unit, ",.0f"),
        alternative=f"Bar chart of {series.indicator.counted} by ward in {found.period}, from "
        f"{top['ward']}, {most}, down to {bottom['ward']}, {fewest}.",
        table=_table(found, series, unit, level),
        tables=tables,
        period=found.period,
    )


def _table(found: Wards, series: Series, unit: str, level: float) -> DisplayTable:
    others = {"Borough's count less the wards' sum": found.unplaced, series.area: found.total}
    rows = [_of_ward(each, found.changes[each["ward"]]) for each in records(found.frame)]
    rows += [{**NOT_OF_A_WARD, "ward": name, "value": value} for name, value in others.items()]
    return table(
        f"{series.indicator.title} by ward, {found.period}",
        rows,
        Column("Ward", "ward"),
        Column(unit, "value", "count"),
        Column("Share of the wards' sum", "share", "percent"),
        Column("Share of the borough's count", lambda row: _of_all(row["value"], found), "percent"),
        Column("Change on the year before", "change", "signed percent"),
        Column(f"{wording.interval_name(level)} of the change", "interval"),
        Column("Verdict", "verdict"),
    )


def _of_ward(row: dict[str, Any], change: Change) -> dict[str, Any]:
    about = {**NOT_OF_A_WARD, **row, "verdict": change.verdict}
    if isinstance(ratio := change.printed, Gap):
        return about
    return {**about, "change": ratio.value - 1, "interval": wording.percent_ends(ratio)}


def _of_all(value: float, found: Wards) -> float | None:
    return value / found.total if found.total else None


# Findings


def _findings(found: Wards, unit: str) -> Iterator[Finding]:
    """Give the ward with most, how many wards hold half, and the gap to the borough's count."""
    top, dense = found.frame.iloc[0], found.concentration
    of_all = Gap(f"The borough had none in {found.period}.")
    results: dict[str, tuple[Any, str]] = {
        "ward_top_name": (top["ward"], "text"),
        "ward_top_count": (top["value"], unit),
        "ward_top_share": (top["share"], f"share of the wards' sum of {unit}"),
        "ward_top_share_all": (_of_all(top["value"], found) or of_all, f"share of all {unit}"),
        "wards_holding_half": (dense and dense.holding_half, f"of {len(found.frame)} wards"),
    }
    none = Gap(f"No ward had any in {found.period}.")
    for name, (result, of) in results.items():
        yield finding(name, found.period, result if dense else none, of)
    of = f"{unit}, borough less sum of wards"
    yield finding("ward_gap", found.period, found.unplaced, of)
