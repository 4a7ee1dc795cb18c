"""Run what is stale, in order, on any executor; write each page whole; gather all failures."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field

from kingston_analysis.errors import KingstonError, Problem, collect_into, raise_any
from kingston_analysis.pages.engines import CELL_SECONDS
from kingston_analysis.pages.execute import PageExecution, execute_page
from kingston_analysis.pages.parameters import check_parameters
from kingston_analysis.pages.schedule import Schedule
from kingston_analysis.pages.template_code import template_problems
from kingston_analysis.project import FindingsByPage
from kingston_analysis.records.code import hash_of_code
from kingston_analysis.records.confinement import keep_confinement
from kingston_analysis.records.dependencies import recorded_dependencies
from kingston_analysis.records.key import Now, changes
from kingston_analysis.records.pages import Page, pages_named
from kingston_analysis.records.record import (
    Inputs,
    Record,
    UnusableError,
    read_record,
    write_atomically,
    write_page,
)


@dataclass
class Run:
    """One run: pages, the executor and engine that execute them, and what came of it.

    `force` names pages that run although nothing changed; `at_once` is how many pages the executor
    runs at once; `report` is told of every step, `ran` of every page that was written.
    """

    executor: Executor
    engine: str
    now: Now
    force: frozenset[Page]
    at_once: int
    report: Callable[[Run], None]
    ran: Callable[[Page], None] = lambda _: None
    schedule: Schedule[Page] = field(default_factory=Schedule)
    problems: list[Problem] = field(default_factory=list)
    executed: list[Page] = field(default_factory=list)
    _requested: dict[Page, set[Page]] = field(default_factory=dict)
    _futures: dict[Future[PageExecution], Page] = field(default_factory=dict)

    def run(self, pages: Iterable[Page]) -> None:
        """Run pages, and those that they depend on, where something changed.

        One that fails does not stop the others. Raises KingstonError with all failures at the end.
        """
        for page in pages:
            self._add(page)
        while self.schedule.left or self._futures:
            self._start_ready()
            self.report(self)
            finished, _ = wait(self._futures, return_when=FIRST_COMPLETED)
            for future in finished:
                self._collect(self._futures.pop(future), future)
        self.report(self)
        raise_any(self.problems)

    @property
    def counts(self) -> tuple[int, int, int]:
        """Count the pages that are done, that an executor has in hand now, and that are left."""
        schedule = self.schedule
        done = len(self.executed) + len(schedule.failed)
        running = min(len(self._futures), self.at_once)
        return done, running, len(schedule.left) + len(schedule.running) - running

    def _add(self, page: Page, requested: Iterable[str] = ()) -> None:
        """Put a page to what is left, after those that it asked for now or read the last time."""
        upstream = pages_named(page.project, tuple(requested), page.edition, page.area)
        self._requested.setdefault(page, set()).update(upstream)
        dependencies = {*self._requested[page], *recorded_dependencies(page, self.now)}
        try:
            self._put(page, dependencies)
        except KingstonError as error:
            self._fail(page, error.problems)
            return
        for other in dependencies - self.schedule.pages:
            self._add(other)

    def _put(self, page: Page, dependencies: set[Page]) -> None:
        try:
            self.schedule.add(page, dependencies)
        except KingstonError:
            # A page that itself changed may read others now: it runs, and asks anew.
            for other in filter(self._may_ask_otherwise, list(self.schedule.left)):
                self.schedule.wait_only_for(other, self._requested[other])
            changed = self._may_ask_otherwise(page)
            self.schedule.add(page, self._requested[page] if changed else dependencies)

    def _may_ask_otherwise(self, page: Page) -> bool:
        return any(change.kind != "findings" for change in changes(page, self.now))

    def _start_ready(self) -> None:
        """Start what is stale and need not wait, the longest first; settle what is fresh."""
        while ready := self.schedule.ready():
            for page in sorted(ready, key=_seconds, reverse=True):
                if failed := self.schedule.upstream_failed(page):
                    names = ", ".join(sorted(other.name for other in failed))
                    self._fail(page, [Problem(f"{page}: not run, since {names} failed.")])
                elif page not in self.force and not changes(page, self.now):
                    self.schedule.settle(page)
                else:
                    self._submit(page)

    def _submit(self, page: Page) -> None:
        try:
            upstream = self._upstream_findings(page)
        except UnusableError as reason:
            what = f"{page}: what another page found cannot be read any more: {reason}."
            self._fail(page, [Problem(what, remedy="Run again.")])
            return
        self.schedule.start(page)
        try:
            future = self.executor.submit(execute_page, page, upstream, self.engine, CELL_SECONDS)
            self._futures[future] = page
        except RuntimeError as error:
            # An executor that has lost its processes takes no more work.
            what = f"{page}: not run, since the processes for it were lost ({error})."
            self._fail(page, [Problem(what, remedy="Run again, with fewer --jobs.")])

    def _upstream_findings(self, page: Page) -> FindingsByPage:
        upstream = [other for other in self.schedule.left[page] if self.now.record(other)]
        return {other.name: read_record(other).findings for other in upstream}

    def _collect(self, page: Page, future: Future[PageExecution]) -> None:
        try:
            outcome = future.result()
        except Exception as error:  # noqa: BLE001, whatever an executor raises for a lost worker
            reason = str(error) or type(error).__name__
            what = f"{page}: the process that ran it was lost ({reason})."
            self._fail(page, [Problem(what, remedy="Run again, with fewer --jobs.")])
            return
        if outcome.record is None and outcome.dependencies:
            self._add(page, outcome.dependencies)
        elif outcome.record is None:
            self._fail(page, outcome.problems, outcome.log)
        elif differing := self._differing(page, outcome.record.inputs):
            what = (
                f"{page}: {differing} is not what it was when the run began, or not the same there."
            )
            self._fail(page, [Problem(what, remedy="Run again when all is still and alike.")])
        else:
            self._write(page, outcome, outcome.record)

    def _write(self, page: Page, outcome: PageExecution, record: Record) -> None:
        try:
            self.now.keep_code(page.source)
            write_page(page, outcome.notebook, record)
            keep_confinement(page, outcome.confined_by)
            write_atomically(page.duration, f"{outcome.seconds:.2f}\n")
            page.log.unlink(missing_ok=True)
        except OSError as error:
            what = f"{page}: {error.strerror or error}."
            remedy = "Make room, or make the folder writable, and run again."
            self._fail(page, [Problem(what, page.executed, remedy=remedy)])
            return
        self.now.was_run(page, record)
        self.executed.append(page)
        self.ran(page)
        self.schedule.settle(page)

    def _differing(self, page: Page, inputs: Inputs) -> str | None:
        """Name what was other where the page ran than it is here, if anything."""
        environment, lock = self.now.environment
        here = {
            page.project.name_of(page.source): (inputs.template, self.now.template(page.source)),
            "code": (inputs.code, hash_of_code(self.now.code(page.source))),
            "Python": (inputs.python, platform.python_version()),
            environment: (inputs.lock, lock),
            **{name: (value, self.now.hash_of(name)) for name, value in inputs.files.items()},
        }
        return next((name for name, (there, own) in here.items() if there != own), None)

    def _fail(self, page: Page, problems: list[Problem], log: str = "") -> None:
        self.problems += problems
        self.schedule.fail(page)
        try:
            if log:
                write_atomically(page.log, log)
        except OSError as error:
            what = f"{page}: its log could not be kept: {error.strerror or error}."
            self.problems.append(Problem(what, page.log))


def check_templates(pages: Iterable[Page]) -> None:
    """Raise KingstonError where a template does not take a page's parameters, or may not run."""
    problems: list[Problem] = []
    for page in {page.source: page for page in pages}.values():
        with collect_into(problems):
            check_parameters(page.source, page.parameters)
            problems += template_problems(page.source)
    raise_any(problems)


def _seconds(page: Page) -> float:
    try:
        return float(page.duration.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0.0
