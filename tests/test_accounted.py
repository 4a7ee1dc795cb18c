"""Every file of a site is accounted for: its place, its kind by its bytes, and where it is from."""

from __future__ import annotations

import hashlib
import json
import re
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pretended_book import write_search_index
from tables_fixture import sound_project

from kingston_analysis.book.accounted import OF_THEME, unaccounted_files
from kingston_analysis.book.check import book_problems
from kingston_analysis.book.manifest import hashes_listed, site_problems, write_manifest
from kingston_analysis.book.page_markup import markup_problems
from kingston_analysis.book.policy import write_headers
from kingston_analysis.book.prune_assets import ASSETS
from kingston_analysis.commands.vouching import verify_path
from kingston_analysis.errors import KingstonError
from kingston_analysis.show.figure_html import figure_csv

BOOK = "ashby/2008"
PAGE = b"<!DOCTYPE html><article>A page.</article>"
SPECIFICATION = {
    "usermeta": {
        "figure": "level",
        "table": {"headings": [{"title": "Year"}, {"title": "Offences"}], "rows": [["2006", 7]]},
    }
}
NOTEBOOK = {
    "nbformat": 4,
    "cells": [{"outputs": [{"data": {"application/vnd.vegalite.v5+json": SPECIFICATION}}]}],
}


def png(*parts: tuple[bytes, bytes]) -> bytes:
    """Make a picture of one white dot, with more parts before its last."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    held = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\x00\xff")), *parts, (b"IEND", b"")]
    made = b"\x89PNG\r\n\x1a\n"
    for name, content in held:
        made += struct.pack(">I", len(content)) + name + content
        made += struct.pack(">I", zlib.crc32(name + content))
    return made


def made_site(site: Path) -> Path:
    """Write a site of one book with one page of evidence, of known files alone."""
    files = {
        "index.html": PAGE,
        "inputs.json": b"{}",
        "editions.css": (ASSETS / "editions.css").read_bytes(),
        f"{BOOK}/index.html": PAGE,
        f"{BOOK}/evidence/robbery.html": PAGE,
        f"{BOOK}/findings.json": b"[]",
        f"{BOOK}/notebooks/robbery.ipynb": json.dumps(NOTEBOOK).encode(),
        f"{BOOK}/figures/robbery/level.csv": figure_csv(SPECIFICATION["usermeta"]).encode(),
        f"{BOOK}/_static/kingston.css": (ASSETS / "kingston.css").read_bytes(),
        f"{BOOK}/_static/logo.png": png(),
    }
    for name, content in files.items():
        put(site / name, content)
    write_search_index(site / BOOK)
    write_headers(site)
    return site


def put(file: Path, content: bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def told_of(site: Path) -> list[str]:
    """Return what is said of a site's files, each with its place in the site."""
    return [str(each).removeprefix(f"{site.as_posix()}/") for each in unaccounted_files(site)]


def test_a_site_of_known_files_passes(tmp_path: Path) -> None:
    assert told_of(made_site(tmp_path)) == []


