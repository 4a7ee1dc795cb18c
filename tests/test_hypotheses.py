"""Hypotheses: what an edition's files may say, and what the measures answer."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from pydantic import ValidationError
from tables_fixture import PROJECT, sound_project

from kingston_analysis.data.editions import edition_years, load_edition
from kingston_analysis.data.hypotheses import (
    Hypothesis,
    hypothesis_problems,
    load_hypotheses,
)
from kingston_analysis.data.tables.periods import MONTHS
from kingston_analysis.data.topics import load_topics
from kingston_analysis.errors import KingstonError, Problem, collect_into
from kingston_analysis.measures.change import Change, incomparable
from kingston_analysis.measures.expected import outcome_of
from kingston_analysis.measures.hypotheses import Measurements, evaluate, evaluate_of_change
from kingston_analysis.measures.seasons import Seasons
from kingston_analysis.measures.wards import Concentration
from kingston_analysis.measures.why import Decomposition
from kingston_analysis.project import Project
from kingston_analysis.results import Estimate, Gap

YEARS = [2008, 2009, 2010, 2011, 2016]


def hypothesis(test: dict | None = None, proxy: str | None = None) -> Hypothesis:
    return Hypothesis.model_validate(
        {
            "hypothesis": "Locks got better.",
            "expect": "Fewer burglaries.",
            "data": "Burglaries.",
            "test": test,
            "proxy": proxy,
        }
    )


def parts(common: tuple, local: tuple, mix: tuple = (0, 0, 0), **others) -> Decomposition:
    """Make the decomposition of a change of a count of 1,000."""
    change = common[0] + mix[0] + local[0]
    frame = pd.DataFrame({"part": ["all"], "before": [1_000.0], "change": [change]})
    made = [Estimate(*each) for each in (common, mix, local)]
    return Decomposition(frame, *made, **others)


def outcome(test: dict, measured: Measurements) -> str:
    return evaluate(hypothesis(test), measured).outcome


# What an interval says: nothing is at 0, and up to 100 either way is nothing of note.
@pytest.mark.parametrize(
    ("low", "high", "rise", "fall", "none"),
    [
        (10, 300, "supported", "not supported", "not supported"),
        (-300, -10, "not supported", "supported", "not supported"),
        (-300, 10, "no clear answer", "no clear answer", "no clear answer"),
        (-50, 80, "not supported", "not supported", "supported"),
        (-101, 80, "no clear answer", "no clear answer", "no clear answer"),
        (-100, 100, "not supported", "not supported", "supported"),
        (0, 0, "not supported", "not supported", "supported"),
    ],
)
def test_what_an_interval_says_of_what_was_expected(low, high, rise, fall, none):
    found = Estimate((low + high) / 2, low, high)
    for expect, said in (("rise", rise), ("fall", fall), ("none", none)):
        assert outcome_of(expect, found, 0, 100) == said
    assert outcome_of("above", found, 0, 100) == rise
    assert outcome_of("below", found, 0, 100) == fall


def test_the_local_part_is_held_against_what_is_expected():
    measured = Measurements(decomposition=parts((-10, -12, -8), (-200, -300, -100)))
    assert outcome({"kind": "local", "expect": "fall"}, measured) == "supported"
    assert outcome({"kind": "local", "expect": "rise"}, measured) == "not supported"
    # A tenth of the earlier count of 1,000 is 100: -60 to +40 is nothing of note.
    steady = Measurements(decomposition=parts((-10, -12, -8), (-10, -60, 40)))
    assert outcome({"kind": "local", "expect": "none"}, steady) == "supported"


@pytest.mark.parametrize(
    ("local", "expect", "margin"),
    [
        ((7, -90, 95), "fall", 100),  # not supported, since it lies within 100 either way
        ((7, -90, 95), "none", 100),
        ((7, -265, 279), "none", 100),  # no clear answer, since it goes beyond 100
        ((7, -265, 279), "fall", None),  # no clear answer, since nothing lies in it
        ((-200, -300, -100), "fall", None),
    ],
)
def test_an_outcome_that_hangs_on_what_is_of_note_gives_a_tenth_of_the_count(local, expect, margin):
    measured = Measurements(decomposition=parts((0, -1, 1), local))
    result = evaluate(hypothesis({"kind": "local", "expect": expect}), measured)
    assert result.margin == margin


FELL, ROSE = Change("fell", Estimate(0.7, 0.6, 0.8)), Change("rose", Estimate(1.3, 1.1, 1.5))
UNCLEAR = Change("no clear change", Estimate(1.1, 0.9, 1.3))


@pytest.mark.parametrize(
    ("explains", "change", "said"),
    [
        ("fall", FELL, "supported"),
        ("fall", UNCLEAR, "does not apply"),
        ("fall", ROSE, "does not apply"),
        ("rise", FELL, "does not apply"),
        ("rise", ROSE, "supported"),
        ("rise", incomparable("Counted anew."), "no data"),
        (None, UNCLEAR, "supported"),
    ],
)
def test_a_reason_for_a_fall_is_tested_only_where_there_is_one(explains, change, said):
    measured = Measurements(decomposition=parts((-10, -12, -8), (-200, -300, -100)))
    test = {"kind": "local", "expect": "fall"}
    reason = hypothesis(test).model_copy(update={"explains": explains})
    assert evaluate_of_change(reason, measured, change).outcome == said


def test_the_mix_is_held_against_what_is_expected():
    measured = Measurements(decomposition=parts((0, -1, 1), (0, -50, 50), mix=(30, 20, 40)))
    result = evaluate(hypothesis({"kind": "mix", "expect": "rise"}), measured)
    assert result.outcome == "supported"
    assert result.numbers == (("mix", Estimate(30, 20, 40)),)


@pytest.mark.parametrize(
    ("common", "local", "said"),
    [
        ((-200, -220, -180), (-20, -120, 80), "supported"),  # at least 180, at most 120
        ((-200, -220, -180), (-20, -190, 150), "no clear answer"),  # at least 180, at most 190
        ((-20, -22, -18), (-200, -300, -100), "not supported"),  # at most 22, at least 100
        ((-200, -220, -180), (350, 250, 450), "not supported"),
        ((-5, -15, 5), (-10, -60, 40), "no clear answer"),
    ],
)
def test_a_change_is_london_wide_if_that_part_is_surely_the_larger(common, local, said):
    measured = Measurements(decomposition=parts(common, local))
    assert outcome({"kind": "london-wide"}, measured) == said


def test_a_change_that_goes_against_london_is_not_london_wide():
    # The mix, +300, outweighs the common part, -200: the count rose while London fell.
    measured = Measurements(
        decomposition=parts((-200, -220, -180), (10, -50, 70), mix=(300, 290, 310))
    )
    assert outcome({"kind": "london-wide"}, measured) == "no clear answer"


@pytest.mark.parametrize(
    ("change", "rise", "none"),
    [
        (Change("rose", Estimate(1.3, 1.1, 1.5)), "supported", "not supported"),
        (Change("fell", Estimate(0.7, 0.6, 0.8)), "not supported", "not supported"),
        (Change("no clear change", Estimate(1.2, 0.9, 1.6)), "no clear answer", "no clear answer"),
        (Change("no clear change", Estimate(1.0, 0.95, 1.05)), "not supported", "supported"),
    ],
)
def test_the_change_of_an_indicator(change, rise, none):
    measured = Measurements(changes={"dwelling": change})
    for expect, said in (("rise", rise), ("none", none)):
        test = {"kind": "change", "indicator": "dwelling", "expect": expect}
        assert outcome(test, measured) == said


def test_a_change_that_cannot_be_compared_is_no_data_with_the_reason():
    refused = Change("cannot be compared", Gap("Counted anew."))
    test = {"kind": "change", "indicator": "dwelling", "expect": "rise"}
    result = evaluate(hypothesis(test), Measurements(changes={"dwelling": refused}))
    assert (result.outcome, result.gap) == ("no data", Gap("Counted anew."))
    assert result.confidence is None


@pytest.mark.parametrize(
    ("holding", "said"), [(4, "supported"), (7, "no clear answer"), (9, "not supported")]
)
def test_concentration_beside_chance(holding, said):
    measured = Measurements(
        concentration=Concentration(wards=16, holding_half=holding, low=7, high=8)
    )
    assert outcome({"kind": "concentration"}, measured) == said


def seasons(**index: tuple[float, float]) -> Seasons:
    """Make seasons in which each month named has an interval and the others are average."""
    numbers = range(1, 13)
    ends = {n: index.get(MONTHS[n - 1], (0.8, 1.2)) for n in numbers}
    middle = pd.Series({n: sum(ends[n]) / 2 for n in numbers})
    low, high = (pd.Series({n: ends[n][side] for n in numbers}) for side in (0, 1))
    return Seasons(middle, (), low, high)


@pytest.mark.parametrize(
    ("november", "december", "said"),
    [
        ((1.1, 1.3), (1.2, 1.6), "supported"),
        ((1.1, 1.3), (0.9, 1.2), "no clear answer"),
        ((1.1, 1.3), (0.6, 0.9), "not supported"),
        ((0.9, 1.2), (0.6, 0.9), "not supported"),
    ],
)
def test_every_month_named_must_be_above_the_average(november, december, said):
    measured = Measurements(seasons=seasons(November=november, December=december))
    test = {"kind": "season", "months": ["November", "December"], "expect": "above"}
    result = evaluate(hypothesis(test), measured)
    assert result.outcome == said
    assert [name for name, _ in result.numbers] == ["November", "December"]
    assert (result.numbers[1][1].low, result.numbers[1][1].high) == december


def test_seasons_without_an_interval_or_a_month_are_no_data():
    test = {"kind": "season", "months": ["November"], "expect": "above"}
    flat = pd.Series(1.0, index=range(1, 13))
    for found in (Gap("None."), Seasons(flat, ()), Seasons(flat, (11,), flat, flat)):
        assert outcome(test, Measurements(seasons=found)) == "no data"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(1.05, 1.4, "supported"), (0.6, 0.9, "not supported"), (0.8, 1.3, "no clear answer")],
)
def test_the_rate_beside_that_of_the_larger_area(low, high, said):
    measured = Measurements(rate_ratio=Estimate((low + high) / 2, low, high), within="North")
    result = evaluate(hypothesis({"kind": "rate", "expect": "above"}), measured)
    assert result.outcome == said
    assert result.numbers[0][0] == "North"


EVERY_TEST = [
    {"kind": "local", "expect": "fall"},
    {"kind": "mix", "expect": "rise"},
    {"kind": "london-wide"},
    {"kind": "change", "indicator": "dwelling", "expect": "rise"},
    {"kind": "concentration"},
    {"kind": "season", "months": ["May"], "expect": "above"},
    {"kind": "rate", "expect": "below"},
]


@pytest.mark.parametrize("test", [None, *EVERY_TEST], ids=lambda t: t["kind"] if t else "none")
def test_what_was_not_measured_is_no_data_and_says_why(test):
    result = evaluate(hypothesis(test), Measurements())
    assert result.outcome == "no data"
    assert result.gap.why.endswith(".")
    assert result.confidence is None
    assert result.numbers == ()


def test_a_change_that_cannot_be_divided_is_no_data_with_the_reason():
    changed = Gap("The classification changed.")
    for test in EVERY_TEST[:3]:
        assert evaluate(hypothesis(test), Measurements(decomposition=changed)).gap == changed


def test_confidence_follows_the_rule():
    test = {"kind": "local", "expect": "fall"}
    clear = parts((0, -1, 1), (-200, -300, -100))
    labelled = parts((0, -1, 1), (-200, -300, -100), caution="Relabelled.")
    unclear = parts((0, -1, 1), (-200, -450, 50))
    stands_in = "Calls are not burglaries."

    def sure(found: Decomposition, proxy: str | None = None) -> tuple:
        result = evaluate(hypothesis(test, proxy), Measurements(decomposition=found))
        return result.confidence, result.weakness

    assert sure(clear) == ("high", "")
    assert sure(clear, stands_in) == ("medium", stands_in)
    assert sure(labelled) == ("medium", "Relabelled.")
    assert sure(labelled, stands_in) == ("medium", f"{stands_in} Relabelled.")
    assert sure(unclear) == ("low", "")
    assert sure(unclear, stands_in) == ("low", stands_in)


@pytest.mark.parametrize(
    "test",
    [
        {"kind": "guess"},
        {"kind": "local"},
        {"kind": "local", "expect": "above"},
        {"kind": "london-wide", "expect": "rise"},
        {"kind": "season", "months": [], "expect": "above"},
        {"kind": "season", "months": ["Brumaire"], "expect": "above"},
        {"kind": "change", "expect": "rise"},
    ],
)
def test_a_test_that_is_not_known_is_refused(test):
    with pytest.raises(ValidationError):
        hypothesis(test)


# The files of the project.


@pytest.mark.parametrize("year", YEARS)
def test_every_topic_of_an_edition_has_two_to_four_hypotheses(year):
    found = load_hypotheses(PROJECT, year)
    assert list(found) == list(load_edition(PROJECT, year).topics)
    assert all(2 <= len(each) <= 4 for each in found.values())
    edition, topics = load_edition(PROJECT, year), load_topics(PROJECT)
    assert list(hypothesis_problems(PROJECT, edition, topics)) == []


@pytest.mark.parametrize("year", YEARS)
def test_some_hypotheses_cannot_be_answered_and_say_what_would(year):
    every = [each for listed in load_hypotheses(PROJECT, year).values() for each in listed]
    without = [each for each in every if each.test is None]
    assert 5 < len(without) < len(every) / 2
    assert all(each.data for each in without)


def test_every_edition_has_a_file_and_every_file_an_edition():
    files = sorted(int(each.stem) for each in (PROJECT.data / "hypotheses").glob("*.yml"))
    assert files == edition_years(PROJECT) == YEARS


def test_every_sentence_ends_like_one():
    for year in YEARS:
        for listed in load_hypotheses(PROJECT, year).values():
            for each in listed:
                said = [each.hypothesis, each.expect, each.data, each.proxy or "."]
                assert all(text.endswith(".") for text in said), said


# Files with faults, in the small project in which nothing else is wrong.

LOCKS = """
locks:
  hypothesis: Locks got better.
  expect: Fewer burglaries.
  data: Burglaries.
  test: {kind: change, indicator: offences, expect: fall}
