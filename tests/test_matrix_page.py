"""What the page of the matrix says: words that a councillor can hold against the numbers."""

from __future__ import annotations

import pandas as pd
import pytest
from matrix_fixture import judged, matrix_of, measured, page_of, scheme_of, scored_by_figures

from kingston_analysis.analyses.matrix.decisions import decisions
from kingston_analysis.analyses.matrix.matrix import matrix
from kingston_analysis.analyses.matrix.sensitivity import how_sure
from kingston_analysis.matrix.cells import Matrix
from kingston_analysis.matrix.decisions import Decision, Decisions
from kingston_analysis.matrix.sensitivity import Sensitivity
from kingston_analysis.show.table import DisplayTable

SEVEN = scheme_of("a", first=7)


def table(answer, caption: str) -> DisplayTable:
    """Return the table of an answer that has a caption."""
    [found] = [each for each in answer.tables if each.caption == caption]
    return found


def said(found: Matrix) -> str:
    return matrix(page_of(found)).words


def test_the_matrix_has_the_score_in_each_cell_and_marks_what_people_gave():
    rows = {"fraud": (measured(10), 4), "robbery": (measured(50), 3.5), "arson": (None, None)}
    found = matrix(page_of(matrix_of(scheme_of("ab", fewest=2), rows)))
    scores = table(found, "Scores from 1 to 5")
    # Robbery: ((5 - 1) + (3.5 - 1))/8 = 81.25; fraud: (0 + 3)/8 = 37.5.
    assert scores.rows == [
        ["Robbery", "1", 81.25, "5", "3.5 [d]", 2],
        ["Fraud", "2", 37.5, "1", "4 [d]", 2],
        ["Arson", "not ranked", "[z]", "[x]", "[x]", 0],
    ]
    html = scores.as_html()
    assert 'class="kb-score" data-score="3">3.5 [d]</td>' in html
    assert "demonstration value" in html


def test_the_first_are_named_and_how_much_rests_on_judgement():
    rows = {"fraud": (measured(10), 4), "robbery": (measured(50), 3.5), "arson": (2, None)}
    # Five cells of equal weight are scored, three of them by people.
    assert (
        "The first one of 2 ranked areas are robbery. 60.0% of the weight behind all scores rests "
        "on judgement, 40.0% on figures. Not ranked, since fewer than 2 headings are scored: arson."
    ) in said(matrix_of(scheme_of("ab", fewest=2), rows))


def test_where_fewer_can_be_ranked_than_come_first_it_is_said():
    found = scored_by_figures(SEVEN, {"robbery": (3,), "fraud": (4,)})
    text = "Only 2 can be ranked, so all of them are among the first seven: fraud and robbery."
    assert text in said(found)


def test_where_nothing_can_be_ranked_it_is_said():
    text = said(matrix_of(scheme_of("a"), {"robbery": (None,)}))
    assert "**No area of crime can be ranked.**" in text
    assert "By figures alone no area can be ranked." in text
    assert "%" not in text


def test_figures_alone_the_full_matrix_and_the_plan_are_set_beside_each_other():
    rows = {"fraud": (measured(20), 5), "robbery": (measured(40), 1), "arson": (None, 4)}
    # Full: arson 3/4, fraud (1 + 4)/8, robbery 3/8. By figures: robbery 3/4, fraud 1/4.
    found = matrix(page_of(matrix_of(scheme_of("ab"), rows), register(emerged=("fraud",))))
    assert (
        "By figures alone, judgements left out, the first one are robbery. Of the 1 areas that "
        "the plan says emerged, 0 are also here among the first one. The plan has, and this matrix "
        "has not: fraud. This matrix has, and the plan has not: arson. The plan does not publish "
        "its scores, so where the two differ cannot be traced."
    ) in found.words


def test_what_emerged_from_another_editions_plan_is_not_compared():
    found = matrix_of(scheme_of("ab"), {"fraud": (measured(20), 5)})
    old = register(emerged=("fraud",), edition=2008)
    assert "emerged" not in matrix(page_of(found, old)).words


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"robbery": (3,)}, "The judged scores are demonstration values."),
        ({"robbery": (measured(30),)}, "No judgements are held for this borough and edition."),
    ],
)
def test_what_the_judgements_are_stands_before_the_table(rows, words):
    assert said(matrix_of(scheme_of("a"), rows)).startswith(f"**{words}**")


@pytest.mark.parametrize(
    ("side", "meanings"),
    [
        ("below", ["under 10", "10 to under 20", "20 to under 30", "30 to under 40", "40 or more"]),
        ("at_most", ["10 or less", "over 10 to 20", "over 20 to 30", "over 30 to 40", "over 40"]),
    ],
)
def test_a_band_says_which_side_its_cuts_belong_to(side, meanings):
    measure = {"kind": "volume", "unit": "made up", "style": "number", side: [10, 20, 30, 40]}
    found = matrix_of(scheme_of("a", more={"a": {"measure": measure}}), {"robbery": (3,)})
    bands = table(matrix(page_of(found)), "Headings, weights and bands")
    assert bands.rows == [["A", "How much?", "1", *meanings]]


