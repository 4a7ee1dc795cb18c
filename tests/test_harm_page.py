"""Harm in words, tables, a figure and findings."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages_fixture import answer_of
from scipy import stats
from tables_fixture import real_table

from kingston_analysis.analyses.harm import harm
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures.harm import Harm, harm_by_area, weigh_harm, weights_of
from kingston_analysis.results import Finding, Gap, as_objects
from kingston_analysis.show.answer import Answer
from kingston_analysis.show.figure import LONGEST, SHORTEST
from kingston_analysis.show.mimes import FIGURE
from kingston_analysis.show.table import DisplayTable

HEADINGS = ["offence_group", "offence", "name", "status", "reason", "severity", "days"]
ENDS = ["fewest_days", "most_days", "least_severity", "greatest_severity"]
MAPPED = ("mapped", "The same.")
WEIGHTS = pd.DataFrame(
    [
        ("Violent Crime", "Murder", "murder", *MAPPED, 8000, 5000, 700, 5000, 8000, 8000),
        ("Violent Crime", "Assault", "assault", *MAPPED, 200, 400, 2, 4380, 200, 200),
        (
            "Violent Crime",
            "Wounding",
            "wounding",
            "not mapped",
            "It can be two things.",
            *(None, None, 2, 4380, 180, 2000),
        ),
        ("Theft", "Shops", "theft from shops", *MAPPED, 10, 1, 1, 1, 10, 10),
        ("Theft", "Other", "other theft", *MAPPED, 40, 2, 1, 182, 40, 40),
        (
            "Drugs",
            "Drugs",
            "drug offences",
            "left out",
            "Police work finds these.",
            *(None, None, 0, 0, 2, 500),
        ),
    ],
    columns=[*HEADINGS, *ENDS],
)
EDITIONS = ("One edition; murder weighs 8,000", "Second edition, medians")


def found(phi: float = 1, level: float = 0.95, **counts: float) -> Harm:
    frame = pd.DataFrame({"offence": list(counts), "value": list(counts.values())})
    return weigh_harm(frame, WEIGHTS, 50_000, phi, level)


def ranks() -> pd.DataFrame:
    rows = [("Ashby", "Shops", 5), ("Burnham", "Shops", 9), ("Colne", "Shops", 7)]
    counts = pd.DataFrame(rows, columns=["area", "offence", "value"])
    people = pd.DataFrame({"area": ["Ashby", "Burnham", "Colne"], "population": [1000] * 3})
    return harm_by_area(counts, WEIGHTS, people)


def answer_on(
    harmed: Harm,
    area: str = "Ashby",
    seen: pd.DataFrame | None = None,
    published: tuple[str | None, ...] = ("November 2016", "2016", None),
    count: float | None = None,
    boroughs: int = 3,
    **options: float,
) -> Answer:
    """Say what harm the offences of 2008/09 did, and where the area stands among three.

    `count` is that of the table of years, where it is not that of the offences.
    """
    own = pd.DataFrame({"value": {"2008/09": harmed.total if count is None else count}})
    return answer_of(
        harm,
        options,
        primary=SimpleNamespace(own=own),
        harm=SimpleNamespace(
            area=area,
            year="2008/09",
            weigh=lambda _: harmed,
            by_area=ranks() if seen is None else seen,
            editions=EDITIONS,
            published=published,
            until=date(2010, 1, 15),
            boroughs=boroughs,
            mapping="weights",
            tables=("months", "weights"),
        ),
    )


def answer(phi: float = 1, **counts: float) -> Answer:
    return answer_on(found(phi, **counts))


def said(phi: float = 1, **counts: float) -> str:
    return answer(phi, **counts).words


def table_of(caption: str, made: Answer) -> DisplayTable:
    [table] = [each for each in made.tables if each.caption.startswith(caption)]
    return table


def cells(table: DisplayTable) -> list[list[str]]:
    return [line.split(" | ") for line in table.as_text().splitlines()[1:]]


def values(made: Answer) -> dict[str, Finding]:
    return {each.name: each for each in made.findings}


def limits(total: float, squares: float, heaviest: float, level: float = 0.95) -> str:
    """Write the limits of Fay and Feuer, by their own formula, for every 1,000 of 50,000."""
    tail = (1 - level) / 2
    low = squares / (2 * total) * stats.chi2.ppf(tail, 2 * total**2 / squares)
    above, spread = total + heaviest, squares + heaviest**2
    high = spread / (2 * above) * stats.chi2.ppf(1 - tail, 2 * above**2 / spread)
    return " to ".join(
        f"{end:,.0f}" if end >= 100 else f"{end:,.1f}" for end in (low / 50, high / 50)
    )


def test_the_paragraphs_give_both_indices_with_interval_and_without_what_adds_most():
    severity, days, rest = said(Murder=50, Assault=1_500, Shops=1_000).split("\n\n")[1:4]
    # 50 * 8000 + 1,500 * 200 + 1,000 * 10 = 710,000, over 50
    squares = 50 * 8_000**2 + 1_500 * 200**2 + 1_000 * 10**2
    # 300,000 + 10,000 = 310,000, over 50, of which assault is now the heaviest
    without = 1_500 * 200**2 + 1_000 * 10**2
    assert severity == (
        "In Ashby in 2008/09 these offences came to a Crime Severity Score of 14,200 (95% interval "
        f"{limits(710_000, squares, 8_000)}) for every 1,000 residents. Murder adds most to it. "
        # 400,000 less 300,000 is less than 1.96 √(8,000² · 50 + 200² · 1,500) = 111,900.
        "The counts vary too much by chance to tell murder from assault. "
        f"Without murder, it would be 6,200 (95% interval {limits(310_000, without, 200)})."
    )
    # 50 * 5000 + 1,500 * 400 + 1,000 * 1 = 851,000, over 50; without assault 251,000
    squares = 50 * 5_000**2 + 1_500 * 400**2 + 1_000
    without = 50 * 5_000**2 + 1_000
    assert days == (
        "These offences came to 17,020 days (95% interval "
        f"{limits(851_000, squares, 5_000)}) of the "
        "Cambridge Crime Harm Index for every 1,000 residents. Assault adds most to it, but the "
        "offence with most days is murder. Without assault, it would be 5,020 (95% interval "
        f"{limits(251_000, without, 5_000)})."
    )
    assert rest == (
        "The two indices can disagree. The counts vary too much by chance to show whether they do "
        "here. The days "
        "are the middle of a list of offences, not the full index: for assault the list runs from "
        "2 to 4,380. Both cover all 2,550 offences recorded."
    )


def test_what_leaves_out_offences_is_no_crime_severity_score_and_has_bounds():
    severity, days = said(Assault=1_500, Wounding=100, Drugs=50).split("\n\n")[1:3]
    # 1,500 * 200 = 300,000; 100 * 180 + 50 * 2 = 18,100; 100 * 2000 + 50 * 500 = 225,000
    assert severity == (
        "In Ashby in 2008/09 the severity of the offences that can be weighed was 6,000 (95% "
        f"interval {limits(300_000, 1_500 * 200**2, 200)}) for every 1,000 residents. If the other "
        "150 are counted too, it lies between 6,362 and 10,500, depending on what they weigh."
    )
    # 1,500 * 400 = 600,000; 100 * 2 and 100 * 4,380, over 50; drugs add none
    assert "If the other 150 are counted too, it lies between 12,004 and 20,760, depending" in days


def test_what_adds_most_is_not_called_most_severe():
    text = said(Murder=20, Assault=1_500)
    # 20 * 8000 under 1,500 * 200
    assert "Assault adds most to it, but the most severe offence is murder." in text


def test_too_few_offences_to_say_how_severe_they_are_have_an_interval_and_no_figure():
    made = answer(Murder=1, Assault=25, Shops=100)
    severity, days = made.words.split("\n\n")[1:3]
    # 8000 + 25 * 200 + 100 * 10 = 14,000; variance 8000² + 25 * 200² + 100 * 10² = 65.01 million
    low, high = 58.1, 984.2
    assert limits(14_000, 65.01e6, 8_000) == "58.1 to 984"
    assert severity.startswith(
        "For Ashby in 2008/09 no Crime Severity Score is given. Too few offences carry the figure: "
        f"its 95% interval, {low} to {high} for every 1,000 residents, has an upper end more than "
        "5 times the lower."
    )
    # 5000 + 25 * 400 + 100 = 15,100; 5000² + 25 * 400² + 100 = 29 million
    assert days.startswith("No Cambridge Crime Harm Index is given. Too few offences carry")
    assert values(made)["severity"].missing
    assert values(made)["severity_rank"].missing
    assert "lowest" not in made.words


def test_a_topic_of_one_rare_offence_has_no_figure_and_no_rank():
    made = answer(Murder=1)
    # Garwood: one may stand for 0.0253 to 5.5716; times 8000, over 50
    assert "its 95% interval, 4.1 to 891.5 for every 1,000 residents" in made.words
    assert "Only one of these kinds of offence can be weighed" in made.words
    assert made.figures == []
    numbers = ("severity", "harm_days", "severity_rank", "harm_days_rank_top")
    assert all(values(made)[name].missing for name in numbers)


def test_one_index_may_say_something_where_the_other_does_not():
    made = answer(Murder=1, Assault=100)
    # 28,000 ± of which 8000 is one murder; 45,000 days, of which 5000
    assert "no Crime Severity Score is given" not in made.words
    few = answer(Murder=1, Assault=35)
    assert "no Crime Severity Score is given" in few.words
    assert "These offences came to 380 days" in few.words
    assert few.words.endswith(
        "Ashby had the lowest Cambridge Crime Harm Index per head, by the same offences."
    )


def test_a_lower_level_narrows_the_intervals_and_is_named_in_them():
    made = answer_on(found(level=0.8, Assault=25, Shops=100), level=0.8)
    # (25 * 200 + 100 * 10) / 50 = 120; 25 * 200² + 100 * 10² = 1,010,000; murder can happen
    assert f"Score of 120 (80% interval {limits(6_000, 1.01e6, 200, 0.8)})" in made.words
    headings = [heading.title for heading in table_of("Harm by two", made).headings]
    assert [each for each in headings if "interval" in each] == [
        "80% interval",
        "80% interval without it",
    ]
    assert "95%" not in made.words + "".join(table.as_text() for table in made.tables)
    assert made.findings == []


def test_a_level_that_is_none_is_refused():
    with pytest.raises(KingstonError, match="between 0 and 1: 95 does not"):
        answer_on(found(Assault=25), level=95)


def test_the_indices_are_explained_and_the_editions_of_their_weights_named():
    first, *_, last, _ = said(Assault=25, Shops=100).split("\n\n")
    assert "weighs it by the sentences that courts pass" in first
    assert "by the days in prison that are the starting point for a first offender" in first
    assert last == (
        "Crime Severity Score: one edition; murder weighs 8,000. "
        "Cambridge Crime Harm Index: second edition, medians. This edition's evidence ends on "
        "15 January 2010. The Crime Severity Score was first published in November 2016 and the "
        "Cambridge Crime Harm Index in 2016."
    )


def test_what_was_published_by_then_or_is_not_known_to_be_later_has_no_date():
    made = answer_on(found(Assault=25), published=(None, None, None))
    assert "first published" not in made.words
    made = answer_on(found(Assault=25), published=(None, None, "August 2013"))
    assert "The estimate of residents was first published in August 2013." in made.words


@pytest.mark.parametrize(
    ("first", "day", "said"),
    [
        ("2016-11", date(2016, 1, 15), "November 2016"),
        ("2016-11", date(2016, 12, 31), None),
        # It is not known that it came out before that day.
        ("2016", date(2016, 1, 15), "2016"),
        ("2016", date(2017, 1, 1), None),
        (None, date(2016, 1, 15), None),
    ],
)
def test_when_a_table_was_first_published_is_told_unless_that_was_before_the_day(first, day, said):
    meta = real_table("ons_crime_severity_weights").meta
    dated = meta.model_copy(update={"first_published": first})
    assert dated.published_after(day) == said


def test_the_weights_held_are_of_indices_that_were_first_published_in_2016():
    names = "ons_crime_severity_weights", "cambridge_harm_days_by_subgroup"
    assert [real_table(name).meta.first_published for name in names] == ["2016-11", "2016"]


def test_the_sentence_says_where_the_indices_agree():
    assert "can disagree; here the same offence adds most to both" in said(Murder=9, Shops=1)


def test_the_sentence_gives_the_share_covered():
    text = said(Assault=60, Shops=20, Wounding=15, Drugs=5)
    assert text.count("Both cover 80 of the 100 offences recorded (80.0%); the table says why") == 1


def test_of_one_offence_the_sentence_says_that_there_is_nothing_without_the_heaviest():
    text = said(Assault=60, Wounding=15)
    assert "Only one of these kinds of offence can be weighed, so there is no figure" in text
    assert "Without the one" not in text
    assert "disagree" not in text


def test_days_that_all_offences_of_a_list_share_need_no_warning():
    assert "the list runs" not in said(Shops=60)


def test_where_nothing_can_be_weighed_harm_is_not_available_and_the_reason_is_given():
    [missing] = answer(Drugs=60, Wounding=1).gaps
    assert missing.question == "Harm"
    assert missing.gap == Gap(
        "None of these offences can be weighed. Police work finds these. It can be two things."
    )


def test_where_nothing_was_recorded_the_sentence_says_so():
    for text in (said(Murder=0), said(Murder=0, Shops=0, Drugs=0)):
        told = text.split("\n\n")[1]
        assert told == "No offence that can be weighed was recorded in Ashby in 2008/09."
    told = said(Murder=0, Drugs=8).split("\n\n")[1]
    assert told.endswith(
        "Both cover 0 of the 8 offences recorded (0.0%); the table says why the "
        "others are in neither, and what they may weigh."
    )


def test_the_table_lists_every_offence_and_whether_it_is_in_the_indices():
    table = table_of("Harm of each offence", answer(Assault=10, Shops=90, Wounding=5, Drugs=7))
    assert table.caption == "Harm of each offence, Ashby, 2008/09"
    # severity 2000 and 900 of 2900; days 4000 and 90 of 4090
    assert cells(table)[1:] == [
        # 10, 90, 7 and 5 of 112
        ["Assault", "10", "8.9%", "200.0", "69.0%", "400.0", "2 to 4,380", "97.8%", "Yes"],
        ["Theft from shops", "90", "80.4%", "10.0", "31.0%", "1.0", "1", "2.2%", "Yes"],
        ["Drug offences", "7", "6.2%", *["[z]"] * 5, "No: left out"],
        ["Wounding", "5", "4.5%", *["[z]"] * 5, "No: not mapped"],
    ]


def test_why_an_offence_is_in_neither_index_stands_in_a_table_of_its_own():
    table = table_of(
        "Offences that are not weighed", answer(Assault=10, Shops=90, Wounding=5, Drugs=7)
    )
    assert table.caption == "Offences that are not weighed, Ashby, 2008/09"
    assert cells(table)[1:] == [
        ["Drug offences", "7", "2.0 to 500", "0", "Police work finds these."],
        ["Wounding", "5", "180 to 2,000", "2 to 4,380", "It can be two things."],
    ]


def test_where_everything_is_weighed_no_table_lists_what_is_not():
    captions = [table.caption for table in answer(Assault=10, Shops=90).tables]
    assert not [each for each in captions if "not weighed" in each]


def test_of_nothing_recorded_the_table_has_no_shares():
    rows = cells(table_of("Harm of each offence", answer(Murder=0)))
    assert rows[1] == [
        "Murder",
        "0",
        "[z]",
        "8,000.0",
        "[z]",
        "5,000.0",
        "700 to 5,000",
        "[z]",
        "Yes",
    ]


def test_the_indices_stand_side_by_side():
    rows = cells(table_of("Harm by two indices", answer(Murder=1, Assault=25, Shops=100)))
    assert rows[1:] == [
        # Too few carry the severity to give a figure; 6,000 / 50 = 120 without the murder.
        ["Crime Severity Score", "[x]", "58.1 to 984.2", "murder", "murder", "120.0", rows[1][6]],
        # Neither do they the days; without the assaults 5,100 hangs on one murder.
        [
            *("Cambridge Crime Harm Index, days", "[x]", "129.2 to 737.2", "assault", "murder"),
            *("[z]", "[z]"),
        ],
    ]
    assert rows[1][6].split(" to ")[0] == limits(6_000, 1.01e6, 200).split(" to ")[0]


def test_the_table_of_indices_has_the_bounds_where_some_are_not_weighed():
    made = answer(Assault=1_500, Wounding=100, Drugs=50)
    table = table_of("Harm by two indices", made)
    place = [heading.title for heading in table.headings].index(
        "With the rest at its least and greatest"
    )
    severity, days = cells(table)[1:]
    assert severity[0] == "Severity of the offences that can be weighed"
    assert (severity[place], days[place]) == ("6,362.0 to 10,500.0", "12,004.0 to 20,760.0")


def test_of_one_offence_the_figure_without_it_is_not_applicable():
    rows = cells(table_of("Harm by two indices", answer(Shops=50)))
    # 50 * 10 / 50 = 10; Garwood: 50 may stand for 37.11 to 65.92
    assert rows[1][1:] == ["10.0", "7.4 to 13.2", "theft from shops", "[z]", "[z]", "[z]"]


def test_of_nothing_recorded_the_indices_have_no_figure():
    rows = cells(table_of("Harm by two indices", answer(Shops=0, Murder=0)))
    # 3.6889 * 8000 / 50
    assert rows[1][1:] == ["[x]", "0.0 to 590.2", "[z]", "[z]", "[z]", "[z]"]


def figure(**counts: float):
    [figure] = answer(**counts).figures
    return figure


def drawn(made) -> pd.DataFrame:
    specification = made.chart.to_dict()
    [rows] = [rows for rows in specification["datasets"].values() if "length" in rows[0]]
    return pd.DataFrame(rows)


def test_the_figure_shows_groups_and_leads_with_what_differs_most():
    made = figure(Assault=10, Wounding=3, Shops=90, Drugs=7)
    # 13 of 110 offences recorded; 10 * 200 of 2,900, 10 * 400 of 4,090
    assert made.heading == (
        "Violent crime: 11.8% of all offences, 69.0% of severity and 97.8% of harm that can be "
        "weighed in 2008/09"
    )
    assert "those that can be weighed, 100 of 110." in made.note
    assert made.tables == ("months", "weights")
    assert made.table.rows[0][:3] == ["Violent crime", 13, 10]
    assert list(drawn(made)["place"].unique()) == ["Violent crime", "Theft"]


def test_of_one_group_the_figure_shows_its_offences():
    made = figure(Shops=90, Other=10)
    # severity 400 and 900 of 1300; days 20 and 90 of 110
    assert list(drawn(made)["place"].unique()) == ["Theft from shops", "Other theft"]
    assert drawn(made)["label"].tolist() == [
        "90.0% of all offences",
        "10.0% of all offences",
        "69.2% of severity",
        "30.8% of severity",
        "81.8% of harm",
        "18.2% of harm",
    ]


@pytest.mark.parametrize("counts", [{"Shops": 9}, {"Shops": 9, "Other": 0}, {"Drugs": 9}])
def test_where_one_offence_has_all_or_none_there_is_no_figure(counts):
    assert answer(**counts).figures == []


def test_offences_of_one_weight_have_no_chart_but_a_sentence():
    alike = WEIGHTS.assign(severity=40.0, days=2.0)
    counts = pd.DataFrame({"offence": ["Shops", "Other"], "value": [90, 10]})
    made = answer_on(weigh_harm(counts, alike, 50_000, 1))
    assert made.figures == []
    assert "All the offences weighed here have the same weight, so a chart" in made.words
    one_differs = alike.assign(days=WEIGHTS["days"])
    assert answer_on(weigh_harm(counts, one_differs, 50_000, 1)).figures


def test_the_alternative_tells_what_adds_most_from_what_is_most_severe():
    # 1 * 8000 of 28,000 and 5000 of 45,000; 100 * 200 and 100 * 400 of the same
    assert figure(Murder=1, Assault=100).alternative == (
        "Bars for 2 kinds of offence. Most severity is from “Assault”: 99.0% of all offences, "
        "71.4% of severity and 88.9% of harm. Per offence, most is from “Murder”: 1.0%, 28.6% and "
        "11.1%."
    )
    # 10 * 40 of 1,300 and 90 * 10; 20 and 90 days of 110
    assert figure(Other=40, Shops=60).alternative.startswith(
        "Bars for 2 kinds of offence. Most severity, in all and per offence, is from “Other "
        "theft”: "
    )


def test_a_weight_of_nought_has_no_chart_and_no_share():
    nought = WEIGHTS.assign(severity=WEIGHTS["severity"] * 0)
    counts = pd.DataFrame({"offence": ["Shops", "Assault"], "value": [90, 10]})
    made = answer_on(weigh_harm(counts, nought, 50_000, 1))
    assert (
        "All offences that were recorded and can be weighed have a weight of nought" in made.words
    )
    assert made.figures == []
    assert not [each for each in made.findings if "share_of" in each.name]


def test_only_what_is_drawn_is_in_the_chart():
    made = figure(Assault=10, Shops=90)
    specification = made.as_bundle({})[FIGURE]
    named = {name for rows in specification["datasets"].values() for row in rows for name in row}
    assert named == {"place", "of", "length", "label"}
    assert "NaN" not in json.dumps(specification)


def test_findings_carry_interval_unit_and_what_adds_most():
    got = values(answer(Murder=50, Assault=1_500, Shops=1_000))
    assert got["severity"].value == 14_200
    assert got["severity"].interval[0] < 14_200 < got["severity"].interval[1]
    assert got["severity"].unit == "severity weight per 1,000 residents"
    assert got["harm_days"].value == 17_020
    assert got["harm_days"].unit == "days per 1,000 residents"
    assert got["severity_without_heaviest"].value == 6_200
    assert got["harm_days_without_heaviest"].value == 5_020
    assert "severity_least" not in got
    assert got["severity_heaviest"].value == "murder"
    assert got["harm_days_heaviest"].value == "assault"
    assert {each.period for each in got.values()} == {"2008/09"}


def test_findings_give_coverage_and_shares():
    got = values(answer(Assault=10, Shops=90, Drugs=25))
    assert got["harm_covered"].value == 0.8
    assert got["harm_weighed"].value == 100
    # 90 of 125 recorded
    assert got["theft.share_of_offences"].value == 0.72
    assert got["theft.share_of_offences"].unit == "share of all offences recorded"
    assert got["violent-crime.share_of_severity"].value == pytest.approx(2000 / 2900)
    assert got["violent-crime.share_of_harm"].value == pytest.approx(4000 / 4090)


def test_what_is_missing_is_published_as_missing_with_the_reason():
    one, zero = values(answer(Shops=50)), values(answer(Shops=0, Other=0))
    for name in ("severity", "harm_days"):
        assert "Only one" in one[f"{name}_without_heaviest"].missing
        assert "recorded" in zero[f"{name}_without_heaviest"].missing
        assert "No offence that can be weighed was recorded" in zero[name].missing
    assert zero["harm_covered"].missing
    assert not [name for name in one if "share_of" in name]


def test_findings_of_what_leaves_out_offences_say_so_and_give_bounds():
    got = values(answer(Assault=1_500, Wounding=100, Drugs=50))
    of = "severity weight of the offences that can be weighed per 1,000 residents"
    assert (got["severity"].value, got["severity"].unit) == (6_000, of)
    assert (got["severity_least"].value, got["severity_greatest"].value) == (6_362, 10_500)
    assert (got["harm_days_least"].value, got["harm_days_greatest"].value) == (12_004, 20_760)
    assert got["severity_least"].unit == "severity weight per 1,000 residents"


def test_the_standing_names_both_ranks():
    assert answer_on(found(Shops=70), "Colne").words.split("\n\n")[-1] == (
        "Of 3 London boroughs, Colne had the second lowest Crime Severity Score and the second "
        "lowest Cambridge Crime Harm Index per head, by the same offences."
    )


def test_no_rank_is_given_where_it_hangs_on_what_the_rest_weighs():
    rows = [("Ashby", "Shops", 50), ("Ashby", "Wounding", 5), ("Burnham", "Shops", 300)]
    counts = pd.DataFrame(rows, columns=["area", "offence", "value"])
    people = pd.DataFrame({"area": ["Ashby", "Burnham"], "population": [1_000] * 2})
    made = answer_on(found(Shops=50, Wounding=5), seen=harm_by_area(counts, WEIGHTS, people))
    # 500 + 5 * 180 = 1,400 to 500 + 5 * 2000 = 10,500, beside 3,000; days 60 to 21,950 beside 300
    assert made.words.split("\n\n")[-1] == (
        "No rank among the 2 London boroughs is given. Depending on what the other offences weigh, "
        "Ashby may stand anywhere from 1st to 2nd by severity and from 1st to 2nd by the Cambridge "
        "Crime Harm Index, counted from the lowest."
    )
    ranks = [each for each in made.findings if "_rank" in each.name]
    assert len(ranks) == 4
    assert all("hangs on what" in each.missing for each in ranks)


def test_ranks_are_findings_from_both_ends():
    found_all = values(answer_on(found(Shops=90), "Burnham"))
    assert {name: each.value for name, each in found_all.items() if "_rank" in name} == {
        "severity_rank": 3,
        "severity_rank_top": 1,
        "harm_days_rank": 3,
        "harm_days_rank_top": 1,
    }


@settings(max_examples=40)
@given(
    st.dictionaries(st.sampled_from(list(WEIGHTS["offence"])), st.integers(0, 9_999), min_size=1)
)
def test_nothing_that_is_shown_is_empty_or_not_a_number(counts):
    made = answer(2.5, **counts)
    if made.gaps:
        return
    texts = [made.words, *(table.as_text() for table in made.tables)]
    texts.append(json.dumps(as_objects(made.findings), allow_nan=False))
    texts += [json.dumps(each.as_bundle({}), allow_nan=False) for each in made.figures]
    for text in texts:
        assert "nan" not in text
        assert "None" not in text
        assert "  " not in text


@cache
def real_weights() -> pd.DataFrame:
    names = "offence_harm_map", "ons_crime_severity_weights", "cambridge_harm_days_by_subgroup"
    return weights_of(*(real_table(name).frame for name in names))


@pytest.mark.parametrize("group", [None, *real_weights()["offence_group"].unique()])
def test_the_words_of_every_real_group_fit_their_place(group):
    weights = real_weights()
    chosen = weights if group is None else weights[weights["offence_group"] == group]
    counts = chosen[["offence"]].assign(value=[10 * n + 1 for n in range(len(chosen))])
    for made in answer_on(weigh_harm(counts, weights, 150_000, 2)).figures:
        assert SHORTEST <= len(made.alternative) <= LONGEST
        # At 13 pixels a letter is about 7 wide, and a narrow chart has 280.
        assert drawn(made)["place"].str.len().max() <= 40


def test_a_count_that_is_not_that_of_the_year_is_named_as_the_other_tables():
    harmed = found(Shops=90, Murder=10)
    assert "table of years" not in answer_on(harmed).words
    assert "table of years" not in answer_on(harmed, count=float("nan")).words
    assert (
        "The offences weighed here come from the table of months, which has 100 in 2008/09, and "
        "not 98 as the table of years." in answer_on(harmed, count=98.0).words
    )


def test_offences_without_a_weight_are_named_once_with_where_to_give_one():
    """What police work finds is left out on purpose, so nobody is asked for a weight of it."""
    made = answer_on(found(Shops=50, Wounding=5, Drugs=7))
    said = (
        "No weight that is more than a guess is held for wounding. Weights are added in the table "
        "`weights`, in the folder `data/tables`."
    )
    assert made.words.count(said) == 1
    assert "more than a guess" not in answer_on(found(Shops=50, Drugs=7)).words


def test_no_rank_is_given_among_fewer_than_half_of_the_boroughs():
    """Three boroughs are weighed: half of six, and less than half of seven."""
    harmed = found(Shops=50)
    assert "Of 3 London boroughs, Ashby had the lowest" in answer_on(harmed, boroughs=6).words
    few = answer_on(harmed, boroughs=7)
    why = "Fewer than half of the boroughs have a figure to be ranked by."
    assert f"No rank is given. {why}" in few.words
    ranks_found = [each for each in few.findings if "_rank" in each.measure]
    assert {(each.value, each.missing) for each in ranks_found} == {(None, why)}


def test_a_rank_that_two_boroughs_share_is_called_joint():
    counts = pd.DataFrame(
        [("Ashby", "Shops", 5), ("Burnham", "Shops", 5), ("Colne", "Shops", 7)],
        columns=["area", "offence", "value"],
    )
    people = pd.DataFrame({"area": ["Ashby", "Burnham", "Colne"], "population": [1000] * 3})
    made = answer_on(found(Shops=50), seen=harm_by_area(counts, WEIGHTS, people))
    assert "Ashby had the joint lowest Crime Severity Score and the joint lowest Cam" in made.words


def test_an_offence_that_noise_cannot_tell_from_the_first_is_named():
    """By severity 100 other thefts add 40 · 100 = 4,000 and 22 assaults 200 · 22 = 4,400.

    The 400 between them are less than 1.96 √(200² · 22 + 40² · 100) = 1,997. By days the assaults
    add 400 · 22 = 8,800 and the thefts 200, which is 8,600 less, and 1.96 √(400² · 22) is 3,677.
    """
    severity, days = answer_on(found(Other=100, Assault=22)).words.split("\n\n")[1:3]
    told = (
        "Assault adds most to it. The counts vary too much by chance to tell assault from other "
        "theft. With"
    )
    assert told in severity
    assert "Assault adds most to it. Without" in days


def test_where_the_indices_surely_disagree_it_is_said():
    """Murder adds 50 · 8,000 to severity, assault 500 · 200; to the days 50 · 500 and 500 · 4,000.

    400,000 less 100,000 is more than 1.96 √(8,000² · 50 + 200² · 500) = 111,200, and 2,000,000 less
    25,000 more than 1.96 √(4,000² · 500 + 500² · 50) = 175,300.
    """
    days = WEIGHTS.assign(days=WEIGHTS["days"].replace({5000: 500, 400: 4_000}))
    counts = pd.DataFrame({"offence": ["Murder", "Assault"], "value": [50, 500]})
    made = answer_on(weigh_harm(counts, days, 50_000, 1, 0.95))
    assert (
        "The two indices can disagree, and here they do: murder adds most to one, assault to the "
        "other."
    ) in made.words
