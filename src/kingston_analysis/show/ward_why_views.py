"""Where in the area a count changed: tables and sentences by ward."""

from __future__ import annotations

from kingston_analysis.measures.series import Series
from kingston_analysis.measures.why import WardChanges
from kingston_analysis.results import Estimate
from kingston_analysis.show.estimates import ROUNDED, interval, signed
from kingston_analysis.show.table import DisplayTable, Heading


def wards_why_table(series: Series, found: WardChanges, before: str, after: str) -> DisplayTable:
    """List each ward's change, what the borough's growth gives, what is its own; then the gap."""
    headings = [
        Heading("Ward"),
        Heading(before, "count"),
        Heading(after, "count"),
        Heading("Change", "signed count"),
        Heading("95% interval of the change"),
        Heading("Had it moved as the borough", "signed count"),
        Heading("The ward's own part", "signed count"),
        Heading("95% interval of the own part"),
    ]
    rows = [
        [
            *(row.ward, row.before, row.after, row.change),
            interval(Estimate(row.change, row.change_low, row.change_high)),
            *(row.as_area, row.own, interval(Estimate(row.own, row.low, row.high))),
        ]
        for row in found.frame.itertuples()
    ]
    gap = found.unplaced
    counts = [signed(gap[name]) for name in ("before", "after")]
    rows.append(
        [
            *("Borough's count less the wards' sum", *counts, gap["change"], "[z]"),
            *(gap["as_area"], gap["own"], "[z]"),
        ]
    )
    change = found.after - found.before
    rows.append([series.area, found.before, found.after, change, "[z]", change, 0, "[z]"])
    title = f"{series.indicator.title} by ward, {before} to {after}: where it changed"
    return DisplayTable(title, headings, rows)


def wards_why_sentence(found: WardChanges) -> str:
    """Say which wards moved otherwise than the borough, allowing for how many are compared."""
    clear = [
        f"{row.ward} ({signed(row.own)})" for row in found.frame[found.frame["clear"]].itertuples()
    ]
    moved = "no ward moved otherwise than the borough by more than chance explains"
    if clear:
        moved = f"these moved otherwise than the borough: {', '.join(clear)}"
    return (
        f"Allowing for the {len(found.frame)} wards that are compared, {moved}. The borough's "
        f"count less the wards' sum went from {signed(found.unplaced['before'])} to "
        f"{signed(found.unplaced['after'])}. That is {signed(found.unplaced['change'])} of the "
        f"change of {signed(found.after - found.before)}, and no ward explains it. {ROUNDED}"
    )
