"""Errors for people: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def shown(path: Path) -> str:
    """Write a path as readers of the project know it: from its root, where it is inside."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, its place, and the remedy."""

    what: str
    file: Path | None = None
    line: int | None = None
    column: int | None = None
    remedy: str = ""

    def __str__(self) -> str:
        place = [shown(self.file)] if self.file else []
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


# So many names a person reads; a table's columns and a plan's pages are fewer.
LISTED = 40


def nearest(name: str, known: Iterable[str], how_many: int = 3) -> str:
    """Suggest the known names that are closest to a mistyped one."""
    from difflib import get_close_matches

    folded = {candidate.casefold(): candidate for candidate in known}
    close = get_close_matches(name.casefold(), folded, n=how_many, cutoff=0.5)
    if close:
        return "Did you mean " + " or ".join(f"'{folded[match]}'" for match in close) + "?"
    names = list(folded.values())
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return f"Known: {', '.join(names[:LISTED])}{more}."
