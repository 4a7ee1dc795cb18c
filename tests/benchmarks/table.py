"""The table of ratios, as text and as Markdown."""

from __future__ import annotations

from dataclasses import astuple, dataclass

WORDS = {True: "yes", False: "**no**", None: ""}
HEADINGS = ("Work", "Against", "To reach", "Measured", "Reached", "Times")


@dataclass(frozen=True)
class Row:
    """One comparison: what with what, what is to be reached, what was measured."""

    work: str
    against: str
    to_reach: str
    measured: str
    reached: bool | None
    times: str


def not_measured(name: str) -> Row:
    """Say of a row, by the name under which it is asked for, that it was left out."""
    return Row(f"`{name}`", "", "", "not measured", None, "")


def markdown(rows: list[Row]) -> str:
    """Write the table in Markdown."""
    lines = [HEADINGS, ("---",) * len(HEADINGS)]
    lines += [tuple(_written(cell) for cell in astuple(row)) for row in rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _written(cell: str | bool | None) -> str:
    return cell if isinstance(cell, str) else WORDS[cell]
