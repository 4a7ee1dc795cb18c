"""Targets as a reader meets them: a sentence on each, and a table."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import TypeAdapter
from tables_fixture import made_indicator, made_people, made_table

from kingston_analysis.analyses.targets import targets
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.plan.baselines import freeze, years_between
from kingston_analysis.plan.targets import KINDS, Target
from kingston_analysis.results import Gap
from kingston_analysis.show.answer import Answer

TARGET = TypeAdapter(Target)
OF = {"topic": "burglary", "indicator": "burglary", "measure": "count"}
YEARS = years_between("2000/01", "2008/09")
# Steps of ±10% on the log scale.
STEADY = {year: 1000 * math.exp(0.1 * (n % 2)) for n, year in enumerate(YEARS)}


def made(kind: str, **more: Any) -> Target:
    """Make a target of a kind, to be met in 2010/11."""
    common = {"id": "fewer", "title": "Fewer", **OF, "period": "2010/11"}
    return TARGET.validate_python({**common, "kind": kind, **more})


def baseline(value: float, period: str = "2007/08") -> dict[str, Any]:
    return {"period": period, "value": value, "frozen": freeze(*OF.values(), period, value)}


def answer(
    *found: Target | Gap, counts: dict[str, float] = STEADY, assessed: str | None = None
) -> Answer:
    """Return what a page says of targets, a theme each, of the burglaries of Ashby.

    The year assessed is by default the last of the counts.
    """
    rows = [("Ashby", year, float(count)) for year, count in counts.items()]
    table = made_table(["area", "financial_year", "value"], rows)
    people = made_people({"Ashby": {int(year[:4]): 100_000 for year in counts}})
    series = make_series(made_indicator(), "Ashby", table, people, ["Ashby"])
    themes = [SimpleNamespace(targets=each if isinstance(each, Gap) else (each,)) for each in found]
    outer = SimpleNamespace(name="Outer London", kind="group")
    areas = SimpleNamespace(other_places=[outer], members=lambda _: ["Ashby"])
    view = SimpleNamespace(
        edition=SimpleNamespace(assessed=assessed or series.latest),
        plan=SimpleNamespace(themes=themes),
        topic=lambda _: SimpleNamespace(indicators=[series]),
        scope=SimpleNamespace(areas=areas),
    )
    return targets(SimpleNamespace(view=view))


def test_a_target_in_words():
    target = made("percent", change=-10, baseline=baseline(3_240))
    counts = {**dict.fromkeys(YEARS, 3_240), "2009/10": 2_003}
    said = answer(target, counts=counts).words
    assert said.startswith(
        "**Fewer.** At most 2,916 in 2010/11, 10% below the baseline. "
        "The newest figure is 2,003 in 2009/10. "
    )
    assert said.endswith("(95% interval). The latest change leads towards the target.")
    assert ".." not in said


def test_the_table_has_a_row_for_each_target_and_says_what_is_missing():
    absent = Gap("The agreement was never published.")
    found = answer(made("absolute", **{"is": "at most", "value": 900}), made("monitor"), absent)
    [table] = found.tables
    first, watched, missing = table.rows
    assert first[:4] == ["Fewer", "[z]", "At most 900 in 2010/11", "1,000 in 2008/09"]
    assert first[5] == "No clear direction"
    assert watched[2] == "Watched, no goal set"
    assert missing[4] == "Not available. The agreement was never published."
    assert [each.gap for each in found.gaps] == [absent]
    assert "Not available" in table.as_html()


def test_a_theme_without_targets_stands_once():
    absent = Gap("The agreement was never published.")
    found = answer(absent, absent)
    assert [each.gap for each in found.gaps] == [absent]
    assert found.tables == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_said(kind):
    first, last, values = "2005/06", "2007/08", (900, 950, 1_000)
    frozen = freeze(*OF.values(), f"{first} to {last}", values)
    trend = {"first": first, "last": last, "value": values, "frozen": frozen}
    more: dict[str, dict[str, Any]] = {
        "absolute": {"is": "at most", "value": 900},
        "percent": {"change": -10, "baseline": baseline(1_000)},
        "relative": {"measure": "rate", "is": "at most", "value": 1, "group": "Outer London"},
        "trend": {"baseline": trend},
        "floor": {"since": "2009/10", "value": 800},
        "ceiling": {"since": "2009/10", "value": 1_200},
        "reporting": {"change": 10, "baseline": baseline(1_000)},
        "monitor": {},
    }
    found = answer(made(kind, **more[kind]))
    [row] = found.frame.to_dict("records")
    assert (row["probability"] is None) == (kind == "monitor")
    assert "2008/09" in found.words
    assert all(found.tables[0].rows[0])


def test_the_frame_has_the_numbers_behind_the_words():
    [row] = answer(made("absolute", **{"is": "at most", "value": 900})).frame.to_dict("records")
    assert (row["target"], row["goal"], row["latest"]) == ("fewer", 900, pytest.approx(1_000))
    assert row["low"] < 1_000 < row["high"]
    assert 0 < row["probability"] < 0.5


def test_a_target_is_not_judged_by_a_figure_of_an_older_year():
    target = made("percent", change=-10, baseline=baseline(1_000))
    said = answer(target, assessed="2009/10")
    assert "no figure for 2009/10 is held; the newest held is of 2008/09." in said.words
    assert "The newest figure is" not in said.words
    assert list(said.frame["probability"]) == [None]
