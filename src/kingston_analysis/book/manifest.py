"""The list of a site's files with their hashes, and what a later look finds altered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from kingston_analysis.errors import Problem
from kingston_analysis.tables.files import sha256

# The form of `sha256sum`, so that `sha256sum --check` can do without this project.
MANIFEST = "manifest-sha256.txt"


def write_manifest(site: Path) -> None:
    """Write the hash of every file of a site into its manifest."""
    lines = [f"{digest}  {name}\n" for name, digest in _hashes(site).items()]
    (site / MANIFEST).write_text("".join(lines), encoding="utf-8", newline="\n")


def site_problems(site: Path) -> Iterator[Problem]:
    """Name every file of a site that was altered, added or lost since it was published."""
    file = site / MANIFEST
    if not file.exists():
        what = "The site has no manifest, so nothing vouches for its files."
        yield Problem(what, file, remedy="Copy the whole site again, or run `kingston build`.")
        return
    said, lines = _said(file)
    for number in lines:
        yield Problem("Not a line of a manifest.", file, number, remedy="Copy the file again.")
    found = _hashes(site)
    remedy = "Put it back from the published site."
    for name in sorted(said.keys() | found.keys()):
        if name not in found:
            yield Problem("The file was lost.", site / name, remedy=remedy)
        elif name not in said:
            yield Problem("The file was added.", site / name, remedy="Remove it.")
        elif said[name] != found[name]:
            yield Problem("The file was altered.", site / name, remedy=remedy)
    yield from _mismatched_records(site)


def _said(file: Path) -> tuple[dict[str, str], list[int]]:
    said, wrong = {}, []
    for number, line in enumerate(file.read_text("utf-8", errors="replace").splitlines(), 1):
        digest, _, name = line.partition("  ")
        if len(digest) == 64 and name:
            said[name] = digest
        else:
            wrong.append(number)
    return said, wrong


def _hashes(site: Path) -> dict[str, str]:
    files = (file for file in site.rglob("*") if file.is_file() and file != site / MANIFEST)
    named = sorted((file.relative_to(site).as_posix(), file) for file in files)
    return {name: sha256(file.read_bytes()).removeprefix("sha256:") for name, file in named}


def _mismatched_records(site: Path) -> Iterator[Problem]:
    """Hold each record against the notebook beside it, should the manifest have been made anew."""
    for file in sorted(site.glob("*/records/*.json")):
        notebook = file.parents[1] / "notebooks" / f"{file.stem}.ipynb"
        try:
            said = json.loads(file.read_bytes())["notebook"]
        except (ValueError, TypeError, KeyError):
            yield Problem("The page's record cannot be read.", file, remedy="Copy it again.")
            continue
        if notebook.exists() and sha256(notebook.read_bytes()) != said:
            what = "The notebook is not the one that the page's record describes."
            yield Problem(what, notebook, remedy="Copy both again.")
