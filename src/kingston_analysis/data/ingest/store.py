"""Write a table and its metadata as a pair: whatever ends the process, one whole pair is there.

The new data file waits in `data/tables/incoming` under its hash. The metadata, which name that
hash, are renamed into their place in one step: that is the switch. Then the data file takes its.
`data/tables/load.py` reads it from where it waits as long as it does.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from kingston_analysis.data.ingest.edit_metadata import edited, with_vintage
from kingston_analysis.data.tables.load import Table, incoming_file, load
from kingston_analysis.data.tables.metadata import (
    FORMATS,
    Ingestion,
    Metadata,
    Vintage,
    load_metadata,
)
from kingston_analysis.data.tables.vintages import vintage_file
from kingston_analysis.data.yaml_models import load_yaml
from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.project import Project, sha256

# A table of more rows is kept as Parquet.
MOST_ROWS_OF_CSV = 50_000
# The metadata wait under a name that nothing takes for metadata.
_WAITING = ".waiting"


@dataclass(frozen=True)
class KeptVintage:
    """An earlier extraction of a table, with what its metadata say of it."""

    vintage: Vintage
    content: bytes


@dataclass(frozen=True)
class Pair:
    """A table and its metadata, as bytes to be written."""

    name: str
    ending: str
    content: bytes
    metadata: str
    vintage: KeptVintage | None = None


def bytes_of(frame: pd.DataFrame, ending: str) -> bytes:
    """Write a frame as CSV or Parquet; equal frames give equal bytes."""
    held = io.BytesIO()
    if ending == ".csv":
        frame.to_csv(held, index=False, lineterminator="\n")
    else:
        frame.to_parquet(held, index=False, compression="zstd")
    return held.getvalue()


def ending_for(project: Project, name: str, rows: int) -> str:
    """Return the format that a table has, or a new one gets."""
    for ending in FORMATS:
        if (project.tables / f"{name}{ending}").exists():
            return ending
    return ".parquet" if rows > MOST_ROWS_OF_CSV else ".csv"


def make_pair(
    project: Project, name: str, frame: pd.DataFrame, meta: Metadata, taken: Ingestion
) -> Pair:
    """Put a frame and the metadata that describe it into bytes; nothing is written yet.

    What they take the place of goes with them as a vintage, replaced on the day of the ingestion.
    """
    ending = ending_for(project, name, len(frame))
    content = bytes_of(frame, ending)
    made = taken.model_copy(update={"hash": sha256(content)})
    text = edited(_text_of(project, name), frame, meta, made)
    if taken.replaced is None:
        return Pair(name, ending, content, text)
    current = load(project, name)
    kept = kept_vintage(current, taken.ingested, current.meta)
    return Pair(name, ending, content, with_vintage(text, kept.vintage), kept)


def kept_vintage(table: Table, replaced: date, newest: Metadata) -> KeptVintage:
    """Put an extraction that another one replaced on a day into bytes, and describe it.

    `newest` are the metadata of the newest, which do not have all its labels.
    """
    content, meta = bytes_of(table.frame, ".parquet"), table.meta
    made = sha256(content)
    *earlier, last = meta.changes
    if isinstance(last, Ingestion):
        last = last.model_copy(update={"hash": made})
    about = {
        "replaced": replaced,
        "last": str(table.frame[meta.period.column].max()) if meta.period else None,
        "labels": _own_labels(table.frame, newest),
        "extraction": meta.extraction,
        "rows": len(table.frame),
        "hash": made,
        "changes": [*earlier, last],
    }
    return KeptVintage(Vintage.model_validate(about), content)


def _own_labels(frame: pd.DataFrame, newest: Metadata) -> dict[str, list[str]]:
    """Return by column the values that the metadata do not list."""
    found = {
        column.name: sorted(set(frame[column.name].dropna()) - set(column.values))
        for column in newest.columns
        if column.values is not None
    }
    return {column: labels for column, labels in found.items() if labels}


def write_vintage(project: Project, name: str, kept: KeptVintage) -> None:
    """Keep an earlier extraction beside the table, which stays; the metadata are the switch.

    Raises KingstonError where it cannot be written; then everything is as it was.
    """
    text = with_vintage(_text_of(project, name), kept.vintage)
    waiting = project.tables / "incoming" / f"{name}{_WAITING}"
    try:
        waiting.parent.mkdir(exist_ok=True)
        _keep(project, name, kept)
        _write(waiting, text.encode())
        load_yaml(project, waiting, Metadata)
        waiting.replace(project.tables / f"{name}.yml")
        waiting.parent.rmdir()
    except OSError as error:
        raise KingstonError(_not_written(project, error)) from None


def _text_of(project: Project, name: str) -> str:
    return project.read_bytes(project.tables / f"{name}.yml").decode("utf-8")


def _keep(project: Project, name: str, kept: KeptVintage) -> None:
    file = vintage_file(project, name, kept.vintage)
    file.parent.mkdir(parents=True, exist_ok=True)
    _write(file, kept.content)


def write_pair(project: Project, pair: Pair) -> None:
    """Put a pair in the place of the one that is held.

    Raises KingstonError where it cannot be written, or the metadata would not be read; then the
    pair that is held stands.
    """
    waiting = incoming_file(project, pair.name, pair.ending, sha256(pair.content))
    metadata = waiting.with_name(f"{pair.name}{_WAITING}")
    try:
        waiting.parent.mkdir(exist_ok=True)
        if pair.vintage:
            _keep(project, pair.name, pair.vintage)
        _write(waiting, pair.content)
        _write(metadata, pair.metadata.encode())
        load_yaml(project, metadata, Metadata)
        metadata.replace(project.tables / f"{pair.name}.yml")
        _take_place(project, waiting, pair.name)
    except OSError as error:
        raise KingstonError(_not_written(project, error)) from None


def _not_written(project: Project, error: OSError) -> Problem:
    what = f"The table cannot be written: {error.strerror or error}."
    remedy = "Make room or the folder writable; the table is as it was."
    return Problem(what, project.tables, remedy=remedy)


def settle(project: Project) -> None:
    """Put what a killed process left waiting into its place, and remove what nothing names.

    Raises KingstonError, and removes nothing of a table whose metadata cannot be read.
    """
    folder = project.tables / "incoming"
    for file in sorted(folder.glob("*")) if folder.is_dir() else []:
        name, _, digest = file.stem.rpartition("-")
        exists = (project.tables / f"{name}.yml").is_file()
        if exists and load_metadata(project, name).hash == f"sha256:{digest}":
            _take_place(project, file, name)
        else:
            file.unlink()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _take_place(project: Project, waiting: Path, name: str) -> None:
    waiting.replace(project.tables / f"{name}{waiting.suffix}")
    if not any(waiting.parent.iterdir()):
        waiting.parent.rmdir()


def _write(file: Path, content: bytes) -> None:
    with file.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
