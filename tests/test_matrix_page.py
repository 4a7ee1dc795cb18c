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
from kingston_analysis.results import Gap
from kingston_analysis.show.table import DisplayTable

SEVEN = scheme_of("a", first=7)
# 'a' is computed, 'b' is judged.
JUDGED = {"b": {"measure": None}}


def table(answer, caption: str) -> DisplayTable:
    """Return the table of an answer that has a caption."""
    [found] = [each for each in answer.tables if each.caption == caption]
    return found


def said(found: Matrix) -> str:
    return matrix(page_of(found)).words


def test_the_matrix_has_the_score_in_each_cell_and_marks_what_people_gave():
    rows = {
        "fraud": (measured(10), 4),
        "robbery": (measured(50), 3.5),
        "theft": (measured(20), None),
        "arson": (None, 5),
        "damage": (None, None),
    }
    found = matrix(page_of(matrix_of(scheme_of("ab", more=JUDGED), rows)))
    # Robbery: ((5 - 1) + (3.5 - 1))/8 = 81.25; fraud: (0 + 3)/8 = 37.5; theft: 1/8 to 5/8.
    scores = table(found, "Scores from 1 to 5")
    assert scores.rows == [
        ["Robbery", "1 [d]", "81.2 [d]", "81.2 [d]", "5", "3.5 [d]", 2],
        ["Fraud", "2 [d]", "37.5 [d]", "37.5 [d]", "1", "4 [d]", 2],
        ["Theft", "3 [d]", 12.5, 62.5, "2", "[x]", 1],
    ]
    # Arson: (0 + 4)/8 to (4 + 4)/8; of damage nothing is known.
    apart = table(found, "Scores of the areas that cannot be ranked on evidence")
    assert apart.rows == [
        ["Arson", "not ranked", "50.0 [d]", "100.0 [d]", "[x]", "5 [d]", 1],
        ["Damage", "not ranked", 0, 100, "[x]", "[x]", 0],
    ]
    html = scores.as_html()
    assert 'class="kb-score" data-score="3">3.5 [d]</td>' in html
    assert "demonstration value" in html


RULE = (
    "An area is ranked if it has figures under at least one of the computed headings (A). Where a "
    "cell is empty, two totals are given: the lower counts the cell as 1, the higher as 5. Areas "
    "are ranked by the lower total, so that a missing figure never helps."
)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            {"fraud": (measured(10), 4), "robbery": (measured(50), 3), "arson": (None, 2)},
            f"**2 of 3 areas of crime are ranked, and 1 cannot be ranked on evidence.** {RULE} Not "
            "ranked: arson.",
        ),
        (
            {"fraud": (measured(10), 4), "arson": (None, 2), "theft": (None, None)},
            "**1 of 3 areas of crime is ranked, and 2 cannot be ranked on evidence.**",
        ),
        (
            {"fraud": (measured(10), 4), "robbery": (measured(50), None)},
            f"**All areas of crime are ranked, 2 in all.** {RULE}",
        ),
        (
            {"fraud": (None, 4), "robbery": (None, None)},
            f"**No area of crime can be ranked on evidence, of 2 in all.** {RULE}",
        ),
    ],
)
def test_the_first_sentence_says_how_many_are_ranked_and_how_many_are_not(rows, words):
    assert said(matrix_of(scheme_of("ab", more=JUDGED), rows)).startswith(words)


def test_the_first_are_named_and_how_much_rests_on_judgement():
    rows = {"fraud": (measured(10), 4), "robbery": (measured(50), 3.5), "arson": (None, 2)}
    # Five cells of equal weight are scored, three of them by people.
    assert (
        "The first place of the 2 ranked areas: robbery. This rests partly on demonstration "
        "values. 60.0% of the weight behind all scores rests on judgement, 40.0% on figures."
    ) in said(matrix_of(scheme_of("ab", more=JUDGED), rows))


def test_where_no_more_are_ranked_than_there_are_places_it_is_said():
    found = scored_by_figures(SEVEN, {"robbery": (3,), "fraud": (4,)})
    text = (
        "There are 7 places and 2 ranked areas, so the score leaves none of them out: fraud and "
        "robbery."
    )
    assert text in said(found)
    assert "demonstration" not in said(found)


def test_where_nothing_can_be_ranked_no_first_are_named():
    text = said(matrix_of(scheme_of("a"), {"robbery": (None,)}))
    assert "%" not in text
    assert "The first" not in text
    assert "places" not in text
    [gap] = how_sure(page_of(matrix_of(scheme_of("a"), {"robbery": (None,)}))).gaps
    assert gap.gap == Gap("No area of crime can be ranked on evidence.")


def test_figures_alone_the_full_matrix_and_the_plan_are_set_beside_each_other():
    rows = {
        "fraud": (measured(30), 5),
        "robbery": (measured(40), 1),
        "arson": (measured(10), 1),
        "theft": (None, 4),
    }
    # Full: fraud (2 + 4)/8, robbery 3/8, arson 0. By figures: robbery 3/4, fraud 2/4.
    emerged = register(emerged=("robbery", "theft"))
    found = matrix(page_of(matrix_of(scheme_of("ab", more=JUDGED), rows), emerged))
    assert "In the first place by figures alone, judgements left out: robbery." in found.words
    assert (
        "The plan says that 2 areas emerged. None of them is in the first place here. Not ranked "
        "here, for want of figures: theft. Ranked here, but not in the first place: robbery. In "
        "the first place here, but not in the plan: fraud. The plan does not publish its scores, "
        "so where the two differ cannot be traced. This rests partly on demonstration values."
    ) in found.words


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (1, "One of them is in the first place here: fraud. The plan does"),
        # Where all that are ranked are in, no more is said.
        (
            2,
            "One of them is ranked here: fraud. Ranked here, but not in the plan: robbery.",
        ),
    ],
)
def test_what_emerged_and_is_first_here_too_is_named(first, words):
    rows = {"fraud": (measured(30), 5), "robbery": (measured(40), 1)}
    made = matrix_of(scheme_of("ab", first=first, more=JUDGED), rows)
    said = matrix(page_of(made, register(emerged=("fraud",)))).words
    assert f"The plan says that 1 area emerged. {words}" in said


