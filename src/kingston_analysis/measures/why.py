"""Why a count changed: parts that add up to the change exactly, by offence and by ward."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy import stats

from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.change import JUDGED_AT
from kingston_analysis.measures.variation import Variation
from kingston_analysis.results import Estimate, Gap

MISSING = Gap("One of the figures is suppressed or missing.")
NOTHING = Gap("No figures for both years are held.")


@dataclass(frozen=True)
class Decomposition:
    """The change of a count as three parts: common, mix and local; they add up to it exactly.

    `parts` has part, before, after, change, common, mix, local, low and high (of local), and clear:
    whether local is more than chance explains. `borrowing` names the parts whose variation is that
    of the whole count. `caution` tells of a break that only labels.
    """

    parts: pd.DataFrame
    common: Estimate
    mix: Estimate
    local: Estimate
    borrowing: tuple[str, ...] = ()
    caution: str | None = None

    @property
    def before(self) -> float:
        """Return the earlier count of all parts together."""
        return float(self.parts["before"].sum())

    @property
    def change(self) -> float:
        """Return the change of all parts together."""
        return float(self.parts["change"].sum())


@dataclass(frozen=True)
class WardChanges:
    """The change of a count by ward; with what has no ward it adds up to the area's change.

    `frame` has ward, before, after, change, change_low, change_high, as_area (what the area's
    growth would have given), own (the rest), low and high (of own), and clear: whether own is more
    than chance explains. `unplaced` has before, after, change, as_area and own of the
    area's counts less the wards' sums, signed.
    """

    frame: pd.DataFrame
    unplaced: pd.Series
    before: float
    after: float


# How far a count varies by chance: the area's own, and that of all boroughs together.
OwnAndTogether = tuple[Variation, Variation]
_Factor = pd.Series | np.ndarray | float
# By the own count before and after, and by the others'.
_Derivatives = tuple[_Factor, _Factor, _Factor, _Factor]


def decompose(
    own: pd.DataFrame,
    all_boroughs: pd.DataFrame,
    variation: Variation,
    caution: str | None = None,
    *,
    of_total: Variation | None = None,
    of_parts: Mapping[str, OwnAndTogether] = MappingProxyType({}),
    level: float = JUDGED_AT,
) -> Decomposition | Gap:
    """Divide a change into what was common to all boroughs, the mix of offences, and the rest.

    Both frames have part, before and after; give only parts that may be compared. With G the growth
    of all parts together over the boroughs and g that of one part, a part's change is

        before·G  +  before·(g - G)  +  (after - before·(1 + g))
        common       mix                local

    (shift-share analysis, Dunn 1960). A part that no borough had before has no growth of its own:
    all of it is local. The boroughs' counts vary too, and the area is among them, so the intervals
    are by the delta method: each count is independent, an own one with variance φ·count, one of
    all other boroughs with that of the `of_total` (by default the same φ). The local part of one
    part has its own φ, of the area and of all boroughs, where `of_parts` holds them, so that it has
    one interval wherever it is told; a part without has those of the whole count, as have the sums,
    since parts move together. With s the area's share
    of a part's earlier count over the boroughs, S its share of all, r = 1 + g and R = 1 + G, the
    derivatives by an own count before and after, and by the others' before and after, are

        common       G - S·R           S          -S·R          S
        mix          r - R - s·r + S·R  s - S      S·R - s·r     s - S
        local        -r·(1 - s)        1 - s      s·r           -s

    and t with the fewer degrees of freedom behind the two φ gives the `level`. Raises KingstonError
    for counts or parts that cannot be.
    """
    rows = [_checked(frame, "part") for frame in (own, all_boroughs)]
    if differing := set(rows[0].index) ^ set(rows[1].index):
        what = f"The part '{min(differing)}' is given for the area or for all boroughs, not both."
        raise KingstonError(what, "Give the same parts for both.")
    if rows[0].empty or any(each.isna().any(axis=None) for each in rows):
        return NOTHING if rows[0].empty else MISSING
    mine, every = rows[0].sort_index(), rows[1].sort_index()
    total = float(_growth(every["before"].sum(), every["after"].sum(), 0.0))
    growth = _growth(every["before"], every["after"], total)
    before, after = mine["before"], mine["after"]
    common, moved = before * total, before * growth
    change = after - before
    parts = mine.assign(change=change, common=common, mix=moved - common, local=change - moved)
    ratio, whole = 1 + growth, 1 + total
    share = before / every["before"].where(every["before"] > 0, 1)
    shared = before.sum() / (every["before"].sum() or 1)
    whole_count = (variation, of_total or variation)
    of_each = [of_parts.get(str(part), whole_count) for part in mine.index]
    derivatives: dict[str, _Derivatives] = {
        "common": (total - shared * whole, shared, -shared * whole, shared),
        "mix": (
            ratio - whole - share * ratio + shared * whole,
            share - shared,
            shared * whole - share * ratio,
            share - shared,
        ),
        "local": (-ratio * (1 - share), 1 - share, share * ratio, -share),
    }
    spread = _spread(mine, every, derivatives["local"], of_each)
    df = np.array([min(one.df, other.df) for one, other in of_each])
    parts = _with_interval(parts, "local", _quantile(df, level) * np.sqrt(spread))
    values = {name: parts[name].sum() for name in ("common", "mix")}
    values["local"] = change.sum() - sum(values.values())
    surely = _quantile(min(each.df for each in whole_count), level)
    estimates = {}
    for name, by in derivatives.items():
        variance = _spread(mine, every, by, [whole_count] * len(mine)).sum()
        estimates[name] = _estimate(values[name], float(surely * math.sqrt(variance)), level)
    ordered = parts.sort_values("before", ascending=False, kind="stable").reset_index()
    borrowing = tuple(part for part in ordered["part"] if part not in of_parts)
    return Decomposition(ordered, **estimates, borrowing=borrowing, caution=caution)


def _spread(
    own: pd.DataFrame,
    every: pd.DataFrame,
    by: _Derivatives,
    varying: list[OwnAndTogether],
) -> pd.Series:
    """Return each part's variance, from its derivatives by the counts."""
    # The two may come from different extractions.
    others = (every - own).clip(lower=0)
    phi = np.array([[mine.phi, all_of_them.phi] for mine, all_of_them in varying])
    of_own = by[0] ** 2 * own["before"] + by[1] ** 2 * own["after"]
    of_others = by[2] ** 2 * others["before"] + by[3] ** 2 * others["after"]
    return phi[:, 0] * of_own + phi[:, 1] * of_others


