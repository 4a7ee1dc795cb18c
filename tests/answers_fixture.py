"""Answers of analyses to views that hold only what a test gives them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from kingston_analysis.show.answer import Answer


def answer_of(
    analysis: Callable[..., Answer], options: dict[str, Any] | None = None, **seen: Any
) -> Answer:
    """Return the answer of an analysis to a view that has these attributes."""
    return analysis(SimpleNamespace(view=SimpleNamespace(**seen)), **(options or {}))
