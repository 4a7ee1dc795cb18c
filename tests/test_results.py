"""Results: estimates and gaps, and findings: published once, looked up, carried as JSON."""

from __future__ import annotations

import json

import pytest
from findings_fixture import published
from hypothesis import given
from hypothesis import strategies as st

from kingston_analysis.errors import KingstonError
from kingston_analysis.results import (
    Estimate,
    Finding,
    Findings,
    Gap,
    as_json,
    finding,
    from_objects,
    read_findings,
)


def made(period="2006/07", value=3003, page="violence", name="count", **more) -> Finding:
    return published(page, name, period, value, topic="violence", **more)


YEARS = [made("2004/05", 3520), made("2005/06", 3240), made("2006/07", 3003)]
KNOWN = Findings([*YEARS, made(name="rate", value=19.5), made(page="robbery", value=7)])


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ("violence.count", 3003),
        ("violence.count@2004/05", 3520),
        ("violence.count@2006/07", 3003),
        ("violence.count@-1", 3240),
        ("violence.count@-2", 3520),
        ("violence.rate", 19.5),
        ("robbery.count", 7),
    ],
)
def test_a_text_names_a_finding_by_page_name_and_period(target, value):
    assert KNOWN.get(target).value == value


def test_a_series_is_every_period_in_the_order_of_publication():
    assert KNOWN.series("violence", "count") == YEARS


def test_the_name_of_an_indicator_may_stand_before_the_finding():
    found = Findings([made(name="assault-with-injury.count", value=9)])
    assert found.get("violence.assault-with-injury.count").value == 9


def test_a_name_is_the_subject_and_the_measure():
    assert finding("count", None, 9, "offences").name == "count"
    assert finding("share", None, 0.5, "share", subject="survey.arson").name == "survey.arson.share"


NUMBERS = st.floats(-1e9, 1e9)
ESTIMATES = st.builds(
    lambda ends: Estimate(ends[1], ends[0], ends[2]), st.lists(NUMBERS, min_size=3).map(sorted)
)


@given(ESTIMATES)
def test_a_finding_of_an_estimate_has_its_value_inside_its_interval_also_rounded(estimate):
    assert estimate.allows(estimate.value)
    made = finding("change", None, estimate, "%")
    assert made.interval[0] <= made.value <= made.interval[1]
    assert made.missing is None


@given(st.text(min_size=1))
def test_a_finding_of_a_gap_has_no_value_and_says_why(why):
    made = finding("change", None, Gap(why), "%", verdict="cannot be compared")
    assert (made.value, made.interval, made.missing) == (None, None, why)


def test_numbers_are_rounded_and_texts_are_not():
    third = Estimate(1 / 3, 0.0, 2.0)
    made = finding("share", None, third, "share")
    assert (made.value, made.interval) == (0.333333333, (0, 2))
    assert finding("share", None, Estimate(1 / 3), "share").interval is None
    assert finding("headline", None, "1/3 is a third.", "text").value == "1/3 is a third."


def test_an_estimate_keeps_its_interval_on_another_scale():
    # A ratio of 0.5 (0.25 to 1) is a change of -50% (-75% to 0%).
    percent = Estimate(0.5, 0.25, 1.0, level=0.80).map(lambda ratio: (ratio - 1) * 100)
    assert percent == Estimate(-50, -75, 0, level=0.80)
    assert Estimate(2).map(lambda each: each + 1) == Estimate(3)
    assert not Estimate(2).allows(2)


def test_a_finding_published_twice_is_refused():
    with pytest.raises(KingstonError, match=r"'count' for 2006/07 on page 'violence' .*twice"):
        Findings([*YEARS, made("2006/07", 3004)])
    assert len(list(Findings(YEARS))) == 3


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("violense.count", "no finding 'violense.count'.*page.*Did you mean 'violence'"),
        ("violence.cuont", "no finding 'violence.cuont'.*Did you mean 'count'"),
        ("violence", "no finding 'violence.'"),
        ("violence.count@2003/04", "no period '2003/04'.*2004/05, 2005/06, 2006/07"),
        ("violence.count@-3", "no period '-3'.*-1, -2"),
    ],
)
def test_a_text_that_names_no_finding_is_answered_with_what_there_is(target, message):
    with pytest.raises(KingstonError, match=message):
        KNOWN.get(target)


def test_a_finding_reads_as_a_line_of_text():
    change = made(name="change", value=-7.3, interval=(-12.1, -2.2), verdict="fell")
    assert str(change) == "change 2006/07: -7.3 (-12.1 to -2.2) offences [fell]"
    assert str(made(value=13105)) == "count 2006/07: 13,105 offences"
    assert str(made(None, None, missing="not held.")) == "count: not available, not held."


values = st.none() | st.text(max_size=20) | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9)
ANY_FINDING = st.builds(
    made,
    period=st.none() | st.sampled_from(["2006/07", "2008-09"]),
    value=values,
    name=st.from_regex(r"([abcé-]+\.){0,2}[abcé-]+", fullmatch=True),
    what=st.text(max_size=20),
    indicator=st.none() | st.just("offences"),
    polarity=st.sampled_from(["", "neither"]),
    interval=st.none() | st.tuples(st.floats(-99, 0), st.floats(0, 99)),
    verdict=st.none() | st.sampled_from(["rose", "cannot be compared"]),
    missing=st.none() | st.text(max_size=20),
    sources=st.lists(st.fixed_dictionaries({"table": st.text(), "hash": st.text()})).map(tuple),
)


@given(st.lists(ANY_FINDING, max_size=5))
def test_findings_come_back_from_json_as_they_were(findings):
    assert from_objects(json.loads(as_json(findings))) == findings


def test_json_is_a_list_of_objects_with_a_line_for_each_finding():
    text = as_json([*YEARS, made(name="Straße")])
    assert json.loads(text)[0] == {
        "page": "violence",
        "template": "topic",
        "area": "Ashby",
        "topic": "violence",
        "name": "count",
        "period": "2004/05",
        "value": 3520,
        "unit": "offences",
        "what": "",
        "indicator": None,
        "polarity": "",
        "interval": None,
        "level": None,
        "verdict": None,
        "missing": None,
        "sources": [],
    }
    assert len(text.splitlines()) == 4 + 2
    assert "Straße" in text


def test_an_edition_reads_its_findings_from_their_file(tmp_path):
    file = tmp_path / "findings.json"
    file.write_text(as_json(YEARS), encoding="utf-8")
    assert list(read_findings(file)) == YEARS


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"page": "violence"}]', '{"a": 1}', "7"])
def test_a_file_that_holds_no_findings_is_named(content, tmp_path):
    file = tmp_path / "findings.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(KingstonError, match=r"findings\.json.*Not a findings file"):
        read_findings(file)


def test_a_file_of_findings_that_is_missing_is_named(tmp_path):
    with pytest.raises(KingstonError, match=r"findings\.json"):
        read_findings(tmp_path / "findings.json")
