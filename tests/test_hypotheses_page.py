"""Hypotheses as a reader meets them: a sentence on all, and a table for each."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from tables_fixture import made_indicator

from kingston_analysis.analyses.hypotheses import hypotheses
from kingston_analysis.data.topics import Topic
from kingston_analysis.measures.change import Change
from kingston_analysis.measures.seasons import Seasons
from kingston_analysis.measures.variation import Variation
from kingston_analysis.measures.wards import Concentration
from kingston_analysis.measures.why import decompose
from kingston_analysis.project import Project
from kingston_analysis.results import Estimate, Gap
from kingston_analysis.show.answer import Answer

TOPIC = Topic(id="burglary", title="Burglary", about="Breaking in.", indicators=[made_indicator()])
NONE = Gap("Nothing of it is held.")


def counts(**rows: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(
        [(part, *pair) for part, pair in rows.items()], columns=["part", "before", "after"]
    )


# All boroughs 20,000 → 18,000: -10%. Homes -5% of 10,000, shops -15% of 10,000.
FOUND = decompose(
    counts(homes=(600, 400), shops=(400, 300)),
    counts(homes=(10_000, 9_500), shops=(10_000, 8_500)),
    Variation(1.0, math.inf, "boroughs"),
    level=0.95,
)
SEASONS = Seasons(
    *(
        pd.Series(1.5, index=range(1, 13)),
        (),
        *[pd.Series(n, index=range(1, 13)) for n in (1.25, 1.75)],
    )
)
OF_NORTH = SimpleNamespace(
    rates=Estimate(1.2, 1.1, 1.3), standing=SimpleNamespace(group=SimpleNamespace(name="North"))
)
LEAD = SimpleNamespace(
    latest="2006/07",
    indicator=made_indicator(),
    change=lambda: Change("fell", Estimate(0.8, 0.7, 0.9)),
)
# What the views measured.
MEASURED: dict[str, Any] = {
    "primary": LEAD,
    "series": [LEAD],
    "decomposition": FOUND,
    "against_all_crime": Concentration(16, 4, low=7, high=8),
    "profile": SimpleNamespace(own=SEASONS),
    "group_comparison": SimpleNamespace(groups=[OF_NORTH]),
}


def answer(folder: Path, *listed: dict[str, Any], **measured: Any) -> Answer:
    """Return what a page says of hypotheses that an edition lists, by their test and proxy."""
    said = {"hypothesis": "Locks got better.", "expect": "Fewer.", "data": "Counts of locks."}
    library = {f"h{n}": {**said, **each} for n, each in enumerate(listed)}
    (folder / "data/hypotheses").mkdir(parents=True)
    # JSON is YAML too.
    (folder / "data/hypotheses.yml").write_text(json.dumps(library), encoding="utf-8")
    ids = json.dumps({TOPIC.id: list(library)} if listed else {"robbery": []})
    (folder / "data/hypotheses/2008.yml").write_text(ids, encoding="utf-8")
    view = SimpleNamespace(
        scope=SimpleNamespace(project=Project(folder)),
        edition=SimpleNamespace(edition=2008, assessed="2006/07"),
        topic=TOPIC,
        **{**MEASURED, **measured},
    )
    return hypotheses(SimpleNamespace(view=view))


def row(folder: Path, test: dict | None, proxy: str | None = None, **measured: Any) -> list[str]:
    [table] = answer(folder, {"test": test, "proxy": proxy}, **measured).tables
    assert [each.title for each in table.headings] == ["Hypothesis", "Locks got better."]
    assert [cells[1] for cells in table.rows[:2]] == ["Fewer.", "Counts of locks."]
    assert table.rows[-1][0] == "How often such a test is met"
    return [cells[1] for cells in table.rows[2:-1]]


@pytest.mark.parametrize(
    ("test", "cells"),
    [
        (
            {"kind": "local", "expect": "fall"},
            [
                "Of the change, is the local part a fall?",
                "Supported: local part −210 (95% interval −285 to −135).",
                "High",
            ],
        ),
        (
            {"kind": "mix", "expect": "none"},
            [
                "Of the change, is the mix of offences about nothing?",
                "Not supported: mix of offences +10 (95% interval +5 to +15).",
                "High",
            ],
        ),
        (
            {"kind": "london-wide"},
            [
                "Is the London-wide part of the change larger than the local part?",
                "Not supported: London-wide part −100 (95% interval −120 to −80); "
                "local part −210 (95% interval −285 to −135).",
                "High",
            ],
        ),
        (
            {"kind": "change", "indicator": "burglary", "expect": "fall"},
            [
                "Has this indicator fallen since the year before: Burglary?",
                "Supported: Burglary: −20.0% (95% interval −30.0% to −10.0%).",
                "High",
            ],
        ),
        (
            {"kind": "concentration"},
            [
                "Does half of it lie in fewer wards than half of all recorded crime does?",
                "Supported: half of it lies in 4 wards; if spread like all recorded crime, half "
                "would lie in 7 to 8.",
                "High",
            ],
        ),
        (
            {"kind": "season", "months": ["November", "December"], "expect": "above"},
            [
                "Are November and December above the average month?",
                "Supported: November: 1.50 times the average month (99.5% interval 1.25 to 1.75); "
                "December: 1.50 times the average month (99.5% interval 1.25 to 1.75).",
                "High",
            ],
        ),
        (
            {"kind": "rate", "expect": "below"},
            [
                "Is the rate below that of the part of London that the borough lies in?",
                "Not supported: 1.20 times the rate of North (95% interval 1.10 to 1.30).",
                "High",
            ],
        ),
        (None, ["[z]", "No data. No figures that would show it are held.", "[z]"]),
    ],
    ids=lambda each: (each or {"kind": "none"})["kind"] if not isinstance(each, list) else "",
)
def test_a_hypothesis_in_a_row(tmp_path, test, cells):
    assert row(tmp_path, test) == cells


def test_as_many_wards_as_by_chance_are_said_to_be_as_many(tmp_path):
    alike = Concentration(16, 4, low=4, high=4)
    assert row(tmp_path, {"kind": "concentration"}, against_all_crime=alike)[1] == (
        "No clear answer: half of it lies in 4 wards; if spread like all recorded crime, half "
        "would also lie in 4."
    )


def test_what_takes_from_the_confidence_is_said(tmp_path):
    cells = row(tmp_path, {"kind": "concentration"}, "Calls are not burglaries.")
    assert cells[2] == "Medium. Calls are not burglaries."


def test_a_result_that_hangs_on_what_is_of_note_says_what_is(tmp_path):
    # A tenth of the earlier count of 1,000 is 100.
    steady = replace(FOUND, local=Estimate(7, -90, 95))
    assert row(tmp_path, {"kind": "local", "expect": "fall"}, decomposition=steady)[1] == (
        "Not supported: local part +7 (95% interval −90 to +95). Up to a tenth either way, here "
        "100, counts as nothing of note."
    )


def test_a_reason_for_a_rise_does_not_apply_to_a_fall(tmp_path):
    page = answer(tmp_path, {"test": {"kind": "local", "expect": "rise"}, "explains": "rise"})
    [table] = page.tables
    assert table.headings[0].title == "Possible reason for a rise"
    assert tuple(table.rows[3]) == (
        "Result",
        "Does not apply: burglaries fell by 20.0% in 2006/07, so there is no rise to explain.",
    )
    assert "The figures show no change that it would explain." in page.words


def test_a_test_whose_figures_are_missing_says_why(tmp_path):
    test = {"kind": "change", "indicator": "burglary", "expect": "none"}
    question, result, confidence = row(tmp_path, test, series=[])
    assert question == "Has this indicator stayed about the same since the year before: Burglary?"
    assert result == "No data. Figures for the year and the year before are not both known."
    assert confidence == "[z]"


@pytest.mark.parametrize(
    ("test", "measured"),
    [
        ({"kind": "local", "expect": "fall"}, {"decomposition": NONE}),
        ({"kind": "concentration"}, {"against_all_crime": NONE}),
        ({"kind": "season", "months": ["May"], "expect": "above"}, {"profile": NONE}),
        ({"kind": "rate", "expect": "above"}, {"group_comparison": NONE}),
    ],
    ids=lambda each: each.get("kind", ""),
)
def test_what_was_not_measured_is_no_data(tmp_path, test, measured):
    assert row(tmp_path, test, **measured)[1].startswith("No data. ")


def test_an_old_change_tells_nothing_of_the_year_assessed(tmp_path):
    old = SimpleNamespace(latest="2005/06", indicator=made_indicator())
    tests = [
        {"kind": "local", "expect": "fall"},
        {"kind": "concentration"},
        {"kind": "rate", "expect": "above"},
    ]
    for number, test in enumerate(tests):
        folder = tmp_path / str(number)
        assert row(folder, test, primary=old, series=[])[1].startswith("No data. ")


def test_the_sentence_on_hypotheses_counts_them_and_gives_the_rule(tmp_path):
    tests = [{"kind": "local", "expect": "fall"}, {"kind": "london-wide"}, None]
    text = answer(tmp_path / "three", *({"test": each} for each in tests)).words
    assert text.startswith(
        "3 possible reasons were put to the figures. The figures support 1 of them, do not "
        "support 1 and "
        "say nothing on 1."
    )
    assert "does not prove the reason" in text
    for level in ("high, where", "medium, where", "low, where"):
        assert level in text
    one = answer(tmp_path / "one", {"test": None}).words
    assert one.startswith(
        "One possible reason was put to the figures. The figures say nothing on it."
    )


def test_the_frame_has_a_row_for_each_number_and_one_where_there_is_none(tmp_path):
    frame = answer(tmp_path, {"test": {"kind": "london-wide"}}, {"test": None}).frame
    assert frame["number"].fillna("").tolist() == ["common", "local", ""]
    assert frame["outcome"].tolist() == ["not supported", "not supported", "no data"]
    # 1,000 * -10%
    assert frame["value"].iloc[0] == pytest.approx(-100)


def test_a_topic_without_hypotheses_says_so(tmp_path):
    [gap] = answer(tmp_path).gaps
    assert gap.question == "Hypotheses"
    assert "None were written down" in gap.gap.why


RATES = [
    # kind, expected, year, areas, tests, supported
    ("local", "fall", "2005/06", 30, 60, 12),
    ("local", "fall", "2006/07", 32, 64, 13),
    ("local", "rise", "2006/07", 32, 64, 50),
    ("london-wide", "as the kind says", "2006/07", 32, 1, 0),
]


def how_often(folder: Path, test: dict | None, rates: list[tuple] | None = RATES) -> str:
    """Return what a page says of how often tests like one are met."""
    columns = ["kind", "expected", "financial_year", "areas", "tests", "supported"]
    frame = pd.DataFrame(rates or [], columns=columns)
    if rates is not None:
        (folder / "data/tables").mkdir(parents=True)
        (folder / "data/tables/hypothesis_rates.csv").touch()
    load = {"hypothesis_rates": SimpleNamespace(frame=frame)}.get
    [table] = answer(folder, {"test": test}, load=load).tables
    return table.rows[-1][1]


def test_beside_each_test_stands_how_often_tests_like_it_are_met(tmp_path):
    fall = how_often(tmp_path / "fall", {"kind": "local", "expect": "fall"})
    # (12 + 13) / (60 + 64) = 20.2%
    assert fall == ("Such a test was met in 20.2% of 124 cases (32 boroughs, 2005/06 to 2006/07).")
    wide = how_often(tmp_path / "wide", {"kind": "london-wide"})
    assert wide == "Such a test was met in 0.0% of 1 case (32 boroughs, 2006/07)."


def test_where_no_such_test_was_counted_the_page_does_not_say_how_often_it_is_met(tmp_path):
    test = {"kind": "local", "expect": "none"}
    assert how_often(tmp_path / "other", test) == "[x]"
    assert how_often(tmp_path / "no table", test, None) == "[x]"
    assert how_often(tmp_path / "no test", None) == "[z]"
