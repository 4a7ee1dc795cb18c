"""Projection: where a financial year in progress will end, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from kingston_analysis.data.tables import periods
from kingston_analysis.measures.foretold import ENDS, Foretold, foretold
from kingston_analysis.results import Estimate, Gap


@dataclass(frozen=True)
class Projection:
    """Where an area's financial year in progress ends, if the rest of it goes as usual.

    `known` is the count of the months from April to `last`; `within_80` and `within_95` are the
    count of the whole year at two levels. `phi` is how many times more than Poisson the rest
    varies, and `learned_from` from what that is known. `unseen` are months (1 to 12) that were
    never seen and count as average. `record` has year, known, expected, the intervals' ends and
    came of each earlier year; `scored`, `held_80` and `held_95` count, over all areas and earlier
    years, what was foretold and what came inside its interval.
    """

    area: str
    year: str
    last: str
    known: float
    within_80: Estimate
    within_95: Estimate
    phi: float
    learned_from: Literal["earlier years", "months"]
    unseen: tuple[int, ...]
    record: pd.DataFrame
    areas: int
    scored: int
    held_80: int
    held_95: int

    @property
    def expected(self) -> float:
        """Return the count of the whole year that is expected."""
        return self.within_95.value

    @property
    def years(self) -> pd.DataFrame:
        """Return the record, and after it the year in progress, which has not come yet."""
        ends = (*(self.within_80.ends or ()), *(self.within_95.ends or ()))
        now = dict(zip(ENDS, ends, strict=True))
        row = {"year": self.year, "known": self.known, "expected": self.expected, **now}
        return pd.concat([self.record, pd.DataFrame([row])], ignore_index=True)


def project(months: pd.DataFrame, area: str, since: str | None = None) -> Projection | Gap:
    """Project an area's financial year in progress to its end, and score the same in earlier years.

    `months` has area, period (2008-09) and value, of all areas and only as far as may be seen;
    `since` is the first month after the last break across which months cannot be added. The method
    is that of `foretold`.
    """
    kept = months.dropna(subset=["value"])
    kept = kept if since is None else kept[kept["period"] >= since]
    if kept.empty:
        return Gap("No months are known.")
    last = kept["period"].max()
    year = periods.financial_year_of(last)
    if last.endswith("-03"):
        following = periods.shifted(year, "financial_year", 1)
        return Gap(f"No month of {following} is known yet.")
    return _gap(kept, area, last, since) or _projection(foretold(kept), area, year, last)


def _gap(months: pd.DataFrame, area: str, last: str, since: str | None) -> Gap | None:
    """Say why the months of the year up to the last one cannot be added up for an area."""
    needed = [m for m in _months_of(periods.financial_year_of(last)) if m <= last]
    if since and needed[0] < since:
        month = periods.in_words(since, "month")
        return Gap(f"Months before {month} cannot be added to those from then on.")
    held = set(months.loc[months["area"] == area, "period"])
    absent = [month for month in needed if month not in held]
    return Gap(f"{periods.in_words(absent[0], 'month')} is not known.") if absent else None


def _months_of(year: str) -> list[str]:
    april = periods.starts(year, "financial_year").isoformat()[:7]
    return [periods.shifted(april, "month", step) for step in range(12)]


def _projection(said: Foretold, area: str, year: str, last: str) -> Projection | Gap:
    own = said.ends[said.ends["area"] == area]
    now = own[own["year"] == year].iloc[0].to_dict()
    if np.isnan(now["expected"]):
        return Gap(f"None was recorded from April to {periods.in_words(last, 'month')}.")
    over = said.ends.dropna(subset=["expected", "came"])
    return Projection(
        area,
        year,
        last,
        now["known"],
        Estimate(now["expected"], now["low_80"], now["high_80"], level=0.80),
        Estimate(now["expected"], now["low_95"], now["high_95"]),
        now["phi"],
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
