"""Comparisons: where an area stands among the others, by count and by rate, and how surely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.change import LEVEL
from kingston_analysis.measures.variation import Variation
from kingston_analysis.results import Estimate, Gap

DRAWS = 10_000
SEED = 20_083
# Two counts that are this many standard deviations apart change places in none of so many draws,
# or in one: drawing them again is waste.
FAR = 5
# φ less 1 where a count is as good as Poisson, whose gamma distribution has no spread.
NONE_BEYOND = 1e-9
NO_RATE = Gap("No population is held that fits these figures.")
TOO_FEW_AREAS = Gap("Fewer than half of the boroughs have a figure to be ranked by.")


@dataclass(frozen=True)
class RankChance:
    """A rank by one measure, 1 for the first, counted from the nearer `end`, and how sure it is.

    `chance` is the probability of that rank or one nearer to the end. `areas` is how many were
    ranked, `shared` whether another area has the same value.
    """

    rank: Estimate
    end: Literal["lowest", "highest"]
    chance: float
    areas: int
    shared: bool = False


@dataclass(frozen=True)
class RankChances:
    """The ranks of an area by count and by rate."""

    area: str
    count: RankChance
    rate: RankChance | Gap


def ranked(values: pd.DataFrame, areas: list[str]) -> pd.DataFrame:
    """Rank the areas in every period, by count and by rate.

    Adds rank_count and rank_rate, 1 for the lowest; the same from the other end, 1 for the
    highest, as rank_count_top and rank_rate_top; and areas, how many have a count in that period.
    Areas with the same value share the better rank. An area without a value has no rank, and in a
    period of which fewer than half of the areas have one there is none at all.
    """
    kept = values[values["area"].isin(areas)].copy()
    by_period = kept.groupby("period")
    both = by_period[["value", "rate"]]
    enough = both.transform("count").map(enough_to_rank, areas=len(areas))
    kept[["rank_count", "rank_rate"]] = both.rank(method="min").where(enough)
    from_top = both.rank(method="min", ascending=False)
    kept[["rank_count_top", "rank_rate_top"]] = from_top.where(enough)
    kept["areas"] = by_period["value"].transform("count")
    return kept


def enough_to_rank(known: float, areas: int) -> bool:
    """Tell whether so many values stand for so many areas: for half of them at least."""
    return 2 * known >= areas


def rank_chances(
    values: pd.DataFrame,
    areas: list[str],
    area: str,
    variations: Mapping[str, Variation],
    level: float = LEVEL,
) -> RankChances:
    """Simulate how surely an area has its rank by count and by rate among the areas of one period.

    `values` has area, value (a count) and population; rows of other places than `areas` are left
    out. Every count is drawn again `DRAWS` times round what was observed, as a negative binomial
    count of variance φ × count, with the φ that `variations` has of its area; where that rests on
    few degrees of freedom it is drawn, too, as φ · df/χ²(df), so that counts spread as in the
    intervals of changes, by Student's t. A count of zero stays zero. Ranks by simulation as in
    Goldstein and Spiegelhalter (1996), "League tables and their limitations", J. R. Stat. Soc. A
    159. Raises KingstonError where the area has no count.
    """
    rows = values[values["area"].isin(areas)].dropna(subset=["value"]).sort_values("area")
    names = rows["area"].tolist()
    if area not in names:
        raise KingstonError(f"'{area}' has no count to be ranked.", "Rank one of the areas.")
    at, counts = names.index(area), rows["value"].to_numpy(dtype=float)
    people = rows["population"].astype("float").where(lambda n: n > 0).to_numpy()
    varied = [variations[name] for name in names]
    reach = np.array([_reach(one, count) for one, count in zip(varied, counts, strict=True)])
    near = _near(counts, reach, at) | _near(counts / people, reach / people, at)
    drawn = _draws(counts, near, varied)
    by_rate: RankChance | Gap = NO_RATE
    if people[at] > 0 and not enough_to_rank(int((people > 0).sum()), len(areas)):
        by_rate = TOO_FEW_AREAS
    elif people[at] > 0:
        by_rate = _rank_chance(counts / people, drawn / people[:, None], at, level)
    return RankChances(area, _rank_chance(counts, drawn, at, level), by_rate)


def _reach(variation: Variation, count: float) -> float:
    """Return how far a count may be drawn, as seldom as `FAR` standard deviations."""
    return variation.quantile(float(special.ndtr(FAR))) * float(np.sqrt(variation.phi * count))


def _near(level: np.ndarray, reach: np.ndarray, at: int) -> np.ndarray:
    return np.abs(level - level[at]) <= np.hypot(reach, reach[at])


def _draws(counts: np.ndarray, near: np.ndarray, varied: list[Variation]) -> np.ndarray:
    """Draw a row of counts for each area that can change places; the others keep their own."""
    chance = np.random.default_rng(SEED)
    drawn = np.repeat(counts[:, None], DRAWS, axis=1)
    for row in np.flatnonzero(near & (counts > 0)):
        phi = np.full(DRAWS, varied[row].phi)
        if np.isfinite(df := varied[row].df):
            phi *= df / chance.chisquare(df, DRAWS)
        beyond = np.maximum(phi - 1, NONE_BEYOND)
        drawn[row] = chance.poisson(chance.gamma(counts[row] / beyond, beyond))
    return drawn


def _rank_chance(observed: np.ndarray, drawn: np.ndarray, at: int, level: float) -> RankChance:
    lowest = 1 + int(np.count_nonzero(observed < observed[at]))
    highest = 1 + int(np.count_nonzero(observed > observed[at]))
    end: Literal["lowest", "highest"] = "lowest" if lowest <= highest else "highest"
    before = drawn < drawn[at] if end == "lowest" else drawn > drawn[at]
    ranks, rank = 1 + np.count_nonzero(before, axis=0), min(lowest, highest)
    # Rounded: 1 - 0.95 is a little more than 0.05 in binary, and could lie one draw farther.
    tail = round((1 - level) / 2, 9)
    low, high = np.quantile(ranks, [tail, 1 - tail], method="inverted_cdf")
    chance = float(np.mean(ranks <= rank))
    known = int(np.count_nonzero(~np.isnan(observed)))
    shared = bool(np.count_nonzero(observed == observed[at]) > 1)
    return RankChance(Estimate(rank, int(low), int(high), level=level), end, chance, known, shared)
