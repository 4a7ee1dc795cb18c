"""The notebooks that editions name as pages of their own: their texts, and what these bind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kingston_analysis.book.guard.sentences import OF_FINDINGS, ROLE
from kingston_analysis.project import json_of


def bound_in(text: str) -> Iterator[tuple[str, int]]:
    """Give each finding that a text binds, with its line."""
    for match in ROLE.finditer(text):
        if match["role"] in OF_FINDINGS and match["role"] != "edition":
            yield match["text"], text.count("\n", 0, match.start()) + 1


def markdown_of(notebook: Path) -> list[str]:
    """Return the texts of a notebook's cells of Markdown; none where it cannot be read."""
    try:
        cells = json_of(notebook.read_bytes())["cells"]
        return ["".join(each["source"]) for each in cells if each["cell_type"] == "markdown"]
    except (ValueError, LookupError, TypeError):
        # Its own faults come first.
        return []
