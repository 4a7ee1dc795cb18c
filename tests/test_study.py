"""The simulation study: made-up series of known truth, and what the stored table says of them."""

from __future__ import annotations

import math
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
from tables_fixture import (
    PROJECT,
    made_indicator,
    made_people,
    made_table,
    real_table,
    sound_project,
)

from kingston_analysis.analyses.verdict_quality import limits
from kingston_analysis.data.tables.load import load
from kingston_analysis.measures.change import JUDGED_AT
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.series import Series
from kingston_analysis.measures.variation import noise_squares
from kingston_analysis.study import panels, real_past, table
from kingston_analysis.study.forecast_coverage import CALIBRATED, ROUGH, forecast_coverage_tallies
from kingston_analysis.study.panels import AR, INDEPENDENT, TRENDS, Process, draw
from kingston_analysis.study.real_past import PASTS
from kingston_analysis.study.results import (
    COVERAGE,
    HELD,
    SAID,
    SEEN,
    WRONG,
    Tally,
    as_frame,
)
from kingston_analysis.study.run import PANELS, SETS
from kingston_analysis.study.simulated import (
    AREAS,
    SEED,
    SETTINGS,
    SWING,
    Setting,
    as_months,
    counts,
    random_numbers,
)
from kingston_analysis.study.verdicts import (
    ANOTHER,
    CASES,
    DISPERSION,
    FALL,
    FROM_MONTHS,
    FROM_YEARS,
    HISTORIES,
    MEANS,
    SLOPE,
    UNUSUAL,
    judge,
    noise_of,
    verdict_tallies,
)

KEYS = [
    *("measure", "method", "process", "mean_a_month", "dispersion", "years", "period"),
    "nominal",
]
TRIED = Setting(40, 2)
# A few of the cases, for a run of seconds.
FEW = [
    (INDEPENDENT, DISPERSION, 0.0),
    (TRENDS[0], DISPERSION, 0.0),
    (AR[-1], DISPERSION, FALL),
]


@cache
def stored() -> pd.DataFrame:
    return real_table(table.NAME).frame


@cache
def small() -> pd.DataFrame:
    """Run the study small, in one setting."""
    return as_frame(
        [
            *(tally for case in FEW for tally in verdict_tallies(case, TRIED.mean, 4)),
            *forecast_coverage_tallies(TRIED, 4),
        ]
    )


# The made-up series are what they are said to be.


@pytest.mark.parametrize("setting", SETTINGS)
def test_made_up_counts_have_the_mean_season_and_dispersion_that_are_verdicts(setting):
    drawn = counts(random_numbers(9, setting), setting, 20_000, 12)
    season = 1 + SWING * np.cos(2 * np.pi * np.arange(12) / 12)
    expected = setting.mean * season
    error = np.sqrt(setting.dispersion * expected / 20_000)
    assert (abs(drawn.mean(axis=0) - expected) < 4 * error).all()
    ratio = drawn.var(axis=0) / expected
    assert ratio == pytest.approx(np.full(12, setting.dispersion), rel=0.06)


def test_levels_multiply_the_mean():
    setting = Setting(150, 1)
    drawn = counts(random_numbers(9, setting), setting, 2_000, 24, np.repeat([1.0, 0.5], 12))
    assert drawn[:, 12:].sum() / drawn[:, :12].sum() == pytest.approx(0.5, abs=0.005)


def test_counts_are_written_as_months_from_an_april():
    months = as_months(np.array([[1, 2], [3, 4]]))
    assert months["period"].to_list() == ["2001-04", "2001-05"] * 2
    assert months["area"].nunique() == 2
    assert months["value"].to_list() == [1, 2, 3, 4]


def test_the_same_seed_gives_the_same_results():
    first, second = (list(forecast_coverage_tallies(TRIED, 1)) for _ in range(2))
    assert first == second


def test_a_tally_becomes_a_rate_with_wilsons_interval():
    [row] = as_frame([Tally(COVERAGE, "made up", TRIED, 8, 0.95, 100, 95)]).to_dict("records")
    assert (row["result"], row["series"], row["mean_a_month"], row["years"]) == (0.95, 100, 40, 8)
    assert (row["process"], row["period"]) == ("nothing happens", None)
    # (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n), z = 1.96, n = 100
    z = 1.959964
    middle = (0.95 + z**2 / 200) / (1 + z**2 / 100)
    half = z * math.sqrt(0.95 * 0.05 / 100 + z**2 / 40_000) / (1 + z**2 / 100)
    assert (row["low"], row["high"]) == pytest.approx((middle - half, middle + half), abs=1e-4)


# Panels are judged as a page judges a series.


