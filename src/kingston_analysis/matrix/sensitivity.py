"""How sure a ranking is: what happens to it when scores and weights move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kingston_analysis.matrix.cells import Cell, Computed, Matrix
from kingston_analysis.matrix.judgements import Judged
from kingston_analysis.matrix.scheme import HIGHEST, LOWEST
from kingston_analysis.matrix.scoring import ranks, totals
from kingston_analysis.measures.ranks import range_of_ranks
from kingston_analysis.results import Gap

# Fewer topics under both headings say nothing on whether the headings agree.
ENOUGH_PAIRS = 5


@dataclass(frozen=True)
class Sensitivity:
    """How often, of all draws, each ranked topic was among the first, and where it ranked.

    `topics` has chance (share of draws among the first), low and high (ranks between which 95 of
    100 draws lie), close (too close to call), always and never (under every weighting tried, with
    the scores as they are). It is a sensitivity range, not a confidence interval: it says what
    hangs on the scores and weights, not where a true rank lies.
    """

    topics: pd.DataFrame
    draws: int
    first: int


def sensitivity(matrix: Matrix) -> Sensitivity | Gap:
    """Draw scores and weights again and again, and rank the ranked topics by each draw.

    Weights come from a Dirichlet distribution round the agreed ones (Dirichlet-distributed weights
    as in Butler, Jia and Dyer 1997). A computed score is that of a value drawn from the normal
    distribution of its 95% interval; a judged score moves by a normal deviate of its confidence's
    standard deviation, within the scale. As in the ranking itself, an empty cell scores lowest, and
    the same headings part what is equal.
    """
    scheme, names = matrix.scheme, matrix.ranked
    if not names:
        return Gap("No area of crime can be ranked on evidence.")
    settings = scheme.sensitivity
    chance = np.random.default_rng(settings.seed)
    agreed = matrix.weights.to_numpy()
    # A heading without weight keeps none.
    alpha = np.maximum(settings.concentration * agreed / agreed.sum(), np.finfo(float).tiny)
    weights = chance.dirichlet(alpha, settings.draws)
    drawn = np.empty((settings.draws, len(names), len(agreed)))
    for column, heading in enumerate(scheme.headings):
        for row, topic in enumerate(names):
            cell = matrix.cells[topic][heading.id]
            drawn[:, row, column] = _drawn(cell, matrix, chance, settings.draws)
    places = ranks(totals(drawn, weights), drawn[..., scheme.tie_places])
    low, high = range_of_ranks(places)
    share = (places <= scheme.first).mean(axis=0)
    closest, surest = settings.too_close
    columns = {
        "chance": share,
        "low": low.astype(int),
        "high": high.astype(int),
        "close": (share > closest) & (share < surest),
        **_every_weighting(matrix, chance),
    }
    return Sensitivity(pd.DataFrame(columns, index=names), settings.draws, scheme.first)


def _drawn(
    cell: Cell, matrix: Matrix, chance: np.random.Generator, draws: int
) -> np.ndarray | float:
    evidence = cell.evidence
    if isinstance(evidence, Computed):
        values = chance.normal(evidence.value.estimate.value, evidence.value.error, draws)
        return evidence.bands.scores(values)
    if isinstance(evidence, Judged):
        spread = matrix.scheme.sensitivity.confidence[evidence.confidence]
        return chance.normal(evidence.score, spread, draws).clip(LOWEST, HIGHEST)
    return LOWEST


def _every_weighting(matrix: Matrix, chance: np.random.Generator) -> dict[str, np.ndarray]:
    """Tell which topics are always, and which never, among the first, with the scores as they are.

    Tried are weightings drawn evenly from all that are possible, and each heading alone.
    """
    scheme, scores = matrix.scheme, matrix.scores.loc[matrix.ranked].to_numpy()
    headings = len(scheme.headings)
    even = chance.dirichlet(np.ones(headings), scheme.sensitivity.draws)
    weights = np.concatenate([even, np.eye(headings)])
    among: np.ndarray = ranks(totals(scores, weights), scores[:, scheme.tie_places]) <= scheme.first
    return {"always": np.asarray(among.all(axis=0)), "never": np.asarray(~among.any(axis=0))}


def agreement(matrix: Matrix) -> pd.DataFrame:
    """Correlate the headings over the topics, by Spearman's ρ: first, second, rho, topics.

    Only pairs that vary, and that `ENOUGH_PAIRS` topics or more are scored under, are there.
    """
    scores = matrix.scores
    rows = []
    for at, one in enumerate(scores.columns):
        for other in scores.columns[at + 1 :]:
            both = scores[[one, other]].dropna()
            if len(both) >= ENOUGH_PAIRS and (both.nunique() > 1).all():
                rho = both[one].rank().corr(both[other].rank())
                rows.append((one, other, float(rho), len(both)))
    found = pd.DataFrame(rows, columns=["first", "second", "rho", "topics"])
    return found.sort_values("rho", key=abs, ascending=False, ignore_index=True)
