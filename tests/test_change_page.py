"""Change, as a page says and shows it: words, table, and what a notebook may ask besides."""

from __future__ import annotations

import math

import pytest
from pages_fixture import made_page
from tables_fixture import KINGSTON, made_indicator, made_people, made_table, real_topic

from kingston_analysis.analyses.change import change
from kingston_analysis.data.tables.periods import shifted
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.indicators import make_series
from kingston_analysis.measures.series import Series

NOBODY = made_people({"Ashby": {2005: 40_000, 2006: 40_000}})
ANEW = {"at": "2006/07", "what": "Counted anew.", "touches": "all", "effect": "refuse"}


def years(*counts: float, breaks=()) -> Series:
    """Make a series of one borough to 2006/07: nothing is learned, its counts vary as Poisson."""
    rows = [
        ("Ashby", shifted("2006/07", "financial_year", n - len(counts) + 1), count)
        for n, count in enumerate(counts)
    ]
    table = made_table(["area", "financial_year", "value"], rows, breaks=list(breaks))
    return make_series(made_indicator(), "Ashby", table, NOBODY, ["Ashby"])


def months(values: list[float], breaks=()) -> Series:
    """Make a series of months from April 2005 on."""
    rows = [("Ashby", shifted("2005-04", "month", n), value) for n, value in enumerate(values)]
    table = made_table(["area", "month", "value"], rows, kind="month", breaks=list(breaks))
    return make_series(made_indicator(), "Ashby", table, NOBODY, ["Ashby"])


def said_of(*series: Series) -> list[str]:
    """Return the paragraphs of a page of these series."""
    return change(made_page(*series)).words.split("\n\n")


def rows_of(*series: Series) -> list[list]:
    [table] = change(made_page(*series)).tables
    return table.rows


FOUR_YEARS = (3_900.0, 4_100.0, 4_000.0, 1_000.0)


def test_the_latest_year_is_set_against_the_mean_of_the_three_before():
    # (3900 + 4100 + 4000) / 3 = 4000, a quarter of which is 1000. As Poisson counts:
    # √(1/12000 + 1/1000) = 0.0329140; 0.25 e^(∓1.959964 · 0.0329140) = 0.234382 and 0.266659
    assert said_of(years(*FOUR_YEARS))[0] == (
        "Against the three years before, burglaries fell by 75.0%, from 4,000 a year on average to "
        "1,000 in 2006/07 (95% interval −76.6% to −73.3%): more than chance explains."
    )


def test_without_three_years_before_the_reason_is_said():
    assert said_of(years(4_000.0, 1_000.0))[0] == (
        "Against the three years before, burglaries cannot be compared. "
        "No figure for 2003/04, 2004/05 is held."
    )


def test_the_first_indicator_is_left_to_the_headline_and_the_others_are_said():
    texts = said_of(years(4_000.0, 1_000.0), years(400.0, 100.0))
    assert texts[0].startswith("Burglaries fell by 75.0%, from 400 in 2005/06 to 100 in 2006/07")
    assert not any("from 4,000 in 2005/06" in text for text in texts)


def test_a_part_year_is_named_by_its_months_and_set_against_the_same_months():
    # 300 after 1,200. Fifteen months are too few to learn from: as Poisson counts,
    # √(1/1200 + 1/300) = 0.0645497; 0.25 e^(∓1.959964 · 0.0645497) = 0.220291 and 0.283716
    assert (
        "In the part year from April 2006 to June 2006, burglaries fell by 75.0%, from 1,200 in "
        "the same months before to 300 (95% interval −78.0% to −71.6%): more than chance explains."
    ) in said_of(months([400.0] * 12 + [100.0] * 3))


def test_a_part_year_across_a_refusing_break_gives_both_counts_and_the_reason():
    given = months([400.0] * 12 + [100.0] * 3, [ANEW | {"at": "2006-04"}])
    [text] = [each for each in said_of(given) if each.startswith("In the part year")]
    assert text.endswith(
        "1,200 in the same months before and 300 cannot be compared. Counted anew."
    )
    assert "%" not in text


def test_how_sure_the_verdicts_are_names_the_number_of_comparisons_and_the_correction():
    text = change(made_page(years(*FOUR_YEARS))).words
    assert "This page makes 2 comparisons." in text
    assert "Benjamini and Hochberg: of those called a rise or fall, 5% may be false" in text
    assert "from how much the boroughs differ in their movement" in text


def test_one_comparison_is_not_said_to_be_corrected():
    text = change(made_page(years(4_000.0, 1_000.0))).words
    assert "This page makes one comparison." in text
    assert "Benjamini" not in text


def test_where_nothing_can_be_compared_nothing_is_said_of_how_sure_it_is():
    text = change(made_page(years(1_000.0))).words
    assert "This page makes" not in text
    assert "- Burglary, the latest year with the one before: No figure for the year before" in text


def test_without_a_full_year_there_is_no_change_and_the_reason_is_said():
    table = made_table(["area", "financial_year", "value"], [("Burnham", "2006/07", 9.0)])
    others = make_series(made_indicator(), "Ashby", table, NOBODY, ["Ashby", "Burnham"])
    answer = change(made_page(others))
    [gap] = answer.gaps
    assert str(gap) == (
        "**Change: not available.** Burglary: “Made-up offences” holds no figures for Ashby."
    )
    assert answer.tables == []


