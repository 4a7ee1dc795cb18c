"""Revisions: what one extraction of a table says otherwise than the one before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from kingston_analysis.data.tables.load import Table
from kingston_analysis.data.topics import Indicator
from kingston_analysis.measures.change import Verdict
from kingston_analysis.measures.indicators import make_series


@dataclass(frozen=True)
class Revisions:
    """How the cells of two extractions differ in the periods that both carry.

    `cells` counts what either has, by key; `frame` has the keys of those that differ, with
    `before`, `now` and `change`, which is missing where a figure is suppressed in one of them.
    """

    cells: int
    frame: pd.DataFrame

    @property
    def net(self) -> float:
        """Return by how much the sum of the known cells changed."""
        return float(self.frame["change"].sum())

    def by(self, column: str) -> pd.DataFrame:
        """Return, by the values of a key in order, cells that differ, their net and gross change.

        The gross change is the sum of sizes, so that a move up does not hide a move down.
        """
        changes = self.frame.groupby(column, sort=True)["change"]
        sizes = self.frame["change"].abs().groupby(self.frame[column], sort=True).sum()
        found = pd.DataFrame({"cells": changes.size(), "net": changes.sum(), "gross": sizes})
        return found.reset_index()


@dataclass(frozen=True)
class TurnedVerdict:
    """What the change to a year is called by each of two extractions, which do not agree."""

    indicator: Indicator
    year: str
    before: Verdict
    now: Verdict


def cell_revisions(
    before: pd.DataFrame, now: pd.DataFrame, keys: Sequence[str], value: str, period: str
) -> Revisions:
    """Set two extractions of a table side by side, cell by cell, in the periods that both carry.

    A row that one of them lacks counts as nought there.
    """
    shared = set(before[period]) & set(now[period])
    old, new = (
        each.loc[each[period].isin(shared), [*keys, value]].rename(columns={value: name})
        for each, name in ((before, "before"), (now, "now"))
    )
    both = old.merge(new, on=list(keys), how="outer", indicator="held")
    for name, absent in (("before", "right_only"), ("now", "left_only")):
        both[name] = both[name].astype("float64").mask(both["held"] == absent, 0.0)
    unknown = both["before"].isna() & both["now"].isna()
    frame = both[(both["before"] != both["now"]) & ~unknown].drop(columns="held")
    frame = frame.assign(change=frame["now"] - frame["before"])
    return Revisions(len(both), frame.sort_values(list(keys)).reset_index(drop=True))


def revisions_of(before: Table, now: Table) -> Revisions:
    """Set two extractions of one table side by side; raise KingstonError where it has no period."""
    meta = now.meta
    return cell_revisions(before.frame, now.frame, meta.keys, meta.value_column, meta.span.column)


def turned_verdicts(
    indicators: Iterable[Indicator],
    area: str,
    extractions: tuple[Table, Table],
    population: Table,
    boroughs: list[str],
) -> Iterator[TurnedVerdict]:
    """Give each change of an area that the later of two extractions of a table calls otherwise."""
    for indicator in indicators:
        old, new = (
            make_series(indicator, area, each, population, boroughs) for each in extractions
        )
        for year in [year for year in old.own.index if year in new.own.index]:
            before, now = old.change(year).verdict, new.change(year).verdict
            if before != now:
                yield TurnedVerdict(indicator, year, before, now)
