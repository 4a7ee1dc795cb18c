"""The charts of the published summary: one a theme, with what its evidence says in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes

from kingston_analysis.book.context import DRAWINGS, Card
from kingston_analysis.book.directives import BookDirective
from kingston_analysis.book.draw import WIDTHS, read_drawing
from kingston_analysis.book.sparkline_cards import direction_text
from kingston_analysis.show.escaping import html
from kingston_analysis.show.wording import without_figure


class chart(nodes.General, nodes.Element):  # noqa: N801 - docutils names its nodes so.
    """A drawn chart: `drawing` names it, `alternative` says in words what it shows."""


class ThemeCharts(BookDirective):
    """Show each theme with its headline and the chart of its years, or why there is none."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return a section for each theme."""
        shown: dict[str, str] = {}
        return [self._theme(card, shown) for card in self.context.cards]

    def _theme(self, card: Card, shown: dict[str, str]) -> nodes.Node:
        title = nodes.title("", "", self.link(card.title, card.link.removesuffix(".html")))
        return nodes.section("", title, *self._body(card, shown), ids=[f"summary-{card.topic}"])

    def _body(self, card: Card, shown: dict[str, str]) -> list[nodes.Node]:
        headline = self.findings.get(f"{card.topic}.headline")
        if headline.value is None:
            return self.no_figures(*without_figure(headline))
        # The first line tells the level; of the change the direction is enough here.
        level, direction = str(headline.value).split("\n")[0], self._direction(card.topic)
        sentence = nodes.paragraph(text=f"{level} {direction}.")
        found = self.context.charts.get(card.topic)
        if found is None:
            return [sentence]
        if found["drawing"] in shown:
            same = f"It is the figure that stands under {shown[found['drawing']].lower()}."
            return [sentence, nodes.paragraph(text=same)]
        shown[found["drawing"]] = card.title
        return [sentence, chart(**found)]

    def _direction(self, topic: str) -> str:
        return direction_text(self.findings.get(f"{topic}.change"))


def visit_chart(translator: Any, node: chart) -> None:
    """Draw a chart on the page, for wide and for narrow screens."""
    folder = Path(translator.builder.srcdir) / DRAWINGS
    drawings = {width: read_drawing(folder, node["drawing"], width) for width in WIDTHS}
    translator.body.append(html("chart.html.j2", alternative=node["alternative"], **drawings))
    raise nodes.SkipNode
