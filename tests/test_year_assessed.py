"""The year asked is the year answered: in every edition, for every borough and indicator."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from pages_fixture import made_page
from tables_fixture import PROJECT, made_indicator, made_people, made_table

from kingston_analysis.analyses.change import change
from kingston_analysis.analyses.level import headline, over_the_years
from kingston_analysis.analyses.progress import what_figures_did
from kingston_analysis.data.editions import Edition, edition_years, load_edition
from kingston_analysis.data.tables.periods import answered_year, answering
from kingston_analysis.matrix.cells import Computed, Matrix
from kingston_analysis.measures.indicators import make_series, no_full_year, until
from kingston_analysis.measures.series import Series
from kingston_analysis.notebook import NotebookPage
from kingston_analysis.results import Finding, Findings, Gap, require
from kingston_analysis.views import scope as scopes
from kingston_analysis.views import topic as topics
from kingston_analysis.views.edition import EditionView
from kingston_analysis.views.scope import Scope
from kingston_analysis.views.topic import TopicView

# What is given for every year of a series; all else is of the year assessed alone.
HISTORY = {
    *("count", "rate", "rank_count", "rank_count_top", "rank_rate", "rank_rate_top", "areas"),
    "change",
}
YOUNG = "crime-by-and-against-young-people"


def page_of(view: TopicView) -> NotebookPage[TopicView]:
    return NotebookPage("topic", {}, view)


def fallbacks(view: TopicView) -> list[str]:
    """List what a topic's view gives of another year as if it were of the year assessed."""
    assessed, primary = view.edition.assessed, view.primary
    of_the_year = {
        **{each.indicator.id: (each.latest, each.kind) for each in view.series},
        "comparison": getattr(view.group_comparison, "period", None),
        "wards": getattr(view.wards, "period", None),
        "harm": getattr(view.harm, "year", None),
    }
    told = re.findall(
        r"\d{4}(?:/\d\d)?", headline(page_of(view)).words.removeprefix(view.topic.about)
    )
    of_the_year["headline"] = told[0] if told else None
    found = []
    for name, period in of_the_year.items():
        period, kind = period if isinstance(period, tuple) else (period, primary.kind)
        if (
            period
            and answered_year(period, "financial_year" if "/" in period else kind) != assessed
        ):
            found.append(f"{name}: {period}")
    following = str(int(assessed[:4]) + 1)
    if not isinstance(view.year_end, Gap) and view.year_end.year[:4] != following:
        found.append(f"projection: {view.year_end.year}")
    for series, values in view.found:
        found += [
            f"{each}" for each in _of_the_year(values) if not _answers(each, series, assessed)
        ]
    return found


def _of_the_year(values: list[Finding]) -> Iterator[Finding]:
    """Give what is of one year alone, and what a name gives for which no period is asked."""
    yield from (each for each in values if each.measure not in HISTORY)
    yield from {each.name: each for each in values}.values()


def _answers(each: Finding, series: Series, assessed: str) -> bool:
    return each.value is None or answered_year(str(each.period), series.kind) == assessed


@cache
def base(year: int) -> EditionView:
    """Return an edition for its own borough, all its series made."""
    edition = load_edition(PROJECT, year)
    view = EditionView(Scope(PROJECT, edition, edition.area))
    assert all(page.indicators for page in view.pages.values())
    return view


def beside(view: EditionView, area: str) -> EditionView:
    """Return the same edition for another borough, of the same tables and series."""
    scope = Scope(PROJECT, view.edition, area)
    scope._tables = view.scope._tables
    scope._series = {key: replace(each, area=area) for key, each in view.scope._series.items()}
    return EditionView(scope)


def held(view: TopicView) -> tuple[object, ...]:
    """Return of which periods the borough has figures: all on which it hangs what is told."""
    return (
        view.topic.id,
        *(
            (
                *each.own["value"].dropna().index,
                *each.own.index,
                *each.own["rate"].dropna().index,
                *each.months["period"],
            )
            for each in view.indicators
        ),
    )


@pytest.mark.parametrize("year", edition_years(PROJECT))
def test_no_borough_is_given_another_year_for_the_one_assessed(year):
    edition, seen, looked_at = base(year), set(), 0
    boroughs = edition.scope.areas.borough_names
    for area in boroughs:
        for view in beside(edition, area).pages.values():
            looked_at += len(view.indicators)
            old = [each for each in view.series if _year_of(each) != edition.edition.assessed]
            assert not old, (area, view.topic.id)
            assert view.primary in view.series or (view.year_gap and not view.series)
            # What is told of two boroughs that have figures of the same periods is of the same.
            if (periods := held(view)) not in seen:
                seen.add(periods)
                assert fallbacks(view) == [], (area, view.topic.id)
    assert len(boroughs) == 32
    assert looked_at == 32 * sum(len(each.topic.indicators) for each in edition.pages.values())


def _year_of(series: Series) -> str:
    return answered_year(series.latest, series.kind)


def newest(series: Series, edition: Edition) -> Gap | None:
    """Take the newest figure for that of the year assessed, which is the fault looked for."""
    return None if series.known else no_full_year(series, edition)


