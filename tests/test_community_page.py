"""Community views as a reader meets them: sentences, a chart, tables, findings."""

from __future__ import annotations

import dataclasses
import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
from surveys_fixture import (
    HARM,
    ROWS,
    attitudes,
    margins,
    page_of,
    published,
    residents,
    respondents,
    survey,
    table_of,
)
from tables_fixture import KINGSTON, PROJECT

from kingston_analysis.analyses.community.comparison import concerns, survey_standing
from kingston_analysis.analyses.community.opinions import opinions
from kingston_analysis.analyses.community.shares import CHANCE
from kingston_analysis.analyses.community.surveys import surveys, who_answered
from kingston_analysis.data.editions import load_edition
from kingston_analysis.data.surveys import Community
from kingston_analysis.measures.survey.results import SurveyResults, measure_survey
from kingston_analysis.notebook import NotebookPage, open_edition
from kingston_analysis.results import Finding, Findings, Gap, as_objects
from kingston_analysis.show.figure import Figure
from kingston_analysis.show.table import DisplayTable, format_cell
from kingston_analysis.views.edition import EditionView
from kingston_analysis.views.scope import Scope

PALETTE = {"#12436d", "#28a197", "#801650", "#f46a25", "#3d3d3d", "#a285d1"}
NOBODY = date(2007, 12, 15)


def cells(table: DisplayTable) -> dict[str, list[str]]:
    """Return the cells of a table as they are written, by the first cell of the row."""
    styles = [heading.format for heading in table.headings]
    rows = [[format_cell(c, s) for c, s in zip(row, styles, strict=True)] for row in table.rows]
    return {first: rest for first, *rest in rows}


def about(results: SurveyResults) -> str:
    return surveys(page_of(results)).words


def most_common(results: SurveyResults) -> str:
    return concerns(page_of(results)).words


def beside_harm(harm: dict[str, float]) -> str:
    return concerns(page_of(residents(), harm=harm)).words.split("\n\n")[1]


def figures(results: SurveyResults) -> list[Figure]:
    return opinions(page_of(results)).figures


def table(answer, results: SurveyResults, **given) -> dict[str, list[str]]:
    [found] = answer(page_of(results, **given)).tables
    return cells(found)


def findings(results: SurveyResults) -> list[Finding]:
    return surveys(page_of(results)).findings


def self_selected() -> SurveyResults:
    described = survey(self_selected=True, margins=None)
    return measure_survey(described, "Ashby", respondents(), None, [])


def without_a_survey(area: str, **community) -> NotebookPage[EditionView]:
    changes = {"community": Community(**community), "extraction": NOBODY}
    edition = load_edition(PROJECT, 2008).model_copy(update=changes)
    return NotebookPage(
        "community", {"edition": 2008, "area": area}, EditionView(Scope(PROJECT, edition, area))
    )


def test_an_edition_without_a_survey_says_so():
    [gap] = surveys(without_a_survey(KINGSTON)).gaps
    assert gap.gap == Gap("This edition has no survey of residents.")


def test_a_survey_without_answers_from_the_area_says_so():
    for answer in (surveys, opinions):
        [gap] = answer(without_a_survey("Sutton", surveys=("public-attitude-survey",))).gaps
        assert gap.gap == Gap(
            "The surveys of this edition hold no answers from Sutton for a period up to "
            "15 December 2007."
        )


def test_a_missing_survey_is_a_finding_with_its_reason():
    page = open_edition("community", edition=2008, area=KINGSTON)
    [found] = surveys(page).findings
    assert (found.name, found.value, found.missing) == ("survey", None, page.view.no_survey.why)


def test_the_sentence_on_a_weighted_survey_says_how_many_and_what_weights_cost():
    text = about(residents())
    equal = round(900 / residents().design_effect)
    for said in (
        "**Residents' survey.** 2012.",
        "900 people answered, and their answers are weighted to the residents' age, sex and ward.",
        f"as much as {equal} answers with equal weights",
        f"(design effect {residents().design_effect:.2f})",
        "[c] stands where",
    ):
        assert said in text
    assert "those who replied" not in text


