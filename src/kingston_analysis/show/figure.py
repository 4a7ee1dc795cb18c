"""A figure: heading, chart, text alternative, data and evidence, emitted as one piece of data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from kingston_analysis.errors import KingstonError
from kingston_analysis.show.escaping import element_html
from kingston_analysis.show.mimes import CAPTION, FIGURE
from kingston_analysis.show.table import DisplayTable, rounded

SHORTEST, LONGEST = 40, 250


@dataclass(frozen=True)
class Figure:
    """A chart, what it shows in words, a sentence for those who cannot see it, and its data."""

    id: str
    heading: str
    chart: alt.Chart | alt.LayerChart
    alternative: str
    table: DisplayTable
    tables: tuple[str, ...]
    period: str
    note: str = ""

    def __post_init__(self) -> None:
        if not SHORTEST <= len(self.alternative) <= LONGEST:
            raise KingstonError(
                f"Figure '{self.id}': the text alternative has {len(self.alternative)} characters.",
                f"Write {SHORTEST} to {LONGEST}.",
            )

    def as_bundles(self, evidence: dict[str, Any]) -> list[dict[str, Any]]:
        """Return what a notebook puts out, in order: heading, chart and, if there is one, note."""
        heading, note = self._caption("heading", "h3"), self._caption("note", "p")
        return [heading, self.as_bundle(evidence), *([note] if self.note else [])]

    def _caption(self, part: Literal["heading", "note"], element: str) -> dict[str, Any]:
        text = getattr(self, part)
        return {
            CAPTION: {"figure": self.id, "part": part},
            "text/html": str(element_html(element, text)),
            "text/plain": text,
        }

    def as_bundle(self, evidence: dict[str, Any]) -> dict[str, Any]:
        """Return the chart's MIME bundle: specification, all about it in `usermeta`, and text."""
        specification = self.chart.to_dict()
        specification["usermeta"] = {
            "figure": self.id,
            "heading": self.heading,
            "alternative": self.alternative,
            "note": self.note,
            "table": self.table.as_data(),
            "evidence": {"period": self.period, **evidence},
        }
        text = f"{self.alternative}\n{self.table.as_text()}"
        return {FIGURE: rounded(specification), "text/plain": text}
