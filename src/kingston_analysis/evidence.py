"""What a page of an edition may see: tables, the topic's series, what other pages found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.editions import Edition, narrow
from kingston_analysis.data.tables.load import Table, load
from kingston_analysis.data.topics import OVERVIEW, Topic, load_topics
from kingston_analysis.measures.families import Family, family
from kingston_analysis.measures.indicators import linked, make_series, no_full_year
from kingston_analysis.measures.series import Series
from kingston_analysis.project import Project
from kingston_analysis.records.upstream import findings_of
from kingston_analysis.results import Finding, Findings, Gap
from kingston_analysis.show.series_findings import missing_values, series_values

ONCE = {
    "matrix": "The scoring matrix",
    "progress": "Progress",
    "changed": "What changed",
    "community": "Community views",
    "methods": "How the figures were made",
}


@dataclass
class Evidence:
    """What one page of an edition may see, and what it cannot tell."""

    project: Project
    template: str
    edition: Edition
    area: str
    topic: Topic
    parameters: dict[str, Any]
    _tables: dict[str, Table] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the page's name in its book: its topic's id, or its template's name."""
        return self.parameters.get("topic", self.template)

    def load(self, name: str) -> Table:
        """Load a table, verified, as far as the edition may see it."""
        if name not in self._tables:
            self._tables[name] = narrow(load(self.project, name), self.edition)
        return self._tables[name]

    @property
    def tables(self) -> list[Table]:
        """Return the tables that the page has loaded."""
        return list(self._tables.values())

    @property
    def lead(self) -> Series:
        """Return the topic's first indicator, whether the area has it or not."""
        return self.indicators[0]

    @cached_property
    def series(self) -> list[Series]:
        """Return the topic's indicators of which the area has a full year; the lead first."""
        return [each for each in self.indicators if each.known and not each.indicator.months_of]

    @cached_property
    def over_years(self) -> list[Series]:
        """Return the indicators of which the area has two full years or more."""
        return [each for each in self.series if each.own["value"].count() > 1]

    @cached_property
    def monthly(self) -> list[Series]:
        """Return the indicators with months, if they count enough a month to show a pattern."""
        shown = [each for each in self.indicators if not each.indicator.months_of]
        return [each for each in shown if each.has_pattern]

    @cached_property
    def in_progress(self) -> list[Series]:
        """Return the indicators whose year in progress has the same months a year before."""
        shown = [each for each in self.indicators if not each.indicator.months_of]
        return [each for each in shown if each.own_part_year is not None]

    @cached_property
    def compared(self) -> list[Series]:
        """Return the indicators that at least two boroughs have in the latest year."""
        return [each for each in self.series if len(each.comparable) > 1]

    @cached_property
    def changes(self) -> Family:
        """Return every comparison in time that the page makes, corrected together."""
        return family(self.series, self.in_progress)

    @cached_property
    def missing(self) -> dict[str, Gap]:
        """Return, for each indicator without a full year, its title and why."""
        gaps = [e for e in self.indicators if e not in self.series and not e.has_pattern]
        return {_told(each): no_full_year(each, self.edition) for each in gaps}

    @property
    def lead_gap(self) -> Gap:
        """Return why the lead indicator cannot answer what takes one full year, or two."""
        lead = self.lead
        if lead.known:
            return Gap(f"Of {lead.indicator.counted}, one year only is held.")
        return Gap(f"{lead.indicator.title}: {no_full_year(lead, self.edition).why}")

    def findings(self, *pages: str) -> Findings:
        """Return what other pages of the same book found; they run before this one.

        Raises KingstonError where one was not run, or something changed since.
        """
        return Findings(findings_of(self.project, list(pages), self.edition.edition, self.area))

    def indicator_values(self) -> Iterator[tuple[Series, list[Finding]]]:
        """Give what each indicator finds; all but the lead's names carry the indicator's id."""
        lead = (self.series or self.indicators)[0]
        for each in self.indicators:
            values = (
                series_values(each, self._family_of(each))
                if each.known
                else missing_values(each, no_full_year(each, self.edition))
            )
            about = {
                "subject": "" if each is lead else each.indicator.id,
                "what": each.indicator.counted,
                "indicator": each.indicator.id,
                "polarity": each.indicator.polarity,
            }
            yield each, [replace(value, **about) for value in values]

    def _family_of(self, series: Series) -> Family:
        """Return the comparisons of the page, or those of what the page publishes only."""
        return self.changes if series in self.series else family([series], [])

    @property
    def titles(self) -> dict[str, str]:
        """Return, by name, the titles of the pages of the book that publish findings."""
        topics = load_topics(self.project)
        known = {topic: topics[topic].title for topic in self.edition.topics}
        return {"overview": topics[OVERVIEW].title, **known, **ONCE}

    @cached_property
    def indicators(self) -> list[Series]:
        """Return every indicator of the topic, whether the area has it or not."""
        boroughs, people = load_areas(self.project).borough_names, self.load("population")
        return linked(
            [
                make_series(each, self.area, self.load(each.table), people, boroughs)
                for each in self.topic.indicators
            ]
        )


def _told(series: Series) -> str:
    return series.indicator.title + ", by month" * bool(series.indicator.months_of)
