"""Revisions: what one extraction of a table says otherwise than the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd


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


def revisions(
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
