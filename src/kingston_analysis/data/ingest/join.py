"""Put the files of a table together, and hold them against each other and the table held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import pandas as pd

from kingston_analysis.data.areas import Areas
from kingston_analysis.data.ingest import complete
from kingston_analysis.data.ingest.faults import FileFault, wrong_lines
from kingston_analysis.data.ingest.found import Choices, Examination, NewTable, TableFiles
from kingston_analysis.data.ingest.frames import FILE, LINE
from kingston_analysis.data.rules.check import check_rules
from kingston_analysis.data.rules.models import load_rules, rules_file
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.load import Table, load
from kingston_analysis.data.tables.metadata import FORMATS, Metadata
from kingston_analysis.data.tables.schemas import DTYPES, FIRST_LINE, frame_problems
from kingston_analysis.errors import KingstonError
from kingston_analysis.project import Project


def join_files(
    project: Project, part: TableFiles, areas: Areas, choices: Choices, found: Examination
) -> None:
    """Add to what was found the table of a part, and all that is wrong with it."""
    faults = [fault for each in part.file_frames for fault in each.faults]
    found.notes += dict.fromkeys(note for each in part.file_frames for note in each.notes)
    frames = [each.frame for each in part.file_frames if not each.frame.empty]
    if not frames:
        what, remedy = "The files have no rows to take.", "Get them from the publisher again."
        empty = FileFault("no-rows", what, remedy, ", ".join(part.files))
        found.faults += faults or [empty]
        return
    frame = pd.concat(frames, ignore_index=True)
    faults += complete.denied_by_name(frame, part.meta.period)
    frame = _until(frame, part.meta, choices.until)
    faults += _repeated(frame, part)
    rows_before = wrong_lines(faults)
    if choices.without_wrong_rows:
        found.left_out += [each for each in faults if each.of_rows]
        faults = [each for each in faults if not each.of_rows]
        frame = _without(frame, rows_before)
    found.notes += complete.notes_on(frame, part.layout, part.meta, areas)
    if not wrong_lines(faults) and not part.is_cut:
        frame, wrong = _as_table(project, frame, part, areas, choices.replaced is not None)
        faults += wrong
    confirmed = [each for each in faults if _is_confirmed(each, choices)]
    found.notes += [f"Confirmed: {each.text()}" for each in confirmed]
    found.faults += [each for each in faults if each not in confirmed]
    left_out = len(rows_before) if choices.without_wrong_rows else 0
    names = (part.layout.table, part.source)
    found.tables.append(NewTable(*names, frame, part.meta, part.files, left_out))


def _without(frame: pd.DataFrame, lines: Iterable[tuple[str, int]]) -> pd.DataFrame:
    places = pd.MultiIndex.from_frame(frame[[FILE, LINE]])
    return frame[~places.isin(list(lines))]


def _until(frame: pd.DataFrame, meta: Metadata, until: str | None) -> pd.DataFrame:
    """Leave out the periods after the last that is to be taken; raise KingstonError for none."""
    if until is None or meta.period is None:
        return frame
    try:
        periods.parts(until, meta.period.kind)
    except ValueError as error:
        example = f"Write it as the table does, for example {meta.period.last}."
        raise KingstonError(f"--until: {error}.", example) from None
    column = frame[meta.period.column]
    later = complete.period_texts(column) > until
    return frame[~later.reindex(frame.index, fill_value=False)]


def _repeated(frame: pd.DataFrame, part: TableFiles) -> Iterable[FileFault]:
    if part.layout.counted:
        return complete.ids_counted_twice(frame, part.layout.ids) if part.layout.ids else ()
    keys = [key for key in part.meta.keys if key in frame]
    return complete.repeated_rows(frame, keys, part.meta.value)


def _is_confirmed(fault: FileFault, choices: Choices) -> bool:
    return fault.can_be_accepted and fault.rule in choices.confirmed


def _as_table(
    project: Project, frame: pd.DataFrame, part: TableFiles, areas: Areas, is_earlier: bool
) -> tuple[pd.DataFrame, list[FileFault]]:
    """Return the table in its columns and order, and what is wrong with it as a whole.

    An earlier extraction need not have what the table that is held has.
    """
    meta = part.meta
    if part.layout.counted:
        frame = complete.counted_rows(frame, meta)
    in_place = None if is_earlier else current_table(project, part.layout.table)
    current = in_place.frame if in_place else None
    faults = [
        *complete.missing_periods(frame, meta),
        *complete.place_faults(frame, current, meta, areas),
        *(complete.lost_periods(frame, current, meta) if current is not None else ()),
    ]
    frame = frame.reindex(columns=[column.name for column in meta.columns])
    frame = frame.astype({column.name: DTYPES[column.type] for column in meta.columns})
    frame = frame.sort_values(meta.keys, ignore_index=True)
    table = Table(part.layout.table, frame, meta)
    return frame, faults + table_faults(project, table, areas, current, is_earlier)


def table_faults(
    project: Project,
    table: Table,
    areas: Areas,
    earlier: pd.DataFrame | None,
    is_earlier: bool = False,
) -> list[FileFault]:
    """Find what is wrong with a new table by its metadata, then by its rules, as a build does.

    The rules, and what is confirmed by them, are of the newest extraction alone.
    """
    # The span is written anew with the table.
    without_span = table.meta.model_copy(update={"period": None})
    file = project.tables / f"{table.name}.yml"
    problems = frame_problems(table.frame, without_span, areas.all_names, file)
    made = f"{table.name} as made"
    faults = [FileFault("table", each.what, each.remedy, made) for each in problems]
    return faults if faults or is_earlier else list(_rule_faults(project, table, areas, earlier))


def _rule_faults(
    project: Project, table: Table, areas: Areas, earlier: pd.DataFrame | None
) -> Iterator[FileFault]:
    """Find what breaks the rules of a table, whose span is that of its rows."""
    if not rules_file(project, table.name).exists():
        what = f"The table '{table.name}' has no rules, so nothing tells whether it is whole."
        remedy = f"Write {project.name_of(rules_file(project, table.name))} first."
        yield FileFault("rules-missing", what, remedy)
        return
    rules, meta = load_rules(project, table.name), table.meta
    if rules.none is not None:
        return
    if span := meta.period:
        texts = sorted(complete.period_texts(table.frame[span.column]))
        # As in the metadata, where a year alone is a number.
        ends = (
            int(each) if isinstance(span.first, int) else each for each in (texts[0], texts[-1])
        )
        update = dict(zip(("first", "last"), ends, strict=True))
        meta = meta.model_copy(update={"period": span.model_copy(update=update)})
    table = Table(table.name, table.frame, meta)
    for each in check_rules(table, rules, areas, partial(load, project), earlier):
        lines = tuple(row + FIRST_LINE for row in each.rows)
        yield FileFault(
            each.rule,
            each.what,
            each.remedy,
            f"{table.name} as made",
            lines,
            each.column or "",
            each.value or "",
        )


def current_table(project: Project, name: str) -> Table | None:
    """Return the table that is held, None where there is none yet.

    Raises KingstonError for one that is not as its metadata say: nobody knows what would be lost.
    """
    exists = any((project.tables / f"{name}{ending}").exists() for ending in FORMATS)
    return load(project, name) if exists else None
