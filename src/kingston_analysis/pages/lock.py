"""One run at a time in one tree: the second waits, and says for whom."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.pages.abandoned import clear_abandoned
from kingston_analysis.project import Project, json_of
from kingston_analysis.records.record import clear_unfinished, write_atomically

HOLDER = ".holder.json"
# The folders into which a run writes.
KEPT = ("pages", "code", "durations", "logs", "verdicts")


@contextmanager
def lock_tree(project: Project, doing: str, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the tree while something runs; the system lets go of it when the process is killed.

    Raises KingstonError where the folder of what is built cannot be written to.
    """
    build = project.build
    try:
        build.mkdir(exist_ok=True)
        lock = FileLock(build / ".lock")
        _acquire(lock, build / HOLDER, say)
        write_atomically(build / HOLDER, json.dumps(_me(doing)) + "\n")
        for name in KEPT:
            clear_unfinished(build / name)
        clear_abandoned()
    except OSError as error:
        what = f"What is built cannot be kept here: {error.strerror or error}."
        raise KingstonError(Problem(what, build, remedy="Make the folder writable.")) from None
    try:
        yield
    finally:
        (build / HOLDER).unlink(missing_ok=True)
        lock.release()


def _acquire(lock: FileLock, holder: Path, say: Callable[[str], None]) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say(f"Waiting: {_holder_text(holder)} holds this tree. Ctrl-C stops the waiting.")
        lock.acquire()


def _me(doing: str) -> dict[str, str | int]:
    return {
        "process": os.getpid(),
        "doing": doing,
        "since": datetime.now().astimezone().isoformat(timespec="seconds"),
    }


def _holder_text(holder: Path) -> str:
    try:
        found = json_of(holder.read_text(encoding="utf-8"))
        return f"`{found['doing']}` (process {found['process']}, since {found['since']})"
    except (OSError, ValueError, KeyError):
        return "another run"
