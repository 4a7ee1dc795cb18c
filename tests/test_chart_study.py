"""The study of charts of months: made-up panels, and what the stored table says of them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from tables_fixture import made_indicator, made_people, made_table, real_table

from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.months import POWER, control_chart
from kingston_analysis.measures.seasons import estimate_seasons
from kingston_analysis.study.false_alarms import (
    CHARTED,
    HISTORIES,
    JUDGED,
    MONTH,
    PASTS,
    SHOWN,
    STEPS,
    TARGET,
    chart_panel,
    false_alarm_tallies,
)
from kingston_analysis.study.panels import INDEPENDENT, TRENDS, Process, draw
from kingston_analysis.study.results import FALSE_ALARM, as_frame
from kingston_analysis.study.simulated import AREAS, Setting
from kingston_analysis.study.table import NAME

KEYS = ["measure", "process", "mean_a_month", "dispersion", "years"]


@cache
def stored() -> pd.DataFrame:
    frame = real_table(NAME).frame
    return frame[frame["method"] == MONTH]


def of(measure: str) -> pd.DataFrame:
    return stored()[stored()["measure"] == measure]


def test_a_panel_is_charted_as_pages_chart_a_series():
    panel = draw(np.random.default_rng(4), TRENDS[0], Setting(600, 2), 4)
    rows = list(panel.months[["area", "period", "value"]].itertuples(index=False, name=None))
    table, areas = made_table(["area", "month", "value"], rows, kind="month"), panel.years.index
    charts = dict(chart_panel(panel))
    for area in ("Area 03", "Area 31"):
        series = make_series(
            made_indicator(rate=False), area, table, made_people({area: {2001: 1}}), list(areas)
        )
        seasons = estimate_seasons(series.all_months)
        page = control_chart(series.months, seasons, series.variation("2003/04"))
        pd.testing.assert_frame_equal(charts[area].frame, page.frame)
        assert (charts[area].phi, charts[area].power) == (page.phi, page.power)


def bursts(numbers: np.random.Generator, months: int) -> np.ndarray:
    """Let one month in thirty have three times as much, round a level that stays."""
    return np.where(numbers.random(size=(AREAS, months)) < 1 / 30, 3.0, 1.0)


def steps(numbers: np.random.Generator, months: int) -> np.ndarray:
    """Let a third of the areas move by a half, for good, when the judged year begins."""
    moved = np.where(numbers.random(size=(AREAS, 1)) < 1 / 3, 1.5, 1.0)
    return np.where(np.arange(months) < months - 12, 1.0, moved)


def test_the_study_reports_what_the_chart_does_not_know():
    numbers = np.random.default_rng(5)
    charts = [
        chart
        for _, chart in chart_panel(draw(numbers, Process("steps", steps), Setting(600, 1), 4))
    ]
    judged = [chart for chart in charts if chart.gap is None]
    assert sum(bool(chart.signals) for chart in judged) > 2 * TARGET * len(judged)
    # Bursts are noise to the model: it judges no month rather than raise false alarms.
    wild = [
        chart
        for _, chart in chart_panel(draw(numbers, Process("bursts", bursts), Setting(600, 1), 4))
    ]
    assert sum(chart.gap is None for chart in wild) < AREAS / 4


def test_the_same_seed_gives_the_same_results():
    first, second = (list(false_alarm_tallies(Setting(40, 2), 1)) for _ in range(2))
    assert first == second


def test_the_stored_table_has_every_kind_and_size():
    sizes = {(each.mean, each.dispersion) for each in CHARTED}
    for process in PASTS:
        rows = of(JUDGED)[of(JUDGED)["process"] == process.name]
        assert len(rows) == len(CHARTED) * len(HISTORIES)
        assert set(zip(rows["mean_a_month"], rows["dispersion"], strict=True)) == sizes
    assert set(of(SHOWN)["process"]) == {each.name for each in STEPS}


def test_a_month_outside_is_a_false_alarm_in_at_most_5_per_cent_of_years():
    alarms = of(FALSE_ALARM)
    assert (alarms["low"] <= TARGET).all()
    outside = (alarms["result"] * alarms["series"]).sum()
    assert outside <= TARGET * alarms["series"].sum()
    assert set(of(FALSE_ALARM)["process"]) == {each.name for each in PASTS}


def test_where_months_are_judged_a_step_shows_about_as_often_as_is_told():
    assert (of(SHOWN)["high"] > POWER).all()


def test_few_a_month_are_never_judged_and_many_always():
    rows = of(JUDGED)
    assert (rows[rows["mean_a_month"] == 40]["result"] == 0).all()
    many = rows[(rows["mean_a_month"] == 600) & (rows["process"] == INDEPENDENT.name)]
    assert (many["result"] > 0.9).all()


def test_a_small_run_agrees_with_the_stored_table():
    small = as_frame(false_alarm_tallies(Setting(600, 2), 1))
    both = small.merge(stored(), on=KEYS)
    assert len(both) == len(small)
    for row in both.to_dict("records"):
        first, second = row["series_x"], row["series_y"]
        together = (row["result_x"] * first + row["result_y"] * second) / (first + second)
        error = np.sqrt(together * (1 - together) * (1 / first + 1 / second))
        assert abs(row["result_x"] - row["result_y"]) <= 4 * error + 2 / first, row
