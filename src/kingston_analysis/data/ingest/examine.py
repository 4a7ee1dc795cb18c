"""Look at publishers' files: what they are, all that is wrong, and the tables they come to."""

from __future__ import annotations

from pathlib import Path

from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.ingest.choose import Candidate
from kingston_analysis.data.ingest.faults import FileFault
from kingston_analysis.data.ingest.found import Choices, Examination
from kingston_analysis.data.ingest.inputs import Input, inputs_of
from kingston_analysis.data.ingest.join import join_files
from kingston_analysis.data.ingest.read import METADATA_FIRST, FilesByTable, read_file
from kingston_analysis.data.ingest.sources import Layout, load_layouts, source_names
from kingston_analysis.data.tables.metadata import Metadata, load_metadata
from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.project import Project, sha256


def examine(
    project: Project, source: str | None, paths: list[Path], choices: Choices
) -> Examination:
    """Read files of a source, or of whichever fits, and find everything wrong with them at once.

    Raises KingstonError for an unknown source or table.
    """
    areas = load_areas(project)
    candidates = _candidates(project, source, choices)
    found = Examination()
    inputs, found.faults = inputs_of(paths)
    inputs = _without_copies(inputs, found.faults)
    parts: FilesByTable = {}
    for source_file in inputs:
        read_file(source_file, candidates, areas, choices.table, parts, found)
    for part in parts.values():
        join_files(project, part, areas, choices, found)
    return found


def _candidates(project: Project, source: str | None, choices: Choices) -> list[Candidate]:
    """Return what a file may be; raise KingstonError where the table that is asked for is none."""
    table = choices.table
    found = [
        Candidate(name, layout, _metadata(project, layout, choices.replaced is not None))
        for name in (source_names(project) if source is None else [source])
        for layout in load_layouts(project, name)
    ]
    tables = sorted({each.layout.table for each in found})
    if table is not None and table not in tables:
        what = f"{source or 'No source'} has no table '{table}'."
        raise KingstonError(what, f"{nearest(table, tables)} {METADATA_FIRST}")
    return found


def _metadata(project: Project, layout: Layout, is_earlier: bool) -> Metadata | None:
    """Return the metadata of a layout's table, if there are any; of an earlier extraction, its."""
    if not (project.tables / f"{layout.table}.yml").exists():
        return None
    meta = load_metadata(project, layout.table)
    labels = {name: each.earlier_labels for name, each in layout.columns.items()}
    return meta.with_labels({k: v for k, v in labels.items() if v}) if is_earlier else meta


def _without_copies(inputs: list[Input], faults: list[FileFault]) -> list[Input]:
    """Return the files that differ, and tell which of them is named twice."""
    first: dict[str, Input] = {}
    for source_file in inputs:
        same = first.setdefault(sha256(source_file.content), source_file)
        if same is not source_file:
            what = f"The file is the same as {same.name}."
            faults.append(FileFault("file-twice", what, "Name it once.", source_file.name))
    return list(first.values())
