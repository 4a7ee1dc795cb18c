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
    """Make a series of one borough to 2006/07: nothing is learned, φ is that of others, 2."""
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
    # (3900 + 4100 + 4000) / 3 = 4000, a quarter of which is 1000. φ is 2:
    # √(2 (1/12000 + 1/1000)) = 0.0465475; 2.807034 · 0.0465475 = 0.130661
    # 0.25 e^(∓0.130661) = 0.219379 and 0.284896
    assert said_of(years(*FOUR_YEARS))[0] == (
        "Against the three years before, burglaries fell by 75.0%, from 4,000 a year on average to "
        "1,000 in 2006/07 (99.5% interval −78.1% to −71.5%): more than chance explains."
    )


def test_without_three_years_before_the_reason_is_said():
    assert said_of(years(4_000.0, 1_000.0))[0] == (
        "Burglaries cannot be compared with the three years before. "
        "No figures for 2003/04 and 2004/05 are held."
    )


def test_the_first_indicator_is_left_to_the_headline_and_the_others_are_said():
    texts = said_of(years(4_000.0, 1_000.0), years(400.0, 100.0))
    assert texts[0].startswith("Burglaries fell by 75.0%, from 400 in 2005/06 to 100 in 2006/07")
    assert not any("from 4,000 in 2005/06" in text for text in texts)


def test_a_part_year_is_named_by_its_months_and_set_against_the_same_months():
    # 300 after 1,200. √(2 (1/1200 + 1/300)) = 0.0912871; 2.807034 · 0.0912871 = 0.256246
    # 0.25 e^(∓0.256246) = 0.193488 and 0.323018
    assert (
        "In the part year from April 2006 to June 2006, burglaries fell by 75.0%, from 1,200 in "
        "the same months of the year before to 300 (99.5% interval −80.7% to −67.7%): more than "
        "chance explains."
    ) in said_of(months([400.0] * 12 + [100.0] * 3))


def test_a_part_year_across_a_refusing_break_gives_both_counts_and_the_reason():
    given = months([400.0] * 12 + [100.0] * 3, [ANEW | {"at": "2006-04"}])
    [text] = [each for each in said_of(given) if each.startswith("In the part year")]
    assert text.endswith(
        "1,200 in the same months of the year before and 300 cannot be compared. Counted anew."
    )
    assert "%" not in text


def test_how_sure_the_verdicts_are_says_what_it_was_learned_from_and_what_the_words_mean():
    text = change(made_page(years(*FOUR_YEARS))).words
    assert (
        "How far a count varies by chance alone was learned from other recorded crime, since "
        "neither months nor enough years are held. A change is called a rise or a fall only if its "
        "interval does not include zero."
    ) in text
    assert "What moved more than it usually does in a year is called unusual." in text


def test_where_nothing_can_be_compared_nothing_is_said_of_how_sure_it_is():
    text = change(made_page(years(1_000.0))).words
    assert "How far a count varies" not in text
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
        *("Burglary", "cannot be compared", "[z]", "[z]", "[z]"),
        *("2005/06", 100, "2006/07", 90),
    ]


def test_a_change_stands_beside_its_indicator_with_verdict_and_interval_before_the_counts():
    [table] = change(made_page(years(4_000.0, 1_000.0))).tables
    assert [heading.title for heading in table.headings] == [
        *("Indicator", "Verdict", "Change", "99.5% interval", "Usual in a year"),
        *("Earlier period", "Count", "Later period", "Count"),
    ]
    [indicator, verdict, ratio, interval, usual, *counts], _ = table.rows
    assert (indicator, verdict, ratio) == ("Burglary", "fell", 1_000 / 4_000 - 1)
    # √(2 (1/1000 + 1/4000)) = 0.05; e^(∓2.807034 · 0.05) = 0.869052 and 1.150679, times 0.25
    assert interval == "−78.3% to −71.2%"
    assert usual == "[z]"
    assert counts == ["2005/06", 4_000, "2006/07", 1_000]


def test_the_comparison_with_three_years_stands_below_with_their_mean():
    one, three = rows_of(years(*FOUR_YEARS))
    assert one[:3] == ["Burglary", "fell", 1_000 / 4_000 - 1]
    assert three[:2] == ["Burglary", "fell"]
    assert three[2] == pytest.approx(1_000 / 4_000 - 1)
    # As in the sentence above.
    assert three[3:5] == ["−78.1% to −71.5%", "[z]"]
    assert three[5:] == [
        *("mean of three years before", pytest.approx(4_000)),
        *("2006/07", 1_000),
    ]


