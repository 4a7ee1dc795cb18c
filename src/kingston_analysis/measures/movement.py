"""Movement: how far a series usually moves from one year to the next, beyond counting."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from kingston_analysis.measures.change import JUDGED_AT
from kingston_analysis.measures.shrinkage import shrunk
from kingston_analysis.results import Gap

# A move that the series makes in fewer than one year of twenty is unusual.
USUAL = 0.95
# From fewer earlier changes what is usual is known too badly (docs/decisions/0030).
ENOUGH_CHANGES = 3


def movements(counts: pd.DataFrame, phi: pd.Series) -> pd.DataFrame | Gap:
    """Set each area's latest move beside those that it and the others made in earlier years.

    `counts` has a row an area and a column a year, neighbours in order, without a refusing break
    between them; the last is the year that is judged. `phi` is each area's counting noise. A logged
    move has the variance φ(1/c + 1/c') + τ², times what is the area's own: τ², the movement between
    years, is what the areas' earlier moves have beyond counting noise (the middle one of their
    means); the area's own factor is the mean of its squared earlier moves over that variance,
    shrunk over the areas where that makes it larger: an area that wanders far more than the others
    would else be called unusual too often. The year judged is left out, or what is unusual would
    hide itself, and so are later ones, so that it stays unusual when they are known.

    Returns, by area, move (logged ratio), reach (of `USUAL` of the years, logged, either way) and
    unusual: whether the move is beyond that, and beyond what counting noise explains at the level
    of every change. A `Gap` where `ENOUGH_CHANGES` earlier moves are known of fewer than two areas.
    """
    known = counts.where(counts > 0).to_numpy(dtype=float)
    moves, inverse = np.diff(np.log(known), axis=1), 1 / known
    noise = (inverse[:, 1:] + inverse[:, :-1]) * phi.reindex(counts.index).to_numpy()[:, None]
    earlier, move = moves[:, :-1], moves[:, -1:]
    held = np.isfinite(earlier).sum(axis=1)
    if np.count_nonzero(held >= ENOUGH_CHANGES) < 2:
        return Gap("Too few earlier changes are known to tell what is usual.")
    between = _between_years(earlier, noise[:, :-1])
    squares = np.nansum(earlier**2 / (noise[:, :-1] + between), axis=1)
    own = squares / np.maximum(held, 1)
    factor, freedom = shrunk(own, held)
    if np.isnan(factor).all():
        return Gap("No area's count moved in earlier years, so that nothing tells what is usual.")
    variance = np.maximum(noise[:, -1], np.maximum(factor, own) * (noise[:, -1] + between))
    reach = special.stdtrit(np.minimum(freedom, 1e9), (1 + USUAL) / 2) * np.sqrt(variance)
    # What counting noise explains is no move, however still the area usually is.
    least = special.ndtri((1 + JUDGED_AT) / 2) * np.sqrt(noise[:, -1])
    unusual = np.abs(move[:, 0]) > np.maximum(reach, least)
    found = {"move": move[:, 0], "reach": reach, "unusual": unusual}
    return pd.DataFrame(found, index=counts.index).dropna()


def _between_years(moves: np.ndarray, noise: np.ndarray) -> float:
    """Return τ², the middle of what the areas' squared moves are beyond counting noise."""
    beyond = moves**2 - noise
    means = np.nansum(beyond, axis=1) / np.maximum(np.isfinite(beyond).sum(axis=1), 1)
    return max(0.0, float(np.median(means[np.isfinite(beyond).any(axis=1)])))