def test_where_every_ranked_area_has_a_place_nothing_is_said_of_who_comes_in_or_goes_out():
    rows = {"fraud": (measured(30), 5), "robbery": (measured(40), 1)}
    answer = how_sure(page_of(matrix_of(scheme_of("ab", first=2, more=JUDGED), rows)))
    assert "Every ranked area is in the first two, so only their order moves." in answer.words
    assert "weightings" not in answer.words
    assert [each.caption for each in answer.tables] == ["How sure each rank is"]


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
def test_what_the_judgements_are_is_said(rows, words):
    assert f"**{words}**" in said(matrix_of(scheme_of("a"), rows))


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
        (0.01, "1 of 100"),
        (0.76, "76 of 100"),
        (0.99, "99 of 100"),
        (0.995, "more than 99 of 100"),
        (1.0, "100 of 100"),
    ],
)
def test_a_chance_reads_as_so_many_of_a_hundred(chance, words):
    one = {"chance": chance, "low": 1, "high": 1, "close": False, "always": False, "never": False}
    sure = Sensitivity(pd.DataFrame([one], index=["robbery"]), 2000, 1)
    found = how_sure(page_of(scored_by_figures(scheme_of("a"), {"robbery": (3,)}), sure=sure))
    assert table(found, "How sure each rank is").rows[0][2] == words
    assert found.figures[0].alternative.endswith(f"Robbery, in {words} trials.")


def test_how_sure_is_never_called_a_confidence_interval():
    # Whatever the weights are, the two are alike but for what chance adds to their figures.
    rows = {
        "robbery": (measured(25, 5), 3),
        "fraud": (measured(25, 5), 3),
        "arson": (measured(0), 1),
    }
    found = matrix_of(scheme_of("ab", more=JUDGED), rows)
    text = how_sure(page_of(found)).words
    assert "**Too close to call** (in 20 to 80 of 100 trials): robbery and fraud." in text
    assert "sensitivity range, not a confidence interval" in text
    assert "Always in the first place: robbery and fraud. Never there: arson." in text


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
        (
            measured(10),
            "the score",
            "the score leads to the same.** The computed headings alone keep it out of the first "
            "place, whatever the empty cells would be.",
        ),
        (
            measured(50),
            "the decision, against the score",
            "against the score.** The computed headings alone put it in the first place, whatever",
        ),
        (
            measured(30),
            "not by the figures alone",
            "the figures alone do not settle it.** Whether the area is in the first place depends "
            "on judgements, on empty cells or on areas without figures.",
        ),
        (
            5,
            "cannot be computed",
            "cannot be computed.** It cannot be ranked on evidence: none of the computed "
            "headings has a figure, and one is needed.",
        ),
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
        "**Robbery: counted twice.** A is a heading of the score, and also a reason why the "
        "area was not adopted."
    ) in decisions(page_of(found, register())).words


def test_a_rank_and_a_total_are_published_with_what_they_rest_on():
    rows = {"fraud": (measured(10), 4), "robbery": (measured(50), None), "arson": (None, 5)}
    answer = matrix(page_of(matrix_of(scheme_of("ab", more=JUDGED), rows)))
    found = {each.name: each for each in answer.findings}
    assert (found["ranked"].value, found["ranked"].unit) == (2, "of 3 areas")
    # Robbery: (4 + 0)/8 to (4 + 4)/8. Its total is its own; its rank rests on those of others.
    names = ("total", "lowest", "highest", "rank")
    assert [found[f"robbery.{name}"].value for name in names] == [50, 50, 100, 1]
    assert [found[f"robbery.{name}"].demonstrates for name in names] == [False] * 3 + [True]
    assert [found[f"fraud.{name}"].demonstrates for name in names] == [True] * 4
    why = (
        "It cannot be ranked on evidence: none of the computed headings has a figure, and one "
        "is needed."
    )
    assert [found[f"arson.{name}"].value for name in names] == [None, 50, 100, None]
    assert (found["arson.total"].missing, found["arson.rank"].missing) == (why, why)


def test_how_sure_is_said_of_ranked_areas_alone_and_marked():
    rows = {"fraud": (measured(10), 4), "robbery": (measured(50), 4), "arson": (None, 5)}
    answer = how_sure(page_of(matrix_of(scheme_of("ab", more=JUDGED), rows)))
    assert [row[0] for row in table(answer, "How sure each rank is").rows] == ["Robbery", "Fraud"]
    assert [row[1] for row in table(answer, "How sure each rank is").rows] == ["1 [d]", "2 [d]"]
    found = {each.name: each for each in answer.findings}
    assert found["robbery.chance"].demonstrates
    assert found["arson.chance"].missing.startswith("It cannot be ranked on evidence")
    assert "This rests partly on demonstration values." in answer.figures[0].note
    assert "This rests partly on demonstration values." in answer.figures[0].alternative
