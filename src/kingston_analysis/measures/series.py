"""A series: one indicator for one area among the boroughs, as far as an edition knows it."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.breaks import Effect, breaks_between
from kingston_analysis.data.tables.load import Table
from kingston_analysis.data.topics import Indicator
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures import variation
from kingston_analysis.measures.change import (
    JUDGED_AT,
    LEVEL,
    NOT_A_YEAR,
    Change,
    Usual,
    compare,
    incomparable,
)
from kingston_analysis.measures.movement import movements
from kingston_analysis.measures.trend import LogLinearTrend, Running, log_linear_trend, running
from kingston_analysis.measures.variation import Variation
from kingston_analysis.results import Gap, require

ENOUGH_A_MONTH = 5
YEARS_BEFORE = 3
# Fewer months know the noise of one area badly; more are not all of one time.
YEARS_OF_NOISE = 3


@dataclass(frozen=True, eq=False, repr=False)
class Series:
    """One indicator's yearly values for every borough, and its months where it has any.

    `everywhere` has area, period and value of every area of the table, groups of boroughs too;
    `yearly` has area, period, value, population, rate (per 1,000 residents), rank_count, rank_rate
    and areas, of the boroughs. `all_months` has area, period and value; it is empty where there are
    no months. `monthly_from` is the series that the months come from, where that is another one.
    """

    indicator: Indicator
    area: str
    table: Table
    kind: periods.Kind
    everywhere: pd.DataFrame
    yearly: pd.DataFrame
    all_months: pd.DataFrame
    part_year: pd.DataFrame
    monthly_from: Series | None = None

    def __repr__(self) -> str:
        years = f"{self.own.index[0]} to {self.latest}" if self.known else "no full year"
        return f"{self.indicator.title}, {self.area}: {years}"

    def of(self, area: str) -> Series:
        """Return the same indicator for another area; what is learned of all areas is shared."""
        months = self.monthly_from and self.monthly_from.of(area)
        other = replace(self, area=area, monthly_from=months)
        shared = ["_noises", "_all_years"]
        shared += [] if self.all_months.empty else ["_noise_squares"]
        vars(other).update({name: getattr(self, name) for name in shared})
        return other

    @cached_property
    def own(self) -> pd.DataFrame:
        """Return the yearly rows of the series' own area, oldest first."""
        return self.yearly[self.yearly["area"] == self.area].set_index("period")

    @cached_property
    def months(self) -> pd.DataFrame:
        """Return area, period and value of the months of the series' own area, oldest first."""
        mine = self.all_months[self.all_months["area"] == self.area]
        return mine[["area", "period", "value"]].reset_index(drop=True)

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the names of the tables behind the yearly figures."""
        return (self.table.name, "population") if self.indicator.rate else (self.table.name,)

    @property
    def months_sources(self) -> tuple[str, ...]:
        """Return the name of the table behind the monthly figures, if there are any."""
        return (self.months_table.name,) if self.months_table else ()

    @property
    def months_table(self) -> Table | None:
        """Return the table that the months come from."""
        return None if self.all_months.empty else self._monthly.table

    @property
    def months_select(self) -> dict[str, list[str]]:
        """Return which rows of the table the months are added up from."""
        return self._monthly.indicator.select

    @property
    def known(self) -> bool:
        """Tell whether the area has the figure of at least one full year."""
        return bool(self.own["value"].notna().any())

    @cached_property
    def has_pattern(self) -> bool:
        """Tell whether there are months, with `ENOUGH_A_MONTH` or more on average.

        Fewer show chance rather than a pattern, and come close to single people.
        """
        return len(self.months) > 1 and self.months["value"].mean() >= ENOUGH_A_MONTH

    @cached_property
    def years_of_months(self) -> frozenset[str]:
        """Return the years of the series of which all twelve months are known."""
        if self.kind != "financial_year":
            return frozenset()
        known = self.months.dropna(subset=["value"])["period"].map(periods.financial_year_of)
        return frozenset(str(year) for year, n in known.value_counts().items() if n == 12)

    @cached_property
    def latest(self) -> str:
        """Return the newest full year whose figure is known and not suppressed.

        Raises KingstonError where none is `known`; so does all that is measured of it.
        """
        if not self.known:
            what = f"{self.indicator.title}: no figure for a full year is known in {self.area}."
            raise KingstonError(what, "Ask first whether the series is `known`.")
        return str(self.own["value"].last_valid_index())

    @property
    def before(self) -> str:
        """Return the year before the latest."""
        return periods.shifted(self.latest, self.kind, -1)

    @cached_property
    def comparable(self) -> pd.DataFrame:
        """Return the boroughs in the latest year, if they are more than one and can be ranked."""
        rows = self.yearly[(self.yearly["period"] == self.latest) & self.yearly["areas"].gt(1)]
        return rows.dropna(subset=["value", "rank_count"])

    @property
    def own_part_year(self) -> pd.Series | Gap:
        """Return the area's months of the year in progress beside the same months a year before."""
        own = self.part_year[self.part_year["area"] == self.area]
        if own.empty:
            return Gap("No months of the year in progress are known with those a year before.")
        return own.iloc[0]

    def change(
        self, period: str | None = None, *, base: str | None = None, level: float = JUDGED_AT
    ) -> Change:
        """Compare a year, or the latest, with the one before or with an earlier `base`."""
        after = period or self.latest
        before = periods.shifted(after, self.kind, -1)
        if base and periods.position(base, self.kind) >= periods.position(after, self.kind):
            return incomparable(f"{base} is not before {after}.")
        usual = self._usual(after) if base in (None, before) else NOT_A_YEAR
        return self._against(after, [base or before], level, usual)

    def change_on_mean(self, level: float = JUDGED_AT) -> Change:
        """Compare the latest year with the mean of the three before."""
        steps = range(-YEARS_BEFORE, 0)
        earlier = [periods.shifted(self.latest, self.kind, step) for step in steps]
        return self._against(self.latest, earlier, level)

    def change_so_far(self, level: float = JUDGED_AT) -> Change:
        """Compare the known months of the year in progress with the same months a year before."""
        row = require(self.own_part_year)
        first = periods.shifted(row["first"], "month", -12)
        found = self._month_breaks(first, row["last"])
        varied = self.variation(periods.financial_year_of(row["last"]))
        return compare(row["before"], row["value"], varied, found, level=level)

    def variation(self, year: str) -> Variation:
        """Tell how far the area's count of a year varies by chance, beyond Poisson.

        It is learned from the months of the `YEARS_OF_NOISE` years to that one; before the first of
        them from that first, after the last from the latest; where none are known, from the years
        of all boroughs. Later editions see the same months, so that a verdict stays what it was.
        """
        return self._noise(year).get(self.area) or self._noise_between_years(year)

    def variations(self, year: str) -> dict[str, Variation]:
        """Tell by borough how far its count of a year varies by chance, as `variation` does."""
        noise, between = self._noise(year), self._noise_between_years(year)
        return {str(area): noise.get(str(area), between) for area in self._all_years.index}

    def variation_together(self, year: str) -> Variation:
        """Tell how far the boroughs' count of a year varies by chance when they are added up."""
        own, counts, noise = self.variation(year), self._all_years[year].dropna(), self._noise(year)
        phi = [noise.get(str(area), own).phi for area in counts.index]
        together = float(np.average(phi, weights=counts)) if counts.sum() else own.phi
        return Variation(together, math.inf, own.source)

    def _noise(self, year: str) -> dict[str, Variation]:
        window = self._window(year)
        if window not in self._noises:
            squares = self._noise_squares
            chosen = squares[squares["year"].isin(window)]
            self._noises[window] = variation.counting_noise(chosen)
        return self._noises[window]

    def _window(self, year: str) -> tuple[str, ...]:
        """Return the financial years whose months tell how far a year's count varies by chance."""
        if self.kind != "financial_year" or self.all_months.empty:
            return ()
        held = sorted(self._noise_squares["year"].unique())
        first = periods.shifted(year, self.kind, 1 - YEARS_OF_NOISE)
        to_it = [each for each in held if each <= year]
        known = [each for each in to_it if each >= first]
        return tuple(known or to_it[-YEARS_OF_NOISE:] or held[:1])

    @cached_property
    def _noises(self) -> dict[tuple[str, ...], dict[str, Variation]]:
        return {}

    @cached_property
    def _noise_squares(self) -> pd.DataFrame:
        return variation.noise_squares(self.all_months)

    def _noise_between_years(self, year: str) -> Variation:
        return variation.noise_between_years(self._until(year))

    def _until(self, year: str) -> pd.DataFrame:
        """Return the boroughs' counts of the years to this one that no refusing break cuts off."""
        run = next((run for run in self._runs if year in run), [year])
        return self._all_years.reindex(columns=run[: run.index(year) + 1])

    def _usual(self, year: str) -> Usual | Gap:
        """Tell how far the count usually moves in a year, and whether it did farther that year."""
        areas, noise = self._until(year), self._noise(year)
        others = self._noise_between_years(year).phi
        known = {area: each.phi for area, each in noise.items()}
        phi = pd.Series(known, dtype=float).reindex(areas.index).fillna(others)
        found = movements(areas, phi)
        if isinstance(found, Gap):
            return found
        if self.area not in found.index:
            return Gap(f"The move to {year} is not known.")
        own = found.to_dict("index")[self.area]
        reach, unusual = float(own["reach"]), bool(own["unusual"])
        ends = math.exp(-reach), math.exp(reach)
        return Usual(*ends, unusual, int(found["unusual"].sum()), len(found))

    @cached_property
    def running(self) -> Running | None:
        """Return how many years running the count rose or fell, if it did up to the latest."""
        years = self._until(self.latest).columns
        return running(self.own["value"].reindex(years), self.variation(self.latest))

    @cached_property
    def trend(self) -> LogLinearTrend | Gap:
        """Return where the count has been going over the latest years."""
        return log_linear_trend(
            self._until(self.latest), self.area, self.variation(self.latest).phi
        )

    @cached_property
    def intervals(self) -> pd.DataFrame:
        """Return low and high, the 95% interval of what lies behind each year's count."""
        return self.intervals_at(LEVEL)

    def intervals_at(self, level: float) -> pd.DataFrame:
        """Return low and high, the interval of what lies behind each year's count, at a level."""
        counts = self.own["value"].dropna()
        found = [self.variation(year).interval(counts[year], level) for year in counts.index]
        return pd.DataFrame(found, columns=["low", "high"], index=counts.index, dtype=float)

    def together(self, before: str, after: str) -> tuple[float, float] | None:
        """Add up the boroughs in two years; None unless the same boroughs are known in both."""
        wide = self._all_years.reindex(columns=[before, after]).dropna(how="all")
        if len(wide) < 2 or wide.isna().any(axis=None):
            return None
        return float(wide[before].sum()), float(wide[after].sum())

    @cached_property
    def unbroken(self) -> pd.DataFrame:
        """Return the boroughs' counts in the latest run of years that no refusing break cuts."""
        return self._until(self.latest)

    def breaks(self) -> list[tuple[str, str]]:
        """Return (first year affected, what happened) of each registered break."""
        pairs = itertools.pairwise(self.own.index)
        return [(pair[1], what) for pair in pairs for _, what in self._breaks(*pair)]

    def month_breaks(self) -> list[tuple[str, str, str]]:
        """Return (first month affected, what happened, effect) of each break within the months."""
        pairs = itertools.pairwise(self.months["period"])
        return [
            (pair[1], what, effect) for pair in pairs for effect, what in self._month_breaks(*pair)
        ]

    def _against(
        self, after: str, earlier: list[str], level: float, usual: Usual | Gap = NOT_A_YEAR
    ) -> Change:
        if after not in self.own.index:
            return incomparable(f"No figure for {after} is held.")
        if absent := [year for year in earlier if year not in self.own.index]:
            year_before = earlier == [periods.shifted(after, self.kind, -1)]
            *more, last = absent
            if more:
                return incomparable(f"No figures for {', '.join(more)} and {last} are held.")
            return incomparable(
                f"No figure for {'the year before' if year_before else last} is held."
            )
        counts = self.own["value"]
        before, found = counts[earlier].sum(skipna=False), self._breaks(earlier[0], after)
        varied, years = self.variation(after), len(earlier)
        return compare(before, counts[after], varied, found, years=years, level=level, usual=usual)

    def _breaks(self, first: str, second: str) -> list[tuple[Effect, str]]:
        return breaks_between(self.table.meta, self.indicator.select, first, second, self.kind)

    def _month_breaks(self, first: str, second: str) -> list[tuple[Effect, str]]:
        source = self._monthly
        return breaks_between(source.table.meta, source.indicator.select, first, second, "month")

    @property
    def _monthly(self) -> Series:
        return self.monthly_from or self

    @cached_property
    def _runs(self) -> list[list[str]]:
        runs: list[list[str]] = []
        for year in self.own.index:
            before = periods.shifted(year, self.kind, -1)
            follows = bool(runs) and runs[-1][-1] == before
            if follows and "refuse" not in [effect for effect, _ in self._breaks(before, year)]:
                runs[-1].append(year)
            else:
                runs.append([year])
        return runs

    @cached_property
    def _all_years(self) -> pd.DataFrame:
        return self.yearly.pivot(index="area", columns="period", values="value")
