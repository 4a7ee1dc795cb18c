"""What is wrong with a publisher's file: the rule, the place, the value, and the remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# So many lines of a fault are named on the screen; the report has them all.
LINES_NAMED = 5


@dataclass(frozen=True)
class FileFault:
    """One thing that is wrong; several lines where it is the same on each.

    `of_rows`: its lines can be left out, and the rest of the file is still sound.
    `can_be_accepted`: the figures can be read, and taken if a person says that they are right.
    """

    rule: str
    what: str
    remedy: str
    file: str = ""
    lines: tuple[int, ...] = ()
    column: str = ""
    value: str = ""
    of_rows: bool = False
    can_be_accepted: bool = False

    def text(self, most_lines: int = LINES_NAMED) -> str:
        """Write the fault with its place, so many of its lines, its rule and its remedy."""
        place = ":".join([self.file, *map(str, self.lines[:1])]) if self.file else ""
        parts = [f"{place}:" if place else "", self._at_column(), self.what]
        parts += [lines_named(self.lines, most_lines), f"[{self.rule}]", self.remedy]
        parts += [f"If it is right: `--confirm {self.rule}`."] if self.can_be_accepted else []
        return " ".join(part for part in parts if part)

    def _at_column(self) -> str:
        return f"Column '{self.column}':" if self.column else ""


def lines_named(lines: tuple[int, ...], most: int = LINES_NAMED) -> str:
    """Name the lines of a fault that has several."""
    if len(lines) < 2:
        return ""
    more = f" and {len(lines) - most:,} more" if len(lines) > most else ""
    return f"Lines {', '.join(map(str, lines[:most]))}{more}."


def shortened(text: str, longest: int = 60) -> str:
    """Write a value so that a message stays readable, whatever stands in it."""
    plain = "".join(each if each.isprintable() else "·" for each in text[: longest + 1])
    return plain if len(plain) <= longest else f"{plain[:longest]}…"


def wrong_lines(faults: Iterable[FileFault]) -> dict[tuple[str, int], list[str]]:
    """Return the lines that can be left out, by file and line, with the rules they break."""
    found: dict[tuple[str, int], list[str]] = {}
    for fault in faults:
        for line in fault.lines if fault.of_rows else ():
            rules = found.setdefault((fault.file, line), [])
            rules += [] if fault.rule in rules else [fault.rule]
    return found