def test_where_the_weights_come_with_the_answers_no_margins_are_named():
    weighted = survey(weight="weight", margins=None)
    results = measure_survey(weighted, "Ashby", respondents(), None, [])
    assert "900 people answered, and their answers are weighted. Unequal weights" in about(results)


def test_a_self_selected_survey_speaks_of_those_who_replied_wherever_a_share_stands():
    views = self_selected()
    assert "**of those who replied**, not of all residents" in about(views)
    assert "answers are not weighted" in about(views)
    assert "% of those who replied (95% interval" in most_common(views)
    said, concern = figures(views)
    assert said.heading.endswith("of those who replied")
    assert "among those who replied" in concern.heading
    assert {f.table.headings[1].title for f in (said, concern)} == {"Those who replied, Ashby"}
    units = {each.unit for each in findings(views) if each.measure == "share"}
    assert units == {"share of those who replied"}


def test_the_sentence_on_concerns_gives_share_interval_base_and_ranks():
    top = residents().concerns.iloc[0]
    assert most_common(residents()) == (
        f"Burglary was the most common of 3 concerns: {top['share']:.1%} of residents (95% "
        f"interval {top['low']:.1%} to {top['high']:.1%}; 900 answered). Its rank, 1st, is the "
        "same throughout the 95% interval."
    )


def test_concerns_are_ranked_in_the_table_and_what_is_withheld_is_marked():
    _, figure = figures(residents())
    found = cells(figure.table)
    assert list(found) == ["Burglary", "Pedal cycle theft", "Robbery", "Deliberate fires"]
    assert found["Burglary"][2:] == ["900", "1", "1 to 1"]
    assert found["Robbery"][3:] == ["3", "2 to 3"]
    assert found["Deliberate fires"] == ["[c]", "[c]", "900", "[c]", "[c]"]
    assert figure.heading == (
        "Burglary was the most common of 3 concerns, more than chance explains"
    )
    assert "[c] stands where" in figure.note
    assert figure.tables == ("residents_survey", "residents_margins")


def test_a_concern_whose_rank_is_not_sure_is_not_called_the_most_common():
    frame = respondents(120).frame
    frame["burglary"] = np.where(np.arange(120) < 50, "yes", "no")
    frame["robbery"] = np.where(np.arange(120) >= 71, "yes", "no")
    views = measure_survey(survey(margins=None), "Ashby", table_of(frame), None, [])
    assert figures(views)[1].heading.startswith("Burglary was named most often of 3 concerns")
    assert "may rank as low as 2nd" in figures(views)[1].heading
    assert "The 95% interval of its rank goes from 1st to 2nd." in most_common(views)


def test_a_base_under_the_minimum_is_not_told_either():
    views = measure_survey(survey(margins=None), "Ashby", respondents(29), None, [])
    assert views.shares["withheld"].all()
    assert figures(views) == []
    assert all(each.value is None for each in findings(views) if each.measure == "share")


def test_nothing_withheld_is_in_a_figures_data():
    for figure in figures(residents()):
        bundle = json.dumps(figure.as_bundle({}), ensure_ascii=False)
        chart = json.dumps(figure.chart.to_dict())
        assert "Deliberate fires" not in chart
        assert "NaN" not in bundle
        assert "nan" not in bundle


def test_concern_stands_beside_recorded_harm_with_a_verdict_where_chance_is_not_enough():
    found = table(concerns, residents(), harm=HARM)
    assert found["Burglary"] == ["1", "1 to 1", "2", "+1", "concern ranks higher"]
    assert found["Pedal cycle theft"] == ["2", "2 to 3", "3", "+1", "no clear gap"]
    assert found["Robbery"] == ["3", "2 to 3", "1", "−2", "concern ranks lower"]
    text = beside_harm(HARM)
    assert "Burglary (1st of 3 as a concern, 2nd by recorded harm); and Robbery (3rd" in text
    assert "Pedal" not in text


