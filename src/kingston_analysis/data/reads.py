"""What this process has read of the project, noted as it reads, so that nothing need be declared.

A page runs in a process of its own, so one note book for a process is one for a page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_notes: Path | None = None
_sanctioned: ContextVar[bool] = ContextVar("sanctioned", default=False)


def note_to(file: Path) -> None:
    """Write down all that this process reads from now on, a line of JSON each, in a file."""
    global _notes
    _notes = file


def note(kind: str, name: str, value: str) -> None:
    """Note one thing, where notes are taken: a file that was read, a finding that was asked for."""
    if _notes is not None:
        with sanctioned(), _notes.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps([kind, name, value]) + "\n")


def are_noted() -> bool:
    """Tell whether this process belongs to a page that the runner watches."""
    return _notes is not None


@contextmanager
def sanctioned() -> Iterator[None]:
    """Mark what is opened inside as noted; the runner refuses a page any other reading."""
    before = _sanctioned.set(True)
    try:
        yield
    finally:
        _sanctioned.reset(before)


def is_sanctioned() -> bool:
    """Tell whether what is opened now is noted."""
    return _sanctioned.get()
