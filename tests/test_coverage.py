"""Statutory coverage: each requirement in force is met, met in form only, or waived."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables_fixture import PROJECT, sound_project

from kingston_analysis.book.contents import contents_of, pages_in
from kingston_analysis.book.statutory import statutory_lines
from kingston_analysis.data.editions import Waiver, edition_years, load_edition
from kingston_analysis.data.surveys import Community
from kingston_analysis.matrix.judgements import load_judgements
from kingston_analysis.plan.coverage import (
    Met,
    _why_none,
    coverage,
    coverage_problems,
    what_lacks,
)
from kingston_analysis.plan.law import CoveringPart, Requirement, load_coverage, load_law
from kingston_analysis.plan.plans import load_plan

PLAN = "2008-11"
LAW, PARTS = load_law(PROJECT), load_coverage(PROJECT, PLAN)
OF_THE_PLAN = [year for year in edition_years(PROJECT) if load_edition(PROJECT, year).plan == PLAN]


def edition(**changed):
    return load_edition(PROJECT, 2008).model_copy(update=changed)


def unmet(found: list[Met]) -> set[str]:
    return {each.requirement.id for each in found if each.state == "unmet"}


def in_form_only(year: int) -> set[str]:
    of = load_edition(PROJECT, year)
    found = coverage(of, LAW, PARTS, what_lacks(PROJECT, of, PLAN))
    return {each.requirement.id for each in found if each.state == "in form only"}


def test_the_register_has_the_five_of_the_assessment_the_six_of_the_plan_and_three_more():
    named = [each.id for each in LAW if each.of == "assessment"]
    assert len(named) == 5
    of_the_plan = [each.id for each in LAW if each.of == "plan"]
    assert len(of_the_plan) == 6 + len(["revision", "summary", "copy"])


@pytest.mark.parametrize("year", OF_THE_PLAN)
def test_every_edition_of_the_plan_has_a_part_for_all_that_was_in_force(year):
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
    said = "Of 14 requirements in force, 12 are met, 1 is met in form only and 1 is waived."
    assert said in lines
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


@pytest.mark.parametrize("year", OF_THE_PLAN)
def test_what_is_met_in_form_only_in_the_editions_of_the_plan(year):
    assert in_form_only(year) == {
        "last-years-plan",  # no action is known, so it cannot be told what was carried out
        "what-to-prioritise",  # demonstration scores, and no survey
        "steps",  # neither actions nor the chapter on them
        "engaging-communities",  # the chapter's title
        "yearly-revision",  # the same plan in every edition
    }


def covered_by(*parts: CoveringPart, **lacking: str) -> Met:
    """Return how two parts meet one requirement."""
    [found] = [e for e in coverage(edition(), LAW, {"steps": parts}, lacking) if e.parts]
    return found


def part(page: str, **more) -> CoveringPart:
    return CoveringPart.model_validate({"page": page, "says": "Something.", **more})


def test_a_part_stands_in_form_only_where_nothing_is_known_of_what_it_rests_on():
    resting = part("steps", rests_on=["actions", "targets"])
    assert covered_by(resting).state == "met"
    for lacking in ("actions", "targets"):
        assert covered_by(resting, **{lacking: "None survive."}).state == "in form only"
    assert covered_by(resting, surveys="None was made.").state == "met"
    # The page itself may be a chapter that is not available.
    assert covered_by(resting, steps="Only its title survives.").state == "in form only"


def test_one_part_that_holds_something_is_enough():
    empty, full = part("one", in_form_only="It is blank."), part("two")
    assert covered_by(empty).state == "in form only"
    assert covered_by(empty, full).state == "met"


def test_the_page_says_which_part_stands_in_form_only_and_why():
    found = covered_by(part("one", rests_on=["actions"]), part("two"), actions="None survive.")
    lines = statutory_lines([found], [])
    met = "Of 1 requirement in force, 1 is met, none is met in form only and none is waived."
    assert lines[0] == met
    assert "- {doc}`/one`: Something. In form only: None survive." in lines
    assert "- {doc}`/two`: Something." in lines
    assert not any("Met in form only" in line for line in lines)
    alone = statutory_lines([covered_by(part("one", in_form_only="It is blank."))], [])
    form = "Of 1 requirement in force, none is met, 1 is met in form only and none is waived."
    assert alone[0] == form
    assert f"**{found.requirement.asks}** Met in form only." in alone


def test_what_lacks_is_read_off_the_plan_and_the_edition():
    found = what_lacks(PROJECT, edition(), PLAN)
    gone = "Only the title of this chapter survives, on the plan's contents page."
    assert found[f"plans/{PLAN}/what-we-will-do"] == gone
    assert found["an earlier edition"] == "This is the first edition: there is none before it."
    assert found["actions"].startswith("The action plans that the plan refers to are not among")
    assert "demonstration values" in found["partnership judgements"]
    later = what_lacks(PROJECT, load_edition(PROJECT, 2009), PLAN)
    assert set(found) - set(later) == {"an earlier edition", "an earlier plan"}


def test_nothing_lacks_where_plan_and_edition_hold_it(monkeypatch):
    plan, scored = load_plan(PROJECT, PLAN), load_judgements(PROJECT, 2009)
    theme = plan.themes[0]
    [objective, *_] = theme.objectives
    carried_out = objective.model_copy(update={"actions": ("Pubs were visited.",)})
    theme = theme.model_copy(update={"objectives": (carried_out,), "targets": ("Fewer.",)})
    full = plan.model_copy(update={"themes": (theme, *plan.themes[1:]), "chapters": ()})
    topic, cells = next(iter(scored.items()))
    cells = {name: replace(each, kind="partnership") for name, each in cells.items()}
    module = "kingston_analysis.plan.coverage"
    monkeypatch.setattr(f"{module}.load_plan", lambda *_: full)
    monkeypatch.setattr(f"{module}.load_judgements", lambda *_: {**scored, topic: cells})
    of = load_edition(PROJECT, 2009)
    heard = of.model_copy(update={"community": Community(surveys=("residents",))})
    assert what_lacks(PROJECT, heard, PLAN) == {}


def test_an_edition_whose_scores_nobody_gave_and_one_after_an_edition_without_a_plan(tmp_path):
    project = sound_project(tmp_path)
    [year] = edition_years(project)
    of = load_edition(project, year)
    found = what_lacks(project, of, of.plan)
    assert found["partnership judgements"] == "Nobody scored what people must judge."
    # 2016 holds no plan, so an edition after it has no earlier one.
    after = edition(edition=2017)
    assert what_lacks(PROJECT, after, PLAN)["an earlier plan"] == "The edition before has no plan."


def test_what_is_empty_is_not_known():
    plan = load_plan(PROJECT, PLAN)
    [chapter, *_] = plan.chapters
    assert _why_none([chapter.entries]) == chapter.entries.why
    assert _why_none([()]) == "Nothing is named."
    assert _why_none([(), ("A risk.",)]) is None


def asks(name: str, law: str, confirmed: str, since: str = "2007-08-01") -> Requirement:
    return Requirement.model_validate(
        {
            "id": name,
            "asks": f"Do {name}.",
            "of": "plan",
            "instrument": law,
            "provision": "section 1",
            "from": since,
            "to": {"not_available": "It is still in force."},
            "confirmed": confirmed,
        }
    )


def test_the_page_in_full_with_two_laws_and_one_still_to_come():
    law = [
        asks("one", "Act A", "all"),
        asks("two", "Act A", "all"),
        asks("three", "Act A", "part"),
        asks("four", "Act B", "part"),
    ]
    parts = {each.id: (part("page"),) for each in law}
    coming = [asks("five", "Act C", "all", "2012-11-22"), asks("six", "Act C", "all", "2013-04-01")]
    met = "- {doc}`/page`: Something."
    assert statutory_lines(coverage(edition(), law, parts), coming) == [
        "Of 4 requirements in force, 4 are met, none is met in form only and none is waived.",
        # What was confirmed is said once for all that follow, and anew under each law.
        *("", "## Act A, section 1", "", "Confirmed: all."),
        *("", "**Do one.**", "", met, "", "**Do two.**", "", met),
        *("", "Confirmed: part.", "", "**Do three.**", "", met),
        *("", "## Act B, section 1", "", "Confirmed: part.", "", "**Do four.**", "", met),
        *("", "## Not in force for this edition", ""),
        "**Do five.** Act C, section 1. It holds from 22 November 2012.",
        "",
        "**Do six.** Act C, section 1. It holds from 1 April 2013.",
    ]
