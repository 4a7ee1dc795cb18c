"""Findings as a small table of text."""

from __future__ import annotations

from kingston_analysis.results import Finding
from kingston_analysis.show.finding_table import finding_table


def finding(name: str, value, unit: str = "offences", **more) -> Finding:
    period = more.pop("period", "2006/07")
    subject, _, measure = name.rpartition(".")
    return Finding(measure, period, value, unit, subject=subject, page="robbery", **more)


def test_findings_stand_in_aligned_columns_with_values_to_the_right():
    made = [
        finding("count", 1302),
        finding(
            "change",
            -0.104,
            "share",
            interval=(-0.454, 0.472),
            level=0.995,
            verdict="no clear change",
        ),
        finding("by-month.count", None, missing="not held.", period=None),
    ]
    assert finding_table(made).splitlines() == [
        "finding         period    value  interval                 unit      in words",
        "count           2006/07   1,302                           offences",
        "change          2006/07  -0.104  -0.454 to 0.472 (99.5%)  share     no clear change",
        "by-month.count              [x]                                     not held.",
    ]


def test_a_text_stands_last_and_columns_that_say_nothing_are_left_out():
    assert finding_table([finding("ward", "Grove", "text"), finding("share", 0.4, "")]) == (
        "finding  period   value  in words\nward     2006/07         Grove\nshare    2006/07    0.4"
    )
