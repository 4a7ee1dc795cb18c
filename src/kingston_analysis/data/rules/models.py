"""What must be true of a table beyond its schema, as data beside it: its rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kingston_analysis.data.names import NOT_PROSE, Key, TableName
from kingston_analysis.data.yaml_models import Strict, load_yaml
from kingston_analysis.project import Project

# No page prints it.
Because = Annotated[str, Field(min_length=1), NOT_PROSE]
KeyValue = Key | int
# Columns, each with the values of the rows that are meant.
Where = dict[Key, tuple[KeyValue, ...]]


class KnownException(Strict):
    """Rows that a rule does not hold for, in a span of periods if one is given, and why."""

    where: Where = Field(default_factory=dict)
    first: KeyValue | None = None
    last: KeyValue | None = None
    because: Because


class Grid(Strict):
    """The full grid of place × period × kind, and what a row means that is not in it.

    `nought`: rows may be absent, but no place and no kind may be absent from a whole period.
    `unknown`, `not in use`: no row may be absent but those that an exception declares.
    `places` are expected beside the boroughs, if they are.
    """

    absent: Literal["nought", "unknown", "not in use"]
    because: Because
    place: Key
    boroughs: bool = False
    places: tuple[Key, ...] = ()
    exceptions: tuple[KnownException, ...] = ()


class RowSelection(Strict):
    """One side of a comparison: which rows of which table are added up.

    `members_of` takes the boroughs of a group; `year_of` turns a column of months into financial
    years and leaves out those that are not full; `rename` gives columns the other side's names.
    """

    table: TableName | None = None
    column: Key | None = None
    select: Where = Field(default_factory=dict)
    without: Where = Field(default_factory=dict)
    members_of: Key | None = None
    year_of: Key | None = None
    rename: dict[Key, Key] = Field(default_factory=dict)


class Comparison(Strict):
    """A whole and its parts, set side by side for each group of rows that share `by`.

    `sum`: the parts add up to the whole, within a share of it and a number. `between`: the whole
    lies between its least and its greatest part, within a number. `at most`: the parts add up to
    no more than the whole.
    """

    id: Key
    test: Literal["sum", "between", "at most"] = "sum"
    total: RowSelection = RowSelection()
    parts: RowSelection = RowSelection()
    by: tuple[Key, ...]
    within_share: Annotated[float, Field(ge=0, lt=1)] = 0
    within: Annotated[float, Field(ge=0)] = 0
    because: Because
    known: tuple[KnownException, ...] = ()


class ColumnsRule(Strict):
    """What must be true of the columns of each row: in rising order, or parts of a whole."""

    id: Key
    rising: tuple[Key, ...] = ()
    total: Key | None = None
    parts: tuple[Key, ...] = ()
    because: Because


class Outliers(Strict):
    """How far a figure may lie from what its place and its neighbours in time lead one to expect.

    `counts` vary by counting alone; `shares` do not. `moves` and `places` are in robust standard
    deviations; `steps` is how many periods to each side are compared; `per` names the table of
    residents, for rates.
    """

    kind: Literal["counts", "shares"] = "counts"
    per: TableName | None = None
    moves: Annotated[float, Field(ge=4)]
    places: Annotated[float, Field(ge=4)]
    steps: Annotated[int, Field(ge=1)] = 2
    without: Where = Field(default_factory=dict)
    known: tuple[KnownException, ...] = ()


class Confirmation(Strict):
    """A figure that stood out, looked at by a person; it expires when the value changes."""

    row: dict[Key, KeyValue]
    value: float
    because: Because


class Vintages(Strict):
    """How far a figure may differ from the one held before, as a share of it."""

    within: Annotated[float, Field(gt=0, lt=1)]
    because: Because


class TableRules(Strict):
    """The rules of one table, or why none apply to it."""

    none: Because | None = None
    grid: Grid | None = None
    comparisons: tuple[Comparison, ...] = ()
    columns: tuple[ColumnsRule, ...] = ()
    outliers: Outliers | None = None
    confirmed: tuple[Confirmation, ...] = ()
    vintages: Vintages | None = None

    @model_validator(mode="after")
    def _says_something(self) -> TableRules:
        some = any((self.grid, self.comparisons, self.columns, self.outliers, self.vintages))
        if some == (self.none is not None):
            raise ValueError("give rules, or say under `none` why none apply")
        if self.outliers and not self.grid:
            raise ValueError("`outliers` need a `grid`, which says what an absent row means")
        return self


def load_rules(project: Project, table: str) -> TableRules:
    """Read the rules of a table; raise KingstonError where there are none or they are faulty."""
    return load_yaml(project, rules_file(project, table), TableRules)


def rules_file(project: Project, table: str) -> Path:
    """Return the file of a table's rules."""
    return project.data / "rules" / f"{table}.yml"
