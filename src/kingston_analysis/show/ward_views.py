"""Wards as a figure, a sentence and findings."""

from __future__ import annotations

from kingston_analysis.measures.change import Change
from kingston_analysis.measures.places import Concentration, Wards
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Finding, Gap, finding
from kingston_analysis.show import charts, wording
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import DisplayTable, Heading

CLEAR = ("rose", "fell")


def wards_figure(wards: Wards, series: Series, table: str) -> Figure:
    """Show each ward's count, share and change; what lies outside them all as a signed line."""
    frame = wards.frame.rename(columns={"ward": "place"})[["place", "value"]]
    top, bottom = wards.frame.iloc[0], wards.frame.iloc[-1]
    heading = f"{top['ward']} ward had {wording.number(top['value'])} of the borough's "
    if not wards.placed:
        heading = "No ward had any of the borough's "
    unit = wording.sentence_start(series.indicator.unit)
    return Figure(
        id="wards",
        heading=f"{heading}{wording.number(wards.total)} in {wards.period}",
        chart=charts.places_chart(frame, top["ward"], unit, ",.0f"),
        alternative=f"Bar chart of {series.indicator.counted} by ward in {wards.period}. Highest "
        f"{top['ward']}, {wording.number(top['value'])}; lowest {bottom['ward']}, "
        f"{wording.number(bottom['value'])}.",
        table=_wards_table(wards, series, unit),
        tables=(table, series.table.name),
        period=wards.period,
    )


def _wards_table(wards: Wards, series: Series, unit: str) -> DisplayTable:
    headings = [
        Heading("Ward"),
        Heading(unit, "count"),
        Heading("Share of those with a ward", "percent"),
        Heading("Share of the borough's count", "percent"),
        Heading("Change on the year before", "signed percent"),
        Heading("95% interval of the change"),
        Heading("Verdict"),
    ]
    rows = [
        [
            each.ward,
            each.value,
            each.share,
            _of_all(each.value, wards),
            *_change_cells(wards.changes[each.ward]),
        ]
        for each in wards.frame.itertuples()
    ]
    gap = "Borough's count less the wards' sum"
    rows.append([gap, wards.unplaced, "[z]", _of_all(wards.unplaced, wards), *["[z]"] * 3])
    rows.append([series.area, wards.total, "[z]", _of_all(wards.total, wards), *["[z]"] * 3])
    title = f"{series.indicator.title} by ward, {wards.period}"
    return DisplayTable(title, headings, rows)


def _of_all(value: float, wards: Wards) -> float | None:
    return value / wards.total if wards.total else None


def _change_cells(change: Change) -> list:
    ratio = change.ratio
    if isinstance(ratio, Gap):
        return ["[z]", "[z]", change.verdict]
    return [ratio.value - 1, wording.percent_ends(ratio), change.verdict]


def wards_sentence(wards: Wards) -> str:
    """Say which ward has most, its share, and how far the wards' sum is from the borough's."""
    if wards.concentration is None:
        return (
            f"No ward had any of the borough's {wording.number(wards.total)} in {wards.period}. "
            f"{_moved(wards)}"
        )
    top = wards.frame.iloc[0]
    of_all = f"{wording.share(top['value'] / wards.total)} of all, and " if wards.total else ""
    more = "more" if wards.unplaced >= 0 else "fewer"
    return (
        f"{top['ward']} ward had {wording.number(top['value'])} of the borough's "
        f"{wording.number(wards.total)}: {of_all}"
        f"{wording.share(top['share'])} of those with a ward. The borough's own count is "
        f"{wording.number(abs(wards.unplaced))} {more} than the sum of its wards. No ward "
        "populations are held, so these are counts and shares, not rates. "
        f"{_spread(wards.concentration)} {_moved(wards)}"
    )


def _spread(found: Concentration) -> str:
    """Say how few wards hold half, beside what chance alone would give."""
    chance = f"{found.low}" if found.low == found.high else f"{found.low} to {found.high}"
    text = (
        f"{found.holding_half} of the {found.wards} wards "
        f"{'holds' if found.holding_half == 1 else 'hold'} half; if all wards were alike, "
        f"chance alone would give {chance}"
    )
    return text + (
        ", so it is more concentrated than chance explains."
        if found.holding_half < found.low
        else ", so it is no more concentrated than chance explains."
    )


def _moved(wards: Wards) -> str:
    gaps = [each.ratio for each in wards.changes.values() if isinstance(each.ratio, Gap)]
    compared = len(wards.changes) - len(gaps)
    if not compared:
        return f"The wards' changes cannot be given. {gaps[0].why}"
    clear = [f"{ward} ({c.verdict})" for ward, c in wards.changes.items() if c.verdict in CLEAR]
    family = f"Of {compared} wards compared with the year before, corrected together, "
    return family + (
        f"these changed clearly: {', '.join(clear)}." if clear else "none changed clearly."
    )


def ward_values(wards: Wards, unit: str) -> list[Finding]:
    """Give the findings on the ward with most offences, on half of them, and on the gap."""
    top, dense = wards.frame.iloc[0], wards.concentration
    of_all = Gap(f"The borough had none in {wards.period}.")
    found = {
        "ward_top_name": (top["ward"], "text"),
        "ward_top_count": (top["value"], unit),
        "ward_top_share": (top["share"], f"share of {unit} with a ward"),
        "ward_top_share_all": (_of_all(top["value"], wards) or of_all, f"share of all {unit}"),
        "wards_holding_half": (dense and dense.holding_half, f"of {len(wards.frame)} wards"),
    }
    none = Gap(f"No ward had any in {wards.period}.")
    values = [
        finding(name, wards.period, result if dense else none, of)
        for name, (result, of) in found.items()
    ]
    gap = finding("ward_gap", wards.period, wards.unplaced, f"{unit}, borough less sum of wards")
    return [*values, gap]