def test_harm_that_leaves_out_offences_has_no_rank_beside_a_concern():
    found = table(concerns, residents(), harm=HARM, partly=("robbery",))
    assert found["Burglary"][2] == "1"
    assert "Robbery" not in found


def test_no_clear_gap_is_told():
    agreed = {"burglary": 3.0, "pedal-cycle-theft": 2.0, "robbery": 1.0}
    assert "lies inside the 95% interval" in beside_harm(agreed)


def test_who_answered_stands_beside_the_residents():
    found = table(who_answered, residents())
    young = residents().profile.set_index("category").loc["16 to 34", "respondents"]
    points = round((young / 900 - 40 / 120) * 100)
    assert found["Age: 16 to 34"] == [
        f"{young:.0f}",
        f"{young / 900:.1%}",
        "33.3%",
        f"−{abs(points)}",
    ]
    assert len(found) == 3 + 2 + 3
    text = who_answered(page_of(residents())).words
    assert text.startswith("Furthest from their share of the residents: age 16 to 34, with ")
    assert "against 33.3% of residents." in text


def test_who_did_not_say_and_who_are_few_have_no_share():
    frame = respondents(200).frame
    frame["ward"] = ["Grove End"] * 3 + ["Millside"] * 90 + ["Norbrook"] * 100 + [None] * 7
    found = table(who_answered, measure_survey(survey(), "Ashby", table_of(frame), margins(), []))
    assert found["Ward: Grove End"] == ["[c]", "[c]", "25.0%", "[c]"]
    # 200 less 100 less 90 less 7 would give the three away.
    assert found["Ward: not stated"] == ["[c]", "[z]", "[z]", "[z]"]
    assert found["Ward: Norbrook"][0] == "100"


def test_without_margins_nobody_is_said_to_be_missing():
    assert "No figures on all residents" in who_answered(page_of(self_selected())).words
    assert table(who_answered, self_selected())["Sex: Male"][2:] == ["[x]", "[x]"]


def test_published_shares_without_a_base_are_marked_and_explained():
    [figure] = figures(attitudes())
    found = cells(figure.table)
    assert found["Police do a good job locally"] == ["74", "[x]", "[x]", "67"]
    assert all(row[1:3] == ["[x]", "[x]"] for row in found.values())
    assert next(iter(found)) == "Police can be relied on to be there"
    assert CHANCE in figure.note
    assert CHANCE in about(attitudes())
    assert figure.heading == (
        "Kingston upon Thames had a higher share than the Metropolitan Police area on 6 of 7 "
        "questions, and a lower one on 1"
    )
    assert figure.period == "the year to 31 December 2015"


def test_the_standing_of_published_shares_gives_change_and_rank_without_verdict():
    found = table(survey_standing, attitudes())
    assert found["Police listen to local concerns"] == ["70", "77", "+7", "+4", "joint 9th"]
    assert found["Police do a good job locally"] == ["74", "74", "0", "+7", "6th"]
    assert found["Feels informed about local policing"][2] == "−4"
    text = survey_standing(page_of(attitudes())).words
    for said in (
        "higher than in the Metropolitan Police area on 6 of 7 questions and lower on 1",
        "higher than in the year to 31 December 2014 on 5 of 7 questions and lower on 1",
        "no rank a probability",
        "boroughs often tie",
    ):
        assert said in text
    verdicts = {each.verdict for each in findings(attitudes())}
    assert verdicts == {None}


def test_published_shares_with_a_base_have_their_interval_and_decimals():
    rows = [*ROWS[1:], ("Ashby", "2012", "Heard", 400.0, 0.301, 0.415)]
    views = published(rows)
    [figure] = figures(views)
    found = cells(figure.table)
    assert found["Feels safe"][0] == "70.0%"
    assert found["Feels heard"][:2] == ["41.5%", "36.8% to 46.4%"]
    assert found["Feels heard"][2:] == ["400", "30.1%"]
    assert CHANCE not in about(views)
    assert "No figures for a year before are held." in survey_standing(page_of(views)).words
    assert table(survey_standing, views)["Feels safe"][0] == "[x]"


