"""What the commands do: choose editions, show progress, call the rooms that do the work."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from kingston_analysis.editions import Edition, edition_years, load_edition
from kingston_analysis.errors import KingstonError, Problem, nearest

if TYPE_CHECKING:
    from kingston_analysis.pages.pages import Page
    from kingston_analysis.pages.run import Run

console = Console(stderr=True)


@dataclass(frozen=True)
class How:
    """How pages are run: on how many processes or whose workers, by which engine, forced or not."""

    jobs: int
    engine: str | None = None
    scheduler: str | None = None
    force: bool = False


def run_editions(years: list[int] | None, area: str | None, only: str | None, how: How) -> None:
    """Run the stale pages of editions, with a bar; raise KingstonError with all failures."""
    from kingston_analysis.pages.hold import hold

    pages = chosen_pages(years, area, only)
    with hold("kingston run", _say):
        run_stale(pages, how)


def chosen_pages(years: list[int] | None, area: str | None, only: str | None) -> list[Page]:
    """List the pages of editions for an area, or only those of one name."""
    from kingston_analysis.pages.pages import pages_of

    return [page for each in _editions(years) for page in pages_of(each, area or each.area, only)]


def run_stale(pages: list[Page], how: How) -> None:
    """Run the pages among these whose inputs changed; say so where there are none."""
    from kingston_analysis.pages.key import Now, changes

    now = Now()
    stale = {page: changes(page, now) for page in pages}
    if not how.force and not any(stale.values()):
        _say(f"Nothing to run: {len(pages)} pages are up to date.")
        return
    for page, found in stale.items():
        if found and found[0].is_damage:
            _say(f"{page}: {found[0].what}; it is run again.")
    engine = how.engine or default_engine()
    with _executor(how, engine) as executor, _bar() as told:
        from kingston_analysis.pages.run import Run, check_templates

        check_templates(pages)
        run = Run(executor, engine, now, frozenset(pages) if how.force else frozenset(), told)
        try:
            run.run(pages)
        except KingstonError as error:
            raise KingstonError(_causes(error.problems)) from None


def print_plan(years: list[int] | None, area: str | None, only: str | None, force: bool) -> None:
    """Print which pages a run would execute and why, without running any."""
    from kingston_analysis.pages.explain import plan

    pages = chosen_pages(years, area, only)
    Console(soft_wrap=True).print(plan(pages, force), markup=False, highlight=False)


def explain_pages(years: list[int] | None, area: str | None, only: str | None) -> None:
    """Print for every page whether it is fresh, and what changed where it is not."""
    from kingston_analysis.pages.explain import explained

    pages = chosen_pages(years, area, only)
    Console(soft_wrap=True).print(explained(pages), markup=False, highlight=False)


def verify_site(site: Path | None) -> None:
    """Check a published site against its manifest; raise KingstonError with all that differs."""
    from kingston_analysis.book.books import SITE
    from kingston_analysis.book.manifest import site_problems

    place = site or SITE
    _raise_if(list(site_problems(place)))
    _say(f"Verified: every file of {place} is as it was published.")


def review_pages(years: list[int] | None, area: str | None, only: str | None, jobs: int) -> None:
    """Run executed pages again with nbval and print the report; end with 1 on a difference."""
    from kingston_analysis.review import report

    pages = chosen_pages(years, area, only)
    with _count("Reviewing pages", len(pages)) as advance:
        reviews = report.review_pages(pages, jobs, advance)
    Console(soft_wrap=True).print(report.report(reviews), markup=False, highlight=False)
    if not all(review.ok for review in reviews):
        raise SystemExit(1)


def default_engine() -> str:
    """Return the engine that this system can use and that is fastest."""
    return "warm" if hasattr(os, "fork") else "nbclient"


@contextmanager
def _executor(how: How, engine: str) -> Iterator[Executor]:
    """Lend workers of a cluster, or threads of which each looks after one page's process."""
    if how.scheduler:
        from kingston_analysis.pages.cluster import cluster

        with cluster(how.scheduler) as executor:
            yield executor
        return
    if engine == "warm":
        from kingston_analysis.pages.warm import warm_process

        # It imports while this process does.
        warm_process()
    with ThreadPoolExecutor(how.jobs) as executor:
        try:
            yield executor
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            if engine == "warm":
                warm_process().stop()
            raise


