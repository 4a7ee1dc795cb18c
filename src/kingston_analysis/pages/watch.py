"""A page's own process: what it reads is noted, what cannot be noted is refused by name."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from kingston_analysis.errors import ROOT, KingstonError, shown
from kingston_analysis.pages.others import give
from kingston_analysis.tables.reads import is_sanctioned, note, note_to

NOTES = "notes.jsonl"
FINDINGS = "findings.json"
# More than any page needs, and less than brings a machine down.
MEMORY = 4 * 1024**3
# Code and environment have hashes of their own in a page's key.
# Python itself may stand above the project: then only what the project keeps it in is free.
PREFIXES = [Path(each) for each in (sys.prefix, sys.base_prefix)]
FREE = (ROOT / "src", ROOT / ".venv", *(p for p in PREFIXES if not ROOT.is_relative_to(p)))
LISTINGS = ("os.listdir", "os.scandir")
PROCESSES = (
    *("subprocess.Popen", "os.system", "os.posix_spawn", "os.spawn", "os.exec"),
    *("os.fork", "os.forkpty", "os.startfile", "pty.spawn"),
)


def watch(folder: str) -> None:
    """Watch this process to its end: notes go to a folder, which holds other pages' findings."""
    os.environ["OMP_NUM_THREADS"] = "1"
    place = Path(folder)
    give(json.loads((place / FINDINGS).read_text(encoding="utf-8")))
    _limit_memory()
    note_to(place / NOTES)
    sys.addaudithook(_refuse)
    note("watched", "", "")


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    """Stop what would make a page depend on something that nobody noted (see PEP 578)."""
    if event == "open" or event in LISTINGS:
        path = args[0]
        if isinstance(path, str | bytes | os.PathLike) and not is_sanctioned():
            _refuse_path(Path(os.path.realpath(os.fsdecode(path))), event)
    elif event in PROCESSES:
        name = " ".join([event, *(str(each) for each in args[:1])])
        note("refused", name, "")
        raise KingstonError(
            f"The page started another process ({name}).",
            "A page only reads tables and computes; do the rest before it, in `tables`.",
        )


def _refuse_path(path: Path, event: str) -> None:
    # Python looks for modules in the folder of the notebook; only what it then opens counts.
    place = ROOT / "data" if event in LISTINGS else ROOT
    if not path.is_relative_to(place) or any(path.is_relative_to(each) for each in FREE):
        return
    note("refused", shown(path), "")
    raise KingstonError(
        f"The page opened {shown(path)} itself, so that nobody would know when it is stale.",
        "Load tables with `page.load`, and other pages' findings with `page.findings`.",
    )


def _limit_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        return
