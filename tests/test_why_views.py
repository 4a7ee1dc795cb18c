"""Why a count changed, as a reader meets it: sentences, bars, tables, findings, hypotheses."""

from __future__ import annotations

import json
import math

import pandas as pd
import pytest
from tables_fixture import made_indicator, made_people, made_table

from kingston_analysis.data.hypotheses import Hypothesis
from kingston_analysis.data.topics import Topic
from kingston_analysis.measures.changes import Change
from kingston_analysis.measures.hypothesis_tests import Measured, evaluate
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.places import Concentration
from kingston_analysis.measures.seasons import Seasons
from kingston_analysis.measures.variation import Variation
from kingston_analysis.measures.why import (
    Estimate,
    change_by_ward,
    decompose,
)
from kingston_analysis.show.hypothesis_views import hypotheses_sentence, hypotheses_tables
from kingston_analysis.show.ward_why_views import wards_why_sentence, wards_why_table
from kingston_analysis.show.why_views import why_figure, why_sentence, why_table, why_values

POISSON = Variation(1.0, math.inf, "boroughs")
YEARS = ("2005/06", "2006/07")


def frame(rows: dict[str, tuple[float, float]], name: str = "part") -> pd.DataFrame:
    return pd.DataFrame([(n, *pair) for n, pair in rows.items()], columns=[name, "before", "after"])


def series():
    people = made_people({"Ashby": {2005: 10_000, 2006: 10_000}})
    rows = [("Ashby", "2005/06", 1_000.0), ("Ashby", "2006/07", 700.0)]
    table = made_table(["area", "financial_year", "value"], rows)
    return make_series(made_indicator(), "Ashby", table, people, ["Ashby"])


# All boroughs 20,000 → 18,000: -10%. Homes -5% of 10,000, shops -15% of 10,000.
FOUND = decompose(
    frame({"Homes": (600, 400), "Shops": (400, 300)}),
    frame({"Homes": (10_000, 9_500), "Shops": (10_000, 8_500)}),
    POISSON,
)
ALONE = decompose(frame({"Homes": (600, 400)}), frame({"Homes": (10_000, 9_500)}), POISSON)


def test_the_sentence_gives_the_three_parts_with_their_intervals():
    text = why_sentence(series(), FOUND, *YEARS)
    assert "Burglaries fell by 300, from 1,000 in 2005/06 to 700 in 2006/07." in text
    # 1,000 * -10% = -100, ± 1.96 √(0.01 * 1,000) = 6.2
    assert "London-wide: −100 (95% interval −106 to −94)." in text
    # 600 * +5% + 400 * -5% = +10, ± 1.96 √(0.0025 * 1,000) = 3.1
    assert "Mix of offences: +10 (95% interval +7 to +13)." in text
    # 400 - 600 * 0.95 = -170 and 300 - 400 * 0.85 = -40; together -210
    # ± 1.96 √(400 + 0.9025 * 600 + 300 + 0.7225 * 400) = 76.7
    assert "Local: −210 (95% interval −287 to −133)." in text
    assert "it is more than chance explains" in text


def test_the_sentence_names_the_offences_that_are_clear_of_chance():
    text = why_sentence(series(), FOUND, *YEARS)
    # Homes: -170 / √(400 + 541.5) = -5.5; shops: -40 / √(300 + 289) = -1.6
    assert "clear of chance, allowing for the 2 that are compared, for Homes (−170)." in text
    small = decompose(
        frame({"A": (9, 8), "B": (7, 9)}), frame({"A": (90, 90), "B": (90, 90)}), POISSON
    )
    text = why_sentence(series(), small, *YEARS)
    assert "No single offence has a local part that is clear of chance" in text
    assert "it can be chance" in text


def test_a_count_of_one_kind_is_said_to_have_no_mix():
    text = why_sentence(series(), ALONE, *YEARS)
    assert "taken as one, so there is no mix" in text
    assert "Mix of offences" not in text
    assert "No single offence" not in text
    figure = why_figure(series(), ALONE, *YEARS, "offences")
    assert "mix" not in figure.heading + figure.alternative
    assert len(figure.table.rows) == 1


def test_a_labelled_break_is_noted():
    labelled = decompose(
        frame({"Homes": (600, 400)}), frame({"Homes": (9, 9)}), POISSON, "Renamed in 2006."
    )
    assert "Note a break in the series: Renamed in 2006." in why_sentence(
        series(), labelled, *YEARS
    )


def test_no_change_at_all_is_said_plainly():
    still = decompose(frame({"A": (10, 10)}), frame({"A": (90, 90)}), POISSON)
    assert "Burglaries did not change in number, from 10" in why_sentence(series(), still, *YEARS)
    assert "of no change in all, 0 moved" in why_figure(series(), still, *YEARS, "t").heading


