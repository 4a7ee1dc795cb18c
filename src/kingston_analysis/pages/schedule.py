"""In which order pages run: first those whose findings others read; a cycle is an error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from kingston_analysis.errors import KingstonError

P = TypeVar("P")


@dataclass
class Schedule(Generic[P]):
    """What is left, what each waits for, what runs, what is settled and what failed."""

    left: dict[P, set[P]] = field(default_factory=dict)
    running: set[P] = field(default_factory=set)
    settled: set[P] = field(default_factory=set)
    failed: set[P] = field(default_factory=set)

    @property
    def pages(self) -> set[P]:
        """Return every page that the schedule knows."""
        return {*self.left, *self.running, *self.settled, *self.failed}

    def add(self, page: P, dependencies: Iterable[P]) -> None:
        """Put a page to what is left, to wait for the pages that it depends on.

        Raises KingstonError where it would wait for itself, through whomever.
        """
        self.running.discard(page)
        self.left[page] = set(dependencies)
        if circle := next(self._circles(page), None):
            self.left.pop(page)
            raise KingstonError(
                f"These pages read each other's findings: {' → '.join(map(str, circle))}.",
                "Take one of the readings out of its template.",
            )

    def wait_only_for(self, page: P, dependencies: Iterable[P]) -> None:
        """Let a page that is left wait for these pages, and for no other."""
        self.left[page] = set(dependencies)

    def ready(self) -> list[P]:
        """Return the pages that wait for nothing that is still to come, in the order of adding."""
        over = self.settled | self.failed
        return [page for page, dependencies in self.left.items() if dependencies <= over]

    def upstream_failed(self, page: P) -> set[P]:
        """Return the pages that a page waited for and that failed."""
        return self.left[page] & self.failed

    def start(self, page: P) -> None:
        """Take a page from what is left to what runs."""
        self.left.pop(page)
        self.running.add(page)

    def settle(self, page: P) -> None:
        """Take note that a page is as it should be, run or fresh."""
        self._end(page, self.settled)

    def fail(self, page: P) -> None:
        """Take note that a page failed."""
        self._end(page, self.failed)

    def _end(self, page: P, ended: set[P]) -> None:
        self.left.pop(page, None)
        self.running.discard(page)
        ended.add(page)

    def _circles(self, page: P) -> Iterator[list[P]]:
        paths = [[page]]
        seen: set[P] = set()
        while paths:
            path = paths.pop()
            for other in self.left.get(path[-1], ()):
                if other == page:
                    yield [*path, other]
                elif other not in seen:
                    seen.add(other)
                    paths.append([*path, other])
