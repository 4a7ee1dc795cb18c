"""A table's columns and keys as a pandera schema; faults in words for whoever mends them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.tables import periods
from kingston_analysis.tables.areas import load_areas
from kingston_analysis.tables.metadata import Column, Metadata, Span

DTYPES = {"string": "str", "integer": "Int64", "number": "float64"}
SHOWN = 5


def check_frame(frame: pd.DataFrame, meta: Metadata, file: Path) -> None:
    """Check a frame against its metadata.

    Raises KingstonError with every fault, each with the column, the rule and the first lines of
    the file (the header is line 1) where it is broken.
    """
    try:
        _schema(meta, file.parent.parent).validate(frame, lazy=True)
    except SchemaErrors as error:
        raise KingstonError(_problems(error.failure_cases, meta, file)) from None


def _schema(meta: Metadata, data: Path) -> pa.DataFrameSchema:
    places = load_areas(data).all_names if any(c.areas for c in meta.columns) else set()
    columns = {column.name: _column(column, meta.period, places) for column in meta.columns}
    return pa.DataFrameSchema(columns, strict=True, ordered=True, unique=meta.keys)


def _column(column: Column, span: Span | None, places: set[str]) -> pa.Column:
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
        checks.append(pa.Check(lambda values: values.isin(_covered(span)), error=_outside(span)))
    return pa.Column(DTYPES[column.type], checks=checks, nullable=column.nullable)


def _covered(span: Span) -> list[str | int]:
    ends = [periods.position(period, span.kind) for period in (span.first, span.last)]
    written = [periods.at_position(number, span.kind) for number in range(ends[0], ends[1] + 1)]
    return [int(p) if isinstance(span.first, int) else p for p in written if p not in span.missing]


def _outside(span: Span) -> str:
    return f"is not a {span.kind.replace('_', ' ')} from {span.first} to {span.last} that is held"


def _problems(cases: pd.DataFrame, meta: Metadata, file: Path) -> list[Problem]:
    problems = []
    cases = cases.assign(column=cases["column"].fillna(""), index=cases["index"].astype("Int64"))
    for (column, check), group in cases.groupby(["column", "check"], sort=False):
        if check == "column_in_dataframe" or check == "column_in_schema":
            what = "is missing" if check == "column_in_dataframe" else "is not in the metadata"
            names = ", ".join(f"'{name}'" for name in group["failure_case"].unique())
            problems.append(Problem(f"The column {names} {what}.", file, 1, remedy=_columns(meta)))
            continue
        lines = sorted({int(row) + 2 for row in group["index"].dropna()})
        values = ", ".join(repr(value) for value in group["failure_case"].unique()[:SHOWN])
        what = f"Column '{column}': {values} {_RULES.get(check, check)}."
        if check == "multiple_fields_uniqueness":
            what = f"Rows with the same {', '.join(meta.keys)}."
        problems.append(Problem(f"{what} {_lines(lines)}".strip(), file, lines[0] if lines else 1))
    return problems


_RULES = {"not_nullable": "stands where a value is required"}


def _columns(meta: Metadata) -> str:
    return "Columns by the metadata: " + ", ".join(column.name for column in meta.columns) + "."


def _lines(lines: list[int]) -> str:
    if len(lines) <= 1:
        return ""
    shown = ", ".join(map(str, lines[:SHOWN]))
    more = f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    return f"Lines {shown}{more}."
