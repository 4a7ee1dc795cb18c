"""Run pages and build books: choose executor and engine, lock the tree, show how it goes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil

from kingston_analysis.book.books import (
    Book,
    books_on,
    is_built,
    refuse_to_drop,
    refuse_unknown,
)
from kingston_analysis.book.manifest import manifest_hash
from kingston_analysis.book.to_do import to_do_of
from kingston_analysis.book.withdrawals import withdrawal_of, withdrawals_file
from kingston_analysis.commands.choosing import Choice
from kingston_analysis.commands.gate import refuse_unsound, refuse_without_rules
from kingston_analysis.commands.showing import bar, say
from kingston_analysis.data.editions import Edition
from kingston_analysis.data.topics import load_topics
from kingston_analysis.errors import KingstonError, Problem, raise_any
from kingston_analysis.pages.engines import DEFAULT, Engine
from kingston_analysis.pages.lock import lock_tree
from kingston_analysis.project import Project
from kingston_analysis.records.dependencies import with_dependencies
from kingston_analysis.records.key import Now, changes
from kingston_analysis.records.pages import Page

# Of so many pages that ran each is named with its place.
FEW = 3


@dataclass(frozen=True)
class RunOptions:
    """How pages are run: on how many processes or whose workers, by which engine, forced or not."""

    jobs: int
    engine: Engine | None = None
    scheduler: str | None = None
    force: bool = False


def run_pages(choice: Choice, options: RunOptions) -> None:
    """Run the stale pages among the chosen; raise KingstonError with all failures."""
    # Before the wait for the lock, so that a name that is not there is told at once.
    pages = choice.pages
    _refuse_faulty(choice)
    with lock_tree(choice.project, "kingston run", say):
        _run_stale(choice.project, pages, options)
    raise_any(e for each, _ in choice.editions for e in _misbound(choice.project, each))


def _misbound(project: Project, edition: Edition) -> Iterator[Problem]:
    if edition.pages:
        from kingston_analysis.book.bindings import binding_problems

        yield from binding_problems(project, edition)


def build_books(choice: Choice, options: RunOptions, draft: bool = False) -> None:
    """Run what is stale and build the books; do nothing where the site is up to date.

    Raises KingstonError where something of an edition on the site is still to be done, unless it
    may be a draft.
    """
    project, chosen = choice.project, _not_withdrawn(choice)
    books = _with_others(choice, chosen)
    of_chosen = {page for book in chosen for page in book.pages}
    pages = [page for page in choice.pages if page in of_chosen]
    _refuse_faulty(choice)
    refuse_unknown(project)
    if not draft:
        _refuse_unfinished(project, books)
    start = project.site / "index.html"
    if not options.force and is_built(project, books):
        refuse_unsound(project)
        say(f"Nothing changed: {start} is up to date.")
        return
    with lock_tree(project, "kingston build", say):
        refuse_without_rules(project)
        refuse_to_drop(project, books, Now(project))
        others = [page for book in books[len(chosen) :] for page in book.pages]
        # It imports nbformat.
        from kingston_analysis.book.drawers import Drawers, charts_of

        drawers = Drawers(charts_of(project), options.jobs)
        try:
            _run_stale(
                project, [*pages, *others], options, lambda page: drawers.draw(page.executed)
            )
            from kingston_analysis.pages.warm import end_warm_process

            end_warm_process(project)
            refuse_unsound(project)
            # It imports pandas: pages that run have better use for the memory.
            from kingston_analysis.book.build import build_site

            build_site(project, books, drawers, options.jobs, _step, options.force)
        finally:
            drawers.stop()
    say(f"Published. Its manifest is {manifest_hash(project.site)}.")
    say(f"Open {start}, or run `kingston serve`.")


def _step(text: str) -> None:
    say(f"{text} …")


def _refuse_faulty(choice: Choice) -> None:
    """Raise KingstonError where the editions name own notebooks that are not as they must be."""
    if own := [edition for edition, _ in choice.editions if edition.pages]:
        from kingston_analysis.pages.own import notebook_problems

        topics = load_topics(choice.project)
        raise_any(each for e in own for each in notebook_problems(choice.project, e, topics))


def _not_withdrawn(choice: Choice) -> list[Book]:
    """Return the chosen books less those withdrawn; raise KingstonError for one chosen by name."""
    project = choice.project
    books = [Book(project, edition, area) for edition, area in choice.editions]
    withdrawn = {book: why for book in books if (why := withdrawal_of(project, book.name))}
    if choice.years:
        remedy = "To put it back, give its entry the day under `restored`."
        raise_any(
            Problem(f"{book.name} was {why}", withdrawals_file(project), remedy=remedy)
            for book, why in withdrawn.items()
        )
    return [book for book in books if book not in withdrawn]


def _with_others(choice: Choice, chosen: list[Book]) -> list[Book]:
    """Return the chosen books; where nothing was chosen, with all others on the site after them."""
    if choice != Choice(choice.project):
        return chosen
    return [*chosen, *(book for book in books_on(choice.project) if book not in chosen)]


def _refuse_unfinished(project: Project, books: list[Book]) -> None:
    """Raise KingstonError with all that is to be done for the books and for others on the site."""
    editions = {book.edition.edition: book.edition for book in [*books, *books_on(project)]}
    problems: list[Problem] = []
    for year, edition in sorted(editions.items()):
        if left := list(to_do_of(project, edition)):
            what = f"Edition {year} is not finished; still to do: {len(left)}."
            remedy = (
                "Do what is named here, publish it as a draft with `--draft`, or build the other "
                "editions with `--edition`."
            )
            file = project.data / "editions" / f"{year}.yml"
            problems += [Problem(what, file, remedy=remedy), *left]
    raise_any(problems)


def _run_stale(
    project: Project,
    pages: list[Page],
    options: RunOptions,
    ran: Callable[[Page], None] = lambda _: None,
) -> None:
    """Run the stale among the pages, and tell of each that ran."""
    now = Now(project)
    involved = with_dependencies(pages, now)
    stale = {page: found for page in involved if (found := changes(page, now))}
    if not stale and not options.force:
        many = "1 page is" if len(pages) == 1 else f"{len(pages)} pages are"
        say(f"Nothing to run: {many} up to date.")
        return
    for page, found in stale.items():
        if found[0].kind == "a record that cannot be used":
            say(f"{page}: {found[0].what}; it is run again.")
    engine = options.engine or DEFAULT
    with _executor(project, options, engine) as (executor, at_once), bar("Running pages") as show:
        # What goes wrong with a page is told by its outcome.
        logging.getLogger("papermill").setLevel(logging.CRITICAL)
        # It imports papermill: meanwhile the warm process imports what the pages need.
        from kingston_analysis.pages.run import Run, check_templates

        check_templates(each for page in pages for each in now.book_of(page))
        forced = frozenset(pages) if options.force else frozenset()
        run = Run(executor, engine, now, forced, at_once, lambda run: show(*run.counts), ran)
        try:
            run.run(pages)
        except KingstonError as error:
            raise KingstonError(_causes(project, error.problems)) from None
    if len(run.executed) <= FEW:
        for page in run.executed:
            say(f"Open {project.name_of(page.executed)}")


@contextmanager
def _executor(
    project: Project, options: RunOptions, engine: Engine
) -> Iterator[tuple[Executor, int]]:
    """Lend workers of a cluster, or threads that look after a page each; and say how many."""
    if options.scheduler is not None:
        from kingston_analysis.pages.cluster import cluster

        with cluster(project, options.scheduler) as lent:
            yield lent
        return
    if engine == Engine.WARM:
        from kingston_analysis.pages.warm import warm_process

        warm_process(project)
    with ThreadPoolExecutor(options.jobs) as executor:
        try:
            yield executor, options.jobs
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            # Whatever still runs a page for us: the warm process, or a kernel for each.
            for process in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    process.kill()
            raise


def _causes(project: Project, problems: list[Problem]) -> list[Problem]:
    """Where pages failed because the data are at fault, name the faults instead of the pages."""
    faults = _faulty_data(project)
    other = [each for each in problems if not any(fault.what in each.what for fault in faults)]
    return [*faults, *other]


def _faulty_data(project: Project) -> list[Problem]:
    # It imports pandas, which a command that finds nothing to do can spare.
    from kingston_analysis.commands.checks import data_problems

    return data_problems(project)