def test_every_cell_stands_in_one_of_three_tables_with_what_is_behind_it():
    rows = {"robbery": (measured(30, 20), judged(2, "low")), "fraud": (None, 4)}
    found = matrix(page_of(matrix_of(scheme_of("ab"), rows)))
    [computed] = table(found, "Where the computed scores come from").rows
    assert computed[:4] == ["Robbery", "A", "30 (made up)", "10 to 50"]
    assert computed[4:] == ["25 to under 35", "3", "2008/09", "made_up", "low"]
    assert table(found, "Where the judged scores come from").rows == [
        ["Robbery", "B", "2 [d]", "low", "Made up.", "the tests", "1 January 2010"],
        ["Fraud", "B", "4 [d]", "high", "Made up.", "the tests", "1 January 2010"],
    ]
    assert table(found, "What is not scored, and why").rows == [
        ["Fraud", "A", "No figure is held; no judgement is held."]
    ]


def test_each_cell_is_a_row_for_the_analyst_with_the_value_behind_it():
    rows = {"robbery": (measured(30, 20), judged(2, "low"))}
    found = matrix(page_of(matrix_of(scheme_of("ab"), rows))).frame
    assert found[["topic", "heading", "score", "basis"]].to_numpy().tolist() == [
        ["robbery", "a", 3, "computed"],
        ["robbery", "b", 2, "judged"],
    ]
    assert found.loc[0, ["value", "low", "high", "period"]].tolist() == [30, 10, 50, "2008/09"]
    assert found.loc[1, ["value", "low", "high", "period"]].isna().all()


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
    one = {"chance": chance, "low": 1, "high": 1, "close": False, "always": False, "never": False}
    sure = Sensitivity(pd.DataFrame([one], index=["robbery"]), 2000, 1)
    found = how_sure(page_of(matrix_of(scheme_of("a"), {"robbery": (3,)}), sure=sure))
    assert table(found, "How sure each rank is").rows[0][2] == words
    assert found.figures[0].alternative.endswith(f"Robbery, {words}.")


def test_how_sure_is_never_called_a_confidence_interval():
    found = matrix_of(scheme_of("ab"), {"robbery": (3, 3), "fraud": (3, 3), "arson": (1, 1)})
    text = how_sure(page_of(found)).words
    assert "**Too close to call** (20 to 80 of 100): robbery and fraud." in text
    assert "sensitivity range, not a confidence interval" in text
    assert "always among the first one: robbery and fraud; never: arson." in text


def decision(done: str, topic: str = "robbery") -> Decision:
    none = {"not_available": "It was not kept."}
    given = {"topic": topic, "decision": done, "edition": 2010, "reason": "It is small."}
    given |= {"body": "A group", "date": none, "review": none, "objectives": none}
    return Decision.model_validate({**given, "double_use": ["a"]})


def register(*made: Decision, emerged: tuple[str, ...] = (), edition: int = 2010) -> Decisions:
    made = made or (decision("not adopted"),)
    return Decisions(edition=edition, emerged=emerged, equal_priority=True, decisions=made)


@pytest.mark.parametrize(
    ("score", "settled", "words"),
    [
        (measured(10), "the score", "the score leads to the same.** By its score it is not among"),
        (
            measured(50),
            "the decision, against the score",
            "against the score.** By its score it is among",
        ),
        (5, "cannot be computed", "No figure stands behind its score"),
    ],
)
def test_what_settled_a_decision_is_said_with_what_the_score_says(score, settled, words):
    found = matrix_of(scheme_of("a"), {"robbery": (score,), "fraud": (measured(30),)})
    answer = decisions(page_of(found, register(decision("not adopted"))))
    assert table(answer, "Decisions beside the ranks").rows[0][3] == settled
    assert words in answer.words


def test_of_what_was_adopted_the_table_says_what_settled_it():
    found = matrix_of(scheme_of("a"), {"robbery": (measured(50),), "fraud": (measured(30),)})
    adopted = (decision("adopted as a theme", topic) for topic in ("robbery", "fraud"))
    answer = decisions(page_of(found, register(*adopted)))
    assert table(answer, "Decisions beside the ranks").rows == [
        ["Robbery", "1", "adopted as a theme", "the score"],
        ["Fraud", "2", "adopted as a theme", "the decision, against the score"],
    ]
    assert answer.words.startswith("Adopted as themes: robbery and fraud. The themes have equal")
    assert answer.frame["basis"].tolist() == ["score-driven", "decision-driven"]


def test_a_heading_that_was_used_twice_is_pointed_out():
    found = matrix_of(scheme_of("ab"), {"robbery": (3, 3)})
    assert (
        "**Robbery: counted twice.** A is a heading of the score, and it is also a reason why the "
        "area was not adopted."
    ) in decisions(page_of(found, register())).words
