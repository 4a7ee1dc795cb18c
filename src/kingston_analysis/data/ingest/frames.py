"""A file as a frame of text, one column for each of a table's, and a row for each figure."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from kingston_analysis.data.ingest.faults import FileFault, lines_named, shortened
from kingston_analysis.data.ingest.headers import Header, folded
from kingston_analysis.data.ingest.inputs import Input
from kingston_analysis.data.ingest.sources import Layout
from kingston_analysis.data.ingest.texts import Sheet, TextRow, ragged_rows
from kingston_analysis.data.tables.metadata import Metadata

# Where a row stood, beside the table's own columns.
FILE, LINE = "_file", "_line"
_TOTALS = {"total", "grandtotal", "totals", "sum", "alltotal", "overalltotal"}


@dataclass
class FileFrame:
    """A frame with what is wrong with it, and what a person should know of it."""

    frame: pd.DataFrame
    faults: list[FileFault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def sheet_of_parquet(source_file: Input) -> tuple[Sheet | None, list[FileFault]]:
    """Return the columns of a Parquet file as the header of a sheet without rows."""
    try:
        schema = pq.read_schema(io.BytesIO(source_file.content))
        names, indices = schema.names, _indices(schema)
    except _DAMAGED:
        return None, [_damaged(source_file.name)]
    columns = [each for each in names if not each.startswith("__index_level_")]
    faults = [_index_fault(source_file.name, each) for each in indices]
    return Sheet(source_file.name, "", [TextRow(1, columns)]), faults


# What pyarrow raises of bytes that are no Parquet: of its own, of text and JSON within, of sizes.
_DAMAGED = (pa.ArrowException, OSError, ValueError, LookupError, TypeError, MemoryError)


def _damaged(name: str) -> FileFault:
    what = "The Parquet file is cut off or damaged."
    return FileFault("parquet-damaged", what, "Download or save it again.", name)


def _indices(schema: pa.Schema) -> list[str]:
    """Return the columns that a frame was saved with as its index; a plain count is none."""
    metadata = schema.pandas_metadata
    indices = metadata.get("index_columns", []) if isinstance(metadata, dict) else []
    return [each for each in indices if isinstance(each, str)]


def _index_fault(name: str, column: str) -> FileFault:
    unnamed = column.startswith("__index_level_")
    what = "The frame was saved with an index" + ("." if unnamed else f": '{shortened(column)}'.")
    remedy = "Save it with `index=False`, after `reset_index()` if the index is a column."
    return FileFault("index", what, remedy, name, column="" if unnamed else column)


def parquet_frame(source_file: Input, header: Header, meta: Metadata) -> FileFrame:
    """Read a Parquet file as a frame; its rows are counted from 1, as lines are."""
    try:
        table = pq.read_table(io.BytesIO(source_file.content), use_threads=False)
        if faults := list(_type_faults(source_file.name, table.schema, header, meta)):
            return FileFrame(pd.DataFrame(), faults)
        chosen = table.select([header.names[at] for at in header.columns.values()])
        # Else text that is no text comes to light only where it is used.
        chosen.validate(full=True)
        frame = chosen.to_pandas(ignore_metadata=True)
    except _DAMAGED:
        return FileFrame(pd.DataFrame(), [_damaged(source_file.name)])
    frame.columns = list(header.columns)
    for name in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[name]):
            frame[name] = frame[name].astype("object").where(frame[name].notna(), "").astype("str")
    return FileFrame(frame.assign(**{FILE: source_file.name, LINE: range(1, len(frame) + 1)}))


def _type_faults(
    name: str, schema: pa.Schema, header: Header, meta: Metadata
) -> Iterator[FileFault]:
    """Find columns of another type than the metadata's: flags, moments and lists are no counts."""
    types = {column.name: column.type for column in meta.columns}
    for column, at in header.columns.items():
        found, wanted = schema.field(header.names[at]).type, types.get(column)
        if isinstance(found, pa.DictionaryType):
            found = found.value_type
        text = pa.types.is_string(found) or pa.types.is_large_string(found)
        whole = pa.types.is_integer(found)
        number = whole or pa.types.is_floating(found)
        period = meta.period is not None and meta.period.column == column
        sound = number if wanted in ("integer", "number") else text or (whole and period)
        if not sound:
            kinds = {"integer": "whole numbers", "number": "numbers", "string": "text"}
            what = f"It holds {_kind_of(found)}; the metadata says {kinds[str(wanted)]}."
            yield FileFault("type", what, "Save it as what it is.", name, column=column)