@contextmanager
def _bar() -> Iterator[Callable[[Run], None]]:
    """Show how many pages are done, run and are left."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    text = "{task.completed} done, {task.fields[running]} running, {task.fields[left]} left"
    columns = (TextColumn("Running pages"), BarColumn(), TextColumn(text), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=None, running=0, left=0)

        def told(run: Run) -> None:
            schedule = run.schedule
            total = len(schedule.pages) - len(schedule.settled) + len(run.executed)
            done = len(run.executed) + len(schedule.failed)
            left = total - done - run.running
            progress.update(task, total=total, completed=done, running=run.running, left=left)

        yield told


@contextmanager
def _count(what: str, total: int) -> Iterator[Callable[[object], None]]:
    """Show how many of so many are done."""
    from rich.progress import Progress

    with Progress(console=console) as progress:
        task = progress.add_task(what, total=total)
        yield lambda _done: progress.advance(task)


def _causes(problems: list[Problem]) -> list[Problem]:
    """Where pages failed because the data are at fault, name the faults instead of the pages."""
    from kingston_analysis.checks import data_problems

    return data_problems() or problems


def build_editions(years: list[int] | None, area: str | None, only: str | None, how: How) -> None:
    """Run what is stale and build the books; do nothing where the site is up to date."""
    from kingston_analysis.book.books import SITE, Book, is_built
    from kingston_analysis.pages.hold import hold

    pages = chosen_pages(years, area, only)
    books = [Book(each, area or each.area) for each in _editions(years)]
    if not how.force and is_built(books):
        _say(f"Nothing changed: {SITE / 'index.html'} is up to date.")
        return
    with hold("kingston build", _say):
        run_stale(pages, how)
        from kingston_analysis.book.build import build_site

        build_site(books, how.jobs, lambda text: _say(f"{text} …"), how.force)
    _say(f"Published. Open {SITE / 'index.html'}, or run `kingston serve`.")


def list_tables() -> None:
    """Print every table with publisher, period, rows and licence."""
    from rich.markup import escape
    from rich.table import Table as Grid

    from kingston_analysis.show.source_views import period
    from kingston_analysis.tables.metadata import load_metadata, table_names

    grid = Grid()
    for heading in ("Table", "Publisher", "Period", "Rows", "Licence"):
        grid.add_column(heading, no_wrap=heading == "Table", overflow="fold")
    for name in table_names():
        meta = load_metadata(name)
        row = (name, meta.publisher, period(meta), f"{meta.rows:,}", meta.licence)
        grid.add_row(*map(escape, row))
    Console().print(grid)


def check_all(what: str) -> None:
    """Check data, the published site, or both; raise KingstonError with all that is wrong."""
    from kingston_analysis.book.build import SITE
    from kingston_analysis.book.check import book_problems
    from kingston_analysis.checks import data_problems

    checks = {"data": data_problems, "book": lambda: book_problems(SITE)}
    if what not in (*checks, "all"):
        raise KingstonError(
            f"There is nothing called '{what}' to check.", nearest(what, [*checks, "all"])
        )
    chosen = list(checks) if what == "all" else [what]
    _raise_if([problem for name in chosen for problem in checks[name]()])
    console.print(f"Checked: {' and '.join(chosen)}. Nothing is wrong.")


def _say(text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _raise_if(problems: list[Problem]) -> None:
    if problems:
        raise KingstonError(problems)


def _editions(years: list[int] | None) -> list[Edition]:
    return [load_edition(year) for year in dict.fromkeys(years or edition_years())]
