"""All of the study, in as many processes as the machine has processors."""

from __future__ import annotations

from concurrent.futures import Future, ProcessPoolExecutor

import pandas as pd

from kingston_analysis.project import Project
from kingston_analysis.study.false_alarms import CHARTED, false_alarm_tallies
from kingston_analysis.study.forecast_coverage import forecast_coverage_tallies
from kingston_analysis.study.real_past import PASTS, past_tallies
from kingston_analysis.study.results import Tally, as_frame
from kingston_analysis.study.simulated import SETTINGS, Setting
from kingston_analysis.study.verdicts import CASES, MEANS, verdict_tallies

# Panels for each case of a change; sets of areas for projections, and panels for charts.
PANELS, SETS, CHART_SETS = 8, 25, 5


def study(project: Project, panels: int = PANELS, sets: int = SETS) -> pd.DataFrame:
    """Try every method in every setting, and on the real past; same numbers in every run.

    Returns measure, method, process, mean_a_month, dispersion, years, period, nominal, series,
    result, low, high.
    """
    with ProcessPoolExecutor() as processes:
        jobs: list[Future[list[Tally]]] = []
        jobs += [processes.submit(_past, project, name) for name in PASTS]
        jobs += [
            processes.submit(_verdicts, case, mean, panels)
            for case in range(len(CASES))
            for mean in MEANS
        ]
        jobs += [processes.submit(_forecasts, setting, sets) for setting in SETTINGS]
        jobs += [processes.submit(_charts, setting, CHART_SETS) for setting in CHARTED]
        return as_frame(tally for job in jobs for tally in job.result())


def _past(project: Project, name: str) -> list[Tally]:
    return list(past_tallies(project, name))


def _verdicts(case: int, mean: int, panels: int) -> list[Tally]:
    return list(verdict_tallies(CASES[case], mean, panels))


def _forecasts(setting: Setting, sets: int) -> list[Tally]:
    return list(forecast_coverage_tallies(setting, sets))


def _charts(setting: Setting, sets: int) -> list[Tally]:
    return list(false_alarm_tallies(setting, sets))
