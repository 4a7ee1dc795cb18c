"""The themes that a plan adopted."""

from __future__ import annotations

from pathlib import Path

from kingston_analysis.tables.metadata import DATA, Text
from kingston_analysis.tables.yamls import Strict, load_yaml
from kingston_analysis.topics import Identifier


class Theme(Strict):
    """A topic that the partnership adopted as a priority; `page` is its narrative page."""

    id: Identifier
    title: Text
    topic: Identifier
    page: Text


def load_themes(plan: str, data: Path = DATA) -> list[Theme]:
    """Read the themes of a plan in its order."""
    return load_yaml(data / "plans" / plan / "themes.yml", list[Theme])
