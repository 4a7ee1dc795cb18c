"""The few names that a notebook may import: open a page, and say and show what it finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from IPython.display import display

from kingston_analysis.editions import load_edition
from kingston_analysis.evidence import Evidence
from kingston_analysis.findings import MIME, Finding, Findings, as_objects
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
from kingston_analysis.tables.areas import check_borough
from kingston_analysis.tables.load import Table
from kingston_analysis.topics import OVERVIEW, load_topic, load_topics

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
class Page(Evidence):
    """One page of an edition: what it may see, and where it puts what it finds."""

    _published: list[Finding] = field(default_factory=list)
    _gaps_told: bool = False

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
