"""Write a table and its metadata as a pair: whatever ends the process, one whole pair is there.

The new data file waits in `data/tables/incoming` under its hash. The metadata, which name that
hash, are renamed into their place in one step: that is the switch. Then the data file takes its.
`data/tables/load.py` reads it from where it waits as long as it does.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kingston_analysis.data.ingest.edit_metadata import edited
from kingston_analysis.data.tables.load import incoming_file
from kingston_analysis.data.tables.metadata import FORMATS, Ingestion, Metadata, load_metadata
from kingston_analysis.data.yaml_models import load_yaml
from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.project import Project, sha256

# A table of more rows is kept as Parquet.
MOST_ROWS_OF_CSV = 50_000
# The metadata wait under a name that nothing takes for metadata.
_WAITING = ".waiting"


@dataclass(frozen=True)
class Pair:
    """A table and its metadata, as bytes to be written."""

    name: str
    ending: str
    content: bytes
    metadata: str


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
    """Put a frame and the metadata that describe it into bytes; nothing is written yet."""
    ending = ending_for(project, name, len(frame))
    content = bytes_of(frame, ending)
    file = project.tables / f"{name}.yml"
    made = taken.model_copy(update={"hash": sha256(content)})
    text = edited(project.read_bytes(file).decode("utf-8"), frame, meta, made)
    return Pair(name, ending, content, text)


def write_pair(project: Project, pair: Pair) -> None:
    """Put a pair in the place of the one that is held.

    Raises KingstonError where it cannot be written, or the metadata would not be read; then the
    pair that is held stands.
    """
    waiting = incoming_file(project, pair.name, pair.ending, sha256(pair.content))
    metadata = waiting.with_name(f"{pair.name}{_WAITING}")
    try:
        waiting.parent.mkdir(exist_ok=True)
        _write(waiting, pair.content)
        _write(metadata, pair.metadata.encode())
        load_yaml(project, metadata, Metadata)
        metadata.replace(project.tables / f"{pair.name}.yml")
        _take_place(project, waiting, pair.name)
    except OSError as error:
        what = f"The table cannot be written: {error.strerror or error}."
        remedy = "Make room or the folder writable; the table is as it was."
        raise KingstonError(Problem(what, project.tables, remedy=remedy)) from None


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
