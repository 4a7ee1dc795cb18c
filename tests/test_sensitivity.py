"""How sure a ranking is: drawn scores and weights, and what would turn it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from matrix_fixture import judged, matrix_of, measured, scheme_of, scored_by_figures

from kingston_analysis.matrix.cells import Cell, Matrix
from kingston_analysis.matrix.critical_weights import critical_weights
from kingston_analysis.matrix.scenarios import (
    Scenario,
    first_of,
    scenarios_by_other_measures,
    scenarios_without_headings,
)
from kingston_analysis.matrix.scoring import ranking
from kingston_analysis.matrix.sensitivity import agreement, sensitivity
from kingston_analysis.results import Gap

# Weights that hardly move, and judgements that hardly err.
TIGHT = {"concentration": 1e9, "confidence": {"high": 1e-9, "medium": 1e-9, "low": 1e-9}}


def base(matrix: Matrix) -> pd.Series:
    """Return the ranks with the scores and weights as they are."""
    ties = matrix.scheme.tie_breaks
    return ranking(matrix.scores, matrix.weights, ties, matrix.ranked)["rank"]


def some_matrix(**settings_) -> Matrix:
    """Make a matrix with figures, judgements of each confidence and gaps."""
    rows = {
        "robbery": (measured(31, 9), 4, None),
        "fraud": (measured(22, 2), judged(2, "low"), 3),
        "arson": (None, judged(5, "medium"), 1),
        "theft": (measured(44, 20), None, 2),
        "damage": (None, None, None),
    }
    return matrix_of(scheme_of("abc", **{"first": 2, **settings_}), rows)


# Draws


def test_the_same_seed_gives_the_same_result_and_another_seed_another():
    once, again = sensitivity(some_matrix()).topics, sensitivity(some_matrix()).topics
    pd.testing.assert_frame_equal(once, again, check_exact=True)
    other = sensitivity(some_matrix(seed=2)).topics
    assert not once["chance"].equals(other["chance"])
    assert other["chance"].to_numpy() == pytest.approx(once["chance"].to_numpy(), abs=0.06)


def test_without_error_and_doubt_every_draw_is_the_ranking_itself():
    rows = {
        "robbery": (measured(50), 4, 5),
        "fraud": (measured(20), 5, 1),
        "arson": (measured(10), 2, 2),
        "theft": (measured(40), 1, 4),
    }
    found = matrix_of(scheme_of("abc", first=2, **TIGHT), rows)
    # Sums of scores: 14, 8, 5 and 9.
    assert base(found).to_dict() == {"robbery": 1, "theft": 2, "fraud": 3, "arson": 4}
    topics = sensitivity(found).topics
    assert topics["chance"].to_dict() == {"robbery": 1, "fraud": 0, "arson": 0, "theft": 1}
    assert topics["low"].to_dict() == {"robbery": 1, "fraud": 3, "arson": 4, "theft": 2}
    assert topics["high"].to_dict() == topics["low"].to_dict()
    assert not topics["close"].any()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(*[st.integers(1, 5)] * 3), min_size=2, max_size=6), st.integers(1, 7))
def test_without_error_and_doubt_the_base_rank_lies_in_the_range(rows, first):
    named = {f"t{number}": row for number, row in enumerate(rows)}
    found = scored_by_figures(scheme_of("abc", first=first, draws=1000, **TIGHT), named)
    ranks, topics = base(found), sensitivity(found).topics
    for name, rank in ranks.items():
        # Topics of equal totals are parted by the last grain of weight: a shared rank is the
        # better end of a range as long as the tie.
        tied = (ranks == rank).sum()
        assert rank <= topics["low"][name] <= topics["high"][name] <= rank + tied - 1
        if tied == 1:
            assert topics["chance"][name] == (rank <= first)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.one_of(st.integers(1, 5), st.none())] * 3), min_size=1, max_size=6
    ).filter(lambda rows: any(any(row) for row in rows)),
    st.integers(1, 7),
    st.sampled_from([0.0, 5.0, 30.0]),
)
def test_in_every_draw_so_many_are_among_the_first(rows, first, reach):
    named = {f"t{number}": row for number, row in enumerate(rows)}
    found = scored_by_figures(scheme_of("abc", first=first, draws=1000), named, reach)
    topics = sensitivity(found).topics
    scored = [tuple(score or 1 for score in row) for row in rows if any(row)]
    assert len(topics) == len(scored)
    # Equal ones share a place, so that more than so many can be among the first.
    places = min(first, len(scored))
    assert topics["chance"].sum() >= places - 1e-9
    if not reach and len(set(scored)) == len(scored):
        assert topics["chance"].sum() == pytest.approx(places)
    assert topics["chance"].between(0, 1).all()
    assert (topics["low"].ge(1) & topics["low"].le(topics["high"])).all()
    assert topics["high"].le(len(scored)).all()


def test_what_cannot_be_ranked_is_not_drawn_and_an_empty_cell_scores_lowest_in_every_draw():
    rows = {
        "robbery": (measured(30), None, None),
        "fraud": (measured(20), 1, 1),
        "damage": (None, 5, 5),
    }
    found = sensitivity(matrix_of(scheme_of("abc", **TIGHT), rows)).topics
    assert list(found.index) == ["robbery", "fraud"]
    assert found["chance"].to_dict() == {"robbery": 1, "fraud": 0}


def test_equal_totals_are_parted_in_the_draws_by_the_tie_breaks_and_else_share_the_place():
    # Whatever the weights of 'a' and 'b', the totals are equal: 'c' has no weight.
    rows = {"robbery": (3, 3, 5), "fraud": (3, 3, 1), "arson": (3, 3, 1)}
    weights = {"a": 1.0, "b": 1.0, "c": 0.0}
    parted = scored_by_figures(scheme_of(weights, ties="c"), rows)
    assert base(parted).to_dict() == {"robbery": 1, "fraud": 2, "arson": 2}
    topics = sensitivity(parted).topics
    assert topics["chance"].to_dict() == {"robbery": 1, "fraud": 0, "arson": 0}
    assert topics["low"].to_dict() == topics["high"].to_dict() == base(parted).to_dict()
    shared = sensitivity(scored_by_figures(scheme_of(weights), rows)).topics
    assert shared["chance"].to_dict() == {"robbery": 1, "fraud": 1, "arson": 1}


def test_where_no_topic_is_ranked_nothing_is_drawn():
    found = sensitivity(matrix_of(scheme_of("ab"), {"robbery": (None, 5), "fraud": (5, 5)}))
    assert found == Gap("No area of crime can be ranked on evidence.")


def test_topics_that_are_alike_have_the_same_chance():
    rows = {"robbery": (3, 4), "fraud": (3, 4), "arson": (1, 1)}
    found = sensitivity(scored_by_figures(scheme_of("ab"), rows)).topics
    assert found["chance"]["robbery"] == pytest.approx(found["chance"]["fraud"], abs=0.06)


def test_a_computed_score_moves_by_the_interval_of_its_value():
    # The value lies on the cut at 25 between the scores 2 and 3, and the other's score just below
    # 3: robbery is ahead when its value is drawn above the cut, in half of the draws.
    # Both are ranked by their figures under 'b', which has no weight.
    scheme = scheme_of({"a": 1.0, "b": 0.0}, **TIGHT | {"draws": 10_000})
    fraud = (2.999, measured(10))
    found = matrix_of(scheme, {"robbery": (measured(25, 1), None), "fraud": fraud})
    assert sensitivity(found).topics["chance"]["robbery"] == pytest.approx(0.5, abs=0.02)
    # One and a half standard errors above it: Φ(1.5) = 0.9332.
    found = matrix_of(scheme, {"robbery": (measured(26.5, 1.959964), None), "fraud": fraud})
    assert sensitivity(found).topics["chance"]["robbery"] == pytest.approx(0.9332, abs=0.01)


@pytest.mark.parametrize(("confidence", "spread"), [("high", 0.25), ("medium", 0.5), ("low", 1.0)])
def test_a_judged_score_moves_by_the_spread_of_its_confidence(confidence, spread):
    # 2.5 has to beat a figure's 3: by half a point, so 1 - Φ(0.5/spread).
    above = {0.25: 0.0228, 0.5: 0.1587, 1.0: 0.3085}[spread]
    found = matrix_of(
        scheme_of({"a": 1.0, "b": 0.0}, draws=10_000),
        {"robbery": (judged(2.5, confidence), measured(10)), "fraud": (measured(30), None)},
    )
    assert sensitivity(found).topics["chance"]["robbery"] == pytest.approx(above, abs=0.015)


def test_a_judged_score_never_leaves_the_scale():
    # A deviate of 1 round 4.5 often passes 5, but fraud can have 3 · (5 - 1) + 0 points at most,
    # and robbery has 3 · (5 - 1) + 1.
    scheme = scheme_of({"a": 3.0, "b": 1.0}, concentration=1e9)
    rows = {
        "robbery": (measured(50), measured(20)),
        "fraud": (judged(4.5, "low"), measured(10)),
    }
    assert sensitivity(matrix_of(scheme, rows)).topics["chance"]["robbery"] == 1


def test_weights_move_as_a_dirichlet_distribution_round_the_agreed_ones():
    # Robbery leads where the share of 'a' is above 1/2. Agreed at 3/4 with a concentration of 8 the
    # share is Beta(6, 2): the sixth smallest of 7 even numbers. It is above 1/2 unless six or seven
    # of them are below, 1 - (7 + 1)/2⁷ = 15/16. With equal weights it is half of the draws.
    rows = {"robbery": (5, 1), "fraud": (1, 5)}
    scheme = scheme_of({"a": 3.0, "b": 1.0}, concentration=8.0, draws=10_000)
    found = sensitivity(scored_by_figures(scheme, rows)).topics["chance"]
    assert found["robbery"] == pytest.approx(15 / 16, abs=0.01)
    even = sensitivity(scored_by_figures(scheme_of("ab", draws=10_000), rows)).topics["chance"]
    assert even["robbery"] == pytest.approx(1 / 2, abs=0.02)


def test_a_heading_without_weight_keeps_none_in_the_draws():
    rows = {"robbery": (3, 1), "fraud": (2, 5)}
    scheme = scheme_of({"a": 1.0, "b": 0.0}, concentration=2.0)
    found = sensitivity(scored_by_figures(scheme, rows)).topics
    assert found["chance"].to_dict() == {"robbery": 1, "fraud": 0}


def test_too_close_to_call_lies_between_the_two_shares_alone():
    rows = {"robbery": (5, 1), "fraud": (1, 5)}
    for low, high, close in ((0.2, 0.8, True), (0.6, 0.8, False), (0.2, 0.4, False)):
        scheme = scheme_of("ab", too_close=(low, high), draws=10_000)
        assert sensitivity(scored_by_figures(scheme, rows)).topics["close"].tolist() == [close] * 2


# Every weighting


def test_what_leads_under_every_heading_is_always_first_and_the_others_never():
    rows = {"robbery": (5, 4, 3), "fraud": (4, 3, 2), "arson": (1, 3, 1)}
    found = sensitivity(scored_by_figures(scheme_of("abc"), rows)).topics
    assert found["always"].to_dict() == {"robbery": True, "fraud": False, "arson": False}
    assert found["never"].to_dict() == {"robbery": False, "fraud": True, "arson": True}


def test_what_leads_under_one_heading_alone_is_neither_always_nor_never_first():
    # Fraud leads where 'h' has more than 4/5 of all weight: v/2 + (1 - v) < 3v/4. Of weights drawn
    # evenly (1/5)⁷ are like that, none of 2000 draws; but the heading alone is tried, too.
    rows = {"robbery": (*[5] * 7, 3), "fraud": (*[1] * 7, 4)}
    found = sensitivity(scored_by_figures(scheme_of("abcdefgh"), rows)).topics
    assert not found[["always", "never"]].any().any()


def test_what_only_one_topic_beats_is_always_among_the_first_two():
    rows = {"robbery": (5, 5), "fraud": (4, 4), "arson": (3, 2), "theft": (1, 3)}
    found = sensitivity(scored_by_figures(scheme_of("ab", first=2), rows)).topics
    assert found["always"].to_dict() == {
        "robbery": True,
        "fraud": True,
        "arson": False,
        "theft": False,
    }
    assert found["never"].tolist() == [False, False, True, True]


def test_of_a_topic_that_is_not_ranked_nothing_is_said_and_it_takes_no_place():
    rows = {"robbery": (5, None, None), "fraud": (4, 4, 4), "arson": (1, 1, 1)}
    found = sensitivity(scored_by_figures(scheme_of("abc", fewest_computed=2), rows)).topics
    assert found["always"].to_dict() == {"fraud": True, "arson": False}
    assert found["never"].to_dict() == {"fraud": False, "arson": True}


def test_under_a_heading_alone_an_empty_cell_counts_as_the_lowest_score():
    rows = {"robbery": (5, 5, None), "fraud": (2, 2, 5)}
    found = sensitivity(scored_by_figures(scheme_of("abc"), rows)).topics
    assert not found[["always", "never"]].any().any()
    full = sensitivity(scored_by_figures(scheme_of("abc"), {**rows, "fraud": (2, 2, 1)})).topics
    assert full["always"].to_dict() == {"robbery": True, "fraud": False}


# What would turn the ranking


def test_the_critical_weight_worked_by_hand():
    # Shares of 5 and 1 are 1 and 0, of 3 and 2 are 1/2 and 1/4. With share v on 'a', robbery has
    # v + (1 - v) · 0, fraud v/4 + (1 - v) · 1/2; equal where v = v/4 + 1/2 - v/2, so v = 2/5.
    # The agreed 3/4 falls by 0.35; on 'b' the share rises by as much, from 1/4 to 3/5.
    rows = {"robbery": (5, 1), "fraud": (2, 3)}
    found = critical_weights(scored_by_figures(scheme_of({"a": 3.0, "b": 1.0}), rows))
    for topic in rows:
        assert found[topic].now in (pytest.approx(3 / 4), pytest.approx(1 / 4))
        assert found[topic].then - found[topic].now == pytest.approx(
            {"a": -0.35, "b": 0.35}[found[topic].heading]
        )


def test_the_smallest_of_several_critical_weights_is_given_with_its_heading():
    # The shares (s - 1)/4 are 1, 1/4, 1/4 and 0, 1, 3/4; the weights equal, 1/3 each. With v on one
    # heading and (1 - v)/2 on each of the others the two totals are equal where
    #   a: v + (1-v)/4 = 7 (1-v)/8, so v = 5/13
    #   b: v/4 + 5 (1-v)/8 = v + 3 (1-v)/8, so v = 1/4
    #   c: v/4 + 5 (1-v)/8 = 3 v/4 + (1-v)/2, so v = 1/5
    rows = {"fraud": (5, 2, 2), "robbery": (1, 5, 4)}
    found = critical_weights(scored_by_figures(scheme_of("abc"), rows))
    changes = {"a": Fraction(5, 13), "b": Fraction(1, 4), "c": Fraction(1, 5)}
    smallest = min(changes, key=lambda name: abs(changes[name] - Fraction(1, 3)))
    assert smallest == "a"
    for topic in rows:
        assert found[topic].heading == "a"
        assert found[topic].now == pytest.approx(1 / 3)
        assert found[topic].then == pytest.approx(5 / 13)


def test_no_weight_turns_what_leads_under_every_heading():
    rows = {"robbery": (5, 4, 3), "fraud": (4, 3, 2)}
    found = critical_weights(scored_by_figures(scheme_of("abc"), rows))
    assert found == {"robbery": None, "fraud": None}


def test_a_topic_that_is_not_ranked_has_no_critical_weight():
    rows = {"robbery": (5, 1), "fraud": (2, 3), "arson": (5, None)}
    found = critical_weights(scored_by_figures(scheme_of("ab", fewest_computed=2), rows))
    assert list(found) == ["robbery", "fraud"]
    assert critical_weights(matrix_of(scheme_of("ab"), {"robbery": (None, None)})) == {}


def test_a_heading_that_holds_all_the_weight_cannot_move():
    rows = {"robbery": (5, 1), "fraud": (2, 3)}
    found = critical_weights(scored_by_figures(scheme_of({"a": 1.0, "b": 0.0}), rows))
    # On 'b' weight may come in: v · 0 + (1 - v) · 1 against v/2 + (1 - v)/4, equal at v = 3/5.
    assert {each.heading for each in found.values()} == {"b"}
    assert [each.now for each in found.values()] == [0, 0]
    assert [each.then for each in found.values()] == pytest.approx([3 / 5, 3 / 5])


def test_a_tie_that_the_tie_breaks_part_has_no_critical_weight():
    # Alike under both headings with weight; the tie-break puts robbery ahead, whatever the weights
    # of 'a' and 'b' are, and any weight on 'c' puts it ahead, too.
    rows = {"robbery": (3, 3, 5), "fraud": (3, 3, 1)}
    scheme = scheme_of({"a": 1.0, "b": 1.0, "c": 0.0}, ties="c")
    assert critical_weights(scored_by_figures(scheme, rows)) == {"robbery": None, "fraud": None}


def test_a_heading_under_which_equal_topics_score_alike_does_not_turn_them():
    # Both total the same; moving 'c' leaves that so, moving 'a' or 'b' by a hair does not.
    rows = {"robbery": (4, 2, 3), "fraud": (2, 4, 3)}
    found = scored_by_figures(
        scheme_of("cab", ties="b"), {k: v[-1:] + v[:2] for k, v in rows.items()}
    )
    assert {each.heading for each in critical_weights(found).values()} <= {"a", "b"}


Row = tuple[int | None, ...]


def first_exactly(
    rows: dict[str, Row], weights: list[Fraction], first: int, ties: list[int]
) -> set[str]:
    """Rank in fractions, without rounding: topics that fewer than `first` others are ahead of."""
    keys = {}
    for name, row in rows.items():
        known = [score or 1 for score in row]
        total = sum(w * (s - 1) for w, s in zip(weights, known, strict=True)) / sum(weights)
        keys[name] = (total, *(known[place] for place in ties))
    return {
        name for name, key in keys.items() if sum(other > key for other in keys.values()) < first
    }


def moved(weights: list[int], place: int, share: Fraction) -> list[Fraction]:
    """Give one weight a share of all, and let the others keep their proportions."""
    others = sum(weights) - weights[place]
    rest = [Fraction(weight, others) * (1 - share) for weight in weights]
    return [*rest[:place], share, *rest[place + 1 :]]


# Round fractions are avoided: totals are equal there, at a single point that turns nothing.
STEPS = [Fraction(step, 100) + Fraction(314_159, 10**8) for step in range(100)]
HAIR = Fraction(1, 10**7)
SCORES = st.one_of(st.integers(1, 5), st.integers(1, 5), st.none())


# A case takes long to make smaller, and is small as it is.
@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@example([(1, 1, None), (4, None, None), (None, 4, None)], [1, 1, 1], 1, [])
# With a third of all weight on the last heading three topics meet in one point; none turns there.
@example([(None, None, 2), (None, 3, 4), (2, None, 5), (5, None, 2)], [2, 2, 1], 1, [])
@given(
    st.lists(st.tuples(SCORES, SCORES, SCORES).filter(any), min_size=2, max_size=4),
    st.lists(st.integers(1, 4), min_size=3, max_size=3),
    st.integers(1, 2),
    st.lists(st.integers(0, 2), max_size=2, unique=True),
)
def test_no_search_step_by_step_finds_a_smaller_change_and_a_hair_beyond_it_the_order_has_turned(
    rows, weights, first, ties
):
    named = {f"t{number}": row for number, row in enumerate(rows)}
    by_name = dict(zip("abc", map(float, weights), strict=True))
    scheme = scheme_of(by_name, first=first, ties=["abc"[place] for place in ties])
    found = critical_weights(scored_by_figures(scheme, named))
    assert list(found) == list(named)
    now = first_exactly(named, [Fraction(weight) for weight in weights], first, ties)
    for topic, each in found.items():
        if each:
            place, then = "abc".index(each.heading), Fraction(each.then)
            assert each.now == pytest.approx(weights[place] / sum(weights))
            beyond = [share for share in (then - HAIR, then + HAIR) if 0 < share < 1]
            tried = [first_exactly(named, moved(weights, place, v), first, ties) for v in beyond]
            assert any((topic in among) != (topic in now) for among in tried), (topic, each)
    for place, weight in enumerate(weights):
        for share in STEPS:
            among = first_exactly(named, moved(weights, place, share), first, ties)
            for topic in among ^ now:
                each, change = found[topic], abs(share - Fraction(weight, sum(weights)))
                assert each is not None, (topic, place, share)
                assert abs(each.then - each.now) <= change + HAIR


def test_the_first_are_those_with_the_best_ranks_and_shared_ranks_share_the_place():
    rows = {"robbery": (5, 5), "fraud": (3, 4), "arson": (4, 3), "theft": (1, 1)}
    tied = scored_by_figures(scheme_of("ab", first=2), rows)
    assert first_of(tied, tied.scores) == {"robbery", "fraud", "arson"}
    parted = scored_by_figures(scheme_of("ab", first=2, ties="b"), rows)
    assert first_of(parted, parted.scores) == {"robbery", "fraud"}


def test_by_figures_alone_leaves_judgements_out():
    rows = {"robbery": (measured(20), 5), "fraud": (measured(30), 1), "arson": (None, 5)}
    found = matrix_of(scheme_of("ab"), rows)
    # (1 + 4)/8 and (2 + 0)/8; arson has no figure and is not ranked. By figures 1 and 2.
    assert first_of(found, found.scores) == {"robbery"}
    assert first_of(found, found.computed) == {"fraud"}


def test_without_each_heading_in_turn():
    # Sums: 9, 8, 7. Without 'a' they are 4, 6, 6; without 'b' 6, 5, 5; without 'c' 8, 5, 3.
    rows = {"robbery": (5, 3, 1), "fraud": (2, 3, 3), "arson": (1, 2, 4)}
    found = scored_by_figures(scheme_of("abc"), rows)
    assert scenarios_without_headings(found) == [
        Scenario("A", ("fraud", "arson"), ("robbery",)),
        Scenario("B", (), ()),
        Scenario("C", (), ()),
    ]


def test_without_a_heading_that_parts_ties_the_others_part_them():
    # Without 'a' both have 5; 'a' is the first tie-break and gone, 'c' the second.
    rows = {"robbery": (5, 3, 2), "fraud": (1, 2, 3)}
    found = scored_by_figures(scheme_of("abc", ties="ac"), rows)
    assert scenarios_without_headings(found)[0] == Scenario("A", ("fraud",), ("robbery",))


def test_the_topics_that_come_and_go_stand_in_the_order_of_the_edition():
    rows = {"t1": (1, 3), "t2": (5, 1), "t3": (1, 3), "t4": (5, 1)}
    found = scored_by_figures(scheme_of({"a": 3.0, "b": 1.0}, first=2), rows)
    assert scenarios_without_headings(found)[0] == Scenario("A", ("t1", "t3"), ("t2", "t4"))


def test_with_the_other_measure_of_a_heading():
    more = {
        "b": {"swap": {"kind": "harm-days", "unit": "x", "style": "number", "below": [1, 2, 3, 4]}}
    }
    scheme = scheme_of("ab", more=more)
    found = scored_by_figures(scheme, {"robbery": (3, 5), "fraud": (3, 2)})
    for topic, days in {"robbery": 0.5, "fraud": 2.5}.items():
        cell = found.cells[topic]["b"]
        found.cells[topic]["b"] = Cell(cell.heading, cell.value, None, measured(days))
    assert found.other_scores["b"].to_dict() == {"robbery": 1, "fraud": 3}
    assert found.other_scores["a"].to_dict() == {"robbery": 3, "fraud": 3}
    assert scenarios_by_other_measures(found) == [Scenario("B", ("fraud",), ("robbery",))]
    assert (
        scenarios_by_other_measures(scored_by_figures(scheme_of("ab"), {"robbery": (3, 5)})) == []
    )


# Do headings count the same thing?


def columns(*rows: tuple[int | None, ...]) -> Matrix:
    named = {f"t{number}": row for number, row in enumerate(rows)}
    return scored_by_figures(scheme_of("abcdef"[: len(rows[0])]), named)


def test_headings_that_order_topics_alike_agree_and_opposite_ones_disagree():
    found = agreement(columns((1, 2, 5), (2, 3, 4), (3, 4, 3), (4, 5, 2), (5, 5, 1)))
    pairs = {(row.first, row.second): row.rho for row in found.itertuples()}
    assert pairs["a", "c"] == pytest.approx(-1)
    # 'b' ranks 1, 2, 3 and twice 4.5: Σ (r - 3)(s - 3) = 4 + 1 + 0 + 1.5 + 3 = 9.5,
    # Σ (r - 3)² = 10, Σ (s - 3)² = 4 + 1 + 0 + 2.25 + 2.25 = 9.5.
    assert pairs["a", "b"] == pytest.approx(9.5 / np.sqrt(10 * 9.5))
    assert pairs["b", "c"] == pytest.approx(-9.5 / np.sqrt(10 * 9.5))
    assert list(found["topics"]) == [5, 5, 5]
    assert found["rho"].abs().is_monotonic_decreasing


def test_the_same_order_on_another_scale_is_full_agreement():
    found = agreement(columns((1, 1), (2, 2), (2, 2), (3, 4), (4, 5)))
    assert found[["first", "second"]].to_numpy().tolist() == [["a", "b"]]
    assert found["rho"].tolist() == pytest.approx([1])


def test_nothing_is_said_of_four_topics_or_of_scores_that_are_all_the_same():
    assert agreement(columns((1, 5), (2, 4), (3, 3), (4, 2), (5, None))).empty
    assert agreement(columns((1, 3), (2, 3), (3, 3), (4, 3), (5, 3))).empty


def test_only_topics_with_both_scores_are_counted():
    rows = [(1, 5), (2, 4), (3, 3), (4, 2), (5, 1), (5, None), (None, 5)]
    found = agreement(columns(*rows))
    assert found["topics"].tolist() == [5]
    assert found["rho"].tolist() == pytest.approx([-1])
