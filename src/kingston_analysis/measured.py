"""What the measures say of a page's lead indicator, each worked out once for all its answers."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import pandas as pd

from kingston_analysis.data.areas import load_areas, slug
from kingston_analysis.data.surveys import load_surveys
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.breaks import breaks_between
from kingston_analysis.data.tables.load import Table
from kingston_analysis.evidence import Evidence
from kingston_analysis.measures.community import Views
from kingston_analysis.measures.groups import Group, GroupComparison, against_groups, group_of
from kingston_analysis.measures.harm import Harm, harm, weights_of
from kingston_analysis.measures.levels import rows_of
from kingston_analysis.measures.parts import Divided, divided, whole
from kingston_analysis.measures.places import Wards, by_ward, ward_rows
from kingston_analysis.measures.projection import Projection, project
from kingston_analysis.measures.seasons import Profile, Seasons, own_profile, seasons
from kingston_analysis.measures.surveys import make_views
from kingston_analysis.measures.why import Decomposition, decompose
from kingston_analysis.results import Gap
from kingston_analysis.show.wording import sentence_start


class Measured(Evidence):
    """The evidence of a page, with what is measured of its lead indicator."""

    @cached_property
    def seasons(self) -> Seasons:
        """Return how the months of the year differ in all boroughs together."""
        return seasons(self.lead.all_months, self.months_of_breaks)

    @property
    def no_months(self) -> Gap:
        """Return why the months show no pattern, where they do not."""
        counted = self.lead.indicator.counted
        if self.lead.months.empty:
            return Gap(f"No monthly figures of {counted} are known in this edition.")
        return Gap(
            f"There are too few {counted} a month to show more than chance, and so few may point "
            "to single people."
        )

    @cached_property
    def profile(self) -> Profile | Gap:
        """Return the area's own seasons beside those of all boroughs."""
        return own_profile(self.lead.months, self.lead.all_months, self.months_of_breaks)

    @property
    def months_of_breaks(self) -> list[str]:
        """Return the first month that each registered break affects."""
        return list(dict.fromkeys(month for month, _, _ in self.lead.month_breaks()))

    @cached_property
    def year_end(self) -> Projection | Gap:
        """Return where the lead's year in progress will end, from its known months."""
        lead = self.lead
        refusing = [month for month, _, effect in lead.month_breaks() if effect == "refuse"]
        return project(lead.all_months, self.area, max(refusing, default=None))

    @cached_property
    def wards(self) -> Wards | Gap:
        """Return the wards in the lead's latest year."""
        lead = self.lead
        if not lead.indicator.wards:
            return Gap(f"No table held here has {lead.indicator.counted} by ward.")
        table = self.load(lead.indicator.wards)
        if table.meta.covers != self.area:
            return Gap(f"The wards held are those of {table.meta.covers} only.")
        none = Gap(
            f"No ward figures are held for the latest year of {lead.indicator.counted} shown here."
        )
        select, span = lead.indicator.select, table.meta.period
        rows = ward_rows(table.frame, select, span.column, table.meta.value)
        if not lead.known or lead.latest not in set(rows["period"]):
            return none
        breaks = breaks_between(table.meta, select, lead.before, lead.latest, span.kind)
        total = lead.own["value"][lead.latest]
        found = by_ward(rows, lead.latest, lead.before, total, breaks)
        return found if len(found.frame) else none

    @cached_property
    def beside(self) -> GroupComparison | None:
        """Return the lead's latest year beside the groups in which the area lies."""
        lead = self.lead
        if not lead.known:
            return None
        areas = load_areas(self.project)
        groups = [
            group_of(
                slug(each.name),
                each.name,
                lead.everywhere,
                lead.yearly,
                areas.members(each),
                breaks=tuple(self._breaks_of(each.name)),
                told=(told := each.told or each.name),
                no_count=Gap(f"No count of {told} is held for these years."),
                no_rate=Gap(f"No population of {told} is held."),
            )
            for each in areas.groups_round(self.area)
        ]
        own, breaks = lead.own, tuple(self._breaks_of(self.area))
        mine = Group("own", self.area, own["value"], own["population"], breaks)
        phi = lead.variation(lead.before, lead.latest).phi if lead.before in lead.own.index else 1.0
        return against_groups(mine, groups, lead.latest, lead.before, phi)

    @cached_property
    def surveys(self) -> list[Views]:
        """Return what the edition's surveys say of the area, those that hold visible answers."""
        if not self.edition.community.surveys:
            return []
        known, boroughs = load_surveys(self.project), load_areas(self.project).borough_names
        found = []
        for name in self.edition.community.surveys:
            margins = getattr(known[name], "margins", None)
            tables = (self.load(known[name].table), self.load(margins) if margins else None)
            found.append(make_views(known[name], self.area, *tables, boroughs))
        return [views for views in found if views]

    @property
    def no_survey(self) -> Gap:
        """Return why there are no answers of the area's people, where there are none."""
        if not self.edition.community.surveys:
            return Gap("This edition has no survey of residents.")
        ends = periods.day_in_words(self.edition.extraction)
        return Gap(
            f"The surveys of this edition hold no answers from {self.area} for a period up to "
            f"{ends}."
        )

    @property
    def known_views(self) -> tuple[str, ...]:
        """Return what the edition knows of its own area's views without holding answers."""
        return self.edition.community.known if self.area == self.edition.area else ()

    @cached_property
    def recorded_harm(self) -> dict[str, float]:
        """Return the severity per head of each topic that a concern names, where one is known."""
        asked = {q.topic for views in self.surveys for q in views.survey.questions}
        topics = [topic for topic in self.edition.topics if topic in asked]
        found = self.findings(*topics) if topics else ()
        return {f.page: f.value for f in found if f.name == "severity" and f.value is not None}

    @cached_property
    def divided(self) -> Divided | Gap:
        """Return what the lead's latest year and the year before are made of."""
        lead, parts = self.lead, self.lead.indicator.parts
        years = (lead.before, lead.latest)
        alone = whole(lead.yearly, lead.indicator.title, self.area, years)
        if not parts:
            return alone
        table = self.load(parts.table)
        chosen = parts.select or lead.indicator.select
        boroughs = load_areas(self.project).borough_names
        found = divided(table.frame, table.meta, parts.by, chosen, self.area, boroughs, years)
        if isinstance(found, Gap):
            return alone if isinstance(alone, Gap) else replace(alone, kinds=found)
        return found.named(self._plain_names(table))

    def _plain_names(self, table: Table) -> dict[str, str]:
        """Return plain names of offences that the publisher labels in its own way."""
        if not table.meta.harm:
            return {}
        mapping = self.load(table.meta.harm.mapping).frame
        return dict(zip(mapping["offence"], mapping["name"].map(sentence_start), strict=True))

    @cached_property
    def decomposition(self) -> Decomposition | Gap:
        """Return how much of the lead's latest change was common, mix and local."""
        lead = self.lead
        if not lead.known:
            return Gap("No figure for a full year is known.")
        change, parts = self.changes.of(lead), self.divided
        if isinstance(change.ratio, Gap) or isinstance(parts, Gap):
            return change.ratio if isinstance(change.ratio, Gap) else parts
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
        table, boroughs = lead.months_table, load_areas(self.project).borough_names
        frame = rows_of(table.frame, lead.months_select)
        column = table.meta.period.column
        months = frame[frame["area"].isin(boroughs) & frame[column].isin(self._twelve_months)]
        summed = months.groupby(["area", "offence"], as_index=False)[table.meta.value].sum()
        return summed.rename(columns={table.meta.value: "value"})

    @cached_property
    def harm(self) -> Harm | Gap:
        """Return the harm of the lead's offences in the latest full year of months."""
        if gap := self._no_harm():
            return gap
        counts, year = self.offences, self.year_of_months
        own = self.residents.set_index("area")["population"][self.area]
        phi = self.lead.variation_of(year).phi
        return harm(counts[counts["area"] == self.area], self.weights, own, phi)

    @property
    def harm_tables(self) -> tuple[str, ...]:
        """Return the tables behind the harm, by name."""
        table = self.lead.months_table
        return (table.name, *table.meta.harm.model_dump().values(), "population")

    def _no_harm(self) -> Gap | None:
        lead, table = self.lead, self.lead.months_table
        if self.weights is not None:
            if self.year_of_months:
                return None
            first, last = (lead.months["period"].iloc[n] for n in (0, -1))
            known = f"{periods.in_words(first, 'month')} to {periods.in_words(last, 'month')}"
            return Gap(f"Harm is weighed over a full year by offence, and only {known} is known.")
        held = [self.load(each.table).meta for each in self.topic.indicators]
        weighed = [meta for meta in held if meta.harm]
        if table is not None or not weighed:
            title = lead.indicator.title
            return Gap(f"{title}: no table held here divides these by kind of offence.")
        first = periods.in_words(str(weighed[0].period.first), "month")
        what = f"Figures by kind of offence begin with {first}, after this edition's evidence ends."
        return Gap(what)

    @property
    def residents(self) -> pd.DataFrame:
        """Return the mid-year population of every area for the latest full year of months."""
        people = self.load("population").frame
        mid_year = periods.mid_year_of(self.year_of_months, "financial_year")
        return people[people["mid_year"] == mid_year]

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
