"""A book: an edition for an area; its pages, its narrative, and whether the site still holds it."""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kingston_analysis.book.guard.exceptions import exceptions_file
from kingston_analysis.book.manifest import altered_books, folders_of_books
from kingston_analysis.book.to_do import to_do_of
from kingston_analysis.book.withdrawals import withdrawal_of
from kingston_analysis.data.addresses import addresses_file
from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.editions import Edition, edition_years, load_edition
from kingston_analysis.data.names import slug
from kingston_analysis.errors import KingstonError, Problem, raise_any
from kingston_analysis.plan.claims import claims_file
from kingston_analysis.plan.law import coverage_file, law_file
from kingston_analysis.plan.plans import files_of, load_plan
from kingston_analysis.project import Project, json_of, sha256
from kingston_analysis.records.code import package_here
from kingston_analysis.records.key import Now, changes
from kingston_analysis.records.pages import Page, pages_of
from kingston_analysis.records.record import record_json

# What talks to people or judges pages does not change a book.
NOT_OF_BOOKS = ("review", "commands", "cli.py")


@dataclass(frozen=True)
class Book:
    """One book: an edition for an area; the plan's narrative only for the edition's own area."""

    project: Project
    edition: Edition
    area: str

    @property
    def plan(self) -> str | None:
        """Return the plan that the book holds, if any."""
        return self.edition.plan if self.area == self.edition.area else None

    @property
    def name(self) -> str:
        """Return the book's address: its place on the site, and below the folders of `_build`."""
        return f"{slug(self.area)}/{self.edition.edition}"

    @property
    def pages(self) -> list[Page]:
        """Return the evidence pages in reading order."""
        return pages_of(self.project, self.edition, self.area)

    @property
    def is_draft(self) -> bool:
        """Tell whether something of its edition is still to be done."""
        return next(to_do_of(self.project, self.edition), None) is not None

    @property
    def folder(self) -> Path:
        """Return the place of the assembled book."""
        return self.project.build / "book" / self.name

    @property
    def narrative(self) -> list[Path]:
        """Return the files that people wrote for it: all but those of another plan."""
        files = (file for file in sorted(self.project.narrative.rglob("*")) if file.is_file())
        return [file for file in files if self._own(file)]

    def _own(self, file: Path) -> bool:
        place = file.relative_to(self.project.narrative).parts
        return place[0] != "plans" or place[1] == self.plan


def book_key(book: Book, now: Now) -> str:
    """Hash all that a book is made of: pages, narrative, settings, what data it names, code."""
    project = book.project
    of_edition = project.data / "editions" / f"{book.edition.edition}.yml"
    read = [of_edition, project.data / "topics.yml", addresses_file(project)]
    read += _of_plan(project, book.plan) if book.plan else []
    names = [project.name_of(file) for file in (project.config, *read, *book.narrative)]
    inputs = {
        "pages": {page.name: _as_run(page, now) for page in book.pages},
        "files": {name: now.hash_of(name) for name in names},
        "draft": book.is_draft,
        "environment": now.environment,
        "code": code_of_books(),
        "python": platform.python_version(),
    }
    return sha256(json.dumps(inputs, sort_keys=True).encode())


def _of_plan(project: Project, name: str) -> list[Path]:
    """Return the files of a plan's content; a table's metadata vouch for its figures."""
    tables = [each.table for each in load_plan(project, name).national if each.table]
    of_plan = [coverage_file(project, name), claims_file(project, name)]
    of_plan += [*files_of(project, name).values(), project.data / "plans" / name / "decisions.yml"]
    files = [*of_plan, law_file(project), exceptions_file(project)]
    return [*files, *(project.tables / f"{each}.yml" for each in tables)]


@cache
def code_of_books() -> dict[str, str]:
    """Hash the code that builds books, once: what a process imported, it keeps."""
    files = package_here().hashes
    return {n: h for n, h in files.items() if n.partition("/")[0] not in NOT_OF_BOOKS}


