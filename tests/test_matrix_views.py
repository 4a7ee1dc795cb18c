"""What the page of the matrix says: words that a councillor can hold against the numbers."""

from __future__ import annotations

import pytest
from matrix_fixture import bands, judged, matrix_of, measured, scheme_of, scored_by_figures

from kingston_analysis.matrix.decisions import Decision
from kingston_analysis.matrix.scoring import ranking
from kingston_analysis.matrix.sensitivity import sensitivity
from kingston_analysis.matrix.turns import by_figures_alone
from kingston_analysis.show.cell_views import band, computed_table, judged_table, unscored_table
from kingston_analysis.show.decision_views import double_use_sentence, settled_sentence
from kingston_analysis.show.matrix_views import (
    compared_sentence,
    demonstration_note,
    matrix_sentence,
    matrix_table,
    named,
)
from kingston_analysis.show.sensitivity_views import chance_words, sensitivity_sentence

TITLES = {"robbery": "Robbery", "fraud": "Fraud", "arson": "Arson"}


def ranks_of(matrix):
    scheme = matrix.scheme
    return ranking(matrix.scores, matrix.weights, scheme.tie_breaks, scheme.fewest)


def test_the_matrix_has_the_score_in_each_cell_and_marks_what_people_gave():
    rows = {"fraud": (measured(10), 4), "robbery": (measured(50), 3.5), "arson": (None, None)}
    matrix = matrix_of(scheme_of("ab", fewest=2), rows)
    table = matrix_table(matrix, ranks_of(matrix), TITLES)
    # Robbery: ((5 - 1) + (3.5 - 1))/8 = 81.25; fraud: (0 + 3)/8 = 37.5.
    assert table.rows == [
        ["Robbery", "1", 81.25, "5", "3.5 [d]", 2],
        ["Fraud", "2", 37.5, "1", "4 [d]", 2],
        ["Arson", "not ranked", "[z]", "[x]", "[x]", 0],
    ]
    html = table.as_html()
    assert 'class="kb-score" data-score="3">3.5 [d]</td>' in html
    assert "demonstration value" in html


def test_the_first_are_named_and_how_much_rests_on_judgement():
    rows = {"fraud": (measured(10), 4), "robbery": (measured(50), 3.5), "arson": (2, None)}
    matrix = matrix_of(scheme_of("ab", fewest=2), rows)
    told = matrix_sentence(matrix, ranks_of(matrix), TITLES)
    # Five cells of equal weight are scored, three of them by people.
    assert told == (
        "The first one of 2 ranked areas are robbery. 60.0% of the weight behind all scores rests "
        "on judgement, 40.0% on figures. Not ranked, since fewer than 2 headings are scored: arson."
    )


def test_where_fewer_can_be_ranked_than_come_first_it_is_said():
    matrix = scored_by_figures(scheme_of("a", first=7), {"robbery": (3,), "fraud": (4,)})
    told = matrix_sentence(matrix, ranks_of(matrix), TITLES)
    assert told.startswith(
        "Only 2 can be ranked, so all of them are among the first seven: fraud and robbery."
    )


def test_where_nothing_can_be_ranked_it_is_said():
    matrix = matrix_of(scheme_of("a"), {"robbery": (None,)})
    told = matrix_sentence(matrix, ranks_of(matrix), TITLES)
    assert told.startswith("**No area of crime can be ranked.**")
    assert "%" not in told


def test_figures_alone_the_full_matrix_and_the_plan_are_set_beside_each_other():
    rows = {"fraud": (measured(20), 5), "robbery": (measured(40), 1), "arson": (None, 4)}
    matrix = matrix_of(scheme_of("ab"), rows)
    # Full: arson 3/4, fraud (1 + 4)/8, robbery 3/8. By figures: robbery 3/4, fraud 1/4.
    alone = by_figures_alone(matrix)
    told = compared_sentence(matrix, ranks_of(matrix), alone, ("fraud",), TITLES)
    assert told == (
        "By figures alone, judgements left out, the first one are robbery. Of the 1 areas that "
        "the plan says emerged, 0 are also here among the first one. The plan has, and this matrix "
        "has not: fraud. This matrix has, and the plan has not: arson. The plan does not publish "
        "its scores, so where the two differ cannot be traced."
    )


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"robbery": (3,)}, "The judged scores are demonstration values."),
        ({"robbery": (measured(30),)}, "No judgements are held for this borough and edition."),
    ],
)
def test_what_the_judgements_are_stands_before_the_table(rows, words):
    assert demonstration_note(matrix_of(scheme_of("a"), rows)).startswith(f"**{words}**")


