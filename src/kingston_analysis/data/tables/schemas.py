"""A table's columns and keys as a pandera schema; faults in words for whoever mends them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.metadata import ColumnMetadata, Metadata, Span
from kingston_analysis.errors import Problem

DTYPES = {"string": "str", "integer": "Int64", "number": "float64"}
SHOWN = 5
# Rows are counted from 0, lines from 1, and the header is the first.
FIRST_LINE = 2


def frame_problems(
    frame: pd.DataFrame, meta: Metadata, places: set[str], file: Path
) -> list[Problem]:
    """Find every fault of a frame: the column, the rule, and the first lines where it is broken.

    `places` are the names that columns of areas may hold. The frame's index counts the rows of the
    file, whose header is line 1.
    """
    try:
        _schema(meta, places).validate(frame, lazy=True)
    except SchemaErrors as error:
        return _problems(error.failure_cases, frame, meta, file)
    return []


def _schema(meta: Metadata, places: set[str]) -> pa.DataFrameSchema:
    columns = {column.name: _column(column, meta.period, places) for column in meta.columns}
    return pa.DataFrameSchema(columns, strict=True, ordered=True, unique=meta.keys)


def _column(column: ColumnMetadata, span: Span | None, places: set[str]) -> pa.Column:
    checks = []
    if column.minimum is not None:
        checks.append(pa.Check.ge(column.minimum, error=f"is below {column.minimum:g}"))
    if column.maximum is not None:
        checks.append(pa.Check.le(column.maximum, error=f"is above {column.maximum:g}"))
    if column.values is not None:
        checks.append(pa.Check.isin(column.values, error="is not one of the listed values"))
    if column.areas:
        checks.append(pa.Check.isin(places, error="is not a name in data/areas.yml"))
    if span and span.column == column.name:
        checks.append(
            pa.Check(lambda values: values.isin(periods_held(span)), error=_outside(span))
        )
    return pa.Column(DTYPES[column.type], checks=checks, nullable=column.nullable)


def periods_held(span: Span) -> list[str | int]:
    """List the periods that a table must have, from the first to the last less the missing ones."""
    ends = [periods.position(period, span.kind) for period in (span.first, span.last)]
    every = [periods.at_position(number, span.kind) for number in range(ends[0], ends[1] + 1)]
    missing = set(map(str, span.missing))
    present = [period for period in every if period not in missing]
    numbers = isinstance(span.first, int)
    return [int(period) if numbers else period for period in present]


def _outside(span: Span) -> str:
    return f"is not a {span.kind.replace('_', ' ')} from {span.first} to {span.last} that is held"


def _problems(
    cases: pd.DataFrame, frame: pd.DataFrame, meta: Metadata, file: Path
) -> list[Problem]:
    problems = []
    cases = cases.assign(column=cases["column"].fillna(""), index=cases["index"].astype("Int64"))
    for (column, check), group in cases.groupby(["column", "check"], sort=False):
        if check in _COLUMNS:
            names = ", ".join(f"'{name}'" for name in group["failure_case"].unique())
            what = f"The column {names} {_COLUMNS[check]}."
            problems.append(Problem(what, file, 1, remedy=_columns(meta)))
            continue
        lines = sorted({int(row) + FIRST_LINE for row in group["index"].dropna()})
        what = (
            f"Column '{column}': {quoted(group['failure_case'])} {_RULES.get(str(check), check)}."
        )
        if check == "multiple_fields_uniqueness":
            what = f"Rows with the same {', '.join(meta.keys)}."
        what += and_lines(lines) + row_named(frame, lines, meta)
        problems.append(Problem(what, file, lines[0] if lines else 1, remedy="Correct the file."))
    return list(dict.fromkeys(problems))


_COLUMNS = {"column_in_dataframe": "is missing", "column_in_schema": "is not in the metadata"}
_RULES = {"not_nullable": "stands where a value is required"}


def _columns(meta: Metadata) -> str:
    return "Columns by the metadata: " + ", ".join(column.name for column in meta.columns) + "."


def quoted(values: pd.Series) -> str:
    """Name the first few of some wrong values, as the file has them."""
    found = values.dropna().unique()[:SHOWN]
    texts = [f"'{value}'" if isinstance(value, str) else f"{value:g}" for value in found]
    return ", ".join(texts) or "an empty cell"


def row_named(frame: pd.DataFrame, lines: list[int], meta: Metadata) -> str:
    """Name the row of a fault, or the first of several, by its keys: area, period and others."""
    if not lines:
        return ""
    row = frame.loc[lines[0] - FIRST_LINE, [name for name in meta.keys if name in frame]].dropna()
    texts = [each if isinstance(each, str) else f"{each:g}" for each in row]
    return f" {'First row' if len(lines) > 1 else 'Row'}: {', '.join(texts)}." if texts else ""


def and_lines(lines: list[int]) -> str:
    """Name the lines of a fault, where there are several."""
    if len(lines) <= 1:
        return ""
    shown = ", ".join(map(str, lines[:SHOWN]))
    more = f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    return f" Lines {shown}{more}."
