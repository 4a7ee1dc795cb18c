"""Differences of outputs as data: where, old value, new value, and what is only a last digit."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingston_analysis.results import MIME as FINDINGS
from kingston_analysis.results import tidy
from kingston_analysis.review.differences import (
    MISSING,
    TOLERANCE,
    OutputDifference,
    compare_texts,
    compare_values,
)
from kingston_analysis.review.outputs import compare_outputs
from kingston_analysis.show.mimes import FIGURE

NUMBERS = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.none() | st.booleans() | NUMBERS | st.text(max_size=5)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)
TEXTS = st.lists(st.sampled_from(["a", "b 1", "b 2", "c 1,234 of −5.5%", ""])).map("\n".join)


def shown(**data: Any) -> dict[str, Any]:
    """Return a stored output that shows something under several MIME types."""
    types = {"text": "text/plain", "markdown": "text/markdown", "html": "text/html"}
    types |= {"findings": FINDINGS, "figure": FIGURE}
    bundle = {types.get(name, name): value for name, value in data.items()}
    return {"output_type": "display_data", "metadata": {}, "data": bundle}


def printed(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def finding(name: str, value: Any, period: str | None = "2015/16") -> dict[str, Any]:
    return {"page": "robbery", "name": name, "period": period, "value": value, "unit": "a year"}


def figure(rows: list[dict[str, Any]], name: str = "years", **more: Any) -> dict[str, Any]:
    """Return a chart as Altair writes it: its data lie apart, under a hash of their rows."""
    data = f"data-{hash(str(rows))}"
    layers = [{"mark": "bar", "data": {"name": data}}, {"mark": "rule", "data": {"name": data}}]
    return {"layer": layers, "datasets": {data: rows}, "usermeta": {"figure": name}, **more}


def told(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[tuple[str, Any, Any]]:
    return [(each.path, each.old, each.new) for each in compare_outputs(old, new)]


# Values


@given(JSON)
def test_a_value_does_not_differ_from_itself(value):
    assert not list(compare_values("at", value, deepcopy(value)))


@given(JSON, JSON)
def test_two_values_differ_where_python_says_so_and_as_much_the_other_way_round(one, other):
    found = list(compare_values("at", one, other))
    assert bool(found) == (one != other)
    back = {(each.path, repr(each.new), repr(each.old)) for each in compare_values("", other, one)}
    assert {(each.path[2:], repr(each.old), repr(each.new)) for each in found} == back


def test_a_difference_is_told_with_its_place_and_no_other():
    old = {"rows": [{"year": 2014, "count": 97}, {"year": 2015, "count": 92}], "unit": "offences"}
    new = {"rows": [{"year": 2014, "count": 97}, {"year": 2015, "count": 93}], "unit": "offences"}
    [found] = compare_values("table", old, new)
    assert found == OutputDifference("table.rows[1].count", 92, 93)


def test_what_is_on_one_side_only_is_missing_on_the_other():
    assert list(compare_values("at", {"a": [1, 2]}, {"a": [1], "b": None})) == [
        OutputDifference("at.a[1]", 2, MISSING),
        OutputDifference("at.b", MISSING, None),
    ]


# The last digits


@pytest.mark.parametrize(
    ("old", "new", "within"),
    [
        (1.19860551, 1.19860552, True),  # 0.00000001 / 1.2 = 8 parts in 10^9
        (1.19860551, 1.1986065, True),  # 0.00000099 / 1.2 = 8.3 parts in 10^7
        (1.19860551, 1.19860675, False),  # 0.00000124 / 1.2 = 1.03 parts in 10^6
        (1_000_000, 1_000_000.5, True),  # 0.5 / 1,000,000 = 5 parts in 10^7
        (20_000_000, 20_000_001, False),  # 5 parts in 10^8, but a count is a count
        (0.0, 1e-12, False),  # next to nothing, yet not a part of nothing
        ("1.19860551", "1.19860552", False),
        (1.5, None, False),
        (MISSING, 1.5, False),
    ],
)
def test_only_numbers_that_differ_in_the_last_digits_are_within_the_tolerance(old, new, within):
    assert OutputDifference("at", old, new).within is within
    assert OutputDifference("at", new, old).within is within


@given(st.floats(1e-6, 1e9), st.floats(-1, 1))
def test_the_rounding_that_the_project_does_stays_far_within_the_tolerance(value, part):
    # Nine digits: 1.00000000 and 1.00000001 are 1 part in 10^8 apart, a hundredth of the tolerance.
    one, other = tidy(value), tidy(value * (1 + part * TOLERANCE / 1000))
    assert one == other or abs(one - other) <= 0.0101 * TOLERANCE * max(one, other)


# Texts


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert not list(compare_texts("at", text, text))


@given(TEXTS, TEXTS)
def test_two_texts_differ_where_python_says_so(one, other):
    assert bool(list(compare_texts("at", one, other))) == (one != other)


@pytest.mark.parametrize(
    ("old", "new", "differences"),
    [
        ("rate 0.585073979", "rate 0.585073978", [("line 1", 0.585073979, 0.585073978)]),
        ("a\n1,234 of 5", "a\n1,235 of 6", [("line 2", 1234, 1235), ("line 2", 5, 6)]),
        ("by −31.7%, £2m", "by −31.6%, £2m", [("line 1", -31.7, -31.6)]),
        ("in 2014/15", "in 2015/16", [("line 1", 2014, 2015), ("line 1", 15, 16)]),
        ("it fell by 3", "it rose by 3", [("line 1", "it fell by 3", "it rose by 3")]),
        ("sha256:1ab", "sha256:2ab", [("line 1", "sha256:1ab", "sha256:2ab")]),
        ("1.50", "1.5", [("line 1", "1.50", "1.5")]),
        ("a\nb\nc", "a\nc", [("line 2", "b", MISSING)]),
        ("a\nc 1", "new\na\nc 2", [("line 1", MISSING, "new"), ("line 2", 1, 2)]),
    ],
)
def test_lines_differ_as_numbers_where_only_their_numbers_differ(old, new, differences):
    found = [(each.path, each.old, each.new) for each in compare_texts("text", old, new)]
    assert found == [(f"text {path}", one, other) for path, one, other in differences]


# Outputs


def test_findings_are_matched_by_page_name_and_period_wherever_they_stand():
    old = [shown(findings=[finding("count", 97), finding("rate", 0.6), finding("gone", 1, None)])]
    new = [
        shown(findings=[finding("rate", 0.7), finding("new", 2)]),
        shown(findings=[finding("count", 97)]),
    ]
    assert told(old, new) == [
        ("findings[robbery.rate@2015/16].value", 0.6, 0.7),
        ("findings[robbery.gone]", finding("gone", 1, None), MISSING),
        ("findings[robbery.new@2015/16]", MISSING, finding("new", 2)),
    ]


def test_the_data_of_a_chart_are_compared_row_by_row_under_whatever_hash_they_lie():
    old = figure([{"year": "2014/15", "offences": 97}, {"year": "2015/16", "offences": 92}])
    new = figure([{"year": "2014/15", "offences": 97}, {"year": "2015/16", "offences": 93}])
    assert old["datasets"].keys() != new["datasets"].keys()
    assert told([shown(figure=old)], [shown(figure=new)]) == [
        ("figure years data 1[1].offences", 92, 93)
    ]


def test_the_data_of_a_chart_may_stand_in_it():
    old, new = ({"mark": "bar", "data": {"values": [{"n": 1}, {"n": n}]}} for n in (2, 3))
    assert told([shown(figure=old)], [shown(figure=new)]) == [("figure data[1].n", 2, 3)]


def test_the_drawing_of_a_chart_is_compared_too():
    old, new = figure([{"n": 1}], height=260), figure([{"n": 1}], height=300)
    assert told([shown(figure=old)], [shown(figure=new)]) == [("figure years height", 260, 300)]


def test_a_figure_is_known_by_its_name_so_that_one_more_is_one_difference():
    old = [shown(figure=figure([{"n": n}], name), text=name) for name, n in (("a", 1), ("b", 2))]
    new = [shown(figure=figure([{"n": 3}], "c"), text="c, drawn"), *deepcopy(old)]
    assert told(old, new) == [("figure c", MISSING, "c, drawn")]


def test_what_a_text_says_again_is_told_once():
    old = shown(markdown="**97** robberies", text="**97** robberies", html="<b>97</b>")
    new = shown(markdown="**96** robberies", text="**96** robberies", html="<b>96</b>")
    assert told([old], [new]) == [("output text line 1", 97, 96)]


def test_a_number_that_moves_the_whole_table_of_findings_is_told_once():
    old, new = ([finding("count", each), finding("rate", 2.5)] for each in (97, 1097))
    texts = "count    97\nrate    2.5", "count  1,097\nrate     2.5"
    before, after = (shown(findings=f, text=t) for f, t in zip((old, new), texts, strict=True))
    assert told([before], [after]) == [("findings[robbery.count@2015/16].value", 97, 1097)]


def test_what_was_printed_is_compared_whole_in_however_many_pieces_it_came():
    assert not told([printed("a\nb\n")], [printed("a\n"), printed("b\n")])
    assert told([printed("a\n")], [printed("a\n"), printed("w", "stderr")]) == [
        ("stderr", MISSING, "w")
    ]


def test_an_error_is_an_output_by_its_words():
    error = {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": ["…"]}
    assert told([], [error]) == [("error", MISSING, "KeyError: 'x'")]


def test_outputs_of_one_kind_are_matched_in_their_order():
    old, new = [shown(text="a"), shown(text="b")], [shown(text="a"), shown(text="c")]
    assert told(old, new) == [("output 2 text line 1", "b", "c")]
    assert told(old, new[:1]) == [("output 2", "b", MISSING)]


def test_a_type_on_one_side_only_is_a_difference():
    new = shown(**{"text": "a", "image/png": "iVBOR"})
    assert told([shown(text="a")], [new]) == [("output image/png", MISSING, "iVBOR")]


@given(st.lists(TEXTS.map(printed) | JSON.map(lambda value: shown(**{"application/json": value}))))
def test_outputs_do_not_differ_from_themselves(outputs):
    assert not compare_outputs(outputs, deepcopy(outputs))
