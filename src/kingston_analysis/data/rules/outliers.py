"""Figures that stand out, held up until a person confirms each with a reason."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from kingston_analysis.data.rules.comparisons import TableSource
from kingston_analysis.data.rules.cube import ABSENT, Cube
from kingston_analysis.data.rules.expected import (
    deviations_of_counts,
    deviations_of_places,
    deviations_of_shares,
    expected_values,
)
from kingston_analysis.data.rules.faults import RuleFault, excepted
from kingston_analysis.data.rules.models import Confirmation, Grid, Outliers
from kingston_analysis.data.tables.load import Table
from kingston_analysis.data.tables.periods import mid_year_of

# Below this, a typical count of a series says too little to set it beside other places.
TYPICAL = 20


def outlier_faults(
    table: Table, rule: Outliers, cube: Cube, values: np.ndarray, tables: TableSource
) -> Iterator[RuleFault]:
    """Find figures that moved, and series that lie apart, farther than the rule allows."""
    expected, neighbours = expected_values(values, rule.steps)
    measure = deviations_of_shares if rule.kind == "shares" else deviations_of_counts
    far = np.abs(measure(values, expected, neighbours))
    cells = np.argwhere(np.nan_to_num(far) > rule.moves)
    for cell in _undeclared(cells, cube, rule, table):
        yield _jump(table, cube, cell, values[tuple(cell)], expected[tuple(cell)])
    yield from _apart(table, rule, cube, _rates(table, rule, cube, values, tables), values)


def filled(table: Table, grid: Grid, cube: Cube) -> np.ndarray:
    """Return the values with noughts for absent rows, where that is what they mean."""
    if grid.absent != "nought":
        return cube.values
    values, cells = cube.values.copy(), np.argwhere(cube.rows == ABSENT)
    if len(cells):
        declared = excepted(cube.keys(cells), grid.exceptions, table.meta.period)
        values[tuple(cells[~declared.to_numpy()].T)] = 0
    return values


def _undeclared(
    cells: np.ndarray, cube: Cube, rule: Outliers, table: Table
) -> Iterator[np.ndarray]:
    if len(cells):
        declared = _declared(cube.keys(cells), rule, table)
        yield from cells[~declared.to_numpy()]


def _declared(keys: pd.DataFrame, rule: Outliers, table: Table) -> pd.Series:
    left_out = [keys[name].isin(values) for name, values in rule.without.items() if name in keys]
    declared = excepted(keys, rule.known, table.meta.period)
    return declared | pd.concat(left_out, axis=1).any(axis=1) if left_out else declared


def _jump(table: Table, cube: Cube, cell: np.ndarray, value: float, expected: float) -> RuleFault:
    row = int(cube.rows[tuple(cell)])
    said = f"{value:.10g}" if row != ABSENT else "absent"
    what = f"{cube.named(cell)}: {said}, where about {expected:,.3g} would be expected."
    column = table.meta.value_column
    if row == ABSENT:
        remedy = "Add the row; or declare it under `outliers: known` of its rules with the reason."
        return RuleFault(table.name, "moves", what, (), column, said, remedy)
    return RuleFault(table.name, "moves", what, (row,), column, said, _remedy(cube, cell, value))


def _remedy(cube: Cube, cell: np.ndarray, value: float) -> str:
    keys = ", ".join(f"{k}: {v}" for k, v in cube.keys(cell[None, :]).iloc[0].items())
    return (
        "Correct the table; or, if the figure is right, add to `confirmed` of its rules "
        f"{{row: {{{keys}}}, value: {value:.10g}, because: …}}."
    )


def _rates(
    table: Table, rule: Outliers, cube: Cube, values: np.ndarray, tables: TableSource
) -> np.ndarray:
    """Divide counts by the residents of place and year, where the rule names their table."""
    if rule.per is None:
        return values
    people, span = tables(rule.per), table.meta.span
    [place], [period] = cube.axes[0].columns, cube.axes[1].columns
    by_year = people.frame.pivot(index=place, columns="mid_year", values=people.meta.value_column)
    years = [mid_year_of(each, span.kind) for each in cube.axes[1][period]]
    residents = by_year.reindex(index=cube.axes[0][place], columns=years).astype("float64")
    return np.asarray(values / residents.to_numpy()[:, :, None])


def _apart(
    table: Table, rule: Outliers, cube: Cube, rates: np.ndarray, values: np.ndarray
) -> Iterator[RuleFault]:
    """Find series of a place and kind that lie apart from those of all other places."""
    shares = rule.kind == "shares"
    far = np.abs(deviations_of_places(rates, shares))
    typical = np.nan_to_num(np.ma.median(np.ma.masked_invalid(values), axis=1).filled(0))
    enough = shares | (typical >= TYPICAL)
    series = np.argwhere((np.nan_to_num(far) > rule.places) & enough)
    if not len(series):
        return
    cells = np.insert(series, 1, 0, axis=1)
    [period] = cube.axes[1].columns
    for cell in cells:
        keys = cube.keys(cell[None, :]).drop(columns=period)
        known = [each for each in rule.known if each.first is None and each.last is None]
        apart = rule.model_copy(update={"known": tuple(known)})
        if _declared(keys, apart, table).any():
            continue
        name = ", ".join(map(str, keys.iloc[0]))
        rows = tuple(int(each) for each in cube.rows[cell[0], :, cell[2]] if each != ABSENT)
        what = f"{name}: in most periods far from the other places."
        remedy = "Correct the table; or declare it under `outliers: known` with the reason."
        value = f"{typical[cell[0], cell[2]]:.10g}"
        yield RuleFault(table.name, "places", what, rows, table.meta.value_column, value, remedy)


def confirmed_faults(
    table: Table, confirmations: tuple[Confirmation, ...], found: list[RuleFault]
) -> list[RuleFault]:
    """Leave out what a person confirmed, and add each confirmation that has expired."""
    confirmed: set[int] = set()
    expired: list[RuleFault] = []
    for each in confirmations:
        row = _row_of(table, each)
        value = None if row is None else table.frame[table.meta.value_column].iloc[row]
        if row is not None and pd.notna(value) and float(value) == each.value:
            confirmed.add(row)
            continue
        name = ", ".join(map(str, each.row.values()))
        now = "has no value now" if row is None or pd.isna(value) else f"is {value:.10g} now"
        what = f"{name}: {each.value:.10g} was confirmed, and the table {now}."
        remedy = "Look at the figure, and confirm it anew or remove the confirmation."
        rows = () if row is None else (row,)
        column = table.meta.value_column
        expired.append(RuleFault(table.name, "confirmed", what, rows, column, None, remedy))
    return expired + [each for each in found if not _is_confirmed(each, confirmed)]


def _is_confirmed(fault: RuleFault, confirmed: set[int]) -> bool:
    return fault.rule == "moves" and bool(fault.rows) and set(fault.rows) <= confirmed


def _row_of(table: Table, confirmation: Confirmation) -> int | None:
    """Find the one row that a confirmation names by its keys."""
    chosen = pd.Series(True, index=table.frame.index)
    for column in table.meta.keys:
        if column not in confirmation.row:
            return None
        chosen &= table.frame[column] == confirmation.row[column]
    found = np.flatnonzero(chosen.fillna(False))
    return int(found[0]) if len(found) == 1 else None
