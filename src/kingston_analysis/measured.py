"""What the measures say of a page's lead indicator, each worked out once for all its answers."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from kingston_analysis.evidence import Evidence
from kingston_analysis.measures.groups import Group, GroupComparison, against_groups, group_of
from kingston_analysis.measures.harm import weights_of
from kingston_analysis.measures.levels import rows_of
from kingston_analysis.measures.parts import Divided, divided, whole
from kingston_analysis.measures.places import Wards, by_ward, ward_rows
from kingston_analysis.measures.seasons import Profile, Seasons, own_profile, seasons
from kingston_analysis.measures.why import Decomposition, decompose
from kingston_analysis.tables import periods
from kingston_analysis.tables.areas import load_areas, slug
from kingston_analysis.tables.breaks import breaks_between


class Measured(Evidence):
    """The evidence of a page, with what is measured of its lead indicator."""

    @cached_property
    def seasons(self) -> Seasons:
        """Return how the months of the year differ in all boroughs together."""
        return seasons(self.lead.all_months, self.months_of_breaks)

    @cached_property
    def profile(self) -> Profile:
        """Return the area's own seasons beside those of all boroughs."""
        return own_profile(self.lead.months, self.lead.all_months, self.months_of_breaks)

    @property
    def months_of_breaks(self) -> list[str]:
        """Return the first month that each registered break affects."""
        return list(dict.fromkeys(month for month, _, _ in self.lead.month_breaks()))

    @cached_property
    def wards(self) -> Wards | None:
        """Return the wards in the lead's latest year, where a table has them for area and year."""
        lead = self.lead
        if not lead.known or not lead.indicator.wards:
            return None
        table = self.load(lead.indicator.wards)
        select, span = lead.indicator.select, table.meta.period
        rows = ward_rows(table.frame, select, span.column, table.meta.value)
        if table.meta.covers != self.area or lead.latest not in set(rows["period"]):
            return None
        breaks = breaks_between(table.meta, select, lead.before, lead.latest, span.kind)
        return by_ward(rows, lead.latest, lead.before, lead.own["value"][lead.latest], breaks)

    @cached_property
    def beside(self) -> GroupComparison | None:
        """Return the lead's latest year beside the groups in which the area lies."""
        lead = self.lead
        if not lead.known:
            return None
        areas = load_areas()
        people = lead.yearly[["area", "period", "population"]]
        values = lead.everywhere.merge(people, on=["area", "period"], how="left")
        groups = [
            group_of(
                slug(each.name),
                each.name,
                values,
                areas.members(each),
                breaks=tuple(self._breaks_of(each.name)),
            )
            for each in areas.groups_round(self.area)
        ]
        own = values[values["area"] == self.area].set_index("period")
        mine = Group(
            "own", self.area, own["value"], own["population"], tuple(self._breaks_of(self.area))
        )
        phi = lead.variation(lead.before, lead.latest).phi if lead.before in lead.own.index else 1.0
        return against_groups(mine, groups, lead.latest, lead.before, phi)

    @cached_property
    def divided(self) -> Divided:
        """Return what the lead's latest year and the year before are made of."""
        lead, parts = self.lead, self.lead.indicator.parts
        years = (lead.before, lead.latest)
        if not parts:
            return whole(lead.yearly, lead.indicator.title, self.area, years)
        table = self.load(parts.table)
        chosen = parts.select or lead.indicator.select
        boroughs = load_areas().borough_names
        return divided(table.frame, table.meta, parts.by, chosen, self.area, boroughs, years)

    @cached_property
    def decomposition(self) -> Decomposition:
        """Return how much of the lead's latest change was common, mix and local."""
        lead = self.lead
        if not lead.known:
            return Decomposition(reason="No figure for a full year is known.")
        change, parts = self.changes.of(lead), self.divided
        if change.ratio is None or parts.reason:
            return Decomposition(reason=change.reason or parts.reason)
        caution = " ".join(filter(None, dict.fromkeys([change.caution, parts.caution]))) or None
        return decompose(parts.own, parts.everyone, change.variation, caution)

    @cached_property
    def weights(self) -> pd.DataFrame | None:
        """Return the weights of the offences in the lead's monthly table, where it has them."""
        table = self.lead.months_table
        if table is None or not table.meta.harm:
            return None
        weighed = table.meta.harm
        mapping, *sets = (
            self.load(n).frame for n in (weighed.mapping, weighed.severity, weighed.days)
        )
        return weights_of(mapping, *sets)

    @cached_property
    def offences(self) -> pd.DataFrame:
        """Return area, offence and value of the boroughs in the latest full year of months."""
        lead = self.lead
        table, boroughs = lead.months_table, load_areas().borough_names
        frame = rows_of(table.frame, lead.months_select)
        column = table.meta.period.column
        months = frame[frame["area"].isin(boroughs) & frame[column].isin(self._twelve_months)]
        summed = months.groupby(["area", "offence"], as_index=False)[table.meta.value].sum()
        return summed.rename(columns={table.meta.value: "value"})

    @property
    def year_of_months(self) -> str | None:
        """Return the newest financial year of which the lead has all twelve months."""
        return max(self.lead.years_of_months, default=None)

    @property
    def _twelve_months(self) -> list[str]:
        year = self.year_of_months
        months = self.lead.months["period"]
        return [month for month in months if periods.financial_year_of(month) == year]

    def _breaks_of(self, area: str) -> list[tuple[str, str]]:
        lead = self.lead
        select = {**lead.indicator.select, "area": [area]}
        return breaks_between(lead.table.meta, select, lead.before, lead.latest, lead.kind)