def change_by_ward(
    wards: pd.DataFrame,
    total_before: float,
    total_after: float,
    variation: Variation,
    *,
    level: float = JUDGED_AT,
) -> WardChanges | Gap:
    """Divide each ward's change into its share of the area's growth and what is its own.

    `wards` has ward, before and after; the totals are the area's own counts. With s the ward's
    share of the area's earlier count and r the area's ratio, own = after - before·r, and its
    variance is φ·((1 - s)²·after + s²·(other wards' after) + r²(1 - s)²·before + r²s²·(other wards'
    before)), by the delta method: the ward is a part of the area with which it is compared.
    Raises KingstonError for counts or wards that cannot be.
    """
    rows = _checked(wards, "ward").sort_index()
    if rows.empty or rows.isna().any(axis=None) or np.isnan([total_before, total_after]).any():
        return NOTHING if rows.empty else MISSING
    growth = float(_growth(total_before, total_after, 0.0))
    frame = _against(rows, growth)
    before, after = rows["before"], rows["after"]
    share = before / total_before if total_before else before * 0
    # The wards' counts may add up to more than the area's: the two come from different extractions.
    rest_after, rest_before = (total_after - after).clip(0), (total_before - before).clip(0)
    ratio = 1 + growth
    spread = (1 - share) ** 2 * (after + ratio**2 * before)
    spread += share**2 * (rest_after + ratio**2 * rest_before)
    quantile = _quantile(variation.df, level)
    frame = _with_interval(frame, "own", quantile * np.sqrt(variation.phi * spread))
    reach = quantile * np.sqrt(variation.phi * (before + after))
    frame = frame.assign(change_low=frame["change"] - reach, change_high=frame["change"] + reach)
    totals = pd.DataFrame({"before": [total_before], "after": [total_after]})
    unplaced = _against(totals - rows.sum(), growth).iloc[0]
    ordered = frame.reset_index().sort_values("change", kind="stable")
    return WardChanges(ordered.reset_index(drop=True), unplaced, total_before, total_after)


def _checked(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Index counts by part or ward; refuse a name that stands twice and a count below zero."""
    if len(twice := frame.loc[frame[name].duplicated(), name]):
        raise KingstonError(f"The {name} '{twice.iloc[0]}' stands twice.", "Add its counts up.")
    counts = frame.set_index(name)[["before", "after"]].astype(float)
    wrong = counts[(counts < 0).any(axis=1) | counts.abs().eq(np.inf).any(axis=1)]
    if len(wrong):
        what = f"The {name} '{wrong.index[0]}' has a count that is negative or infinite."
        raise KingstonError(what, "Correct the count.")
    return counts


def _growth(before: pd.Series | float, after: pd.Series | float, otherwise: float) -> np.ndarray:
    """Return after / before - 1; `otherwise` where there was nothing before."""
    known = before > 0
    return np.where(known, after / np.where(known, before, 1) - 1, otherwise)


def _against(rows: pd.DataFrame, growth: float) -> pd.DataFrame:
    change, as_area = rows["after"] - rows["before"], rows["before"] * growth
    return rows.assign(change=change, as_area=as_area, own=change - as_area)


def _with_interval(frame: pd.DataFrame, column: str, reach: pd.Series) -> pd.DataFrame:
    """Add low and high of a column, and whether it is clear: nought lies outside of them."""
    clear = frame[column].abs() > reach
    return frame.assign(low=frame[column] - reach, high=frame[column] + reach, clear=clear)


def _estimate(value: float, reach: float, level: float) -> Estimate:
    return Estimate(float(value), float(value - reach), float(value + reach), level=level)


def _quantile(df: np.ndarray | float, level: float) -> np.ndarray:
    return stats.t.ppf((1 + level) / 2, df)