def test_one_borough_alone_has_no_rank():
    views = published([row for row in ROWS if row[0] == "Ashby"])
    assert table(survey_standing, views)["Feels safe"][-1] == "[x]"


def test_the_findings_of_a_published_survey():
    found = {each.name: each for each in findings(attitudes())}
    good = "public-attitude-survey.good-job"
    assert found[f"{good}.share"].value == 0.74
    assert found[f"{good}.share"].unit == "share of people asked"
    assert found[f"{good}.share"].interval is None
    assert found["public-attitude-survey.informed.change"].value == -4
    ranks = [found[f"{good}.{name}"].value for name in ("rank", "rank_top", "areas")]
    assert ranks == [27, 6, 32]
    assert f"{good}.base" not in found
    assert found[f"{good}.share"].period == "2015-12-31"


def test_the_findings_of_respondents_have_intervals_and_withhold_small_numbers():
    found = {each.name: each for each in findings(residents())}
    share = found["residents.burglary.share"]
    assert share.interval[0] < share.value < share.interval[1]
    assert found["residents.burglary.base"].value == 900
    assert found["residents.robbery.concern_rank"].interval == (2, 3)
    assert found["residents.arson.share"].value is None
    assert "Too few" in found["residents.arson.share"].missing
    assert "residents.arson.base" not in found


@pytest.mark.parametrize("views", [residents, attitudes, self_selected])
def test_findings_can_be_published_each_once(views):
    made = [dataclasses.replace(each, page="community") for each in findings(views())]
    assert len(list(Findings(made))) == len(made)
    json.dumps(as_objects(made), allow_nan=False)


def drawn() -> dict[str, dict]:
    made = [f for results in (residents(), attitudes()) for f in figures(results)]
    return {figure.id: figure.as_bundle({}) for figure in made}


def test_charts_hold_only_what_they_draw_in_colours_of_the_palette():
    for name, bundle in drawn().items():
        [specification] = [each for kind, each in bundle.items() if kind != "text/plain"]
        layers = json.dumps(specification["layer"]).lower()
        used = {each for each in PALETTE if each in layers}
        assert layers.count('"#') == sum(layers.count(f'"{each}"') for each in used), name
        for layer in specification["layer"]:
            rows = specification["datasets"][layer["data"]["name"]]
            fields = {e["field"] for e in layer["encoding"].values() if "field" in e}
            assert {column for row in rows for column in row} <= fields, name


def test_the_charts_show_the_numbers_of_their_tables():
    [figure] = figures(attitudes())
    rows = [row for rows in figure.chart.to_dict()["datasets"].values() for row in rows]
    own = {row["share"] for row in rows if row.get("where") == "Kingston upon Thames"}
    beside = {row["share"] for row in rows if row.get("where") == "Metropolitan Police area"}
    assert {round(each * 100) for each in own} == {row[1] for row in rounded(figure.table.rows)}
    assert {round(each * 100) for each in beside} == {row[4] for row in rounded(figure.table.rows)}


def rounded(rows) -> list[list]:
    return [[round(c) if isinstance(c, float) and not pd.isna(c) else c for c in r] for r in rows]


def test_words_on_a_chart_fit_a_phone():
    # About 6.5 pixels a letter at 13 pixels leave room for 43 letters on 288.
    for bundle in drawn().values():
        [specification] = [each for kind, each in bundle.items() if kind != "text/plain"]
        labels = {r["label"] for rows in specification["datasets"].values() for r in rows}
        assert max(map(len, labels)) <= 43


def test_the_same_answers_give_the_same_bytes():
    again = measure_survey(survey(), "Ashby", respondents(), margins(), ["Ashby"])
    first, second = (
        [json.dumps(f.as_bundle({}), sort_keys=True) for f in figures(views)]
        for views in (residents(), again)
    )
    assert first == second