def test_what_lacks_three_years_before_shows_no_mean():
    [table] = change(made_page(years(100.0, 90.0))).tables
    _, row = table.as_data()["rows"]
    assert row == [
        *("Burglary", "cannot be compared", "[z]", "[z]", "[z]"),
        *("mean of three years before", None, "2006/07", 90),
    ]


def test_a_part_year_stands_in_the_table_with_its_months():
    *_, row = rows_of(months([400.0] * 12 + [100.0] * 3))
    assert row[5:] == [
        *("April 2005 to June 2005 (part year)", 1_200),
        *("April 2006 to June 2006 (part year)", 300),
    ]


def test_the_table_says_what_is_in_it():
    [table] = change(made_page(years(*FOUR_YEARS), years(4_000.0, 1_000.0))).tables
    assert table.caption == "Changes, each with its verdict"


def test_the_frame_has_a_row_for_each_comparison_unrounded():
    frame = change(made_page(years(*FOUR_YEARS), years(90.0))).frame
    assert list(frame["earlier"]) == [
        *("2005/06", "mean of three years before") * 2,
    ]
    first, _, refused, _ = frame.to_dict("records")
    assert first["ratio"] == 1_000 / 4_000
    # √(2 (1/1000 + 1/4000)) = 0.05
    assert first["low"] == pytest.approx(0.25 * math.exp(-2.807034 * 0.05), rel=1e-6)
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
    answer = change(page, level=0.8)
    assert "80% interval" in answer.words
    assert "99.5%" not in answer.words
    assert "80% interval" in [heading.title for heading in answer.tables[0].headings]
    # ln(90/120) = -0.288 is 1.46 times √(2 (1/120 + 1/90)) and 1.73 times √(2 (1/360 + 1/90)),
    # between 1.28 and 2.81.
    assert set(answer.frame["verdict"]) == {"fell"}
    assert set(change(page).frame["verdict"]) == {"no clear change"}


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


def three_boroughs(*latest: float) -> Series:
    """Make four steady years of three boroughs, and a latest of each."""
    rows = [
        (area, shifted("2006/07", "financial_year", n - 4), count * (1 + 0.01 * (-1) ** n))
        for area, count in (("Ashby", 4_000.0), ("Burnham", 3_000.0), ("Colne", 5_000.0))
        for n in range(4)
    ]
    rows += [
        (area, "2006/07", n) for area, n in zip(["Ashby", "Burnham", "Colne"], latest, strict=True)
    ]
    table = made_table(["area", "financial_year", "value"], rows)
    return make_series(made_indicator(), "Ashby", table, NOBODY, ["Ashby", "Burnham", "Colne"])


def test_what_moved_more_than_it_usually_does_in_a_year_is_called_unusual_in_words_and_table():
    series = three_boroughs(2_000.0, 3_000.0, 5_000.0)
    answer = change(made_page(series), base="2005/06")
    row, on_mean = answer.frame.to_dict("records")
    assert row["unusual"]
    ends = [
        f"{100 * (row[name] - 1):+.1f}%".replace("-", "−") for name in ("usual_low", "usual_high")
    ]
    assert (
        f"It is unusual, too: in about 95 of 100 years this moves by {' to '.join(ends)}."
        in answer.words
    )
    [table] = answer.tables
    assert table.rows[0][1] == "fell, unusually"
    assert table.rows[0][4] == " to ".join(ends)
    # Of a mean of three years nobody says what is usual.
    assert (on_mean["verdict"], table.rows[1][4]) == ("fell", "[z]")


def test_a_change_that_most_boroughs_had_is_londons_too():
    words = change(made_page(three_boroughs(2_000.0, 1_500.0, 2_500.0)), base="2005/06").words
    assert "It moved unusually in 3 of 3 boroughs that year, so the change is London's as" in words
    alone = change(made_page(three_boroughs(2_000.0, 3_000.0, 5_000.0)), base="2005/06").words
    assert "1 of 3 boroughs" in alone


def test_what_was_learned_from_several_sources_was_not_learned_of_all_counts():
    text = change(made_page(years(*FOUR_YEARS), three_boroughs(2_000.0, 3_000.0, 5_000.0))).words
    assert (
        "was learned for some counts from other recorded crime, since neither months nor enough "
        "years are held; for others from the years of all boroughs, since no months are held. A "
    ) in text
