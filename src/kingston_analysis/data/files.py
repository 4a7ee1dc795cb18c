"""Bytes at rest: read through Python, so that what is hashed is what is parsed; and noted."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kingston_analysis.data.reads import note, sanctioned
from kingston_analysis.errors import KingstonError, Problem, shown


def read_bytes(path: Path) -> bytes:
    """Read a file and note its hash; raise KingstonError where that cannot be done."""
    try:
        with sanctioned():
            content = path.read_bytes()
    except FileNotFoundError:
        raise KingstonError(
            Problem("There is no such file.", path, remedy="Restore or write it.")
        ) from None
    except OSError as error:
        raise KingstonError(
            Problem(f"Cannot be read: {error.strerror}.", path, remedy="Make it readable.")
        ) from None
    note("read", shown(path), sha256(content))
    return content


def names_in(folder: Path, pattern: str) -> list[str]:
    """List the names in a folder that fit a pattern, in their order, and note what was found."""
    with sanctioned():
        names = sorted(file.name for file in folder.glob(pattern))
    note("read", f"{shown(folder)}/{pattern}", sha256("\n".join(names).encode()))
    return names


def sha256(content: bytes) -> str:
    """Hash bytes, written as the metadata files write it: `sha256:<hex>`."""
    return "sha256:" + hashlib.sha256(content).hexdigest()
