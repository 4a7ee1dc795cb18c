"""Surveys: shares with intervals, what is withheld, ranks of concerns, and a survey's faults."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from surveys_fixture import (
    HARM,
    ROWS,
    SURVEY,
    attitudes,
    margins,
    published,
    residents,
    respondents,
    survey,
    table_of,
)
from tables_fixture import PROJECT

from kingston_analysis.data.surveys import Survey, load_surveys, survey_problems
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.survey.results import measure_survey, year_earlier
from kingston_analysis.measures.survey.shares import (
    concern_ranks,
    harm_gaps,
    too_small,
    weighted_shares,
    with_intervals,
)


def test_a_weighted_share_worked_by_hand():
    # Weights 1 1 2, yes no yes: 3/4. Residuals 1/4, 3/4, 1/4, so
    # 3/2 · (1²·(1/4)² + 1²·(3/4)² + 2²·(1/4)²) / 4² = 3/2 · 14/16 / 16
    answers = pd.DataFrame({"burglary": [1.0, 0.0, 1.0]})
    shares, covariance = weighted_shares(answers, pd.Series([1, 1, 2]))
    found = shares.loc["burglary"]
    assert found["share"] == pytest.approx(3 / 4)
    assert covariance.loc["burglary", "burglary"] == pytest.approx(1.5 * 14 / 16 / 16)
    assert (found["base"], found["yes"]) == (3, 2)
    # (1 + 1 + 2)² / (1 + 1 + 4)
    assert found["effective_base"] == pytest.approx(16 / 6)


def test_an_unanswered_question_stands_outside_its_base():
    answers = pd.DataFrame({"burglary": [1, 0, None], "robbery": [1, 1, 0]}, dtype=float)
    shares, _ = weighted_shares(answers, pd.Series([1.0, 1, 1]))
    assert shares["base"].to_dict() == {"burglary": 2, "robbery": 3}
    assert shares["share"].tolist() == pytest.approx([1 / 2, 2 / 3])


def test_a_question_that_nobody_answered_has_no_share():
    answers = pd.DataFrame({"burglary": [None, None]}, dtype=float)
    shares, covariance = weighted_shares(answers, pd.Series([1.0, 1]))
    found = with_intervals(shares, pd.Series(np.diag(covariance), shares.index)).loc["burglary"]
    assert found["base"] == 0
    assert math.isnan(found["share"])
    assert math.isnan(found["low"])


def test_an_interval_worked_by_hand():
    # logit 0.2 = ln 0.25 = -1.386294; t with 99 degrees 1.984217; √0.0016 / (0.2 · 0.8) = 0.25;
    # -1.386294 ∓ 0.496054, back through 1 / (1 + e^-x): 0.13211 and 0.29105
    shares = pd.DataFrame({"share": [0.2], "base": [100.0]})
    found = with_intervals(shares, pd.Series([0.0016])).iloc[0]
    assert (found["low"], found["high"]) == pytest.approx((0.13211, 0.29105), abs=2e-5)


def test_intervals_of_unequal_weights_hold_the_truth_as_often_as_they_say():
    # 1,000 questions to the same 300 people, of whom each says yes with a chance of 0.2.
    chance = np.random.default_rng(20_121)
    weights = pd.Series(chance.gamma(2, size=300))
    answers = pd.DataFrame((chance.random((300, 1_000)) < 0.2).astype(float))
    shares, covariance = weighted_shares(answers, weights)
    found = with_intervals(shares, pd.Series(np.diag(covariance)))
    assert 0.93 <= ((found["low"] <= 0.2) & (found["high"] >= 0.2)).mean() <= 0.97


@pytest.mark.parametrize("share", [0.0, 1.0, math.nan])
def test_a_share_of_none_or_all_has_no_interval(share):
    shares = pd.DataFrame({"share": [share], "base": [100.0]})
    found = with_intervals(shares, pd.Series([0.0])).iloc[0]
    assert math.isnan(found["low"])
    assert math.isnan(found["high"])


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.floats(0.1, 10)), min_size=2, max_size=80).filter(
        lambda rows: len({yes for yes, _ in rows}) == 2
    )
)
def test_an_interval_contains_its_share_and_stays_between_none_and_all(rows):
    answers = pd.DataFrame({"yes": [float(yes) for yes, _ in rows]})
    shares, covariance = weighted_shares(answers, pd.Series([weight for _, weight in rows]))
    found = with_intervals(shares, pd.Series(np.diag(covariance), shares.index)).iloc[0]
    assert 0 <= found["low"] < found["share"] < found["high"] <= 1


@pytest.mark.parametrize(
    ("yes", "base", "withheld"),
    [(10, 29, True), (10, 30, False), (4, 100, True), (5, 100, False), (96, 100, True)],
)
def test_small_bases_and_small_sides_are_withheld(yes, base, withheld):
    found = too_small(pd.Series([float(yes)]), pd.Series([float(base)]), pd.Series(["q"]))
    assert found.tolist() == [withheld]


def test_an_answer_that_the_others_would_give_away_is_protected_by_the_next_smallest():
    # One question with four answers: 100 - 60 - 26 - 11 would give the 3 away, so 11 goes too.
    yes, base = pd.Series([60.0, 26, 11, 3]), pd.Series([100.0] * 4)
    assert too_small(yes, base, pd.Series(["q"] * 4)).tolist() == [False, False, True, True]
    assert too_small(yes, base, pd.Series(list("abcd"))).tolist() == [False] * 3 + [True]


def test_an_unknown_base_withholds_nothing():
    unknown = pd.Series([math.nan])
    assert too_small(unknown, unknown, pd.Series(["q"])).tolist() == [False]


def test_the_made_survey_is_weighted_to_the_residents():
    found = residents()
    assert (found.period, found.replies, found.raked) == ("2012", 900, ("age_band", "sex", "ward"))
    assert found.tables == ("residents_survey", "residents_margins")
    # A third, 5/12 and a quarter of the residents are concerned by 35%, 45% and 60%: 45.4% of all.
    burglary = found.shares.loc["burglary"]
    assert burglary["low"] < 0.35 / 3 + 0.45 * 5 / 12 + 0.60 / 4 < burglary["high"]
    assert burglary["effective_base"] == pytest.approx(900 / found.design_effect)
    assert found.design_effect > 1


def test_what_few_said_is_withheld_and_only_its_base_stands():
    arson = residents().shares.loc["arson"]
    assert arson["withheld"]
    assert arson["base"] == 900
    assert arson[["share", "low", "high", "effective_base"]].isna().all()
    assert "yes" not in residents().shares
    assert "arson" not in residents().concerns.index
    assert residents().covariance.loc["arson"].isna().all()


def test_without_margins_the_weight_of_the_table_stands():
    frame = respondents().frame
    table = table_of(frame.assign(weight=np.where(frame["burglary"] == "yes", 2.0, 1.0)))
    found = measure_survey(survey(weight="weight", margins=None), "Ashby", table, None, [])
    # y of 900 said yes: 2y / (2y + 900 - y)
    yes = int((frame["burglary"] == "yes").sum())
    assert found.shares.loc["burglary", "share"] == pytest.approx(2 * yes / (yes + 900))
    assert found.raked == ()


def test_only_the_newest_period_is_read():
    older = respondents(60, "2010").frame.assign(burglary="no", respondent=range(1_000, 1_060))
    both = table_of(pd.concat([older, respondents().frame], ignore_index=True))
    found = measure_survey(survey(), "Ashby", both, margins(), [])
    assert found.period == "2012"
    assert found.replies == 900


def test_a_choice_is_one_column_with_an_answer_a_concern():
    frame = respondents(100).frame.assign(
        choice=["Burglary"] * 60 + ["Robbery"] * 38 + ["Fire"] * 2
    )
    choice = {"column": "choice"}
    described = survey(
        margins=None,
        questions=[
            {**choice, "id": "burglary", "title": "Burglary", "answers": ["Burglary"]},
            {**choice, "id": "robbery", "title": "Robbery", "answers": ["Robbery"]},
            {**choice, "id": "fire", "title": "Fire", "answers": ["Fire"]},
        ],
    )
    columns = [*frame.columns[:-2], "choice", "weight"]
    found = measure_survey(described, "Ashby", table_of(frame[columns]), None, [])
    assert found.shares.loc["burglary", "share"] == pytest.approx(0.60)
    # The two who chose fire would be what is left of 100.
    assert found.shares["withheld"].tolist() == [False, True, True]


def test_a_survey_of_another_area_says_nothing():
    assert measure_survey(survey(), "Burnham", respondents(), margins(), []) is None


def test_groups_of_few_respondents_are_withheld_from_the_profile():
    frame = respondents(200).frame
    frame["ward"] = ["Grove End"] * 3 + ["Millside"] * 90 + ["Norbrook"] * 107
    found = measure_survey(survey(), "Ashby", table_of(frame), margins(), []).profile
    wards = found[found["margin"] == "ward"].set_index("category")
    # 200 less Norbrook's 107 less Millside's 90 would give the three away.
    assert wards["withheld"].to_dict() == {"Grove End": True, "Millside": True, "Norbrook": False}
    assert wards.loc["Grove End", ["respondents", "share", "difference"]].isna().all()
    assert wards["target"].notna().all()


@pytest.mark.parametrize(
    ("table", "margin", "said"),
    [
        (respondents(), margins(sex={"Female": 5, "Male": 4, "Other": 1}), "category 'Other'"),
        (respondents(), margins(ward={"Grove End": 1}), "'Millside' is no category"),
        (table_of(respondents().frame.assign(weight=0.0)), margins(), "900 weights"),
    ],
)
def test_what_does_not_fit_is_told_with_table_area_and_period(table, margin, said):
    with pytest.raises(KingstonError) as error:
        measure_survey(survey(weight="weight"), "Ashby", table, margin, [])
    assert said in str(error.value)
    assert "Table 'residents_survey', Ashby, 2012" in str(error.value)


def test_margins_of_other_columns_are_refused():
    described = survey(profile={"weight": "Weight"})
    with pytest.raises(KingstonError, match="No margin in the table 'residents_margins'"):
        measure_survey(described, "Ashby", respondents(), margins(), [])


def logits(shares: pd.Series, base: float) -> pd.DataFrame:
    """Return the covariance of the logits of independent shares, each of so many people."""
    return pd.DataFrame(np.diag(1 / (base * shares * (1 - shares))), shares.index, shares.index)


def test_concerns_far_apart_have_certain_ranks():
    shares = pd.Series({"burglary": 0.2, "robbery": 0.5, "fraud": 0.35})
    found = concern_ranks(shares, logits(shares, 2_000))
    assert found["rank"].to_dict() == {"burglary": 3, "robbery": 1, "fraud": 2}
    assert (found["rank_low"] == found["rank"]).all()
    assert (found["rank_high"] == found["rank"]).all()


def test_concerns_close_together_share_their_ranks():
    shares = pd.Series({"burglary": 0.300, "robbery": 0.301, "fraud": 0.10})
    found = concern_ranks(shares, logits(shares, 400))
    assert found.loc["burglary"].tolist() == [2, 1, 2]
    assert found.loc["robbery"].tolist() == [1, 1, 2]
    assert found.loc["fraud"].tolist() == [3, 3, 3]


def test_answers_of_the_same_people_are_drawn_together():
    # 30% and 34% of 400: two samples could well change places, the same people, of whom all but a
    # few name both or neither, could not.
    shares = pd.Series({"a": 0.30, "b": 0.34})
    apart, error = logits(shares, 400), np.sqrt(np.diag(logits(shares, 400)))
    matrix = np.outer(error, error) * (0.99 + 0.01 * np.eye(2))
    together = pd.DataFrame(matrix, shares.index, shares.index)
    assert concern_ranks(shares, apart).loc["a", "rank_low"] == 1
    assert concern_ranks(shares, together).loc["a", "rank_low"] == 2


def test_a_choice_whose_shares_add_up_to_one_can_be_ranked():
    answers = pd.DataFrame({"a": [1.0] * 60 + [0] * 40, "b": [0.0] * 60 + [1] * 40})
    shares, covariance = weighted_shares(answers, pd.Series(np.ones(100)))
    slope = shares["share"] * (1 - shares["share"])
    found = concern_ranks(shares["share"], covariance / np.outer(slope, slope))
    assert found["rank"].tolist() == [1, 2]


def test_ranks_of_an_unknown_base_have_no_interval():
    shares = pd.Series({"a": 0.3, "b": 0.4})
    found = concern_ranks(shares, logits(shares, math.nan))
    assert found["rank"].tolist() == [2, 1]
    assert found[["rank_low", "rank_high"]].isna().all(axis=None)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(5, 95), min_size=1, max_size=8), st.integers(30, 3_000), st.randoms())
def test_a_rank_lies_in_its_interval_and_ignores_the_order_of_rows(percents, base, chance):
    shares = pd.Series([each / 100 for each in percents])
    found = concern_ranks(shares, logits(shares, base))
    assert (found["rank_low"] <= found["rank"]).all()
    assert (found["rank"] <= found["rank_high"]).all()
    assert found["rank_low"].min() == 1
    order = list(shares.index)
    chance.shuffle(order)
    assert concern_ranks(shares[order], logits(shares[order], base))["rank"].to_dict() == (
        found["rank"].to_dict()
    )


def test_concerns_are_ranked_beside_harm_among_what_both_have():
    shares = pd.Series({"burglary": 0.5, "robbery": 0.2, "vehicle-crime": 0.6, "fraud": 0.1})
    harm = {"burglary": 10.0, "robbery": 30.0, "fraud": 20.0, "violence": 99.0}
    found = harm_gaps(shares, logits(shares, 2_000), harm)
    assert list(found.index) == ["burglary", "robbery", "fraud"]
    assert found["rank"].tolist() == [1, 2, 3]
    assert found["harm_rank"].tolist() == [3, 1, 2]
    assert found["gap"].tolist() == [2, -1, -1]
    assert found["clear"].all()


def test_a_gap_within_the_interval_of_the_rank_is_not_clear():
    shares = pd.Series({"burglary": 0.300, "robbery": 0.301})
    found = harm_gaps(shares, logits(shares, 400), {"burglary": 2.0, "robbery": 1.0})
    assert found["gap"].abs().tolist() == [1, 1]
    assert not found["clear"].any()
    unknown = harm_gaps(shares, logits(shares, math.nan), {"burglary": 2.0, "robbery": 1.0})
    assert not unknown["clear"].any()


def test_the_gaps_of_a_survey_carry_titles_and_leave_out_what_has_no_harm():
    found = residents().beside_harm(HARM)
    assert found["title"].to_dict() == {
        "burglary": "Burglary",
        "pedal-cycle-theft": "Pedal cycle theft",
        "robbery": "Robbery",
    }
    assert residents().beside_harm({}).empty


def test_published_shares_with_a_base_have_an_interval_that_respects_the_design_effect():
    # √(0.7 · 0.3 / 400) on the logit scale is 1 / √(400 · 0.7 · 0.3) = 0.109109; t 1.965927
    plain = published(ROWS).shares.loc["safe"]
    ends = [1 / (1 + 3 / 7 * math.exp(sign * 1.965927 * 0.109109)) for sign in (1, -1)]
    assert (plain["low"], plain["high"]) == pytest.approx(ends, abs=1e-5)
    clustered = published(ROWS, design_effect=2).shares.loc["safe"]
    assert clustered["effective_base"] == 200
    assert clustered["low"] < plain["low"]
    assert plain["high"] < clustered["high"]


def test_published_shares_stand_beside_a_year_before_a_larger_area_and_the_boroughs():
    found = published(ROWS).standing.loc["safe"]
    assert found["before"] == 0.66
    assert found["change"] == pytest.approx(0.04)
    assert found["comparator"] == 0.61
    assert found[["rank", "rank_top", "ties", "areas"]].tolist() == [2, 2, 1, 3]


def test_the_newest_period_is_the_areas_own_and_without_one_it_has_no_results():
    later = [*ROWS, ("Burnham", "2013", "Safe", 400.0, 0.61, 0.50)]
    assert published(later).period == "2012"
    assert published(later).shares.loc["safe", "share"] == 0.70
    assert published([row for row in later if row[0] != "Ashby"]) is None


def test_a_published_base_that_is_too_small_withholds_the_share_and_its_standing():
    rows = [(*row[:3], 20.0, *row[4:]) if row[:2] == ("Ashby", "2012") else row for row in ROWS]
    found = published(rows)
    assert found.shares.loc["safe", "withheld"]
    assert math.isnan(found.shares.loc["safe", "share"])
    assert found.standing.empty


def test_a_question_not_asked_in_time_is_left_out_and_one_without_a_figure_is_missing():
    assert list(published(ROWS).shares.index) == ["safe"]
    found = published([*ROWS, ("Burnham", "2012", "Heard", 400.0, 0.4, 0.4)]).shares.loc["heard"]
    assert math.isnan(found["share"])
    assert not found["withheld"]


def test_the_first_period_has_none_a_year_before():
    found = published([row for row in ROWS if row[1] == "2012"]).standing.loc["safe"]
    assert math.isnan(found["before"])
    assert math.isnan(found["change"])


@pytest.mark.parametrize(
    ("period", "kind", "before"),
    [
        ("2015-12-31", "year_ending", "2014-12-31"),
        ("2016-02-29", "year_ending", "2015-02-28"),
        ("2017-02-28", "year_ending", "2016-02-29"),
        ("2016-09-15", "year_ending", "2015-09-15"),
        ("2012/13", "financial_year", "2011/12"),
        ("2012", "calendar_year", "2011"),
        ("2012-02", "month", "2011-02"),
    ],
)
def test_a_year_earlier(period, kind, before):
    assert year_earlier(period, kind) == before


def test_the_real_survey_is_seen_as_far_as_the_edition_sees():
    assert (attitudes().period, attitudes().before) == ("2015-12-31", "2014-12-31")
    # Trust in the police was not asked about before the edition's evidence ended.
    assert "trust" not in attitudes().shares.index
    assert len(attitudes().shares) == 7


def test_the_real_survey_has_shares_without_base_or_interval():
    found = attitudes().shares
    assert found["share"].to_dict() == {
        "good-job": 0.74,
        "ward-officer": 0.47,
        "informed": 0.49,
        "listen": 0.77,
        "relied-on": 0.78,
        "fairly": 0.73,
        "understand": 0.74,
    }
    assert found[["base", "low", "high"]].isna().all(axis=None)
    assert not found["withheld"].any()
    assert attitudes().concerns.empty


def test_the_real_survey_beside_the_met_a_year_before_and_the_boroughs():
    found = attitudes().standing
    assert found.loc["good-job", ["comparator", "before"]].tolist() == [0.67, 0.74]
    assert found.loc["listen", "change"] == pytest.approx(0.07)
    assert found.loc["informed", "change"] == pytest.approx(-0.04)
    assert found.loc["good-job", ["rank", "rank_top", "ties", "areas"]].tolist() == [27, 6, 1, 32]
    assert (found["areas"] == 32).all()


def test_every_borough_has_the_same_survey():
    assert len(attitudes("Sutton").shares) == 7


def test_the_surveys_of_the_project_fit_their_tables():
    for each in load_surveys(PROJECT).values():
        assert list(survey_problems(PROJECT, each, HARM)) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"questions": []}, "at least 1"),
        ({"profile": {}}, "need the columns of `profile`"),
        (
            {"questions": [{**SURVEY["questions"][0], "column": "a", "answers": ["yes"]}] * 2},
            "twice",
        ),
        ({"shape": "guesses"}, "proportions"),
        ({"sample": 3}, "Extra inputs"),
    ],
)
def test_a_faulty_description_is_refused(changes, said):
    with pytest.raises(ValidationError, match=said):
        survey(**changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"table": "public_attitude_surveys"}, "no table 'public_attitude_surveys'"),
        ({"column": "measures"}, "no column 'measures'"),
        ({"base": "bases"}, "no column 'bases'"),
        ({"questions": [{"id": "a", "title": "A", "measure": "Trust"}]}, "'Trust' is no value"),
        (
            {"questions": [{"id": "a", "title": "A", "measure": "Trust MPS", "topic": "burgling"}]},
            "no topic 'burgling'",
        ),
    ],
)
def test_what_a_survey_names_and_its_table_lacks_is_found(changes, said):
    survey = load_surveys(PROJECT)["public-attitude-survey"]
    known = survey.model_dump(by_alias=True, exclude_none=True)
    described = TypeAdapter(Survey).validate_python({**known, **changes})
    [problem] = survey_problems(PROJECT, described, ["burglary"])
    assert said in str(problem)
    assert "surveys.yml" in str(problem)


def test_a_survey_of_respondents_needs_a_period_a_place_and_its_columns():
    described = survey(table="ons_crime_severity_weights", margins=None)
    told = "\n".join(
        map(str, survey_problems(PROJECT, described, [q["id"] for q in SURVEY["questions"]]))
    )
    for said in ("has no `period`", "has no `covers`", "no column 'burglary'", "no column 'ward'"):
        assert said in told
