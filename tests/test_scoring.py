"""Scores by fixed bands, weighted totals, ranks; a total never depends on the other topics."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import skcriteria
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from matrix_fixture import bands, judged, matrix_of, measured, scheme_of
from pydantic import ValidationError
from skcriteria.agg.simple import WeightedSumModel

from kingston_analysis.matrix.cells import Cell, IndicatorValue
from kingston_analysis.matrix.scheme import Bands
from kingston_analysis.matrix.scoring import ranking, totals
from kingston_analysis.results import Gap

HEADINGS = ("volume", "seriousness", "generator")
GAP = math.nan


def table(rows: dict[str, tuple[float, ...]], headings: tuple[str, ...] = HEADINGS) -> pd.DataFrame:
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(headings), dtype=float)


def equal(headings: tuple[str, ...] = HEADINGS) -> pd.Series:
    return pd.Series(1.0, index=list(headings))


def ranked(rows: dict[str, tuple[float, ...]], ties: tuple[str, ...] = (), fewest: int = 1) -> dict:
    return ranking(table(rows), equal(), ties, fewest)["rank"].to_dict()


def total(scores: list[float], weights: list[float]) -> float:
    return float(totals(np.array([scores], dtype=float), np.array(weights, dtype=float))[0])


# Totals


def test_the_lowest_score_adds_nothing_and_the_highest_its_whole_weight():
    assert total([1, 1, 1], [1, 2, 3]) == 0
    assert total([5, 5, 5], [1, 2, 3]) == 100


def test_a_total_worked_by_hand():
    # Shares (s - 1)/4 of 5, 2 and 3 are 1, 1/4 and 1/2.
    weighed = 3 * 1 + 2 * 1 / 4 + 1 * 1 / 2
    assert total([5, 2, 3], [3, 2, 1]) == pytest.approx(100 * weighed / (3 + 2 + 1))


def test_a_heading_that_is_not_scored_leaves_both_sums():
    # Without the second heading: (3 · 1 + 1 · 1/2) ÷ (3 + 1)
    assert total([5, GAP, 3], [3, 2, 1]) == pytest.approx(100 * 3.5 / 4)


def test_a_fraction_of_a_score_counts_as_it_is():
    # (3 + 2/7 - 1)/4 = (16/7)/4 = 4/7
    assert total([3 + 2 / 7], [1]) == pytest.approx(100 * 4 / 7)


def test_a_heading_without_weight_counts_for_nothing():
    assert total([2, 5, 4], [1, 0, 1]) == pytest.approx(100 * (1 / 4 + 3 / 4) / 2)


def test_there_is_no_total_where_nothing_scored_has_any_weight():
    assert math.isnan(total([GAP, GAP, GAP], [1, 1, 1]))
    assert math.isnan(total([GAP, 5, GAP], [1, 0, 1]))


def test_many_weightings_and_many_scores_are_totalled_at_once():
    scores = np.array([[[1.0, 5.0]], [[5.0, GAP]]])  # two draws, one topic, two headings
    weights = np.array([[1.0, 3.0], [1.0, 3.0]])
    assert totals(scores, weights).tolist() == [[75.0], [100.0]]
    assert totals(scores[0], weights).tolist() == [[75.0], [75.0]]


# Ranks


def test_the_highest_total_ranks_first_and_rows_stand_in_that_order():
    found = ranking(
        table({"robbery": (2, 2, 2), "fraud": (5, 4, 3), "arson": (1, 1, 2)}), equal(), (), 1
    )
    assert list(found.index) == ["fraud", "robbery", "arson"]
    assert list(found["rank"]) == [1, 2, 3]
    assert found["total"].tolist() == pytest.approx([100 * 9 / 12, 100 * 3 / 12, 100 * 1 / 12])
    assert list(found["scored"]) == [3, 3, 3]


def test_equal_totals_share_the_better_rank_and_the_next_rank_is_left_out():
    rows = {"a": (5, 5, 5), "b": (2, 3, 4), "c": (4, 3, 2), "d": (1, 1, 1)}
    assert ranked(rows) == {"a": 1, "b": 2, "c": 2, "d": 4}


def test_a_tie_is_parted_by_the_higher_score_under_the_first_tie_break():
    rows = {"a": (5, 5, 5), "b": (2, 3, 4), "c": (4, 3, 2), "d": (1, 1, 1)}
    assert ranked(rows, ("volume",)) == {"a": 1, "c": 2, "b": 3, "d": 4}
    assert ranked(rows, ("generator",)) == {"a": 1, "b": 2, "c": 3, "d": 4}


def test_tie_breaks_are_asked_in_their_order_and_not_in_that_of_the_headings():
    rows = {"b": (2, 3, 4), "c": (4, 3, 2), "d": (3, 4, 2)}
    # 'd' leads under seriousness; 'b' and 'c' are equal there, so generator decides.
    assert ranked(rows, ("seriousness", "generator")) == {"d": 1, "b": 2, "c": 3}
    assert ranked(rows, ("generator", "seriousness")) == {"b": 1, "d": 2, "c": 3}


def test_topics_that_every_tie_break_leaves_equal_share_a_rank():
    rows = {"b": (2, 3, 4), "c": (4, 3, 2), "d": (1, 1, 1)}
    assert ranked(rows, ("seriousness",)) == {"b": 1, "c": 1, "d": 3}


def test_in_a_tie_no_score_counts_less_than_the_lowest():
    # Both total 0: the one has the lowest score under the tie-break, the other none.
    assert ranked({"b": (1, 1, GAP), "c": (1, 1, 1)}, ("generator",)) == {"c": 1, "b": 2}


def test_a_tie_break_parts_equal_totals_only():
    rows = {"b": (5, 5, 1), "c": (4, 4, 2)}
    assert ranked(rows, ("generator",)) == {"b": 1, "c": 2}


def test_totals_that_the_arithmetic_alone_parts_are_equal():
    # 0.1 + 0.2 and 0.3 differ in the seventeenth digit.
    weights = pd.Series([0.1, 0.2, 0.3], index=list(HEADINGS))
    found = ranking(table({"b": (5, 5, 1), "c": (1, 1, 5)}), weights, (), 1)
    assert list(found["rank"]) == [1, 1]


def test_with_fewer_scores_than_asked_for_there_is_neither_total_nor_rank():
    rows = {"b": (5, 5, GAP), "c": (2, 2, 2), "d": (5, GAP, GAP)}
    found = ranking(table(rows), equal(), (), 3)
    assert found["rank"].dropna().to_dict() == {"c": 1}
    assert list(found["total"].dropna().index) == ["c"]
    assert found["scored"].to_dict() == {"b": 2, "c": 3, "d": 1}
    assert found["rank"].to_dict().keys() == rows.keys()


def test_exactly_as_many_scores_as_asked_for_are_enough():
    assert ranked({"b": (5, 5, GAP), "c": (2, 2, 2)}, fewest=2) == {"b": 1, "c": 2}


def test_weights_belong_to_headings_by_name_and_not_by_place():
    weights = pd.Series({"generator": 0.0, "volume": 2.0, "seriousness": 0.0})
    found = ranking(table({"b": (4, 1, 1), "c": (2, 5, 5)}), weights, (), 1)
    assert found["total"].to_dict() == {"b": 75, "c": 25}


def test_a_matrix_ranks_the_topics_that_are_scored_under_enough_headings():
    found = matrix_of(
        scheme_of("ab", fewest=2),
        {"robbery": (3, None), "fraud": (measured(20), 4), "arson": (1, 1)},
    )
    assert found.ranked == ["fraud", "arson"]


# Bands


def test_below_gives_the_higher_score_to_what_reaches_a_cut():
    found = bands(below=(2, 5, 10, 20))
    values = [0, 1.999999, 2, 4.999999, 5, 9.999999, 10, 19.999999, 20, 1000]
    assert found.scores(np.array(values)).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_at_most_gives_the_lower_score_to_what_reaches_a_cut():
    found = bands(at_most=(-3, -2, 2, 3))
    values = [-9, -3, -2.999999, -2, -1.999999, 2, 2.000001, 3, 3.000001, 9]
    assert found.scores(np.array(values)).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_a_cut_at_zero_is_a_cut():
    assert bands(below=(0, 1, 2, 3)).scores(np.array([-1, 0])).tolist() == [1, 2]
    assert bands(at_most=(0, 1, 2, 3)).scores(np.array([0, 0.1])).tolist() == [1, 2]


@pytest.mark.parametrize(
    "cuts",
    [
        {},
        {"below": (1, 2, 3, 4), "at_most": (1, 2, 3, 4)},
        {"below": (1, 2, 3)},
        {"below": (1, 2, 2, 3)},
        {"at_most": (4, 3, 2, 1)},
    ],
)
def test_bands_are_four_rising_cuts_of_one_kind(cuts):
    with pytest.raises(ValidationError):
        bands(**cuts)


def test_a_cut_is_a_number():
    with pytest.raises(ValidationError):
        bands(below=(1, math.nan, 3, 4))


CUTS = st.lists(st.integers(-50, 50), min_size=4, max_size=4, unique=True).map(sorted)


@settings(max_examples=60)
@given(CUTS, st.floats(-60, 60), st.floats(0, 20), st.sampled_from(["below", "at_most"]))
def test_a_higher_value_never_scores_less(cuts, value, more, side):
    lower, higher = bands(**{side: tuple(cuts)}).scores(np.array([value, value + more]))
    assert 1 <= lower <= higher <= 5


@settings(max_examples=60)
@given(CUTS, st.floats(-60, 60))
def test_the_two_kinds_of_bands_differ_at_the_cuts_alone(cuts, value):
    cuts = tuple(cuts)
    reach = bands(below=cuts).scores(np.array([value]))[0]
    over = bands(at_most=cuts).scores(np.array([value]))[0]
    assert reach - over == (value in cuts)


# Cells


def cell(value: IndicatorValue | Gap, given=None, measure: Bands | None = None) -> Cell:
    more = {"a": {"measure": measure.model_dump()}} if measure else None
    return Cell(scheme_of("a", more=more).headings[0], value, given)


def test_figures_come_before_views_and_no_score_is_no_number():
    none = Gap("No figure is held.")
    assert (cell(measured(20), judged(5)).basis, cell(measured(20), judged(5)).score) == (
        "computed",
        2,
    )
    assert (cell(none, judged(5)).basis, cell(none, judged(5)).score) == ("judged", 5)
    assert cell(none).basis == "not scored"
    assert math.isnan(cell(none).score)
    assert cell(none).confidence is None


def test_a_value_of_zero_is_a_value():
    assert (cell(measured(0)).basis, cell(measured(0)).score) == ("computed", 1)


def test_a_score_without_error_is_sure_and_a_judged_one_as_sure_as_people_say():
    assert cell(measured(20)).confidence == "high"
    assert cell(Gap("None."), judged(5, "low")).confidence == "low"


def test_a_computed_score_is_as_sure_as_its_band_is_likely():
    # The band of score 2 is 15 to 25, and 20 its middle: 5 to either side. Within k standard
    # errors lies 0.9 of a normal distribution for k = 1.645, and 0.6 for k = 0.8416.
    def reach(k: float) -> float:
        return 1.959964 * 5 / k

    assert cell(measured(20, reach(1.65))).confidence == "high"
    assert cell(measured(20, reach(1.64))).confidence == "medium"
    assert cell(measured(20, reach(0.85))).confidence == "medium"
    assert cell(measured(20, reach(0.84))).confidence == "low"


def test_the_outer_bands_have_no_far_end():
    # Everything below 15 scores 1; 15 lies 10 above the value, one and a half errors: 0.933.
    assert cell(measured(5, 1.959964 * 10 / 1.5)).confidence == "high"


def test_the_share_of_judgement_is_by_weight_over_all_scores():
    scheme = scheme_of({"a": 3.0, "b": 1.0})
    found = matrix_of(scheme, {"robbery": (measured(20), 3), "fraud": (2, None)})
    # Behind the scores lie 3 + 1 and 3; of them 1 and 3 are judged.
    assert found.share_judged() == pytest.approx((1 + 3) / (3 + 1 + 3))
    assert matrix_of(scheme, {"robbery": (None, None)}).share_judged() == 0


# What holds for all scores and weights

SCORE = st.one_of(st.integers(1, 5).map(float), st.just(GAP))
ROW = st.tuples(SCORE, SCORE, SCORE)
ROWS = st.lists(ROW, min_size=2, max_size=7).map(
    lambda rows: {f"t{number}": row for number, row in enumerate(rows)}
)
WEIGHTS = st.lists(st.integers(0, 8), min_size=3, max_size=3).filter(any)
TIES = st.permutations(HEADINGS).flatmap(
    lambda order: st.integers(0, 3).map(lambda count: tuple(order[:count]))
)
FEWEST = st.integers(1, 3)


def weights_of(weights: list[float]) -> pd.Series:
    return pd.Series(weights, index=list(HEADINGS), dtype=float)


def orders(rank: pd.Series) -> dict[tuple[str, str], int]:
    """Tell for each pair of ranked topics which is ahead."""
    known = rank.dropna()
    return {(a, b): int(np.sign(known[a] - known[b])) for a in known.index for b in known.index}


@settings(max_examples=60)
@given(ROWS, WEIGHTS, TIES, FEWEST, st.data())
def test_leaving_out_one_topic_never_reorders_the_others(rows, weights, ties, fewest, data):
    gone = data.draw(st.sampled_from(sorted(rows)))
    rest = {name: row for name, row in rows.items() if name != gone}
    all_of_them = ranking(table(rows), weights_of(weights), ties, fewest)
    without = ranking(table(rest), weights_of(weights), ties, fewest)
    pd.testing.assert_series_equal(
        without["total"].sort_index(), all_of_them["total"].drop(gone).sort_index()
    )
    assert orders(without["rank"]) == orders(all_of_them["rank"].drop(gone))


@settings(max_examples=60)
@given(ROWS, WEIGHTS)
def test_a_total_is_the_same_whatever_else_is_in_the_list(rows, weights):
    found = ranking(table(rows), weights_of(weights), (), 1)["total"]
    for name, row in rows.items():
        alone = ranking(table({name: row}), weights_of(weights), (), 1)["total"]
        np.testing.assert_equal(alone[name], found[name])


@settings(max_examples=60)
@given(ROWS, WEIGHTS, TIES, FEWEST, st.sampled_from([0.01, 1 / 3, 2, 1000]))
def test_only_the_proportions_of_the_weights_matter(rows, weights, ties, fewest, times):
    found = ranking(table(rows), weights_of(weights), ties, fewest)
    scaled = ranking(table(rows), weights_of(weights) * times, ties, fewest)
    pd.testing.assert_frame_equal(scaled, found)


@settings(max_examples=60)
@given(ROWS, WEIGHTS, TIES, FEWEST)
def test_the_order_of_rows_makes_no_difference(rows, weights, ties, fewest):
    turned = dict(reversed(rows.items()))
    found = ranking(table(rows), weights_of(weights), ties, fewest)
    pd.testing.assert_frame_equal(ranking(table(turned), weights_of(weights), ties, fewest), found)


@settings(max_examples=60)
@given(ROWS, WEIGHTS, TIES, FEWEST, st.data())
def test_a_higher_score_never_costs_a_topic_its_rank(rows, weights, ties, fewest, data):
    name, place = data.draw(st.sampled_from(sorted(rows))), data.draw(st.integers(0, 2))
    row = list(rows[name])
    assume(row[place] < 5)
    row[place] += 1
    before = ranking(table(rows), weights_of(weights), ties, fewest).loc[name]
    after = ranking(table(rows | {name: tuple(row)}), weights_of(weights), ties, fewest).loc[name]
    assert math.isnan(before["rank"]) == math.isnan(after["rank"])
    assert not after["total"] < before["total"]
    assert not after["rank"] > before["rank"]


@settings(max_examples=60)
@given(ROWS, WEIGHTS)
def test_totals_lie_between_0_and_100(rows, weights):
    found = ranking(table(rows), weights_of(weights), (), 1)["total"].dropna()
    assert found.between(0, 100 + 1e-9).all()


@settings(max_examples=60)
@given(ROWS, WEIGHTS, TIES, FEWEST)
def test_a_rank_is_one_more_than_the_number_of_topics_ahead(rows, weights, ties, fewest):
    found = ranking(table(rows), weights_of(weights), ties, fewest)
    scores = table(rows).fillna(0)
    keys = {
        name: (round(found["total"][name], 9), *scores.loc[name, list(ties)])
        for name in found.index[found["total"].notna()]
    }
    expected = {name: 1 + sum(other > key for other in keys.values()) for name, key in keys.items()}
    assert found["rank"].dropna().to_dict() == expected


COMPLETE = st.lists(st.tuples(*[st.integers(1, 5).map(float)] * 3), min_size=2, max_size=7)


@settings(max_examples=50, deadline=None)
@given(COMPLETE, st.lists(st.integers(1, 8), min_size=3, max_size=3))
def test_totals_agree_with_the_weighted_sum_of_scikit_criteria(rows, weights):
    scores, given_weights = np.array(rows), np.array(weights, dtype=float)
    problem = skcriteria.mkdm(
        (scores - 1) / 4, objectives=[max] * 3, weights=given_weights / given_weights.sum()
    )
    peer = WeightedSumModel().evaluate(problem).e_.score
    assert totals(scores, given_weights) == pytest.approx(100 * np.asarray(peer))
