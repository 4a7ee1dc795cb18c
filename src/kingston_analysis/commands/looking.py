"""Look at tables, pages and sites, and say what is wrong with them."""

from __future__ import annotations

from kingston_analysis.commands.choosing import Choice
from kingston_analysis.commands.showing import bar, put_json, put_out, say
from kingston_analysis.errors import KingstonError, Problem, nearest, raise_any
from kingston_analysis.project import Project


def print_explanation(choice: Choice, as_json: bool) -> None:
    """Print of every page whether it is fresh, and what changed where it is not."""
    from kingston_analysis.pages.explain import freshness

    found = freshness(choice.project, choice.pages)
    if as_json:
        put_json(
            [
                {
                    "page": str(each.page),
                    "fresh": not each.changes,
                    "changed": [str(change) for change in each.changes],
                    "depends_on_stale": each.behind,
                }
                for each in found
            ]
        )
    else:
        put_out("\n".join(map(str, found)))


def print_plan(choice: Choice, force: bool) -> None:
    """Print which pages a run would execute and why, without running any."""
    from kingston_analysis.pages.explain import plan

    put_out(plan(choice.project, choice.pages, force))


def print_review(choice: Choice, jobs: int, as_json: bool) -> None:
    """Run executed pages again with nbval and print the report; end with 1 on a difference."""
    from kingston_analysis.review.report import review_objects, review_pages, review_report

    pages = choice.pages
    with bar("Reviewing pages") as progress:
        progress(0, 0, len(pages))
        done: list[object] = []

        def count(page: object) -> None:
            done.append(page)
            left = len(pages) - len(done)
            progress(len(done), min(jobs, left), left - min(jobs, left))

        reviews = review_pages(pages, jobs, count)
    if as_json:
        put_json(review_objects(reviews))
    else:
        put_out(review_report(reviews))
    if not all(each.ok for each in reviews):
        raise SystemExit(1)


def list_tables(project: Project, as_json: bool) -> None:
    """Print every table with rows, period, publisher and licence."""
    from kingston_analysis.data.tables.metadata import load_metadata, table_names
    from kingston_analysis.show.sources import period_held

    metas = {name: load_metadata(project, name) for name in table_names(project)}
    if as_json:
        put_json([{"table": name, **m.model_dump(mode="json")} for name, m in metas.items()])
        return
    for name, meta in metas.items():
        period = f"\n    {period_held(meta)}" if meta.period else ""
        whose = f"{meta.publisher}. {meta.licence}"
        put_out(f"{name}: {meta.rows:,} rows{period}\n    {whose}")


def check_all(project: Project, what: str, strict: bool, as_json: bool) -> None:
    """Check data, the published site, or both; raise KingstonError with all that is wrong.

    Where it is strict, what a person should know and is no fault counts as one.
    """
    from kingston_analysis.book.books import books_on
    from kingston_analysis.book.check import book_problems
    from kingston_analysis.book.manifest import site_problems
    from kingston_analysis.commands.checks import data_problems
    from kingston_analysis.commands.notes import data_notes
    from kingston_analysis.commands.vouching import standing_of
    from kingston_analysis.data.addresses import load_hosts
    from kingston_analysis.pages.confined import confinement_problems

    def of_books() -> list[Problem]:
        pages = [page for book in books_on(project) for page in book.pages]
        found = book_problems(project.site, load_hosts(project))
        found += list(site_problems(project.site)) if project.site.exists() else []
        return list(dict.fromkeys([*found, *confinement_problems(pages)]))

    checks = {"data": lambda: data_problems(project), "book": of_books}
    if what not in (*checks, "all"):
        raise KingstonError(
            f"There is nothing called '{what}' to check.", nearest(what, [*checks, "all"])
        )
    chosen = list(checks) if what == "all" else [what]
    raise_any(problem for name in chosen for problem in checks[name]())
    known = data_notes(project) if "data" in chosen else {}
    if strict:
        raise_any(Problem(f"{title}: {each}") for title, notes in known.items() for each in notes)
    if as_json:
        put_json({"checked": chosen, "problems": [], "notes": known})
        return
    if "book" in chosen:
        put_out("\n".join(standing_of(project, project.site)))
    for title, notes in known.items():
        put_out("\n".join([f"{title}: {len(notes)}", *(f"  {each}" for each in notes), ""]))
    above = " What is listed above is no fault." if known else ""
    say(f"Checked: {' and '.join(chosen)}. Nothing is wrong.{above}")
