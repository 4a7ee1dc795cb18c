"""Where figures come from: tables with publisher, period, licence, hash, caveats and gaps."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from kingston_analysis.data.editions import Edition
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.load import Table
from kingston_analysis.data.tables.metadata import Metadata
from kingston_analysis.results import Finding
from kingston_analysis.show.table import DisplayTable, Heading


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


def uses_table(
    tables: list[Table], findings: Iterable[Finding], titles: dict[str, str]
) -> DisplayTable:
    """List, for each table, the titles of the pages that drew findings from it, and how many."""
    headings = [Heading("Table"), Heading("Pages"), Heading("Findings", "count")]
    uses = [(source["table"], each.page) for each in findings for source in each.sources]
    rows = []
    for table in tables:
        pages = [page for name, page in uses if name == table.name]
        told = "; ".join(dict.fromkeys(titles[page] for page in pages))
        rows.append([table.meta.title, told or "none in this edition", len(pages)])
    return DisplayTable("Pages that draw on each table", headings, rows)


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


def period(meta: Metadata) -> str:
    """Write the periods that a table holds."""
    if meta.period is None:
        return "[z]"
    ends = (meta.period.first, meta.period.last)
    return " to ".join(periods.in_words(str(each), meta.period.kind) for each in ends)


def caveats(table: Table, edition: Edition) -> str:
    """List, as Markdown that opens on request, a table's caveats, breaks, gaps and our changes.

    Nothing is listed that speaks of periods after the edition's extraction.
    """
    meta, span = table.meta, table.meta.period
    lines = list(meta.caveats)
    if span:
        seen = [each for each in meta.breaks if edition.sees(each.at, span.kind)]
        lines += [f"Break at {each.at}: {each.what}" for each in seen]
        held_back = [p for p in map(str, span.missing) if edition.sees(p, span.kind)]
        lines += [f"Not published for: {', '.join(held_back)}."] if held_back else []
    lines += [f"What we did: {each}" for each in meta.changes]
    items = [f"- {line}" for line in dict.fromkeys(lines) if edition.tells(line)]
    summary = f"<summary>{escape(meta.title)} ({escape(meta.publisher)})</summary>"
    body = "\n".join([meta.description, "", *items])
    return f'<details class="kb-details">\n{summary}\n\n{body}\n\n</details>'
