"""Why a count changed, as a reader meets it: sentences, bars, tables, findings."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace

import pandas as pd
import pytest
from tables_fixture import (
    KINGSTON,
    PROJECT,
    made_indicator,
    made_people,
    made_table,
    real_series,
)

from kingston_analysis.analyses.why import why
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.change import Change
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.variation import Variation
from kingston_analysis.measures.why import Decomposition, decompose
from kingston_analysis.notebook import open_topic
from kingston_analysis.results import Estimate, Gap
from kingston_analysis.show.answer import Answer

POISSON = Variation(1.0, math.inf, "boroughs")


def frame(rows: dict[str, tuple[float, float]], name: str = "part") -> pd.DataFrame:
    return pd.DataFrame([(n, *pair) for n, pair in rows.items()], columns=[name, "before", "after"])


# All boroughs 20,000 → 18,000: -10%. Homes -5% of 10,000, shops -15% of 10,000.
FOUND = decompose(
    frame({"Homes": (600, 400), "Shops": (400, 300)}),
    frame({"Homes": (10_000, 9_500), "Shops": (10_000, 8_500)}),
    POISSON,
)
ALONE = decompose(frame({"Homes": (600, 400)}), frame({"Homes": (10_000, 9_500)}), POISSON)
NO_WARDS = Gap("No table held here has burglaries by ward.")


def answer(
    found: Decomposition | Gap,
    counts: tuple[float, float] = (1_000, 700),
    wards: object = NO_WARDS,
    title: str = "Burglary",
    kinds: Gap | None = None,
) -> Answer:
    """Return what a page says of a decomposition of a count of two years."""
    people = made_people({"Ashby": {2005: 10_000, 2006: 10_000}})
    rows = [("Ashby", year, n) for year, n in zip(("2005/06", "2006/07"), counts, strict=True)]
    table = made_table(["area", "financial_year", "value"], rows)
    indicator = made_indicator().model_copy(update={"title": title})
    view = SimpleNamespace(
        primary=make_series(indicator, "Ashby", table, people, ["Ashby"]),
        decomposition=found,
        divided=SimpleNamespace(kinds=kinds),
        wards=wards,
        load=lambda _: table,
    )
    return why(SimpleNamespace(view=view))


def test_the_sentence_gives_the_three_parts_with_their_intervals():
    text = answer(FOUND).words
    assert "Burglaries fell by 300, from 1,000 in 2005/06 to 700 in 2006/07." in text
    # 1,000 * -10% = -100; S = 1,000 / 20,000, S * R = 0.045; ± 2.81 √(0.145² * 1,000 +
    # 0.05² * 700 + 0.045² * 19,000 + 0.05² * 17,300) = 28.7
    assert "London-wide: −100 (99.5% interval −129 to −71)." in text
    # 600 * +5% + 400 * -5% = +10; homes: s = 0.06, r = 0.95; shops: s = 0.04, r = 0.85
    # ± 2.81 √(0.038² * 600 + 0.01² * 400 + 0.012² * 9,400 + 0.01² * 9,100
    #   + 0.039² * 400 + 0.01² * 300 + 0.011² * 9,600 + 0.01² * 8,200) = 6.7
    assert "Mix of offences: +10 (99.5% interval +3 to +17)." in text
    # 400 - 600 * 0.95 = -170 and 300 - 400 * 0.85 = -40; together -210
    # ± 2.81 √(0.94² * (400 + 0.95² * 600) + 0.06² * (9,100 + 0.95² * 9,400)
    #   + 0.96² * (300 + 0.85² * 400) + 0.04² * (8,200 + 0.85² * 9,600)) = 107.3
    assert "Local: −210 (99.5% interval −317 to −103)." in text
    assert "it is more than chance explains" in text


def test_the_sentence_names_the_offences_that_are_clear_of_chance():
    # Homes: -170 / √(400 + 541.5) = -5.5; shops: -40 / √(300 + 289) = -1.6
    clear = "clear of chance for Homes (−170)."
    assert clear in answer(FOUND).words
    small = decompose(
        frame({"A": (9, 8), "B": (7, 9)}), frame({"A": (90, 90), "B": (90, 90)}), POISSON
    )
    text = answer(small, (16, 17)).words
    assert "No single offence has a local part that is clear of chance" in text
    assert "it can be chance" in text


def test_it_is_said_from_what_it_is_learned_how_far_chance_moves_a_kind():
    frames = (frame({"Homes": (600, 400), "Shops": (400, 300)}),) * 2
    own = {"Homes": (POISSON, POISSON)}
    assert "chance moves a kind of offence is taken from the whole count." in answer(FOUND).words
    text = answer(decompose(*frames, POISSON, of_parts=own)).words
    assert "chance moves a kind of offence is learned from its own counts, for Shops from" in text
    text = answer(decompose(*frames, POISSON, of_parts=own | {"Shops": own["Homes"]})).words
    assert "from its own counts." in text
    assert "no page follows" not in text
    assert "How far chance" not in answer(ALONE, (600, 400)).words


def test_a_count_of_one_kind_is_said_to_have_no_mix():
    alone = answer(ALONE, (600, 400))
    assert (
        "not divided by kind of offence, so no part is due to the mix of offences." in alone.words
    )
    assert "Mix of offences:" not in alone.words
    assert "No single offence" not in alone.words
    [figure] = alone.figures
    assert "mix" not in figure.heading + figure.alternative
    assert len(figure.table.rows) == 1


def test_a_labelled_break_is_noted():
    labelled = decompose(
        frame({"Homes": (600, 400)}), frame({"Homes": (9, 9)}), POISSON, "Renamed in 2006."
    )
    assert "Note a break in the series: Renamed in 2006." in answer(labelled, (600, 400)).words


def test_no_change_at_all_is_said_plainly():
    still = answer(decompose(frame({"A": (10, 10)}), frame({"A": (90, 90)}), POISSON), (10, 10))
    assert "Burglaries did not change, from 10" in still.words
    assert "of no change in all, 0 moved" in still.figures[0].heading


def test_counts_that_are_added_up_from_months_are_said_to_differ():
    assert "The parts come from" not in answer(FOUND, (1_000, 700)).words
    assert (
        "The parts come from another table, which has 1,000 for 2005/06 (elsewhere on this page "
        "1,001) and 700 for 2006/07 (elsewhere on this page 702)."
    ) in answer(FOUND, (1_001, 702)).words
    one = answer(FOUND, (1_000, 702)).words
    assert "which has 700 for 2006/07 (elsewhere on this page 702)." in one


def test_a_change_whose_kinds_are_not_held_says_why():
    kinds = Gap("Figures by offence are not held for both 2005/06 and 2006/07.")
    text = answer(ALONE, (600, 400), kinds=kinds).words
    assert f"Kinds of offence cannot be told apart here. {kinds.why}" in text


def test_what_cannot_be_divided_is_not_available():
    broken = Gap("The classification changed.")
    [gap] = answer(broken).gaps
    assert (gap.question, gap.gap) == ("Why it changed", broken)


def test_a_topic_without_a_full_year_is_not_divided_at_all():
    # Edition 2009 holds months of vehicle crime from January 2008 on.
    page = open_topic(edition=2009, area=KINGSTON, topic="vehicle-crime", project=PROJECT)
    [gap] = why(page).gaps
    assert gap.gap == Gap("No figure for a full year is known.")


def of_robbery(**options: object) -> Answer:
    page = open_topic(edition=2010, area=KINGSTON, topic="robbery", project=PROJECT)
    return why(page, **options)


def test_another_base_year_takes_the_place_of_the_year_before():
    shown, since = of_robbery(), of_robbery(base="2003/04")
    latest = shown.findings[0].period
    own = real_series("robbery").own["value"]
    assert since.frame["change"].sum() == own[latest] - own["2003/04"]
    assert f"in 2003/04 to {own[latest]:,.0f} in {latest}" in since.words
    assert since.figures[0].period == f"2003/04 to {latest}"
    assert since.figures[0].table.headings[1].title == "2003/04"
    assert len(shown.findings) == 3
    assert since.findings == []
    assert "year before alone" in since.gaps[0].gap.why


def test_a_lower_level_narrows_the_intervals_and_names_them():
    shown, narrow = of_robbery(), of_robbery(level=0.8)
    widths = [(e.frame["high"] - e.frame["low"]).sum() for e in (shown, narrow)]
    assert widths[1] < 0.7 * widths[0]
    assert "80% interval" in narrow.words
    assert "95%" not in narrow.words + narrow.figures[0].note
    assert narrow.findings == []


def test_a_base_year_that_is_not_held_is_refused_with_the_nearest():
    with pytest.raises(KingstonError, match=r"no figure of '2003/4'.*2003/04"):
        of_robbery(base="2003/4")


def test_the_heading_says_what_the_bars_show():
    assert answer(FOUND).figures[0].heading == (
        "Burglary: of the difference of −300, −100 moved with London, +10 from the mix of "
        "offences and −210 was local"
    )


def test_the_bars_hold_the_parts_then_the_offences():
    chart = answer(FOUND).figures[0].chart.to_dict()
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


def test_a_name_stands_as_far_above_the_middle_of_its_row_as_its_bar_below():
    chart = answer(FOUND).figures[0].chart.to_dict()
    marks = [layer["mark"] for layer in chart["layer"]]
    [down] = {mark["yOffset"] for mark in marks if mark["type"] != "text"}
    assert {mark["dy"] for mark in marks if mark["type"] == "text"} == {-down}
    # A line of text is about as high as a bar is thick; all of it stays in the row.
    thick = max(mark["size"] for mark in marks if mark["type"] in ("bar", "tick"))
    assert thick / 2 <= down <= chart["height"]["step"] / 2 - thick / 2


def test_a_whisker_is_seen_before_the_line_of_zero_and_leaves_most_of_its_bar():
    layers = answer(FOUND).figures[0].chart.to_dict()["layer"]
    bar, whisker, zero = (
        next(layer["mark"] for layer in layers if layer["mark"]["type"] == kind)
        for kind in ("bar", "rule", "tick")
    )
    assert zero["thickness"] < whisker["strokeWidth"] <= bar["size"] / 6
    assert zero["size"] > bar["size"]


def test_charts_hold_nothing_missing_and_only_what_is_drawn():
    chart = json.dumps(answer(FOUND).figures[0].chart.to_dict())
    assert "NaN" not in chart
    assert '"before"' not in chart


def test_the_table_by_offence_adds_up():
    table = answer(FOUND).figures[0].table
    assert [heading.title for heading in table.headings] == [
        *("Kind", "2005/06", "2006/07", "Change"),
        *("London-wide", "Mix of offences", "Local", "99.5% interval of the local part"),
    ]
    *offences, together = table.rows
    assert [row[0] for row in table.rows] == ["Homes", "Shops", "Together"]
    for column in range(1, 7):
        assert sum(row[column] for row in offences) == pytest.approx(together[column])
    assert together[4] + together[5] + together[6] == pytest.approx(together[3])


def test_the_table_of_parts_adds_up():
    *parts, whole = answer(FOUND).tables[1].rows
    assert sum(row[1] for row in parts) == pytest.approx(whole[1]) == -300
    assert [row[0] for row in parts] == ["London-wide", "Mix of offences", "Local"]
    assert answer(ALONE, (600, 400)).tables[1].rows[1][2] == "[z]"


def test_findings_have_value_interval_and_verdict():
    common, mix, local = answer(FOUND).findings
    assert [common.name, mix.name, local.name] == [*("why_london_wide", "why_mix", "why_local")]
    assert (common.value, local.value) == (pytest.approx(-100), pytest.approx(-210))
    assert (common.verdict, mix.verdict, local.verdict) == ("fell", "rose", "fell")
    assert local.interval[0] < local.value < local.interval[1]
    assert local.period == "2006/07"


def test_the_alternative_fits_also_for_the_longest_names():
    long = "Hospital admissions with a drug-related disorder, of all ages and both sexes"
    named = "Motor Vehicle Interference & Tampering"
    found = decompose(
        frame({named: (600_000, 400_000), "B": (5, 5)}),
        frame({named: (9, 9), "B": (5, 5)}),
        POISSON,
    )
    # A figure refuses an alternative of another length than 40 to 250.
    assert answer(found, (600_005, 400_005), title=long).figures


def by_ward(rows: dict[str, tuple[float, float]], changes: object = None) -> SimpleNamespace:
    """Make wards of which the counts of both years are known."""
    counts = frame(rows, "ward").rename(columns={"after": "value"})
    compared = {name: Change("rose", Estimate(1, 0.5, 2)) for name in rows}
    return SimpleNamespace(frame=counts, changes=changes or compared)


def test_wards_and_the_line_of_what_has_none():
    found = answer(FOUND, wards=by_ward({"East": (620, 310), "West": (330, 405)}))
    east, west, none, borough = found.tables[-1].rows
    # 620 * -30% = -186 and -310 + 186 = -124; 330 * -30% = -99 and 75 + 99 = +174
    assert east[:4] == ["East", 620, 310, -310]
    assert (east[5], east[6]) == (pytest.approx(-186), pytest.approx(-124))
    assert west[0] == "West"
    # 1,000 - 950 = +50 before, 700 - 715 = -15 after
    assert none[:5] == ["Borough's count less the wards' sum", "+50", "−15", -65, "[z]"]
    assert borough[:4] == ["Ashby", 1_000, 700, -300]
    for column in (3, 5, 6):
        assert east[column] + west[column] + none[column] == pytest.approx(borough[column])
    assert "Of the 2 wards that are compared, " in found.words
    assert "these moved differently from the borough: East (−124), West (+174)" in found.words
    assert (
        "The borough's own count was 50 above the sum of its wards and then 15 below it: no ward "
        "explains this change of −65."
    ) in found.words


@pytest.mark.parametrize(
    ("east", "said"),
    [
        # Beside West, 400 and 280, of 1,000 and 700.
        ((602, 422), "was 2 below the sum of its wards in both years."),
        ((600, 430), "was equal to the sum of its wards and then 10 below it: no ward explains"),
        ((590, 420), "was 10 above the sum of its wards and then equal to it: no ward explains"),
        ((600, 420), "In both years the wards add up to the borough's count."),
    ],
)
def test_how_far_the_borough_is_from_the_sum_of_its_wards_is_said_of_both_years(east, said):
    assert said in answer(FOUND, wards=by_ward({"East": east, "West": (400, 280)})).words


def test_one_ward_that_moved_differently_is_called_one():
    wards = by_ward({"East": (600, 120), "West": (4_000, 2_800)})
    assert "one moved differently from the borough: East (−300)." in (
        answer(FOUND, wards=wards).words
    )


def test_wards_that_moved_as_the_borough_are_said_to():
    still = by_ward({"East": (600, 420), "West": (400, 280)})
    assert "none moved differently from the borough" in answer(FOUND, wards=still).words


def test_a_ward_whose_count_is_missing_is_a_question_of_its_own():
    found = answer(FOUND, wards=by_ward({"East": (600, math.nan)}))
    assert [each.question for each in found.gaps] == ["Why it changed, by ward"]


def test_wards_that_cannot_be_compared_are_left_to_the_section_on_wards():
    refused = {"East": Change("cannot be compared", Gap("Counted anew."))}
    found = answer(FOUND, wards=by_ward({"East": (600, 420)}, refused))
    assert found.gaps == []
    assert len(found.tables) == 2
