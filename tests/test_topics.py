"""Topics: every area of crime of the plan, with indicators that their tables can give."""

from __future__ import annotations

import pytest
from tables_fixture import KINGSTON, PROJECT, real_table, real_topic, sound_project

from kingston_analysis.analyses.change import change
from kingston_analysis.analyses.comparison import comparison
from kingston_analysis.analyses.forecast import forecast
from kingston_analysis.analyses.harm import harm
from kingston_analysis.analyses.level import headline, over_the_years
from kingston_analysis.analyses.months import months
from kingston_analysis.analyses.seasons import seasons
from kingston_analysis.data.editions import load_edition
from kingston_analysis.data.tables import periods
from kingston_analysis.data.topics import OVERVIEW, load_topic, load_topics, topic_problems
from kingston_analysis.errors import KingstonError
from kingston_analysis.measures import level
from kingston_analysis.measures.indicators import no_full_year
from kingston_analysis.measures.wards import ward_rows
from kingston_analysis.notebook import NotebookPage, open_topic
from kingston_analysis.results import Gap

WANTED = [
    "violence-against-the-person",
    "alcohol-misuse",
    "drug-misuse",
    "theft-from-the-person",
    "anti-social-behaviour",
    "crime-by-and-against-young-people",
    "domestic-violence-and-hate-crime",
    "sexual-offences",
    "robbery",
    "burglary",
    "vehicle-crime",
    "pedal-cycle-theft",
    "shop-theft",
    "other-theft",
    "criminal-damage",
    "deliberate-fires",
    "fraud",
    "weapons",
]
INDICATORS = [
    (topic.id, each) for topic in load_topics(PROJECT).values() for each in topic.indicators
]


def test_every_area_of_crime_is_a_topic():
    assert set(WANTED) | {OVERVIEW} <= set(load_topics(PROJECT))


@pytest.mark.parametrize("topic", WANTED)
def test_every_topic_has_indicators_and_says_what_is_not_held(topic):
    assert load_topic(PROJECT, topic).indicators
    assert load_topic(PROJECT, topic).not_held
    assert list(topic_problems(PROJECT, load_topic(PROJECT, topic))) == []


@pytest.mark.parametrize("topic", load_topics(PROJECT).values(), ids=lambda topic: topic.id)
def test_indicators_of_a_topic_have_different_ids(topic):
    ids = [each.id for each in topic.indicators]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "indicator",
    [each for _, each in INDICATORS],
    ids=[f"{topic} {each.id}" for topic, each in INDICATORS],
)
def test_an_indicator_is_said_to_begin_where_its_rows_begin(indicator):
    table = real_table(indicator.table)
    frame, span = table.frame, table.meta.period
    for column, values in indicator.select.items():
        frame = frame[frame[column].isin(values)]
    assert len(frame) > 0
    positions = [periods.position(each, span.kind) for each in frame[span.column].unique()]
    assert periods.at_position(min(positions), span.kind) == indicator.since


@pytest.mark.parametrize("year", [2008, 2009, 2010, 2011, 2016])
def test_an_edition_covers_every_topic_once(year):
    topics = load_edition(PROJECT, year).topics
    assert sorted(topics) == sorted(WANTED)


def test_a_topic_that_does_not_exist_is_answered_with_the_nearest(tmp_path):
    with pytest.raises(KingstonError, match=r"no topic 'burglry'\. Did you mean 'burglary'"):
        load_topic(sound_project(tmp_path), "burglry")


@pytest.mark.parametrize(
    "topic", ["theft-from-the-person", "anti-social-behaviour", "domestic-violence-and-hate-crime"]
)
def test_in_the_first_edition_what_did_not_exist_yet_is_said_to_be_missing(topic):
    page = open_topic(edition=2008, area=KINGSTON, topic=topic)
    assert page.view.series == page.view.monthly == page.view.in_progress == []
    missing = page.view.missing
    assert set(missing) == {each.title for each in load_topic(PROJECT, topic).indicators}
    for gap in missing.values():
        assert "15 December 2007" in gap.why
    for sentence in load_topic(PROJECT, topic).not_held:
        assert sentence in page.not_known().words


def test_a_gap_says_for_when_the_first_figures_are_and_when_the_evidence_ends():
    view = open_topic(edition=2008, area=KINGSTON, topic="shop-theft").view
    assert view.missing["Shop theft"] == Gap(
        "the first figures held are for January 2008, after this edition's evidence ends "
        "(15 December 2007)."
    )


