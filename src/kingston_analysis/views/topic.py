"""The view of one topic: its indicators as series, and what is measured of the first of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from kingston_analysis.data.editions import Edition
from kingston_analysis.data.names import slug
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.breaks import Effect, breaks_between
from kingston_analysis.data.tables.load import Table
from kingston_analysis.data.topics import OVERVIEW, Indicator, Topic
from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.measures.change import JUDGED_AT, LEVEL
from kingston_analysis.measures.comparison.groups import (
    Group,
    GroupComparison,
    against_groups,
    group_of,
)
from kingston_analysis.measures.forecast import Forecast, forecast_year
from kingston_analysis.measures.indicators import no_figure, with_months
from kingston_analysis.measures.level import rows_of
from kingston_analysis.measures.parts import Divided, divided, undivided
from kingston_analysis.measures.seasons import Profile, Seasons, estimate_seasons, own_profile
from kingston_analysis.measures.series import Series
from kingston_analysis.measures.wards import (
    Concentration,
    Wards,
    by_ward,
    concentration,
    ward_rows,
)
from kingston_analysis.measures.why import Decomposition, OwnAndTogether, decompose
from kingston_analysis.results import Finding, Gap
from kingston_analysis.show.wording import sentence_start
from kingston_analysis.views.findings import OF_THE_YEAR, missing_values, series_values
from kingston_analysis.views.harm import WeighedYear, weighed_year
from kingston_analysis.views.scope import Scope

NO_CRIME_BY_WARD = Gap("All recorded crime is not held by ward for this area and year.")


@dataclass(frozen=True, eq=False, repr=False)
class TopicView:
    """One topic for an area, as an edition sees it; whatever is measured is measured once.

    Where: `area`, `edition`, `topic`, `scope`, `load`; `of` (the same for another area).
    Series: `primary` (the first indicator with a figure of the year assessed), `indicators` (all),
    and those of them with a figure of the year assessed (`series`), with several years, which may
    end before it (`over_years`), with months that show a pattern (`monthly`), with a year in
    progress (`in_progress`), with other boroughs (`compared`).
    Changes, of the primary indicator: `divided` and `decomposition` (of the latest change),
    `divide` and `decompose` (of that since another year).
    Months, of the primary indicator: `seasons`, `profile`, `month_breaks`, `year_end`.
    Places, of the primary indicator: `group_comparison` (larger areas; `comparators`, some of
    them), `wards` (`describe_wards`, at another level), `against_all_crime`.
    Harm, of the primary indicator: `harm` (the area's own, and that of every borough).
    Findings: `found`. What is not known: `year_gap` (no indicator has the year assessed),
    `missing`, `primary_gap`, `no_months`.
    What cannot be measured is a `Gap` that says why.
    """

    scope: Scope
    topic: Topic
    _made: dict[str, Series] = field(default_factory=dict)
    _elsewhere: dict[tuple[str, str], Series] = field(default_factory=dict)

    def of(self, area: str) -> TopicView:
        """Return the topic for another area; what is learned of all areas is learned once."""
        made = {each.indicator.id: each.of(area) for each in self.indicators}
        return TopicView(self.scope.of(area), self.topic, made, self._elsewhere)

    @property
    def area(self) -> str:
        """Return the area that the view is of."""
        return self.scope.area

    @property
    def edition(self) -> Edition:
        """Return the edition whose view it is."""
        return self.scope.edition

    def load(self, name: str) -> Table:
        """Load a table, verified, as far as the edition may see it."""
        return self.scope.load(name)

    # Series

    @cached_property
    def primary(self) -> Series:
        """Return the first indicator of which the area has a figure of the year assessed.

        Where none has, the first that has an older one, and else the first.
        """
        first: Series | None = None
        for each in map(self._series_of, self.topic.indicators):
            if each.indicator.months_of:
                continue
            if no_figure(each, self.edition) is None:
                return each
            if first is None or (each.known and not first.known):
                first = each
        return first or self._series_of(self.topic.indicators[0])

    @cached_property
    def indicators(self) -> list[Series]:
        """Return every indicator of the topic, whether the area has it or not."""
        return list(map(self._series_of, self.topic.indicators))

    def _series_of(self, indicator: Indicator) -> Series:
        if indicator.id not in self._made:
            series, months = self.scope.series(indicator), self.topic.by_month(indicator)
            self._made[indicator.id] = (
                with_months(series, self.scope.series(months)) if months else series
            )
        return self._made[indicator.id]

    @cached_property
    def series(self) -> list[Series]:
        """Return the indicators with a figure of the year assessed; the primary indicator first."""
        return [each for each in self._shown if no_figure(each, self.edition) is None]

    @cached_property
    def over_years(self) -> list[Series]:
        """Return the indicators of which the area has two full years or more, old ones too."""
        return [each for each in self._shown if each.own["value"].count() > 1]

    @cached_property
    def monthly(self) -> list[Series]:
        """Return the indicators with months that show a pattern, up to the year assessed or on."""
        return [each for each in self._shown if each.has_pattern and not self._has_old_months(each)]

    def _has_old_months(self, series: Series) -> bool:
        return periods.financial_year_of(_newest_month(series)) < self.edition.assessed

    @cached_property
    def in_progress(self) -> list[Series]:
        """Return the indicators whose year in progress has the same months a year before."""
        return [each for each in self._shown if self._is_in_progress(each.own_part_year)]

    def _is_in_progress(self, row: pd.Series | Gap) -> bool:
        return not isinstance(row, Gap) and (
            periods.financial_year_of(row["first"]) == self._following
        )

    @property
    def _following(self) -> str:
        """Return the year after the one assessed, which is in progress."""
        return periods.shifted(self.edition.assessed, "financial_year", 1)

    @cached_property
    def compared(self) -> list[Series]:
        """Return the indicators that at least two boroughs have in the latest year."""
        return [each for each in self.series if len(each.comparable) > 1]

    @property
    def _shown(self) -> list[Series]:
        """Return the indicators less those that only give another one by month."""
        return [each for each in self.indicators if not each.indicator.months_of]

    # Changes

    @cached_property
    def divided(self) -> Divided | Gap:
        """Return what the primary indicator's latest year and the year before are made of."""
        return self.divide(self.primary.before)

    def divide(self, before: str) -> Divided | Gap:
        """Return what the primary indicator's latest year and an earlier one are made of."""
        primary, parts = self.primary, self.primary.indicator.parts
        years = (before, primary.latest)
        alone = undivided(primary.yearly, primary.indicator.title, self.area, years)
        if not parts:
            return alone
        table = self.load(parts.table)
        chosen = parts.select or primary.indicator.select
        boroughs = self.scope.areas.borough_names
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
        """Return how much of the primary indicator's latest change was common, mix and local."""
        return self.decompose()

    def decompose(self, base: str | None = None, level: float = JUDGED_AT) -> Decomposition | Gap:
        """Return the parts of the change since the year before, or since an earlier `base`.

        `level` is that of the intervals.
        """
        primary = self.primary
        if not primary.known:
            return Gap("No figure for a full year is known.")
        if self.year_gap:
            return self.primary_gap
        change = primary.change(base=base)
        parts = self.divide(base) if base else self.divided
        if isinstance(change.ratio, Gap):
            return change.ratio
        if isinstance(parts, Gap):
            return parts
        varied, of_total = _varying(primary, primary.latest)
        caution = " ".join(filter(None, dict.fromkeys([change.caution, parts.caution]))) or None
        return decompose(
            parts.own,
            parts.everyone,
            varied,
            caution,
            of_total=of_total,
            of_parts=self._varying_parts(parts),
            level=level,
        )

    def _varying_parts(self, parts: Divided) -> dict[str, OwnAndTogether]:
        """Tell how far each part that is an indicator of some topic varies by chance.

        A part is the indicator that counts the same rows, whatever the page that asks, so that all
        pages have the same interval of it.
        """
        primary = self.primary
        if not primary.indicator.parts or not parts.selects:
            return {}
        table = self.load(primary.indicator.parts.table)
        counting = [
            (topic, each)
            for topic in self.scope.topics.values()
            for each in topic.indicators
            if each.table == table.name and not each.months_of
        ]
        asked = [*parts.selects.values(), *(each.select for _, each in counting)]
        columns = list(dict.fromkeys(column for rows in asked for column in rows))
        kinds = table.frame[columns].drop_duplicates()
        found = {}
        for part, select in parts.selects.items():
            rows = rows_of(kinds, select).index
            for topic, each in counting:
                if rows.equals(rows_of(kinds, each.select).index):
                    found[part] = _varying(self._series_elsewhere(topic, each), primary.latest)
                    break
        return found

    def _series_elsewhere(self, topic: Topic, indicator: Indicator) -> Series:
        """Return an indicator of any topic, with the months that its own page gives it."""
        key = (topic.id, indicator.id)
        if key not in self._elsewhere:
            self._elsewhere[key] = TopicView(self.scope, topic)._series_of(indicator)
        return self._elsewhere[key].of(self.area)

    # Months

    @cached_property
    def seasons(self) -> Seasons:
        """Return how the months of the year differ in all boroughs together."""
        return estimate_seasons(self.primary.all_months, self.month_breaks)

    @cached_property
    def profile(self) -> Profile | Gap:
        """Return the area's own seasons beside those of all boroughs."""
        return own_profile(self.primary.months, self.primary.all_months, self.month_breaks)

    @property
    def month_breaks(self) -> list[str]:
        """Return the first month that each registered break affects."""
        return list(dict.fromkeys(month for month, _, _ in self.primary.month_breaks()))

    @cached_property
    def year_end(self) -> Forecast | Gap:
        """Return where the primary indicator's year in progress will end, from its known months."""
        primary = self.primary
        refusing = [month for month, _, effect in primary.month_breaks() if effect == "refuse"]
        found = forecast_year(primary.all_months, self.area, max(refusing, default=None))
        if isinstance(found, Gap) or found.year == self._following:
            return found
        return Gap(f"No months of {self._following} are held; {_newest_held(primary)}")

    @property
    def no_months(self) -> Gap:
        """Return why the months show no pattern, where they do not."""
        if self.primary.months.empty:
            counted = self.primary.indicator.counted
            return Gap(f"No monthly figures of {counted} are known in this edition.")
        if self.primary.has_pattern:
            years = f"{self.edition.assessed} or later"
            return Gap(f"No months of {years} are held; {_newest_held(self.primary)}")
        return _too_few(self.primary)

    # Places

    @cached_property
    def wards(self) -> Wards | Gap:
        """Return the wards in the primary indicator's latest year."""
        return self.describe_wards()

    def describe_wards(self, level: float = JUDGED_AT) -> Wards | Gap:
        """Return the wards in the latest year, with intervals and verdicts at a level."""
        primary = self.primary
        if not primary.indicator.wards:
            return Gap(f"No table held here has {primary.indicator.counted} by ward.")
        table = self.load(primary.indicator.wards)
        if table.meta.covers != self.area:
            return Gap(f"The wards held are those of {table.meta.covers} only.")
        none = Gap(
            f"No ward figures are held for the latest year of {primary.indicator.counted} shown "
            "here."
        )
        select, span = primary.indicator.select, table.meta.span
        rows = ward_rows(table.frame, select, span.column, table.meta.value_column)
        if primary.known and self.year_gap:
            return self.primary_gap
        if not primary.known or primary.latest not in set(rows["period"]):
            return none
        breaks = breaks_between(table.meta, select, primary.before, primary.latest, span.kind)
        total = primary.own["value"][primary.latest]
        noise = primary.variation(primary.latest)
        found = by_ward(rows, primary.latest, primary.before, total, noise, breaks, level)
        return found if len(found.frame) else none

    @cached_property
    def against_all_crime(self) -> Concentration | Gap:
        """Return how few wards hold half of the latest year, beside as many dealt like all crime.

        That equal wards would differ is true of nearly every kind of crime, and tells nothing.
        """
        found, all_crime = self.wards, self.scope.topics.get(OVERVIEW)
        if isinstance(found, Gap):
            return found
        lead = all_crime.indicators[0] if all_crime else None
        if lead is None or not lead.wards or found.concentration is None:
            return NO_CRIME_BY_WARD
        table = self.load(lead.wards)
        span, value = table.meta.span, table.meta.value_column
        rows = ward_rows(table.frame, lead.select, span.column, value)
        own = found.frame.set_index("ward")["value"]
        everything = rows[rows["period"] == found.period].set_index("ward")["value"]
        like = everything.reindex(own.index)
        if like.isna().any():
            return NO_CRIME_BY_WARD
        return concentration(own, like=like, phi=self.primary.variation(found.period).phi)

    @cached_property
    def group_comparison(self) -> GroupComparison | Gap:
        """Return the latest year beside the larger areas in which the area lies."""
        return self.comparators()

    def comparators(
        self, names: Sequence[str] | None = None, level: float = LEVEL
    ) -> GroupComparison | Gap:
        """Return the latest year beside some of the larger areas in which the area lies.

        Raises KingstonError where it does not lie in one that is named.
        """
        primary, areas = self.primary, self.scope.areas
        if self.year_gap:
            return self.primary_gap
        containing = {each.name: each for each in areas.containing_areas(self.area)}
        for name in names or ():
            if name not in containing:
                what = f"{self.area} does not lie in a group of areas '{name}'."
                raise KingstonError(what, nearest(name, containing))
        groups = [
            group_of(
                slug(each.name),
                each.name,
                primary.everywhere,
                primary.yearly,
                areas.members(each),
                breaks=tuple(self._breaks_of(each.name)),
                label=(label := each.label or each.name),
                no_count=Gap(f"No count of {label} is held for these years."),
                no_rate=Gap(f"No population of {label} is held."),
            )
            for each in (containing[name] for name in (containing if names is None else names))
        ]
        own, breaks = primary.own, tuple(self._breaks_of(self.area))
        mine = Group("own", self.area, own["value"], own["population"], breaks)
        varied = _varying(primary, primary.latest)
        return against_groups(mine, groups, primary.latest, primary.before, *varied, level)

    def _breaks_of(self, area: str) -> list[tuple[Effect, str]]:
        primary = self.primary
        select = {**primary.indicator.select, "area": [area]}
        return breaks_between(
            primary.table.meta, select, primary.before, primary.latest, primary.kind
        )

    @cached_property
    def harm(self) -> WeighedYear | Gap:
        """Return the primary indicator's offences in the year assessed, weighed."""
        return weighed_year(self.topic, self.primary, self.scope)

    # Findings, and what is not known

    @property
    def found(self) -> Iterator[tuple[Series, list[Finding]]]:
        """Give what each indicator finds; all names but the primary one's carry its id."""
        for each in self.indicators:
            values, about = self._values_of(each), each.indicator
            subject = "" if each is self.primary else about.id
            yield (
                each,
                [
                    replace(
                        value,
                        subject=subject,
                        what=about.counted,
                        indicator=about.id,
                        polarity=about.polarity,
                    )
                    for value in values
                ],
            )

    def _values_of(self, series: Series) -> list[Finding]:
        """Return what a series finds; an older year is history, and the year assessed missing."""
        gap = no_figure(series, self.edition)
        if gap and not series.known:
            return list(missing_values(series, gap))
        found = list(series_values(series))
        if gap is None:
            return found
        year = periods.answering(self.edition.assessed, series.kind)
        history = [e for e in found if e.measure not in OF_THE_YEAR and e.period != year]
        # A name without a period stands for the last of its findings, so that is the year's.
        newest = {each.measure: each for each in found}.values()
        return [*history, *(_lacking(each, year, gap) for each in newest)]

    @property
    def year_gap(self) -> Gap | None:
        """Return why no indicator has a figure of the year assessed, where none has."""
        return no_figure(self.primary, self.edition)

    @cached_property
    def missing(self) -> dict[str, Gap]:
        """Return, by the title of each indicator that lacks the year assessed, why it does."""
        return {
            _title(each): no_figure(each, self.edition) or _too_few(each)
            for each in self.indicators
            if each not in self.series and not (each.has_pattern and self._is_by_month(each))
        }

    def _is_by_month(self, series: Series) -> bool:
        """Tell whether a series shows its months alone."""
        return bool(series.indicator.months_of) or not series.known

    @property
    def primary_gap(self) -> Gap:
        """Return why the primary indicator cannot answer what takes one full year, or two."""
        indicator = self.primary.indicator
        if self.year_gap:
            return Gap(f"{indicator.title}: {self.year_gap.why}")
        return Gap(f"Only one year of figures is held for {indicator.counted}.")

    def __repr__(self) -> str:
        lines = [f"{self.topic.title}: {self.scope!r}"]
        for each in self.indicators:
            known = f"{each.own.index[0]} to {each.latest}" if each.known else "no full year"
            lines.append(f"  {_title(each)}: {known}")
        return "\n".join(lines)


def _lacking(found: Finding, period: str, gap: Gap) -> Finding:
    """Return a finding of a period that has no figure."""
    return replace(found, period=period, value=None, interval=None, verdict=None, missing=gap.why)


def _varying(series: Series, year: str) -> OwnAndTogether:
    return series.variation(year), series.variation_together(year)


def _newest_month(series: Series) -> str:
    return str(series.months["period"].iloc[-1])


def _newest_held(series: Series) -> str:
    return f"the newest month held is {periods.in_words(_newest_month(series), 'month')}."


def _too_few(series: Series) -> Gap:
    return Gap(
        f"There are too few {series.indicator.counted} a month to show more than chance, and "
        "numbers so small might identify individuals."
    )


def _title(series: Series) -> str:
    return series.indicator.title + (", by month" if series.indicator.months_of else "")
