"""Look at tables, pages and sites, and say what is wrong with them."""

from __future__ import annotations

from pathlib import Path

from kingston_analysis.commands.choosing import Choice
from kingston_analysis.commands.showing import bar, put_out, say
from kingston_analysis.errors import KingstonError, Problem, nearest, raise_any
from kingston_analysis.project import Project


def print_explanation(choice: Choice) -> None:
    """Print of every page whether it is fresh, and what changed where it is not."""
    from kingston_analysis.pages.explain import explained

    put_out(explained(choice.project, choice.pages))


def print_plan(choice: Choice, force: bool) -> None:
    """Print which pages a run would execute and why, without running any."""
    from kingston_analysis.pages.explain import plan

    put_out(plan(choice.project, choice.pages, force))


def print_review(choice: Choice, jobs: int) -> None:
    """Run executed pages again with nbval and print the report; end with 1 on a difference."""
    from kingston_analysis.review.report import review_pages, review_report

    pages = choice.pages
    with bar("Reviewing pages") as progress:
        progress(0, 0, len(pages))
        done: list[object] = []

        def count(page: object) -> None:
            done.append(page)
            left = len(pages) - len(done)
            progress(len(done), min(jobs, left), left - min(jobs, left))

        reviews = review_pages(pages, jobs, count)
    put_out(review_report(reviews))
    if not all(each.ok for each in reviews):
        raise SystemExit(1)


def verify_site(site: Path) -> None:
    """Check a published site against its manifest; raise KingstonError with all that differs."""
    from kingston_analysis.book.manifest import site_problems

    raise_any(site_problems(site))
    say(f"Verified: every file of {site} is as it was published.")


def list_tables(project: Project) -> None:
    """Print every table with publisher, period, rows and licence."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table as Grid

    from kingston_analysis.data.tables.metadata import load_metadata, table_names
    from kingston_analysis.show.sources import period_held

    grid = Grid()
    for heading in ("Table", "Publisher", "Period", "Rows", "Licence"):
        grid.add_column(heading, no_wrap=heading == "Table", overflow="fold")
    for name in table_names(project):
        meta = load_metadata(project, name)
        row = (name, meta.publisher, period_held(meta), f"{meta.rows:,}", meta.licence)
        grid.add_row(*map(escape, row))
    Console().print(grid)


def check_all(project: Project, what: str) -> None:
    """Check data, the published site, or both; raise KingstonError with all that is wrong."""
    from kingston_analysis.book.books import books_on
    from kingston_analysis.book.check import book_problems
    from kingston_analysis.commands.checks import data_problems
    from kingston_analysis.commands.notes import data_notes
    from kingston_analysis.pages.confined import confinement_problems

    def of_books() -> list[Problem]:
        pages = [page for book in books_on(project) for page in book.pages]
        return [*book_problems(project.site), *confinement_problems(pages)]

    checks = {"data": lambda: data_problems(project), "book": of_books}
    if what not in (*checks, "all"):
        raise KingstonError(
            f"There is nothing called '{what}' to check.", nearest(what, [*checks, "all"])
        )
    chosen = list(checks) if what == "all" else [what]
    raise_any(problem for name in chosen for problem in checks[name]())
    known = data_notes(project) if "data" in chosen else {}
    for title, notes in known.items():
        put_out("\n".join([f"{title}: {len(notes)}", *(f"  {each}" for each in notes), ""]))
    above = " What is listed above is no fault." if known else ""
    say(f"Checked: {' and '.join(chosen)}. Nothing is wrong.{above}")