def is_built(project: Project, books: list[Book]) -> bool:
    """Tell whether the site holds these books, made from what is in the project now."""
    kept, now = books_held(project.site), Now(project)
    if any(withdrawal_of(project, name) for name in folders_of_books(project.site)):
        return False
    current = all(is_current(book, kept.get(book.name), now) for book in books)
    return current and not altered_books(project.site)


def is_current(book: Book, key: str | None, now: Now) -> bool:
    """Tell whether a book on the site, built under a key, is as it would be built now."""
    fresh = (book.project.site / book.name).is_dir() and not any(
        changes(page, now) for page in book.pages
    )
    return fresh and key == book_key(book, now)


def books_held(site: Path) -> dict[str, str]:
    """Return the names of the books on a site, each with the key under which it was built."""
    return {name: str(each["key"]) for name, each in entries_on(site).items()}


def entries_on(site: Path) -> dict[str, dict[str, object]]:
    """Return what a site says of its books, by their names; nothing where that cannot be read."""
    try:
        content = json_of(keys_file(site).read_text(encoding="utf-8"))
        return {name: {**each, "key": each["key"]} for name, each in content.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def books_on(project: Project) -> list[Book]:
    """Return the books on the site whose edition and area the project has, less those withdrawn."""
    folders = folders_of_books(project.site)
    return [
        book
        for book in _books_of(project)
        if book.name in folders and not withdrawal_of(project, book.name)
    ]


def _books_of(project: Project) -> list[Book]:
    """Return a book for each edition and borough, whether or not it was ever built."""
    return [
        Book(project, load_edition(project, year), area)
        for year in edition_years(project)
        for area in load_areas(project).borough_names
    ]


def refuse_unknown(project: Project) -> None:
    """Raise KingstonError where the site holds a book whose edition or borough is there no more.

    One that was withdrawn may go.
    """
    known = {book.name for book in _books_of(project)}
    unknown = sorted(folders_of_books(project.site) - known)
    raise_any(_unknown(project, name) for name in unknown if not withdrawal_of(project, name))


def _unknown(project: Project, name: str) -> Problem:
    year = int(name.rpartition("/")[2])
    lost, file = "borough", "data/areas.yml"
    if year not in edition_years(project):
        lost, file = "edition", f"data/editions/{year}.yml"
    what = f"The site holds {name}, of which the project has no {lost} any more."
    remedy = (
        f"Restore it in {file}, or take the book off the site with `kingston withdraw {year} "
        '--because "…"`.'
    )
    return Problem(what, project.site / name, remedy=remedy)


def refuse_to_drop(project: Project, books: list[Book], now: Now) -> None:
    """Raise KingstonError where a site of these books would lose others that it holds.

    A book that is not built now stays only if it is as it would be built.
    """
    refuse_unknown(project)
    keys, altered = books_held(project.site), altered_books(project.site)
    lost = [
        book.name
        for book in books_on(project)
        if book not in books
        and (book.name in altered or not is_current(book, keys.get(book.name), now))
    ]
    if lost:
        built, left = (", ".join(names) for names in ([book.name for book in books], lost))
        what = f"With {built} alone, the site would lose what it has of {left}, now out of date."
        remedy = "Run `kingston build`, which builds every book on the site, or name these too."
        raise KingstonError(what, remedy)


def entry_of(book: Book, key: str) -> dict[str, object]:
    """Return what a site says of a book: edition, area, its key, and whether it is a draft."""
    year = book.edition.edition
    return {"edition": year, "area": book.area, "key": key, "draft": book.is_draft}


def keys_file(site: Path) -> Path:
    """Return the place where a site says what it was built from."""
    return site / "inputs.json"


def _as_run(page: Page, now: Now) -> str:
    """Hash a page's record, which vouches for its notebook and is published beside it."""
    record = now.record(page)
    return sha256(record_json(record).encode()) if record else "not run"
