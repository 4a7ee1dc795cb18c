"""Take publishers' files into the tables: look at all of them, tell what is wrong, then write."""

from __future__ import annotations

import datetime
from pathlib import Path

import pandas as pd

from kingston_analysis.commands.showing import put_out, say
from kingston_analysis.data.ingest.examine import examine
from kingston_analysis.data.ingest.found import Choices, Examination, NewTable
from kingston_analysis.data.ingest.join import current_table
from kingston_analysis.data.ingest.report import (
    first_screen,
    quarantine_csv,
    report_text,
    taken_for_text,
)
from kingston_analysis.data.ingest.sources import source_names
from kingston_analysis.data.ingest.store import (
    kept_vintage,
    make_pair,
    settle,
    write_pair,
    write_vintage,
)
from kingston_analysis.data.tables.load import Table
from kingston_analysis.data.tables.metadata import Ingestion, load_metadata
from kingston_analysis.data.tables.periods import day_in_words
from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.measures.revisions import revisions_of
from kingston_analysis.pages.lock import lock_tree
from kingston_analysis.project import Project
from kingston_analysis.records.record import write_atomically

# Notes that a screen has room for; the report has all.
NOTES_TOLD = 12


def ingest_files(project: Project, named: list[str], choices: Choices, dry_run: bool) -> None:
    """Take files of a source into their tables, if everything in them is sound.

    The source may be left out: the command then says what it took each file for. Raises
    KingstonError, with the tables as they were, where anything is wrong that nobody confirmed.
    """
    source, paths = _source_and_paths(project, named)
    with lock_tree(project, "kingston ingest", say):
        settle(project)
        found = examine(project, source, paths, choices)
        _write_report(project, found)
        for line in taken_for_text(found.taken_for):
            say(line)
        if found.faults:
            raise KingstonError(first_screen(found.faults, _where(project)))
        for note in found.notes[:NOTES_TOLD]:
            say(note)
        if len(found.notes) > NOTES_TOLD:
            say(f"{len(found.notes) - NOTES_TOLD} more notes are in {_where(project)}.")
        if choices.replaced:
            _keep(project, found.tables, choices, dry_run)
        else:
            _write(project, found.tables, choices, dry_run)


def _source_and_paths(project: Project, named: list[str]) -> tuple[str | None, list[Path]]:
    first, rest = named[0], named[1:]
    known = source_names(project)
    if first in known:
        if not rest:
            raise KingstonError(f"No file of '{first}' is named.", "Name its files after it.")
        return first, [Path(each) for each in rest]
    if not Path(first).exists():
        remedy = f"{nearest(first, known)} Name a source, and then files."
        raise KingstonError(f"'{first}' is neither a source nor a file.", remedy)
    return None, [Path(each) for each in named]


def _where(project: Project) -> str:
    return project.name_of(project.build / "ingest" / "report.txt")


def _write_report(project: Project, found: Examination) -> None:
    folder = project.build / "ingest"
    report = report_text(found.taken_for, found.notes, found.faults)
    write_atomically(folder / "report.txt", report)
    wrong = quarantine_csv([*found.faults, *found.left_out], found.sheets)
    write_atomically(folder / "wrong-rows.csv", wrong)


def _revised(before: Table, frame: pd.DataFrame) -> str:
    """Say how many figures differ from those held, so that nobody takes another table for it."""
    if before.meta.period is None:
        return f"{before.name}: it differs from the table that is held."
    found = revisions_of(before, Table(before.name, frame, before.meta))
    return (
        f"{before.name}: of {found.cells:,} figures in the periods that both have, "
        f"{len(found.frame):,} differ from the table that is held."
    )


def _logged(
    table: NewTable, choices: Choices, day: datetime.date, replaced: str | None
) -> Ingestion:
    """Return the entry of the log on a table; its hash is known once it is written."""
    return Ingestion(
        ingested=day,
        source=table.source,
        files=table.files,
        hash=table.meta.hash,
        replaced=replaced,
        until=choices.until,
        confirmed=choices.confirmed,
        rows_left_out=table.rows_left_out,
    )


def _keep(project: Project, tables: list[NewTable], choices: Choices, dry_run: bool) -> None:
    """Keep tables as earlier extractions of those that are held, which stay as they are."""
    assert choices.replaced
    for table in tables:
        if current_table(project, table.name) is None:
            what = f"There is no {table.name} that an earlier extraction could be kept beside."
            raise KingstonError(what, "Take the newest in first.")
        taken = _logged(table, choices, datetime.date.today(), None)
        before = f"as it stood before {day_in_words(choices.replaced)}"
        about = {"extraction": before, "changes": [taken]}
        meta = table.meta.model_copy(update=about)
        newest = load_metadata(project, table.name)
        kept = kept_vintage(Table(table.name, table.frame, meta), choices.replaced, newest)
        if dry_run:
            put_out(f"{table.name}: {len(table.frame):,} rows would be kept.")
            continue
        write_vintage(project, table.name, kept)
        put_out(f"{table.name}: {len(table.frame):,} rows kept, {before}.")


def _write(project: Project, tables: list[NewTable], choices: Choices, dry_run: bool) -> None:
    today = datetime.date.today()
    pairs = []
    for table in tables:
        before = current_table(project, table.name)
        if before is not None and before.frame.equals(table.frame):
            say(f"{table.name}: the files hold what the table holds; nothing is to be written.")
            continue
        replaced = table.meta.hash if before is not None else None
        if before is not None:
            say(_revised(before, table.frame))
        taken = _logged(table, choices, today, replaced)
        pairs.append((table, make_pair(project, table.name, table.frame, table.meta, taken)))
    for table, pair in pairs:
        if dry_run:
            put_out(f"{table.name}: {len(table.frame):,} rows would be taken in.")
            continue
        write_pair(project, pair)
        put_out(
            f"{table.name}: {len(table.frame):,} rows taken in. Read its title and caveats again."
        )
