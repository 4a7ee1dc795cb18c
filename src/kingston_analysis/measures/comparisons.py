"""Comparisons: where an area stands among the others, by count and by rate."""

from __future__ import annotations

import pandas as pd


def ranked(values: pd.DataFrame, areas: list[str]) -> pd.DataFrame:
    """Rank the areas in every period, by count and by rate.

    Adds rank_count and rank_rate, 1 for the lowest; the same from the other end, 1 for the
    highest, as rank_count_top and rank_rate_top; and areas, how many have a count in that period.
    Areas with the same value share the better rank. An area without a value has no rank.
    """
    kept = values[values["area"].isin(areas)].copy()
    by_period = kept.groupby("period")
    for name, column in (("rank_count", "value"), ("rank_rate", "rate")):
        kept[name] = by_period[column].rank(method="min")
        kept[f"{name}_top"] = by_period[column].rank(method="min", ascending=False)
    kept["areas"] = by_period["value"].transform("count")
    return kept
