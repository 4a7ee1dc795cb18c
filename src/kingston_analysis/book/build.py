"""Build the sites: draw, run Jupyter Book on each book, check, and swap the whole site in."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kingston_analysis.book.assemble import CHARTS, Book, assemble, notebooks_of
from kingston_analysis.book.check import book_problems
from kingston_analysis.book.draw import draw_all
from kingston_analysis.book.swap import swap_in
from kingston_analysis.errors import ROOT, KingstonError, Problem
from kingston_analysis.pages.key import BOOK as BOOK_INPUTS
from kingston_analysis.pages.key import tree_hash
from kingston_analysis.pages.outputs import figures_in
from kingston_analysis.pages.pages import BUILD
from kingston_analysis.show.display import html

SITE = BUILD / "site"
CONFIG = ROOT / "_config.yml"
# What Sphinx leaves for itself.
LEFTOVERS = (".buildinfo", ".doctrees", "objects.inv", "_sources")


def is_built(books: list[Book], site: Path = SITE) -> bool:
    """Tell whether the site holds these books, made from what is in the project now."""
    made = _read_keys(site)
    return all(made.get(book.name) == site_key() and (site / book.name).is_dir() for book in books)


def site_key() -> str:
    """Hash all inputs of the site: data, notebooks, code, narrative, settings, environment."""
    return tree_hash(BOOK_INPUTS)


def build_site(
    books: list[Book], jobs: int, step: Callable[[str], None], site: Path = SITE
) -> None:
    """Build books and swap them into the site, with those that stand there from the same inputs.

    Raises KingstonError where anything is wrong, and then the site is left untouched.
    """
    key = site_key()
    step("Drawing charts")
    specifications = [s for b in books for nb in notebooks_of(b).values() for s in figures_in(nb)]
    draw_all(specifications, CHARTS)
    step("Assembling books")
    emitted = {book.name: assemble(book) for book in books}
    with ThreadPoolExecutor(jobs) as pool:
        results = list(pool.map(lambda book: _build_book(book, emitted[book.name], step), books))
    if problems := [problem for found in results for problem in found]:
        raise KingstonError(problems)
    step("Checking and publishing")
    for name in _publish(books, site, key):
        step(f"Left out {name}, which was built from other inputs; `kingston build` builds all")


def command(book: Book) -> list[str]:
    """Return the command that builds an assembled book; it works by hand as well."""
    return [
        str(Path(sys.executable).with_name("jupyter-book")), "build", str(book.folder),
        "--config", str(CONFIG), "--path-output", str(_output(book)),
        "-W", "-n", "--keep-going", "--quiet",
    ]  # fmt: skip


def _output(book: Book) -> Path:
    return BUILD / "html" / book.name


def _html(book: Book) -> Path:
    return _output(book) / "_build" / "html"


def _build_book(book: Book, figures: int, step: Callable[[str], None]) -> list[Problem]:
    step(f"Building {book.name}")
    shutil.rmtree(_output(book), ignore_errors=True)
    environment = {**os.environ, "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0", "NO_COLOR": "1"}
    done = subprocess.run(command(book), capture_output=True, text=True, env=environment, cwd=ROOT)
    if done.returncode:
        return _warnings(book, done.stdout + done.stderr)
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
    return []


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


def _publish(books: list[Book], site: Path, key: str) -> list[str]:
    """Swap the site in; return the books that stood there and were made from other inputs."""
    new = site.with_name(site.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    before, built = _read_keys(site), {book.name: _html(book) for book in books}
    kept = {n: site / n for n, made in before.items() if made == key and n not in built}
    try:
        for name, folder in {**kept, **built}.items():
            shutil.copytree(folder, new / name)
        (new / "index.html").write_text(_door(new), encoding="utf-8", newline="\n")
        keys = dict.fromkeys(sorted([*kept, *built]), key)
        _keys_file(new).write_text(
            json.dumps(keys, indent=1) + "\n", encoding="utf-8", newline="\n"
        )
        if problems := book_problems(new):
            raise KingstonError(problems)
        swap_in(new, site)
    except OSError as error:
        reason = error.strerror or "not every file could be copied; the disk may be full"
        what = f"The site could not be written: {reason}."
        raise KingstonError(Problem(what, site, remedy="Make room and build again.")) from None
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return sorted(set(before) - set(kept) - set(built))


def _door(site: Path) -> str:
    books = []
    for facts in sorted(site.glob("*/edition.json")):
        books.append({"name": facts.parent.name, **json.loads(facts.read_text(encoding="utf-8"))})
    return html("editions.html.j2", books=books)


def _keys_file(site: Path) -> Path:
    return site / "inputs.json"


def _read_keys(site: Path) -> dict[str, str]:
    try:
        return json.loads(_keys_file(site).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
