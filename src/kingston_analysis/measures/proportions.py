"""A survey of published proportions: with intervals where a base is known, and their standing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kingston_analysis.data.surveys import Proportions
from kingston_analysis.data.tables.load import Table
from kingston_analysis.measures.community import Views, by_question, year_earlier
from kingston_analysis.measures.shares import (
    of_logits,
    published_shares,
    too_small,
    with_intervals,
    without,
)


def of_proportions(
    survey: Proportions, area: str, period: str, table: Table, boroughs: list[str]
) -> Views:
    """Describe what the published proportions of one period say of an area.

    Shares whose base is not published have no interval. A question that no visible row holds was
    not asked by then, and is left out.
    """
    meta = table.meta
    frame = table.frame if meta.covers is None else table.frame.assign(area=meta.covers)
    earlier = year_earlier(period, meta.period.kind)
    now = _by_area(frame, survey, meta.period.column, period, meta.value)
    before = _by_area(frame, survey, meta.period.column, earlier, meta.value)
    own = now.loc[area]
    unknown = pd.Series(np.nan, own.index)
    base, beside = (
        _by_area(frame, survey, meta.period.column, period, column).loc[area] if column else unknown
        for column in (survey.base, survey.beside and survey.beside.column)
    )
    shares = published_shares(own, base, survey.design_effect)
    variance = own * (1 - own) / shares["effective_base"]
    alone = pd.Series(own.index, own.index)
    shares = with_intervals(shares, variance)
    shares = without(shares, too_small(shares["yes"], shares["base"], alone))
    covariance = pd.DataFrame(np.diag(variance), own.index, own.index)
    earlier_own = before.loc[area] if area in before.index else unknown
    return Views(
        survey,
        area,
        period,
        meta.period.kind,
        by_question(survey, shares),
        of_logits(covariance, shares["share"]),
        standing(now[now.index.isin(boroughs)], own, earlier_own, beside)[~shares["withheld"]],
        profile=pd.DataFrame(),
    )


def _by_area(
    frame: pd.DataFrame, survey: Proportions, column: str, period: str, value: str
) -> pd.DataFrame:
    """Return the values of one period, a row an area and a column a question ever asked."""
    ever = set(frame[survey.column])
    asked = {each.measure: each.id for each in survey.questions if each.measure in ever}
    wide = frame[frame[column] == period].pivot(index="area", columns=survey.column, values=value)
    return wide.reindex(columns=list(asked)).rename(columns=asked).astype("float")


def standing(
    boroughs: pd.DataFrame, own: pd.Series, before: pd.Series, beside: pd.Series
) -> pd.DataFrame:
    """Set an area's shares beside a larger area's, its own of a year before, and the boroughs'.

    `boroughs` has a row a borough and a column a question, the others are by question. Returns
    beside, before, change (from before), rank (1 for the lowest), rank_top (1 for the highest),
    ties (how many boroughs have the same share, itself included) and areas (how many have one).
    """
    found = pd.DataFrame({"beside": beside, "before": before, "change": own - before})
    known = own.notna()
    found["rank"] = (boroughs < own).sum().add(1).where(known)
    found["rank_top"] = (boroughs > own).sum().add(1).where(known)
    found["ties"] = (boroughs == own).sum().where(known)
    found["areas"] = boroughs.count()
    return found
