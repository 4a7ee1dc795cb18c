"""What roles and directives of the narrative share: their book, its warnings and its links."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from markupsafe import Markup
from sphinx import addnodes
from sphinx.util import logging

from kingston_analysis.book.context import BuildContext, book_findings, build_context
from kingston_analysis.results import Findings

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

_log = logging.getLogger(__name__)
# Marks the HTML that was made here: any other is refused (`refuse_foreign`).
_MADE = "kingston"


def html_node(made: Markup, *classes: str) -> nodes.raw:
    """Return HTML of ours as a node, the only way in which HTML gets into a page."""
    return nodes.raw("", str(made), format="html", classes=list(classes), **{_MADE: True})


def is_foreign(node: nodes.Node) -> bool:
    """Tell whether a node is HTML of others, or takes a file to the site, or runs elsewhere."""
    if isinstance(node, nodes.raw):
        return _MADE not in node
    return isinstance(
        node, addnodes.download_reference | nodes.image | nodes.math | nodes.math_block
    )


class InBook:
    """A role or directive that knows the build context and the findings."""

    # Sphinx gives these to every role and directive.
    env: BuildEnvironment
    get_location: Callable[[], str]

    @property
    def context(self) -> BuildContext:
        """Return the build context."""
        return build_context(Path(self.env.srcdir))

    @property
    def findings(self) -> Findings:
        """Return the findings of the edition."""
        return book_findings(Path(self.env.srcdir))

    @property
    def up(self) -> str:
        """Return the way from the page to the root of the book."""
        return "../" * self.env.docname.count("/")

    def warn(self, what: object) -> None:
        """Warn with page and line; a warning ends the build."""
        _log.warning("%s", what, location=self.get_location())

    def link(self, text: str, page: str) -> nodes.Node:
        """Link to a page of the book, given from its root."""
        return addnodes.pending_xref(
            "",
            nodes.inline(text=text),
            refdomain="std",
            reftype="doc",
            refexplicit=True,
            reftarget=f"/{page}",
            refdoc=self.env.docname,
            refwarn=True,
        )
