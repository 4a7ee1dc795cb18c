"""One hash over all that a page depends on; equal hash, equal page."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from kingston_analysis.errors import ROOT
from kingston_analysis.pages.pages import Page

EVIDENCE = ("data", "notebooks", "src", "requirements.lock")
BOOK = (*EVIDENCE, "book", "_config.yml")
# What only builds the book or talks to people does not change a page.
NOT_OF_PAGES = ("src/kingston_analysis/book", "src/kingston_analysis/cli.py")


@cache
def tree_hash(names: tuple[str, ...], without: tuple[str, ...] = (), root: Path = ROOT) -> str:
    """Hash the names and bytes of all files in the named files and folders, in their order."""
    total = hashlib.sha256(platform.python_version().encode())
    for file in _files(root, names):
        path = file.relative_to(root).as_posix()
        if not any(path == name or path.startswith(f"{name}/") for name in without):
            total.update(path.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def page_key(page: Page) -> str:
    """Hash a page's parameters and everything in the project that a page may read."""
    parameters = json.dumps([page.template, page.parameters], sort_keys=True)
    inputs = tree_hash(EVIDENCE, NOT_OF_PAGES)
    return hashlib.sha256(f"{parameters}\n{inputs}".encode()).hexdigest()


def is_fresh(page: Page) -> bool:
    """Tell whether the executed page was made from what is in the project now."""
    try:
        made = json.loads(page.record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return page.executed.exists() and made.get("key") == page_key(page)


def _files(root: Path, names: Iterable[str]) -> list[Path]:
    found: list[Path] = []
    for name in names:
        top = root / name
        inside = top.rglob("*") if top.is_dir() else [top]
        found += [file for file in inside if file.is_file() and not _generated(file)]
    return sorted(found)


def _generated(file: Path) -> bool:
    return any(part in ("__pycache__", ".ipynb_checkpoints") for part in file.parts)
