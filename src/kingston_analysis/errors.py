"""Errors for people: what is wrong, where, and what to do."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# The folders that make a project: what was counted, how it is shown, what people write on it.
PARTS = ("data", "notebooks", "book")


def project_root(place: Path) -> Path | None:
    """Return the nearest folder, a place itself or one above it, that is a project, if any."""
    folders = (place, *place.parents)
    return next((f for f in folders if all((f / part).is_dir() for part in PARTS)), None)


def _shown(path: Path) -> str:
    """Write a path as readers of its project know it: from the root, where it is inside one."""
    root = project_root(path)
    return (path.relative_to(root) if root else path).as_posix()


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, its place, and the remedy."""

    what: str
    file: Path | None = None
    line: int | None = None
    column: int | None = None
    remedy: str = ""

    def __str__(self) -> str:
        place = [_shown(self.file)] if self.file else []
        place += [str(number) for number in (self.line, self.column) if number is not None]
        parts = [":".join(place) + ":" if place else "", self.what, self.remedy]
        return " ".join(part for part in parts if part)


class KingstonError(Exception):
    """Tell a person what stopped the work; carries every problem that was found."""

    def __init__(self, problems: str | Problem | Iterable[Problem], remedy: str = "") -> None:
        if isinstance(problems, str):
            problems = Problem(problems, remedy=remedy)
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(map(str, self.problems)))


def raise_any(problems: Iterable[Problem]) -> None:
    """Raise KingstonError with all problems, where there are any."""
    if found := list(problems):
        raise KingstonError(found)


@contextmanager
def collect_into(problems: list[Problem]) -> Iterator[None]:
    """Add the problems of a KingstonError that is raised inside to others, and go on after it."""
    try:
        yield
    except KingstonError as error:
        problems += error.problems


def ending(code: int) -> str:
    """Say how a process ended, by its exit code, which is negative for a signal."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


# So many names a person reads; a table's columns and a plan's pages are fewer.
LISTED = 40


# Names that share so many of their first letters begin alike.
ALIKE = 3


def nearest(name: str, known: Iterable[str], how_many: int = 3) -> str:
    """Suggest the known names that are closest to a mistyped one, those that begin alike first."""
    from difflib import get_close_matches

    folded = {candidate.casefold(): candidate for candidate in known}
    typed = name.casefold()
    close = get_close_matches(typed, folded, n=max(1, len(folded)), cutoff=0.5)
    close.sort(key=lambda each: not each.startswith(typed[:ALIKE]))
    if close:
        found = " or ".join(f"'{folded[match]}'" for match in close[:how_many])
        return f"Did you mean {found}?"
    names = sorted(folded.values(), key=str.casefold)
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return f"Known: {', '.join(names[:LISTED])}{more}."
