"""Views: what an edition sees of a topic, and as a whole, where every number is in sight."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from small_project import EDITIONS, small_project
from system_project import Copy

from kingston_analysis.errors import KingstonError
from kingston_analysis.notebook import open_edition, open_topic
from kingston_analysis.project import Project
from kingston_analysis.results import Gap
from kingston_analysis.views import scope as scope_module
from kingston_analysis.views.edition import EditionView
from kingston_analysis.views.topic import TopicView


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return the small project with the pages of its topics run, for Ashby in both editions."""
    project = small_project(tmp_path_factory.mktemp("small") / "project")
    for year in EDITIONS:
        said = Copy(project.root).kingston_here("run", "--edition", str(year), "--only", "topic")
        assert said.code == 0, said.raw
    return project


def of_topic(
    project: Project, topic: str = "burglary", edition: int = 2008, area: str = "Ashby"
) -> TopicView:
    return open_topic(edition=edition, area=area, topic=topic, project=project).view


def of_edition(project: Project, edition: int = 2008, area: str = "Ashby") -> EditionView:
    return open_edition("sources", edition=edition, area=area, project=project).view


def offered(view: type) -> set[str]:
    """Return the public names of a view: what it holds and what it gives."""
    names = {*vars(view), *view.__dataclass_fields__}
    return {name for name in names if not name.startswith("_")}


# What they are


@pytest.mark.parametrize("view", [TopicView, EditionView])
def test_a_view_is_composed_and_inherits_nothing(view):
    assert view.__bases__ == (object,)


@pytest.mark.parametrize("view", [TopicView, EditionView])
def test_all_that_a_view_offers_stands_in_its_description_and_no_more(view):
    assert set(re.findall(r"`(\w+)`", view.__doc__)) - {"Gap", "id"} == offered(view)


def test_views_print_what_they_see(project):
    assert repr(of_topic(project)).splitlines() == [
        "Burglary: Ashby, edition 2008",
        "  Burglary: 2002/03 to 2006/07",
        "  Burglary, by month: 2002/03 to 2006/07",
    ]
    assert repr(of_edition(project)).splitlines() == [
        "Ashby, edition 2008, assessing 2006/07",
        "  All recorded crime, Burglary, Robbery",
    ]


def test_a_series_prints_what_it_is_of(project):
    assert repr(of_topic(project).primary).endswith("to 2006/07")
    assert len(repr(of_topic(project).primary).splitlines()) == 1


def test_a_topic_that_is_none_is_told_with_the_nearest(project):
    with pytest.raises(KingstonError, match=r"There is no topic 'robery'\. Did you mean 'robbery'"):
        of_edition(project).topic("robery")


def test_a_page_prints_its_name_and_what_it_sees(project):
    page = open_topic(edition=2008, area="Ashby", topic="all-recorded-crime", project=project)
    assert repr(page) == f"Page overview\n{page.view!r}"


# A topic


def test_a_topic_has_its_lead_and_what_gives_it_by_month_stands_behind(project):
    view = of_topic(project)
    assert [each.indicator.id for each in view.indicators] == ["offences", "by-month"]
    assert view.series == view.over_years == view.monthly == view.compared == [view.primary]
    # 120 in the first year and 12 more in each of the four after it, a twelfth of them a month.
    assert view.primary.own["value"]["2006/07"] == 120 + 4 * 12
    assert set(view.primary.months["value"][-12:]) == {168 / 12}


def test_an_edition_sees_the_months_of_the_year_in_progress_that_had_ended(project):
    [series] = of_topic(project, edition=2007).in_progress
    part = series.own_part_year
    # On 15 January 2007: nine months of 168 / 12 = 14, after nine of 156 / 12 = 13.
    assert (part["last"], part["value"], part["before"]) == ("2006-12", 9 * 14, 9 * 13)
    assert of_topic(project, edition=2008).in_progress == []


def test_the_change_that_is_divided_is_that_of_the_primary_indicator(project):
    view = of_topic(project)
    assert view.primary.change().ratio.value == pytest.approx(168 / 156)
    assert view.decompose("2002/03").change == 168 - 120


def test_a_topic_stands_beside_the_larger_areas_in_which_its_area_lies(project):
    [north] = of_topic(project).group_comparison.groups
    # Ashby and Burnham, which has twice its counts.
    assert (north.standing.group.name, north.standing.count) == ("North", 168 + 2 * 168)


def test_what_is_not_held_of_a_topic_is_a_gap_that_says_why(project):
    view = of_topic(project)
    assert view.wards == Gap("No table held here has offences by ward.")
    assert view.harm == Gap("Burglary: no table held here divides these by kind of offence.")
    assert view.missing == {}


