"""Read one file: what it is taken for, its rows in our words, and what is wrong with it alone."""

from __future__ import annotations

from kingston_analysis.data.areas import Areas
from kingston_analysis.data.ingest.choose import Candidate, choose
from kingston_analysis.data.ingest.convert import converted
from kingston_analysis.data.ingest.faults import Fault
from kingston_analysis.data.ingest.found import Examination, Part
from kingston_analysis.data.ingest.frames import (
    Reading,
    parquet_frame,
    sheet_of_parquet,
    text_frame,
)
from kingston_analysis.data.ingest.headers import Header, header_faults, unnamed_notes
from kingston_analysis.data.ingest.inputs import Input
from kingston_analysis.data.ingest.texts import Sheet, sheet_of
from kingston_analysis.project import sha256

METADATA_FIRST = "Write its metadata first, as docs/ingest.md shows."

Parts = dict[tuple[str, str], Part]


def read_file(
    given: Input,
    candidates: list[Candidate],
    areas: Areas,
    table: str | None,
    parts: Parts,
    found: Examination,
) -> None:
    """Read one file, and add it to the part of its table."""
    is_parquet = given.content[:4] == b"PAR1" or given.name.lower().endswith(".parquet")
    sheet, faults = (sheet_of_parquet if is_parquet else sheet_of)(given)
    found.faults += faults
    if sheet is None:
        return
    if not is_parquet and len(sheet.rows) == 1 and not faults:
        what, remedy = "The file has one row and nothing below it.", "Download it again."
        found.faults.append(Fault("no-rows", what, remedy, given.name))
        return
    choice = choose(sheet, candidates, areas, table)
    if isinstance(choice, Fault):
        # A text cut short by an open quotation mark fits nothing; that was told.
        found.faults += [] if faults else [choice]
        return
    source, layout, meta = choice.candidate.source, choice.candidate.layout, choice.candidate.meta
    found.taken_for.setdefault((source, layout.table), []).append(given.name)
    if table not in (None, layout.table):
        found.notes.append(f"{given.name}: left out, since it is not of the table {table}.")
        return
    found.sheets.append(sheet)
    found.notes += unnamed_notes(sheet, choice.header)
    if wrong := list(header_faults(sheet, choice.header, layout, choice.candidate.kind)):
        found.faults += wrong
    elif meta is None:
        what = f"There is no data/tables/{layout.table}.yml, which says what the table is."
        fault = Fault("table-unknown", what, METADATA_FIRST)
        found.faults += [fault] if fault not in found.faults else []
    else:
        part = parts.setdefault((source, layout.table), Part(source, layout, meta))
        reading = _frame(given, sheet, choice.header, part, is_parquet)
        part.readings.append(converted(reading, layout, meta, areas))
        part.files[given.name] = sha256(given.content)
        part.is_cut |= any(not each.of_rows for each in faults)


def _frame(given: Input, sheet: Sheet, header: Header, part: Part, is_parquet: bool) -> Reading:
    if is_parquet:
        return parquet_frame(given, header, part.meta)
    return text_frame(sheet, header, part.layout, part.meta)
