"""Scores by fixed bands, weighted totals, ranks; a total never depends on the other topics."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import skcriteria
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from matrix_fixture import EVEN, bands, judged, matrix_of, measured, scheme_of
from pydantic import ValidationError
from skcriteria.agg.simple import WeightedSumModel

from kingston_analysis.matrix.cells import Cell, IndicatorValue
from kingston_analysis.matrix.scenarios import first_of
from kingston_analysis.matrix.scheme import Bands
from kingston_analysis.matrix.scoring import ranking, totals
from kingston_analysis.results import Gap

HEADINGS = ("volume", "seriousness", "generator")
GAP = math.nan


def table(rows: dict[str, tuple[float, ...]], headings: tuple[str, ...] = HEADINGS) -> pd.DataFrame:
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(headings), dtype=float)


def equal(headings: tuple[str, ...] = HEADINGS) -> pd.Series:
    return pd.Series(1.0, index=list(headings))


def ranked(rows: dict[str, tuple[float, ...]], ties: tuple[str, ...] = ()) -> dict:
    return ranking(table(rows), equal(), ties, rows)["rank"].to_dict()


def total(scores: list[float], weights: list[float], empty: float = 1) -> float:
    return float(totals(np.array([scores], dtype=float), np.array(weights, dtype=float), empty)[0])


# Totals


def test_the_lowest_score_adds_nothing_and_the_highest_its_whole_weight():
    assert total([1, 1, 1], [1, 2, 3]) == 0
    assert total([5, 5, 5], [1, 2, 3]) == 100


def test_a_total_worked_by_hand():
    # Shares (s - 1)/4 of 5, 2 and 3 are 1, 1/4 and 1/2.
    weighed = 3 * 1 + 2 * 1 / 4 + 1 * 1 / 2
    assert total([5, 2, 3], [3, 2, 1]) == pytest.approx(100 * weighed / (3 + 2 + 1))


def test_an_empty_cell_counts_as_the_lowest_score_or_the_highest_and_its_heading_keeps_its_weight():
    # (3 · 1 + 2 · 0 + 1 · 1/2) ÷ (3 + 2 + 1), and with 2 · 1 for the empty cell.
    assert total([5, GAP, 3], [3, 2, 1]) == pytest.approx(100 * 3.5 / 6)
    assert total([5, GAP, 3], [3, 2, 1], empty=5) == pytest.approx(100 * 5.5 / 6)


def test_a_fraction_of_a_score_counts_as_it_is():
    # (3 + 2/7 - 1)/4 = (16/7)/4 = 4/7
    assert total([3 + 2 / 7], [1]) == pytest.approx(100 * 4 / 7)


def test_a_heading_without_weight_counts_for_nothing():
    assert total([2, 5, 4], [1, 0, 1]) == pytest.approx(100 * (1 / 4 + 3 / 4) / 2)


def test_without_any_score_a_total_is_anything_and_without_any_weight_there_is_none():
    assert (total([GAP] * 3, [1] * 3), total([GAP] * 3, [1] * 3, empty=5)) == (0, 100)
    assert math.isnan(total([5, 5, 5], [0, 0, 0]))


def test_many_weightings_and_many_scores_are_totalled_at_once():
    scores = np.array([[[1.0, 5.0]], [[5.0, GAP]]])  # two draws, one topic, two headings
    weights = np.array([[1.0, 3.0], [1.0, 3.0]])
    assert totals(scores, weights).tolist() == [[75.0], [25.0]]
    assert totals(scores[0], weights).tolist() == [[75.0], [75.0]]


# Ranks


def test_the_highest_total_ranks_first_and_rows_stand_in_that_order():
    rows = {"robbery": (2, 2, 2), "fraud": (5, 4, 3), "arson": (1, 1, 2)}
    found = ranking(table(rows), equal(), (), rows)
    assert list(found.index) == ["fraud", "robbery", "arson"]
    assert list(found["rank"]) == [1, 2, 3]
    assert found["lowest"].tolist() == pytest.approx([100 * 9 / 12, 100 * 3 / 12, 100 * 1 / 12])
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


def test_in_a_tie_an_empty_cell_counts_as_the_lowest_score():
    rows = {"b": (1, 1, GAP), "c": (1, 1, 1), "d": (1, 1, 1)}
    assert ranked(rows, ("generator",)) == {"b": 1, "c": 1, "d": 1}
    # (0 + 1 + 0)/3 each; 'c' has 2 under generator and 'b' nothing.
    assert ranked({"b": (2, 1, GAP), "c": (1, 1, 2)}, ("generator",)) == {"c": 1, "b": 2}


def test_a_tie_break_parts_equal_totals_only():
    rows = {"b": (5, 5, 1), "c": (4, 4, 2)}
    assert ranked(rows, ("generator",)) == {"b": 1, "c": 2}


def test_totals_that_the_arithmetic_alone_parts_are_equal():
    # 0.1 + 0.2 and 0.3 differ in the seventeenth digit.
    weights = pd.Series([0.1, 0.2, 0.3], index=list(HEADINGS))
    found = ranking(table({"b": (5, 5, 1), "c": (1, 1, 5)}), weights, (), "bc")
    assert list(found["rank"]) == [1, 1]


def test_what_cannot_be_ranked_has_both_totals_and_no_rank_and_stands_last_by_name():
    rows = {"e": (5, GAP, GAP), "d": (1, 1, 1), "c": (5, 5, GAP), "b": (2, 2, 2)}
    found = ranking(table(rows), equal(), (), ["d", "b"])
    assert list(found.index) == ["b", "d", "c", "e"]
    assert found["rank"].dropna().to_dict() == {"b": 1, "d": 2}
    assert found["scored"].to_dict() == {"b": 3, "d": 3, "c": 2, "e": 1}
    # (4 + 4 + 0)/12 and (4 + 4 + 4)/12; (4 + 0 + 0)/12 and (4 + 4 + 4)/12.
    assert found.loc["c", ["lowest", "highest"]].tolist() == pytest.approx([100 * 8 / 12, 100])
    assert found.loc["e", ["lowest", "highest"]].tolist() == pytest.approx([100 * 4 / 12, 100])
    assert found.loc["b", "lowest"] == found.loc["b", "highest"]


def test_areas_are_ranked_by_the_lowest_total():
    # By what is scored alone 'b' had 100 and 'c' 75; with 1 for the empty cells 33.3 and 75.
    assert ranked({"b": (5, GAP, GAP), "c": (4, 4, 4)}) == {"c": 1, "b": 2}


def test_weights_belong_to_headings_by_name_and_not_by_place():
    weights = pd.Series({"generator": 0.0, "volume": 2.0, "seriousness": 0.0})
    found = ranking(table({"b": (4, 1, 1), "c": (2, 5, 5)}), weights, (), "bc")
    assert found["lowest"].to_dict() == {"b": 75, "c": 25}


def test_a_matrix_ranks_the_topics_that_have_figures_under_enough_computed_headings():
    survey = {"c": {"measure": EVEN | {"kind": "concern"}}}
    found = matrix_of(
        scheme_of("abc", fewest_computed=2, more=survey),
        {
            "robbery": (measured(20), measured(20), None),
            # A judgement is no figure, and a survey's figure none that the police recorded.
            "fraud": (measured(20), 5, 5),
            "arson": (measured(20), None, measured(50)),
            "theft": (None, None, None),
        },
    )
    assert [each.id for each in found.scheme.computed] == ["a", "b"]
    assert found.ranked == ["robbery"]
    assert [found.figures(topic) for topic in found.cells] == [2, 1, 1, 0]


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


def weights_of(weights: list[float]) -> pd.Series:
    return pd.Series(weights, index=list(HEADINGS), dtype=float)


def orders(rank: pd.Series) -> dict[tuple[str, str], int]:
    """Tell for each pair of ranked topics which is ahead."""
    known = rank.dropna()
    return {(a, b): int(np.sign(known[a] - known[b])) for a in known.index for b in known.index}


@settings(max_examples=60)
@given(ROWS, WEIGHTS, TIES, st.data())
def test_leaving_out_one_topic_never_reorders_the_others(rows, weights, ties, data):
    gone = data.draw(st.sampled_from(sorted(rows)))
    rest = {name: row for name, row in rows.items() if name != gone}
    all_of_them = ranking(table(rows), weights_of(weights), ties, rows)
    without = ranking(table(rest), weights_of(weights), ties, rows)
    pd.testing.assert_series_equal(
        without["lowest"].sort_index(), all_of_them["lowest"].drop(gone).sort_index()
    )
    assert orders(without["rank"]) == orders(all_of_them["rank"].drop(gone))


@settings(max_examples=60)
@given(ROWS, WEIGHTS)
def test_a_total_is_the_same_whatever_else_is_in_the_list(rows, weights):
    found = ranking(table(rows), weights_of(weights), (), rows)["lowest"]
    for name, row in rows.items():
        alone = ranking(table({name: row}), weights_of(weights), (), rows)["lowest"]
        np.testing.assert_equal(alone[name], found[name])


@settings(max_examples=60)
@given(ROWS, WEIGHTS, TIES, st.sampled_from([0.01, 1 / 3, 2, 1000]))
def test_only_the_proportions_of_the_weights_matter(rows, weights, ties, times):
    found = ranking(table(rows), weights_of(weights), ties, rows)
    scaled = ranking(table(rows), weights_of(weights) * times, ties, rows)
    pd.testing.assert_frame_equal(scaled, found)


@settings(max_examples=60)
@given(ROWS, WEIGHTS, TIES)
def test_the_order_of_rows_makes_no_difference(rows, weights, ties):
    turned = dict(reversed(rows.items()))
    found = ranking(table(rows), weights_of(weights), ties, rows)
    pd.testing.assert_frame_equal(ranking(table(turned), weights_of(weights), ties, rows), found)


@settings(max_examples=60)
@given(ROWS, WEIGHTS, TIES, st.data())
def test_a_higher_score_never_costs_a_topic_its_rank(rows, weights, ties, data):
    name, place = data.draw(st.sampled_from(sorted(rows))), data.draw(st.integers(0, 2))
    row = list(rows[name])
    assume(row[place] < 5)
    row[place] += 1
    before = ranking(table(rows), weights_of(weights), ties, rows).loc[name]
    after = ranking(table(rows | {name: tuple(row)}), weights_of(weights), ties, rows).loc[name]
    assert not after["lowest"] < before["lowest"]
    assert not after["rank"] > before["rank"]


@settings(max_examples=60)
@given(ROWS, WEIGHTS)
def test_totals_lie_between_0_and_100(rows, weights):
    found = ranking(table(rows), weights_of(weights), (), rows)["lowest"].dropna()
    assert found.between(0, 100 + 1e-9).all()


@settings(max_examples=60)
@given(ROWS, WEIGHTS, TIES)
def test_a_rank_is_one_more_than_the_number_of_topics_ahead(rows, weights, ties):
    found = ranking(table(rows), weights_of(weights), ties, rows)
    scores = table(rows).fillna(1)
    keys = {
        name: (round(found["lowest"][name], 9), *scores.loc[name, list(ties)])
        for name in found.index[found["lowest"].notna()]
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


CELL = st.one_of(
    st.integers(1, 5).map(lambda score: measured(10 * score)),
    st.integers(1, 5).map(float),
    st.none(),
)
CELLS = st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=5).map(
    lambda rows: {f"t{number}": row for number, row in enumerate(rows)}
)


@settings(max_examples=300)
@given(CELLS, WEIGHTS, TIES, st.integers(1, 3), st.integers(1, 3), st.data())
def test_taking_a_figure_away_never_raises_the_rank_of_an_area(
    rows, weights, ties, least, first, data
):
    # Figures and judgements under any headings: it holds whatever else is scored, and how.
    name = data.draw(st.sampled_from(sorted(rows)))
    place = data.draw(st.integers(0, 2))
    assume(isinstance(rows[name][place], IndicatorValue))
    gone = (*rows[name][:place], None, *rows[name][place + 1 :])
    by_name = dict(zip(HEADINGS, map(float, weights), strict=True))
    scheme = scheme_of(by_name, fewest_computed=least, ties=ties, first=first)
    found, without = matrix_of(scheme, rows), matrix_of(scheme, rows | {name: gone})
    before, after = (
        ranking(each.scores, each.weights, ties, each.ranked).loc[name] for each in (found, without)
    )
    # Not ranked at all is lower than any rank.
    assert not after["rank"] < before["rank"]
    assert not (math.isnan(before["rank"]) and not math.isnan(after["rank"]))
    assert after["lowest"] <= before["lowest"] + 1e-9
    assert after["highest"] >= before["highest"] - 1e-9
    # And so none comes among the first for want of a figure.
    assert name in first_of(found, found.scores) or name not in first_of(without, without.scores)


@settings(max_examples=100)
@given(CELLS, WEIGHTS, TIES, st.integers(1, 3), st.lists(st.integers(1, 5), min_size=15))
def test_whatever_the_empty_cells_are_each_total_lies_between_its_two_ends(
    rows, weights, ties, least, guesses
):
    by_name = dict(zip(HEADINGS, map(float, weights), strict=True))
    found = matrix_of(scheme_of(by_name, fewest_computed=least, ties=ties), rows)
    ends = ranking(found.scores, found.weights, ties, found.ranked)
    guessed = np.array(guesses[: found.scores.size], dtype=float).reshape(found.scores.shape)
    full = found.scores.where(found.scores.notna(), guessed)
    total = totals(full.to_numpy(), found.weights.to_numpy())
    for name, each in zip(full.index, total, strict=True):
        assert ends["lowest"][name] - 1e-9 <= each <= ends["highest"][name] + 1e-9


def test_a_judgement_that_steps_in_is_no_figure_and_may_be_higher():
    # Where a survey's figure goes, a judgement held for the same heading counts: evidence, too.
    survey = {"b": {"measure": EVEN | {"kind": "concern"}}}
    scheme = scheme_of("ab", more=survey)
    both = Cell(scheme.headings[1], measured(10), judged(5))
    found = matrix_of(scheme, {"robbery": (measured(30), None)})
    found.cells["robbery"]["b"] = both
    assert found.scores["b"]["robbery"] == 1
    found.cells["robbery"]["b"] = Cell(scheme.headings[1], Gap("None."), judged(5))
    assert found.scores["b"]["robbery"] == 5
