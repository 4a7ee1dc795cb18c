"""Why: what the change is made of: common, mix and local, by offence and by ward."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kingston_analysis.analyses.why.bars import bars_chart
from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.measures.change import JUDGED_AT, Verdict, check_level
from kingston_analysis.measures.series import Series
from kingston_analysis.measures.why import Decomposition, WardChanges, change_by_ward
from kingston_analysis.results import Estimate, Finding, Gap, finding, tidy
from kingston_analysis.show.answer import OnRequest, Part, Publication, Unanswered, analysis
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import Column, DisplayTable, records, table
from kingston_analysis.show.wording import (
    agreeing,
    interval_name,
    listed,
    number,
    sentence_start,
    signed,
    signed_ends,
    signed_with_interval,
)
from kingston_analysis.views.topic import TopicView

WARDS_SINCE = Gap("Wards are held against the year before alone.")
COMMON, MIX, LOCAL = "London-wide", "Mix of offences", "Local"
ROUNDED = "Parts are rounded, so their sum can differ by one or two."


@analysis("Why it changed")
def why(view: TopicView, *, base: str | None = None, level: float = JUDGED_AT) -> Iterator[Part]:
    """Divide the latest change into what was common, mix and local, and by ward.

    `base` takes the place of the year before; `level` is that of intervals. With another than the
    page's own nothing is published. Raises KingstonError where there is no earlier year `base`.
    """
    primary, as_shown = view.primary, base is None and level == JUDGED_AT
    check_level(level)
    _check_base(primary, base)
    found = view.decomposition if as_shown else view.decompose(base, level)
    if isinstance(found, Gap):
        yield found
        return
    before = base or primary.before
    divided = view.divide(base) if base else view.divided
    source = primary.indicator.parts.table if primary.indicator.parts else primary.table.name
    text = _sentence(primary, found, before, primary.change(base=base).verdict)
    if not isinstance(divided, Gap) and divided.kinds:
        text += f"\n\nKinds of offence cannot be told apart here. {divided.kinds.why}"
    text += _of_other_table(primary, found, before)
    yield found.parts
    yield text
    yield _figure(primary, found, before, source)
    yield OnRequest(_parts_table(primary, found, before))
    if as_shown:
        yield Publication(tuple(_findings(primary, found)), (source,))
    wards = WARDS_SINCE if base else _by_ward(view, level)
    if isinstance(wards, Gap):
        yield Unanswered("Why it changed, by ward", wards)
    elif wards:
        yield _wards_sentence(wards)
        yield OnRequest(_wards_table(primary, wards, level))


def _check_base(series: Series, base: str | None) -> None:
    earlier = [year for year in series.own.index if year < series.latest] if series.known else []
    if base is not None and base not in earlier:
        what = f"{series.indicator.title} has no figure of '{base}' before its latest."
        raise KingstonError(what, nearest(base, earlier))


def _by_ward(view: TopicView, level: float) -> WardChanges | Gap | None:
    primary, wards, varied = view.primary, view.wards, view.primary.change().variation
    # The section on wards has said why they are not known, or cannot be compared.
    if isinstance(wards, Gap) or varied is None:
        return None
    if all(isinstance(each.ratio, Gap) for each in wards.changes.values()):
        return None
    frame = wards.frame.rename(columns={"value": "after"})[["ward", "before", "after"]]
    counts = primary.own["value"]
    return change_by_ward(
        frame, counts[primary.before], counts[primary.latest], varied, level=level
    )


def _parts(found: Decomposition) -> dict[str, Estimate]:
    """Return the parts of the change; a count that is taken as one has no mix."""
    mix = {MIX: found.mix} if _several(found) else {}
    return {COMMON: found.common, **mix, LOCAL: found.local}


def _several(found: Decomposition) -> bool:
    return len(found.parts) > 1


# Words


def _sentence(series: Series, found: Decomposition, since: str, verdict: Verdict) -> str:
    """Say, as Markdown, how much of a change was London-wide, how much mix, and how much local."""
    before, after = number(found.before), number(found.before + found.change)
    went = "did not change"
    if found.change:
        went = f"{_verb(found.change)} by {number(abs(found.change))}"
    if found.change and verdict == "no clear change":
        went = f"showed no clear change (a difference of {signed(found.change)})"
    by_chance = "it can be chance" if found.local.allows(0) else "it is more than chance explains"
    mix = (
        "- This count is not divided by kind of offence, so no part is due to the mix of offences."
    )
    if _several(found):
        mix = (
            f"- **{MIX}: {signed_with_interval(found.mix)}.** Some offences moved more than others "
            "all over London, and each borough has more of some than of others."
        )
    lines = [
        f"- **{COMMON}: {signed_with_interval(found.common)}.** This is what would have come if "
        f"{series.indicator.counted} had moved by the same percentage as in all London boroughs "
        "together.",
        mix,
        f"- **{LOCAL}: {signed_with_interval(found.local)}.** This is what is left: {by_chance}.",
    ]
    paragraphs = [
        f"{sentence_start(series.indicator.counted)} {went}, from {before} in {since} to "
        f"{after} in {series.latest}. This difference is the sum of these parts:",
        "\n".join(lines),
        _clear_offences(found) if _several(found) else "",
        "The intervals allow for chance in the borough's own counts and in those of all other "
        f"boroughs. {_whose_variation(found)}{ROUNDED}",
        f"Note a break in the series: {found.caution}" if found.caution else "",
    ]
    return "\n\n".join(filter(None, paragraphs))


def _of_other_table(series: Series, found: Decomposition, since: str) -> str:
    """Name, once, the years for which the table of the parts has another count than the page."""
    counts = {since: found.before, series.latest: found.before + found.change}
    others = [
        f"{number(count)} for {year} (elsewhere on this page {number(own)})"
        for year, count in counts.items()
        if count != (own := series.own["value"][year])
    ]
    return f"\n\nThe parts come from another table, which has {listed(others)}." if others else ""


def _clear_offences(found: Decomposition) -> str:
    """Name the offences whose local part is clear of chance."""
    clear = found.parts[found.parts["clear"]]
    if clear.empty:
        return "No single offence has a local part that is clear of chance."
    return f"The local part is clear of chance for {_named(clear, 'part', 'local')}."


def _whose_variation(found: Decomposition) -> str:
    """Say from what it is learned how far chance moves each kind of offence."""
    if not _several(found):
        return ""
    borrowing = found.borrowing
    if len(borrowing) == len(found.parts):
        return "How far chance moves a kind of offence is taken from the whole count. "
    text = "How far chance moves a kind of offence is learned from its own counts"
    but = f", for {listed(borrowing)} from the whole count" if borrowing else ""
    return f"{text}{but}. "


def _wards_sentence(found: WardChanges) -> str:
    """Say which wards moved differently from the borough."""
    clear = found.frame[found.frame["clear"]]
    moved = "none moved differently from the borough by more than chance explains"
    if len(clear):
        few = agreeing(len(clear), "one", "these")
        moved = f"{few} moved differently from the borough: {_named(clear, 'ward', 'own')}"
    return (
        f"Of the {len(found.frame)} wards that are compared, {moved}. "
        f"{_unplaced_sentence(found.unplaced)} {ROUNDED}"
    )


def _unplaced_sentence(unplaced: pd.Series) -> str:
    """Say how the borough's count differs from the sum of its wards, which no ward explains."""
    if not unplaced[["before", "after"]].any():
        return "In both years the wards add up to the borough's count."
    before, after = (_above_or_below(unplaced[each]) for each in ("before", "after"))
    if not unplaced["change"]:
        return f"The borough's own count was {after} the sum of its wards in both years."
    return (
        f"The borough's own count was {before} the sum of its wards and then {after} it: no ward "
        f"explains this change of {signed(unplaced['change'])}."
    )


