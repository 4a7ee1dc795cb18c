"""Bytes at rest: read through Python, so that what is hashed is what is parsed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kingston_analysis.errors import KingstonError, Problem


def read_bytes(path: Path) -> bytes:
    """Read a file; raise KingstonError that names it where that cannot be done."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise KingstonError(
            Problem("There is no such file.", path, remedy="Restore or write it.")
        ) from None
    except OSError as error:
        raise KingstonError(
            Problem(f"Cannot be read: {error.strerror}.", path, remedy="Make it readable.")
        ) from None


def sha256(content: bytes) -> str:
    """Hash bytes, written as the metadata files write it: `sha256:<hex>`."""
    return "sha256:" + hashlib.sha256(content).hexdigest()
