"""Which row of a sheet is its header, and which column means what."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kingston_analysis.data.ingest.faults import FileFault, shortened
from kingston_analysis.data.ingest.sources import Layout
from kingston_analysis.data.ingest.texts import Sheet
from kingston_analysis.data.ingest.values import KINDS, is_span, period_of
from kingston_analysis.data.tables.periods import Kind

# A title and a few notes stand above a header, not more.
ROWS_ABOVE = 20


@dataclass(frozen=True)
class Header:
    """Where the header is, and what its columns are, by their position in a row."""

    row: int
    line: int
    names: list[str]
    columns: dict[str, int]
    periods: dict[int, str]


def folded(text: str) -> str:
    """Reduce a name to its letters and digits, so that case, blanks and marks do not count."""
    plain = unicodedata.normalize("NFKD", text).casefold().replace("&", "and")
    return re.sub(r"[^a-z0-9]", "", plain)


def find_header(sheet: Sheet, layout: Layout, kind: Kind | None) -> Header | None:
    """Return the header: of the first rows that in which most columns of a layout are known."""
    headers = [_header(sheet, at, layout, kind) for at in range(len(sheet.rows[:ROWS_ABOVE]))]
    best = max(headers, key=lambda each: (len(each.columns), -each.row), default=None)
    return best if best and best.columns else None


def _header(sheet: Sheet, at: int, layout: Layout, kind: Kind | None) -> Header:
    row = sheet.rows[at]
    meanings = {
        folded(name): column for column, each in layout.columns.items() for name in each.headers
    }
    columns: dict[str, int] = {}
    spans: dict[int, str] = {}
    for position, name in enumerate(row.fields):
        meaning = meanings.get(folded(name))
        if meaning and meaning not in columns:
            columns[meaning] = position
        elif not meaning and layout.across and kind and (period := period_of(name, kind)):
            spans[position] = period
    return Header(at, row.line, row.fields, columns, spans)


def header_faults(
    sheet: Sheet, header: Header, layout: Layout, kind: Kind | None
) -> Iterator[FileFault]:
    """Find columns that are missing, unknown, without a name or given twice."""
    place = (sheet.name, (header.line,))
    absent = [column for column in layout.columns if column not in header.columns]
    for column in absent:
        known = ", ".join(f"“{name}”" for name in layout.columns[column].headers)
        what = f"No column is headed {known}, so nothing says the {column.replace('_', ' ')}."
        remedy = "Correct the header, or add the publisher's new one to `headers` of the source."
        yield FileFault("column-missing", what, remedy, *place, column=column)
    if layout.across and not header.periods:
        what = "No column is headed by a month or year, each of which should have one."
        yield FileFault("no-periods", what, "Take the publisher's file by month.", *place)
    for at in _unknown(header, layout):
        yield from _unknown_fault(sheet, header, at, layout, kind)
    yield from _twice(sheet, header, layout)


def _unknown(header: Header, layout: Layout) -> Iterator[int]:
    ignored = {folded(name) for name in layout.ignored}
    meanings = {folded(name) for each in layout.columns.values() for name in each.headers}
    for at, name in enumerate(header.names):
        known = at in header.periods or folded(name) in meanings | ignored
        if not known or not name.strip():
            yield at


def _unknown_fault(
    sheet: Sheet, header: Header, at: int, layout: Layout, kind: Kind | None
) -> Iterator[FileFault]:
    name, number = header.names[at], at + 1
    if not name.strip():
        lines = _with_something_at(sheet, header, at)
        if lines and not layout.unnamed:
            what = f"Column {number} has no header, and something stands in it."
            remedy = "Give it its header, or empty it."
            yield FileFault("column-unnamed", what, remedy, sheet.name, lines)
        return
    place, period = (sheet.name, (header.line,), "", name), KINDS[kind] if kind else ""
    if layout.across and kind and is_span(name, kind):
        what = f"Column {number}, '{shortened(name)}', is more than one {period}."
        yield FileFault("span", what, f"Take the file by {period}.", *place)
        return
    wanted = f" or a {period}" if layout.across else ""
    what = (
        f"Column {number} is headed '{shortened(name)}', which is no column of the source{wanted}."
    )
    remedy = "Correct it, or name it in the source under `headers` or `ignored`."
    yield FileFault("column-unknown", what, remedy, *place)


def unnamed_notes(sheet: Sheet, header: Header) -> Iterator[str]:
    """Say what stands in columns without a header, none of which is taken."""
    for at, name in enumerate(header.names):
        lines = () if name.strip() else _with_something_at(sheet, header, at)
        if lines:
            first = next(row.fields[at] for row in sheet.rows if row.line == lines[0])
            what = f"'{shortened(first)}' in line {lines[0]}, column {at + 1}"
            yield f"{sheet.name}: not taken, since the column has no header: {what}."


def _with_something_at(sheet: Sheet, header: Header, at: int) -> tuple[int, ...]:
    below = sheet.rows[header.row + 1 :]
    return tuple(row.line for row in below if at < len(row.fields) and row.fields[at].strip())


def _twice(sheet: Sheet, header: Header, layout: Layout) -> Iterator[FileFault]:
    meanings = {
        folded(name): column for column, each in layout.columns.items() for name in each.headers
    }
    named = Counter(meanings[folded(n)] for n in header.names if folded(n) in meanings)
    named.update(header.periods.values())
    for name, count in named.items():
        if count > 1:
            what = f"{count} columns are headed as the {name.replace('_', ' ')}."
            yield FileFault("column-twice", what, "Keep one.", sheet.name, (header.line,), name)
