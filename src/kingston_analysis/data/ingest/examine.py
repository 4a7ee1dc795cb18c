"""Look at publishers' files: what they are, all that is wrong, and the tables they come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from kingston_analysis.data.areas import Areas, load_areas
from kingston_analysis.data.ingest import complete
from kingston_analysis.data.ingest.choose import Candidate, choose
from kingston_analysis.data.ingest.convert import converted
from kingston_analysis.data.ingest.faults import Fault, wrong_lines
from kingston_analysis.data.ingest.frames import (
    FILE,
    LINE,
    Reading,
    parquet_frame,
    sheet_of_parquet,
    text_frame,
)
from kingston_analysis.data.ingest.headers import Header, header_faults, unnamed_notes
from kingston_analysis.data.ingest.inputs import Input, inputs_of
from kingston_analysis.data.ingest.sources import Layout, load_layouts, source_names
from kingston_analysis.data.ingest.texts import Sheet, sheet_of
from kingston_analysis.data.tables.load import load
from kingston_analysis.data.tables.metadata import Metadata, load_metadata
from kingston_analysis.data.tables.schemas import DTYPES, frame_problems
from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.project import Project, sha256

METADATA_FIRST = "Write its metadata first, as docs/ingest.md shows."


@dataclass(frozen=True)
class Choices:
    """What a person chose: the table, the last period to take, and what they confirmed."""

    table: str | None = None
    until: str | None = None
    confirmed: tuple[str, ...] = ()
    without_wrong_rows: bool = False


@dataclass
class NewTable:
    """A table as the files make it, with the files and how many of their rows were not taken."""

    name: str
    source: str
    frame: pd.DataFrame
    meta: Metadata
    files: dict[str, str]
    rows_left_out: int = 0


@dataclass
class Examination:
    """All that was found in the files; the tables are to be written only without faults."""

    taken_for: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    left_out: list[Fault] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    tables: list[NewTable] = field(default_factory=list)


@dataclass
class _Part:
    """The files of one layout, read."""

    source: str
    layout: Layout
    meta: Metadata
    readings: list[Reading] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)


def examine(
    project: Project, source: str | None, paths: list[Path], choices: Choices
) -> Examination:
    """Read files of a source, or of whichever fits, and find everything wrong with them at once.

    Raises KingstonError for an unknown source or table.
    """
    areas = load_areas(project)
    candidates = _candidates(project, source, choices.table)
    found = Examination()
    inputs, found.faults = inputs_of(paths)
    found.faults += _same_files(inputs)
    parts: dict[tuple[str, str], _Part] = {}
    for given in inputs:
        _read(given, candidates, areas, choices.table, parts, found)
    for part in parts.values():
        _join(project, part, areas, choices, found)
    return found


def _candidates(project: Project, source: str | None, table: str | None) -> list[Candidate]:
    """Return what a file may be; raise KingstonError where the table that is asked for is none."""
    found = [
        Candidate(name, layout, _metadata(project, layout.table))
        for name in (source_names(project) if source is None else [source])
        for layout in load_layouts(project, name)
    ]
    tables = sorted({each.layout.table for each in found})
    if table is not None and table not in tables:
        what = f"{source or 'No source'} has no table '{table}'."
        raise KingstonError(what, f"{nearest(table, tables)} {METADATA_FIRST}")
    return found


def _metadata(project: Project, table: str) -> Metadata | None:
    exists = (project.tables / f"{table}.yml").exists()
    return load_metadata(project, table) if exists else None


def _same_files(inputs: list[Input]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for given in inputs:
        digest = sha256(given.content)
        if first := seen.setdefault(digest, given.name) if digest in seen else None:
            what = f"The file is the same as {first}."
            yield Fault("file-twice", what, "Name it once.", given.name)
        seen.setdefault(digest, given.name)


def _read(
    given: Input,
    candidates: list[Candidate],
    areas: Areas,
    table: str | None,
    parts: dict[tuple[str, str], _Part],
    found: Examination,
) -> None:
    """Read one file, and add it to the part of its table."""
    is_parquet = given.content[:4] == b"PAR1" or given.name.lower().endswith(".parquet")
    sheet, faults = (sheet_of_parquet if is_parquet else sheet_of)(given)
    found.faults += faults
    if sheet is None:
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
        part = parts.setdefault((source, layout.table), _Part(source, layout, meta))
        reading = _frame(given, sheet, choice.header, part, is_parquet)
        part.readings.append(converted(reading, layout, meta, areas))
        part.files[given.name] = sha256(given.content)


def _frame(given: Input, sheet: Sheet, header: Header, part: _Part, is_parquet: bool) -> Reading:
    if is_parquet:
        return parquet_frame(given, header, part.meta)
    return text_frame(sheet, header, part.layout, part.meta)


def _join(
    project: Project, part: _Part, areas: Areas, choices: Choices, found: Examination
) -> None:
    """Put the files of a table together, and hold them against each other and the table held."""
    faults = [fault for each in part.readings for fault in each.faults]
    found.notes += dict.fromkeys(note for each in part.readings for note in each.notes)
    frames = [each.frame for each in part.readings if not each.frame.empty]
    if not frames:
        if not faults:
            what, remedy = "The files have no rows to take.", "Get them from the publisher again."
            faults.append(Fault("no-rows", what, remedy, ", ".join(part.files)))
        found.faults += faults
        return
    frame = pd.concat(frames, ignore_index=True)
    faults += complete.denied_by_name(frame, part.meta.period)
    frame = _until(frame, part.meta, choices.until)
    faults += _row_faults(frame, part)
    out: dict[tuple[str, int], list[str]] = {}
    if choices.without_wrong_rows:
        out = wrong_lines(faults)
        found.left_out += [each for each in faults if each.of_rows]
        faults = [each for each in faults if not each.of_rows]
        at = pd.Series(list(zip(frame[FILE], frame[LINE], strict=True)), index=frame.index)
        frame = frame[~at.isin(list(out))]
    found.notes += complete.notes_on(frame, part.layout, part.meta, areas)
    if not any(each.of_rows for each in faults):
        frame, wrong = _tidy(project, frame, part, areas)
        faults += wrong
    for fault in [each for each in faults if _is_confirmed(each, choices)]:
        found.notes.append(f"Confirmed: {fault.text()}")
        faults.remove(fault)
    found.faults += faults
    found.tables.append(
        NewTable(part.layout.table, part.source, frame, part.meta, part.files, len(out))
    )


def _until(frame: pd.DataFrame, meta: Metadata, until: str | None) -> pd.DataFrame:
    """Leave out the periods after the last that is to be taken."""
    if until is None or meta.period is None:
        return frame
    column = frame[meta.period.column].astype("str")
    return frame[frame[meta.period.column].isna() | (column <= until)]


def _row_faults(frame: pd.DataFrame, part: _Part) -> Iterable[Fault]:
    if part.layout.counted:
        return complete.repeated_ids(frame, part.layout.ids) if part.layout.ids else ()
    keys = [key for key in part.meta.keys if key in frame]
    return complete.repeated_rows(frame, keys, part.meta.value)


def _is_confirmed(fault: Fault, choices: Choices) -> bool:
    return fault.can_be_accepted and fault.rule in choices.confirmed


def _tidy(
    project: Project, frame: pd.DataFrame, part: _Part, areas: Areas
) -> tuple[pd.DataFrame, list[Fault]]:
    """Return the table in its columns and order, and what is wrong with it as a whole."""
    meta = part.meta
    if part.layout.counted:
        frame = complete.counted_rows(frame, meta)
    held = _held(project, part.layout.table)
    faults = [
        *complete.missing_periods(frame, meta),
        *complete.place_faults(frame, held, meta, areas),
        *(complete.lost_periods(frame, held, meta) if held is not None else ()),
    ]
    frame = frame.reindex(columns=[column.name for column in meta.columns])
    frame = frame.astype({column.name: DTYPES[column.type] for column in meta.columns})
    frame = frame.sort_values(meta.keys, ignore_index=True)
    faults += table_faults(project, part.layout.table, frame, meta, areas)
    return frame, faults


def table_faults(
    project: Project, name: str, frame: pd.DataFrame, meta: Metadata, areas: Areas
) -> list[Fault]:
    """Find what is wrong with a new table by the rules that every build holds it to.

    The rules that stand as data beside a table (complete, consistent, plausible) belong here too.
    """
    # The span is written anew with the table.
    without_span = meta.model_copy(update={"period": None})
    file = project.tables / f"{name}.yml"
    problems = frame_problems(frame, without_span, areas.all_names, file)
    return [Fault("table", each.what, each.remedy, f"{name} as made") for each in problems]


def _held(project: Project, name: str) -> pd.DataFrame | None:
    """Return the table that is held; None where there is none yet, or it cannot be read."""
    try:
        return load(project, name).frame
    except KingstonError:
        return None
