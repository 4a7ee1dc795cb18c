"""The only way to data: read, hash, parse those same bytes, check, return with metadata."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.tables.files import read_bytes, sha256
from kingston_analysis.tables.metadata import FORMATS, TABLES, Metadata, load_metadata
from kingston_analysis.tables.schemas import DTYPES, check_frame


@dataclass(frozen=True)
class Table:
    """A tidy frame with its name and metadata."""

    name: str
    frame: pd.DataFrame
    meta: Metadata


def load(name: str, folder: Path = TABLES) -> Table:
    """Load a table by name and verify it.

    Raises KingstonError for an unknown name, missing or faulty metadata, bytes whose hash differs
    from the metadata's, and rows that break the table's schema (all of them at once).
    """
    meta = load_metadata(name, folder)
    file = data_file(name, folder)
    content = read_bytes(file)
    if sha256(content) != meta.hash:
        raise KingstonError(_changed(file, content))
    return Table(name, parse(content, meta, file), meta)


def data_file(name: str, folder: Path = TABLES) -> Path:
    """Return the file that holds a table; raise KingstonError unless there is exactly one."""
    found = [folder / f"{name}{end}" for end in FORMATS if (folder / f"{name}{end}").exists()]
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


def parse(content: bytes, meta: Metadata, file: Path) -> pd.DataFrame:
    """Parse a table's bytes into typed columns and check them against its schema."""
    try:
        if file.suffix == ".parquet":
            frame = pd.read_parquet(io.BytesIO(content))
        else:
            types = {column.name: DTYPES[column.type] for column in meta.columns}
            frame = _read_csv(content, types)
    except (ValueError, OSError) as error:
        raise KingstonError(Problem(f"Cannot be read as a table: {error}.", file)) from None
    kept = {c.name: DTYPES[c.type] for c in meta.columns if c.name in frame}
    frame = frame.astype(kept)
    check_frame(frame, meta, file)
    return frame


def _read_csv(content: bytes, types: dict[str, str]) -> pd.DataFrame:
    text = pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False, na_values=[""])
    for name in text.columns.intersection(list(types)):
        if types[name] != "str":
            text[name] = _numbers(text[name])
    return text


def _numbers(column: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce")
    wrong = column[numbers.isna() & column.notna()]
    if len(wrong):
        raise ValueError(
            f"line {wrong.index[0] + 2}, column '{column.name}': '{wrong.iloc[0]}' is no number"
        )
    return numbers
