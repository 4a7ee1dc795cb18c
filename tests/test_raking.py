"""Raking: weights that fit every margin, held against svy; and who answered."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from surveys_fixture import RESIDENTS, respondents

from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.raking import kish_design_effect, profile, rake
from kingston_analysis.measures.survey.shares import weighted_shares, with_intervals

FOUR = pd.DataFrame({"sex": ["F", "F", "F", "M"]})
MARGINS = {name: pd.Series(groups) for name, groups in RESIDENTS.items()}
PEOPLE = respondents().frame[list(RESIDENTS)]


def test_one_margin_worked_by_hand():
    # Three of four are women, and half should be: 1/2 over 3/4 = 2/3 each; the man 1/2 over 1/4 = 2
    weights = rake(FOUR, {"sex": pd.Series({"F": 500, "M": 500})})
    assert list(weights) == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])


def test_two_margins_worked_by_hand():
    # Counts 1 2 / 3 4, rows to halves and columns to halves. The odds ratio 1·4/(2·3) = 2/3 stays:
    # (p/(1/2 - p))² = 2/3, so p = √(2/3)/2/(1 + √(2/3)) = 0.224745 of all in the first cell.
    cells = {("a", "x"): 1, ("a", "y"): 2, ("b", "x"): 3, ("b", "y"): 4}
    rows = [pair for pair, count in cells.items() for _ in range(count)]
    people = pd.DataFrame(rows, columns=["row", "column"])
    halves = {"row": pd.Series({"a": 1, "b": 1}), "column": pd.Series({"x": 1, "y": 1})}
    shares = rake(people, halves).groupby([people["row"], people["column"]]).sum() / 10
    assert shares["a", "x"] == pytest.approx(0.224745, abs=1e-5)
    assert shares["b", "y"] == pytest.approx(0.224745, abs=1e-5)
    assert shares["a", "y"] == pytest.approx(0.275255, abs=1e-5)


def test_weights_fit_every_margin_and_have_a_mean_of_one():
    weights = rake(PEOPLE, MARGINS)
    assert weights.mean() == pytest.approx(1)
    for name, margin in MARGINS.items():
        shares = weights.groupby(PEOPLE[name]).sum() / weights.sum()
        assert shares.to_dict() == pytest.approx((margin / margin.sum()).to_dict(), abs=1e-6)


def test_weights_that_fit_already_stay_as_they_are():
    weights = rake(PEOPLE, MARGINS)
    assert list(rake(PEOPLE, MARGINS, weights * 7)) == pytest.approx(list(weights), abs=1e-5)


def test_without_margins_the_given_weights_stand():
    assert list(rake(FOUR, {}, pd.Series([1, 1, 2, 4]))) == pytest.approx([0.5, 0.5, 1, 2])


def test_who_left_a_question_open_keeps_the_weight_and_the_others_are_fitted():
    people = pd.DataFrame({"sex": ["F", "F", "M", None]})
    weights = rake(people, {"sex": pd.Series({"F": 1, "M": 1})})
    # Of three who said: 1.5 women and 1.5 men, so 0.75 each and 1.5; the fourth 1.
    assert list(weights) == pytest.approx([0.75, 0.75, 1.5, 1])


def test_a_category_without_respondents_is_named():
    with pytest.raises(KingstonError, match="'sex' has the category 'X', but no respondent"):
        rake(FOUR, {"sex": pd.Series({"F": 5, "M": 4, "X": 1})})


def test_an_answer_that_is_no_category_is_named():
    with pytest.raises(KingstonError, match="respondents' 'M' is no category of the margin 'sex'"):
        rake(FOUR, {"sex": pd.Series({"F": 1})})


def test_a_margin_of_nobody_is_named():
    with pytest.raises(KingstonError, match="The margin 'sex' has nobody in 'M'"):
        rake(FOUR, {"sex": pd.Series({"F": 1, "M": 0})})


@pytest.mark.parametrize("wrong", [0, -1, np.nan])
def test_a_weight_that_is_not_above_zero_is_refused(wrong):
    with pytest.raises(KingstonError, match="1 weights are missing or not above zero"):
        rake(FOUR, {}, pd.Series([1, 1, 1, wrong]))


def test_margins_that_no_weights_fit_are_named_with_the_gap():
    # Every woman is young and every man old, so that women's share must be the young's.
    people = pd.DataFrame({"sex": ["F", "F", "M"], "age": ["young", "young", "old"]})
    margins = {"sex": pd.Series({"F": 1, "M": 1}), "age": pd.Series({"young": 3, "old": 1})}
    with pytest.raises(KingstonError, match=r"No weights fit all margins: .* 25\.0% away"):
        rake(people, margins)


def test_kishs_design_effect_worked_by_hand():
    # 4 · (1 + 1 + 1 + 9) / (1 + 1 + 1 + 3)² = 48/36
    assert kish_design_effect(np.array([1.0, 1, 1, 3])) == pytest.approx(48 / 36)
    assert kish_design_effect(np.full(9, 2.5)) == pytest.approx(1)


GROUPS = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=60)


@settings(deadline=None)
@given(GROUPS, st.lists(st.integers(1, 1000), min_size=3, max_size=3))
def test_one_margin_is_always_fitted(groups, people):
    margin = pd.Series(people, ["a", "b", "c"])[sorted(set(groups))]
    weights = rake(pd.DataFrame({"group": groups}), {"group": margin})
    shares = weights.groupby(pd.Series(groups)).sum() / weights.sum()
    assert shares.to_dict() == pytest.approx((margin / margin.sum()).to_dict())
    assert kish_design_effect(weights.to_numpy()) >= 1 - 1e-9


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_weights_ignore_the_order_of_rows(chance):
    rows = list(PEOPLE.index[:120])
    chance.shuffle(rows)
    some = PEOPLE.loc[rows]
    found, in_order = rake(some, MARGINS), rake(PEOPLE.iloc[:120], MARGINS)
    assert list(found.sort_index()) == pytest.approx(list(in_order))


# In a process of its own: svy brings polars, whose threads do not outlive a fork.
SVY = """
import json, sys, polars, svy
data, shares = json.load(sys.stdin)
frame = polars.DataFrame(data)
raked = svy.Sample(frame, svy.Design(wgt="weight")).weighting.rake(
    shares=shares, tol=1e-9, max_iter=500)
