"""Directives of the narrative: evidence where it is known, cards, what is not available."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from kingston_analysis.book.in_book import InBook, html_node
from kingston_analysis.book.plan_text import plan_text
from kingston_analysis.book.sparkline_cards import sparkline_cards_html
from kingston_analysis.errors import KingstonError
from kingston_analysis.plan.plans import Plan
from kingston_analysis.results import Finding
from kingston_analysis.show.wording import without_figure


class BookDirective(InBook, SphinxDirective):
    """A directive that knows its book, and shows what stands inside it."""

    has_content = True

    def content_nodes(self) -> list[nodes.Node]:
        """Parse what stands inside the directive."""
        container = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, container)
        return container.children

    def no_figures(self, announced: str, reason: str) -> list[nodes.Node]:
        """Say that there are no figures, and why."""
        strong = nodes.strong(text=f"{announced}: ")
        return [nodes.paragraph("", "", strong, nodes.Text(reason), classes=["kb-missing"])]

    def named(self) -> Finding | None:
        """Return the finding that the argument names, or warn with page and line."""
        try:
            return self.findings.get(self.arguments[0])
        except KingstonError as error:
            self.warn(error)
            return None


class IfKnown(BookDirective):
    """Show the content where a finding has a value, else why it has none."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the content, or one line with the reason."""
        target, _, period = self.arguments[0].partition("@")
        page, _, name = target.partition(".")
        try:
            series = self.findings.series(page, name)
        except KingstonError as error:
            self.warn(error)
            return []
        if period and not period.startswith("-") and period not in [f.period for f in series]:
            return self.no_figures("No figures yet", f"{period} is not known in this edition.")
        found = self.named()
        if found is None:
            return []
        return (
            self.content_nodes()
            if found.value is not None
            else self.no_figures(*without_figure(found))
        )


class Headline(BookDirective):
    """Print a page's computed headline, with a link to its evidence."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the headline and the link."""
        page = self.arguments[0]
        self.arguments[0] = f"{page}.headline"
        found = self.named()
        if found is None:
            return []
        lines = str(found.value).split("\n")
        body: list[nodes.Node] = [
            nodes.paragraph(text=line, classes=["kb-headline"]) for line in lines
        ]
        if found.value is None:
            body = self.no_figures(*without_figure(found))
        link = self.link("See the evidence, and what is not known", f"evidence/{page}")
        return [*body, nodes.paragraph("", "", link)]


class ThemeCards(BookDirective):
    """Show the plan's themes, or the topics of an edition without plan, as sparkline cards."""

    def run(self) -> list[nodes.Node]:
        """Return the cards."""
        text = sparkline_cards_html(self.context.cards, self.findings, self.up)
        return [html_node(text)]


class WithPlan(BookDirective):
    """Show the content only in an edition that has a plan."""

    wanted: ClassVar = True

    def run(self) -> list[nodes.Node]:
        """Return the content or nothing."""
        return self.content_nodes() if bool(self.context.plan) is self.wanted else []


class WithoutPlan(WithPlan):
    """Show the content only in an edition that has no plan."""

    wanted: ClassVar = False


class NotAvailableBox(BookDirective):
    """Mark a part that is not available, with the reason."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return a box that names the part and gives the reason."""
        title = nodes.paragraph("", "", nodes.strong(text=f"{self.arguments[0]}: not available"))
        return [nodes.container("", title, *self.content_nodes(), classes=["kb-missing"])]


class PlanPart(BookDirective):
    """Show a part of the plan as its data have it, or say that it is not available."""

    required_arguments = 1
    optional_arguments = 1
    final_argument_whitespace = True
    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the part, or warn with page and line."""
        part, which = (*self.arguments, "")[:2]
        content = self.context.content or {}
        if part in content.get("lines", {}):
            return self._parsed(content["lines"][part])
        titles = {int(each): title for each, title in content.get("indicators", {}).items()}
        try:
            lines = plan_text(Plan.model_validate(content["plan"]), titles, part, which)
        except KingstonError as error:
            self.warn(error)
            return []
        return self._parsed(lines)

    def _parsed(self, lines: list[str]) -> list[nodes.Node]:
        container = nodes.container()
        source, line = self.get_source_info()
        text = StringList(lines, items=[(source, line)] * len(lines))
        self.state.nested_parse(text, self.content_offset, container)
        return container.children


class WeightExplorer(BookDirective):
    """Show the ranking by the agreed weights, with sliders to try other weights."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the part, or a line that says that there is no matrix."""
        if self.context.matrix is None:
            text = "No matrix is kept for this edition."
            return [nodes.paragraph(text=text, classes=["kb-missing"])]
        # Brings pandas, which the books without a matrix need not wait for.
        from kingston_analysis.book.weight_explorer import weight_explorer_html

        return [html_node(weight_explorer_html(self.context.matrix))]
