"""What Jupyter Book makes of notebooks: a specification becomes its chart, with all beside it."""

from __future__ import annotations

import dataclasses
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from docutils import nodes
from markdown_it import MarkdownIt
from myst_nb.core.render import MimeData, NbElementRenderer
from myst_parser.config.main import MdParserConfig

from kingston_analysis.book.context import DRAWINGS, build_context
from kingston_analysis.book.draw import WIDTHS, read_drawing, specification_hash
from kingston_analysis.book.in_book import html_node
from kingston_analysis.show.escaping import ForeignMarkupError, own_html, split_details
from kingston_analysis.show.figure_html import Drawing, figure_html
from kingston_analysis.show.mimes import FIGURE

# All that an output is shown as; of any other type, Sphinx warns that it is not known.
SHOWN = {FIGURE, "text/html", "text/markdown", "text/plain"}


class Elements(NbElementRenderer):
    """Render notebooks for MyST-NB: figures, tables and words of ours, and plain text.

    They are not written again; nobody reads that copy.
    """

    def render_mime_type(self, data: MimeData) -> list[nodes.Element]:
        """Render an output, unless it is of a type that could do more than be read."""
        known = data.mime_type in SHOWN
        return super().render_mime_type(data) if known else self.render_unhandled(data)

    def render_text_html(self, data: MimeData) -> list[nodes.Element]:
        """Render a table of ours, or refuse HTML of others."""
        try:
            return [html_node(own_html(data.string), "output", "text_html")]
        except ForeignMarkupError as foreign:
            self.logger.warning(f"HTML that is no table of ours: {foreign}", line=data.line)
            return []

    def render_markdown(self, data: MimeData) -> list[nodes.Element]:
        """Render Markdown without roles, directives and HTML, whatever stands in it."""
        details = split_details(data.string)
        if details is None:
            return self._render_words(data)
        opening, body, closing = details
        inside = self._render_words(dataclasses.replace(data, content=body))
        return [html_node(opening), *inside, html_node(closing)]

    def _render_words(self, data: MimeData) -> list[nodes.Element]:
        renderer = self.renderer
        usual = renderer.md, renderer.md_config
        renderer.md_config = MdParserConfig(commonmark_only=True)
        renderer.md = MarkdownIt("commonmark", renderer_cls=type(renderer))
        renderer.md.disable(["html_inline", "html_block"])
        renderer.md.options["myst_config"] = renderer.md_config
        try:
            # Which is by the parser at hand.
            return self._render_markdown_base(data, fmt="myst", inline=False)
        finally:
            renderer.md, renderer.md_config = usual

    def write_file(
        self, path: list[str], content: bytes, overwrite: bool = False, exists_ok: bool = False
    ) -> str:
        """Write a file of an output, such as a picture, unless it is the notebook itself."""
        return (
            ""
            if path[-1].endswith(".ipynb")
            else super().write_file(path, content, overwrite, exists_ok)
        )


class Renderer:
    """Render figures for MyST-NB."""

    mime_priority_overrides: ClassVar = [("*", FIGURE, 0)]

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        """Return the nodes of a figure, or None for any other output."""
        if inline or data.mime_type != FIGURE:
            return None
        environment = renderer.renderer.sphinx_env
        page, book = PurePosixPath(environment.docname), Path(environment.srcdir)
        name = specification_hash(data.content)
        drawing = Drawing(*(read_drawing(book / DRAWINGS, name, width) for width in WIDTHS))
        up = "../" * (len(page.parts) - 1)
        about = data.content["usermeta"]
        text = figure_html(about, page.name, drawing, up, build_context(book).code)
        return [html_node(text)]
