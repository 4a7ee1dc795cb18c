"""Progress as a reader meets it: the plan, its figures, and last year's forecasts scored."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from tables_fixture import KINGSTON, PROJECT

from kingston_analysis.analyses.past_forecasts import forecasts_scored
from kingston_analysis.analyses.progress import implemented, what_figures_did
from kingston_analysis.analyses.targets import targets
from kingston_analysis.errors import KingstonError
from kingston_analysis.notebook import NotebookPage, open_edition
from kingston_analysis.plan.themes import Action, Objective
from kingston_analysis.results import Estimate, Gap
from kingston_analysis.views.edition import EditionView

MET = "Met Police Area"


def open_progress(edition: int, area: str = KINGSTON) -> NotebookPage[EditionView]:
    return open_edition("progress", edition=edition, area=area, project=PROJECT)


@pytest.fixture(scope="module")
def page_of_2010() -> NotebookPage[EditionView]:
    return open_progress(2010)


def test_only_alcohol_misuse_has_objectives_and_none_an_action(page_of_2010):
    said = implemented(page_of_2010)
    assert (
        "Objectives are known for one theme (alcohol misuse): 3, none with a known action. So how "
        "far most of it was carried out is not known"
    ) in said.words
    [table] = said.tables
    assert [row[0] for row in table.rows].count("Alcohol misuse") == 3
    assert len(table.rows) == 3 + 5
    for _, objective, action, output, _, evidence in table.rows:
        assert action is None or action.startswith("Not available")
        assert output is None
        assert objective
        assert evidence.startswith("none")


def test_an_action_stands_between_its_objective_and_what_came_of_it(page_of_2010):
    view = page_of_2010.view
    done = Action(text="Hold a training day.", output="40 were trained.")
    begun = Action(text="Print a leaflet.", output=Gap("Nothing was counted."))
    objective = Objective(
        id="training", text="Train all staff.", owner="police", actions=(done, begun)
    )
    theme = view.before.plan.themes[0].model_copy(update={"objectives": (objective,)})
    before = SimpleNamespace(edition=view.before.edition, plan=SimpleNamespace(themes=(theme,)))
    seen = {name: getattr(view, name) for name in ("area", "edition", "scope", "topic")}
    [table] = implemented(SimpleNamespace(view=SimpleNamespace(before=before, **seen))).tables
    assert [list(row[1:4]) for row in table.rows] == [
        ["Train all staff.", "Hold a training day.", "40 were trained."],
        ["Train all staff.", "Print a leaflet.", "Not available. Nothing was counted."],
    ]


def test_what_the_figure_of_each_theme_did_stands_beside_london(page_of_2010):
    answer = what_figures_did(page_of_2010)
    themes = page_of_2010.view.plan.themes
    [table] = answer.tables
    assert len(table.rows) == len(themes)
    frame = answer.frame
    assert set(frame["topic"]) <= {row[0] for row in table.rows}
    known = frame.dropna(subset=["change"])
    assert (known["change_low"] <= known["change"]).all()
    shares = known.set_index("topic")["placebo_share"]
    assert shares.dropna().between(0, 1).all()
    # Of these neither more nor less is better, so no borough moved the better way.
    [neither] = shares.index[shares.isna()]
    cells = {row[0]: row[-1] for row in table.rows}
    assert (neither, cells[neither]) == ("Drug misuse", "[z]")


def test_another_larger_area_takes_the_place_of_the_smallest(page_of_2010):
    smallest = what_figures_did(page_of_2010).frame
    police_area = what_figures_did(page_of_2010, group=MET)
    assert set(police_area.frame["group"]) == {MET}
    assert MET in police_area.tables[0].as_text()
    assert list(police_area.frame["change"]) == list(smallest["change"])
    with pytest.raises(KingstonError, match="does not lie in a group of areas 'Inner London'"):
        what_figures_did(page_of_2010, group="Inner London")


def test_what_edition_2009_projected_of_violence_is_held_against_what_came(page_of_2010):
    frame = forecasts_scored(page_of_2010).frame.set_index("page")
    violence = frame.loc["violence-against-the-person"]
    assert (violence["year"], violence["actual"]) == ("2008/09", 2_191)


def test_what_had_only_a_rough_range_is_not_scored_at_a_level(page_of_2010):
    answer = forecasts_scored(page_of_2010)
    # Edition 2009 had seen no year from its April to its March. Of weapons it led with injuries,
    # whose figure of the year assessed it had, and which have no months to project from.
    assert "weapons" not in set(answer.frame["page"])
    assert "Of 13 with a rough range only" in answer.words
    assert "13 ended inside it." in answer.words
    assert "80%" not in answer.words
    assert "95%" not in answer.words
    where = {row[-1] for row in answer.tables[0].rows}
    assert where == {"inside the rough range"}
    assert {row[3] for row in answer.tables[0].rows} == {"not known"}
    # Kingston's all recorded crime of 2008/09 is not the same in both tables.
    assert answer.words.endswith("the two can differ a little.")


def test_the_sentence_counts_only_what_is_known():
    # The 80% interval is 90 to 110, the 95% interval 80 to 120.
    within = Estimate(100, 90, 110, level=0.80), Estimate(100, 80, 120)
    forecast = SimpleNamespace(
        year="2006/07",
        expected=100,
        within=Estimate(100),
        within_80=within[0],
        within_95=within[1],
        calibrated=True,
    )
    actual = {"robbery": {"2006/07": 100.0}, "burglary": {"2006/07": 85.0}, "fraud": {}}
    before = SimpleNamespace(
        pages={
            name: SimpleNamespace(
                year_end=forecast, primary=SimpleNamespace(indicator=name, monthly_from=None)
            )
            for name in actual
        },
        edition=SimpleNamespace(edition=2008),
    )
    titles = {name: name.capitalize() for name in actual}
    # Of the same indicator, whichever stands for the topic now.
    scope = SimpleNamespace(
        series=lambda name: SimpleNamespace(own={"value": pd.Series(actual[name])})
    )
    view = SimpleNamespace(before=before, pages=actual, page_titles=titles, scope=scope)
    answer = forecasts_scored(SimpleNamespace(view=view))
    assert "For 2 areas of crime" in answer.words
    assert "Of 2 with intervals, 1 ended inside the 80% interval (2 would be usual)" in answer.words
    assert "and 2 inside the 95% interval (2 would be usual)." in answer.words
    assert "rough" not in answer.words
    assert [row[5] for row in answer.tables[0].rows] == [
        *("inside the 80% interval", "inside the 95% interval", "not known yet")
    ]


def test_the_first_edition_has_no_earlier_plan_and_says_so():
    page = open_progress(2008)
    for question in (implemented, forecasts_scored):
        [gap] = question(page).gaps
        assert "first edition" in gap.gap.why


def test_another_borough_has_no_plan_to_hold_the_year_against():
    page = open_progress(2010, "Sutton")
    for question in (implemented, targets):
        [gap] = question(page).gaps
        assert gap.gap == Gap("Plans are held for Kingston upon Thames alone.")
    titles = [page.view.topic_titles[each] for each in page.view.edition.topics]
    assert [row[0] for row in what_figures_did(page).tables[0].rows] == titles


def test_a_figure_from_before_the_plan_is_no_outcome_of_it():
    # Edition 2009 looks at 2007/08, and the plan begins with 2008/09.
    [table] = implemented(open_progress(2009)).tables
    assert {row[4:] for row in map(tuple, table.rows)} == {
        ("Not available: the plan began in 2008/09, and 2007/08 was over before that", "none")
    }


def test_last_years_plan_is_the_one_of_last_year_and_of_no_earlier_one():
    [gap] = implemented(open_progress(2016)).gaps
    assert gap.gap == Gap(
        "There is no 2015 edition, so no plan of last year is known. The edition before is that "
        "of 2011."
    )


def test_a_figure_that_ends_before_the_year_assessed_is_no_outcome():
    [table] = what_figures_did(open_progress(2016)).tables
    [young] = [row for row in table.rows if row[0] == "Crime by and against young people"]
    assert young[1] == (
        "Not available: no figure for 2014/15 is held; the newest held is of 2006/07"
    )
