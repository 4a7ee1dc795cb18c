"""Where figures come from: tables with publisher, period, licence, hash, caveats and gaps."""

from __future__ import annotations

from kingston_analysis.show.display import DisplayTable, Heading
from kingston_analysis.tables.load import Table
from kingston_analysis.tables.metadata import Metadata


def sources_table(tables: list[Table]) -> DisplayTable:
    """List tables with publisher, source, period and licence."""
    headings = [
        Heading(t) for t in ("Table", "Publisher", "Published as", "Period held", "Licence")
    ]
    rows = [
        [
            each.meta.title,
            each.meta.publisher,
            each.meta.source,
            period(each.meta),
            each.meta.licence,
        ]
        for each in tables
    ]
    return DisplayTable("Sources of the figures on this page", headings, rows)


def hashes_table(tables: list[Table]) -> DisplayTable:
    """List tables with their name in `data/tables/`, rows, extraction and hash."""
    headings = [
        Heading("Table"),
        Heading("Name in data/tables"),
        Heading("Rows", "count"),
        Heading("Extraction"),
        Heading("Hash", "hash"),
    ]
    rows = [[t.meta.title, t.name, t.meta.rows, t.meta.extraction, t.meta.hash] for t in tables]
    return DisplayTable("Extraction and hash of every table", headings, rows)


def period(meta: Metadata) -> str:
    """Write the periods that a table holds."""
    return f"{meta.period.first} to {meta.period.last}" if meta.period else "[z]"


def caveats(table: Table) -> str:
    """List, as Markdown, a table's caveats and breaks, and what we did to it."""
    meta = table.meta
    lines = [f"**{meta.title}** ({meta.publisher}). {meta.description}", ""]
    lines += [f"- {each}" for each in meta.caveats]
    lines += [f"- Break at {each.at}: {each.what}" for each in meta.breaks]
    lines += [f"- Not published for: {', '.join(map(str, meta.period.missing))}."] * bool(
        meta.period and meta.period.missing
    )
    lines += [f"- What we did: {each}" for each in meta.changes]
    return "\n".join(lines)
