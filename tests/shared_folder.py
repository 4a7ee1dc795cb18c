"""Folders that tests only look at, made once a session, however many workers there are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock


@contextmanager
def shared_folder(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]
) -> Iterator[Path]:
    """Lend the folder of a name, made by the first who asks; the others wait for it."""
    base = factory.getbasetemp()
    of_many = "PYTEST_XDIST_WORKER" in os.environ
    if of_many:
        base = base.parent
    folder, whole = base / name, base / f"{name}.made"
    with FileLock(base / f"{name}.lock"):
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            whole.touch()
    yield folder
    # Of many workers the last is not known: pytest clears the folder in a later session.
    if not of_many:
        shutil.rmtree(folder, ignore_errors=True)
