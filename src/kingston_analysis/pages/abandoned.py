"""Temporary folders, each locked by who uses it; those of a killed run go with the next."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX, IN_USE = "kingston-", ".in-use"
# What has no lock may be about to get one, or be of another command, none of which runs for a day.
SECONDS_UNLOCKED = 24 * 3600


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Lend a folder for a page that runs; the system lets go of its lock when we are killed."""
    folder = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
    with folder as name, FileLock(Path(name) / IN_USE):
        yield Path(name)


def clear_abandoned() -> None:
    """Remove the temporary folders of runs that are no more; others' are left alone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            found = folder.lstat()
            is_ours = not hasattr(os, "getuid") or found.st_uid == os.getuid()
            if folder.is_dir() and not folder.is_symlink() and is_ours and _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_abandoned(folder: Path) -> bool:
    lock = folder / IN_USE
    if not lock.exists():
        return time.time() - folder.stat().st_mtime > SECONDS_UNLOCKED
    try:
        with FileLock(lock, timeout=0):
            return True
    except Timeout:
        return False
