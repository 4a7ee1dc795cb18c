"""How two editions differ: what turned round, came in, was revised, or is defined otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from kingston_analysis.commands.yearly import TITLES, differences_report
from kingston_analysis.measures.differences import DifferenceKind, differences
from kingston_analysis.results import Finding, Findings

OF = {"page": "robbery", "template": "topic", "area": "Ashby", "topic": "robbery"}


def count(period: str, value: float | None, **more) -> Finding:
    about = {"what": "robberies", "indicator": "offences", "polarity": "lower is better", **OF}
    about |= {"measure": "count", "unit": "offences", **more}
    return Finding(**about, period=period, value=value)


def change(period: str, value: float, verdict: str) -> Finding:
    of = count(period, value, measure="change", unit="% on the year before")
    return replace(of, verdict=verdict, interval=(value - 5, value + 5))


def kinds(before: list[Finding], now: list[Finding]) -> list[tuple]:
    found = differences(Findings(before), Findings(now))
    return [(each.kind, (each.now or each.before).period) for each in found]


def test_an_edition_does_not_differ_from_itself():
    found = [count("2005/06", 100), change("2005/06", -10, "fell")]
    assert kinds(found, found) == []


def test_a_year_that_the_earlier_edition_did_not_know_came_in():
    assert kinds([count("2005/06", 100)], [count("2005/06", 100), count("2006/07", 90)]) == [
        ("came in", "2006/07")
    ]


def test_another_figure_of_the_same_year_is_a_revision():
    assert kinds([count("2005/06", 100)], [count("2005/06", 104)]) == [("revised", "2005/06")]


def test_a_figure_that_was_withheld_and_is_known_now_came_in():
    assert kinds([count("2005/06", None)], [count("2005/06", 7)]) == [("came in", "2005/06")]


def test_a_figure_that_is_gone_is_known_no_more():
    assert kinds([count("2005/06", 7)], [count("2005/06", None)]) == [("known no more", "2005/06")]


def test_a_clear_fall_that_became_a_clear_rise_turned_round():
    then, now = change("2005/06", -20, "fell"), change("2006/07", 30, "rose")
    assert kinds([then], [then, now]) == [("turned round", "2006/07")]


def test_a_rise_that_chance_can_explain_turned_nothing_round():
    then, now = change("2005/06", -20, "fell"), change("2006/07", 3, "no clear change")
    assert kinds([then], [then, now]) == []


def test_a_revision_that_gives_a_change_the_opposite_sign_turned_it_round():
    then, now = change("2005/06", -2, "no clear change"), change("2005/06", 2, "no clear change")
    assert kinds([then], [now]) == [("turned round", "2005/06")]


def test_what_turned_round_comes_first():
    then = [count("2005/06", 100), change("2005/06", -20, "fell")]
    now = [count("2005/06", 101), count("2006/07", 130), change("2006/07", 30, "rose")]
    assert [kind for kind, _ in kinds(then, now)] == ["turned round", "came in", "revised"]


def test_a_change_of_the_same_size_with_another_verdict_is_judged_otherwise():
    # What libraries differ in, the eighth digit, is no other size.
    then, now = change("2005/06", -8, "no clear change"), change("2005/06", -8.0000001, "fell")
    assert kinds([then], [now]) == [("judged otherwise", "2005/06")]
    assert kinds([now], [then]) == [("judged otherwise", "2005/06")]


def test_a_change_of_another_size_or_year_or_the_same_verdict_is_not_judged_otherwise():
    then = change("2005/06", -8, "no clear change")
    assert kinds([then], [change("2005/06", -8.1, "fell")]) == []
    assert kinds([then], [then, change("2006/07", -8, "fell")]) == []
    assert kinds([then], [replace(then, interval=(-20, 9))]) == []


def test_a_change_that_one_edition_cannot_compare_is_not_judged_otherwise():
    known = change("2005/06", -8, "fell")
    unknown = replace(known, value=None, interval=None, verdict="cannot be compared")
    assert kinds([known], [unknown]) == []
    assert kinds([unknown], [known]) == []


def test_an_indicator_that_counts_something_else_is_defined_otherwise():
    now = count("2005/06", 100, what="robberies of people")
    assert kinds([count("2005/06", 100)], [now]) == [("defined otherwise", "2005/06")]


def test_another_indicator_that_stands_for_the_topic_is_a_difference():
    then = count("2005/06", 100)
    now = [count("2005/06", 40, indicator="injuries"), replace(then, subject="offences")]
    assert ("primary indicator", "2005/06") in kinds([then], now)


def test_an_indicator_is_the_same_under_a_short_and_a_long_name():
    then = count("2005/06", 100)
    assert kinds([then], [replace(then, subject="offences")]) == []


@given(st.dictionaries(st.sampled_from(["2003/04", "2004/05", "2005/06"]), st.integers(1, 500)))
def test_what_came_in_one_way_is_known_no_more_the_other_way(values):
    some = [count(period, value) for period, value in values.items()]
    there = differences(Findings([]), Findings(some))
    back = differences(Findings(some), Findings([]))
    assert {each.kind for each in there} <= {"came in"}
    assert {each.kind for each in back} <= {"known no more"}
    assert len(there) == len(back) == len(values)


def test_the_report_names_every_kind_and_what_cannot_be_seen():
    text = differences_report(
        differences(Findings([]), Findings([count("2006/07", 90)])), 2007, 2008, []
    )
    assert "From edition 2007 to edition 2008." in text
    assert "What happened: new figures: 1" in text
    assert "robbery: robberies, count of 2006/07: 90 came in." in text
    assert "What was revised: none" in text
    assert "Only one copy of each table is held" in text


def test_the_report_shows_a_figure_of_several_pages_once_and_names_its_table():
    source = ({"table": "robbery_year", "hash": "sha256:0"},)
    on = [count("2006/07", 90, page=page, sources=source) for page in ("robbery", "violence")]

    text = differences_report(differences(Findings([]), Findings(on)), 2007, 2008, [])

    expected = (
        "  robbery, violence: robberies, count of 2006/07: 90 came in. (tables: robbery_year)\n"
    )
    assert text.count("90 came in") == 1
    assert expected in text


def test_the_report_has_a_title_for_every_kind():
    assert set(TITLES) == set(get_args(DifferenceKind))
