"""What the study counts: of so many series, in how many something happened, with an interval."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from kingston_analysis.study.simulated import Setting

COVERAGE, FALSE_ALARM, NOTICED = "interval holds the truth", "false alarm", "change is noticed"
RATE_DIGITS = 4


@dataclass(frozen=True)
class Tally:
    """In how many of the series of a setting something happened; `years` is their history."""

    measure: str
    method: str
    setting: Setting
    years: int
    nominal: float | None
    series: int
    happened: int


def as_frame(tallies: Iterable[Tally]) -> pd.DataFrame:
    """List tallies as rates, each with its 95% interval (Wilson 1927)."""
    rows = [_row(each) for each in tallies]
    keys = ["measure", "method", "nominal", "years", "mean_a_month", "dispersion"]
    return pd.DataFrame(rows).sort_values(keys, ignore_index=True)


def _row(tally: Tally) -> dict[str, object]:
    low, high = proportion_confint(tally.happened, tally.series, method="wilson")
    return {
        "measure": tally.measure,
        "method": tally.method,
        "mean_a_month": tally.setting.mean,
        "dispersion": tally.setting.dispersion,
        "years": tally.years,
        "nominal": tally.nominal,
        "series": tally.series,
        "result": round(tally.happened / tally.series, RATE_DIGITS),
        "low": round(float(low), RATE_DIGITS),
        "high": round(float(high), RATE_DIGITS),
    }
