"""What an edition may see: nothing of a period that had not ended by its extraction date."""

from __future__ import annotations

from datetime import date

import pytest
from tables_fixture import KINGSTON, PROJECT, made_table, real_table, sound_project

from kingston_analysis.data.editions import (
    Edition,
    edition_years,
    load_edition,
    visible_to,
    years_before,
)
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.metadata import load_metadata, table_names
from kingston_analysis.errors import KingstonError
from kingston_analysis.notebook import open_edition, open_topic
from kingston_analysis.project import Project

# Written here by hand, not read from the files that the test is about.
EXTRACTIONS = {
    2008: date(2007, 12, 15),
    2009: date(2009, 1, 15),
    2010: date(2010, 1, 15),
    2011: date(2011, 1, 15),
    2016: date(2016, 1, 15),
}
ASSESSED = {2008: "2006/07", 2009: "2007/08", 2010: "2008/09", 2011: "2009/10", 2016: "2014/15"}
TABLES = table_names(PROJECT)
OBSERVATIONS = [name for name in TABLES if load_metadata(PROJECT, name).role == "observation"]
INSTRUMENTS = [name for name in TABLES if name not in OBSERVATIONS]


def last_day_seen(table) -> date | None:
    span = table.meta.period
    ended = [periods.ends(each, span.kind) for each in table.frame[span.column].unique()]
    return max(ended, default=None)


def test_there_are_five_editions():
    assert edition_years(PROJECT) == list(EXTRACTIONS)


@pytest.mark.parametrize("year", EXTRACTIONS)
def test_an_edition_assesses_its_year_on_its_day(year):
    edition = load_edition(PROJECT, year)
    assert (edition.assessed, edition.extraction) == (ASSESSED[year], EXTRACTIONS[year])
    assert edition.plan == (None if year == 2016 else "2008-11")
    assert edition.area == KINGSTON


def test_every_table_with_a_period_is_an_observation_and_every_observation_has_one():
    with_period = [name for name in TABLES if load_metadata(PROJECT, name).period]
    assert with_period == OBSERVATIONS
    assert len(OBSERVATIONS) >= 12


@pytest.mark.parametrize("year", EXTRACTIONS)
@pytest.mark.parametrize("name", OBSERVATIONS)
def test_no_observation_of_a_later_period_is_visible(year, name):
    whole = real_table(name)
    seen = visible_to(whole, load_edition(PROJECT, year))
    last = last_day_seen(seen)
    assert last is None or last <= EXTRACTIONS[year]
    # The counter-check: rows were there to be hidden, and exactly those are gone.
    span = whole.meta.period
    ended = {
        period: periods.ends(period, span.kind) <= EXTRACTIONS[year]
        for period in whole.frame[span.column].unique()
    }
    kept = whole.frame[span.column].map(ended).sum()
    assert len(seen.frame) == kept
    if last_day_seen(whole) > EXTRACTIONS[year]:
        assert len(seen.frame) < len(whole.frame)


@pytest.mark.parametrize("year", EXTRACTIONS)
def test_rows_were_indeed_removed(year):
    """At least six tables go on after even the last extraction: hiding is put to the test."""
    edition = load_edition(PROJECT, year)
    shorter = [
        name
        for name in OBSERVATIONS
        if len(visible_to(real_table(name), edition).frame) < len(real_table(name).frame)
    ]
    assert len(shorter) >= 6
    assert {"population", "recorded_crime_year", "recorded_crime_month_2008_2016"} <= set(shorter)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_an_instrument_is_seen_whole_by_every_edition(name):
    whole = real_table(name)
    assert len(visible_to(whole, load_edition(PROJECT, 2008)).frame) == len(whole.frame)


@pytest.mark.parametrize("year", EXTRACTIONS)
def test_a_page_sees_no_later_observation_of_any_table(year):
    view = open_edition("sources", edition=year, area=KINGSTON).view
    for name in OBSERVATIONS:
        last = last_day_seen(view.load(name))
        assert last is None or last <= EXTRACTIONS[year], name


@pytest.mark.parametrize("year", EXTRACTIONS)
def test_a_page_draws_only_on_tables_that_it_loaded_narrowed(year):
    view = open_topic(edition=year, area=KINGSTON, topic="theft-from-the-person").view
    shown = [*view.series, *view.monthly, *view.in_progress]
    assert bool(shown) == (year > 2008)
    for series in shown:
        ended = [periods.ends(each, series.kind) for each in series.own.index]
        months = [periods.ends(each, "month") for each in series.months["period"]]
        assert max([*ended, *months]) <= EXTRACTIONS[year]


