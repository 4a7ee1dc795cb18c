"""The only way to data: read, hash, parse those same bytes, check, return with metadata."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.tables.metadata import (
    FORMATS,
    ColumnMetadata,
    Metadata,
    load_metadata,
)
from kingston_analysis.data.tables.schemas import (
    DTYPES,
    FIRST_LINE,
    and_lines,
    frame_problems,
    quoted,
    row_named,
)
from kingston_analysis.data.tables.vintages import vintage_file
from kingston_analysis.errors import KingstonError, Problem, raise_any
from kingston_analysis.project import Project, sha256


@dataclass(frozen=True)
class Table:
    """A tidy frame with its name and metadata."""

    name: str
    frame: pd.DataFrame
    meta: Metadata


def load(project: Project, name: str, on: date | None = None) -> Table:
    """Load a table by name and verify it; on a day, the extraction that stood then.

    Raises KingstonError for an unknown name, missing or faulty metadata, bytes whose hash differs
    from the metadata's, and rows that break the table's schema (all of them at once).
    """
    meta = load_metadata(project, name)
    if vintage := on and meta.vintage_on(on):
        meta, file = meta.as_of(vintage), vintage_file(project, name, vintage)
    else:
        file = _waiting(project, name, meta) or data_file(project, name)
    content = project.read_bytes(file)
    if sha256(content) != meta.hash:
        raise KingstonError(_changed(file, content))
    places = load_areas(project).all_names
    frame = project.once(file, (meta, places), lambda: parse(content, meta, places, file))
    return Table(name, frame.copy(deep=False), meta)


def incoming_file(project: Project, name: str, ending: str, digest: str) -> Path:
    """Return where a new data file waits for its place; see `data/ingest/store.py`."""
    return project.tables / "incoming" / f"{name}-{digest.removeprefix('sha256:')}{ending}"


def _waiting(project: Project, name: str, meta: Metadata) -> Path | None:
    """Return the data file of the metadata where a process ended before it was in its place."""
    files = [incoming_file(project, name, ending, meta.hash) for ending in FORMATS]
    present = project.names_in(files[0].parent, f"{name}-*")
    return next((file for file in files if file.name in present), None)


def data_file(project: Project, name: str) -> Path:
    """Return the file that holds a table; raise KingstonError unless there is exactly one."""
    folder = project.tables
    names = project.names_in(folder, f"{name}.*")
    found = [folder / each for each in names if each in [name + end for end in FORMATS]]
    if len(found) != 1:
        what = "has no data file" if not found else "has two data files"
        remedy = f"Keep one of {name}.csv and {name}.parquet."
        raise KingstonError(
            Problem(f"The table '{name}' {what}.", folder / f"{name}.yml", remedy=remedy)
        )
    return found[0]


def _changed(file: Path, content: bytes) -> Problem:
    """Describe a data file whose bytes are not those that the metadata vouches for."""
    what = f"The file is not the one its metadata describes: its hash is {sha256(content)}."
    remedy = (
        "Restore it with `git checkout`; or, if the change is meant, write the new hash into "
        f"{file.with_suffix('.yml').name} and say under `changes` what was done and why."
    )
    return Problem(what, file, remedy=remedy)


def parse(content: bytes, meta: Metadata, places: set[str], file: Path) -> pd.DataFrame:
    """Parse a table's bytes into typed columns and check them against its schema."""
    text = _read(content, file)
    problems, wrong_rows = [], set()
    for column in meta.columns:
        if column.name in text and column.type != "string":
            text[column.name], wrong = _numbers(text[column.name], column.type)
            wrong_rows |= set(wrong.index)
            problems += _not_numbers(wrong, column, text, meta, file)
    sound = text.drop(index=list(wrong_rows)).astype(
        {column.name: DTYPES[column.type] for column in meta.columns if column.name in text}
    )
    problems += frame_problems(sound, meta, places, file)
    raise_any(problems)
    return sound


def _read(content: bytes, file: Path) -> pd.DataFrame:
    try:
        if file.suffix == ".parquet":
            return pd.read_parquet(io.BytesIO(content), use_threads=False)
        return pd.read_csv(
            io.BytesIO(content),
            dtype="str",
            keep_default_na=False,
            na_values=[""],
            skip_blank_lines=False,
        )
    except (ValueError, OSError) as error:
        what = f"Cannot be read as a table: {' '.join(str(error).split())}."
        remedy = "Correct the file, or restore it with `git checkout`."
        raise KingstonError(Problem(what, file, remedy=remedy)) from None


def _numbers(column: pd.Series, kind: str) -> tuple[pd.Series, pd.Series]:
    """Return a column as numbers, and of what it held whatever is no number of the kind."""
    numbers = pd.to_numeric(column, errors="coerce").astype("float64")
    wrong = (numbers.isna() & column.notna()) | numbers.isin([math.inf, -math.inf])
    if kind == "integer":
        wrong |= numbers.notna() & (numbers % 1 != 0)
    return numbers, column[wrong]


def _not_numbers(
    wrong: pd.Series, column: ColumnMetadata, text: pd.DataFrame, meta: Metadata, file: Path
) -> list[Problem]:
    if wrong.empty:
        return []
    lines = [int(row) + FIRST_LINE for row in wrong.index]
    kind = {"integer": "a whole number", "number": "a number"}[column.type]
    what = f"Column '{column.name}': {quoted(wrong)} is not {kind}.{and_lines(lines)}"
    what += row_named(text, lines, meta)
    return [Problem(what, file, lines[0], remedy="Correct the file.")]
