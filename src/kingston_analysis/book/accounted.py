"""Whether every file of a site is accounted for: its place, its kind, and where it comes from.

What is not known is told: a file is the theme's or ours by its hash, a page by the index of its
book, a page's files by the page; figures' data must be those of its notebook.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kingston_analysis.book.kinds import KINDS, pages_indexed
from kingston_analysis.book.manifest import MANIFEST, folders_of_books, hashes_listed
from kingston_analysis.book.policy import header_files
from kingston_analysis.book.prune_assets import ASSETS
from kingston_analysis.errors import Problem
from kingston_analysis.project import json_of, sha256
from kingston_analysis.records.signatures import files_of_signatures
from kingston_analysis.show.figure_html import csv_path, figure_csv
from kingston_analysis.show.mimes import FIGURE

STATIC = "_static"
# Where a book's files stand; what is named is a page of its evidence.
_NAME = r"[a-z0-9][a-z0-9_-]*"
_OF_PAGE = re.compile(
    rf"(?:records/({_NAME})\.json|notebooks/({_NAME})\.ipynb|figures/({_NAME})/{_NAME}\.csv)"
)
OF_BOOK = ("searchindex.js", "findings.json", "edition.json", "summary.pdf")
OF_SITE = ("index.html", "inputs.json")
# Pages that Sphinx adds to those of the contents.
OF_SPHINX = ("genindex", "search")
OF_THEME = Path(__file__).with_name("theme-files.sha256")


@cache
def static_files() -> dict[str, str]:
    """Return the scripts, styles and pictures of the theme and of ours: the hash of each."""
    ours = {file.name: sha256(file.read_bytes()) for file in ASSETS.iterdir() if file.is_file()}
    return {**{name: f"sha256:{each}" for name, each in hashes_listed(OF_THEME).items()}, **ours}


def unaccounted_files(site: Path, books: Collection[str] | None = None) -> Iterator[Problem]:
    """Name every file of a site that nobody accounts for, with why; of some books, or of all.

    What is no file, as a link or a pipe, the manifest tells.
    """
    known = folders_of_books(site)
    chosen = known if books is None else known & set(books)
    for name in sorted(chosen):
        yield from _of_book(site / name)
    roots = [site / name for name in known]
    for file in _files(site):
        if not any(root in file.parents for root in roots):
            yield from _unaccounted(file, _fault_beside(file, site))


@dataclass(frozen=True)
class _BookFiles:
    """What a book says of its own files: its pages, and the data of the figures of each."""

    pages: frozenset[str]
    figures: dict[str, str]


def _of_book(folder: Path) -> Iterator[Problem]:
    index = folder / "searchindex.js"
    pages = (pages_indexed(index.read_bytes()) if index.is_file() else None) or frozenset()
    figures: dict[str, str] = {}
    for notebook in sorted((folder / "notebooks").glob("*.ipynb")):
        figures |= _figures_of(notebook)
    book = _BookFiles(pages, figures)
    for file in _files(folder):
        yield from _unaccounted(file, _fault(file, file.relative_to(folder).as_posix(), book))


def _files(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.rglob("*")) if file.is_file() and not file.is_symlink()]


def _unaccounted(file: Path, fault: str | None) -> Iterator[Problem]:
    if fault:
        remedy = "Remove it, or build again; only what the book is made of is published."
        yield Problem(f"Nobody accounts for this file: {fault}.", file, remedy=remedy)


def _fault_beside(file: Path, site: Path) -> str | None:
    """Say why a file beside the books is not accounted for."""
    name = file.relative_to(site).as_posix()
    if name == MANIFEST or file in files_of_signatures(site / MANIFEST):
        return None
    if name == "editions.css":
        return None if sha256(file.read_bytes()) == static_files()[name] else "it is not ours"
    if name in header_files():
        ours = file.read_bytes() == header_files()[name].encode()
        return None if ours else "it does not hold the site's policy"
    return _kind_fault(file) if name in OF_SITE else "nothing of this name stands beside the books"


def _fault(file: Path, name: str, book: _BookFiles) -> str | None:
    """Say why a file of a book is not accounted for."""
    if name.startswith(f"{STATIC}/"):
        return _static_fault(file, name.removeprefix(f"{STATIC}/"))
    if found := _OF_PAGE.fullmatch(name):
        page = next(filter(None, found.groups()))
        if f"evidence/{page}" not in book.pages:
            return f"the book has no page evidence/{page}"
        if file.suffix == ".csv" and book.figures.get(name) != _read_text(file):
            return "no figure of the page's notebook has these data"
    elif file.suffix == ".html":
        if name.removesuffix(".html") not in (*book.pages, *OF_SPHINX):
            return "the index of the book names no such page"
    elif name not in OF_BOOK:
        return "a book has no file of this name"
    return _kind_fault(file)


def _static_fault(file: Path, name: str) -> str | None:
    if name in static_files():
        same = sha256(file.read_bytes()) == static_files()[name]
        return None if same else "it is not as the theme or this package has it"
    if file.suffix == ".png":
        return _kind_fault(file)
    return "it is neither the theme's nor this package's, and no picture"


def _kind_fault(file: Path) -> str | None:
    kind, holds = KINDS[file.suffix]
    return None if holds(file.read_bytes()) else f"by its bytes it is not {kind}"


def _read_text(file: Path) -> str:
    return file.read_bytes().decode("utf-8", errors="replace")


def _figures_of(notebook: Path) -> dict[str, str]:
    """Return the data of each figure of a published notebook, by their place in the book."""
    try:
        cells = json_of(notebook.read_bytes())["cells"]
        outputs = [each.get("data", {}) for cell in cells for each in cell.get("outputs", ())]
        found = [data[FIGURE]["usermeta"] for data in outputs if FIGURE in data]
        return {csv_path(notebook.stem, each["figure"]): figure_csv(each) for each in found}
    except (ValueError, LookupError, TypeError, AttributeError):
        # What is wrong with it is told of its record.
        return {}
