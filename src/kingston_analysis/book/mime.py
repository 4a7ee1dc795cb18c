"""What Jupyter Book makes of notebooks: a specification becomes its chart, with all beside it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from docutils import nodes
from myst_nb.core.render import NbElementRenderer

from kingston_analysis.book.context import DRAWINGS, build_context
from kingston_analysis.book.draw import WIDTHS, read_drawing, specification_hash
from kingston_analysis.show.figure_html import Drawing, figure_html
from kingston_analysis.show.mimes import FIGURE


class Elements(NbElementRenderer):
    """Render notebooks for MyST-NB without writing them again; nobody reads that copy."""

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
        return [nodes.raw("", text, format="html")]