def as_series(panel: panels.Panel, area: str) -> Series:
    """Make the series that a page would make of a panel's months."""
    rows = panel.months[["area", "period", "value"]].itertuples(index=False, name=None)
    made = made_table(["area", "month", "value"], list(rows), kind="month")
    people = made_people({area: {2001: 1}})
    return make_series(made_indicator(rate=False), area, made, people, list(panel.years.index))


def test_a_panel_is_judged_as_pages_judge_a_series():
    panel = draw(np.random.default_rng(4), TRENDS[0], Setting(10, 2), 5)
    months = panel.months[panel.months["period"] >= "2003-04"]
    found = judge(panel.years, noise_of(panel.years, noise_squares(months)), JUDGED_AT)
    for area in ("Area 03", "Area 17", "Area 31"):
        change = as_series(panel, area).change()
        row = found.loc[area]
        assert change.ratio.ends == (row["low"], row["high"])
        assert (change.verdict != "no clear change") == row["another"]
        assert change.usual.unusual != row["usual"]
        assert change.unusual == row["unusual"]


def test_the_real_past_is_judged_as_pages_judge_a_series():
    """One figure of one borough, by the table of years and by that of months."""
    for name, learned in PASTS.items():
        groups = list(real_past._groups(PROJECT, real_table(name)))
        series = next(each for each in groups if each.indicator.title.upper() == "BURGLARY")
        said = dict(real_past._verdicts(series))
        year = series.unbroken.columns[-3]
        at = list(series.unbroken.index).index(series.area)
        change = series.change(year)
        assert said[year, ANOTHER, 0.005][at] == (change.verdict != "no clear change"), learned
        assert said[year, UNUSUAL, 0.05][at] == change.unusual, learned


# The study can fail: it is given series that the methods do not know.


def bursts(numbers: np.random.Generator, months: int) -> np.ndarray:
    """Let one month in sixty have twenty times as much, round a level that stays."""
    return np.where(numbers.random(size=(AREAS, months)) < 1 / 60, 20.0, 1.0)


def test_the_study_reports_bursts_that_the_methods_do_not_know():
    case = (Process("bursts", bursts, stays=True), 1, 0.0)
    beyond = limits(as_frame(verdict_tallies(case, 40, 6)))
    assert f"{ANOTHER}, {FROM_YEARS}" in set(beyond[beyond["measure"] == WRONG]["method"])


def test_what_is_allowed_is_seven_of_100_or_twice_what_is_meant():
    def row(measure: str, nominal: float | None, happened: int) -> Tally:
        return Tally(measure, str(happened), TRIED, 5, nominal, 10_000, happened)

    frame = as_frame(
        [
            # Wilson's interval of 7.6% is 7.1 to 8.1, of 7.4% it is 6.9 to 7.9.
            *(row(WRONG, 0.05, happened) for happened in (740, 760)),
            # That of 1.1% is 0.9 to 1.3, of 1.3% it is 1.1 to 1.5.
            *(row(WRONG, 0.005, happened) for happened in (110, 130)),
            *(row(WRONG, None, happened) for happened in (600, 800)),
            # That of 91.6% is 91.0 to 92.1, of 91.0% it is 90.4 to 91.5.
            *(row(HELD, 0.95, happened) for happened in (9_160, 9_100, 9_500, 9_900)),
        ]
    )
    assert set(limits(frame)["method"]) == {"760", "130", "800", "9100", "9900"}


# The stored table is of this study, and a smaller run agrees with it.


def test_the_stored_table_is_whole():
    frame = stored()
    assert list(frame.columns) == list(small().columns)
    methods = ["measure", "method", "process", "years", "nominal"]
    said = {tuple(row) for row in frame[methods].fillna(0).to_numpy().tolist()}
    assert {tuple(row) for row in small()[methods].fillna(0).to_numpy().tolist()} <= said
    held = frame[(frame["measure"] == HELD) & frame["nominal"].eq(JUDGED_AT)]
    cells = len(CASES) * len(MEANS) * len(HISTORIES) * 2
    assert len(held) == cells
    assert set(frame[frame["measure"] == SAID]["period"]) >= {"2006/07", "2014/15", "2024/25"}


def test_the_stored_table_was_simulated_with_as_many_series_as_the_study_has():
    frame = stored().set_index("measure")
    assert frame.loc[HELD, "series"].max() == PANELS * AREAS
    assert frame.loc[COVERAGE, "series"].max() == SETS * AREAS


def test_the_metadata_says_that_it_is_simulated_with_seed_and_day():
    meta = real_table(table.NAME).meta
    assert (meta.role, meta.publisher, meta.licence) == ("instrument", "This project", "MIT")
    assert meta.period is None
    assert f"seed {SEED}, simulated on " in meta.edition
    assert "made up" in meta.description
    assert any("simulated" in caveat for caveat in meta.caveats)