def test_the_heading_says_what_the_bars_show():
    assert why_figure(series(), FOUND, *YEARS, "offences").heading == (
        "Burglary: of the fall of 300, −100 moved with London, +10 from the mix of offences and "
        "−210 was local"
    )


def test_the_bars_hold_the_parts_then_the_offences():
    chart = why_figure(series(), FOUND, *YEARS, "offences").chart.to_dict()
    rows = [row for data in chart["datasets"].values() for row in data]
    drawn = [(row["row"], round(row["value"])) for row in rows if "whole" in row]
    # Row 3 is the heading of the offences.
    assert sorted(drawn) == [(0, -100), (1, 10), (2, -210), (4, -170), (5, -40)]
    labels = {row["row"]: row["label"] for row in rows if "label" in row}
    assert labels == {
        0: "London-wide: −100",
        1: "Mix of offences: +10",
        2: "Local: −210",
        3: "Local, by offence",
        4: "Homes: −170",
        5: "Shops: −40",
    }


def test_charts_hold_nothing_missing_and_only_what_is_drawn():
    chart = json.dumps(why_figure(series(), FOUND, *YEARS, "offences").chart.to_dict())
    assert "NaN" not in chart
    assert '"before"' not in chart


def test_the_table_by_offence_adds_up():
    table = why_figure(series(), FOUND, *YEARS, "offences").table
    assert [heading.title for heading in table.headings] == [
        *("Kind", "2005/06", "2006/07", "Change"),
        *("London-wide", "Mix of offences", "Local", "95% interval of the local part"),
    ]
    *offences, together = table.rows
    assert [row[0] for row in table.rows] == ["Homes", "Shops", "Together"]
    for column in range(1, 7):
        assert sum(row[column] for row in offences) == pytest.approx(together[column])
    assert together[4] + together[5] + together[6] == pytest.approx(together[3])


def test_the_table_of_parts_adds_up():
    *parts, whole = why_table(series(), FOUND, *YEARS).rows
    assert sum(row[1] for row in parts) == pytest.approx(whole[1]) == -300
    assert [row[0] for row in parts] == ["London-wide", "Mix of offences", "Local"]
    assert why_table(series(), ALONE, *YEARS).rows[1][2] == "[z]"


def test_findings_have_value_interval_and_verdict():
    common, mix, local = why_values(series(), FOUND, "2006/07")
    assert [common.name, mix.name, local.name] == [*("why_london_wide", "why_mix", "why_local")]
    assert (common.value, local.value) == (pytest.approx(-100), pytest.approx(-210))
    assert (common.verdict, mix.verdict, local.verdict) == ("fell", "rose", "fell")
    assert local.interval[0] < local.value < local.interval[1]
    assert local.period == "2006/07"


def test_the_alternative_fits_also_for_the_longest_names():
    long = "Hospital admissions with a drug-related disorder, of all ages and both sexes"
    made = made_indicator().model_copy(update={"title": long})
    rows = [("Ashby", "2005/06", 1.0), ("Ashby", "2006/07", 1.0)]
    table = made_table(["area", "financial_year", "value"], rows)
    people = made_people({"Ashby": {2005: 10_000}})
    named = "Motor Vehicle Interference & Tampering"
    found = decompose(
        frame({named: (600_000, 400_000), "B": (5, 5)}),
        frame({named: (9, 9), "B": (5, 5)}),
        POISSON,
    )
    # A figure refuses an alternative of another length than 40 to 250.
    why_figure(make_series(made, "Ashby", table, people, ["Ashby"]), found, *YEARS, "t")


WARDS = frame({"East": (620, 310), "West": (330, 405)}, "ward")


def test_wards_and_the_line_of_what_has_none():
    found = change_by_ward(WARDS, 1_000, 700, POISSON)
    east, west, none, borough = wards_why_table(series(), found, *YEARS).rows
    # 620 * -30% = -186 and -310 + 186 = -124; 330 * -30% = -99 and 75 + 99 = +174
    assert east[:4] == ["East", 620, 310, -310]
    assert (east[5], east[6]) == (pytest.approx(-186), pytest.approx(-124))
    assert west[0] == "West"
    # 1,000 - 950 = +50 before, 700 - 715 = -15 after
    assert none[:5] == ["Borough's count less the wards' sum", "+50", "−15", -65, "[z]"]
    assert borough[:4] == ["Ashby", 1_000, 700, -300]
    for column in (3, 5, 6):
        assert east[column] + west[column] + none[column] == pytest.approx(borough[column])
    text = wards_why_sentence(found)
    assert "Allowing for the 2 wards that are compared" in text
    assert "moved otherwise than the borough: East (−124), West (+174)" in text
    assert "went from +50 to −15. That is −65 of the change of −300" in text


