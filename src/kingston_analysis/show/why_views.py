"""Why a count changed, as sentences, a figure, tables and findings."""

from __future__ import annotations

import pandas as pd

from kingston_analysis.measures.series import Series
from kingston_analysis.measures.why import Decomposition
from kingston_analysis.results import Estimate, Finding, finding, tidy
from kingston_analysis.show import wording
from kingston_analysis.show.estimates import ROUNDED, by_chance, interval, signed, with_interval
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import DisplayTable, Heading
from kingston_analysis.show.why_charts import parts_chart

COMMON, MIX, LOCAL = "London-wide", "Mix of offences", "Local"


def why_sentence(series: Series, found: Decomposition, before: str, after: str) -> str:
    """Say, as Markdown, how much of a change was London-wide, how much mix, and how much local."""
    subject = wording.sentence_start(series.indicator.counted)
    counts = f"from {_count(found.before)} in {before} to {_count(found.before + found.change)}"
    moved = f"{subject} {_moved(found.change)}, {counts} in {after}."
    lines = [
        f"- **{COMMON}: {with_interval(found.common)}.** This is what would have come if the "
        "count had moved by the same percentage as in all London boroughs together.",
        f"- **{MIX}: {with_interval(found.mix)}.** Some offences moved more than others all over "
        "London, and each borough has more of some than of others.",
        f"- **{LOCAL}: {with_interval(found.local)}.** This is what is left: "
        f"{by_chance(found.local)}.",
    ]
    if len(found.parts) == 1:
        lines[1] = "- This count is taken as one, so there is no mix."
    how = (
        "The intervals allow for chance in the borough's own counts. They take the count of all "
        f"boroughs as it is. {ROUNDED}"
    )
    told = [f"{moved} This change is the sum of these parts:", "\n".join(lines), _by_part(found)]
    caution = f"Note a break in the series: {found.caution}" if found.caution else ""
    return "\n\n".join(filter(None, [*told, how, caution]))


def _by_part(found: Decomposition) -> str:
    """Name the offences whose local part is clear of chance among all that are compared."""
    if len(found.parts) == 1:
        return ""
    among = f"allowing for the {len(found.parts)} that are compared"
    clear = [
        f"{row.part} ({signed(row.local)})"
        for row in found.parts[found.parts["clear"]].itertuples()
    ]
    if not clear:
        return f"No single offence has a local part that is clear of chance, {among}."
    return f"The local part is clear of chance, {among}, for {', '.join(clear)}."


def why_figure(series: Series, found: Decomposition, before: str, after: str, table: str) -> Figure:
    """Show the three parts of a change, and the local part of each offence, as signed bars.

    `table` is the name of the table that the offences come from.
    """
    title = series.indicator.title
    alone = len(found.parts) == 1
    mix = "" if alone else f", {signed(found.mix.value)} from the mix of offences"
    alternative = (
        f"Bars: {title}, {before} to {after}. {COMMON} {signed(found.common.value)}"
        f"{'' if alone else f', mix {signed(found.mix.value)}'}, local "
        f"{with_interval(found.local)}."
    )
    return Figure(
        id=f"{series.indicator.id}-why",
        heading=f"{title}: of {_noun(found.change)}, {signed(found.common.value)} moved with "
        f"London{mix} and {signed(found.local.value)} was local",
        chart=parts_chart(_bars(found), f"Change in {series.indicator.unit}, {before} to {after}"),
        alternative=alternative + ("" if alone else _largest(found)),
        table=_offences_table(series, found, before, after),
        tables=(table,),
        period=f"{before} to {after}",
        note=f"Lines across the bars are 95% intervals. {ROUNDED}",
    )


def _bars(found: Decomposition) -> pd.DataFrame:
    parts = [(COMMON, found.common), (MIX, found.mix), (LOCAL, found.local)]
    alone = len(found.parts) == 1
    rows = [
        (f"{name}: {signed(part.value)}", tidy(part.value), tidy(part.low), tidy(part.high), True)
        for name, part in parts
        if not (alone and name == MIX)
    ]
    if not alone:
        rows.append((f"{LOCAL}, by offence", None, None, None, False))
        rows += [
            (f"{row.part}: {signed(row.local)}", *map(tidy, (row.local, row.low, row.high)), False)
            for row in found.parts.itertuples()
        ]
    return pd.DataFrame(rows, columns=["label", "value", "low", "high", "whole"])


def _largest(found: Decomposition) -> str:
    row = found.parts.loc[found.parts["local"].abs().idxmax()]
    return f" Largest by offence: {row['part']}, {signed(row['local'])}."


def why_table(series: Series, found: Decomposition, before: str, after: str) -> DisplayTable:
    """List the three parts of a change with their intervals, and their sum."""
    headings = [
        Heading("Part of the change"),
        Heading(wording.sentence_start(series.indicator.unit), "signed count"),
        Heading("95% interval"),
    ]
    parts = [(COMMON, found.common), (MIX, found.mix), (LOCAL, found.local)]
    rows = [[name, part.value, interval(part)] for name, part in parts]
    if len(found.parts) == 1:
        rows[1] = ["Mix (taken as one, so none)", 0, "[z]"]
    rows.append(["Whole change", found.change, "[z]"])
    return DisplayTable(f"{series.indicator.title}, {before} to {after}, by part", headings, rows)


def _offences_table(series: Series, found: Decomposition, before: str, after: str) -> DisplayTable:
    headings = [
        Heading("Kind"),
        Heading(before, "count"),
        Heading(after, "count"),
        *(Heading(name, "signed count") for name in ("Change", COMMON, MIX, LOCAL)),
        Heading("95% interval of the local part"),
    ]
    columns = ["part", "before", "after", "change", "common", "mix", "local"]
    rows = [
        [
            *(row[name] for name in columns),
            interval(Estimate(row["local"], row["low"], row["high"])),
        ]
        for _, row in found.parts.iterrows()
    ]
    if len(found.parts) > 1:
        sums = [float(found.parts[name].sum()) for name in columns[1:4]]
        whole = [each.value for each in (found.common, found.mix, found.local)]
        rows.append(["Together", *sums, *whole, interval(found.local)])
    title = f"{series.indicator.title}, {series.area}, {before} to {after}: why it changed"
    return DisplayTable(title, headings, rows)


def why_values(series: Series, found: Decomposition, after: str) -> list[Finding]:
    """Give the findings on the three parts of the change to a period, each with its interval."""
    unit = f"{series.indicator.unit} of the change"
    names = {"why_london_wide": found.common, "why_mix": found.mix, "why_local": found.local}
    return [
        finding(name, after, part, unit, verdict=_verdict(part)) for name, part in names.items()
    ]


def _verdict(part: Estimate) -> str:
    return "rose" if part.low > 0 else "fell" if part.high < 0 else "no clear change"


def _moved(change: float) -> str:
    if not change:
        return "did not change in number"
    return f"{'rose' if change > 0 else 'fell'} by {_count(abs(change))}"


def _noun(change: float) -> str:
    if not change:
        return "no change in all"
    return f"the {'rise' if change > 0 else 'fall'} of {_count(abs(change))}"


def _count(value: float) -> str:
    return wording.number(value)
