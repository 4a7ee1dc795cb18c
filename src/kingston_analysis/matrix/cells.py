"""Cells of the matrix: a score, what it rests on, and how sure it is; or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from kingston_analysis.matrix.judgements import Judged
from kingston_analysis.matrix.scheme import LOWEST, Bands, Confidence, MatrixHeading, Scheme
from kingston_analysis.measures.variation import Z_95
from kingston_analysis.results import Estimate, Gap

Basis = Literal["computed", "judged", "not scored"]
# How likely a computed score must be, given its value's interval, to have this confidence.
LIKELY: dict[float, Confidence] = {0.9: "high", 0.6: "medium"}


@dataclass(frozen=True)
class IndicatorValue:
    """A measure's value for a topic in one period, and the tables that it comes from."""

    estimate: Estimate
    period: str
    tables: tuple[str, ...] = ()

    @property
    def error(self) -> float:
        """Return the standard error that the interval stands for."""
        low, high = self.estimate.ends or (np.nan, np.nan)
        return (high - low) / (2 * Z_95)


@dataclass(frozen=True)
class Computed:
    """What a computed score rests on: an indicator's value, and the bands that score it."""

    bands: Bands
    value: IndicatorValue

    @property
    def score(self) -> float:
        """Return the score of the band in which the value lies."""
        return float(self.bands.scores(np.array([self.value.estimate.value]))[0])

    @property
    def confidence(self) -> Confidence:
        """Return how likely the band of the score is the true one, in words."""
        if not self.value.error:
            return "high"
        edges, band = (-np.inf, *self.bands.cuts, np.inf), int(self.score) - LOWEST
        value, error = self.value.estimate.value, self.value.error
        ends = [(edges[band + step] - value) / error for step in (0, 1)]
        likely = float(special.ndtr(ends[1]) - special.ndtr(ends[0]))
        return next((word for least, word in LIKELY.items() if likely >= least), "low")


@dataclass(frozen=True)
class Cell:
    """One topic under one heading; `other_value` is that of the heading's other measure.

    A heading without the measure has None for its value.
    """

    heading: MatrixHeading
    value: IndicatorValue | Gap | None
    judged: Judged | None = None
    other_value: IndicatorValue | Gap | None = None

    @property
    def evidence(self) -> Computed | Judged | Gap:
        """Return what the score rests on, or why there is none; figures come before views."""
        if self.heading.measure and isinstance(self.value, IndicatorValue):
            return Computed(self.heading.measure, self.value)
        if self.judged:
            return self.judged
        reasons = [self.value.why.rstrip(".")] if isinstance(self.value, Gap) else []
        if self.heading.judged:
            reasons.append("no judgement is held")
        why = "; ".join(reasons)
        return Gap(f"{why[:1].upper()}{why[1:]}.")

    @property
    def basis(self) -> Basis:
        """Tell whether the score is computed, judged, or not there."""
        evidence = self.evidence
        if isinstance(evidence, Gap):
            return "not scored"
        return "computed" if isinstance(evidence, Computed) else "judged"

    @property
    def score(self) -> float:
        """Return the score; NaN where there is none."""
        evidence = self.evidence
        return np.nan if isinstance(evidence, Gap) else evidence.score

    @property
    def other_score(self) -> float:
        """Return the score by the heading's other measure, where it has one."""
        if self.heading.swap is None or self.basis == "judged":
            return self.score
        if isinstance(self.other_value, IndicatorValue):
            return Computed(self.heading.swap, self.other_value).score
        return np.nan

    @property
    def confidence(self) -> Confidence | None:
        """Return how sure the score is, where there is one."""
        evidence = self.evidence
        return None if isinstance(evidence, Gap) else evidence.confidence


@dataclass(frozen=True)
class Matrix:
    """Every topic of an edition under every heading; topics in the edition's order."""

    scheme: Scheme
    area: str
    edition: int
    cells: dict[str, dict[str, Cell]]

    @property
    def scores(self) -> pd.DataFrame:
        """Return the scores, topics as rows and headings as columns; NaN where not scored."""
        return self._frame(lambda cell: cell.score)

    @property
    def other_scores(self) -> pd.DataFrame:
        """Return the scores with each heading's other measure in place of the first."""
        return self._frame(lambda cell: cell.other_score)

    @property
    def computed(self) -> pd.DataFrame:
        """Return the computed scores only."""
        return self._frame(lambda cell: cell.score if cell.basis == "computed" else np.nan)

    @property
    def ranked(self) -> list[str]:
        """Return the topics with figures under enough computed headings to be ranked."""
        return [each for each in self.cells if self.figures(each) >= self.scheme.fewest_computed]

    def figures(self, topic: str) -> int:
        """Count the computed headings under which a topic has a figure."""
        row = self.cells[topic]
        return sum(row[each.id].basis == "computed" for each in self.scheme.computed)

    def demonstrates(self, topics: Iterable[str]) -> bool:
        """Tell whether a score of one of the topics is a demonstration value."""
        behind = (cell.evidence for topic in topics for cell in self.cells[topic].values())
        return any(isinstance(e, Judged) and e.kind == "demonstration" for e in behind)

    @property
    def weights(self) -> pd.Series:
        """Return the agreed weight of each heading."""
        return pd.Series(self.scheme.weights, dtype=float)

    @property
    def scored(self) -> list[Cell]:
        """Return the cells that have a score."""
        return [c for row in self.cells.values() for c in row.values() if c.basis != "not scored"]

    def share_judged(self) -> float:
        """Return the share of the weight behind all scores that rests on judgement."""
        behind = sum(cell.heading.weight for cell in self.scored)
        judged = sum(cell.heading.weight for cell in self.scored if cell.basis == "judged")
        return judged / behind if behind else 0.0

    def tables_behind(self, topic: str) -> tuple[str, ...]:
        """Return the tables behind a topic's computed scores, by name."""
        behind = (cell.evidence for cell in self.cells[topic].values())
        tables = (each.value.tables for each in behind if isinstance(each, Computed))
        return tuple(dict.fromkeys(name for each in tables for name in each))

    def _frame(self, of: Callable[[Cell], float]) -> pd.DataFrame:
        rows = [[of(cell) for cell in row.values()] for row in self.cells.values()]
        return pd.DataFrame(rows, list(self.cells), list(self.scheme.weights), dtype=float)
