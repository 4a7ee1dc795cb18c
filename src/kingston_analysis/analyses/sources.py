"""Sources: which tables the figures come from, which page draws on each, what to know of each."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.data.tables.load import Table
from kingston_analysis.results import Findings
from kingston_analysis.show.answer import Part, analysis
from kingston_analysis.show.sources import caveats_of, sources_table
from kingston_analysis.show.table import Column, table
from kingston_analysis.views.edition import EditionView
from kingston_analysis.views.topic import TopicView


@analysis("Sources")
def sources(view: TopicView | EditionView) -> Iterator[Part]:
    """List the tables that the page has drawn on so far."""
    yield sources_table(view.scope.tables)


@analysis("Publishers and periods")
def publishers(view: EditionView) -> Iterator[Part]:
    """List the tables that the book draws on, with publisher and period."""
    yield sources_table(_drawn_on(view, _published(view)))


@analysis("Which page draws on which table")
def uses(view: EditionView) -> Iterator[Part]:
    """List, for each table, the pages that draw on it, and how many findings they draw."""
    found, titles = _published(view), view.page_titles
    pages: dict[str, list[str]] = {}
    for each in found:
        for source in each.sources:
            pages.setdefault(source["table"], []).append(each.page)
    yield table(
        "Pages that draw on each table",
        _drawn_on(view, found),
        Column("Table", lambda row: row.meta.title),
        Column("Pages", lambda row: "; ".join(titles[e] for e in dict.fromkeys(pages[row.name]))),
        Column("Findings", lambda row: len(pages[row.name]), "count"),
    )


@analysis("Caveats")
def caveats(view: EditionView) -> Iterator[Part]:
    """List what must be known of each table before it is used."""
    for each in _drawn_on(view, _published(view)):
        yield caveats_of(each, view.edition)


@analysis("Extraction and hash")
def hashes(view: EditionView) -> Iterator[Part]:
    """List the extraction and the hash of each table, with its name in `data/tables/`."""
    yield table(
        "Extraction and hash of every table",
        _drawn_on(view, _published(view)),
        Column("Table", lambda row: row.meta.title),
        Column("Name in data/tables", "name"),
        Column("Rows", lambda row: row.meta.rows, "count"),
        Column("Extraction", lambda row: row.meta.extraction),
        Column("Hash", lambda row: row.meta.hash, "hash"),
    )


def _published(view: EditionView) -> Findings:
    return view.findings(*view.page_titles)


def _drawn_on(view: EditionView, findings: Findings) -> list[Table]:
    """Load every table that findings were drawn from, in the order of first use."""
    names = dict.fromkeys(source["table"] for each in findings for source in each.sources)
    return [view.load(name) for name in names]
