"""Harm in words, tables, a figure and findings."""

from __future__ import annotations

import json
from functools import cache
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages_fixture import answer_of
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
WEIGHTS = pd.DataFrame(
    [
        ("Violent Crime", "Murder", "murder", "mapped", "The same.", 8000, 5000, 700, 5000),
        ("Violent Crime", "Assault", "assault", "mapped", "The same.", 200, 400, 2, 4380),
        (
            "Violent Crime",
            "Wounding",
            "wounding",
            "not mapped",
            "It can be two things.",
            *[None] * 4,
        ),
        ("Theft", "Shops", "theft from shops", "mapped", "The same.", 10, 1, 1, 1),
        ("Theft", "Other", "other theft", "mapped", "The same.", 40, 2, 1, 182),
        ("Drugs", "Drugs", "drug offences", "left out", "Police work finds these.", *[None] * 4),
    ],
    columns=[*HEADINGS, "fewest_days", "most_days"],
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


def answer_on(harmed: Harm, area: str = "Ashby", **options: float) -> Answer:
    """Say what harm the offences of 2008/09 did, and where the area stands among three."""
    return answer_of(
        harm,
        options,
        harm=SimpleNamespace(
            area=area,
            year="2008/09",
            weigh=lambda _: harmed,
            by_area=ranks(),
            editions=EDITIONS,
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


def test_the_sentence_gives_both_indices_with_interval_and_without_their_heaviest():
    # severity (1 * 8000 + 25 * 200 + 100 * 10) / 50 = 280; days (5000 + 25 * 400 + 100) / 50 = 302
    # reach 1.96 √(8000² + 25 * 200² + 100 * 10²) / 50 = 316.1, so the lower end is 0
    assert said(Murder=1, Assault=25, Shops=100).split("\n\n")[1] == (
        "In Ashby in 2008/09 the offences that can be weighed came to a Crime Severity Score of "
        "280 (95% interval 0.0 to 596) for every 1,000 residents. Without the one that adds most, "
        # (25 * 200 + 100 * 10) / 50 = 120; 1.96 √(25 * 200² + 100 * 10²) / 50 = 39.4
        "murder, it would be 120 (95% interval 80.6 to 159). "
        # 1.96 √(5000² + 25 * 400² + 100) / 50 = 211.1
        "They came to 302 days (95% interval 90.9 to 513) of the Cambridge Crime Harm Index for "
        "every 1,000 residents. Without the one that adds most, assault, it would be "
        # (5000 + 100) / 50 = 102; 1.96 √(5000² + 100) / 50 = 196.0
        "102 (95% interval 0.0 to 298). "
        "The two indices can disagree, and here they do: murder adds most to one, assault to the "
        "other. The days are the middle of a list of offences, not the full index: for assault "
        "the list runs from 2 to 4,380. Both cover all 126 offences recorded."
    )


def test_a_lower_level_narrows_the_intervals_and_is_named_in_them():
    made = answer_on(found(level=0.8, Assault=25, Shops=100), level=0.8)
    # (25 * 200 + 100 * 10) / 50 = 120; 1.28 √(25 * 200² + 100 * 10²) / 50 = 25.8
    assert "Score of 120 (80% interval 94.2 to 146)" in made.words
    headings = [heading.title for heading in table_of("Harm by two", made).headings]
    assert headings[2::3] == ["80% interval", "80% interval without it"]
    assert "95%" not in made.words + "".join(table.as_text() for table in made.tables)
    assert made.findings == []


def test_a_level_that_is_none_is_refused():
    with pytest.raises(KingstonError, match="between 0 and 1: 95 does not"):
        answer_on(found(Assault=25), level=95)


def test_the_sentence_explains_the_indices_and_names_the_editions_of_their_weights():
    first, _, last, _ = said(Assault=25, Shops=100).split("\n\n")
    assert "weighs it by the sentences that courts pass" in first
    assert "by the days in prison that are the starting point for a first offender" in first
    assert last == (
        "Crime Severity Score: one edition; murder weighs 8,000. "
        "Cambridge Crime Harm Index: second edition, medians."
    )


def test_the_sentence_says_where_the_indices_agree():
    assert "can disagree; here the same offence adds most to both" in said(Murder=9, Shops=1)


def test_the_sentence_gives_the_share_covered():
    text = said(Assault=60, Shops=20, Wounding=15, Drugs=5)
    assert text.count("Both cover 80 of the 100 offences recorded (80.0%); the table says why") == 1


def test_of_one_offence_the_sentence_says_that_there_is_nothing_without_the_heaviest():
    text = said(Assault=60, Wounding=15)
    assert "Only one of these offences can be weighed, so there is no figure without" in text
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
        "others are in neither."
    )


def test_the_table_lists_every_offence_and_whether_it_is_in_the_indices():
    table = table_of("Harm of each offence", answer(Assault=10, Shops=90, Wounding=5, Drugs=7))
    assert table.caption == "Harm of each offence, Ashby, 2008/09"
    # severity 2000 and 900 of 2900; days 4000 and 90 of 4090
    assert cells(table)[1:] == [
        ["Assault", "10", "10.0%", "200.0", "69.0%", "400.0", "2 to 4,380", "97.8%", "Yes"],
        ["Theft from shops", "90", "90.0%", "10.0", "31.0%", "1.0", "1", "2.2%", "Yes"],
        ["Drug offences", "7", *["[z]"] * 6, "No: left out"],
        ["Wounding", "5", *["[z]"] * 6, "No: not mapped"],
    ]


def test_why_an_offence_is_in_neither_index_stands_in_a_table_of_its_own():
    table = table_of(
        "Offences that are not weighed", answer(Assault=10, Shops=90, Wounding=5, Drugs=7)
    )
    assert table.caption == "Offences that are not weighed, Ashby, 2008/09"
    assert cells(table)[1:] == [
        ["Drug offences", "7", "Police work finds these."],
        ["Wounding", "5", "It can be two things."],
    ]


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
    table = table_of("Harm by two indices", answer(Murder=1, Assault=25, Shops=100))
    assert cells(table)[1:] == [
        ["Crime Severity Score", "280.0", "0.0 to 596.1", "murder", "120.0", "80.6 to 159.4"],
        [
            "Cambridge Crime Harm Index, days",
            "302.0",
            "90.9 to 513.1",
            "assault",
            "102.0",
            "0.0 to 298.0",
        ],
    ]


def test_of_one_offence_the_figure_without_it_is_not_applicable():
    rows = cells(table_of("Harm by two indices", answer(Shops=50)))
    # 50 * 10 / 50 = 10; 1.96 √(50 * 10²) / 50 = 2.8
    assert rows[1][1:] == ["10.0", "7.2 to 12.8", "theft from shops", "[z]", "[z]"]


def test_of_nothing_recorded_the_indices_have_no_interval():
    rows = cells(table_of("Harm by two indices", answer(Shops=0, Murder=0)))
    assert rows[1][1:] == ["0.0", "[z]", "[z]", "[z]", "[z]"]


def figure(**counts: float):
    [figure] = answer(**counts).figures
    return figure


def drawn(made) -> pd.DataFrame:
    specification = made.chart.to_dict()
    [rows] = [rows for rows in specification["datasets"].values() if "length" in rows[0]]
    return pd.DataFrame(rows)


def test_the_figure_shows_groups_and_leads_with_what_differs_most():
    made = figure(Assault=10, Wounding=3, Shops=90, Drugs=7)
    told = "Violent crime: 10.0% of offences, 69.0% of severity and 97.8% of harm in 2008/09"
    assert made.heading == told
    assert made.tables == ("months", "weights")
    assert made.table.rows[0][:3] == ["Violent crime", 13, 10]
    assert list(drawn(made)["place"].unique()) == ["Violent crime", "Theft"]


def test_of_one_group_the_figure_shows_its_offences():
    made = figure(Shops=90, Other=10)
    # severity 400 and 900 of 1300; days 20 and 90 of 110
    assert list(drawn(made)["place"].unique()) == ["Theft from shops", "Other theft"]
    assert drawn(made)["label"].tolist() == [
        "90.0% of offences",
        "10.0% of offences",
        "69.2% of severity",
        "30.8% of severity",
        "81.8% of harm",
        "18.2% of harm",
    ]


@pytest.mark.parametrize("counts", [{"Shops": 9}, {"Shops": 9, "Other": 0}, {"Drugs": 9}])
def test_where_one_offence_has_all_or_none_there_is_no_figure(counts):
    assert answer(**counts).figures == []


def test_only_what_is_drawn_is_in_the_chart():
    made = figure(Assault=10, Shops=90)
    specification = made.as_bundle({})[FIGURE]
    named = {name for rows in specification["datasets"].values() for row in rows for name in row}
    assert named == {"place", "of", "length", "label"}
    assert "NaN" not in json.dumps(specification)


def test_findings_carry_interval_unit_and_what_adds_most():
    got = values(answer(Murder=1, Assault=25, Shops=100))
    assert got["severity"].value == 280
    assert got["severity"].interval == pytest.approx((0, 596.1), abs=0.05)
    assert got["severity"].unit == "severity weight per 1,000 residents"
    assert got["harm_days"].value == 302
    assert got["harm_days"].unit == "days per 1,000 residents"
    assert got["severity_without_heaviest"].value == 120
    assert got["harm_days_without_heaviest"].value == 102
    assert got["severity_heaviest"].value == "murder"
    assert got["harm_days_heaviest"].value == "assault"
    assert {each.period for each in got.values()} == {"2008/09"}


def test_findings_give_coverage_and_shares():
    got = values(answer(Assault=10, Shops=90, Drugs=25))
    assert got["harm_covered"].value == 0.8
    assert got["harm_weighed"].value == 100
    assert got["theft.share_of_offences"].value == 0.9
    assert got["violent-crime.share_of_severity"].value == pytest.approx(2000 / 2900)
    assert got["violent-crime.share_of_harm"].value == pytest.approx(4000 / 4090)


def test_what_is_missing_is_published_as_missing_with_the_reason():
    one, zero = values(answer(Shops=5)), values(answer(Shops=0, Other=0))
    for name in ("severity", "harm_days"):
        assert "Only one" in one[f"{name}_without_heaviest"].missing
        assert "recorded" in zero[f"{name}_without_heaviest"].missing
        assert zero[name].value == 0
        assert zero[name].interval is None
    assert zero["harm_covered"].missing
    assert not [name for name in one if "share_of" in name]


def test_the_standing_names_both_ranks():
    assert answer_on(found(Shops=7), "Colne").words.split("\n\n")[-1] == (
        "Of 3 London boroughs, Colne had the second lowest Crime Severity Score and the second "
        "lowest Cambridge Crime Harm Index per head, by the same offences."
    )


def test_ranks_are_findings_from_both_ends():
    found_all = values(answer_on(found(Shops=9), "Burnham"))
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