NOT_OURS = "it is neither the theme's nor this package's, and no picture"
CHANGED = "it is not as the theme or this package has it"
NO_PNG = "by its bytes it is not a PNG without texts in it"
FOREIGN = {
    # A name that holds that of one of the theme's scripts was loaded by every page.
    "a script": ("_static/my-doctools.js", b"alert(1)", NOT_OURS),
    "a script of the theme, changed": ("_static/doctools.js", b"alert(1)", CHANGED),
    "a style": ("_static/more.css", b"p::after { content: '90% fewer' }", NOT_OURS),
    "our style, changed": ("_static/kingston.css", b"p { display: none }", CHANGED),
    "a page called a picture": ("_static/x.png", b"<script>alert(1)</script>", NO_PNG),
    "a picture with a text": ("_static/x.png", png((b"tEXt", b"Comment\0A lie.")), NO_PNG),
    "a picture and more": ("_static/x.png", png() + b"<html>", NO_PNG),
    "half a picture": ("_static/x.png", png()[:-3], NO_PNG),
    "a drawing": ("_static/x.svg", b"<svg onload='alert(1)'/>", NOT_OURS),
    "a page of nobody": ("more.html", PAGE, "the index of the book names no such page"),
    "a record of no page": ("records/x.json", b"{}", "the book has no page evidence/x"),
    "a notebook of no page": ("notebooks/x.ipynb", b"{}", "the book has no page evidence/x"),
    "data of no figure": (
        "figures/robbery/more.csv",
        b"Year,Offences\n2006,7\n",
        "no figure of the page's notebook has these data",
    ),
    "other data": (
        "figures/robbery/level.csv",
        b"Year,Offences\n2006,8\n",
        "no figure of the page's notebook has these data",
    ),
    "findings that are none": ("findings.json", b"<p>", "by its bytes it is not JSON"),
    "a PDF that is none": ("summary.pdf", b"<p>", "by its bytes it is not a PDF"),
    "a file of any kind": ("data.xlsx", b"PK", "a book has no file of this name"),
    "a hidden file": (".env", b"", "a book has no file of this name"),
    "an index that runs": (
        "searchindex.js",
        b'Search.setIndex({"docnames": []}); alert(1)',
        "by its bytes it is not an index of the search",
    ),
    "a page beside the books": (
        "../../more.html",
        PAGE,
        "nothing of this name stands beside the books",
    ),
    "headers without the policy": (
        "../../_headers",
        b"/*\n",
        "it does not hold the site's policy",
    ),
    "a foreign file among signatures": (
        "../../manifest-sha256.txt.signatures/ann.json.sig",
        b"<p>",
        "nothing of this name stands beside the books",
    ),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_file_that_nobody_accounts_for_is_told_with_its_place(tmp_path: Path, kind: str) -> None:
    name, content, why = FOREIGN[kind]
    site = made_site(tmp_path / "site")
    file = put(site / BOOK / name, content).resolve()

    told = told_of(site)

    place = file.relative_to(site).as_posix()
    remedy = "Remove it, or build again; only what the book is made of is published."
    assert f"{place}: Nobody accounts for this file: {why}. {remedy}" in told


def test_it_stops_publishing_and_is_found_by_check_and_by_verify_beside_a_new_manifest(
    tmp_path: Path,
) -> None:
    site = made_site(tmp_path)
    put(site / BOOK / "_static/my-doctools.js", b"alert(1)")
    write_manifest(site)

    assert list(site_problems(site)) == []
    assert any("my-doctools.js" in str(each) for each in book_problems(site, ()))
    with pytest.raises(KingstonError, match=r"my-doctools\.js: Nobody accounts for this file"):
        verify_path(None, site, None, as_json=False)


def test_the_theme_is_the_installed_one() -> None:
    """What Sphinx copies as it is; five more it writes from templates, which a build shows."""
    import myst_nb
    import pydata_sphinx_theme
    import sphinx
    import sphinx_book_theme

    packages = (sphinx, pydata_sphinx_theme, sphinx_book_theme, myst_nb)
    roots = [Path(str(each.__file__)).parent for each in packages]
    files = (f for root in roots for f in root.rglob("*") if f.is_file() and f.suffix != ".py")
    installed = {hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    written = {name for name, each in hashes_listed(OF_THEME).items() if each not in installed}

    assert written == {"basic.css", "documentation_options.js", "language_data.js", "pygments.css"}


# Whatever is put anywhere

NAME = st.from_regex(re.compile(r"[A-Za-z0-9._-]{1,12}", re.ASCII), fullmatch=True).filter(
    lambda each: each.strip(".")
)
PLACES = st.sampled_from(["", "_static/", "evidence/", "figures/robbery/", "../../", "plans/x/"])
IN_TIME = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@IN_TIME
@given(place=PLACES, name=NAME, content=st.binary(max_size=60))
@example(place="_static/", name="doctools.js", content=b"alert(1)")
@example(place="evidence/", name="robbery.html", content=b"")
def test_no_file_of_any_name_and_bytes_is_verified_in_silence(
    tmp_path_factory: pytest.TempPathFactory, place: str, name: str, content: bytes
) -> None:
    site = made_site(tmp_path_factory.mktemp("any"))
    write_manifest(site)
    before = (site / BOOK / place / name).exists()
    put(site / BOOK / place / name, content)

    assert list(site_problems(site)) != []
    write_manifest(site)
    if not before:
        assert told_of(site) != []


@IN_TIME
@given(name=NAME, content=st.binary(max_size=60), static=st.booleans())
@example(name="x.png", content=b"<html>", static=True)
@example(name="my-doctools.js", content=b"alert(1)", static=True)
@example(name="conf.py", content=b"", static=False)
def test_no_file_of_any_name_and_bytes_gets_into_a_book_in_silence(
    tmp_path_factory: pytest.TempPathFactory, name: str, content: bytes, static: bool
) -> None:
    """Pages of Markdown are looked at elsewhere: they must stand in the contents."""
    project = sound_project(tmp_path_factory.mktemp("any"))
    folder = project.narrative / "_static" if static else project.narrative
    put(folder / name, content)

    is_page = name.endswith(".md")
    assert is_page or list(markup_problems(project)) != []
