"""Display tables: caption, scoped headers with units, aligned numbers, explained shorthands."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from numbers import Real
from typing import Any, Literal

import pandas as pd
from markupsafe import Markup

from kingston_analysis.results import Gap, tidy
from kingston_analysis.show.escaping import html

Format = Literal[
    "text", "count", "rate", "small", "percent", "signed percent", "signed count", "hash", "score"
]

# Shorthands of the Government Analysis Function.
SHORTHANDS = {
    "b": "break in the series",
    "c": "confidential: a small number that the publisher withheld",
    "p": "provisional",
    "r": "revised",
    "x": "not available",
    "z": "not applicable",
}
# Our own, of judged scores.
JUDGED = {
    "d": "demonstration value: a judgement of this book's authors, not of the partnership",
    "j": "judged by the partnership",
}


# By the names of its columns.
Row = dict[str, Any]


@dataclass(frozen=True)
class Heading:
    """A column of a display table: its header, with the unit, and how its cells are written."""

    title: str
    format: Format = "text"


@dataclass(frozen=True)
class DisplayTable:
    """A table for readers. A cell is text, a number, or a shorthand such as [x]; never empty."""

    caption: str
    headings: list[Heading]
    rows: list[list[Any]]

    def as_data(self) -> dict[str, Any]:
        """Return the table as plain data, for the outputs of a notebook."""
        rows = [[_plain(cell) for cell in row] for row in self.rows]
        return {**asdict(self), "rows": rows}

    def as_html(self) -> Markup:
        """Write the table as HTML that needs no script; its first column heads the rows."""
        return html("table.html.j2", table=self, cell=format_cell, used=shorthands(self))

    def as_details(self) -> Markup:
        """Write the table as HTML that opens when its caption is chosen."""
        return html("details.html.j2", title=self.caption, table=self.as_html())

    def as_frame(self) -> pd.DataFrame:
        """Return the cells, unrounded, under the titles of their columns."""
        return pd.DataFrame(self.rows, columns=[heading.title for heading in self.headings])

    def as_text(self) -> str:
        """Write caption, headers and rows as lines of text."""
        lines = [[heading.title for heading in self.headings]]
        lines += [
            [format_cell(c, h.format) for c, h in zip(row, self.headings, strict=True)]
            for row in self.rows
        ]
        return "\n".join([self.caption, *(" | ".join(line) for line in lines)])


@dataclass(frozen=True)
class Column:
    """A column for `table`: its header, what it takes of a row, and how its cells are written.

    `cell` is a field's name, or a function of the row. `format` is written as in `Heading`.
    `missing` stands where there is no value, [z] if it is not applicable; else such a cell is [x].
    """

    title: str
    cell: str | Callable[[Any], Any]
    format: Format = "text"
    missing: str | None = None

    def of(self, row: Any) -> Any:
        """Return the cell of a row, which is a mapping or has its fields as attributes."""
        if callable(self.cell):
            cell = self.cell(row)
        else:
            cell = row[self.cell] if hasattr(row, "keys") else getattr(row, self.cell)
        return self.missing if self.missing and is_missing(cell) else cell


def table(caption: str, rows: Iterable[Any] | pd.DataFrame, *columns: Column) -> DisplayTable:
    """Make a display table: a row for each of what is given, or for each row of a frame."""
    if isinstance(rows, pd.DataFrame):
        rows = records(rows)
    headings = [Heading(column.title, column.format) for column in columns]
    return DisplayTable(caption, headings, [[c.of(row) for c in columns] for row in rows])


def records(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame, each by the names of its columns."""
    return [{str(name): row[name] for name in row} for row in frame.to_dict("records")]


def table_from_data(data: dict[str, Any]) -> DisplayTable:
    """Make a display table of what `as_data` returned."""
    headings = [Heading(**heading) for heading in data["headings"]]
    return DisplayTable(data["caption"], headings, data["rows"])


def format_cell(cell: Any, style: Format) -> str:
    """Write one cell; a number that is missing becomes [x]."""
    if is_missing(cell):
        return "[x]"
    if isinstance(cell, str):
        return cell
    styles = {
        "count": ",.0f",
        "rate": ",.1f",
        "small": ",.3f",
        "percent": ",.1%",
        "signed percent": "+,.1%",
        "signed count": "+,.0f",
    }
    text = format_number(tidy(cell), styles[style]) if style in styles else str(cell)
    return text.replace("-", "−") if style in styles else text


def rounded(value: Any) -> Any:
    """Tidy every number in what is to be written as JSON."""
    if isinstance(value, float) and math.isfinite(value):
        return tidy(value)
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    return [rounded(each) for each in value] if isinstance(value, list | tuple) else value


def _plain(cell: Any) -> str | float | int | None:
    if isinstance(cell, str):
        return cell
    return None if is_missing(cell) else tidy(cell)


def is_missing(cell: Any) -> bool:
    """Tell whether a cell holds no value."""
    return cell is None or isinstance(cell, Gap) or (isinstance(cell, float) and math.isnan(cell))


def plain_value(value: Any) -> Any:
    """Return a value of any frame as a cell holds it: a number, a text, or None if missing."""
    if is_missing(value) or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    return value if is_number else str(value)


def format_number(value: float, style: str) -> str:
    """Format a number; what rounds to nothing has no sign."""
    text = f"{value:{style}}"
    return text.lstrip("+-") if not text.strip("+-0.%") else text


def shorthands(table: DisplayTable) -> dict[str, str]:
    """Return the shorthands that a table uses, with their meaning."""
    cells = {
        format_cell(c, h.format)
        for row in table.rows
        for c, h in zip(row, table.headings, strict=True)
    }
    return {
        f"[{key}]": words
        for key, words in (SHORTHANDS | JUDGED).items()
        if any(f"[{key}]" in c for c in cells)
    }
