"""Read one file: what it is taken for, its rows in our words, and what is wrong with it alone."""

from __future__ import annotations

from kingston_analysis.data.areas import Areas
from kingston_analysis.data.ingest.choose import Candidate, choose
from kingston_analysis.data.ingest.convert import converted
from kingston_analysis.data.ingest.faults import FileFault
from kingston_analysis.data.ingest.found import Examination, TableFiles
from kingston_analysis.data.ingest.frames import (
    FileFrame,
    parquet_frame,
    sheet_of_parquet,
    text_frame,
)
from kingston_analysis.data.ingest.headers import Header, header_faults, unnamed_notes
from kingston_analysis.data.ingest.inputs import Input
from kingston_analysis.data.ingest.texts import Sheet, sheet_of

METADATA_FIRST = "Write its metadata first, as docs/ingest.md shows."

FilesByTable = dict[tuple[str, str], TableFiles]


def read_file(
    source_file: Input,
    candidates: list[Candidate],
    areas: Areas,
    table: str | None,
    parts: FilesByTable,
    found: Examination,
) -> None:
    """Read one file, and add it to the part of its table."""
    is_parquet = source_file.content[:4] == b"PAR1" or source_file.name.lower().endswith(".parquet")
    sheet, faults = (sheet_of_parquet if is_parquet else sheet_of)(source_file)
    found.faults += faults
    if sheet is None:
        return
    if not is_parquet and len(sheet.rows) == 1 and not faults:
        what, remedy = "The file has one row and nothing below it.", "Download it again."
        found.faults.append(FileFault("no-rows", what, remedy, source_file.name))
        return
    choice = choose(sheet, candidates, areas, table)
    if isinstance(choice, FileFault):
        # A text cut short by an open quotation mark fits nothing; that was told.
        found.faults += [] if faults else [choice]
        return
    source, layout, meta = choice.candidate.source, choice.candidate.layout, choice.candidate.meta
    found.taken_for.setdefault((source, layout.table), []).append(source_file.name)
    if table not in (None, layout.table):
        found.notes.append(f"{source_file.name}: left out, since it is not of the table {table}.")
        return
    found.sheets.append(sheet)
    found.notes += unnamed_notes(sheet, choice.header)
    if wrong := list(header_faults(sheet, choice.header, layout, choice.candidate.kind)):
        found.faults += wrong
    elif meta is None:
        what = f"There is no data/tables/{layout.table}.yml, which says what the table is."
        fault = FileFault("table-unknown", what, METADATA_FIRST)
        found.faults += [fault] if fault not in found.faults else []
    else:
        part = parts.setdefault((source, layout.table), TableFiles(source, layout, meta))
        reading = _frame(source_file, sheet, choice.header, part, is_parquet)
        part.file_frames.append(converted(reading, layout, meta, areas))
        name, digest = source_file.name_and_hash
        part.files[name] = digest
        part.is_cut |= any(not each.of_rows for each in faults)


def _frame(
    source_file: Input, sheet: Sheet, header: Header, part: TableFiles, is_parquet: bool
) -> FileFrame:
    if is_parquet:
        return parquet_frame(source_file, header, part.meta)
    return text_frame(sheet, header, part.layout, part.meta)
