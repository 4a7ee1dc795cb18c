"""A table as an array of place × period × kind, in which gaps and neighbours are seen at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kingston_analysis.data.areas import Areas
from kingston_analysis.data.rules.models import Grid
from kingston_analysis.data.tables.load import Table
from kingston_analysis.data.tables.schemas import periods_held

ABSENT = -1


@dataclass(frozen=True)
class Cube:
    """Values by place, period and kind, not a number where none is held, and each value's row.

    `axes` holds the keys of each axis as a frame, whose columns are those of the table.
    """

    axes: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
    values: np.ndarray
    rows: np.ndarray

    def keys(self, cells: np.ndarray) -> pd.DataFrame:
        """Return the keys of some cells, given as one row of three positions each."""
        parts = [axis.iloc[cells[:, n]].reset_index(drop=True) for n, axis in enumerate(self.axes)]
        return pd.concat(parts, axis=1)

    def of_places(self, chosen: np.ndarray) -> Cube:
        """Return the part that holds the places chosen by a mask."""
        places = self.axes[0][chosen].reset_index(drop=True)
        return Cube((places, *self.axes[1:]), self.values[chosen], self.rows[chosen])

    def named(self, cell: np.ndarray) -> str:
        """Name a cell by its keys."""
        return ", ".join(str(each) for each in self.keys(cell[None, :]).iloc[0])


def cube_of(table: Table, grid: Grid, areas: Areas) -> Cube:
    """Lay a table out over the places that its rules expect, its periods and its kinds."""
    frame, meta, span = table.frame, table.meta, table.meta.span
    others = [key for key in meta.keys if key not in (grid.place, span.column)]
    places = pd.DataFrame({grid.place: _places(table, grid, areas)})
    held = pd.DataFrame({span.column: _periods(table)})
    kinds = frame[others].drop_duplicates().sort_values(others) if others else pd.DataFrame([()])
    axes = (places, held, kinds.reset_index(drop=True))
    where = [_positions(frame, axis) for axis in axes]
    inside = np.all([each >= 0 for each in where], axis=0)
    shape = tuple(len(axis) for axis in axes)
    values, rows = np.full(shape, np.nan), np.full(shape, ABSENT)
    at = tuple(each[inside] for each in where)
    values[at] = frame[meta.value_column].astype("float64").to_numpy()[inside]
    rows[at] = np.arange(len(frame))[inside]
    return Cube(axes, values, rows)


def _places(table: Table, grid: Grid, areas: Areas) -> list[str]:
    """List the places in the order in which the file has them, then those that it lacks."""
    [column] = [each for each in table.meta.columns if each.name == grid.place]
    named = [str(each) for each in column.values or ()]
    expected = {*(areas.borough_names if grid.boroughs else []), *grid.places, *named}
    held = [str(each) for each in table.frame[grid.place].unique() if each in expected]
    return [*held, *sorted(expected - set(held))]


def _periods(table: Table) -> list[str | int]:
    span = table.meta.span
    if span.kind == "year_ending":
        return sorted(table.frame[span.column].unique())
    return periods_held(span)


def _positions(frame: pd.DataFrame, axis: pd.DataFrame) -> np.ndarray:
    """Find for each row its place on an axis, or −1."""
    if axis.shape[1] == 0:
        return np.zeros(len(frame), dtype=int)
    if axis.shape[1] == 1:
        [name] = axis.columns
        return np.asarray(pd.Index(axis[name]).get_indexer(frame[name]))
    index = pd.MultiIndex.from_frame(axis)
    return np.asarray(index.get_indexer(pd.MultiIndex.from_frame(frame[list(axis.columns)])))
