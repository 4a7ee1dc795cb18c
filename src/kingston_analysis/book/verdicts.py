"""What was found of a book when it was checked, kept for as long as its files are the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from pathlib import Path

from kingston_analysis.book.accounted import unaccounted_files
from kingston_analysis.book.check import ParsedPages, leads_out, link_problems, problems_of_files
from kingston_analysis.book.manifest import folders_of_books, listed_of, record_problems
from kingston_analysis.book.one_verdict import books_problems
from kingston_analysis.book.shown import shown_problems
from kingston_analysis.errors import Problem
from kingston_analysis.project import content_of, json_of, sha256
from kingston_analysis.records.record import has_valid_checksum, with_checksum, write_atomically

# The pages of a book that lead out of it, each with its link: what other books may break.
LinksOut = list[tuple[str, str]]


class AlteredVerdictError(Exception):
    """Say that a verdict is not as it was kept."""


def problems_of_site(
    site: Path,
    verdicts: Path,
    kept: Collection[str],
    hosts: Collection[str],
    step: Callable[[str], None] = lambda _: None,
) -> list[Problem]:
    """Find everything wrong with a site that has its manifest, and keep what is sound as verdicts.

    Of the books that are kept, those with a verdict on the same files are not read again, but for
    the links that lead out of them; `step` is told of a verdict that does not vouch for itself.
    `kingston verify` and `check book` heed no verdict.
    """
    pages, links = ParsedPages(hosts), dict[str, LinksOut]()
    for name in sorted(kept):
        try:
            found = _links_out(verdicts / f"{name}.json", _hash(site, name))
        except AlteredVerdictError:
            step(f"What was found of {name} is not as it was kept, and the book is read again")
            found = None
        if found is not None:
            links[name] = found
    known = [site / name for name in links]
    files = [f for f in site.rglob("*") if not any(f.is_relative_to(book) for book in known)]
    unread = folders_of_books(site) - links.keys()
    problems = [*unaccounted_files(site, unread), *problems_of_files(files, pages)]
    problems += books_problems(site)
    for name in sorted(unread):
        problems += shown_problems(site / name)
    # Without a verdict the manifest may have been made anew, and vouches for nothing.
    for name in sorted(set(kept) - links.keys()):
        problems += record_problems(site / name)
    for name, found in links.items():
        for page, link in found:
            problems += link_problems(site / name / page, link, pages)
    if not problems:
        for name in sorted(unread):
            _keep(verdicts / f"{name}.json", site, name, pages)
    return problems


def _keep(file: Path, site: Path, name: str, pages: ParsedPages) -> None:
    book = site / name
    own = [(f, page) for f, page in sorted(pages.items()) if f.is_relative_to(book)]
    out = [
        (file.relative_to(book).as_posix(), link)
        for file, page in own
        for link in dict.fromkeys(page.links)
        if leads_out(link, file, book)
    ]
    content = with_checksum({"files": _hash(site, name), "links": out})
    write_atomically(file, json.dumps(content, indent=1) + "\n")


def _links_out(file: Path, files: str) -> LinksOut | None:
    """Return the links of a verdict on just these files, if there is one.

    Raises AlteredVerdictError for one that is not as it was kept.
    """
    try:
        verdict = json_of(content_of(file))
        if not has_valid_checksum(verdict):
            raise AlteredVerdictError
        if verdict["files"] != files:
            return None
        return [(str(page), str(link)) for page, link in verdict["links"]]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise AlteredVerdictError from None


def _hash(site: Path, name: str) -> str:
    """Hash what the manifest says of a book's files."""
    return sha256(json.dumps(listed_of(site, [name]), sort_keys=True).encode())