def _above_or_below(unplaced: float) -> str:
    """Write how far a count is from a sum, which stands after it: 108 above, 70 below."""
    if not unplaced:
        return "equal to"
    return f"{number(abs(unplaced))} {'above' if unplaced > 0 else 'below'}"


def _named(rows: pd.DataFrame, name: str, value: str) -> str:
    pairs = zip(rows[name], rows[value], strict=True)
    return ", ".join(f"{each} ({signed(value)})" for each, value in pairs)


def _verb(change: float) -> str:
    return "rose" if change > 0 else "fell"


# Figure


def _figure(series: Series, found: Decomposition, before: str, source: str) -> Figure:
    """Show the three parts of a change, and the local part of each offence, as signed bars."""
    title, period = series.indicator.title, f"{before} to {series.latest}"
    common, mix, local = (signed(each.value) for each in (found.common, found.mix, found.local))
    change = "no change in all"
    if found.change:
        change = f"the difference of {signed(found.change)}"
    of_mix, short_mix, by_part = "", "", ""
    if _several(found):
        of_mix, short_mix = f", {mix} from the mix of offences", f", mix {mix}"
        by_part = _by_part(found)
    return Figure(
        id=f"{series.indicator.id}-why",
        heading=f"{title}: of {change}, {common} moved with London{of_mix} and {local} was local",
        chart=bars_chart(_bars(found), f"Change in {series.indicator.unit}, {period}"),
        alternative=f"Bars: {title}, {period}. {COMMON} {common}{short_mix}, local "
        f"{signed_with_interval(found.local)}.{by_part}",
        table=_offences_table(series, found, before),
        tables=(source,),
        period=period,
        note=f"Lines across the bars are {interval_name(found.local.level)}s. {ROUNDED}",
    )


