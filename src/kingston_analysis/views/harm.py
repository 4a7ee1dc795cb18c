"""The harm of a topic: its offences of the year assessed, and what weighs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.load import Table
from kingston_analysis.data.topics import Topic
from kingston_analysis.measures.change import LEVEL
from kingston_analysis.measures.harm import Harm, harm_by_area, weigh_harm, weights_of
from kingston_analysis.measures.level import rows_of
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Gap
from kingston_analysis.views.scope import Scope


@dataclass(frozen=True, eq=False)
class WeighedYear:
    """The offences of one full year of months, and what they are weighed and divided by.

    `counts` has area, offence and value of the boroughs; `weights` is what `weights_of` gives, of
    `editions` (of severity, of days), first `published` (of severity, of days, of residents) after
    the edition's evidence ends, on the day `until`; None of what was not, or is not known to be.
    `residents` has area and the mid-year population; `boroughs` is how many there are; `phi` is how
    many times more than Poisson the area's counts vary; `mapping` names the table that says which
    weights an offence has, `tables` all of them.
    """

    area: str
    year: str
    counts: pd.DataFrame
    weights: pd.DataFrame
    editions: tuple[str | None, str | None]
    published: tuple[str | None, str | None, str | None]
    until: date
    residents: pd.DataFrame
    boroughs: int
    phi: float
    mapping: str
    tables: tuple[str, ...]

    @cached_property
    def own(self) -> Harm:
        """Return the harm of the area's offences, with 95% intervals."""
        return self.weigh(LEVEL)

    def weigh(self, level: float) -> Harm:
        """Return the harm of the area's offences, with intervals at a level."""
        counts = self.counts[self.counts["area"] == self.area]
        population = self.residents.set_index("area")["population"][self.area]
        return weigh_harm(counts, self.weights, population, self.phi, level)

    @property
    def by_area(self) -> pd.DataFrame:
        """Return the harm per head of every borough, with ranks."""
        return harm_by_area(self.counts, self.weights, self.residents)


def weighed_year(topic: Topic, primary: Series, scope: Scope) -> WeighedYear | Gap:
    """Return the year assessed, where the topic's primary indicator has all its months."""
    table = primary.months_table
    if table is None or table.meta.harm is None:
        return _no_weights(topic, primary, scope)
    if not primary.years_of_months:
        first, last = (primary.months["period"].iloc[n] for n in (0, -1))
        known = f"{periods.in_words(first, 'month')} to {periods.in_words(last, 'month')}"
        return Gap(f"Offences are weighed over a full year, and only {known} is known by offence.")
    year, names, people = scope.edition.assessed, table.meta.harm, scope.load("population")
    if year not in primary.years_of_months:
        newest = max(primary.years_of_months)
        return Gap(
            f"Offences are weighed over a full year, and not all months of {year} are held by "
            f"offence; the newest year held is {newest}."
        )
    mapping, severity, days = (
        scope.load(name) for name in (names.mapping, names.severity, names.days)
    )
    until = scope.edition.extraction

    def after(table: Table) -> str | None:
        return table.meta.published_after(until)

    return WeighedYear(
        scope.area,
        year,
        _offences(primary, table, scope.areas.borough_names, year),
        weights_of(mapping.frame, severity.frame, days.frame),
        (severity.meta.edition, days.meta.edition),
        (after(severity), after(days), after(people)),
        until,
        people.frame[people.frame["mid_year"] == periods.mid_year_of(year, "financial_year")],
        len(scope.areas.borough_names),
        primary.variation(year).phi,
        names.mapping,
        (table.name, *names.model_dump().values(), people.name),
    )


def _no_weights(topic: Topic, primary: Series, scope: Scope) -> Gap:
    """Return why the months of the primary indicator cannot be weighed."""
    given = filter(None, [primary.indicator, topic.by_month(primary.indicator)])
    held = [scope.load(each.table).meta for each in given]
    weighed = [meta for meta in held if meta.harm]
    if primary.months_table is not None or not weighed:
        title = primary.indicator.title
        return Gap(f"{title}: no table held here divides these by kind of offence.")
    first = periods.in_words(str(weighed[0].span.first), "month")
    return Gap(
        f"Figures by kind of offence begin with {first}, after this edition's evidence ends."
    )


def _offences(primary: Series, table: Table, boroughs: list[str], year: str) -> pd.DataFrame:
    """Return area, offence and value of the boroughs in a full year of months."""
    frame, value = rows_of(table.frame, primary.months_select), table.meta.value_column
    known = primary.months["period"]
    twelve = [month for month in known if periods.financial_year_of(month) == year]
    months = frame[frame["area"].isin(boroughs) & frame[table.meta.span.column].isin(twelve)]
    summed = months.groupby(["area", "offence"], as_index=False)[[value]].sum()
    return summed.rename(columns={value: "value"})
