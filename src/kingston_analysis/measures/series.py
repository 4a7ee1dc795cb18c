"""A series: one indicator for one area among the boroughs, as far as an edition knows it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from kingston_analysis.measures import levels
from kingston_analysis.measures.changes import Change, change, dispersion
from kingston_analysis.measures.comparisons import ranked
from kingston_analysis.tables import periods
from kingston_analysis.tables.breaks import breaks_between
from kingston_analysis.tables.load import Table
from kingston_analysis.topics import Indicator

ENOUGH_A_MONTH = 5


@dataclass(frozen=True)
class Series:
    """One indicator's yearly values for every borough, and the months of its own area.

    `yearly` has area, period, value, population, rate (per 1,000 residents), rank_count, rank_rate
    and areas; `months` has period and value and is empty where the table has no months.
    """

    indicator: Indicator
    area: str
    table: Table
    kind: periods.Kind
    yearly: pd.DataFrame
    months: pd.DataFrame
    part_year: pd.DataFrame

    @cached_property
    def own(self) -> pd.DataFrame:
        """Return the yearly rows of the series' own area, oldest first."""
        return self.yearly[self.yearly["area"] == self.area].set_index("period")

    @property
    def known(self) -> bool:
        """Tell whether the area has the figure of at least one full year."""
        return bool(self.own["value"].notna().any())

    @property
    def has_pattern(self) -> bool:
        """Tell whether there are months, with `ENOUGH_A_MONTH` or more on average.

        Fewer show chance rather than a pattern, and come close to single people.
        """
        return len(self.months) > 1 and self.months["value"].mean() >= ENOUGH_A_MONTH

    @property
    def latest(self) -> str:
        """Return the newest full year whose figure is known and not suppressed."""
        return self.own["value"].last_valid_index()

    @property
    def comparable(self) -> pd.DataFrame:
        """Return the boroughs in the latest year; more than one, or the frame is empty."""
        rows = self.yearly[(self.yearly["period"] == self.latest) & self.yearly["areas"].gt(1)]
        return rows.dropna(subset=["value"])

    @property
    def own_part_year(self) -> pd.Series | None:
        """Return the area's months of the year in progress beside the same months a year before."""
        own = self.part_year[self.part_year["area"] == self.area]
        return None if own.empty else own.iloc[0]

    def change(self, period: str | None = None) -> Change:
        """Compare a year, or the latest, with the one before."""
        after = period or self.latest
        before = periods.shifted(after, self.kind, -1)
        if before not in self.own.index:
            return Change("cannot be compared", reason="No figure for the year before is held.")
        counts = self.own["value"]
        meta, select = self.table.meta, self.indicator.select
        found = breaks_between(meta, select, before, after, self.kind)
        return change(counts[before], counts[after], self._dispersion(before, after), found)

    def together(self, before: str, after: str) -> tuple[float, float] | None:
        """Add up the boroughs in two years; None unless the same boroughs are known in both."""
        wide = self._by_borough([before, after]).dropna(how="all")
        if len(wide) < 2 or wide.isna().any(axis=None):
            return None
        return float(wide[before].sum()), float(wide[after].sum())

    def change_so_far(self) -> Change:
        """Compare the known months of the year in progress with the same months a year before."""
        row = self.own_part_year
        first = periods.shifted(row["first"], "month", -12)
        found = breaks_between(self.table.meta, self.indicator.select, first, row["last"], "month")
        others = self.part_year[self.part_year["area"].isin(self.yearly["area"])]
        phi = dispersion(pd.Series(dtype=float), others["before"], others["value"])
        return change(row["before"], row["value"], phi, found)

    def breaks(self) -> list[tuple[str, str]]:
        """Return (first year affected, what happened) of each registered break."""
        meta, select, known = self.table.meta, self.indicator.select, list(self.own.index)
        pairs = itertools.pairwise(known)
        return [
            (second, what)
            for first, second in pairs
            for _, what in breaks_between(meta, select, first, second, self.kind)
        ]

    def _dispersion(self, before: str, after: str) -> float:
        wide = self._by_borough([before, after])
        return dispersion(self._unbroken(after), wide[before], wide[after])

    def _unbroken(self, year: str) -> pd.Series:
        """Return the counts of the run of years round a year that no gap or refusing break cuts."""
        return self.own["value"].loc[next(run for run in self._runs if year in run)]

    @cached_property
    def _runs(self) -> list[list[str]]:
        known = list(self.own.index)
        runs = [[known[0]]]
        for first, second in itertools.pairwise(known):
            found = breaks_between(self.table.meta, self.indicator.select, first, second, self.kind)
            adjacent = periods.shifted(first, self.kind, 1) == second
            if adjacent and "refuse" not in [effect for effect, _ in found]:
                runs[-1].append(second)
            else:
                runs.append([second])
        return runs

    def _by_borough(self, years: list[str]) -> pd.DataFrame:
        return self._all_years.reindex(columns=years)

    @cached_property
    def _all_years(self) -> pd.DataFrame:
        boroughs = self.yearly.dropna(subset=["areas"])
        return boroughs.pivot(index="area", columns="period", values="value")


def make_series(
    indicator: Indicator, area: str, table: Table, population: Table, boroughs: list[str]
) -> Series:
    """Turn a table's visible rows into a series; `own` is empty where no full year is known."""
    meta = table.meta
    span = meta.period
    values = levels.select(table.frame, indicator.select, span.column, meta.value, meta.covers)
    months = values[0:0]
    kind: periods.Kind = span.kind
    if kind == "month":
        months, kind = values, "financial_year"
        values = levels.full_years(months)
    people = population.frame if indicator.rate else population.frame[0:0]
    rated = levels.with_rates(values, people, kind)
    ranks = ranked(rated, boroughs)
    outside = rated[~rated["area"].isin(boroughs) & (rated["area"] == area)]
    yearly = pd.concat([ranks, outside], ignore_index=True) if len(outside) else ranks
    own_months = months[months["area"] == area][["period", "value"]].reset_index(drop=True)
    so_far = levels.like_for_like(months)
    return Series(indicator, area, table, kind, yearly, own_months, so_far)
