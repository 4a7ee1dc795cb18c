"""Parts of a column that stand one row off, so that each place has its neighbour's figure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kingston_analysis.data.rules.cube import ABSENT, Cube
from kingston_analysis.data.rules.expected import expected_values
from kingston_analysis.data.rules.faults import RuleFault
from kingston_analysis.data.rules.models import Outliers
from kingston_analysis.data.tables.load import Table

# Fewer rows fit a neighbour by chance; misfit counts in standard deviations, each at most so many.
FEWEST_ROWS, MOST_OF_A_ROW = 4, 6.0
# By how much all rows together must fit their neighbours better.
BETTER = 20.0


def shift_faults(
    table: Table, rule: Outliers, cube: Cube, values: np.ndarray
) -> Iterator[RuleFault]:
    """Find periods and kinds in which places have the figures of neighbours in the file."""
    if rule.kind == "shares" or len(values) <= FEWEST_ROWS:
        return
    compared = ~cube.axes[0].isin(rule.without).any(axis=1).to_numpy()
    cube = cube.of_places(compared)
    values = values[compared]
    expected, _ = expected_values(values, rule.steps)
    for step in (1, -1):
        # Of each two neighbours in the file, does the second's figure fit the first, or the other?
        here, there = (slice(None, -1), slice(1, None))[::step]
        gain = _misfit(values[here], expected[here]) - _misfit(values[there], expected[here])
        gain = np.nan_to_num(gain)
        for period, kind in np.argwhere(_best(gain)[0] > BETTER):
            yield from _fault(table, cube, gain[:, period, kind], (int(period), int(kind)), step)


def _misfit(values: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Tell how badly figures fit what is expected, as a tenth of it and counting make them vary."""
    distance = 2 * np.abs(np.sqrt(values + 3 / 8) - np.sqrt(expected + 3 / 8))
    return np.minimum(distance / np.sqrt(1 + 0.02 * expected), MOST_OF_A_ROW)


def _best(gain: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the greatest sum over consecutive rows, and from which row to which (Kadane)."""
    shape = gain.shape[1:]
    best, run = np.zeros(shape), np.zeros(shape)
    start, first, last = (np.zeros(shape, dtype=int) for _ in range(3))
    for row, here in enumerate(gain):
        begins = run <= 0
        run, start = np.where(begins, here, run + here), np.where(begins, row, start)
        better = run > best
        best = np.where(better, run, best)
        first, last = np.where(better, start, first), np.where(better, row, last)
    return best, first, last


def _fault(
    table: Table, cube: Cube, gain: np.ndarray, where: tuple[int, int], step: int
) -> Iterator[RuleFault]:
    _, first, last = (int(each[0]) for each in _best(gain[:, None]))
    if last - first + 1 < FEWEST_ROWS:
        return
    period, kind = where
    # A figure that belongs to this place stands on the next row, or on the one before.
    ends = (first, last + 1)
    names = cube.axes[0].iloc[:, 0]
    rows = [int(each) for each in cube.rows[ends[0] : ends[1] + 1, period, kind] if each != ABSENT]
    keys = [
        str(each) for axis, n in zip(cube.axes[1:], where, strict=True) for each in axis.iloc[n]
    ]
    way = "lower" if step == 1 else "higher"
    what = (
        f"{', '.join(keys)}: from {names[ends[0]]} to {names[ends[1]]} the figures stand one row "
        f"{way} than the places to which they belong."
    )
    remedy = "Ask the publisher, or leave the column out of that period."
    yield RuleFault(table.name, "shifted", what, tuple(rows), table.meta.value_column, None, remedy)
