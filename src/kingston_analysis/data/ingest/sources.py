"""What a publisher's files look like, as data: headers, labels and what is left out, by source."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kingston_analysis.data.names import NOT_PROSE, Key, TableName
from kingston_analysis.data.tables.metadata import Metadata, load_metadata, table_names
from kingston_analysis.data.yaml_models import Strict, load_yaml
from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.project import Project

# Takes any table of ours by the names of its columns; it needs no file of its own.
TIDY = "tidy"
# Said in the terminal to whoever takes a file in, in no book.
SourceText = Annotated[str, Field(min_length=1), NOT_PROSE]


class SourceColumn(Strict):
    """A column of a table of ours: how publishers head it, and their labels that we call otherwise.

    Case, blanks and punctuation of headers and labels do not count. `earlier_labels` stood in
    earlier extractions alone, and have no one label in the table's place.
    """

    headers: list[Key]
    labels: dict[Key, Key] = Field(default_factory=dict)
    earlier_labels: tuple[Key, ...] = ()


class LeftOut(Strict):
    """Rows of a publisher that are not taken, by what they hold in our words, and why."""

    where: dict[Key, list[Key]]
    because: SourceText


class Layout(Strict):
    """One shape of a source's files, and the table that they come to.

    `across`: each period has a column of its own. `counted`: each row is one of what the table
    counts, and rows without any column of `ids` have none. `ignored`: headers of columns that are
    not taken. `unnamed`: whether columns without a header may hold something, which is not taken.
    """

    table: TableName
    columns: dict[Key, SourceColumn]
    across: bool = False
    counted: bool = False
    ids: tuple[Key, ...] = ()
    ignored: tuple[Key, ...] = ()
    unnamed: bool = False
    decimal: Literal[".", ","] | None = None
    no_figure: tuple[Key, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


class SourceSchema(Strict):
    """A publisher's series: what it is called, and the shapes of its files."""

    title: SourceText
    publisher: SourceText
    layouts: Annotated[list[Layout], Field(min_length=1)]


def source_names(project: Project) -> list[str]:
    """List the sources of a project: one file in `data/ingest` each, and `tidy`."""
    files = project.names_in(project.data / "ingest", "*.yml")
    return [*(each.removesuffix(".yml") for each in files), TIDY]


def load_layouts(project: Project, source: str) -> list[Layout]:
    """Return the layouts of a source; raise KingstonError with the nearest for an unknown one."""
    if source == TIDY:
        return [
            tidy_layout(name, load_metadata(project, name))
            for name in table_names(project)
            if (project.tables / f"{name}.yml").exists()
        ]
    if source not in (known := source_names(project)):
        raise KingstonError(f"There is no source '{source}'.", nearest(source, known))
    return load_yaml(project, project.data / "ingest" / f"{source}.yml", SourceSchema).layouts


def tidy_layout(name: str, meta: Metadata) -> Layout:
    """Return the layout of a table as we hold it ourselves: each column under its own name."""
    columns = {each.name: SourceColumn(headers=[each.name]) for each in meta.columns}
    return Layout(table=name, columns=columns)