def test_a_newest_figure_that_is_taken_for_the_years_is_found(monkeypatch):
    assert fallbacks(TopicView(base(2016).scope, base(2016).topic(YOUNG).topic)) == []
    monkeypatch.setattr(topics, "no_figure", newest)
    found = fallbacks(TopicView(base(2016).scope, base(2016).topic(YOUNG).topic))
    assert found[:2] == ["alcohol-admissions: 2006/07", "comparison: 2006/07"]
    assert any(each.startswith("headline 2006/07: ") for each in found)
    assert any(each.startswith("count 2006/07: 36") for each in found)


def test_a_calendar_year_after_the_one_assessed_is_found(monkeypatch):
    monkeypatch.setattr(scopes, "until", lambda series, _: series)
    edition = load_edition(PROJECT, 2010)
    scope, fires = Scope(PROJECT, edition, edition.area), base(2010).topic("deliberate-fires").topic
    # A calendar year that ends after the year assessed: taken away, or no figure of that year.
    assert TopicView(scope, fires).series == []
    monkeypatch.setattr(topics, "no_figure", newest)
    assert "incidents: 2009" in fallbacks(TopicView(scope, fires))


@pytest.mark.parametrize("year", edition_years(PROJECT))
def test_matrix_and_progress_speak_of_the_year_assessed(year):
    view = base(year)
    found: Matrix = require(view.matrix)
    values = [
        (cell.evidence.value.period, heading)
        for row in found.cells.values()
        for heading, cell in row.items()
        if isinstance(cell.evidence, Computed) and heading != "community-priority"
    ]
    periods = {
        answering(view.edition.assessed, kind) for kind in ("financial_year", "calendar_year")
    }
    assert values
    assert {period for period, _ in values} <= periods
    figures = what_figures_did(NotebookPage("progress", {}, view)).frame
    assert set(figures["year"]) <= periods


def test_the_topics_page_and_the_matrix_take_the_same_lead():
    # Call-outs are held from 2011 on, admissions to 2006/07.
    leads = {year: base(year).topic("alcohol-misuse").primary.indicator.id for year in (2008, 2016)}
    assert leads == {2008: "admissions-aged-11-to-18", 2016: "ambulance-call-outs"}


# A page without the year assessed


ROWS = [("Ashby", "2003/04", 100.0), ("Ashby", "2004/05", 50.0)]
WHY = "no figure for 2006/07 is held; the newest held is of 2004/05"


def old_page(*more: tuple[str, str, float]) -> NotebookPage[TopicView]:
    """Open a page of 2006/07 whose one indicator ends with 2004/05."""
    table = made_table(["area", "financial_year", "value"], [*ROWS, *more])
    people = made_people({"Ashby": {2003: 10_000, 2004: 10_000, 2006: 10_000}})
    series = make_series(made_indicator(), "Ashby", table, people, ["Ashby"])
    return made_page(series, assessed="2006/07")


def test_a_page_opens_with_what_is_not_available_and_names_the_newest():
    answer = headline(old_page())
    assert answer.words == "Made up."
    [gap] = answer.gaps
    assert str(gap) == f"**Figures for a full year: not available.** Burglary: {WHY}."


def test_a_figure_that_was_withheld_is_said_to_be_withheld():
    [gap] = headline(old_page(("Ashby", "2006/07", math.nan))).gaps
    assert gap.gap.why == (
        "Burglary: the figure for 2006/07 was withheld; the newest held is of 2004/05."
    )


def test_older_years_stand_in_the_chart_without_a_verdict():
    [figure] = over_the_years(old_page()).figures
    assert figure.heading == f"Burglary: {WHY}"
    assert figure.period == "2003/04 to 2004/05"


def test_an_old_change_gets_no_sentence_and_no_verdict():
    answer = change(old_page())
    assert answer.words == ""
    assert [each.gap.why for each in answer.gaps] == [f"Burglary: {WHY}."]


@pytest.mark.parametrize(
    ("more", "why"), [((), f"{WHY}."), ((("Ashby", "2006/07", math.nan),), "withheld")]
)
def test_what_a_name_stands_for_is_the_year_assessed_and_never_an_older_one(more, why):
    view = old_page(*more).view
    found = Findings(replace(each, page="x") for _, values in view.found for each in values)
    for name in ("count", "rate", "change", "change_on_mean", "headline"):
        latest = found.get(f"x.{name}")
        assert (latest.period, latest.value) == ("2006/07", None)
        assert why in latest.missing
    assert found.get("x.count@2004/05").value == 50


def test_of_calendar_years_the_one_with_most_months_of_the_year_assessed_is_the_last():
    # 2006 has nine months of 2006/07, and 2007 three.
    assert until_2006_07(("Ashby", "2006", 8.0), ("Ashby", "2007", 9.0)) == ["2006"]
    assert until_2006_07(("Ashby", "2007", 9.0)) == []


def until_2006_07(*rows: tuple[str, str, float]) -> list[str]:
    """Return the calendar years that are left of a table's in an edition of 2006/07."""
    table = made_table(["area", "calendar_year", "value"], list(rows), kind="calendar_year")
    series = make_series(
        made_indicator(rate=False), "Ashby", table, made_people({"Ashby": {2006: 9}}), ["Ashby"]
    )
    return list(until(series, "2006/07").own.index)
