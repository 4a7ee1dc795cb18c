"""A page's own process: what it reads is noted, what cannot be noted is refused by name."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from kingston_analysis.data.reads import is_sanctioned, note, note_to
from kingston_analysis.errors import ROOT, KingstonError, shown
from kingston_analysis.pages.engines import MEMORY
from kingston_analysis.records.upstream import give

NOTES = "notes.jsonl"
FINDINGS = "findings.json"
# Code and environment have hashes of their own in a page's key.
# Python itself may stand above the project: then only what the project keeps it in is free.
PREFIXES = [Path(each) for each in (sys.prefix, sys.base_prefix)]
FREE = (ROOT / "src", ROOT / ".venv", *(p for p in PREFIXES if not ROOT.is_relative_to(p)))
OPENS = ("open", "sqlite3.connect")
IN_MEMORY = (":memory:", "")
LISTINGS = ("os.listdir", "os.scandir")
IMPORTS = "<frozen importlib._bootstrap_external>"
PROCESSES = (
    *("subprocess.Popen", "os.system", "os.posix_spawn", "os.spawn", "os.exec"),
    *("os.fork", "os.forkpty", "os.startfile", "pty.spawn"),
)


def watch(folder: str) -> None:
    """Watch this process to its end: notes go to a folder, which holds other pages' findings."""
    place = Path(folder)
    give(json.loads((place / FINDINGS).read_text(encoding="utf-8")))
    _limit_memory()
    note_to(place / NOTES)
    sys.addaudithook(_refuse)
    if os.name == "posix":
        import _posixsubprocess

        # multiprocessing starts processes by it, and it alone raises no audit event.
        _posixsubprocess.fork_exec = lambda *_args: _refuse_process("multiprocessing")
    note("watched", "", "")


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    """Stop what would make a page depend on something that nobody noted (see PEP 578)."""
    if event == "sqlite3.connect" and args[0] in IN_MEMORY:
        return
    if event in OPENS or event in LISTINGS:
        # A listing without a path is one of the current folder.
        path = "." if args[0] is None else args[0]
        # Python looks for modules where the page is; what it then opens is refused.
        importing = sys._getframe(1).f_code.co_filename == IMPORTS and event in LISTINGS
        if isinstance(path, str | bytes | os.PathLike) and not (importing or is_sanctioned()):
            _refuse_path(os.fsdecode(path), ROOT / "data" if event in LISTINGS else ROOT)
    elif event in PROCESSES:
        named = [os.fsdecode(each) for each in args[:1] if isinstance(each, str | bytes)]
        _refuse_process(" ".join([event, *named]))


def _refuse_process(name: str) -> None:
    note("refused", name, "")
    raise KingstonError(
        f"The page started another process ({name}).",
        "A page only reads tables and computes; do the rest before it, in `tables`.",
    )


def _refuse_path(path: str, place: Path) -> None:
    """Refuse a path in a place, whether it leads there or only starts there."""
    for each in (Path(os.path.realpath(path)), Path(os.path.abspath(path))):  # noqa: PTH100
        if each.is_relative_to(place) and not any(each.is_relative_to(free) for free in FREE):
            note("refused", shown(each), "")
            raise KingstonError(
                f"The page opened {shown(each)} itself, so nobody would know when it is stale.",
                "Load tables with `page.load`, and other pages' findings with `page.findings`.",
            )


def _limit_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        return
