"""What a person chose, and what was found in their files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from kingston_analysis.data.ingest.faults import FileFault
from kingston_analysis.data.ingest.frames import FileFrame
from kingston_analysis.data.ingest.sources import Layout
from kingston_analysis.data.ingest.texts import Sheet
from kingston_analysis.data.tables.metadata import Metadata


@dataclass(frozen=True)
class Choices:
    """What a person chose: the table, the last period to take, and what they confirmed.

    `replaced` is the day on which another extraction took the place of the files': they are kept as
    an earlier one.
    """

    table: str | None = None
    until: str | None = None
    confirmed: tuple[str, ...] = ()
    without_wrong_rows: bool = False
    replaced: date | None = None


@dataclass
class TableFiles:
    """The files of one layout, read; `is_cut` where one of them could not be read to its end."""

    source: str
    layout: Layout
    meta: Metadata
    file_frames: list[FileFrame] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    is_cut: bool = False


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
    faults: list[FileFault] = field(default_factory=list)
    left_out: list[FileFault] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    tables: list[NewTable] = field(default_factory=list)
