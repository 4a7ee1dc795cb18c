"""The few names that a notebook may import: open a page, and say and show what it finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from IPython.display import display

from kingston_analysis.editions import Edition, load_edition, narrow
from kingston_analysis.findings import MIME, Finding, Findings, as_objects
from kingston_analysis.measures.places import Wards, by_ward, ward_rows
from kingston_analysis.measures.series import Series, make_series
from kingston_analysis.pages.others import findings_of
from kingston_analysis.show.display import DisplayTable
from kingston_analysis.show.figures import Figure
from kingston_analysis.show.gaps import why_missing
from kingston_analysis.show.sentences import changed, changed_so_far, level
from kingston_analysis.show.series_findings import missing_values, series_values
from kingston_analysis.show.series_views import (
    boroughs_figure,
    change_table,
    months_figure,
    years_figure,
)
from kingston_analysis.show.source_views import (
    caveats,
    cited,
    hashes_table,
    sources_table,
    uses_table,
)
from kingston_analysis.show.ward_views import ward_values, wards_figure, wards_sentence
from kingston_analysis.tables.areas import check_borough, load_areas
from kingston_analysis.tables.load import Table, load
from kingston_analysis.topics import OVERVIEW, Topic, load_topic, load_topics

__all__ = [
    "boroughs_figure",
    "caveats",
    "change_table",
    "changed",
    "changed_so_far",
    "hashes_table",
    "level",
    "months_figure",
    "open_page",
    "sources_table",
    "tables_of",
    "uses_table",
    "ward_values",
    "wards_figure",
    "wards_sentence",
    "years_figure",
]


@dataclass
class Page:
    """One page of an edition: what it may see, and where it puts what it finds."""

    template: str
    edition: Edition
    area: str
    topic: Topic
    parameters: dict[str, Any]
    _tables: dict[str, Table] = field(default_factory=dict)
    _published: list[Finding] = field(default_factory=list)
    _gaps_told: bool = False

    @property
    def name(self) -> str:
        """Return the page's name in its book: its topic's id, or its template's name."""
        return self.parameters.get("topic", self.template)

    def load(self, name: str) -> Table:
        """Load a table, verified, as far as the edition may see it."""
        if name not in self._tables:
            self._tables[name] = narrow(load(name), self.edition)
        return self._tables[name]

    @property
    def tables(self) -> list[Table]:
        """Return the tables that the page has loaded."""
        return list(self._tables.values())

    @property
    def series(self) -> list[Series]:
        """Return the topic's indicators of which the area has a full year; the lead first."""
        return [each for each in self._indicators if each.known and not each.indicator.months_only]

    @property
    def over_years(self) -> list[Series]:
        """Return the indicators of which the area has two full years or more."""
        return [each for each in self.series if each.own["value"].count() > 1]

    @property
    def monthly(self) -> list[Series]:
        """Return the indicators with months, if they count enough a month to show a pattern."""
        return [each for each in self._indicators if each.has_pattern]

    @property
    def in_progress(self) -> list[Series]:
        """Return the indicators whose year in progress has the same months a year before."""
        return [each for each in self._indicators if each.own_part_year is not None]

    @property
    def compared(self) -> list[Series]:
        """Return the indicators that at least two boroughs have in the latest year."""
        return [each for each in self.series if len(each.comparable) > 1]

    @property
    def missing(self) -> dict[str, str]:
        """Return, for each indicator without a full year, its title and why."""
        known = [*self.series, *self.monthly]
        gaps = [each for each in self._indicators if each not in known]
        return {_told(each): why_missing(each, self.edition) for each in gaps}

    def wards(self, name: str) -> list[tuple[Series, Wards]]:
        """Return the lead series with its wards, where a table has them for area and year."""
        table, lead = self.load(name), self._indicators[0]
        rows = ward_rows(
            table.frame, lead.indicator.select, table.meta.period.column, table.meta.value
        )
        if (
            table.meta.covers != self.area
            or not lead.known
            or lead.latest not in set(rows["period"])
        ):
            return []
        return [(lead, by_ward(rows, lead.latest, lead.own["value"][lead.latest]))]

    def say(self, text: str) -> None:
        """Show a paragraph of Markdown."""
        display({"text/markdown": text, "text/plain": text}, raw=True)

    def say_if_none(self, found: list[Any], what: str, why: str = "") -> None:
        """Where nothing was found, say what is not available and why, by default as the lead is."""
        if found:
            return
        lead = self._indicators[0]
        if not why:
            reason = f"{lead.indicator.title}: {why_missing(lead, self.edition)}"
            why = "See above." if self._gaps_told else reason
            self._gaps_told = True
        self.say(f"**{what}: not available.** {why}")

    def show(self, shown: Figure | DisplayTable) -> None:
        """Show a figure, with its evidence, or a table."""
        if isinstance(shown, Figure):
            sources = [cited(self.load(name)) for name in shown.tables]
            made_by = {"template": self.template, "parameters": self.parameters}
            display(shown.as_bundle({**made_by, "sources": sources}), raw=True)
        else:
            display({"text/html": shown.as_html(), "text/plain": shown.as_text()}, raw=True)

    def findings(self, *pages: str) -> Findings:
        """Return what other pages of the same book found; they run before this one.

        Raises KingstonError where one was not run, or something changed since.
        """
        return Findings(findings_of(list(pages), self.edition.edition, self.area))

    @property
    def titles(self) -> dict[str, str]:
        """Return, by name, the titles of the pages of the book that publish findings."""
        topics = load_topics()
        names = {"overview": OVERVIEW, **{topic: topic for topic in self.edition.topics}}
        return {name: topics[topic].title for name, topic in names.items()}

    def publish(self, values: Iterable[dict[str, Any]], *tables: str) -> None:
        """Publish findings, each with name, period, value and unit, and the tables behind them.

        Raises KingstonError for a name and period that this page has published before.
        """
        sources = tuple({"table": name, "hash": self.load(name).meta.hash} for name in tables)
        topic = self.parameters.get("topic")
        page = (self.name, self.template, self.area, topic)
        made = [Finding(*page, **value, sources=sources) for value in values]
        self._published += made
        Findings(self._published)
        display({MIME: as_objects(made), "text/plain": "\n".join(map(str, made))}, raw=True)

    def publish_series(self) -> None:
        """Publish what each indicator gives; all but the lead's names carry the indicator's id."""
        lead = (self.series or self._indicators)[0]
        for each in self._indicators:
            values = (
                series_values(each)
                if each.known
                else missing_values(each, why_missing(each, self.edition))
            )
            prefix = "" if each is lead else f"{each.indicator.id}."
            about = {
                "what": each.indicator.counted,
                "indicator": each.indicator.id,
                "polarity": each.indicator.polarity,
            }
            named = [{**value, **about, "name": prefix + value["name"]} for value in values]
            self.publish(named, each.table.name, *["population"] * each.indicator.rate)

    def not_known(self) -> str:
        """List, as Markdown, what the page cannot tell: missing indicators, evidence not held."""
        lines = [f"- {title}: {reason}" for title, reason in self.missing.items()]
        old = [e for e in self.series if e.latest[:4] < self.edition.assessed[:4]]
        lines += [f"- {e.indicator.title}: the newest figure held is of {e.latest}." for e in old]
        lines += [f"- {sentence}" for sentence in self.topic.not_held]
        return "\n".join(lines) or "Nothing is known to be missing."

    @cached_property
    def _indicators(self) -> list[Series]:
        boroughs, people = load_areas().borough_names, self.load("population")
        return [
            make_series(each, self.area, self.load(each.table), people, boroughs)
            for each in self.topic.indicators
        ]


def _told(series: Series) -> str:
    return series.indicator.title + ", by month" * series.indicator.months_only


def open_page(template: str, *, edition: int, area: str, **parameters: str) -> Page:
    """Open a page of an edition for a borough and, where the template takes one, a topic.

    Raises KingstonError for an edition, borough or topic that does not exist.
    """
    check_borough(area)
    topic = load_topic(parameters.get("topic", OVERVIEW))
    given = {"edition": edition, "area": area, **parameters}
    return Page(template, load_edition(edition), area, topic, given)


def tables_of(page: Page) -> list[Table]:
    """Load every table that the topics of a page's edition draw on."""
    topics = load_topics()
    for name in [OVERVIEW, *page.edition.topics]:
        for indicator in topics[name].indicators:
            page.load(indicator.table)
    page.load("population")
    return page.tables
