"""What a book knows of itself while Sphinx builds it: its edition, pages, themes and findings."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kingston_analysis.results import Findings, read_findings

FACTS_FILE = "_book.json"
FINDINGS_FILE = "_extra/findings.json"
DRAWINGS = "_charts"


@dataclass(frozen=True)
class Card:
    """One card of the landing page's strip: a theme or topic, its page, and its evidence."""

    title: str
    link: str
    topic: str


@dataclass(frozen=True)
class Facts:
    """The facts that roles and directives may print.

    `charts` has, by page, the first chart over the years: its `drawing` and `alternative`.
    """

    year: int
    title: str
    plan: str | None
    area: str
    assessed: str
    extraction: str
    about: str
    code: str
    cards: list[Card]
    matrix: dict[str, Any] | None
    content: dict[str, Any] | None
    charts: dict[str, dict[str, str]]


def write_facts(facts: Facts, book: Path) -> None:
    """Write the facts into an assembled book."""
    text = json.dumps(asdict(facts), ensure_ascii=False, indent=1)
    (book / FACTS_FILE).write_text(text + "\n", encoding="utf-8", newline="\n")


@cache
def facts_of(book: Path) -> Facts:
    """Read the facts of an assembled book."""
    found = json.loads((book / FACTS_FILE).read_text(encoding="utf-8"))
    return Facts(**{**found, "cards": [Card(**card) for card in found["cards"]]})


@cache
def findings_of(book: Path) -> Findings:
    """Read the findings of an assembled book."""
    return read_findings(book / FINDINGS_FILE)
