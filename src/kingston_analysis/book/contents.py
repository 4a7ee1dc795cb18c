"""The contents of a book: which pages it has, in which order."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kingston_analysis.errors import ROOT
from kingston_analysis.tables.yamls import load_yaml

CONTENTS = "_toc.yml"
# In the contents, the place of the edition's topics.
TOPICS_HERE = "evidence/topics-of-the-edition"


def contents_of(
    plan: str | None, topics: Iterable[str], book: Path = ROOT / "book"
) -> dict[str, Any]:
    """Return the contents: the plan's pages only with the plan, the topics in their place."""
    contents = load_yaml(book / CONTENTS, dict[str, Any])
    named = list(topics)
    parts = []
    for part in contents["parts"]:
        chapters = [each for entry in part["chapters"] for each in _entries(entry, plan, named)]
        if chapters:
            parts.append({**part, "chapters": chapters})
    return {**contents, "parts": parts}


def pages_in(contents: dict[str, Any]) -> list[str]:
    """List the pages that contents name, the first one first."""
    chapters = [entry["file"] for part in contents["parts"] for entry in part["chapters"]]
    return [contents["root"], *chapters]


def _entries(entry: dict[str, Any], plan: str | None, topics: list[str]) -> list[dict[str, Any]]:
    file = entry["file"]
    if file == TOPICS_HERE:
        return [{"file": f"evidence/{topic}"} for topic in topics]
    if file.startswith("plans/") and not file.startswith(f"plans/{plan}/"):
        return []
    return [entry]
