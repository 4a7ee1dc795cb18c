"""What is known about a table: publisher, licence, period, columns, breaks, caveats."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kingston_analysis.data.names import NOT_PROSE, Day, Key, TableName
from kingston_analysis.data.tables import periods
from kingston_analysis.data.yaml_models import Strict, load_yaml
from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.project import Project

FORMATS = (".csv", ".parquet")

Text = Annotated[str, Field(min_length=1)]
Hash = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$"), NOT_PROSE]
Published = Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2]))?$"), NOT_PROSE]


class ColumnMetadata(Strict):
    """One column: its type, what it holds and what it may hold."""

    name: Key
    type: Literal["string", "integer", "number"]
    description: Text
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    values: list[Key | int] | None = None
    areas: bool = False


class Span(Strict):
    """The periods that a table covers, in which column, and which are missing."""

    column: Key
    kind: periods.Kind
    first: Key | int
    last: Key | int
    missing: tuple[Key | int, ...] = ()

    @model_validator(mode="after")
    def _periods_are_of_the_kind(self) -> Span:
        for period in (self.first, self.last, *self.missing):
            periods.parts(period, self.kind)
        return self


class Break(Strict):
    """A change in how figures were made: before and after may not mean the same.

    `refuse`: what it touches cannot be compared across it. `label`: it can, but not without saying
    so. `swap`: the values that it touches exchanged their names; none of them can be compared
    alone, all of them together are as before.
    """

    at: Key | int
    what: Text
    touches: Literal["all"] | dict[Key, list[Key]]
    effect: Literal["refuse", "label", "swap"]


class Ingestion(Strict):
    """An entry of the log that `kingston ingest` writes: from which files a table was made.

    `hash` is the table that it made, `replaced` the one that stood before; `confirmed` are the
    rules whose findings a person said to be right, `rows_left_out` the wrong rows not taken.
    """

    ingested: Day
    source: Key
    files: dict[Key, Hash]
    hash: Hash
    replaced: Hash | None = None
    until: Key | None = None
    confirmed: tuple[Key, ...] = ()
    rows_left_out: int = 0


class Weights(Strict):
    """The tables that weigh a table's offences: which is which, and two sets of weights."""

    mapping: TableName
    severity: TableName
    days: TableName


class Vintage(Strict):
    """An earlier extraction of a table, kept in `data/vintages/<table>/` under its hash.

    `replaced` is the day on which the next one took its place, as near as is known; `last` the
    newest period it carries, where the table has periods; `labels` the values by column that it
    alone has.
    """

    replaced: Day
    last: Key | int | None = None
    labels: dict[Key, list[Key]] = Field(default_factory=dict)
    extraction: Text
    rows: int
    hash: Hash
    changes: list[Text | Ingestion]


class Metadata(Strict):
    """The sibling file of a table.

    `vintages` are its earlier extractions, the oldest first. `covers` names the one area in which
    all its places lie; `first_published` the month or year in which a series or an instrument of
    its kind was published first, whatever edition is held.
    """

    title: Text
    description: Text
    publisher: Text
    source: Text
    licence: Text
    attribution: Text
    role: Literal["observation", "instrument"]
    edition: str | None = None
    first_published: Published | None = None
    extraction: Text
    period: Span | None = None
    grain: Text
    keys: list[Key]
    covers: Key | None = None
    value: Key | None = None
    unit: str | None = None
    columns: list[ColumnMetadata]
    rows: int
    hash: Hash
    vintages: tuple[Vintage, ...] = ()
    breaks: tuple[Break, ...] = ()
    caveats: tuple[Text, ...] = ()
    harm: Weights | None = None
    changes: list[Text | Ingestion]

    @property
    def span(self) -> Span:
        """Return the periods covered; raise KingstonError where the table has none."""
        if self.period is None:
            raise KingstonError(f"{self.title}: the table has no `period`.", "Say it in its file.")
        return self.period

    def vintage_on(self, day: date) -> Vintage | None:
        """Return the extraction that stood on a day, None for the newest.

        Where all were made later it is the oldest: what comes in after it changes nothing.
        """
        return next((each for each in self.vintages if day < each.replaced), None)

    def as_of(self, vintage: Vintage) -> Metadata:
        """Return the metadata of an earlier extraction."""
        span = self.period
        if span is not None and vintage.last is not None:
            span = span.model_copy(update={"last": vintage.last})
        its_own = {"extraction", "rows", "hash", "changes"}
        update = {name: getattr(vintage, name) for name in its_own}
        update |= {"period": span, "vintages": ()}
        return self.with_labels(vintage.labels).model_copy(update=update)

    def with_labels(self, labels: Mapping[str, Iterable[str]]) -> Metadata:
        """Return the metadata of a table in which columns may hold more values."""
        columns = [
            each.model_copy(update={"values": [*(each.values or ()), *labels[each.name]]})
            if each.name in labels
            else each
            for each in self.columns
        ]
        return self.model_copy(update={"columns": columns})

    def published_after(self, day: date) -> str | None:
        """Return when it was first published, in words, unless that is known to be before a day."""
        first = self.first_published
        if first is None:
            return None
        kind: periods.Kind = "month" if "-" in first else "calendar_year"
        return periods.in_words(first, kind) if periods.ends(first, kind) >= day else None

    @property
    def value_column(self) -> str:
        """Return the column of what is counted; raise KingstonError where the table has none."""
        if self.value is None:
            raise KingstonError(f"{self.title}: the table has no `value`.", "Say it in its file.")
        return self.value

    @model_validator(mode="after")
    def _names_are_columns(self) -> Metadata:
        known = {column.name for column in self.columns}
        touched = {name for each in self.breaks if each.touches != "all" for name in each.touches}
        named = {*self.keys, *touched, *filter(None, [self.value])}
        named |= {self.period.column} if self.period else set()
        if unknown := sorted(named - known):
            raise ValueError(f"no column is called {', '.join(unknown)}; columns: {sorted(known)}")
        for each in self.breaks:
            if self.period is None:
                raise ValueError("a table without a period cannot have a break")
            periods.parts(each.at, self.period.kind)
            if each.effect == "swap" and each.touches == "all":
                raise ValueError("a swap needs the names of the values that exchanged their names")
        days = [each.replaced for each in self.vintages]
        if any(day >= later for day, later in itertools.pairwise(days)):
            raise ValueError("the days on which vintages were replaced do not follow each other")
        return self


def table_names(project: Project) -> list[str]:
    """List the tables of a project by name: whatever has a data file or a metadata file."""
    files = map(Path, project.names_in(project.tables, "*.*"))
    return sorted({file.stem for file in files if file.suffix in (".yml", *FORMATS)})


def load_metadata(project: Project, name: str) -> Metadata:
    """Read a table's metadata; raise KingstonError with the nearest names where there is none."""
    file = project.tables / f"{name}.yml"
    if not file.exists() and name not in table_names(project):
        raise KingstonError(f"There is no table '{name}'.", nearest(name, table_names(project)))
    return load_yaml(project, file, Metadata)
