"""Standing: where the area stands among the boroughs by both indices per head."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kingston_analysis.analyses.harm.labels import CAMBRIDGE, SEVERITY, named_indices
from kingston_analysis.measures.comparison.ranks import TOO_FEW_AREAS, enough_to_rank
from kingston_analysis.measures.harm import (
    Harm,
    Indices,
)
from kingston_analysis.show import wording
from kingston_analysis.views.harm import WeighedYear


def harm_standing(full_year: WeighedYear, found: Harm, indices: Indices) -> Iterator[str]:
    """Say where an area stands by both indices per head, or why that is not known."""
    by_area, area = full_year.by_area, full_year.area
    row, many = by_area[by_area["area"] == area].iloc[0], len(by_area)
    if not enough_to_rank(many, full_year.boroughs):
        yield f"No rank is given. {TOO_FEW_AREAS.why}"
        return
    names = {"severity": f"the {SEVERITY}", "harm": f"the {CAMBRIDGE}"}
    if not found.is_whole:
        names["severity"] = "severity"
    shown = [n for n, index in named_indices(indices).items() if not index.gap]
    known = [n for n in shown if pd.notna(row[f"{n}_rank"])]
    if known:
        ranks = (f"the {_rank(by_area, row, n)} {names[n].removeprefix('the ')}" for n in known)
        yield (
            f"Of {many} London boroughs, {area} had {wording.listed(ranks)} per head, by the same "
            "offences."
        )
    if unknown := [n for n in shown if n not in known]:
        ranks = (
            f"from {_place(row, n, 'least')} to {_place(row, n, 'most')} by {names[n]}"
            for n in unknown
        )
        yield (
            f"No rank among the {many} London boroughs is given. Depending on what the other "
            f"offences weigh, {area} may stand anywhere {wording.listed(ranks)}, counted from the "
            "lowest."
        )


def _rank(by_area: pd.DataFrame, row: pd.Series, name: str) -> str:
    """Write an area's rank, and that another one has the same rate, if it has."""
    rank = wording.rank(row[f"{name}_rank"], row[f"{name}_rank_top"])
    shared = (by_area[f"{name}_rate"] == row[f"{name}_rate"]).sum() > 1
    return wording.joint(rank) if shared else rank


def _place(row: pd.Series, name: str, end: str) -> str:
    return wording.ordinal(int(row[f"{name}_rank_{end}"]))