def test_figures_that_had_begun_and_were_not_over_are_told_from_those_of_later():
    view = open_topic(edition=2016, area=KINGSTON, topic="anti-social-behaviour").view
    [gap] = view.missing.values()
    # January 2016 had begun on the 15th.
    assert gap.why == (
        "the first figures held are for January 2016, which was not over when this edition's "
        "evidence ended (15 January 2016)."
    )


def test_a_gap_of_months_without_a_full_year_says_which_months_are_known():
    view = open_topic(edition=2009, area=KINGSTON, topic="shop-theft").view
    assert view.series == []
    # From the first month of the table to the last that was over on 15 January 2009.
    for reason in ("January 2008 to December 2008", "but no full financial year"):
        assert reason in no_full_year(view.monthly[0], view.edition).why


def test_the_newest_figure_of_a_year_before_the_one_assessed_is_said_to_be_the_newest():
    page = open_topic(edition=2016, area=KINGSTON, topic="crime-by-and-against-young-people")
    admissions = page.view.primary
    assert page.view.series == []
    assert (admissions.latest, page.view.edition.assessed) == ("2006/07", "2014/15")
    said = (
        f"- {admissions.indicator.title}: no figure for 2014/15 is held; the newest held is of "
        "2006/07."
    )
    assert said in page.not_known().words.splitlines()
    recent = open_topic(edition=2016, area=KINGSTON, topic="robbery")
    assert "the newest held" not in recent.not_known().words


def test_violence_is_known_in_the_first_edition_to_the_year_assessed():
    view = open_topic(edition=2008, area=KINGSTON, topic="violence-against-the-person").view
    assert view.series[0].latest == "2006/07"
    assert view.series[0].own["value"]["2006/07"] == 3_003


BY_MONTH = [(topic, each) for topic, each in INDICATORS if each.months_of]
WITH_WARDS = [(topic, each) for topic, each in INDICATORS if each.wards]
WITH_PARTS = [(topic, each) for topic, each in INDICATORS if each.parts]
# Of one year's fraud the table of months has 63 offences fewer than the table of years.
KNOWN_TO_DIFFER = {("fraud", "2011/12")}


def named(pairs: list) -> list[str]:
    return [f"{topic} {each.id}" for topic, each in pairs]


@pytest.mark.parametrize(("topic", "indicator"), BY_MONTH, ids=named(BY_MONTH))
def test_months_are_of_the_same_offences_as_the_years_that_they_stand_behind(topic, indicator):
    series = {each.indicator.id: each for each in real_topic(topic, KINGSTON)}
    months, years = series[indicator.id], series[indicator.months_of]
    for name in ("title", "counted", "unit", "polarity", "rate"):
        assert getattr(months.indicator, name) == getattr(years.indicator, name)
    assert years.months_table is months.table is not years.table
    apart = (months.own["value"] - years.own["value"]).dropna().abs()
    assert len(apart) == 8
    assert {(topic, year) for year in apart[apart > 20].index} <= KNOWN_TO_DIFFER


@pytest.mark.parametrize(("topic", "indicator"), WITH_WARDS, ids=named(WITH_WARDS))
def test_wards_have_the_rows_that_the_indicator_selects(topic, indicator):
    table = real_table(indicator.wards)
    span = table.meta.period
    rows = ward_rows(table.frame, indicator.select, span.column, table.meta.value)
    assert rows["ward"].nunique() == 16
    assert table.meta.covers == KINGSTON
    assert span.kind == real_table(indicator.table).meta.period.kind, topic


@pytest.mark.parametrize(("topic", "indicator"), WITH_PARTS, ids=named(WITH_PARTS))
def test_parts_add_up_to_the_indicator(topic, indicator):
    table, chosen = real_table(indicator.parts.table), indicator.parts.select or indicator.select
    span = table.meta.period
    values = level.select(table.frame, chosen, span.column, table.meta.value, table.meta.covers)
    if span.kind == "month":
        values = level.full_years(values)
    sums = values[values["area"] == KINGSTON].set_index("period")["value"]
    [own] = [e.own for e in real_topic(topic, KINGSTON) if e.indicator.id == indicator.id]
    apart = (sums - own["value"]).dropna().abs()
    assert len(apart) >= 7
    assert {(topic, year) for year in apart[apart > 20].index} <= KNOWN_TO_DIFFER
    assert level.rows_of(table.frame, chosen)[indicator.parts.by].nunique() >= 1


