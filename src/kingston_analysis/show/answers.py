"""An answer: what a page says, shows and publishes on one of its questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kingston_analysis.show.display import DisplayTable
from kingston_analysis.show.figures import Figure


@dataclass(frozen=True)
class Answer:
    """Words first, then what is shown, then tables that open on request.

    `values` are findings, drawn from the `tables` named.
    """

    words: str = ""
    shown: tuple[Figure | DisplayTable, ...] = ()
    values: tuple[dict[str, Any], ...] = ()
    tables: tuple[str, ...] = ()
    on_request: tuple[DisplayTable, ...] = ()


def unanswered(question: str, why: str) -> Answer:
    """Say that a question has no answer here, and why."""
    return Answer(f"**{question}: not available.** {why}")
