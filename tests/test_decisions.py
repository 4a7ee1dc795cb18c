"""Decisions: what was done with each topic, whether the score drove it, and what moved since."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matrix_fixture import judged, matrix_of, measured, scheme_of
from pydantic import ValidationError
from tables_fixture import PROJECT

from kingston_analysis.matrix.cells import Cell, IndicatorValue, Matrix
from kingston_analysis.matrix.decision_basis import decision_basis
from kingston_analysis.matrix.decisions import Decision, Decisions, load_decisions
from kingston_analysis.matrix.judgements import Judgement, Judgements
from kingston_analysis.matrix.scenarios import first_of
from kingston_analysis.matrix.scheme import load_scheme
from kingston_analysis.matrix.score_changes import find_score_changes
from kingston_analysis.plan.themes import load_themes
from kingston_analysis.results import Estimate

PLAN = "2008-11"


def decision(topic: str = "robbery", done: str = "adopted as a theme", **more) -> Decision:
    return Decision.model_validate(
        {
            "topic": topic,
            "decision": done,
            "edition": 2008,
            "reason": "Made up.",
            "body": "the tests",
            "date": "2008-01-31",
            "review": {"not_available": "No day is set."},
            "objectives": ["An aim"],
            **more,
        }
    )


def register(*decisions: Decision) -> Decisions:
    return Decisions(edition=2008, emerged=(), equal_priority=True, decisions=decisions)


# The register of the plan


def test_six_topics_were_adopted_and_theft_from_the_person_was_not():
    found = {each.topic: each.decision for each in load_decisions(PROJECT, PLAN).decisions}
    assert [topic for topic, done in found.items() if done == "adopted as a theme"] == [
        "alcohol-misuse",
        "violence-against-the-person",
        "drug-misuse",
        "anti-social-behaviour",
        "crime-by-and-against-young-people",
        "domestic-violence-and-hate-crime",
    ]
    assert {t: d for t, d in found.items() if d != "adopted as a theme"} == {
        "theft-from-the-person": "not adopted"
    }


def test_the_adopted_topics_are_those_of_the_themes_and_have_equal_priority():
    found = load_decisions(PROJECT, PLAN)
    adopted = {d.topic for d in found.decisions if d.decision == "adopted as a theme"}
    assert adopted == {theme.topic for theme in load_themes(PROJECT, PLAN)}
    assert found.equal_priority


def test_seven_topics_emerged_as_many_as_the_scheme_puts_first_and_each_was_decided_on():
    found = load_decisions(PROJECT, PLAN)
    assert len(set(found.emerged)) == len(found.emerged) == 7 == load_scheme(PROJECT, PLAN).first
    assert {each.topic for each in found.decisions} == set(found.emerged)


def test_the_reason_against_theft_from_the_person_uses_a_heading_a_second_time():
    found = load_decisions(PROJECT, PLAN).standing(2008)["theft-from-the-person"]
    assert found.double_use == ("community-priority",)
    assert "everyday work" in found.reason
    assert "community" in found.reason


# Which decision stands


def test_the_newest_decision_by_an_edition_stands():
    found = register(
        decision(edition=2010, done="not adopted"),
        decision(edition=2008),
        decision("fraud", edition=2009),
    )
    assert found.standing(2007) == {}
    assert {t: d.edition for t, d in found.standing(2008).items()} == {"robbery": 2008}
    assert {t: d.edition for t, d in found.standing(2009).items()} == {
        "robbery": 2008,
        "fraud": 2009,
    }
    for later in (2010, 2016):
        assert found.standing(later)["robbery"].decision == "not adopted"


DECIDED = st.lists(
    st.tuples(st.sampled_from(["robbery", "fraud", "arson"]), st.integers(2008, 2012)),
    min_size=1,
    max_size=8,
    unique=True,
)


@settings(max_examples=60)
@given(DECIDED, st.integers(2007, 2013))
def test_what_stands_is_never_from_a_later_edition_and_never_older_than_another(decided, edition):
    found = register(*(decision(topic, edition=year) for topic, year in decided))
    newest = {
        topic: max(y for t, y in decided if t == topic and y <= edition)
        for topic in {t for t, y in decided if y <= edition}
    }
    assert {t: d.edition for t, d in found.standing(edition).items()} == newest


def test_a_merged_topic_names_where_it_went_and_no_other_does():
    assert decision(done="merged", into="fraud").into == "fraud"
    with pytest.raises(ValidationError, match="belongs to a merged topic"):
        decision(done="merged")
    with pytest.raises(ValidationError, match="belongs to a merged topic"):
        decision(into="fraud")


@pytest.mark.parametrize("empty", ["reason", "body"])
def test_a_decision_says_why_and_by_whom(empty):
    with pytest.raises(ValidationError, match=empty):
        decision(**{empty: "  "})


# Did the score drive it?

# 'a' and 'b' are computed, 'c' is judged.
THREE = scheme_of("abc", more={"c": {"measure": None}})
ROWS = {
    # By figures, of 8 points: 8; 0; 2 to 6, since one cell is empty.
    "robbery": (measured(50), measured(50), 1),
    "fraud": (measured(10), measured(10), 5),
    "arson": (measured(30), None, 5),
}
MATRIX = matrix_of(THREE, ROWS)


@pytest.mark.parametrize(
    ("topic", "done", "expected"),
    [
        ("robbery", "adopted as a theme", "score-driven"),
        ("robbery", "not adopted", "decision-driven"),
        ("fraud", "not adopted", "score-driven"),
        ("fraud", "adopted as a theme", "decision-driven"),
        # Its 6 at most stay below the 8 of robbery.
        ("arson", "not adopted", "score-driven"),
        # It is not even in the matrix.
        ("piracy", "not adopted", "cannot be computed"),
    ],
)
def test_a_decision_follows_the_score_or_goes_against_it(topic, done, expected):
    assert decision_basis(MATRIX, decision(topic, done)) == expected


def test_what_judgements_settle_is_open_for_they_would_explain_themselves():
    rows = {"robbery": (measured(30), measured(30), 5), "fraud": (measured(30), measured(30), 1)}
    found = matrix_of(THREE, rows)
    assert first_of(found, found.scores) == {"robbery"}
    for topic in rows:
        assert decision_basis(found, decision(topic)) == "open"


def test_an_empty_cell_of_its_own_or_of_another_leaves_it_open():
    # By figures 4 to 8 of 8, and 5.
    rows = {"robbery": (measured(50), None, 5), "fraud": (measured(50), measured(20), 1)}
    found = matrix_of(THREE, rows)
    assert {decision_basis(found, decision(topic)) for topic in rows} == {"open"}
    # By figures 0 to 4, and 5.
    sure = matrix_of(THREE, rows | {"robbery": (measured(10), None, 5)})
    assert decision_basis(sure, decision("robbery")) == "decision-driven"
    assert decision_basis(sure, decision("fraud")) == "score-driven"


def test_an_area_without_figures_could_come_level_with_any_and_cannot_be_computed_itself():
    found = matrix_of(THREE, ROWS | {"theft": (None, None, 5)})
    assert decision_basis(found, decision("theft")) == "cannot be computed"
    assert decision_basis(found, decision("robbery")) == "open"
    # What others are sure to come before stays out all the same.
    assert decision_basis(found, decision("fraud", "not adopted")) == "score-driven"


def test_without_any_weight_on_a_computed_heading_figures_settle_nothing():
    scheme = scheme_of({"a": 0.0, "b": 0.0, "c": 1.0}, more={"c": {"measure": None}})
    assert decision_basis(matrix_of(scheme, ROWS), decision("robbery")) == "open"


def test_a_merged_topic_counts_as_adopted():
    assert decision_basis(MATRIX, decision("robbery", "merged", into="fraud")) == "score-driven"
    assert decision_basis(MATRIX, decision("fraud", "merged", into="robbery")) == "decision-driven"


def test_a_topic_with_too_few_figures_cannot_be_computed():
    found = matrix_of(scheme_of("ab", fewest_computed=2), {"robbery": (measured(50), None)})
    assert decision_basis(found, decision("robbery")) == "cannot be computed"


def test_where_figures_are_level_it_is_open_even_if_a_tie_break_parts_them():
    rows = {"robbery": (measured(50), measured(10), 1), "fraud": (measured(10), measured(50), 1)}
    for ties in ("", "a"):
        found = matrix_of(scheme_of("abc", ties=ties, more={"c": {"measure": None}}), rows)
        assert {decision_basis(found, decision(topic)) for topic in rows} == {"open"}


# Which scores changed since the edition before


def one(given, **heading) -> Matrix:
    """Make a matrix of one cell."""
    return matrix_of(scheme_of("a", more={"a": heading}), {"robbery": (given,)})


OTHER_BANDS = {"kind": "volume", "unit": "made up", "style": "number", "below": [1, 2, 3, 4]}


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (measured(20), measured(30, period="2009/10"), "the evidence moved"),
        (None, measured(30), "the evidence moved"),
        (measured(20), None, "the evidence moved"),
        (judged(2), measured(30), "the evidence moved"),
        (measured(20), judged(3), "the evidence moved"),
        (judged(2), judged(3), "the judgement moved"),
        (None, judged(3), "the judgement moved"),
        (judged(2), None, "the judgement moved"),
        (measured(20), measured(30), "the data were revised"),
    ],
)
def test_why_a_score_moved(before, after, why):
    (found,) = find_score_changes(one(before), one(after))
    assert (found.topic, found.why) == ("robbery", why)
    assert (found.before.basis, found.after.basis) == (
        one(before).cells["robbery"]["a"].basis,
        one(after).cells["robbery"]["a"].basis,
    )


@pytest.mark.parametrize("later", [measured(20), measured(20, period="2009/10")])
def test_where_the_bands_moved_the_method_did(later):
    (found,) = find_score_changes(one(measured(20)), one(later, measure=OTHER_BANDS))
    assert (found.before.score, found.after.score, found.why) == (2, 5, "the method moved")


def test_where_the_meaning_of_judged_scores_moved_the_method_did():
    (found,) = find_score_changes(
        one(judged(2)), one(judged(3), judged={1: "nothing", 5: "everything"})
    )
    assert found.why == "the method moved"


def test_a_score_that_stayed_is_no_change_however_its_evidence_or_its_weight_moved():
    assert find_score_changes(one(measured(20)), one(measured(24, period="2009/10"))) == []
    assert find_score_changes(one(None), one(None)) == []
    assert find_score_changes(one(measured(20)), one(judged(2))) == []
    assert find_score_changes(one(measured(20)), one(measured(20), weight=3)) == []


def test_a_weight_that_moved_is_not_the_method_of_a_score():
    (found,) = find_score_changes(one(judged(2)), one(judged(3), weight=3))
    assert found.why == "the judgement moved"


def test_changes_stand_in_the_order_of_topics_and_headings():
    scheme = scheme_of("ab")
    before = matrix_of(scheme, {"fraud": (1, 1), "robbery": (1, 1)})
    after = matrix_of(scheme, {"robbery": (2, 2), "fraud": (1, 2)})
    assert [(each.topic, each.after.heading.id) for each in find_score_changes(before, after)] == [
        ("robbery", "a"),
        ("robbery", "b"),
        ("fraud", "b"),
    ]


def test_a_topic_or_heading_that_one_edition_does_not_have_is_no_change():
    before = matrix_of(scheme_of("ab"), {"robbery": (1, 1), "arson": (1, 1)})
    after = matrix_of(scheme_of("bc"), {"robbery": (1, 5), "fraud": (5, 5)})
    assert find_score_changes(before, after) == []


# What a judgement is


def judgement(**given) -> Judgement:
    return Judgement.model_validate({"confidence": "low", "why": "Made up.", **given})


def test_the_parts_of_a_judgement_push_from_the_middle_by_their_mean():
    assert judgement(score=4).value == 4
    assert judgement(parts={"political": 2, "legal": -1, "social": 0, "economic": 0}).value == 3.25
    assert judgement(parts={"political": 2, "legal": 2}).value == 5
    assert judgement(parts={"political": -2, "legal": -2}).value == 1


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(-2, 2), min_size=1))
def test_a_score_made_of_parts_stays_within_the_scale(parts):
    assert 1 <= judgement(parts=parts).value <= 5


@pytest.mark.parametrize(
    "given", [{}, {"parts": {}}, {"score": 3, "parts": {"a": 1}}, {"parts": {"a": 3}}]
)
def test_a_judgement_is_a_score_or_parts_within_the_scale(given):
    with pytest.raises(ValidationError):
        judgement(**given)


def test_a_day_of_judgement_is_a_day():
    whole = {"kind": "demonstration", "by": "the tests", "topics": {}}
    assert Judgements.model_validate(whole | {"date": "2010-01-31"}).date == datetime.date(
        2010, 1, 31
    )
    with pytest.raises(ValidationError, match="date"):
        Judgements.model_validate(whole | {"date": "2010-02-31"})


def test_an_indicator_value_gives_the_standard_error_that_its_interval_stands_for():
    assert IndicatorValue(Estimate(10, 6, 14), "2008/09").error == pytest.approx(8 / (2 * 1.959964))
    assert Cell(scheme_of("a").headings[0], measured(10)).value.error == 0
