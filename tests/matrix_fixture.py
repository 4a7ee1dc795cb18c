"""Small matrices for the tests, whose every number is in sight."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pandas as pd

from kingston_analysis.matrix.cells import Cell, IndicatorValue, Matrix
from kingston_analysis.matrix.decisions import Decisions
from kingston_analysis.matrix.judgements import Judged
from kingston_analysis.matrix.scheme import Bands, Confidence, Scheme
from kingston_analysis.matrix.scoring import ranking
from kingston_analysis.matrix.sensitivity import Sensitivity, sensitivity
from kingston_analysis.results import Estimate, Gap

# A value of 10 scores 1, of 20 scores 2 and so on: the cuts lie midway.
EVEN = {"kind": "volume", "unit": "made up", "style": "number", "below": [15, 25, 35, 45]}
CONFIDENCE: dict[Confidence, float] = {"high": 0.25, "medium": 0.5, "low": 1.0}


def scheme_of(
    headings: Iterable[str] | dict[str, float],
    *,
    first: int = 1,
    fewest_computed: int = 1,
    ties: Iterable[str] = (),
    more: dict[str, dict[str, Any]] | None = None,
    **sensitivity: Any,
) -> Scheme:
    """Make a scheme of headings with weights, 1 if not said, each computed by `EVEN` or judged."""
    weights = headings if isinstance(headings, dict) else dict.fromkeys(headings, 1.0)
    settings = {
        "draws": 2000,
        "seed": 1,
        "concentration": 80.0,
        "confidence": CONFIDENCE,
        "too_close": (0.2, 0.8),
        "double_counting": 0.7,
    }
    return Scheme.model_validate(
        {
            "about": "Made up.",
            "first": first,
            "fewest_computed": fewest_computed,
            "tie_breaks": tuple(ties),
            "sensitivity": settings | sensitivity,
            "headings": [
                {
                    "id": name,
                    "title": name.title(),
                    "asks": "How much?",
                    "weight": weight,
                    "measure": EVEN,
                    "judged": {1: "little", 5: "much"},
                    **(more or {}).get(name, {}),
                }
                for name, weight in weights.items()
            ],
        }
    )


def bands(**cuts: tuple[float, float, float, float]) -> Bands:
    """Make the bands of a measure from `below` or `at_most`."""
    return Bands.model_validate({"kind": "volume", "unit": "made up", "style": "number", **cuts})


def measured(value: float, reach: float = 0.0, period: str = "2008/09") -> IndicatorValue:
    """Make a value whose 95% interval reaches so far to either side; without error if 0."""
    return IndicatorValue(Estimate(value, value - reach, value + reach), period, ("made_up",))


def judged(score: float, confidence: Confidence = "high") -> Judged:
    """Make a judgement."""
    day = datetime.date(2010, 1, 1)
    return Judged(score, confidence, "Made up.", "demonstration", "the tests", day)


def matrix_of(
    scheme: Scheme, rows: dict[str, tuple[IndicatorValue | Judged | float | None, ...]]
) -> Matrix:
    """Make a matrix; a number is a judged score, a value a computed one, None is not scored."""

    def cell(heading, given) -> Cell:
        if isinstance(given, IndicatorValue):
            return Cell(heading, given)
        no = Gap("No figure is held.")
        return Cell(heading, no, judged(given) if isinstance(given, int | float) else given)

    cells = {
        topic: {h.id: cell(h, each) for h, each in zip(scheme.headings, row, strict=True)}
        for topic, row in rows.items()
    }
    return Matrix(scheme, "Ashby", 2010, cells)


def scored_by_figures(
    scheme: Scheme, rows: dict[str, tuple[int | None, ...]], reach: float = 0.0
) -> Matrix:
    """Make a matrix of computed scores, each from a value in the middle of its band."""
    read = {
        topic: tuple(None if each is None else measured(10 * each, reach) for each in row)
        for topic, row in rows.items()
    }
    return matrix_of(scheme, read)


@dataclass
class MatrixPage:
    """A page that sees a matrix and what was decided; it shows nothing."""

    matrix: Matrix
    decisions: Decisions | Gap
    edition: SimpleNamespace
    sensitivity: Sensitivity | Gap

    @property
    def view(self) -> MatrixPage:
        """Return itself: it is what it sees."""
        return self

    @property
    def topic_titles(self) -> dict[str, str]:
        """Return the titles of the topics: their names with a capital letter."""
        return {topic: topic.title() for topic in self.matrix.cells}

    @property
    def ranks(self) -> pd.DataFrame:
        """Return lowest and highest total, scored and rank of each topic."""
        found = self.matrix
        return ranking(found.scores, found.weights, found.scheme.tie_breaks, found.ranked)

    def topic(self, topic: str) -> SimpleNamespace:
        """Return the view of a topic of which there are no figures."""
        gap = Gap(f"none of {topic} are held.")
        return SimpleNamespace(primary=SimpleNamespace(known=False), year_gap=gap)

    def show(self, answer: Any) -> None:
        """Show nothing."""


def page_of(
    matrix: Matrix, decisions: Decisions | None = None, sure: Sensitivity | None = None
) -> MatrixPage:
    """Open a page of the edition of 2010 that sees a matrix and what was decided."""
    edition = SimpleNamespace(edition=2010, assessed="2008/09")
    register = decisions or Gap("No register is held.")
    return MatrixPage(matrix, register, edition, sure or sensitivity(matrix))
