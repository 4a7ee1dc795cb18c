"""The notebooks that editions name as pages of their own: their texts, and what these bind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from kingston_analysis.data.markup import FINDING_ROLES
from kingston_analysis.project import json_of

# Anywhere, in code too.
_ROLE = re.compile(r"\{(?P<role>[a-z-]+)\}`(?P<text>[^`]+)`")


def bound_in(text: str) -> Iterator[tuple[str, int]]:
    """Give each finding that a text binds, with its line."""
    for match in _ROLE.finditer(text):
        if match["role"] in FINDING_ROLES:
            yield match["text"], text.count("\n", 0, match.start()) + 1


def markdown_of(notebook: Path) -> list[str]:
    """Return the texts of a notebook's cells of Markdown; none where it cannot be read."""
    try:
        cells = json_of(notebook.read_bytes())["cells"]
        return ["".join(each["source"]) for each in cells if each["cell_type"] == "markdown"]
    except (ValueError, LookupError, TypeError):
        # Its own faults come first.
        return []
