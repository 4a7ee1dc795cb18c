"""What the commands do: choose editions, show progress, call the rooms that do the work."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Grid

from kingston_analysis.editions import Edition, edition_years, load_edition
from kingston_analysis.errors import KingstonError, Problem, nearest

console = Console(stderr=True)


def run_editions(
    years: list[int] | None, area: str | None, only: str | None, jobs: int, force: bool
) -> None:
    """Run the stale pages of editions, with a bar; raise KingstonError with all failures."""
    from kingston_analysis.checks import data_problems
    from kingston_analysis.pages.key import is_fresh
    from kingston_analysis.pages.pages import pages_of
    from kingston_analysis.pages.run import run_pages

    pages = [p for each in _editions(years) for p in pages_of(each, area or each.area, only)]
    stale = [page for page in pages if force or not is_fresh(page)]
    if not stale:
        console.print(f"Nothing to run: {len(pages)} pages are up to date.")
        return
    _raise_if(data_problems())
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Running pages", total=len(stale))
        run_pages(stale, jobs, lambda _page: progress.advance(task))


def build_editions(
    years: list[int] | None, area: str | None, only: str | None, jobs: int, force: bool
) -> None:
    """Run what is stale and build the books; do nothing where the site is up to date."""
    from kingston_analysis.book.assemble import Book
    from kingston_analysis.book.build import SITE, build_site, is_built
    from kingston_analysis.pages.pages import pages_of

    editions = _editions(years)
    for each in editions:
        pages_of(each, area or each.area, only)
    books = [Book(each, area or each.area) for each in editions]
    if not force and is_built(books):
        console.print(f"Nothing changed: {SITE / 'index.html'} is up to date.")
        return
    run_editions(years, area, only, jobs, force)
    build_site(books, jobs, lambda text: console.print(f"{text} …"))
    console.print(f"Published. Open {SITE / 'index.html'}, or run `kingston serve`.")


def list_tables() -> None:
    """Print every table with publisher, period, rows and licence."""
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


def _raise_if(problems: list[Problem]) -> None:
    if problems:
        raise KingstonError(problems)


def _editions(years: list[int] | None) -> list[Edition]:
    return [load_edition(year) for year in dict.fromkeys(years or edition_years())]