def test_a_small_run_agrees_with_the_stored_table():
    filled = {"nominal": 0, "period": ""}
    both = small().fillna(filled).merge(stored().fillna(filled), on=KEYS)
    assert len(both) == len(small())
    for row in both.to_dict("records"):
        first, second = row["series_x"], row["series_y"]
        together = (row["result_x"] * first + row["result_y"] * second) / (first + second)
        error = math.sqrt(together * (1 - together) * (1 / first + 1 / second))
        assert abs(row["result_x"] - row["result_y"]) <= 4 * error + 2 / first, row


def test_what_is_written_can_be_loaded_again(tmp_path):
    project = sound_project(tmp_path)
    table.write(small(), date(2026, 12, 31), project.tables)
    again = load(project, table.NAME)
    assert again.meta.rows == len(again.frame) == len(small())
    assert again.meta.extraction == "simulated on 31 December 2026"
    read = again.frame.astype(small().drop(columns="period").dtypes)
    # Made-up series have no period: None is written as nothing, and read as missing.
    pd.testing.assert_frame_equal(read, small().astype({"period": read["period"].dtype}))


# What the methods must keep, by the stored table. A rate's own interval must reach the target.


def rows_of(measure: str, nominal: float | None = None) -> pd.DataFrame:
    frame = stored()
    kept = frame["measure"] == measure
    return frame[kept] if nominal is None else frame[kept & (frame["nominal"] == nominal)]


def test_ninety_five_per_cent_intervals_of_a_projection_hold_90_to_97_per_cent_of_the_time():
    rows = rows_of(COVERAGE, 0.95)
    assert len(rows)
    assert rows["result"].between(0.895, 0.99).all()


def test_the_eighty_per_cent_interval_of_a_projection_holds_about_as_often():
    rows = rows_of(COVERAGE, 0.80)
    assert set(rows["method"]) == {CALIBRATED}
    assert rows["result"].between(0.75, 0.87).all()


def test_a_rough_range_claims_no_level():
    assert rows_of(COVERAGE).set_index("method").loc[ROUGH, "nominal"].isna().all()


def of_statement(measure: str, statement: str, process: str | None = None) -> pd.DataFrame:
    rows = rows_of(measure)
    rows = rows[rows["method"].str.split(", ").str[0] == statement]
    return rows if process is None else rows[rows["process"] == process]


def test_another_level_is_verdicts_wrongly_no_more_than_twice_as_often_as_is_meant():
    """Noise that is learned from months; from years alone it is known worse."""
    rows = of_statement(WRONG, ANOTHER)
    rows = rows[rows["method"].str.endswith(FROM_MONTHS)]
    pooled = (rows["result"] * rows["series"]).sum() / rows["series"].sum()
    assert pooled <= 0.005
    assert limits(rows).empty


def test_a_change_is_called_unusual_wrongly_in_at_most_7_of_100():
    assert limits(of_statement(WRONG, UNUSUAL)).empty


def test_a_trend_is_told_wrongly_in_at_most_7_of_100():
    assert limits(of_statement(WRONG, SLOPE)).empty
    assert of_statement(WRONG, SLOPE)["result"].max() < 0.08


def test_intervals_of_a_change_hold_as_often_as_they_are_meant_to():
    assert limits(of_statement(HELD, "change on the year before")).empty


def test_what_is_seen_grows_with_the_counts():
    fallen = f"{INDEPENDENT.name}, then a fall of 20%"
    for statement, process in ((ANOTHER, fallen), (UNUSUAL, fallen), (SLOPE, TRENDS[0].name)):
        rows = of_statement(SEEN, statement, process)
        seen = rows.groupby("mean_a_month")["result"].mean()
        assert seen.is_monotonic_increasing
        assert seen.iloc[0] < 0.05
        assert seen.iloc[-1] > 0.75


def test_of_the_real_past_another_level_is_verdicts_more_often_than_unusual():
    rows = rows_of(SAID)
    at = rows[rows["nominal"].isin([0.005, 0.05])]
    another = at[at["method"].str.startswith(ANOTHER) & (at["nominal"] == 0.005)]
    unusual = at[at["method"].str.startswith(UNUSUAL)]
    both = another.merge(unusual, on=["period", "years"])
    assert len(both) == len(another) == len(unusual)
    assert (both["result_x"] >= both["result_y"]).all()
    years = unusual.set_index("period")["result"]
    # In this year boroughs moved together: over three times as often as in the mean of years.
    assert years["2014/15"].min() > 3 * 0.05
    assert years["2010/11"] < 0.02
