"""What breaks a rule of a table, with the rows, the column and the value; rows that are meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kingston_analysis.data.rules.models import KnownException, Where
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.metadata import Span
from kingston_analysis.data.tables.schemas import FIRST_LINE
from kingston_analysis.errors import Problem

SHOWN = 5


@dataclass(frozen=True)
class RuleFault:
    """One thing in a table that breaks a rule; `rows` are positions in its frame, from 0."""

    table: str
    rule: str
    what: str
    rows: tuple[int, ...] = ()
    column: str | None = None
    value: str | None = None
    remedy: str = "Correct the table, or declare the reason in its rules."

    def as_problem(self, file: Path) -> Problem:
        """Write the fault as a problem of the file that holds the table."""
        lines = [row + FIRST_LINE for row in self.rows]
        shown = f" Lines {first_few(lines)}." if len(lines) > 1 else ""
        what = f"{self.what}{shown} Rule: {self.rule}."
        return Problem(what, file, lines[0] if lines else None, remedy=self.remedy)


def first_few(values: Iterable[object]) -> str:
    """Name the first few of some values, and how many more there are."""
    every = [f"{each:g}" if isinstance(each, float) else str(each) for each in values]
    more = f" and {len(every) - SHOWN} more" if len(every) > SHOWN else ""
    return ", ".join(every[:SHOWN]) + more


def selected(frame: pd.DataFrame, where: Where) -> pd.Series:
    """Tell of each row whether it has one of the values asked for in every column."""
    chosen = pd.Series(True, index=frame.index)
    for column, values in where.items():
        chosen &= frame[column].isin(values)
    return chosen


def excepted(
    frame: pd.DataFrame, exceptions: Iterable[KnownException], span: Span | None
) -> pd.Series:
    """Tell of each row whether an exception declares it."""
    found = pd.Series(False, index=frame.index)
    for each in exceptions:
        chosen = selected(frame, each.where)
        if span and (each.first is not None or each.last is not None):
            chosen &= _within(frame[span.column], each, span)
        found |= chosen
    return found


def _within(column: pd.Series, exception: KnownException, span: Span) -> pd.Series:
    first, last = exception.first or span.first, exception.last or span.last
    ends = [periods.position(each, span.kind) for each in (first, last)]
    inside = {
        each: ends[0] <= periods.position(each, span.kind) <= ends[1] for each in column.unique()
    }
    return column.map(inside).astype(bool)