def _by_part(found: Decomposition) -> str:
    """Say from which to which local part the offences go: noise blurs which is the largest."""
    local = found.parts["local"]
    return f" By offence: {signed(local.min())} to {signed(local.max())}."


def _bars(found: Decomposition) -> pd.DataFrame:
    """Return label, value, low, high and whole: whether it is a part of the whole change."""
    parts = found.parts.rename(columns={"part": "label", "local": "value"}).assign(whole=False)
    summed = [
        {"label": name, "value": each.value, "low": each.low, "high": each.high, "whole": True}
        for name, each in _parts(found).items()
    ]
    offences = [{"label": f"{LOCAL}, by offence", "whole": False}, *parts.to_dict("records")]
    rows = pd.DataFrame([*summed, *(offences if _several(found) else [])])
    numbers = rows[["value", "low", "high"]].map(tidy, na_action="ignore")
    values = rows["value"].map(lambda value: f": {signed(value)}", na_action="ignore").fillna("")
    return numbers.assign(label=rows["label"] + values, whole=rows["whole"])


# Tables


def _parts_table(series: Series, found: Decomposition, before: str) -> DisplayTable:
    """List the three parts of a change with their intervals, and their sum."""
    rows = [(name, each.value, signed_ends(each)) for name, each in _parts(found).items()]
    if not _several(found):
        rows.insert(1, ("Mix (not divided by kind, so none)", 0, "[z]"))
    return table(
        f"{series.indicator.title}, {before} to {series.latest}, by part",
        [*rows, ("Whole change", found.change, "[z]")],
        Column("Part of the change", lambda row: row[0]),
        Column(sentence_start(series.indicator.unit), lambda row: row[1], "signed count"),
        Column(interval_name(found.local.level), lambda row: row[2]),
    )


def _offences_table(series: Series, found: Decomposition, before: str) -> DisplayTable:
    rows, local = records(found.parts), found.local
    interval = interval_name(local.level)
    if _several(found):
        counts = found.parts[["before", "after", "change"]].sum()
        sums = {"common": found.common.value, "mix": found.mix.value, "local": local.value}
        ends = {"low": local.low, "high": local.high}
        rows.append({"part": "Together", **counts, **sums, **ends})
    return table(
        f"{series.indicator.title}, {series.area}, {before} to {series.latest}: why it changed",
        rows,
        Column("Kind", "part"),
        Column(before, "before", "count"),
        Column(series.latest, "after", "count"),
        Column("Change", "change", "signed count"),
        Column(COMMON, "common", "signed count"),
        Column(MIX, "mix", "signed count"),
        Column(LOCAL, "local", "signed count"),
        Column(f"{interval} of the local part", lambda row: _ends(row, "local", "low", "high")),
    )


def _wards_table(series: Series, found: WardChanges, level: float) -> DisplayTable:
    """List each ward's change, what the borough's growth gives, what is its own; then the gap."""
    unplaced, change = found.unplaced, found.after - found.before
    interval = interval_name(level)
    none = {
        **unplaced,
        "ward": "Borough's count less the wards' sum",
        "before": signed(unplaced["before"]),
        "after": signed(unplaced["after"]),
    }
    borough = {"ward": series.area, "before": found.before, "after": found.after}
    borough |= {"change": change, "as_area": change, "own": 0}
    return table(
        f"{series.indicator.title} by ward, {series.before} to {series.latest}: where it changed",
        [*found.frame.to_dict("records"), none, borough],
        Column("Ward", "ward"),
        Column(series.before, "before", "count"),
        Column(series.latest, "after", "count"),
        Column("Change", "change", "signed count"),
        Column(
            f"{interval} of the change",
            lambda row: _ends(row, "change", "change_low", "change_high"),
        ),
        Column("Had it moved as the borough", "as_area", "signed count"),
        Column("The ward's own part", "own", "signed count"),
        Column(f"{interval} of the own part", lambda row: _ends(row, "own", "low", "high")),
    )


def _ends(row: dict[str, float], value: str, low: str, high: str) -> str:
    return signed_ends(Estimate(row[value], row[low], row[high])) if low in row else "[z]"


# Findings


def _findings(series: Series, found: Decomposition) -> Iterator[Finding]:
    unit = f"{series.indicator.unit} of the change"
    parts = {"why_london_wide": found.common, "why_mix": found.mix, "why_local": found.local}
    for name, part in parts.items():
        verdict = "no clear change" if part.allows(0) else _verb(part.value)
        yield finding(name, series.latest, part, unit, verdict=verdict)
