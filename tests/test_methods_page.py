"""How often the methods mislead, as a reader meets it: two tables, and findings."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
from tables_fixture import real_table

from kingston_analysis.analyses.methods import CAPTIONS, STUDY, alarm_quality
from kingston_analysis.data.tables.load import Table
from kingston_analysis.show.answer import Answer
from kingston_analysis.study.results import COVERAGE


def answer(frame: pd.DataFrame) -> Answer:
    """Return what a page says of the results of a study."""
    study = Table(STUDY, frame, real_table(STUDY).meta)
    return alarm_quality(SimpleNamespace(view=SimpleNamespace(load={STUDY: study}.get)))


def test_the_study_is_shown_in_two_tables_with_intervals():
    frame = real_table(STUDY).frame
    tables = answer(frame).tables
    assert [len(each.headings) for each in tables] == [6, 6]
    assert sum(len(each.rows) for each in tables) == len(
        frame[frame["measure"].isin(CAPTIONS)].groupby(
            ["measure", "method", "years", "nominal"], dropna=False
        )
    )
    for shown in tables:
        assert "nan" not in shown.as_text().lower().split()
        for row in shown.rows:
            assert " to " in row[3]
            assert " to " in row[4]


def made_up() -> pd.DataFrame:
    """Make the results of one method in two kinds of series."""
    row = {"measure": COVERAGE, "method": "made up", "years": 8, "nominal": 0.95, "series": 100}
    return pd.DataFrame(
        [
            {**row, "mean_a_month": 10, "dispersion": 4, "result": 0.93, "low": 0.9, "high": 0.95},
            {**row, "mean_a_month": 40, "dispersion": 1, "result": 0.96, "low": 0.94, "high": 0.98},
        ]
    )


def test_the_lowest_and_the_highest_share_are_said_with_their_kind_of_series():
    [row] = answer(made_up()).tables[0].rows
    assert row == [
        *("Made up", 8, "95%"),
        "93.0% (90.0% to 95.0%); 10 a month, variation 4 times Poisson",
        "96.0% (94.0% to 98.0%); 40 a month, variation 1 times Poisson",
        200,
    ]


def test_the_lowest_and_the_highest_share_of_each_method_are_published():
    found = {each.name: each.value for each in answer(made_up()).findings}
    of = "interval-holds-the-truth.made-up"
    assert found == {f"{of}.lowest": 0.93, f"{of}.highest": 0.96}