def test_wards_that_moved_as_the_borough_are_said_to():
    still = frame({"East": (60, 42), "West": (40, 28)}, "ward")
    assert "no ward moved otherwise" in wards_why_sentence(change_by_ward(still, 100, 70, POISSON))


TOPIC = Topic(id="burglary", title="Burglary", about="Breaking in.", indicators=[made_indicator()])


def hypothesis(test: dict | None, proxy: str | None = None) -> Hypothesis:
    said = {"hypothesis": "Locks got better.", "expect": "Fewer.", "data": "Counts of locks."}
    return Hypothesis.model_validate({**said, "test": test, "proxy": proxy})


def row(test: dict | None, measured: Measured, proxy: str | None = None) -> list[str]:
    [table] = hypotheses_tables([evaluate(hypothesis(test, proxy), measured)], TOPIC)
    assert [each.title for each in table.headings] == ["Hypothesis", "Locks got better."]
    assert [cells[1] for cells in table.rows[:2]] == ["Fewer.", "Counts of locks."]
    return [cells[1] for cells in table.rows[2:]]


SEASONS = Seasons(
    *(
        pd.Series(1.5, index=range(1, 13)),
        (),
        *[pd.Series(n, index=range(1, 13)) for n in (1.25, 1.75)],
    )
)
MEASURED = Measured(
    changes={"burglary": Change("fell", Estimate(0.8, 0.7, 0.9))},
    decomposition=FOUND,
    concentration=Concentration(wards=16, holding_half=4, low=7, high=8),
    seasons=SEASONS,
    rate_ratio=Estimate(1.2, 1.1, 1.3),
    within="North",
)


@pytest.mark.parametrize(
    ("test", "cells"),
    [
        (
            {"kind": "local", "expect": "fall"},
            [
                "Of the change, is the local part a fall?",
                "Supported: local part −210 (95% interval −287 to −133).",
                "High",
            ],
        ),
        (
            {"kind": "mix", "expect": "none"},
            [
                "Of the change, is the mix of offences about nothing?",
                "Not supported: mix of offences +10 (95% interval +7 to +13).",
                "High",
            ],
        ),
        (
            {"kind": "london-wide"},
            [
                "Is the London-wide part of the change larger than the local part?",
                "Not supported: London-wide part −100 (95% interval −106 to −94); "
                "local part −210 (95% interval −287 to −133).",
                "High",
            ],
        ),
        (
            {"kind": "change", "indicator": "burglary", "expect": "fall"},
            [
                "Did this indicator fall since the year before: Burglary?",
                "Supported: Burglary −20.0% (95% interval −30.0% to −10.0%).",
                "High",
            ],
        ),
        (
            {"kind": "concentration"},
            [
                "Do fewer wards hold half than chance alone would give?",
                "Supported: 4 wards hold half, and chance alone would give 7 to 8.",
                "High",
            ],
        ),
        (
            {"kind": "season", "months": ["November", "December"], "expect": "above"},
            [
                "Are November and December above the average month?",
                "Supported: November 1.50 times the average month (95% interval 1.25 to 1.75); "
                "December 1.50 times the average month (95% interval 1.25 to 1.75).",
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
def test_a_hypothesis_in_a_row(test, cells):
    assert row(test, MEASURED) == cells


def test_what_takes_from_the_confidence_is_told():
    cells = row({"kind": "concentration"}, MEASURED, "Calls are not burglaries.")
    assert cells[2] == "Medium. Calls are not burglaries."


def test_a_test_whose_figures_are_missing_says_why():
    test = {"kind": "change", "indicator": "burglary", "expect": "none"}
    question, result, confidence = row(test, Measured())
    assert question == "Did this indicator stay about the same since the year before: Burglary?"
    assert result == "No data. No figure for the year and the one before is known."
    assert confidence == "[z]"


def test_the_sentence_on_hypotheses_counts_them_and_gives_the_rule():
    tests = [{"kind": "local", "expect": "fall"}, {"kind": "london-wide"}, None]
    text = hypotheses_sentence([evaluate(hypothesis(each), MEASURED) for each in tests])
    assert text.startswith(
        "3 possible reasons were put to the figures. They support 1, do not support 1 and hold "
        "nothing on 1."
    )
    assert "does not prove the reason" in text
    for level in ("high, where", "medium, where", "low, where"):
        assert level in text
    one = hypotheses_sentence([evaluate(hypothesis(None), MEASURED)])
    assert one.startswith("One possible reason was put to the figures. They hold nothing on 1.")
