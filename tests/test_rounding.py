"""Every number that a page emits is rounded to nine significant digits; libraries differ below."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from system_project import BOOK, Copy

from kingston_analysis.results import DIGITS, MIME, tidy
from kingston_analysis.show.mimes import FIGURE
from kingston_analysis.show.table import rounded

PAGES = ["overview", "robbery", "matrix", "progress", "changed", "community", "methods", "sources"]

numbers = st.floats(allow_nan=False, allow_infinity=False)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
anything = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


def floats(value: Any, place: str = "") -> Iterator[tuple[str, float]]:
    """Return every number that is no integer, with its place."""
    if isinstance(value, dict | list | tuple):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in inner:
            yield from floats(each, f"{place}/{key}")
    elif isinstance(value, float):
        yield place, value


def digits(value: float) -> int:
    """Count the significant digits of a number as it is written."""
    return len(Decimal(repr(value)).normalize().as_tuple().digits)


# What pages emit


def outputs(project: Copy, page: str) -> list[dict[str, Any]]:
    """Return the outputs of an executed page, each by its types."""
    notebook = json.loads((project.pages() / f"{page}.ipynb").read_text("utf-8"))
    return [o["data"] for c in notebook["cells"] for o in c.get("outputs", []) if "data" in o]


@pytest.mark.parametrize("page", PAGES)
def test_every_number_in_every_output_is_rounded(small_site: Copy, page: str) -> None:
    found = [each for data in outputs(small_site, page) for each in floats(data)]

    assert [(place, value) for place, value in found if tidy(value) != value] == []
    assert [(place, value) for place, value in found if digits(value) > DIGITS] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_number_in_a_record_is_rounded(small_site: Copy, page: str) -> None:
    found = list(floats(small_site.record(page)))

    assert [(place, value) for place, value in found if tidy(value) != value] == []


def test_a_page_emits_numbers_in_findings_in_charts_and_beside_charts(small_site: Copy) -> None:
    """Were it none, the tests above would hold nothing."""
    found = outputs(small_site, "robbery")
    charts = [data[FIGURE] for data in found if FIGURE in data]

    assert list(floats([data[MIME] for data in found if MIME in data]))
    assert list(floats([each["datasets"] for each in charts]))
    assert list(floats([each["usermeta"] for each in charts]))


def test_the_findings_of_the_site_are_rounded(small_site: Copy) -> None:
    findings = json.loads((small_site.site / f"{BOOK}/findings.json").read_text("utf-8"))

    assert [each for each in floats(findings) if tidy(each[1]) != each[1]] == []


# What rounding does


@given(numbers)
def test_rounding_keeps_nine_digits(value: float) -> None:
    found = tidy(value)

    assert isinstance(found, int) or digits(found) <= DIGITS
    assert found == pytest.approx(value, rel=10.0 ** (1 - DIGITS) / 2, abs=0)


@given(anything)
@example(123456789.5)
@example(2.0000000001)
def test_what_is_rounded_stays_as_it_is_when_it_is_rounded_again(value: Any) -> None:
    once = rounded(value)

    assert repr(rounded(once)) == repr(once)


@given(anything)
def test_rounding_changes_numbers_and_nothing_else(value: Any) -> None:
    def without_numbers(each: Any) -> Any:
        if isinstance(each, dict):
            return {key: without_numbers(inner) for key, inner in each.items()}
        if isinstance(each, list | tuple):
            return [without_numbers(inner) for inner in each]
        return "a number" if isinstance(each, float | int) else each

    assert without_numbers(rounded(value)) == without_numbers(value)


@given(st.integers() | st.booleans())
def test_whole_numbers_and_truths_are_never_rounded(value: int) -> None:
    assert rounded(value) is value


@given(st.integers(-(2**53), 2**53))
def test_a_whole_number_loses_no_digit_where_it_came_as_a_fraction(value: int) -> None:
    assert rounded(float(value)) == value
    assert isinstance(rounded(float(value)), int)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_is_no_number_is_left_for_those_who_say_so(value: float) -> None:
    assert repr(rounded(value)) == repr(value)


@given(st.floats(1e-6, 1e6), st.integers(-3, 3))
def test_numbers_that_differ_in_the_last_bits_only_are_mostly_written_alike(
    value: float, steps: int
) -> None:
    """Two libraries may add up in another order; nine digits are far above what that changes."""
    other = value
    for _ in range(abs(steps)):
        other = math.nextafter(other, math.inf if steps > 0 else 0)

    assert tidy(other) == pytest.approx(tidy(value), rel=10.0 ** (1 - DIGITS))


def test_a_number_is_written_as_json_with_the_digits_that_it_has() -> None:
    given_ = {"rate": 0.1 + 0.2, "counts": [1234567.0, (2.0000000001,)], "share": 1 / 3}

    assert json.dumps(rounded(given_)) == (
        '{"rate": 0.3, "counts": [1234567, [2]], "share": 0.333333333}'
    )