@pytest.mark.parametrize(
    ("score", "below", "at_most"),
    [
        (1, "under 10", "10 or less"),
        (2, "10 to under 20", "over 10 to 20"),
        (5, "40 or more", "over 40"),
    ],
)
def test_a_band_says_which_side_its_cuts_belong_to(score, below, at_most):
    cuts = (10, 20, 30, 40)
    assert band(bands(below=cuts), score) == below
    assert band(bands(at_most=cuts), score) == at_most


def test_every_cell_stands_in_one_of_three_tables_with_what_is_behind_it():
    rows = {"robbery": (measured(30, 20), judged(2, "low")), "fraud": (None, 4)}
    matrix = matrix_of(scheme_of("ab"), rows)
    [computed] = computed_table(matrix, TITLES).rows
    assert computed[:4] == ["Robbery", "A", "30 (made up)", "10 to 50"]
    assert computed[4:] == ["25 to under 35", "3", "2008/09", "made_up", "low"]
    assert judged_table(matrix, TITLES).rows == [
        ["Robbery", "B", "2 [d]", "low", "Made up.", "the tests", "1 January 2010"],
        ["Fraud", "B", "4 [d]", "high", "Made up.", "the tests", "1 January 2010"],
    ]
    assert unscored_table(matrix, TITLES).rows == [
        ["Fraud", "A", "No figure is held; no judgement is held."]
    ]


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.0, "0 of 100"),
        (0.004, "fewer than 1 of 100"),
        (0.76, "76 of 100"),
        (0.995, "more than 99 of 100"),
        (1.0, "100 of 100"),
    ],
)
def test_a_chance_reads_as_so_many_of_a_hundred(chance, words):
    assert chance_words(chance) == words


def test_how_sure_is_never_called_a_confidence_interval():
    matrix = matrix_of(scheme_of("ab"), {"robbery": (3, 3), "fraud": (3, 3), "arson": (1, 1)})
    told = sensitivity_sentence(sensitivity(matrix), matrix, TITLES)
    assert "**Too close to call** (20 to 80 of 100): robbery and fraud." in told
    assert "sensitivity range, not a confidence interval" in told


def decision(done: str) -> Decision:
    none = {"not_available": "It was not kept."}
    given = {"topic": "robbery", "decision": done, "edition": 2010, "reason": "It is small."}
    given |= {"body": "A group", "date": none, "review": none, "objectives": none}
    return Decision.model_validate({**given, "double_use": ["a"]})


@pytest.mark.parametrize(
    ("done", "settled", "words"),
    [
        ("not adopted", "score-driven", "it is not among the first seven"),
        ("not adopted", "decision-driven", "it is among the first seven"),
        ("adopted as a theme", "score-driven", "it is among the first seven"),
        ("adopted as a theme", "decision-driven", "it is not among the first seven"),
        ("not adopted", "cannot be computed", "No figure stands behind its score"),
    ],
)
def test_what_settled_a_decision_is_said_with_what_the_score_says(done, settled, words):
    assert words in settled_sentence(decision(done), settled, TITLES, "seven")


def test_a_heading_that_was_used_twice_is_pointed_out():
    matrix = matrix_of(scheme_of("ab"), {"robbery": (3, 3)})
    told = double_use_sentence(decision("not adopted"), matrix, TITLES)
    assert told == (
        "**Robbery: counted twice.** A is a heading of the score, and it is also a reason why the "
        "area was not adopted."
    )


def test_areas_are_listed_as_in_a_sentence():
    assert named([], TITLES) == ""
    assert named(["robbery"], TITLES) == "robbery"
    assert named(["robbery", "fraud", "arson"], TITLES) == "robbery, fraud and arson"
