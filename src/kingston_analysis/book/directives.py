"""Directives of the narrative: evidence where it is known, cards, what is not available."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from kingston_analysis.book.context import BuildContext, book_findings, build_context
from kingston_analysis.book.sparkline_cards import sparkline_cards_html
from kingston_analysis.errors import KingstonError
from kingston_analysis.results import Finding, Findings

_log = logging.getLogger(__name__)


class BookDirective(SphinxDirective):
    """A directive that knows the build context and the findings."""

    has_content = True

    @property
    def context(self) -> BuildContext:
        """Return the build context."""
        return build_context(Path(self.env.srcdir))

    @property
    def findings(self) -> Findings:
        """Return the findings of the edition."""
        return book_findings(Path(self.env.srcdir))

    def content_nodes(self) -> list[nodes.Node]:
        """Parse what stands inside the directive."""
        container = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, container)
        return container.children

    def no_figures(self, reason: str) -> list[nodes.Node]:
        """Say that there are no figures, and why."""
        strong = nodes.strong(text="No figures yet: ")
        return [nodes.paragraph("", "", strong, nodes.Text(reason), classes=["kb-missing"])]

    def named(self) -> Finding | None:
        """Return the finding that the argument names, or warn with page and line."""
        try:
            return self.findings.get(self.arguments[0])
        except KingstonError as error:
            _log.warning("%s", error, location=self.get_location())
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
            _log.warning("%s", error, location=self.get_location())
            return []
        if period and not period.startswith("-") and period not in [f.period for f in series]:
            return self.no_figures(f"{period} is not known in this edition.")
        found = self.named()
        if found is None:
            return []
        return (
            self.content_nodes()
            if found.value is not None
            else self.no_figures(found.missing or "")
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
            body = self.no_figures(found.missing or "")
        return [*body, nodes.paragraph("", "", self._evidence_link(page))]

    def _evidence_link(self, page: str) -> nodes.Node:
        text = "See the evidence, and what is not known"
        return addnodes.pending_xref(
            "",
            nodes.inline(text=text),
            refdomain="std",
            reftype="doc",
            refexplicit=True,
            reftarget=f"/evidence/{page}",
            refdoc=self.env.docname,
            refwarn=True,
        )


class ThemeCards(BookDirective):
    """Show the plan's themes, or the topics of an edition without plan, as sparkline cards."""

    def run(self) -> list[nodes.Node]:
        """Return the cards."""
        up = "../" * self.env.docname.count("/")
        text = sparkline_cards_html(self.context.cards, self.findings, self.context.assessed, up)
        return [nodes.raw("", text, format="html")]


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