def problems_of(folder, *lines: str) -> list[str]:
    """Add lines to the indicator of the sound project; return what is said of its topic."""
    project = sound_project(folder)
    file = project.data / "topics.yml"
    more = "".join(f"      {line}\n" for line in ("rate: true", *lines))
    text = file.read_text(encoding="utf-8").replace("      rate: true\n", more)
    file.write_text(text, encoding="utf-8")
    return [str(each) for each in topic_problems(project, load_topic(project, "burglary"))]


def test_months_are_taken_from_the_indicator_that_names_another_and_from_no_other():
    found = load_topic(PROJECT, "burglary")
    pairs = {each.id: months.id for each in found.indicators if (months := found.by_month(each))}
    assert pairs == {each.months_of: each.id for each in found.indicators if each.months_of}
    assert 0 < len(pairs) < len(found.indicators)


@pytest.mark.parametrize(
    ("line", "what", "remedy"),
    [
        (
            "months_of: offences",
            "`months_of`: the topic has no other indicator 'offences'.",
            "Name another indicator of the topic.",
        ),
        ("wards: offenses", "there is no table 'offenses'.", "Did you mean 'offences'?"),
        ("wards: population", "the table 'population' has no column 'offence_group'.", "Known: "),
        (
            "parts: {table: offense, by: offence_group}",
            "there is no table 'offense'.",
            "Did you mean 'offences'?",
        ),
        (
            "parts: {table: offences, by: offence_groups}",
            "the table 'offences' has no column 'offence_groups'.",
            "Did you mean 'offence_group'",
        ),
        (
            "parts: {table: offences, by: area, select: {offence_group: [Buglary]}}",
            "'Buglary' is no value of 'offence_group'.",
            "Did you mean 'Burglary'",
        ),
    ],
)
def test_what_an_indicator_names_must_be_there(line, what, remedy, tmp_path):
    [problem] = problems_of(tmp_path, line)
    assert f"Topic 'burglary', indicator 'offences': {what}" in problem
    assert remedy in problem


def test_sound_parts_and_wards_are_no_problem(tmp_path):
    lines = ("wards: offences", "parts: {table: offences, by: area}")
    assert problems_of(tmp_path, *lines) == []


def test_an_indicator_by_month_stands_behind_the_lead_and_not_beside_it():
    view = open_topic(edition=2016, area=KINGSTON, topic="robbery").view
    assert "by-month" not in [each.indicator.id for each in view.series + view.monthly]
    assert view.monthly[0] is view.in_progress[0] is view.series[0] is view.primary
    assert view.primary.months["period"].iloc[0] == "2008-01"
    assert view.primary.months_table.name == "recorded_crime_month_2008_2016"


def test_every_change_is_judged_at_the_same_level_by_what_is_learned_from_the_same_months():
    view = open_topic(edition=2016, area=KINGSTON, topic="robbery").view
    found = view.primary.change()
    assert (found.ratio.level, found.variation.source) == (0.995, "months")
    assert [each.change().ratio.level for each in view.series] == [0.995] * len(view.series)
    assert view.primary.change_on_mean().variation == found.variation


def not_known_after(page: NotebookPage, *answers) -> list[str]:
    """Show some answers, and list what the page then says it does not know."""
    for each in answers:
        page.show(each(page))
    return page.not_known().words.splitlines()


def test_what_has_no_answer_is_listed_with_its_reason_and_one_reason_stands_once():
    page = open_topic(edition=2016, area=KINGSTON, topic="deliberate-fires")
    counted, title = page.view.primary.indicator.counted, page.view.primary.indicator.title
    no_months = f"No monthly figures of {counted} are known in this edition."
    not_held = page.not_known().words.splitlines()
    assert not_known_after(page, months, seasons, forecast, harm) == [
        "- “Months that stand out from chance”, “Seasons” and “Where this year will end”: not "
        f"available. {no_months}",
        f"- “Harm”: not available. {title}: no table held here divides these by kind of offence.",
        *not_held,
    ]


def test_a_missing_indicator_is_not_listed_again_with_each_question_that_needs_it():
    page = open_topic(edition=2008, area=KINGSTON, topic="theft-from-the-person")
    before = page.not_known().words.splitlines()
    answers = (headline, over_the_years, change, comparison)
    assert not_known_after(page, *answers) == before
