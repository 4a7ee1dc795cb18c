"""How often the tests of hypotheses are met: counted by kind, and none of them nearly always."""

from __future__ import annotations

import pandas as pd
import pytest
from tables_fixture import KINGSTON, PROJECT, real_table

from kingston_analysis.analyses.hypotheses import RATES, measurements
from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.hypotheses import expected_of, load_hypotheses
from kingston_analysis.measures.hypotheses import evaluate
from kingston_analysis.notebook import open_topic
from kingston_analysis.study.hypothesis_rates import (
    FIRST,
    NO_TEST,
    counted_by_kind,
    outcomes,
    tested,
    years_assessed,
)

# In fewer tests a share says little.
ENOUGH = 20


def stored() -> pd.DataFrame:
    return real_table(RATES).frame


def test_outcomes_are_counted_by_kind_and_year_and_what_has_no_data_is_no_test():
    rows = [
        ("local", "fall", "2006/07", "Ashby", "supported"),
        ("local", "fall", "2006/07", "Ashby", "not supported"),
        ("local", "fall", "2006/07", "Burnham", "no clear answer"),
        ("local", "fall", "2006/07", "Colne", "no data"),
        ("local", "rise", "2006/07", "Ashby", "supported"),
        ("local", "fall", "2007/08", "Colne", "supported"),
    ]
    found = counted_by_kind(rows)
    assert found.to_dict("split")["data"] == [
        # kind, expected, year, areas, tests, supported, not supported, no clear answer
        ["local", "fall", "2006/07", 2, 3, 1, 1, 1],
        ["local", "fall", "2007/08", 1, 1, 1, 0, 0],
        ["local", "rise", "2006/07", 1, 1, 1, 0, 0],
    ]


def test_every_year_from_the_first_to_the_newest_assessed_is_tried():
    years = years_assessed(PROJECT)
    assert (years[0], years[-1], len(years)) == (FIRST, "2014/15", 12)


def test_a_borough_is_tested_as_its_own_page_tests_it():
    topic, year = "burglary", "2008/09"
    view = open_topic(edition=2010, area=KINGSTON, topic=topic).view
    listed = tested(PROJECT)[topic]
    measured = measurements(view, listed)
    own = [(expected_of(e.test), evaluate(e, measured).outcome) for e in listed]
    found = [(row[1], row[4]) for row in outcomes(PROJECT, topic, year) if row[3] == KINGSTON]
    assert found == own
    shown = load_hypotheses(PROJECT, 2010)[topic]
    assert {e.hypothesis for e in shown if e.test} <= {e.hypothesis for e in listed}


def test_the_stored_counts_add_up_and_hold_every_kind_that_an_edition_tests():
    frame = stored()
    told = frame[["supported", "not_supported", "no_clear_answer"]].sum(axis=1)
    assert (told == frame["tests"]).all()
    assert frame["areas"].max() == len(load_areas(PROJECT).borough_names)
    asked = {
        (each.test.kind, expected_of(each.test))
        for listed in tested(PROJECT).values()
        for each in listed
    }
    assert set(zip(frame["kind"], frame["expected"], strict=True)) == asked


def test_the_stored_counts_are_those_of_the_figures_held():
    year, topics = "2009/10", ["pedal-cycle-theft", "shop-theft"]
    rows = [row for topic in topics for row in outcomes(PROJECT, topic, year) if row[0] == "rate"]
    frame = stored()
    held = frame[(frame["kind"] == "rate") & (frame["financial_year"] == year)]
    assert len(held) == 1
    assert counted_by_kind(rows).to_numpy().tolist() == held.to_numpy().tolist()


@pytest.mark.parametrize("period", ["all", "2008/09"])
def test_no_kind_of_test_is_met_nearly_always(period):
    frame = stored()
    frame = frame if period == "all" else frame[frame["financial_year"] <= period]
    sums = frame.groupby(["kind", "expected"])[["tests", "supported"]].sum()
    sums = sums[sums["tests"] >= ENOUGH]
    assert len(sums)
    assert (sums["supported"] / sums["tests"] <= NO_TEST).all()
