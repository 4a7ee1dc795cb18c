"""Rows that are absent from the full grid of place × period × kind and that nobody declared."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from kingston_analysis.data.rules.cube import ABSENT, Cube
from kingston_analysis.data.rules.faults import SHOWN, RuleFault, excepted
from kingston_analysis.data.rules.models import Grid
from kingston_analysis.data.tables.load import Table

REMEDY = "Add the rows, or declare them under `grid: exceptions` with the reason."


def grid_faults(table: Table, grid: Grid, cube: Cube) -> Iterator[RuleFault]:
    """Find what is absent: kinds altogether, whole slices of a period, or single rows."""
    yield from _kinds(table, grid)
    present = cube.rows != ABSENT
    if grid.absent == "nought":
        # A whole slice is no nought: somebody was not counted.
        wrong = ~present.any(axis=2, keepdims=True) | ~present.any(axis=0, keepdims=True)
    else:
        wrong = ~present
    cells = np.argwhere(wrong)
    if not len(cells):
        return
    keys = cube.keys(cells)
    keys = keys[~excepted(keys, grid.exceptions, table.meta.period)]
    yield from _absent_rows(table, keys)


def _kinds(table: Table, grid: Grid) -> Iterator[RuleFault]:
    """Find listed values of key columns that no row has."""
    for column in table.meta.columns:
        if column.name not in table.meta.keys or column.name == grid.place or not column.values:
            continue
        if lost := sorted(set(map(str, column.values)) - set(map(str, table.frame[column.name]))):
            what = f"Column '{column.name}': no row has '{lost[0]}'."
            yield RuleFault(table.name, "grid", what, (), column.name, lost[0], REMEDY)


def _absent_rows(table: Table, keys: pd.DataFrame) -> Iterator[RuleFault]:
    if keys.empty:
        return
    column = table.meta.span.column
    for period, group in keys.groupby(column, sort=True):
        names = group.drop(columns=column).head(SHOWN).astype(str).agg(" · ".join, axis=1)
        more = f"; and {len(group) - SHOWN} more" if len(group) > SHOWN else ""
        what = f"{period}: {len(group)} rows are absent: {'; '.join(names)}{more}."
        yield RuleFault(table.name, "grid", what, (), column, str(period), REMEDY)
