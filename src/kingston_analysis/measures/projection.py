"""Projection: where a financial year in progress will end, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.foretold import ENDS, Foretold, foretold


@dataclass(frozen=True)
class Projection:
    """Where an area's financial year in progress ends, if the rest of it goes as usual.

    `known` is the count of the months from April to `last`; `expected` and `low_80` to `high_95`
    are of the whole year. `phi` is how many times more than Poisson the rest varies, and
    `learned_from` from what that is known. `unseen` are months (1 to 12) that were never seen and
    count as average. `record` has year, known, expected, the intervals' ends and came of each
    earlier year; `scored`, `held_80` and `held_95` count, over all areas and earlier years, what
    was foretold and what came inside its interval. Where there is no projection, `reason` says
    why.
    """

    area: str
    year: str
    last: str
    known: float | None = None
    expected: float | None = None
    low_80: float | None = None
    high_80: float | None = None
    low_95: float | None = None
    high_95: float | None = None
    phi: float | None = None
    learned_from: Literal["earlier years", "months"] | None = None
    unseen: tuple[int, ...] = ()
    record: pd.DataFrame = field(default_factory=pd.DataFrame)
    areas: int = 0
    scored: int = 0
    held_80: int = 0
    held_95: int = 0
    reason: str | None = None


def project(months: pd.DataFrame, area: str, since: str | None = None) -> Projection:
    """Project an area's financial year in progress to its end, and score the same in earlier years.

    `months` has area, period (2008-09) and value, of all areas and only as far as may be seen;
    `since` is the first month after the last break across which months cannot be added. The method
    is that of `foretold`.
    """
    kept = months.dropna(subset=["value"])
    kept = kept if since is None else kept[kept["period"] >= since]
    if kept.empty:
        return Projection(area, "", "", reason="No months are known.")
    last = kept["period"].max()
    year = periods.financial_year_of(last)
    if last.endswith("-03"):
        following = periods.shifted(year, "financial_year", 1)
        return Projection(area, following, last, reason=f"No month of {following} is known yet.")
    if reason := _gap(kept, area, last, since):
        return Projection(area, year, last, reason=reason)
    return _projection(foretold(kept), area, year, last)


def _gap(months: pd.DataFrame, area: str, last: str, since: str | None) -> str | None:
    """Say why the months of the year up to the last one cannot be added up for an area."""
    needed = [m for m in _months_of(periods.financial_year_of(last)) if m <= last]
    if since and needed[0] < since:
        month = periods.in_words(since, "month")
        return f"Months before {month} cannot be added to those from then on."
    held = set(months.loc[months["area"] == area, "period"])
    absent = [month for month in needed if month not in held]
    return f"{periods.in_words(absent[0], 'month')} is not known." if absent else None


def _months_of(year: str) -> list[str]:
    april = periods.starts(year, "financial_year").isoformat()[:7]
    return [periods.shifted(april, "month", step) for step in range(12)]


def _projection(said: Foretold, area: str, year: str, last: str) -> Projection:
    own = said.ends[said.ends["area"] == area]
    now = own[own["year"] == year].iloc[0].to_dict()
    if np.isnan(now["expected"]):
        reason = f"None was recorded from April to {periods.in_words(last, 'month')}."
        return Projection(area, year, last, known=now["known"], reason=reason)
    over = said.ends.dropna(subset=["expected", "came"])
    return Projection(
        area,
        year,
        last,
        **{name: now[name] for name in ("known", "expected", *ENDS, "phi")},
        unseen=said.unseen,
        learned_from="earlier years" if now["earlier"] else "months",
        record=over.loc[over["area"] == area].reset_index(drop=True)[
            ["year", "known", "expected", *ENDS, "came"]
        ],
        areas=over["area"].nunique(),
        scored=len(over),
        held_80=int(over["came"].between(over["low_80"], over["high_80"]).sum()),
        held_95=int(over["came"].between(over["low_95"], over["high_95"]).sum()),
    )
