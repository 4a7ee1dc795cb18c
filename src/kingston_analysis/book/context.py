"""The build context: what a book knows of itself while Sphinx builds it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kingston_analysis.project import json_of
from kingston_analysis.results import Findings, read_findings

CONTEXT_FILE = "_book.json"
FINDINGS_FILE = "_extra/findings.json"
DRAWINGS = "_charts"
# It heads every page of a draft.
DRAFT = (
    "Draft. This edition is not finished: some of it was carried over from an earlier one and is "
    "not confirmed yet."
)
# What is set for paper; it is written while the book is built.
SUMMARY_FILE = "_summary.typ"


@dataclass(frozen=True)
class Card:
    """One of the landing page's sparkline cards: a theme or topic, its page, and its evidence."""

    title: str
    link: str
    topic: str


@dataclass(frozen=True)
class BuildContext:
    """What roles and directives may print.

    `charts` has, by page, the first chart over the years: its `drawing` and `alternative`.
    """

    year: int
    title: str
    draft: bool
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


def write_context(context: BuildContext, book: Path) -> None:
    """Write the build context into an assembled book."""
    text = json.dumps(asdict(context), ensure_ascii=False, indent=1)
    (book / CONTEXT_FILE).write_text(text + "\n", encoding="utf-8", newline="\n")


@cache
def build_context(book: Path) -> BuildContext:
    """Read the build context of an assembled book."""
    found = json_of((book / CONTEXT_FILE).read_text(encoding="utf-8"))
    return BuildContext(**{**found, "cards": [Card(**card) for card in found["cards"]]})


@cache
def book_findings(book: Path) -> Findings:
    """Read the findings of an assembled book."""
    return read_findings(book / FINDINGS_FILE)
