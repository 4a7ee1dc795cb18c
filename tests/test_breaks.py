"""Registered breaks: which comparisons cross them, and what they do to a selection."""

from __future__ import annotations

import pytest
from tables_fixture import made_indicator, made_people, made_table, real_series, real_table

from kingston_analysis.data.tables.breaks import breaks_between, effect_on
from kingston_analysis.data.tables.metadata import Break
from kingston_analysis.data.tables.periods import financial_year_of
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.results import Gap

VIOLENCE = {"offence_group": ["Violence"]}
SWAPPED = {"offence": ["Wounding", "Grievous bodily harm"]}


def a_break(touches, effect="refuse", at="2012/13"):
    return Break(at=at, what="Counted anew.", touches=touches, effect=effect)


def table_with_break(at: str, kind: str, effect: str = "refuse"):
    period = {"financial_year": "2012/13", "month": "2012-04", "calendar_year": "2012"}[kind]
    breaks = [{"at": at, "what": "Counted anew.", "touches": "all", "effect": effect}]
    return made_table(["area", kind, "value"], [("Ashby", period, 1.0)], kind=kind, breaks=breaks)


@pytest.mark.parametrize("effect", ["refuse", "label"])
def test_a_break_of_everything_has_its_own_effect_on_any_selection(effect):
    assert effect_on(a_break("all", effect), VIOLENCE) == effect
    assert effect_on(a_break("all", effect), {}) == effect


def test_a_break_of_all_that_is_selected_has_its_own_effect():
    assert effect_on(a_break(SWAPPED), {"offence": ["Wounding"]}) == "refuse"
    assert effect_on(a_break(SWAPPED), SWAPPED) == "refuse"


def test_a_break_of_some_of_what_is_selected_is_a_label():
    wounding = a_break({"offence": ["Wounding"]})
    assert effect_on(wounding, SWAPPED) == "label"


def test_offences_that_swapped_their_names_cannot_be_compared_alone_and_together_as_before():
    swapped = a_break(SWAPPED, "swap")
    assert effect_on(swapped, {"offence": ["Wounding"]}) == "refuse"
    assert effect_on(swapped, {"offence": ["Wounding", "Common assault"]}) == "refuse"
    assert effect_on(swapped, SWAPPED) is None
    assert effect_on(swapped, {"offence": [*SWAPPED["offence"], "Common assault"]}) is None
    assert effect_on(swapped, {"offence": ["Fraud"]}) is None


def test_a_break_of_nothing_that_is_selected_has_no_effect():
    assert effect_on(a_break({"offence": ["Fraud"]}), SWAPPED) is None
    assert effect_on(a_break({"offence": ["Wounding"]}), VIOLENCE) is None


def test_a_break_in_two_columns_touches_only_what_is_selected_in_both():
    elsewhere = a_break({"area": ["England and Wales"], "offence_group": ["Violence"]})
    assert effect_on(elsewhere, VIOLENCE) is None
    assert effect_on(elsewhere, {**VIOLENCE, "area": ["England and Wales"]}) == "refuse"
    assert effect_on(elsewhere, {**VIOLENCE, "area": ["Ashby", "England and Wales"]}) == "label"


@pytest.mark.parametrize(
    ("first", "second", "crossed"),
    [
        ("2010/11", "2011/12", False),
        ("2011/12", "2012/13", True),
        ("2010/11", "2014/15", True),
        ("2012/13", "2013/14", False),
    ],
)
def test_a_break_at_the_start_of_a_year_lies_between_it_and_the_year_before(first, second, crossed):
    meta = table_with_break("2012/13", "financial_year").meta
    found = breaks_between(meta, {}, first, second, "financial_year")
    assert found == ([("refuse", "Counted anew.")] if crossed else [])


@pytest.mark.parametrize(
    ("first", "second", "crossed"),
    [
        ("2010/11", "2011/12", False),
        ("2011/12", "2012/13", True),
        ("2012/13", "2013/14", True),
        ("2013/14", "2014/15", False),
    ],
)
def test_a_year_in_the_middle_of_which_a_break_falls_compares_with_neither_neighbour(
    first, second, crossed
):
    meta = table_with_break("2012-09", "month").meta
    assert bool(breaks_between(meta, {}, first, second, "financial_year")) == crossed


@pytest.mark.parametrize(
    ("first", "second", "crossed"),
    [("2012-07", "2012-08", False), ("2012-08", "2012-09", True), ("2012-09", "2012-10", False)],
)
def test_a_break_of_a_month_lies_between_it_and_the_month_before(first, second, crossed):
    meta = table_with_break("2012-09", "month").meta
    assert bool(breaks_between(meta, {}, first, second, "month")) == crossed


def test_a_table_without_periods_has_no_breaks():
    meta = real_table("ons_crime_severity_weights").meta
    assert breaks_between(meta, {}, "2010/11", "2014/15", "financial_year") == []


