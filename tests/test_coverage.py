"""Statutory coverage: each requirement in force is met by a part of the book, or waived."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables_fixture import PROJECT

from kingston_analysis.book.contents import contents_of, pages_in
from kingston_analysis.book.statutory import statutory_lines
from kingston_analysis.data.editions import Waiver, edition_years, load_edition
from kingston_analysis.plan.coverage import coverage, coverage_problems
from kingston_analysis.plan.law import load_coverage, load_law

PLAN = "2008-11"
LAW, PARTS = load_law(PROJECT), load_coverage(PROJECT, PLAN)
OF_THE_PLAN = [year for year in edition_years(PROJECT) if load_edition(PROJECT, year).plan == PLAN]


def edition(**changed):
    return load_edition(PROJECT, 2008).model_copy(update=changed)


def unmet(found) -> set[str]:
    return {each.requirement.id for each in found if not each.parts and not each.waived}


def test_the_register_has_the_five_of_the_assessment_the_six_of_the_plan_and_three_more():
    named = [each.id for each in LAW if each.of == "assessment"]
    assert len(named) == 5
    of_the_plan = [each.id for each in LAW if each.of == "plan"]
    assert len(of_the_plan) == 6 + len(["revision", "summary", "copy"])


@pytest.mark.parametrize("year", OF_THE_PLAN)
def test_every_edition_of_the_plan_meets_all_that_was_in_force(year):
    found = coverage(load_edition(PROJECT, year), LAW, PARTS)
    assert len(found) == 5 + 6 + 2
    assert unmet(found) == set()


def test_the_copy_to_the_police_body_is_asked_from_its_day_on():
    before, since = datetime.date(2012, 11, 21), datetime.date(2012, 11, 22)
    asked = [
        {each.requirement.id for each in coverage(edition(extraction=day), LAW, PARTS)}
        for day in (before, since)
    ]
    assert asked[1] - asked[0] == {"copy-to-the-police-body"}


def test_what_is_in_force_and_neither_met_nor_waived_stops_the_build():
    late = edition(extraction=datetime.date(2014, 1, 15), edition=2014)
    pages = pages_in(contents_of(PROJECT, PLAN, late.topics))
    [problem] = coverage_problems(PROJECT, late, PLAN, pages)
    assert "nothing meets 'copy-to-the-police-body'" in str(problem)
    assert "SI 2012/2660" in str(problem)
    assert "waive it in the edition's file with a reason" in problem.remedy


def test_a_waiver_with_its_reason_is_shown_and_nothing_is_wrong():
    waiver = Waiver(requirement="copy-to-the-police-body", reason="No copy was sent.")
    late = edition(extraction=datetime.date(2014, 1, 15), waives=(waiver,))
    assert (
        list(
            coverage_problems(
                PROJECT, late, PLAN, pages_in(contents_of(PROJECT, PLAN, late.topics))
            )
        )
        == []
    )
    lines = statutory_lines(coverage(late, LAW, PARTS), [])
    assert "13 of 14 requirements in force are met, 1 waived." in lines
    at = next(n for n, line in enumerate(lines) if line.startswith("**Send a copy"))
    assert lines[at + 2] == "- Waived: No copy was sent."


@given(st.sets(st.sampled_from(sorted(PARTS))))
def test_whatever_is_not_met_is_told_and_nothing_else(dropped):
    parts = {name: found for name, found in PARTS.items() if name not in dropped}
    assert unmet(coverage(edition(), LAW, parts)) == dropped


def test_every_part_is_a_page_of_the_book():
    pages = pages_in(contents_of(PROJECT, PLAN, edition().topics))
    assert {part.page for found in PARTS.values() for part in found} <= set(pages)


def test_the_page_names_each_requirement_its_law_and_where_it_is_met():
    lines = "\n".join(statutory_lines(coverage(edition(), LAW, PARTS), []))
    for each in LAW:
        if each.in_force(edition().extraction):
            assert each.asks in lines
    assert "{doc}`/evidence/progress`" in lines
    assert lines.count("Confirmed: the item, not the letter of the regulation.") == 1
    assert lines.count("## SI 2007/1830") == 3