def test_the_year_in_progress_is_known_to_the_month_before_the_extraction():
    view = open_topic(edition=2010, area=KINGSTON, topic="theft-from-the-person").view
    part = view.in_progress[0].own_part_year
    assert (part["first"], part["last"]) == ("2009-04", "2009-12")


def test_a_period_that_ends_on_the_day_of_extraction_is_seen_and_one_a_day_later_is_not():
    edition = load_edition(PROJECT, 2008)
    on_the_day = edition.model_copy(update={"extraction": date(2008, 3, 31)})
    a_day_before = edition.model_copy(update={"extraction": date(2008, 3, 30)})
    rows = [("Ashby", "2006/07", 1.0), ("Ashby", "2007/08", 2.0)]
    table = made_table(["area", "financial_year", "value"], rows)
    assert list(visible_to(table, on_the_day).frame["financial_year"]) == ["2006/07", "2007/08"]
    assert list(visible_to(table, a_day_before).frame["financial_year"]) == ["2006/07"]


def test_narrowing_leaves_the_whole_table_as_it_was():
    whole = real_table("population")
    rows = len(whole.frame)
    visible_to(whole, load_edition(PROJECT, 2008))
    assert len(whole.frame) == rows


def test_an_edition_that_does_not_exist_is_answered_with_those_that_do(tmp_path):
    with pytest.raises(KingstonError, match="There is no edition 2008") as caught:
        load_edition(sound_project(tmp_path), 2008)
    assert "2007" in str(caught.value)


def test_an_edition_cannot_be_changed_once_read():
    with pytest.raises(ValueError, match="frozen"):
        load_edition(PROJECT, 2008).edition = 2009


def test_an_edition_cannot_assess_a_year_that_had_not_ended():
    sound = load_edition(PROJECT, 2008).model_dump()
    assert Edition.model_validate(sound | {"extraction": date(2007, 3, 31)})
    with pytest.raises(ValueError, match="ends after the extraction"):
        Edition.model_validate(sound | {"extraction": date(2007, 3, 30)})


def test_an_edition_assesses_the_last_year_that_had_ended_by_its_extraction():
    sound = load_edition(PROJECT, 2008).model_dump()
    with pytest.raises(ValueError, match="is 2005/06, but 2006/07 had ended by the extraction"):
        Edition.model_validate(sound | {"assessed": "2005/06"})
    # On 31 March 2008 the year 2007/08 ends; the day before, 2006/07 is still the last.
    assert Edition.model_validate(sound | {"extraction": date(2008, 3, 30)})
    with pytest.raises(ValueError, match="2007/08 had ended"):
        Edition.model_validate(sound | {"extraction": date(2008, 3, 31)})


def test_a_page_for_an_unknown_borough_is_answered_with_the_nearest():
    with pytest.raises(KingstonError, match="no borough 'Kingston on Thames'") as caught:
        open_edition("sources", edition=2008, area="Kingston on Thames")
    assert KINGSTON in str(caught.value)


@pytest.mark.parametrize(
    ("year", "before", "listed"),
    [
        # Only as far back as the first one found: a later or older one changes nothing of it.
        (2016, 2011, ["201[0-5].*"]),
        (2011, 2010, ["201[0-0].*"]),
        (2010, 2008, ["20[0-0][0-9].*"]),
        (2008, 2000, ["200[0-7].*"]),
        (2000, 1999, ["[0-1][0-9][0-9][0-9].*"]),
        (1999, None, ["199[0-8].*", "19[0-8][0-9].*", "1[0-8][0-9][0-9].*", "[0-0]"]),
    ],
)
def test_the_year_before_is_found_by_what_lies_nearest(tmp_path, monkeypatch, year, before, listed):
    project = Project(tmp_path)
    (project.data / "editions").mkdir(parents=True)
    for each in (1999, 2000, 2008, 2010, 2011, 2016):
        (project.data / f"editions/{each}.yml").touch()
    listings: list[str] = []
    listed_by_name = project.names_in
    monkeypatch.setattr(
        project,
        "names_in",
        lambda folder, pattern: (listings.append(pattern), listed_by_name(folder, pattern))[1],
    )

    assert next(years_before(project, year), None) == before

    assert len(listings) == len(listed)
    assert all(map(str.startswith, listings, listed))


def test_the_years_before_are_given_the_latest_first():
    assert list(years_before(PROJECT, 2016)) == [2011, 2010, 2009, 2008]
