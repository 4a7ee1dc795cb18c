"""An executed notebook for viewers that know nothing of this package: its charts as pictures."""

from __future__ import annotations

import copy
from pathlib import Path

import nbformat
from markupsafe import escape
from nbformat import NotebookNode

from kingston_analysis.book.draw import read_drawing, specification_hash
from kingston_analysis.show.mimes import FIGURE

SVG = "image/svg+xml"
# In the book an element with role and label stands around each drawing.
HIDDEN = 'aria-hidden="true" focusable="false"'


def with_drawings(notebook: NotebookNode, drawings: Path) -> NotebookNode:
    """Return an executed notebook with each chart's wide drawing, from a folder, beside its data.

    Without these pictures it is the notebook that its page's record vouches for.
    """
    drawn = copy.deepcopy(notebook)
    for cell in drawn.cells:
        for output in cell.get("outputs", []):
            if figure := output.get("data", {}).get(FIGURE):
                svg = read_drawing(drawings, specification_hash(figure), "wide")
                output.data[SVG] = _described(str(svg), figure["usermeta"]["alternative"])
    return drawn


def without_drawings(text: str) -> str:
    """Return the text of a published notebook as it was when its page's record was made.

    Raises ValueError, or what nbformat raises, for what is no notebook.
    """
    notebook = nbformat.reads(text, as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if FIGURE in output.get("data", {}):
                output.data.pop(SVG, None)
    return nbformat.writes(notebook) + "\n"


def _described(svg: str, alternative: str) -> str:
    """Say in the picture itself what it shows."""
    return svg.replace(HIDDEN, f'role="img" aria-label="{escape(alternative)}"', 1)
