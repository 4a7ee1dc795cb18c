"""How often a control chart finds a month where nothing but the past goes on, and a step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

import numpy as np

from kingston_analysis.measures.months import STEP, ControlChart, control_chart
from kingston_analysis.measures.seasons import estimate_seasons
from kingston_analysis.measures.series import YEARS_OF_NOISE
from kingston_analysis.measures.variation import counting_noise, noise_squares
from kingston_analysis.study import results
from kingston_analysis.study.panels import AR, INDEPENDENT, TRENDS, Panel, Process, draw
from kingston_analysis.study.results import Tally
from kingston_analysis.study.simulated import AREAS, SEED, Setting

PART = 3
# Counts a month and their dispersion: too few to judge a month, about enough, many, and so many
# that months which hang together are judged.
CHARTED = [Setting(*pair) for pair in ((40, 2), (180, 1), (240, 2), (600, 2), (2_500, 2))]
# Years of months: the least with which a chart starts, and as many as a full baseline needs.
HISTORIES = (3, 4)
PASTS = [INDEPENDENT, AR[0], *TRENDS]
MONTH = "a month outside its limits"
JUDGED, SHOWN = "months are judged one by one", "a step shows"
TARGET = 0.05


def _step(_: np.random.Generator, months: int, *, ratio: float) -> np.ndarray:
    """Let the last quarter of the areas move to another level when the judged year begins."""
    found = np.ones((AREAS, months))
    found[-(AREAS // 4) :, -12:] *= ratio
    return found


STEPS = [
    Process(f"a {what} of {STEP:.0%} in a quarter of areas", partial(_step, ratio=ratio), judged=8)
    for what, ratio in (("fall", 1 - STEP), ("rise", 1 + STEP))
]


def false_alarm_tallies(setting: Setting, sets: int) -> Iterator[Tally]:
    """Chart so many panels of every process, and count the years in which a month is outside.

    Only charts that judge months one by one are counted; how many those are is told too.
    """
    for process in [*PASTS, *STEPS]:
        for years in HISTORIES:
            seed = [SEED, PART, *process.name.encode(), setting.mean, setting.dispersion, years]
            numbers = np.random.default_rng(seed)
            found: Counter[str] = Counter()
            for _ in range(sets):
                found += _found(draw(numbers, process, setting, years), process.judged)
            yield from _tallies(found, process, setting, years)


def chart_panel(panel: Panel) -> Iterator[tuple[str, ControlChart]]:
    """Chart each area of a panel as a page charts a series."""
    months = panel.months
    seasons = estimate_seasons(months)
    # The years before the one judged, and that one only where there are fewer.
    before = months["period"].unique()[-12 * (YEARS_OF_NOISE + 1) :][: 12 * YEARS_OF_NOISE]
    noise = counting_noise(noise_squares(months[months["period"].isin(before)]))
    for area, own in months.groupby("area"):
        yield str(area), control_chart(own[["period", "value"]], seasons, noise[str(area)])


def _found(panel: Panel, judged: int) -> Counter[str]:
    """Count, of so many last areas, those that are judged by months and those with one outside."""
    found: Counter[str] = Counter()
    for _, chart in list(chart_panel(panel))[-judged:]:
        found["charts"] += 1
        found["judged"] += chart.gap is None
        found["outside"] += bool(chart.signals)
    return found


def _tallies(
    found: Counter[str], process: Process, setting: Setting, years: int
) -> Iterator[Tally]:
    charts, judged, outside = (found[name] for name in ("charts", "judged", "outside"))
    yield Tally(JUDGED, MONTH, setting, years, None, charts, judged, process.name)
    if judged:
        past = process in PASTS
        measure, nominal = (results.FALSE_ALARM, TARGET) if past else (SHOWN, None)
        yield Tally(measure, MONTH, setting, years, nominal, judged, outside, process.name)