"""


def project(folder: Path, listed: str, library: str = LOCKS) -> Project:
    made = sound_project(folder)
    data = made.data
    (data / "hypotheses").mkdir()
    (data / "hypotheses" / "2007.yml").write_text(listed, encoding="utf-8")
    (data / "hypotheses.yml").write_text(library, encoding="utf-8")
    return made


def problems(project: Project) -> list[str]:
    edition, topics = load_edition(project, 2007), load_topics(project)
    found: list[Problem] = []
    with collect_into(found):
        found.extend(hypothesis_problems(project, edition, topics))
    return [each.what + " " + each.remedy for each in found]


def test_an_edition_without_a_file_has_no_hypotheses(tmp_path):
    made = sound_project(tmp_path)
    assert load_hypotheses(made, 2007) == {}
    assert problems(made) == []


def test_a_sound_file_has_no_problems(tmp_path):
    made = project(tmp_path, "burglary: [locks]\n")
    assert problems(made) == []
    [[locks]] = load_hypotheses(made, 2007).values()
    assert locks.test.indicator == "offences"


@pytest.mark.parametrize(
    ("listed", "library", "told"),
    [
        ("burglary: [lokcs]\n", LOCKS, "no hypothesis 'lokcs'. Did you mean 'locks'?"),
        ("burgalry: [locks]\n", LOCKS, "no topic 'burgalry'. Did you mean 'burglary'?"),
        ("burglary: [locks, locks]\n", LOCKS, "'locks' stands twice. Keep one."),
        (
            "burglary: [locks]\n",
            LOCKS.replace("indicator: offences", "indicator: ofences"),
            "no indicator 'ofences'. Did you mean 'offences'?",
        ),
        (
            "burglary: [locks]\n",
            LOCKS.replace("Burglaries.", "Burglaries of 2009."),
            "names a year after the edition's extraction.",
        ),
        ("burglary: [locks]\n", LOCKS.replace("change", "guess"), "no such 'kind' as 'guess'"),
        ("burglary: [locks]\n", LOCKS + "  colour: red\n", "'locks.colour' is not known here"),
        ("burglary: {locks: yes}\n", LOCKS, "burglary: a list is expected here"),
    ],
)
def test_a_fault_is_told_with_its_remedy(tmp_path, listed, library, told):
    [found] = problems(project(tmp_path, listed, library))
    assert told in found


def test_an_unknown_hypothesis_stops_the_page_too(tmp_path):
    with pytest.raises(KingstonError, match="no hypothesis 'lokcs'"):
        load_hypotheses(project(tmp_path, "burglary: [lokcs]\n"), 2007)


def test_all_faults_of_an_edition_are_found_in_one_pass(tmp_path):
    data = project(tmp_path, "burgalry: [locks, locks]\nrobbery: [locks, bolts]\n")
    assert len(problems(data)) == 4  # topic, twice, hypothesis, and robbery has no indicator