def test_few_a_month_are_not_said_to_lack_a_full_year(project):
    view = of_topic(project)
    lead, by_month = view.indicators
    few = replace(by_month, all_months=by_month.all_months.assign(value=1.0))
    vars(view)["indicators"] = [lead, few]
    [gap] = view.missing.values()
    assert gap.why.startswith("There are too few offences a month to show more than chance")


def test_a_topic_finds_its_indicators_those_beside_the_lead_under_their_ids(project):
    found = {
        finding.name: finding
        for _, findings in of_topic(project).found
        for finding in findings
        if finding.period == "2006/07"
    }
    assert found["count"].value == found["by-month.count"].value == 168
    assert (found["count"].what, found["count"].polarity) == ("offences", "lower is better")


# Once


def test_whatever_a_view_gives_it_gives_again(project):
    view, edition = of_topic(project), of_edition(project)
    for name in (
        "indicators",
        "series",
        "seasons",
        "profile",
        "group_comparison",
        "wards",
    ):
        assert getattr(view, name) is getattr(view, name), name
    for name in ("before", "found", "differences", "matrix", "plan"):
        assert getattr(edition, name) is getattr(edition, name), name
    assert view.load("population") is view.load("population")
    assert edition.topic("robbery") is edition.topic("robbery") is edition.pages["robbery"]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the series that are made, by title and table."""
    counted: Counter[str] = Counter()
    make = scope_module.make_series

    def counting(indicator, *given):
        counted[f"{indicator.title} in {indicator.table}"] += 1
        return make(indicator, *given)

    monkeypatch.setattr(scope_module, "make_series", counting)
    return counted


def test_no_series_is_made_twice_on_one_view(project, made):
    view = of_topic(project)
    for name in sorted(offered(TopicView) - {"load"}):
        getattr(view, name)
    assert [len(findings) > 0 for _, findings in view.found] == [True, True]
    assert made == {"Burglary in offences_year": 1, "Burglary in offences_month": 1}


def test_an_edition_makes_the_series_of_each_topic_once_for_all_that_it_tells(project, made):
    view = of_edition(project, edition=2007)
    assert list(view.found)
    assert view.all_crime.primary.known
    assert all(each.primary.known for each in view.pages.values())
    assert [view.topic(name).year_gap for name in view.edition.topics] == [None] * len(
        view.edition.topics
    )
    assert view.differences == []
    assert set(made.values()) == {1}
    assert len(made) == 3 * 2


def test_an_edition_takes_what_its_pages_found_and_measures_nothing_for_it(project, made):
    view = of_edition(project)
    assert view.found
    assert made == {}


# An edition


def test_an_edition_has_all_crime_and_its_topics_by_the_names_of_their_pages(project):
    view = of_edition(project)
    assert list(view.pages) == ["overview", "burglary", "robbery"]
    assert view.pages["overview"] is view.all_crime
    assert view.page_titles["overview"] == "All recorded crime"
    assert view.all_crime.primary.own["value"]["2006/07"] == 168 + 48


def test_what_an_edition_has_not_is_a_gap_that_says_why(project):
    view = of_edition(project)
    assert view.plan == Gap("This edition has no plan.")
    assert view.matrix == Gap("This edition names no scheme by which areas are scored.")
    assert view.ranks.empty
    assert (view.surveys, view.no_survey.why) == ([], "This edition has no survey of residents.")
    assert view.decisions == Gap("This edition has no plan, so nothing was decided in it.")
    other = of_edition(project, area="Burnham")
    assert other.plan == Gap("Plans are held for Ashby alone.")


def test_a_topic_with_the_year_assessed_has_no_gap(project):
    view = of_edition(project).topic("robbery")
    assert (view.primary.latest, view.year_gap) == ("2006/07", None)


# The edition before


def test_the_edition_before_sees_no_more_than_it_saw_then(project):
    before = of_edition(project).before
    then = of_edition(project, edition=2007)
    assert repr(before) == repr(then)
    for name in ("offences_year", "offences_month", "population"):
        assert before.load(name).frame.equals(then.load(name).frame), name
    assert before.load("offences_year").frame["financial_year"].max() == "2005/06"
    assert before.load("offences_month").frame["month"].max() == "2006-12"
    published = [replace(each, template="", sources=()) for each in then.found]
    assert published
    assert list(before.found) == published


def test_the_edition_before_reads_no_table_anew(project):
    view = of_edition(project)
    assert list(view.before.found)
    read = {each.name for each in view.before.scope.tables}
    assert read
    assert {each.name for each in view.scope.tables} == read


def test_the_first_edition_has_none_before_it(project):
    view = of_edition(project, edition=2007)
    assert view.before is None
    assert view.differences == []


def test_the_differences_are_what_the_later_edition_finds_anew(project):
    periods = {each.now.period for each in of_edition(project).differences if each.now}
    assert "2006/07" in periods
