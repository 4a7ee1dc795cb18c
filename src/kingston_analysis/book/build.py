"""Build the sites: draw, run Jupyter Book on each book, check, and swap the whole site in."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from kingston_analysis.book.assemble import assemble, refuse_stale
from kingston_analysis.book.books import (
    Book,
    book_key,
    books_held,
    books_on,
    entry_of,
    is_current,
    refuse_to_drop,
)
from kingston_analysis.book.context import DRAFT, SUMMARY_FILE
from kingston_analysis.book.drawers import Drawers
from kingston_analysis.book.jupyter_books import build_each
from kingston_analysis.book.manifest import altered_books, folders_of_books, hash_of_tree
from kingston_analysis.book.publish import publish
from kingston_analysis.book.settings import SETTINGS
from kingston_analysis.data.addresses import load_hosts
from kingston_analysis.errors import Problem, raise_any
from kingston_analysis.project import Project, clear_place
from kingston_analysis.records.key import Now

# What is written into an assembled book while it is built.
MADE_MEANWHILE = (SUMMARY_FILE,)
# What Sphinx leaves for itself.
LEFTOVERS = (".buildinfo", ".doctrees", "objects.inv", "_sources")


def build_site(
    project: Project,
    books: list[Book],
    drawers: Drawers,
    jobs: int,
    step: Callable[[str], None],
    force: bool,
) -> None:
    """Build the books that changed and swap them into the site, with those that did not.

    `drawers` may draw already what finished pages show. Raises KingstonError where anything is
    wrong, or a book on the site that was not asked for is out of date; then the site is left
    untouched.
    """
    site = project.site
    now, published = Now(project), books_held(site)
    refuse_to_drop(project, books, now)
    before = folders_of_books(site)
    altered = altered_books(site) if before else set()
    if "" in altered:
        step("What stands beside the books on the site is not as published, and is made again")
    for name in sorted(altered & published.keys() & before):
        step(f"{name} on the site is not as it was published, and is built again")
        del published[name]
    kept = [book for book in books_on(project) if book not in books]
    if not force:
        kept += [book for book in books if is_current(book, published.get(book.name), now)]
    changed = [book for book in books if book not in kept]
    # Keys come before books: what is edited meanwhile makes a book stale, never wrongly fresh.
    entries = {book.name: entry_of(book, book_key(book, now)) for book in [*kept, *changed]}
    refuse_stale(changed, now)
    _build_books(project, changed, drawers, jobs, step)
    step("Checking and publishing")
    built = {book.name: _html(book) for book in changed}
    publish(site, entries, built, load_hosts(project), step)
    for name in sorted(before - entries.keys()):
        step(f"Left out {name}, which was withdrawn")


def _build_books(
    project: Project, books: list[Book], drawers: Drawers, jobs: int, step: Callable[[str], None]
) -> None:
    step("Drawing charts")
    for page in (page for book in books for page in book.pages):
        drawers.draw(page.executed)
    for file in drawers.finish():
        step(f"{project.name_of(file)} was not as it was drawn, and is drawn again")
    step("Assembling books")
    emitted = {book: assemble(book) for book in books}
    problems: dict[Book, list[Problem]] = {}
    assembled = {book: hash_of_tree(book.folder, MADE_MEANWHILE) for book in books}
    for book in books:
        clear_place(_output(book))
    for number, end in build_each([_arguments(book) for book in books], jobs, project.root):
        book = books[number]
        if end is None:
            step(f"Building {book.name}")
        else:
            problems[book] = _problems(book, emitted[book], *end)
            if hash_of_tree(book.folder, MADE_MEANWHILE) != assembled[book]:
                what = f"The assembled book {book.name} was changed while it was built."
                remedy = "Build again; it is assembled anew."
                problems[book].append(Problem(what, book.folder, remedy=remedy))
    raise_any(problem for book in books for problem in problems[book])


def _arguments(book: Book) -> list[str]:
    """Return what `jupyter-book` is told to build an assembled book; it works by hand as well."""
    return [
        "build", str(book.folder),
        "--config", str(book.folder / SETTINGS), "--path-output", str(_output(book)),
        "-W", "-n", "--keep-going", "--quiet",
    ]  # fmt: skip


def _output(book: Book) -> Path:
    return book.project.build / "html" / book.name


def _html(book: Book) -> Path:
    return _output(book) / "_build" / "html"


def _problems(book: Book, figures: int, code: int, output: str) -> list[Problem]:
    """Leave of a built book what readers need; say what is wrong with it."""
    if code:
        return _warnings(book, output)
    for name in LEFTOVERS:
        place = _html(book) / name
        shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
    shown = sum(
        page.read_text(encoding="utf-8").count('<figure class="kb-figure"')
        for page in (_html(book) / "evidence").glob("*.html")
    )
    if shown != figures:
        return [
            Problem(f"{book.name}: {figures} figures were emitted and {shown} are on the site.")
        ]
    if not book.is_draft:
        return []
    return [
        Problem(f"{book.name}: the page does not say that it is of a draft.", page)
        for page in sorted(_html(book).rglob("*.html"))
        if DRAFT not in page.read_text(encoding="utf-8")
    ]


def _warnings(book: Book, text: str) -> list[Problem]:
    """Turn Jupyter Book's report into problems that name the file a person edits."""
    text = _COLOURS.sub("", text)
    if system := _SYSTEM.search(text):
        what = f"{book.name}: the book could not be written: {system[1] or system[2]}."
        return [Problem(what, remedy="Make room, or make the folder writable, and build again.")]
    lines = [line for line in text.splitlines() if "WARNING" in line or "ERROR" in line]
    if not lines:
        return [Problem(f"Jupyter Book stopped on {book.name}:\n{text.strip()[-2000:]}")]
    lines = [line.replace(f"{book.folder}/", "book/").strip() for line in lines]
    return [Problem(line) for line in dict.fromkeys(lines)]


_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_SYSTEM = re.compile(r"\[Errno \d+\] ([^:'\"\n]+)|OSError\(\d+, '([^']+)'\)")
