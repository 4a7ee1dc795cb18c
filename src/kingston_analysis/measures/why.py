"""Why a count changed: parts that add up to the change exactly, by offence and by ward."""

from __future__ import annotations

from dataclasses import dataclass

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
    whether local is more than chance among all the parts. `caution` tells of a break that only
    labels.
    """

    parts: pd.DataFrame
    common: Estimate
    mix: Estimate
    local: Estimate
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
    than chance among all the wards. `unplaced` has before, after, change, as_area and own of the
    area's counts less the wards' sums, signed.
    """

    frame: pd.DataFrame
    unplaced: pd.Series
    before: float
    after: float


def decompose(
    own: pd.DataFrame,
    all_boroughs: pd.DataFrame,
    variation: Variation,
    caution: str | None = None,
    *,
    level: float = JUDGED_AT,
) -> Decomposition | Gap:
    """Divide a change into what was common to all boroughs, the mix of offences, and the rest.

    Both frames have part, before and after; give only parts that may be compared. With G the growth
    of all parts together over the boroughs and g that of one part, a part's change is

        before·G  +  before·(g - G)  +  (after - before·(1 + g))
        common       mix                local

    (shift-share analysis, Dunn 1960). A part that no borough had before has no growth of its own:
    all of it is local. The intervals take the boroughs' counts as fixed and the own counts as
    independent with variance φ·count; all three are sums of own counts, so their variances are
    φ·ΣG²·before, φ·Σ(g - G)²·before and φ·Σ(after + (1 + g)²·before), and t with the degrees of
    freedom behind φ gives the `level`. Raises KingstonError for counts or parts that cannot be.
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
    spread = after + (1 + growth) ** 2 * before
    parts = _with_interval(parts, "local", spread, variation, level)
    sums = parts[["common", "mix"]].sum()
    return Decomposition(
        parts.sort_values("before", ascending=False, kind="stable").reset_index(),
        _estimate(sums["common"], (total**2 * before).sum(), variation, level),
        _estimate(sums["mix"], ((growth - total) ** 2 * before).sum(), variation, level),
        _estimate(change.sum() - sums["common"] - sums["mix"], spread.sum(), variation, level),
        caution=caution,
    )


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
    frame = _with_interval(frame, "own", spread, variation, level)
    reach = _reach(variation, level) * np.sqrt(variation.phi * (before + after))
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


def _with_interval(
    frame: pd.DataFrame, column: str, spread: pd.Series, variation: Variation, level: float
) -> pd.DataFrame:
    """Add low and high of a column, and whether it is clear: nought lies outside of them."""
    reach = _reach(variation, level) * np.sqrt(variation.phi * spread)
    clear = frame[column].abs() > reach
    return frame.assign(low=frame[column] - reach, high=frame[column] + reach, clear=clear)


def _estimate(value: float, spread: float, variation: Variation, level: float) -> Estimate:
    reach = _reach(variation, level) * float(np.sqrt(variation.phi * spread))
    return Estimate(float(value), float(value) - reach, float(value) + reach, level=level)


def _reach(variation: Variation, level: float) -> float:
    return float(stats.t.ppf((1 + level) / 2, variation.df))
