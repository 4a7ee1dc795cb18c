"""Progress: how far a change speaks for what was done, and projections held against what came."""

from __future__ import annotations

import pandas as pd
import pytest
from kingston_analysis.cycle.progress import Scored, evidence, placebo_share
from tables_fixture import KINGSTON

from kingston_analysis import notebook
from kingston_analysis.measures.changes import Change, incomparable
from kingston_analysis.measures.projection import Projection
from kingston_analysis.results import Estimate, Gap
from kingston_analysis.show.progress_views import implemented_table, scored_sentence

FELL = Change("fell", Estimate(0.8, 0.7, 0.9), 0.001)
CLEARLY_MORE = Estimate(0.8, 0.7, 0.95)
NOT_CLEARLY = Estimate(0.9, 0.8, 1.1)
LOWER = "lower is better"


def state(acted=True, polarity=LOWER, change=FELL, beside=CLEARLY_MORE, placebo=0.0) -> str:
    return evidence(acted, polarity, change, beside, "North", placebo).state


def test_the_states_of_the_evidence_each_ask_more_than_the_one_before():
    assert state(acted=False) == "none"
    assert state(beside=NOT_CLEARLY) == "associated"
    assert state(placebo=0.2) == "compared with similar boroughs"
    assert state() == "placebo-tested"


@pytest.mark.parametrize(
    "change",
    [
        Change("no clear change", Estimate(0.95, 0.8, 1.1), 0.4),
        Change("rose", Estimate(1.2, 1.1, 1.3), 0.001),
        incomparable("The count was made in another way."),
    ],
)
def test_a_figure_that_did_not_clearly_move_the_right_way_is_no_evidence(change):
    assert state(change=change) == "none"


def test_more_reporting_is_the_right_way_where_more_is_better():
    rose = Change("rose", Estimate(1.3, 1.1, 1.5), 0.001)
    more = Estimate(1.2, 1.05, 1.4)
    assert state(polarity="more reporting is better", change=rose, beside=more) == "placebo-tested"
    assert state(polarity="more reporting is better") == "none"


def test_where_neither_way_is_better_there_is_no_evidence():
    assert state(polarity="neither") == "none"


def test_without_a_comparison_the_evidence_stays_associated():
    assert state(beside=Gap("No population is held.")) == "associated"


# Ashby fell to 80%; Burnham to 90%, Colne to 70%, Dale to 80%: two of three fell as far.
COUNTS = pd.DataFrame(
    {"2005/06": [100, 100, 100, 100], "2006/07": [80, 90, 70, 80]},
    index=["Ashby", "Burnham", "Colne", "Dale"],
)


def test_the_placebo_share_counts_the_other_boroughs_that_moved_as_far():
    assert placebo_share(COUNTS, "Ashby", "fell") == pytest.approx(2 / 3)
    assert placebo_share(COUNTS, "Ashby", "rose") == pytest.approx(2 / 3)
    assert placebo_share(COUNTS, "Colne", "fell") == 0


def test_a_borough_without_both_figures_or_with_none_earlier_is_left_out():
    counts = COUNTS.astype(float)
    counts.loc["Colne", "2006/07"] = float("nan")
    counts.loc["Dale", "2005/06"] = 0
    assert placebo_share(counts, "Ashby", "fell") == 0
    assert placebo_share(counts, "Colne", "fell") == 1
    assert placebo_share(counts.loc[["Ashby"]], "Ashby", "fell") == 1


def said(expected: float, low_80: float, high_80: float, low_95: float, high_95: float):
    within = Estimate(expected, low_80, high_80, level=0.80), Estimate(expected, low_95, high_95)
    others = {"learned_from": "months", "unseen": (), "record": pd.DataFrame(), "areas": 1}
    counts = {"scored": 0, "held_80": 0, "held_95": 0}
    return Projection("Ashby", "2006/07", "2006-12", 70, *within, phi=1, **others, **counts)


@pytest.mark.parametrize(
    ("came", "inside_80", "inside_95"),
    [
        (100, True, True),
        (90, True, True),
        (85, False, True),
        (79, False, False),
        (None, None, None),
    ],
)
def test_a_projection_is_held_against_what_came(came, inside_80, inside_95):
    held = Scored("robbery", said(100, 90, 110, 80, 120), came)
    assert (held.inside(80), held.inside(95)) == (inside_80, inside_95)


def test_the_sentence_counts_only_what_is_known():
    found = [
        Scored(name, said(100, 90, 110, 80, 120), came)
        for name, came in (("robbery", 100), ("burglary", 85), ("fraud", None))
    ]
    text = scored_sentence(found, 2008)
    assert "for 2 areas of crime" in text
    assert "80% interval 1 times" in text
    assert "95% interval 2 times" in text


@pytest.fixture(scope="module")
def page_of_2010():
    return notebook.open_page("progress", edition=2010, area=KINGSTON)


def test_only_alcohol_misuse_has_objectives_and_none_an_action(page_of_2010):
    page = page_of_2010
    outcomes = {each.topic: page.outcome(each.topic, each) for each in page.plan_before.themes}
    rows = implemented_table(page.plan_before.themes, outcomes).rows
    assert [row[0] for row in rows].count("Alcohol misuse") == 3
    assert len(rows) == 3 + 5
    assert all(row[2] == "[x]" or row[2].startswith("Not available") for row in rows)
    assert all(row[5].startswith("none") for row in rows)


def test_what_edition_2009_projected_of_violence_is_held_against_what_came(page_of_2010):
    [violence] = [
        each
        for each in page_of_2010.projections_scored
        if each.page == "violence-against-the-person"
    ]
    assert violence.said.year == "2008/09"
    assert violence.said.last == "2008-12"
    assert violence.came == 2_191


def test_the_first_edition_has_no_earlier_plan_and_says_so():
    page = notebook.open_page("progress", edition=2008, area=KINGSTON)
    assert "first edition" in page.plan_before.why
    assert page.projections_scored == []


def test_another_borough_has_no_plan_to_hold_the_year_against():
    page = notebook.open_page("progress", edition=2010, area="Sutton")
    assert page.plan_before == Gap("Plans are held for Kingston upon Thames alone.")
    assert page.themes_or_topics == list(page.edition.topics)
