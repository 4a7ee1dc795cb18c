"""Vintages: the earlier extractions of a table, each kept under its hash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from kingston_analysis.data.tables.metadata import Vintage, load_metadata, table_names
from kingston_analysis.errors import Problem
from kingston_analysis.project import Project


def vintage_file(project: Project, name: str, vintage: Vintage) -> Path:
    """Return where an earlier extraction of a table is kept."""
    return project.vintages / name / f"{vintage.hash.removeprefix('sha256:')[:16]}.parquet"


def reextracted(project: Project, names: Iterable[str], before: date, now: date) -> list[str]:
    """Return the titles of the tables of which two days see different extractions."""
    held = [load_metadata(project, name) for name in names]
    return [each.title for each in held if each.vintage_on(before) != each.vintage_on(now)]


def unlisted_vintages(project: Project) -> Iterator[Problem]:
    """Find files of earlier extractions that no table's metadata names."""
    listed = {
        vintage_file(project, name, vintage)
        for name in table_names(project)
        for vintage in load_metadata(project, name).vintages
    }
    for file in sorted(project.vintages.rglob("*")):
        if file.is_file() and file not in listed:
            remedy = (
                "Run the `kingston ingest` again that was ended while it wrote it, name it under "
                "`vintages` in the table's metadata, or remove it."
            )
            yield Problem("No table names this earlier extraction.", file, remedy=remedy)