given = svy.Sample(raked.data.select("burglary", "rk_wgt"), svy.Design(wgt="rk_wgt"))
told = {"weights": raked.data["rk_wgt"].to_list()}
for name, sample in (("given", given), ("raked", raked)):
    found = [e for e in sample.estimation.prop("burglary").estimates if e.y_level == "yes"][0]
    told[name] = [found.est, found.se, found.lci, found.uci]
print(json.dumps(told))
"""


@cache
def by_svy() -> dict:
    frame = respondents().frame[[*RESIDENTS, "burglary", "weight"]]
    shares = {name: (margin / margin.sum()).to_dict() for name, margin in MARGINS.items()}
    told = json.dumps([frame.to_dict("list"), shares])
    command = [sys.executable, "-c", SVY]
    done = subprocess.run(command, input=told, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def burglary() -> pd.Series:
    answers = respondents().frame[["burglary"]].eq("yes").astype(float)
    shares, covariance = weighted_shares(answers, rake(PEOPLE, MARGINS))
    error = np.sqrt(covariance.loc["burglary", "burglary"])
    return with_intervals(shares, error**2).loc["burglary"].to_dict() | {"error": error}


def test_weights_are_those_of_svy():
    ours, theirs = rake(PEOPLE, MARGINS), np.array(by_svy()["weights"])
    assert list(ours) == pytest.approx(list(theirs / theirs.mean()), rel=1e-4)


def test_share_error_and_interval_are_those_of_svy_with_the_weights_given():
    found = burglary()
    ours = [found[name] for name in ("share", "error", "low", "high")]
    assert ours == pytest.approx(by_svy()["given"], rel=1e-4)


def test_taking_the_weights_as_given_never_claims_more_precision_than_svy_after_raking():
    error_after_raking = by_svy()["raked"][1]
    assert error_after_raking <= burglary()["error"] * 1.0001
    assert burglary()["error"] == pytest.approx(error_after_raking, rel=0.1)


def test_who_answered_stands_beside_the_residents():
    people = pd.DataFrame({"sex": ["F", "F", "F", "M", None], "age": list("yyooo")})
    found = profile(people, {"sex": pd.Series({"M": 40, "F": 60})}).set_index(
        ["margin", "category"]
    )
    # Three of the four who said are women, three in five of the residents.
    assert found.loc[("sex", "F"), "respondents"] == 3
    assert found.loc[("sex", "F"), ["share", "target"]].tolist() == pytest.approx([0.75, 0.6])
    assert found.loc[("sex", "F"), "difference"] == pytest.approx(0.15)
    assert found.loc[("sex", "M"), "difference"] == pytest.approx(-0.15)
    assert found.loc["sex"]["respondents"].tolist() == [1, 3, 1]
    assert found.loc[("age", "o"), "share"] == pytest.approx(0.6)
    assert found.loc["age"]["target"].isna().all()


def test_a_group_in_which_nobody_answered_is_told():
    found = profile(FOUR, {"sex": pd.Series({"F": 5, "M": 4, "X": 1})}).set_index("category")
    assert found.loc["X", ["respondents", "share"]].tolist() == [0, 0]
    assert found.loc["X", "difference"] == pytest.approx(-0.1)
