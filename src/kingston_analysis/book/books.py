"""A book: an edition for an area; its pages, its narrative, and whether the site still holds it."""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kingston_analysis.book.manifest import altered_books, folders_of_books
from kingston_analysis.book.narrative import excepted_file
from kingston_analysis.data.areas import load_areas, slug
from kingston_analysis.data.editions import Edition, edition_years, load_edition
from kingston_analysis.errors import KingstonError
from kingston_analysis.plan.claims import claims_file
from kingston_analysis.plan.law import coverage_file, law_file
from kingston_analysis.plan.plans import files_of, load_plan
from kingston_analysis.project import Project, sha256
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
    read = [project.data / "editions" / f"{book.edition.edition}.yml", project.data / "topics.yml"]
    read += _of_plan(project, book.plan) if book.plan else []
    names = [project.name_of(file) for file in (project.config, *read, *book.narrative)]
    inputs = {
        "pages": {page.name: _as_run(page, now) for page in book.pages},
        "files": {name: now.hash_of(name) for name in names},
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
    files = [*of_plan, law_file(project), excepted_file(project)]
    return [*files, *(project.tables / f"{each}.yml" for each in tables)]


@cache
def code_of_books() -> dict[str, str]:
    """Hash the code that builds books, once: what a process imported, it keeps."""
    files = package_here().hashes
    return {n: h for n, h in files.items() if n.partition("/")[0] not in NOT_OF_BOOKS}


def is_built(project: Project, books: list[Book]) -> bool:
    """Tell whether the site holds these books, made from what is in the project now."""
    kept, now = books_held(project.site), Now(project)
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
    try:
        content = json.loads(keys_file(site).read_text(encoding="utf-8"))
        return {name: each["key"] for name, each in content.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def books_on(project: Project) -> list[Book]:
    """Return the books on the site whose edition and area the project still has."""
    folders = folders_of_books(project.site)
    known = [
        Book(project, load_edition(project, year), area)
        for year in edition_years(project)
        for area in load_areas(project).borough_names
    ]
    return [book for book in known if book.name in folders]


def refuse_to_drop(project: Project, books: list[Book], now: Now) -> None:
    """Raise KingstonError where a site of these books would lose others that it holds.

    A book that is not built now stays only if it is as it would be built.
    """
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


def keys_text(keys: dict[Book, str]) -> str:
    """Write down which books a site holds, each with its key."""
    content = {
        book.name: {"edition": book.edition.edition, "area": book.area, "key": key}
        for book, key in sorted(keys.items(), key=lambda pair: pair[0].name)
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def keys_file(site: Path) -> Path:
    """Return the place where a site says what it was built from."""
    return site / "inputs.json"


def _as_run(page: Page, now: Now) -> str:
    """Hash a page's record, which vouches for its notebook and is published beside it."""
    record = now.record(page)
    return sha256(record_json(record).encode()) if record else "not run"
