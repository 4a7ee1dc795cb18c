"""Put a new folder in the place of an old one; at every moment one of them is there whole."""

from __future__ import annotations

import ctypes
import os
import shutil
from pathlib import Path

_HERE = -100  # AT_FDCWD
_EXCHANGE = 2  # RENAME_EXCHANGE


def swap_in(new: Path, old: Path) -> None:
    """Swap two folders by name and remove the old one; neither reader nor crash sees half of it.

    Linux exchanges the two names in one step. Elsewhere the old folder is moved aside first, and
    moved back if the new one cannot take its place.
    """
    if not old.exists():
        new.replace(old)
        return
    if not _exchange(new, old):
        aside = old.with_name(old.name + ".old")
        shutil.rmtree(aside, ignore_errors=True)
        old.replace(aside)
        try:
            new.replace(old)
        except OSError:
            aside.replace(old)
            raise
        aside.replace(new)
    # The site is in its place by now; what is left of the old one goes with the next build.
    shutil.rmtree(new, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    if rename is None:
        return False
    return rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0
