"""Which other pages a page read when it was last run, as far as there still are such pages."""

from __future__ import annotations

from collections.abc import Iterable

from kingston_analysis.records.key import Now
from kingston_analysis.records.pages import Page


def recorded_dependencies(page: Page, now: Now) -> list[Page]:
    """Return the pages whose findings a page read when it was last run."""
    record = now.record(page)
    names = record.inputs.pages if record else {}
    return [each for each in now.book_of(page) if each.name in names] if names else []


def with_dependencies(pages: Iterable[Page], now: Now) -> list[Page]:
    """Put before each page those whose findings it read, and before those whose they read."""
    ordered: dict[Page, None] = {}

    def put(page: Page, above: frozenset[Page]) -> None:
        for other in recorded_dependencies(page, now):
            if other not in above and other not in ordered:
                put(other, above | {page})
        ordered[page] = None

    for page in pages:
        put(page, frozenset())
    return list(ordered)
