"""Put a site together from books, check it whole, and swap it in."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from kingston_analysis.book.books import keys_file
from kingston_analysis.book.manifest import listed_of, write_manifest
from kingston_analysis.book.policy import POLICY, write_headers
from kingston_analysis.book.prune_assets import ASSETS
from kingston_analysis.book.swap import swap_in
from kingston_analysis.book.verdicts import problems_of_site
from kingston_analysis.errors import KingstonError, Problem, raise_any
from kingston_analysis.project import clear_place, json_of
from kingston_analysis.show.escaping import html


def publish(
    site: Path,
    entries: Mapping[str, Mapping[str, object]],
    built: Mapping[str, Path],
    hosts: Collection[str],
    step: Callable[[str], None] = lambda _: None,
) -> None:
    """Swap in a site of some books, by their names, each with what the site says of it.

    `built` has the folders of those that were just built; the others are taken from the site, and
    were found to be as published. Pages may lead out to `hosts` alone; `step` is told of verdicts
    that do not vouch. Raises KingstonError where the new site is not sound or cannot be written;
    then the old one stays.
    """
    new = site.with_name(site.name + ".new")
    clear_place(new)
    kept = entries.keys() - built.keys()
    try:
        new.mkdir()
        for name in sorted(entries):
            shutil.copytree(built.get(name, site / name), new / name, copy_function=_link)
        _write(new / "index.html", _index(new))
        shutil.copyfile(ASSETS / "editions.css", new / "editions.css")
        write_headers(new)
        _write(keys_file(new), _json({name: entries[name] for name in sorted(entries)}))
        write_manifest(new, listed_of(site, kept))
        raise_any(problems_of_site(new, site.with_name("verdicts"), kept, hosts, step))
        swap_in(new, site)
    except OSError as error:
        reason = error.strerror or "not every file could be copied; the disk may be full"
        what = f"The site could not be written: {reason}."
        raise KingstonError(Problem(what, site, remedy="Make room and build again.")) from None
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _link(source: str, target: str) -> None:
    """Let a published file be in two folders at once, where the file system can; else copy it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _index(site: Path) -> str:
    """Write the index, which leads to every book, area by area."""
    books = []
    for file in sorted(site.glob("*/*/edition.json")):
        address = file.parent.relative_to(site).as_posix()
        books.append({"address": address, **json_of(file.read_text(encoding="utf-8"))})
    return html("editions.html.j2", books=books, content_security_policy=POLICY)
