"""Runs of the small project in which no page's code runs: what each reads and finds is made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from small_project import as_executed

from kingston_analysis.data.editions import load_edition
from kingston_analysis.errors import Problem
from kingston_analysis.pages.execute import PageExecution
from kingston_analysis.project import FindingsByPage, Project
from kingston_analysis.records.key import Now
from kingston_analysis.records.pages import Page, pages_of
from kingston_analysis.results import hash_of_findings


@dataclass
class Pretended(Executor):
    """In the place of the executor of a run: pages end at once, as this says by their names.

    By default a page reads the topics, finds 7, and only `sources` reads others: it reads all.
    """

    reads: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)
    values: dict[str, float] = field(default_factory=dict)
    fails: set[str] = field(default_factory=set)
    executed: list[str] = field(default_factory=list)
    _now: Now | None = None

    def submit(self, _execute: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        """Say at once what came of a page."""
        page, upstream, *_ = arguments
        future: Future[PageExecution] = Future()
        future.set_result(self._outcome(page, upstream))
        return future

    def _outcome(self, page: Page, upstream: FindingsByPage) -> PageExecution:
        reads = self._reads(page)
        if absent := tuple(name for name in reads if name not in upstream):
            return PageExecution(page, dependencies=absent)
        self.executed.append(page.name)
        if page.name in self.fails:
            return PageExecution(page, problems=[Problem(f"{page}: It fails.")], log="Why.\n")
        files = self.files.get(page.name, ["data/topics.yml"])
        hashes = {name: hash_of_findings(upstream[name]) for name in sorted(reads)}
        value = self.values.get(page.name, 7.0)
        self._now = self._now or Now(page.project)
        text, record = as_executed(page, self._now, files, value, hashes)
        return PageExecution(page, text, record, tuple(reads))

    def _reads(self, page: Page) -> list[str]:
        if page.name in self.reads or page.name != "sources":
            return self.reads.get(page.name, [])
        known = load_edition(page.project, page.edition)
        return [each.name for each in pages_of(page.project, known, page.area) if each != page]

    @contextmanager
    def lent(self, _project: Project, *_: Any) -> Iterator[tuple[Executor, int]]:
        """Lend itself as `commands.running` lends its executor."""
        yield self, 1
