"""An area beside the larger areas in which it lies: a sentence, a table, findings."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from kingston_analysis.measures.comparison.groups import Comparator, GroupComparison, Standing
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Estimate, Finding, Gap, finding, require
from kingston_analysis.show import wording
from kingston_analysis.show.table import Column, DisplayTable, table


def groups_sentence(series: Series, found: GroupComparison) -> str:
    """Say how the area's rate and its change compare with those of the groups it belongs to."""
    own, counted, lines = found.own, series.indicator.counted, []
    apart = [_apart(e, e.rates) for e in found.groups if isinstance(e.rates, Estimate)]
    if apart:
        rate = f"{series.area} had {own.rate:.1f} {counted} for every 1,000 residents"
        lines.append(f"{rate} in {found.period}: a rate {' and '.join(apart)}.")
    if isinstance(own.change, Gap):
        reason = f"Its change cannot be compared with that of larger areas. {own.change.why}"
        return " ".join([*lines, reason])
    lines.append(
        f"From {found.before} to {found.period}, {counted} in {series.area} went {_went(own)}."
    )
    lines += [_set_beside(each) for each in found.groups]
    lines += [f"Note a break in the series: {own.caution}"] if own.caution else []
    return " ".join(lines)


def _apart(each: Comparator, ratio: Estimate) -> str:
    interval = wording.interval_in_words(ratio)
    if ratio.allows(1):
        apart = wording.percent(ratio.value)
        return f"not clearly different from that in {_label(each)} ({apart}, {interval})"
    word = "lower" if ratio.value < 1 else "higher"
    return f"{abs(ratio.value - 1):.1%} {word} than in {_label(each)} ({interval})"


def _label(each: Comparator) -> str:
    return each.standing.group.label or each.standing.group.name


def _went(each: Standing) -> str:
    before, after = wording.number(require(each.before)), wording.number(require(each.count))
    return f"from {before} to {after} ({wording.percent(require(each.change))})"


def _set_beside(each: Comparator) -> str:
    name, ratio = _label(each), each.changes
    if isinstance(each.standing.change, Gap):
        start = wording.sentence_start(name)
        return f"{start} cannot be compared with it. {each.standing.change.why}"
    text = f"The count in {name} went {_went(each.standing)}"
    if isinstance(ratio, Gap):
        return f"{text}. {ratio.why}"
    interval = wording.interval_in_words(ratio)
    clear = "which can be chance" if ratio.allows(1) else "more than chance explains"
    size, word = f"{abs(ratio.value - 1):.1%}", "lower" if ratio.value < 1 else "higher"
    apart = "as high as" if size == "0.0%" else f"{size} {word} than"
    return f"{text}: the count here is {apart} if it had changed by as much ({interval}), {clear}."


def groups_table(series: Series, found: GroupComparison) -> DisplayTable:
    """Set the area and the groups it belongs to side by side."""
    rows = [(found.own, "[z]", "[z]")]
    rows += [(e.standing, _cell(e.changes), _cell(e.rates)) for e in found.groups]
    return table(
        f"{series.indicator.title}: {series.area} beside larger areas, {found.period}",
        rows,
        Column("Area", lambda row: _name(row[0])),
        Column(f"Count, {found.before}", lambda row: row[0].before, "count"),
        Column(f"Count, {found.period}", lambda row: row[0].count, "count"),
        Column("Change", lambda row: _less_one(row[0].change), "signed percent"),
        Column("Own change beside this area's", itemgetter(1)),
        Column("Rate per 1,000 residents", lambda row: row[0].rate, "rate"),
        Column("Own rate beside this area's", itemgetter(2)),
    )


def _name(each: Standing) -> str:
    summed = f" (sum of {each.group.summed} boroughs)" if each.group.summed else ""
    return f"{each.group.name}{summed}{' [b]' if each.caution else ''}"


def _less_one(change: float | Gap) -> float | Gap:
    return change if isinstance(change, Gap) else change - 1


def _cell(ratio: Estimate | Gap) -> str:
    if isinstance(ratio, Gap):
        return f"[x] {ratio.why}"
    return f"{wording.percent(ratio.value)} ({wording.interval_in_words(ratio)})"


def group_findings(found: GroupComparison) -> Iterator[Finding]:
    """Give the findings: own rate and own change over those of each larger area."""
    for each in found.groups:
        key, name = each.standing.group.key, each.standing.group.name
        unit = f"own rate ÷ rate of {name}"
        yield finding(f"rate_ratio_{key}", found.period, each.rates, unit)
        unit = f"own change ÷ change of {name}"
        yield finding(f"change_ratio_{key}", found.period, each.changes, unit)
