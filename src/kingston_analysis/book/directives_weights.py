"""The directive that lets a reader of the matrix move its weights."""

from __future__ import annotations

from docutils import nodes

from kingston_analysis.book.directives import BookDirective


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

        return [nodes.raw("", weight_explorer_html(self.context.matrix), format="html")]
