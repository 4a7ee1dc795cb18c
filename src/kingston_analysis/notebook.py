"""The few names that a notebook may import: open a page, and say and show what it finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

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
from kingston_analysis.project import Project
from kingston_analysis.results import MIME, Finding, Findings, Gap, as_objects, finding
from kingston_analysis.show.answers import Answer
from kingston_analysis.show.display import DisplayTable
from kingston_analysis.show.figures import Figure
from kingston_analysis.show.source_views import (
    caveats,
    cited,
    hashes_table,
    sources_table,
    uses_table,
)
from kingston_analysis.show.survey_words import listed

__all__ = [
    "alarm_quality",
    "caveats",
    "change",
    "comparison",
    "concerns",
    "decisions",
    "done_otherwise",
    "finding",
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
    _unanswered: list[tuple[str, Gap]] = field(default_factory=list)

    def say(self, text: str) -> None:
        """Show a paragraph of Markdown."""
        display({"text/markdown": text, "text/plain": text}, raw=True)

    def show(self, shown: Figure | DisplayTable, *, on_request: bool = False) -> None:
        """Show a figure, with its evidence, or a table, which may open on request only."""
        if isinstance(shown, Figure):
            sources = [cited(self.load(name)) for name in shown.tables]
            made_by = {"template": self.template, "parameters": self.parameters}
            display(shown.as_bundle({**made_by, "sources": sources}), raw=True)
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
            if answer.gap:
                self._unanswered.append(answer.gap)

    def not_known(self) -> str:
        """List, as Markdown, what the page cannot tell.

        Missing indicators, figures that are old, the questions to which the page has told no
        answer, and evidence that is not held; what has one reason stands once.
        """
        lines = [f"{title}: {gap.why}" for title, gap in self.missing.items()]
        old = [e for e in self.series if e.latest[:4] < self.edition.assessed[:4]]
        lines += [f"{e.indicator.title}: the newest figure held is of {e.latest}." for e in old]
        questions: dict[str, list[str]] = {}
        for question, gap in self._unanswered:
            questions.setdefault(gap.why, []).append(question)
        lines += [f"{listed(q)}: {why}" for why, q in questions.items() if why not in lines]
        lines += self.topic.not_held
        return "\n".join(f"- {line}" for line in lines) or "Nothing is known to be missing."

    def publish(self, values: Iterable[Finding], *tables: str) -> None:
        """Publish findings, and the tables behind them.

        Raises KingstonError for a name and period that this page has published before.
        """
        sources = tuple({"table": name, "hash": self.load(name).meta.hash} for name in tables)
        made = [
            replace(
                value,
                page=self.name,
                template=self.template,
                area=self.area,
                topic=self.parameters.get("topic"),
                sources=sources,
            )
            for value in values
        ]
        self._published += made
        Findings(self._published)
        display({MIME: as_objects(made), "text/plain": "\n".join(map(str, made))}, raw=True)

    def publish_series(self) -> None:
        """Publish what each indicator gives; all but the lead's names carry the indicator's id."""
        for each, values in self.indicator_values():
            self.publish(values, each.table.name, *["population"] * each.indicator.rate)


def open_page(
    template: str, *, edition: int, area: str, project: Project | None = None, **parameters: str
) -> Page:
    """Open a page of an edition for a borough and, where the template takes one, a topic.

    The project is by default the one in which the notebook runs. Raises KingstonError for an
    edition, borough or topic that does not exist.
    """
    project = project or Project.find()
    check_borough(project, area)
    topic = load_topic(project, parameters.get("topic", OVERVIEW))
    given = {"edition": edition, "area": area, **parameters}
    return Page(project, template, load_edition(project, edition), area, topic, given)


def tables_of(page: Page, findings: Findings) -> list[Table]:
    """Load every table that findings were drawn from, in the order of first use."""
    names = dict.fromkeys(source["table"] for each in findings for source in each.sources)
    return [page.load(name) for name in names]
