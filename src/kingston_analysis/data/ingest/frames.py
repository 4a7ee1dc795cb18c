"""A file as a frame of text, one column for each of a table's, and a row for each figure."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from kingston_analysis.data.ingest.faults import Fault, lines_named, shortened
from kingston_analysis.data.ingest.headers import Header, folded
from kingston_analysis.data.ingest.inputs import Input
from kingston_analysis.data.ingest.sources import Layout
from kingston_analysis.data.ingest.texts import Row, Sheet, ragged_rows
from kingston_analysis.data.tables.metadata import Metadata

# Where a row stood, beside the table's own columns.
FILE, LINE = "_file", "_line"
_TOTALS = {"total", "grandtotal", "totals", "sum", "alltotal", "overalltotal"}


@dataclass
class Reading:
    """A frame with what is wrong with it, and what a person should know of it."""

    frame: pd.DataFrame
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def sheet_of_parquet(given: Input) -> tuple[Sheet | None, list[Fault]]:
    """Return the columns of a Parquet file as the header of a sheet without rows."""
    try:
        schema = pq.read_schema(io.BytesIO(given.content))
    except (pa.ArrowException, OSError, ValueError):
        what = "The Parquet file is cut off or damaged."
        return None, [Fault("parquet-damaged", what, "Download or save it again.", given.name)]
    names = [each for each in schema.names if not each.startswith("__index_level_")]
    faults = [_index_fault(given.name, each) for each in _indices(schema)]
    return Sheet(given.name, "", [Row(1, names)]), faults


def _indices(schema: pa.Schema) -> list[str]:
    """Return the columns that a frame was saved with as its index; a plain count is none."""
    metadata = schema.pandas_metadata or {}
    return [str(each) for each in metadata.get("index_columns", []) if isinstance(each, str)]


def _index_fault(name: str, column: str) -> Fault:
    unnamed = column.startswith("__index_level_")
    what = "The frame was saved with an index" + ("." if unnamed else f": '{shortened(column)}'.")
    remedy = "Save it with `index=False`, after `reset_index()` if the index is a column."
    return Fault("index", what, remedy, name, column="" if unnamed else column)


def parquet_frame(given: Input, header: Header, meta: Metadata) -> Reading:
    """Read a Parquet file as a frame; its rows are counted from 1, as lines are."""
    try:
        table = pq.read_table(io.BytesIO(given.content), use_threads=False)
    except (pa.ArrowException, OSError, ValueError):
        what = "The Parquet file is cut off or damaged."
        damaged = Fault("parquet-damaged", what, "Download or save it again.", given.name)
        return Reading(pd.DataFrame(), [damaged])
    faults = list(_type_faults(given.name, table.schema, header, meta))
    if faults:
        return Reading(pd.DataFrame(), faults)
    chosen = table.select([header.names[at] for at in header.columns.values()])
    frame = chosen.to_pandas(ignore_metadata=True)
    frame.columns = list(header.columns)
    for name in frame.columns:
        if pa.types.is_string(chosen.schema.field(frame.columns.get_loc(name)).type) or not (
            pd.api.types.is_numeric_dtype(frame[name])
        ):
            frame[name] = frame[name].astype("object").where(frame[name].notna(), "").astype("str")
    return Reading(frame.assign(**{FILE: given.name, LINE: range(1, len(frame) + 1)}))


def _type_faults(name: str, schema: pa.Schema, header: Header, meta: Metadata) -> Iterator[Fault]:
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
            yield Fault("type", what, "Save it as what it is.", name, column=column)


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


def text_frame(sheet: Sheet, header: Header, layout: Layout, meta: Metadata) -> Reading:
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
    return Reading(frame.assign(**{FILE: sheet.name}), faults, notes)


def _a_row_each(frame: pd.DataFrame, header: Header, meta: Metadata) -> pd.DataFrame:
    ids = [*header.columns.values(), LINE]
    # A period that is headed twice is told as a fault; only its first column is taken.
    first = {period: at for at, period in reversed(header.periods.items())}
    melted = frame.melt(ids, list(first.values()), meta.span.column, meta.value_column)
    texts = {at: period for period, at in first.items()}
    return melted.assign(**{meta.span.column: melted[meta.span.column].map(texts).astype("str")})


def _without_notes(sheet: Sheet, header: Header, notes: list[str]) -> list[Row]:
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


def _filled(row: Row) -> int:
    return sum(bool(each.strip()) for each in row.fields)


def _without_totals(sheet: Sheet, body: list[Row], header: Header, notes: list[str]) -> list[Row]:
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
