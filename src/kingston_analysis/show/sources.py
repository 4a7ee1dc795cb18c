"""Where figures come from: tables with publisher, period, licence, caveats and gaps."""

from __future__ import annotations

from kingston_analysis.data.editions import Edition
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.load import Table
from kingston_analysis.data.tables.metadata import Metadata
from kingston_analysis.show.escaping import details_markdown
from kingston_analysis.show.table import Column, DisplayTable, table


def sources_table(tables: list[Table]) -> DisplayTable:
    """List tables with publisher, source, period and licence."""
    return table(
        "Sources of the figures on this page",
        tables,
        Column("Table", lambda row: row.meta.title),
        Column("Publisher", lambda row: row.meta.publisher),
        Column("Published as", lambda row: row.meta.source),
        Column("Period held", lambda row: period_held(row.meta)),
        Column("Licence", lambda row: row.meta.licence),
    )


def cited(table: Table) -> dict[str, str]:
    """Cite a table on a figure's evidence card: publisher, title, licence, extraction, hash."""
    meta = table.meta
    return {
        "table": table.name,
        "title": meta.source,
        "publisher": meta.publisher,
        "licence": meta.licence,
        "extraction": meta.extraction,
        "hash": meta.hash,
    }


def period_held(meta: Metadata) -> str:
    """Write the periods that a table holds."""
    if meta.period is None:
        return "[z]"
    ends = (meta.period.first, meta.period.last)
    return " to ".join(periods.in_words(str(each), meta.period.kind) for each in ends)


def caveats_of(table: Table, edition: Edition) -> str:
    """List, as Markdown that opens on request, a table's caveats, breaks, gaps and our changes.

    Nothing is listed that speaks of periods after the edition's extraction.
    """
    meta, span = table.meta, table.meta.period
    lines = list(meta.caveats)
    if span:
        seen = [each for each in meta.breaks if edition.is_visible(each.at, span.kind)]
        lines += [f"Break at {each.at}: {each.what}" for each in seen]
        missing = [p for p in map(str, span.missing) if edition.is_visible(p, span.kind)]
        if missing:
            lines.append(f"Not published for: {', '.join(missing)}.")
    lines += [f"What we did: {each}" for each in meta.changes]
    visible = filter(edition.mentions_only_known_years, dict.fromkeys(lines))
    items = [f"- {line}" for line in visible]
    body = "\n".join([meta.description, "", *items])
    return details_markdown(f"{meta.title} ({meta.publisher})", body)
