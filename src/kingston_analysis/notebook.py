"""What a notebook may use: open a page of an edition; it shows answers and publishes findings.

A notebook opens its page with `open_topic` or `open_edition`, hands the page to analyses, which
answer, and ends each cell in an answer, which then shows itself. `page.view` is what the page sees:
tables and what is measured of them. `page.figure` and `page.finding` make an answer of the
analyst's own chart and number. Where a number is asked for, `Estimate` is one with its interval and
`Gap` says why there is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

import altair as alt
import pandas as pd
from IPython.display import display
from markupsafe import Markup

from kingston_analysis.data.areas import check_borough
from kingston_analysis.data.editions import load_edition
from kingston_analysis.data.tables.load import Table
from kingston_analysis.data.topics import load_topic
from kingston_analysis.errors import Problem, raise_any
from kingston_analysis.project import Project
from kingston_analysis.records.injected import check_injected
from kingston_analysis.records.pages import TOPIC, page_name
from kingston_analysis.results import MIME, Estimate, Gap, as_objects
from kingston_analysis.show.answer import Answer, OnRequest, Part, Publication, Unanswered
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.finding_table import finding_table
from kingston_analysis.show.own import own_caveats, own_figure, own_finding, own_table
from kingston_analysis.show.sources import cited
from kingston_analysis.show.table import DisplayTable
from kingston_analysis.show.wording import listed
from kingston_analysis.views.edition import EditionView
from kingston_analysis.views.scope import Scope
from kingston_analysis.views.topic import TopicView

__all__ = ["Estimate", "Gap", "NotebookPage", "open_edition", "open_topic"]

REMEDY = "End the cell in it, or write `display(…)`."

V = TypeVar("V", TopicView, EditionView)


@dataclass(repr=False)
class NotebookPage(Generic[V]):
    """One page of an edition: `view` is what it sees; answers made of it show themselves.

    `figure` and `finding` make answers of an analyst's own chart and number; `not_known` lists what
    the page cannot tell, so it comes last.
    """

    notebook: str
    parameters: dict[str, int | str]
    view: V
    _gaps: dict[str, Unanswered] = field(default_factory=dict)
    _unshown: dict[int, tuple[str, Answer]] = field(default_factory=dict)

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
        self._unshown.pop(id(answer), None)
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

    def _show_table(self, table: DisplayTable, html: Markup) -> None:
        if table.rows:
            display({"text/html": str(html), "text/plain": table.as_text()}, raw=True)
        else:
            _say(f"{table.caption}: none.")

    def _publish(self, part: Publication) -> None:
        if not part.findings:
            return
        sources = tuple({"table": n, "hash": self.view.load(n).meta.hash} for n in part.tables)
        made = [
            replace(
                each,
                page=self.name,
                template=self.notebook,
                area=self.view.area,
                topic=self._topic,
                sources=sources,
            )
            for each in part.findings
        ]
        display({MIME: as_objects(made), "text/plain": finding_table(made)}, raw=True)

    def figure(
        self,
        chart: alt.Chart | alt.LayerChart,
        *,
        heading: str = "",
        alternative: str = "",
        tables: Iterable[str] = (),
        note: str = "",
        name: str = "",
    ) -> Answer:
        """Make an Altair chart a figure with alternative, table, CSV and evidence card.

        `heading` says what it shows; compute what it says of numbers. The chart's own frame is the
        table, and its columns are the headings: keep those that are drawn, and name them for
        readers. `alternative` is for those who cannot see it, in 40 to 250 characters; where one
        simple mark stands over x and y it is made. `tables` are the names of those that the
        figures come from; a break in them that the frame crosses is added to `note`. `name` is the
        figure's name in addresses, by default made of the heading. Raises KingstonError for what is
        missing or does not fit.
        """
        drawn_from = self._loaded(tables)
        figure = own_figure(chart, heading, alternative, drawn_from, note, name, self.view.edition)
        return self._made("figure", heading, figure.table.as_frame(), figure)

    def table(
        self, frame: pd.DataFrame, *, caption: str = "", tables: Iterable[str] = ()
    ) -> Answer:
        """Make a frame a table with a caption, for readers; its columns are the headings.

        `tables` are the names of those that the figures come from. Raises KingstonError for what is
        missing or does not fit.
        """
        drawn_from = self._loaded(tables)
        shown = own_table(frame, caption, drawn_from, self.view.edition)
        return self._made("table", caption, frame, shown, own_caveats(frame, drawn_from))

    def finding(
        self,
        name: str,
        value: Estimate | Gap | float | str,
        *,
        rows: pd.DataFrame,
        tables: Iterable[str] = (),
        unit: str = "",
        period: str | None = None,
    ) -> Answer:
        """Publish a value, and with it the rows and tables that it comes from.

        A text binds it as ``{number}`page.name` ``; `name` is written in small letters, digits and
        _, after a subject and a dot if it has one. `rows` have the columns `area` and `period`, or
        those of their table; the period is read from them, and one that is given as `period` must
        agree. `unit` says what is counted. A break that the rows cross is said below. Raises
        KingstonError for rows that are empty, of another area, of no period or on both sides of a
        break that refuses comparison, and for what else is missing or does not fit.
        """
        drawn_from, view = self._loaded(tables), self.view
        found = own_finding(name, value, unit, rows, drawn_from, period, view.area, view.edition)
        names = tuple(table.name for table in drawn_from)
        caveats = own_caveats(rows, drawn_from)
        return self._made("finding", name, rows, caveats, Publication((found,), names))

    def _made(self, kind: str, name: str, *parts: Part) -> Answer:
        """Make an answer of the analyst's own, which the page must show before it ends."""
        answer = Answer(name, parts, self)
        self._unshown[id(answer)] = (f"The {kind} '{name}'", answer)
        return answer

    def _loaded(self, names: Iterable[str]) -> list[Table]:
        given = [names] if isinstance(names, str) else names
        return [self.view.load(name) for name in dict.fromkeys(given)]

    def not_known(self) -> Answer:
        """List what the page cannot tell.

        Indicators without the year assessed, the questions to which the page has shown no
        answer, and evidence that is not held; what has one reason stands once. Raises KingstonError
        where the page made a figure, table or finding of its own and never showed it.
        """
        raise_any(
            Problem(f"{name} was made, and no cell shows it.", remedy=REMEDY)
            for name, _ in self._unshown.values()
        )
        lines: list[str] = []
        if isinstance(self.view, TopicView):
            lines += [f"{title}: {gap.why}" for title, gap in self.view.missing.items()]
        questions: dict[str, list[str]] = {}
        for each in self._gaps.values():
            questions.setdefault(each.gap.why, []).append(each.question)
        lines += [_unanswered(q, why) for why, q in questions.items() if why not in lines]
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
    edition, borough or topic that does not exist, and for a parameter that papermill was given and
    the notebook does not take.
    """
    parameters: dict[str, int | str] = {"edition": edition, "area": area, "topic": topic}
    check_injected(parameters)
    scope = _scope(project, edition, area)
    view = TopicView(scope, load_topic(scope.project, topic))
    return NotebookPage(notebook, parameters, view)


def open_edition(
    notebook: str, *, edition: int, area: str, project: Project | None = None
) -> NotebookPage[EditionView]:
    """Open the page that a notebook makes of a whole edition, for a borough.

    The project is by default the one in which the notebook runs. Raises KingstonError for an
    edition or borough that does not exist, and for a parameter that papermill was given and the
    notebook does not take.
    """
    parameters: dict[str, int | str] = {"edition": edition, "area": area}
    check_injected(parameters)
    view = EditionView(_scope(project, edition, area))
    return NotebookPage(notebook, parameters, view)


def _scope(project: Project | None, edition: int, area: str) -> Scope:
    project = project or Project.find()
    check_borough(project, area)
    return Scope(project, load_edition(project, edition), area)


def _unanswered(questions: list[str], why: str) -> str:
    """Say why some questions have no answer; their titles are no part of the sentence."""
    return f"{listed(f'“{each}”' for each in questions)}: not available. {why}"


def _say(text: str) -> None:
    display({"text/markdown": text, "text/plain": text}, raw=True)