def _kind_of(found: pa.DataType) -> str:
    kinds = {
        "flags (true or false)": pa.types.is_boolean(found),
        "moments": pa.types.is_temporal(found),
        "lists": pa.types.is_nested(found),
        "bytes": pa.types.is_binary(found) or pa.types.is_large_binary(found),
        "numbers": pa.types.is_floating(found) or pa.types.is_integer(found),
        "text": pa.types.is_string(found) or pa.types.is_large_string(found),
        "nothing": pa.types.is_null(found),
        "decimals": pa.types.is_decimal(found),
    }
    return next((kind for kind, is_it in kinds.items() if is_it), f"values of type {found}")


def text_frame(sheet: Sheet, header: Header, layout: Layout, meta: Metadata) -> FileFrame:
    """Return a sheet's rows as a frame of text; titles, notes and total rows are left out.

    Where each period has a column of its own, each figure gets a row.
    """
    notes: list[str] = []
    if header.row:
        notes.append(f"{sheet.name}: {_rows(header.row)} above the header left out, as a title.")
    body = _without_notes(sheet, header, notes)
    body = _without_totals(sheet, body, header, notes)
    faults = ragged_rows(sheet.name, len(header.names), header.line, body)
    body = [row for row in body if len(row.fields) == len(header.names)]
    chosen = {**{at: name for name, at in header.columns.items()}, **header.periods}
    columns = {at: [row.fields[at] for row in body] for at in chosen}
    frame = pd.DataFrame(columns, dtype="str").assign(**{LINE: [row.line for row in body]})
    if layout.across and meta.period:
        frame = _a_row_each(frame, header, meta)
    frame = frame.rename(columns={at: name for name, at in header.columns.items()})
    return FileFrame(frame.assign(**{FILE: sheet.name}), faults, notes)


def _a_row_each(frame: pd.DataFrame, header: Header, meta: Metadata) -> pd.DataFrame:
    ids = [*header.columns.values(), LINE]
    # A period that is headed twice is told as a fault; only its first column is taken.
    first = {period: at for at, period in reversed(header.periods.items())}
    melted = frame.melt(ids, list(first.values()), meta.span.column, meta.value_column)
    texts = {at: period for period, at in first.items()}
    return melted.assign(**{meta.span.column: melted[meta.span.column].map(texts).astype("str")})


def _without_notes(sheet: Sheet, header: Header, notes: list[str]) -> list[TextRow]:
    """Return the rows below the header without the last ones that hold one text only."""
    body = sheet.rows[header.row + 1 :]
    end = len(body)
    while end and len(header.columns) > 1 and _filled(body[end - 1]) == 1:
        end -= 1
    if end < len(body):
        lines = lines_named(tuple(row.line for row in body[end:])) or f"Line {body[end].line}."
        notes.append(
            f"{sheet.name}: {_rows(len(body) - end)} at the end left out, as notes. {lines}"
        )
    return body[:end]


def _filled(row: TextRow) -> int:
    return sum(bool(each.strip()) for each in row.fields)


def _without_totals(
    sheet: Sheet, body: list[TextRow], header: Header, notes: list[str]
) -> list[TextRow]:
    first = min(header.columns.values())
    totals = [
        row for row in body if first < len(row.fields) and folded(row.fields[first]) in _TOTALS
    ]
    if totals:
        lines = lines_named(tuple(row.line for row in totals)) or f"Line {totals[0].line}."
        notes.append(f"{sheet.name}: {_rows(len(totals))} of totals left out. {lines}")
    lines_of_totals = {row.line for row in totals}
    return [row for row in body if row.line not in lines_of_totals]


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
