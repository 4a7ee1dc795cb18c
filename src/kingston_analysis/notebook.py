"""The few names that a notebook may import: open a page, and say and show what it finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from IPython.display import display

from kingston_analysis.answers.change import change
from kingston_analysis.answers.changed import done_otherwise, happened, revised, turned_round
from kingston_analysis.answers.community import (
    concerns,
    opinions,
    standing,
    survey_limits,
    survey_sources,
    surveys,
    who_answered,
)
from kingston_analysis.answers.comparison import comparison
from kingston_analysis.answers.harm import harm
from kingston_analysis.answers.level import headline, over_the_years
from kingston_analysis.answers.matrix import decisions, how_sure, matrix, moved
from kingston_analysis.answers.methods import alarm_quality
from kingston_analysis.answers.progress import (
    implemented,
    own_working,
    projections_scored,
    targets,
    what_figures_did,
)
from kingston_analysis.answers.projection import projection
from kingston_analysis.answers.seasons import seasons
from kingston_analysis.answers.trend import trend
from kingston_analysis.answers.wards import wards
from kingston_analysis.answers.why import hypotheses, why
from kingston_analysis.data.areas import check_borough
from kingston_analysis.data.editions import load_edition
from kingston_analysis.data.tables.load import Table
from kingston_analysis.data.topics import OVERVIEW, load_topic
from kingston_analysis.looking_back import LookingBack
from kingston_analysis.results import MIME, Finding, Findings, as_objects
from kingston_analysis.show.answers import Answer
from kingston_analysis.show.display import DisplayTable
from kingston_analysis.show.figures import Figure
from kingston_analysis.show.finding_table import finding_table
from kingston_analysis.show.source_views import (
    caveats,
    cited,
    hashes_table,
    sources_table,
    uses_table,
)

__all__ = [
    "alarm_quality",
    "caveats",
    "change",
    "comparison",
    "concerns",
    "decisions",
    "done_otherwise",
    "happened",
    "harm",
    "hashes_table",
    "headline",
    "how_sure",
    "hypotheses",
    "implemented",
    "matrix",
    "moved",
    "open_page",
    "opinions",
    "over_the_years",
    "own_working",
    "projection",
    "projections_scored",
    "revised",
    "seasons",
    "sources_table",
    "standing",
    "survey_limits",
    "survey_sources",
    "surveys",
    "tables_of",
    "targets",
    "trend",
    "turned_round",
    "uses_table",
    "wards",
    "what_figures_did",
    "who_answered",
    "why",
]


@dataclass
class Page(LookingBack):
    """One page of an edition: what it may see, and where it puts what it finds."""

    _published: list[Finding] = field(default_factory=list)

    def say(self, text: str) -> None:
        """Show a paragraph of Markdown."""
        display({"text/markdown": text, "text/plain": text}, raw=True)

    def show(self, shown: Figure | DisplayTable, *, on_request: bool = False) -> None:
        """Show a figure, with its evidence, or a table, which may open on request only."""
        if isinstance(shown, Figure):
            sources = [cited(self.load(name)) for name in shown.tables]
            made_by = {"template": self.template, "parameters": self.parameters}
            for bundle in shown.as_bundles({**made_by, "sources": sources}):
                display(bundle, raw=True)
        elif not shown.rows:
            self.say(f"{shown.caption}: none.")
        else:
            made = shown.as_details() if on_request else shown.as_html()
            display({"text/html": made, "text/plain": shown.as_text()}, raw=True)

    def tell(self, answers: Iterable[Answer]) -> None:
        """Say, show and publish answers, in their order."""
        for answer in answers:
            if answer.words:
                self.say(answer.words)
            for each in answer.shown:
                self.show(each)
            for each in answer.on_request:
                self.show(each, on_request=True)
            if answer.values:
                self.publish(answer.values, *answer.tables)

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
        display({MIME: as_objects(made), "text/plain": finding_table(made)}, raw=True)

    def publish_series(self) -> None:
        """Publish what each indicator gives; all but the lead's names carry the indicator's id."""
        for each, values in self.indicator_values():
            self.publish(values, each.table.name, *["population"] * each.indicator.rate)


def open_page(template: str, *, edition: int, area: str, **parameters: str) -> Page:
    """Open a page of an edition for a borough and, where the template takes one, a topic.

    Raises KingstonError for an edition, borough or topic that does not exist.
    """
    check_borough(area)
    topic = load_topic(parameters.get("topic", OVERVIEW))
    given = {"edition": edition, "area": area, **parameters}
    return Page(template, load_edition(edition), area, topic, given)


def tables_of(page: Page, findings: Findings) -> list[Table]:
    """Load every table that findings were drawn from, in the order of first use."""
    names = dict.fromkeys(source["table"] for each in findings for source in each.sources)
    return [page.load(name) for name in names]
