"""Topics: every area of crime of the plan, with indicators that their tables can give."""

from __future__ import annotations

import pytest
from tables_fixture import KINGSTON, real_table, sound_project

from kingston_analysis.editions import load_edition
from kingston_analysis.errors import KingstonError
from kingston_analysis.notebook import open_page
from kingston_analysis.show.gaps import why_missing
from kingston_analysis.tables import periods
from kingston_analysis.topics import OVERVIEW, load_topic, load_topics, topic_problems

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
INDICATORS = [(topic.id, each) for topic in load_topics().values() for each in topic.indicators]


def test_every_area_of_crime_is_a_topic():
    assert set(WANTED) | {OVERVIEW} <= set(load_topics())


@pytest.mark.parametrize("topic", WANTED)
def test_every_topic_has_indicators_and_says_what_is_not_held(topic):
    assert load_topic(topic).indicators
    assert load_topic(topic).not_held
    assert list(topic_problems(load_topic(topic))) == []


@pytest.mark.parametrize("topic", load_topics().values(), ids=lambda topic: topic.id)
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
    topics = load_edition(year).topics
    assert sorted(topics) == sorted(WANTED)


def test_a_topic_that_does_not_exist_is_answered_with_the_nearest(tmp_path):
    with pytest.raises(KingstonError, match=r"no topic 'burglry'\. Did you mean 'burglary'"):
        load_topic("burglry", sound_project(tmp_path))


@pytest.mark.parametrize(
    "topic", ["theft-from-the-person", "anti-social-behaviour", "domestic-violence-and-hate-crime"]
)
def test_in_the_first_edition_what_did_not_exist_yet_is_said_to_be_missing(topic):
    page = open_page("topic", edition=2008, area=KINGSTON, topic=topic)
    assert page.series == page.monthly == page.in_progress == []
    missing = page.missing
    assert set(missing) == {each.title for each in load_topic(topic).indicators}
    for reason in missing.values():
        assert "15 December 2007" in reason
    for sentence in load_topic(topic).not_held:
        assert sentence in page.not_known()


def test_a_gap_says_for_when_the_first_figures_are_and_when_the_evidence_ends():
    page = open_page("topic", edition=2008, area=KINGSTON, topic="shop-theft")
    assert page.missing["Shop theft"] == (
        "the first figures held are for January 2008, which was not over when this edition's "
        "evidence ends (15 December 2007)."
    )


def test_a_gap_of_months_without_a_full_year_says_which_months_are_known():
    page = open_page("topic", edition=2009, area=KINGSTON, topic="shop-theft")
    assert page.series == []
    # From the first month of the table to the last that was over on 15 January 2009.
    for reason in ("January 2008 to December 2008", "but no full financial year"):
        assert reason in why_missing(page.monthly[0], page.edition)


def test_the_newest_figure_of_a_year_before_the_one_assessed_is_said_to_be_the_newest():
    page = open_page(
        "topic", edition=2016, area=KINGSTON, topic="crime-by-and-against-young-people"
    )
    [admissions] = page.series
    assert (admissions.latest, page.edition.assessed) == ("2006/07", "2014/15")
    said = f"- {admissions.indicator.title}: the newest figure held is of 2006/07."
    assert said in page.not_known().splitlines()
    recent = open_page("topic", edition=2016, area=KINGSTON, topic="robbery")
    assert "newest figure" not in recent.not_known()


def test_anti_social_behaviour_is_missing_even_in_the_last_edition():
    page = open_page("topic", edition=2016, area=KINGSTON, topic="anti-social-behaviour")
    [reason] = page.missing.values()
    assert "January 2016" in reason
    assert "15 January 2016" in reason


def test_violence_is_known_in_the_first_edition_to_the_year_assessed():
    page = open_page("topic", edition=2008, area=KINGSTON, topic="violence-against-the-person")
    assert page.series[0].latest == "2006/07"
    assert page.series[0].own["value"]["2006/07"] == 3_003
