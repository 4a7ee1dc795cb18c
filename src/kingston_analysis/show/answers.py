"""An answer: what a page says, shows and publishes on one of its questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kingston_analysis.results import Finding, Gap
from kingston_analysis.show.display import DisplayTable
from kingston_analysis.show.figures import Figure


@dataclass(frozen=True)
class Answer:
    """Words first, then what is shown, then tables that open on request.

    `values` are findings, drawn from the `tables` named. `gap` is the question that has no answer,
    and why; the page lists it with all that it does not know.
    """

    words: str = ""
    shown: tuple[Figure | DisplayTable, ...] = ()
    values: tuple[Finding, ...] = ()
    tables: tuple[str, ...] = ()
    on_request: tuple[DisplayTable, ...] = ()
    gap: tuple[str, Gap] | None = None


def unanswered(question: str, gap: Gap, **more: Any) -> Answer:
    """Say that a question has no answer here, and why; `more` are other fields of the answer."""
    return Answer(f"**{question}: not available.** {gap.why}", gap=(question, gap), **more)
