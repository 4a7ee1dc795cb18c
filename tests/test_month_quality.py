"""Month quality: what the methods page says of false alarms in charts of months."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from kingston_analysis.analyses.month_quality import CAPTIONS, NOT_TRIED, month_quality
from kingston_analysis.analyses.month_quality import MONTH as RULE
from kingston_analysis.study.false_alarms import JUDGED, MONTH, SHOWN, TARGET
from kingston_analysis.study.results import FALSE_ALARM
from kingston_analysis.study.table import NAME


def test_the_page_names_the_rule_and_the_measures_as_the_study_does():
    assert RULE == MONTH
    assert set(CAPTIONS) == {FALSE_ALARM, SHOWN, JUDGED}


def told(alarms: list[tuple[str, float, float]]) -> str:
    rows = [
        {"measure": FALSE_ALARM, "method": MONTH, "process": process, "mean_a_month": 600}
        | {"dispersion": 2, "years": 4, "nominal": TARGET, "result": result, "low": low}
        for process, result, low in alarms
    ]
    view = SimpleNamespace(load={NAME: SimpleNamespace(frame=pd.DataFrame(rows))}.get)
    return month_quality(SimpleNamespace(view=view)).words


def test_a_study_without_charts_of_months_is_said_to_lack_them():
    other = pd.DataFrame([{"measure": FALSE_ALARM, "method": "another rule"}])
    view = SimpleNamespace(load={NAME: SimpleNamespace(frame=other)}.get)
    answer = month_quality(SimpleNamespace(view=view))
    assert [each.gap for each in answer.gaps] == [NOT_TRIED]
    assert list(answer.tables) == list(answer.findings) == []


def test_the_page_says_which_kind_has_most_false_alarms():
    assert told([("a walk", 0.02, 0.01), ("a burst", 0.06, 0.04)]).endswith(
        "That happens in 2.0% to 6.0% of the years judged month by month, most often where the "
        "counts do this: “a burst”. No kind of counts clearly has more than the intended 5%."
    )


def test_where_all_kinds_have_as_many_false_alarms_none_has_most():
    assert "in 2.0% of the years judged month by month, whatever the counts do. No kind" in told(
        [("a walk", 0.02, 0.01), ("a burst", 0.02, 0.01)]
    )


def test_the_page_says_where_alarms_are_false_too_often():
    assert told([("a walk", 0.02, 0.01), ("a burst", 0.16, 0.12)]).endswith(
        "That is clearly more than the intended 5% for counts that do this: “a burst”."
    )
