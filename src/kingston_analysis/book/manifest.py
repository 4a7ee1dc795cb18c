"""The list of a site's files with their hashes, and what a later look finds altered."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from kingston_analysis.book.shown import shown_problems
from kingston_analysis.errors import Problem
from kingston_analysis.project import json_of, sha256
from kingston_analysis.records.record import has_valid_checksum
from kingston_analysis.records.signatures import files_of_signatures

# The form of `sha256sum`, so that `sha256sum --check` can do without this project.
MANIFEST = "manifest-sha256.txt"
START = "index.html"


def write_manifest(site: Path, known: Mapping[str, str] = MappingProxyType({})) -> None:
    """Write the hash of every file of a site into its manifest; `known` ones as they are."""
    lines = [f"{digest}  {name}\n" for name, digest in _hashes(site, known).items()]
    (site / MANIFEST).write_text("".join(lines), encoding="utf-8", newline="\n")


def manifest_hash(site: Path) -> str:
    """Return the hash of a site's manifest, which stands for the whole site."""
    return sha256((site / MANIFEST).read_bytes())


def hash_of_tree(folder: Path, but: Collection[str] = ()) -> str:
    """Hash all files of a folder as a whole, with their names, but for some."""
    held = {name: each for name, each in _hashes(folder).items() if name not in but}
    return sha256(json.dumps(held).encode())


def site_problems(site: Path) -> Iterator[Problem]:
    """Name every file of a site that was altered, added or lost since it was published.

    Each record is held against itself, its notebook and what its page shows, should the manifest
    have been made anew.
    """
    unlike = list(_unlike_the_manifest(site))
    yield from unlike
    for name in sorted(folders_of_books(site)) if (site / MANIFEST).is_file() else ():
        yield from record_problems(site / name)
        if not unlike:
            yield from shown_problems(site / name)


def _unlike_the_manifest(site: Path) -> Iterator[Problem]:
    file = site / MANIFEST
    if not file.is_file():
        what = "The site has no manifest, so nothing vouches for its files."
        yield Problem(what, file, remedy="Copy the whole site again, or run `kingston build`.")
        return
    listed, lines = _listed(file)
    for number in lines:
        yield Problem("Not a line of a manifest.", file, number, remedy="Copy the file again.")
    if START not in listed and not lines:
        what = "The manifest names no start page, so this is no site that was published."
        yield Problem(what, file, remedy="Copy the whole site again, or run `kingston build`.")
    found = _hashes(site)
    remedy = "Put it back from the published site."
    for name in sorted(listed.keys() | found.keys()):
        if name not in found:
            yield Problem("The file was lost.", site / name, remedy=remedy)
        elif name not in listed:
            yield Problem("The file was added.", site / name, remedy="Remove it.")
        elif listed[name] != found[name]:
            yield Problem("The file was altered.", site / name, remedy=remedy)


def altered_books(site: Path) -> set[str]:
    """Return the addresses of the books on a site that are not as its manifest says.

    Files beside the books count as the book of no name; without a manifest, no book is vouched for.
    """
    if not (site / MANIFEST).is_file():
        return {"", *folders_of_books(site)}
    found = _unlike_the_manifest(site)
    altered = ((problem.file or site).relative_to(site) for problem in found)
    return {"/".join(place.parts[:2]) if len(place.parts) > 2 else "" for place in altered}


def folders_of_books(site: Path) -> set[str]:
    """Return the addresses, area and edition, at which a site has folders."""
    folders = (place for place in site.glob("*/*") if place.is_dir() and place.name.isdigit())
    return {folder.relative_to(site).as_posix() for folder in folders}


def listed_of(site: Path, books: Collection[str]) -> dict[str, str]:
    """Return the hashes that a site's manifest gives for the files of some of its books."""
    if not books:
        return {}
    listed, _ = _listed(site / MANIFEST)
    return {name: each for name, each in listed.items() if "/".join(name.split("/")[:2]) in books}


def hashes_listed(file: Path) -> dict[str, str]:
    """Return the hashes of a file in the form of `sha256sum`, by name."""
    return _listed(file)[0]


def _listed(file: Path) -> tuple[dict[str, str], list[int]]:
    """Read a manifest; return also the numbers of lines that are none, or name a file again."""
    listed: dict[str, str] = {}
    wrong = []
    for number, line in enumerate(file.read_text("utf-8", errors="replace").splitlines(), 1):
        match = re.fullmatch(r"([0-9a-f]{64})  (.+)", line)
        if match is None or match[2] in listed:
            wrong.append(number)
        else:
            listed[match[2]] = match[1]
    return listed, wrong


def _hashes(site: Path, known: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Hash every file; what leads out of the site by a link is held against no hash at all."""
    found = {}
    for file in sorted(site.rglob("*")):
        name = file.relative_to(site).as_posix()
        if file.is_symlink():
            found[name] = "a link"
        elif file.is_file() and file != site / MANIFEST and not _is_signature(file, site):
            digest = known.get(name) or sha256(file.read_bytes())
            found[name] = digest.removeprefix("sha256:")
        elif not file.is_file() and not file.is_dir():
            found[name] = "a pipe or a device"
    return found


def _is_signature(file: Path, site: Path) -> bool:
    """Tell whether a file signs the manifest, and so cannot stand in it."""
    return file in files_of_signatures(site / MANIFEST)


def record_problems(book: Path) -> Iterator[Problem]:
    """Name each record of a book that does not vouch for itself, or not for its notebook."""
    for file in sorted(book.glob("records/*.json")):
        notebook = book / "notebooks" / f"{file.stem}.ipynb"
        try:
            record = json_of(file.read_bytes())
            valid, notebook_hash = has_valid_checksum(record), record["notebook"]
        except (ValueError, TypeError, KeyError, AttributeError):
            yield Problem("The page's record cannot be read.", file, remedy="Copy it again.")
            continue
        if not valid:
            yield Problem(
                "The page's record does not vouch for itself.", file, remedy="Copy it again."
            )
        if notebook.exists() and _hash_as_run(notebook) != notebook_hash:
            what = "The notebook is not the one that the page's record describes."
            yield Problem(what, notebook, remedy="Copy both again.")


def _hash_as_run(notebook: Path) -> str | None:
    """Hash a published notebook as it was run, without its drawings; None where it is none."""
    # It draws, and so takes its time to import.
    from kingston_analysis.book.drawn_notebook import without_drawings

    try:
        return sha256(without_drawings(notebook.read_text(encoding="utf-8")).encode())
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
