"""The directive that puts a part of the plan's content on a page."""

from __future__ import annotations

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util import logging

from kingston_analysis.book.directives import BookDirective
from kingston_analysis.book.plan_text import plan_text
from kingston_analysis.errors import KingstonError
from kingston_analysis.plan.plans import Plan

_log = logging.getLogger(__name__)


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
            _log.warning("%s", error, location=self.get_location())
            return []
        return self._parsed(lines)

    def _parsed(self, lines: list[str]) -> list[nodes.Node]:
        container = nodes.container()
        source, line = self.get_source_info()
        text = StringList(lines, items=[(source, line)] * len(lines))
        self.state.nested_parse(text, self.content_offset, container)
        return container.children
