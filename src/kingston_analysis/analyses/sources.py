"""Sources: which tables the figures come from, which page draws on each, what to know of each."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.data.tables.load import Table
from kingston_analysis.results import Findings
from kingston_analysis.show import source_views as shown
from kingston_analysis.show.answer import Part, analysis
from kingston_analysis.views.edition import EditionView
from kingston_analysis.views.topic import TopicView


@analysis("Sources")
def sources(view: TopicView | EditionView) -> Iterator[Part]:
    """List the tables that the page has drawn on so far."""
    yield shown.sources_table(view.scope.tables)


@analysis("Publishers and periods")
def publishers(view: EditionView) -> Iterator[Part]:
    """List the tables that the book draws on, with publisher and period."""
    yield shown.sources_table(_drawn_on(view, _published(view)))


@analysis("Which page draws on which table")
def uses(view: EditionView) -> Iterator[Part]:
    """List, for each table, the pages that draw on it."""
    found = _published(view)
    yield shown.uses_table(_drawn_on(view, found), found, view.page_titles)


@analysis("Caveats")
def caveats(view: EditionView) -> Iterator[Part]:
    """List what must be known of each table before it is used."""
    for table in _drawn_on(view, _published(view)):
        yield shown.caveats(table, view.edition)


@analysis("Extraction and hash")
def hashes(view: EditionView) -> Iterator[Part]:
    """List the extraction and the hash of each table."""
    yield shown.hashes_table(_drawn_on(view, _published(view)))


def _published(view: EditionView) -> Findings:
    return view.findings(*view.page_titles)


def _drawn_on(view: EditionView, findings: Findings) -> list[Table]:
    """Load every table that findings were drawn from, in the order of first use."""
    names = dict.fromkeys(source["table"] for each in findings for source in each.sources)
    return [view.load(name) for name in names]
