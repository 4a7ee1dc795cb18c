"""How often the methods mislead, as a reader meets it: made-up series, and the real record."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
from tables_fixture import KINGSTON, PROJECT, real_table

from kingston_analysis.analyses.methods import (
    CAPTIONS,
    PROJECTION,
    STUDY,
    alarm_quality,
    forecast_record,
)
from kingston_analysis.data.editions import load_edition
from kingston_analysis.data.tables.load import Table
from kingston_analysis.show.answer import Answer
from kingston_analysis.study.forecast_coverage import CALIBRATED
from kingston_analysis.study.results import COVERAGE
from kingston_analysis.views.edition import EditionView
from kingston_analysis.views.scope import Scope


def answer(frame: pd.DataFrame) -> Answer:
    """Return what a page says of the results of a study."""
    study = Table(STUDY, frame, real_table(STUDY).meta)
    return alarm_quality(SimpleNamespace(view=SimpleNamespace(load={STUDY: study}.get)))


def test_the_study_of_projections_is_shown_with_intervals():
    frame = real_table(STUDY).frame
    tables = answer(frame).tables
    assert [len(each.headings) for each in tables] == [6]
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
        "93.0% (90.0% to 95.0%); 10 a month, varying 4 times as much as pure chance",
        "96.0% (94.0% to 98.0%); 40 a month, varying as pure chance does",
        200,
    ]


def test_the_lowest_and_the_highest_share_of_each_method_are_published():
    found = {each.name: each.value for each in answer(made_up()).findings}
    of = "interval-holds-the-truth.made-up"
    assert found == {f"{of}.lowest": 0.93, f"{of}.highest": 0.96}


# The real record of the projections, by edition.


def record_of(year: int) -> Answer:
    view = EditionView(Scope(PROJECT, load_edition(PROJECT, year), KINGSTON))
    return forecast_record(SimpleNamespace(view=view))


def numbers(found: Answer) -> dict[str, float | str | None]:
    return {each.name: each.value for each in found.findings}


def test_the_study_calls_the_projections_as_the_page_looks_for_them():
    assert PROJECTION == CALIBRATED


def test_an_edition_that_has_seen_no_year_end_has_no_record():
    for year in (2008, 2009):
        [gap] = record_of(year).gaps
        assert "No year that was projected" in gap.gap.why


def test_an_edition_that_has_seen_one_has_a_record_of_rough_ranges_only():
    found = record_of(2010)
    assert "so nobody knows how often the intervals hold." in found.words
    assert "448 year-ends had a rough range only. It held in " in found.words
    assert "so it is not given a percentage." in found.words
    # 14 figures in 32 boroughs; a few more than one in ten ended outside.
    assert numbers(found)["projections.rough"] == 14 * 32
    assert numbers(found)["projections.scored"] == 0
    assert 0.85 < numbers(found)["projections.held_rough"] / 448 < 0.90
    shop_theft = next(row for row in found.tables[0].rows if row[0] == "Shop theft")
    assert shop_theft == ["Shop theft", "none yet", 0, "[z]", "[z]", 32, "14 of 32 (43.8%)"]


def test_the_last_edition_prints_the_real_record_by_figure_beside_the_simulated_one():
    found = record_of(2016)
    values = numbers(found)
    scored, held = values["projections.scored"], values["projections.held_95"]
    # 13 figures have six years in 32 boroughs, domestic abuse has three.
    assert scored == (13 * 6 + 3) * 32
    assert 0.93 <= held / scored <= 0.97
    assert f"the 95% interval in {held:,} of {scored:,} ({held / scored:.1%})" in found.words
    assert "On made-up series of different kinds" in found.words
    *rows, everything = found.tables[0].rows
    assert everything[:3] == ["All of these", "2009/10 to 2014/15", scored]
    assert sum(row[2] for row in rows) == scored
    assert list(found.frame["indicator"]) == [row[0] for row in rows]
    by_figure = found.frame[found.frame["scored"] > 0]
    assert (by_figure["covered_95"] / by_figure["scored"]).between(0.87, 1).all()