def test_a_change_that_is_refused_shows_no_percentage_in_the_table():
    row, _ = rows_of(years(100.0, 90.0, breaks=[ANEW]))
    assert row == [
        *("Burglary", "cannot be compared", "[z]", "[z]"),
        *("2005/06", 100, "2006/07", 90),
    ]


def test_a_change_stands_beside_its_indicator_with_verdict_and_interval_before_the_counts():
    [table] = change(made_page(years(4_000.0, 1_000.0))).tables
    assert [heading.title for heading in table.headings] == [
        *("Indicator", "Verdict", "Change", "95% interval"),
        *("Earlier period", "Count", "Later period", "Count"),
    ]
    [indicator, verdict, ratio, interval, *counts], _ = table.rows
    assert (indicator, verdict, ratio) == ("Burglary", "fell", 1_000 / 4_000 - 1)
    # √(1/1000 + 1/4000) = 0.0353553; e^(±1.96 · 0.0353553) = 0.93305 and 1.07175, times 0.25
    assert interval == "−76.7% to −73.2%"
    assert counts == ["2005/06", 4_000, "2006/07", 1_000]


def test_the_comparison_with_three_years_stands_below_with_their_mean():
    one, three = rows_of(years(*FOUR_YEARS))
    assert one[:3] == ["Burglary", "fell", 1_000 / 4_000 - 1]
    assert three[:2] == ["Burglary", "fell"]
    assert three[2] == pytest.approx(1_000 / 4_000 - 1)
    # As in the sentence above.
    assert three[3] == "−76.6% to −73.3%"
    assert three[4:] == [
        *("mean of three years before", pytest.approx(4_000)),
        *("2006/07", 1_000),
    ]


def test_what_lacks_three_years_before_shows_no_mean():
    [table] = change(made_page(years(100.0, 90.0))).tables
    _, row = table.as_data()["rows"]
    assert row == [
        *("Burglary", "cannot be compared", "[z]", "[z]"),
        *("mean of three years before", None, "2006/07", 90),
    ]


def test_a_part_year_stands_in_the_table_with_its_months():
    *_, row = rows_of(months([400.0] * 12 + [100.0] * 3))
    assert row[4:] == [
        *("April 2005 to June 2005 (part year)", 1_200),
        *("April 2006 to June 2006 (part year)", 300),
    ]


def test_the_caption_of_the_changes_says_how_many_were_corrected_together():
    # One and three years before of the first; of the second only the year before.
    [table] = change(made_page(years(*FOUR_YEARS), years(4_000.0, 1_000.0))).tables
    assert table.caption == "Changes: a family of 3, corrected together"


def test_the_frame_has_a_row_for_each_comparison_unrounded():
    frame = change(made_page(years(*FOUR_YEARS), years(90.0))).frame
    assert list(frame["earlier"]) == [
        *("2005/06", "mean of three years before") * 2,
    ]
    first, _, refused, _ = frame.to_dict("records")
    assert first["ratio"] == 1_000 / 4_000
    # √(1/1000 + 1/4000) = 0.0353553
    assert first["low"] == pytest.approx(0.25 * math.exp(-1.959964 * 0.0353553), rel=1e-6)
    assert (refused["verdict"], math.isnan(refused["ratio"])) == ("cannot be compared", True)


def test_another_base_year_takes_the_place_of_the_year_before():
    page = made_page(years(*FOUR_YEARS), years(400.0, 100.0))
    answer = change(page, base="2003/04")
    assert answer.words.startswith(
        "Burglaries fell by 74.4%, from 3,900 in 2003/04 to 1,000 in 2006/07"
    )
    assert (
        "- Burglary, the latest year with 2003/04: No figure for 2003/04 is held." in answer.words
    )
    assert list(answer.frame["earlier"])[::2] == ["2003/04", "2003/04"]
    assert answer.frame["ratio"][0] == 1_000 / 3_900


def test_another_level_is_named_wherever_an_interval_stands():
    page = made_page(years(120.0, 120.0, 120.0, 90.0))
    answer = change(page, level=0.99)
    assert "99% interval" in answer.words
    assert "95%" not in answer.words
    assert "of those called a rise or fall, 1% may be false" in answer.words
    assert "99% interval" in [heading.title for heading in answer.tables[0].headings]
    # ln(90/120) / √(1/120 + 1/90) = -2.0631: p = 0.0391; of the mean, 360/3, p = 0.013
    assert set(change(page).frame["verdict"]) == {"fell"}
    assert set(answer.frame["verdict"]) == {"no clear change"}


@pytest.mark.parametrize("base", ["2006/07", "1999/00", "2005-06", ""])
def test_a_base_year_that_no_indicator_has_is_refused(base):
    with pytest.raises(KingstonError, match=f"No indicator of Made up has a figure of '{base}'"):
        change(made_page(years(*FOUR_YEARS)), base=base)


@pytest.mark.parametrize("level", [0, 1, 95, -0.5])
def test_a_level_that_is_no_share_is_refused(level):
    with pytest.raises(KingstonError, match=f"between 0 and 1: {level} does not"):
        change(made_page(years(*FOUR_YEARS)), level=level)


def test_violence_in_kingston_is_compared_with_a_base_year():
    answer = change(made_page(*real_topic("violence-against-the-person", KINGSTON)), base="2005/06")
    row = answer.frame.iloc[0]
    assert (row["earlier"], row["earlier_count"]) == ("2005/06", 3_240)
