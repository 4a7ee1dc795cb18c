"""What the study counts: of so many series, in how many something happened, with an interval."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from kingston_analysis.study.simulated import Setting

COVERAGE, FALSE_ALARM = "interval holds the truth", "false alarm"
# Of changes and trends: an interval, a statement that is not true, and one that is.
HELD, WRONG, SEEN = "interval of a change holds the truth", "said wrongly", "said rightly"
# No error, since the level did move, and a limit of what is said: it does not say for how long.
PASSING = "said of a level that comes back"
# On real figures, of which nobody knows the truth.
SAID = "said of real years"
RATE_DIGITS = 4


@dataclass(frozen=True)
class Tally:
    """In how many of the series of a setting something happened; `years` is their history.

    `process` names what the series do. Real figures have no setting but a `period`.
    """

    measure: str
    method: str
    setting: Setting | None
    years: int
    nominal: float | None
    series: int
    happened: int
    process: str = "nothing happens"
    period: str | None = None


def as_frame(tallies: Iterable[Tally]) -> pd.DataFrame:
    """List tallies as rates, each with its 95% interval (Wilson 1927)."""
    rows = [_row(each) for each in tallies]
    keys = ["measure", "method", "nominal", "process", "period", "years"]
    frame = pd.DataFrame(rows).astype({"mean_a_month": "Int64", "dispersion": "Int64"})
    return frame.sort_values([*keys, "mean_a_month", "dispersion"], ignore_index=True)


def _row(tally: Tally) -> dict[str, object]:
    low, high = proportion_confint(tally.happened, tally.series, method="wilson")
    return {
        "measure": tally.measure,
        "method": tally.method,
        "process": tally.process,
        "mean_a_month": tally.setting.mean if tally.setting else None,
        "dispersion": tally.setting.dispersion if tally.setting else None,
        "years": tally.years,
        "period": tally.period,
        "nominal": tally.nominal,
        "series": tally.series,
        "result": round(tally.happened / tally.series, RATE_DIGITS),
        "low": round(float(low), RATE_DIGITS),
        "high": round(float(high), RATE_DIGITS),
    }
