"""All of the study, in as many processes as the machine has processors."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor

import pandas as pd

from kingston_analysis.study.false_alarms import false_alarm_tallies
from kingston_analysis.study.forecast_coverage import forecast_coverage_tallies
from kingston_analysis.study.intervals import interval_tallies
from kingston_analysis.study.results import Tally, as_frame
from kingston_analysis.study.simulated import SETTINGS, Setting

# Series for each comparison, half of them with a fall; sets of areas for projections and charts.
SERIES, SETS = 400, 25


def study(series: int = SERIES, sets: int = SETS) -> pd.DataFrame:
    """Try every method in every setting; same numbers in every run.

    Returns measure, method, mean_a_month, dispersion, years, nominal, series, result, low, high.
    """
    with ProcessPoolExecutor() as processes:
        jobs = [
            processes.submit(_tallies, part, setting, size)
            for setting in SETTINGS
            for part, size in ((0, series), (1, sets), (2, sets))
        ]
        return as_frame(tally for job in jobs for tally in job.result())


def _tallies(part: int, setting: Setting, size: int) -> list[Tally]:
    return list(
        (interval_tallies, forecast_coverage_tallies, false_alarm_tallies)[part](setting, size)
    )