def change_over_a_break(effect: str):
    breaks = [{"at": "2012/13", "what": "Counted anew.", "touches": "all", "effect": effect}]
    rows = [("Ashby", "2011/12", 4000.0), ("Ashby", "2012/13", 1000.0)]
    table = made_table(["area", "financial_year", "value"], rows, breaks=breaks)
    people = made_people({"Ashby": {2011: 1000, 2012: 1000}})
    return make_series(made_indicator(), "Ashby", table, people, ["Ashby"])


def test_a_series_refuses_a_change_over_a_break_that_refuses():
    change = change_over_a_break("refuse").change()
    assert (change.verdict, change.ratio) == ("cannot be compared", Gap("Counted anew."))


def test_a_series_labels_a_change_over_a_break_that_labels():
    change = change_over_a_break("label").change()
    assert (change.verdict, change.ratio.value, change.caution) == ("fell", 0.25, "Counted anew.")


def test_a_series_lists_its_breaks_by_the_first_year_affected():
    assert change_over_a_break("label").breaks() == [("2012/13", "Counted anew.")]


@pytest.mark.parametrize(
    ("topic", "indicator", "year", "verdict"),
    [
        ("all-recorded-crime", 0, "2002/03", "cannot be compared"),
        ("violence-against-the-person", 0, "2002/03", "cannot be compared"),
        ("fraud", 0, "2011/12", "cannot be compared"),
        ("fraud", 0, "2012/13", "cannot be compared"),
        ("fraud", 0, "2013/14", "cannot be compared"),
        ("fraud", 0, "2010/11", None),
    ],
)
def test_the_national_standard_and_action_fraud_refuse_comparisons(topic, indicator, year, verdict):
    change = real_series(topic, indicator).change(year)
    assert (change.verdict == "cannot be compared") == (verdict is not None)


def test_all_recorded_crime_over_the_move_of_fraud_is_compared_with_a_label():
    change = real_series("all-recorded-crime").change("2011/12")
    assert change.ratio.value == pytest.approx(11_232 / 11_150)
    assert "Action Fraud" in change.caution


def test_the_two_labels_of_wounding_are_compared_as_a_sum():
    labels = real_table("recorded_crime_month_2008_2016").meta
    together = {"offence": ["Grievous Bodily Harm", "Wounding/GBH"]}
    alone = {"offence": ["Wounding/GBH"]}
    years = ("2009/10", "2010/11", "financial_year")
    assert breaks_between(labels, together, *years) == []
    assert {effect for effect, _ in breaks_between(labels, alone, *years)} == {"refuse"}


def test_harassment_is_not_compared_over_its_recoding():
    meta = real_table("recorded_crime_month_2008_2016").meta
    years = ("2011/12", "2012/13", "financial_year")
    found = breaks_between(meta, {"offence": ["Harassment"]}, *years)
    assert "refuse" in {effect for effect, _ in found}


WOUNDING, ASSAULT = ["Grievous Bodily Harm", "Wounding/GBH"], ["Assault with Injury"]


@pytest.mark.parametrize(
    ("offences", "effect"),
    [(WOUNDING, "refuse"), (ASSAULT, "refuse"), (WOUNDING + ASSAULT, "label")],
)
def test_offences_that_moved_from_one_label_to_another_are_compared_as_a_sum_alone(
    offences, effect
):
    meta = real_table("recorded_crime_month_2008_2016").meta
    found = breaks_between(meta, {"offence": offences}, "2012/13", "2013/14", "financial_year")
    assert {each for each, _ in found} == {effect}


def test_the_break_of_wounding_says_what_the_boroughs_counts_did():
    """In Kingston assault with injury went to 0.70 of the year before, wounding to 2.61 times."""
    frame = real_table("recorded_crime_month_2008_2016").frame
    rows = frame[frame["offence"].isin(WOUNDING + ASSAULT)]
    kind = rows["offence"].isin(ASSAULT).map({True: "assault", False: "wounding"})
    year = rows["month"].astype(str).map(financial_year_of).rename("year")
    sums = rows["offences"].astype(float).groupby([year, rows["area"], kind]).sum().unstack()
    ratio = sums.loc["2013/14"] / sums.loc["2012/13"]
    together = sums.loc["2013/14"].sum(axis=1) / sums.loc["2012/13"].sum(axis=1)
    kingston = ratio.loc["Kingston upon Thames"]
    assert kingston.round(2).to_dict() == {"assault": 0.7, "wounding": 2.61}
    assert (ratio["assault"].min(), ratio["assault"].max()) == pytest.approx(
        (0.68, 0.90), abs=0.005
    )
    assert (ratio["wounding"].min(), ratio["wounding"].max()) == pytest.approx((2.1, 3.2), abs=0.05)
    assert (together.min(), together.max()) == pytest.approx((0.88, 1.14), abs=0.005)
