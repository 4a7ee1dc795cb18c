"""What a notebook may use: open a page of an edition; it shows answers and publishes findings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from IPython.display import display

from kingston_analysis.data.areas import check_borough
from kingston_analysis.data.editions import load_edition
from kingston_analysis.data.topics import load_topic
from kingston_analysis.project import Project
from kingston_analysis.records.pages import TOPIC, page_name
from kingston_analysis.results import MIME, as_objects
from kingston_analysis.show.answer import Answer, OnRequest, Part, Publication, Unanswered
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.finding_table import finding_table
from kingston_analysis.show.sources import cited
from kingston_analysis.show.table import DisplayTable
from kingston_analysis.show.wording import listed
from kingston_analysis.views.edition import EditionView
from kingston_analysis.views.scope import Scope
from kingston_analysis.views.topic import TopicView

__all__ = ["NotebookPage", "open_edition", "open_topic"]

V = TypeVar("V", TopicView, EditionView)


@dataclass(repr=False)
class NotebookPage(Generic[V]):
    """One page of an edition: `view` is what it sees; answers made of it show themselves."""

    notebook: str
    parameters: dict[str, int | str]
    view: V
    _gaps: dict[str, Unanswered] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the page's name in its book."""
        return page_name(self.notebook, self._topic)

    @property
    def _topic(self) -> str | None:
        topic = self.parameters.get("topic")
        return None if topic is None else str(topic)

    def show(self, answer: Answer) -> None:
        """Show an answer part by part, publish its findings, remember what it cannot tell."""
        for part in answer.parts:
            self._show(part)

    def _show(self, part: Part) -> None:
        if isinstance(part, Figure):
            self._show_figure(part)
        elif isinstance(part, DisplayTable):
            self._show_table(part, part.as_html())
        elif isinstance(part, OnRequest):
            self._show_table(part.table, part.table.as_details())
        elif isinstance(part, Publication):
            self._publish(part)
        elif isinstance(part, Unanswered):
            self._gaps[part.question] = part
            _say(str(part))
        elif isinstance(part, str) and part:
            _say(part)

    def _show_figure(self, figure: Figure) -> None:
        sources = [cited(self.view.load(name)) for name in figure.tables]
        made_by = {"template": self.notebook, "parameters": self.parameters}
        for bundle in figure.as_bundles({**made_by, "sources": sources}):
            display(bundle, raw=True)

    def _show_table(self, table: DisplayTable, html: str) -> None:
        if table.rows:
            display({"text/html": html, "text/plain": table.as_text()}, raw=True)
        else:
            _say(f"{table.caption}: none.")

    def _publish(self, part: Publication) -> None:
        if not part.findings:
            return
        sources = tuple({"table": n, "hash": self.view.load(n).meta.hash} for n in part.tables)
        page = {"page": self.name, "template": self.notebook, "area": self.view.area}
        made = [replace(each, **page, topic=self._topic, sources=sources) for each in part.findings]
        display({MIME: as_objects(made), "text/plain": finding_table(made)}, raw=True)

    def not_known(self) -> Answer:
        """List what the page cannot tell.

        Missing indicators, figures that are old, the questions to which the page has shown no
        answer, and evidence that is not held; what has one reason stands once.
        """
        lines: list[str] = []
        if isinstance(self.view, TopicView):
            lines += [f"{title}: {gap.why}" for title, gap in self.view.missing.items()]
            lines += [
                f"{each.indicator.title}: the newest figure held is of {each.latest}."
                for each in self.view.series
                if each.latest[:4] < self.view.edition.assessed[:4]
            ]
        questions: dict[str, list[str]] = {}
        for each in self._gaps.values():
            questions.setdefault(each.gap.why, []).append(each.question)
        lines += [f"{listed(q)}: {why}" for why, q in questions.items() if why not in lines]
        if isinstance(self.view, TopicView):
            lines += self.view.topic.not_held
        text = "\n".join(f"- {line}" for line in lines) or "Nothing is known to be missing."
        return Answer("What we do not know", (text,), self)

    def __repr__(self) -> str:
        return f"Page {self.name}\n{self.view!r}"


def open_topic(
    notebook: str = TOPIC,
    *,
    edition: int,
    area: str,
    topic: str,
    project: Project | None = None,
) -> NotebookPage[TopicView]:
    """Open the page that a notebook makes of a topic, as an edition sees it for a borough.

    The project is by default the one in which the notebook runs. Raises KingstonError for an
    edition, borough or topic that does not exist.
    """
    scope = _scope(project, edition, area)
    view = TopicView(scope, load_topic(scope.project, topic))
    return NotebookPage(notebook, {"edition": edition, "area": area, "topic": topic}, view)


def open_edition(
    notebook: str, *, edition: int, area: str, project: Project | None = None
) -> NotebookPage[EditionView]:
    """Open the page that a notebook makes of a whole edition, for a borough.

    The project is by default the one in which the notebook runs. Raises KingstonError for an
    edition or borough that does not exist.
    """
    view = EditionView(_scope(project, edition, area))
    return NotebookPage(notebook, {"edition": edition, "area": area}, view)


def _scope(project: Project | None, edition: int, area: str) -> Scope:
    project = project or Project.find()
    check_borough(project, area)
    return Scope(project, load_edition(project, edition), area)


def _say(text: str) -> None:
    display({"text/markdown": text, "text/plain": text}, raw=True)
