"""Comparisons: where an area stands among the others, by count and by rate."""

from __future__ import annotations

import pandas as pd


def ranked(values: pd.DataFrame, areas: list[str]) -> pd.DataFrame:
    """Rank the areas in every period, 1 for the lowest, by count and by rate.

    Adds rank_count, rank_rate and areas (how many have a count in that period). Areas with the
    same value share the better rank. An area without a value or a rate has no rank.
    """
    kept = values[values["area"].isin(areas)].copy()
    by_period = kept.groupby("period")
    kept["rank_count"] = by_period["value"].rank(method="min")
    kept["rank_rate"] = by_period["rate"].rank(method="min")
    kept["areas"] = by_period["value"].transform("count")
    return kept
