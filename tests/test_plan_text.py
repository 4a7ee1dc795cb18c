"""The content of a plan as the Markdown of its pages; what is not available says so."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter
from tables_fixture import PROJECT

from kingston_analysis.book.plan_text import plan_text
from kingston_analysis.errors import KingstonError
from kingston_analysis.plan.content import Chapter
from kingston_analysis.plan.plans import load_plan

PLAN = load_plan(PROJECT, "2008-11")
TITLES = {39: "Hospital admissions for alcohol", 41: None, 20: None}
GAP = {"not_available": "Only its title survives."}


def text(part: str, which: str = "", plan=PLAN) -> list[str]:
    return plan_text(plan, TITLES, part, which)


def with_chapter(**chapter):
    content = {"id": "one", "title": "One", "page": "one", **chapter}
    made = TypeAdapter(Chapter).validate_python(content)
    return PLAN.model_copy(update={"chapters": (made,)})


def test_partners_of_a_role_are_listed_with_what_the_plan_adds():
    found = text("partners", "responsible authority")
    assert len(found) == 5
    assert found[0] == "- Kingston Council, including the Executive Member for Community Safety"


def test_the_ten_measures_and_the_linked_plans_are_there():
    assert len(text("measures")) == 10
    assert "- Community Cohesion Strategy" in text("linked_plans")


def test_the_three_objectives_of_alcohol_misuse_are_numbered():
    assert [line[:3] for line in text("objectives", "alcohol-misuse")] == ["1. ", "2. ", "3. "]


@pytest.mark.parametrize("part", ["objectives", "delivery_agents", "narrative", "targets"])
def test_what_is_not_available_is_marked_with_its_reason(part):
    opened, reason, closed = text(part, "drug-misuse")
    assert opened.startswith(":::{not-available} ")
    assert reason.endswith(".")
    assert closed == ":::"


def test_resources_say_how_firm_they_are():
    states = {line.split(":")[0] for line in text("resources", "drug-misuse")}
    assert "- **Ring-fenced" in states
    assert "- **Not yet agreed" in states


def test_an_indicator_without_a_confirmed_title_says_so():
    rows = text("indicators", "alcohol-misuse")
    assert "| NI 39 | Hospital admissions for alcohol |" in rows
    assert "| NI 41 | Title unconfirmed |" in rows


@pytest.mark.parametrize(
    ("kind", "entry", "line"),
    [
        ("prose", "We will meet.", "- We will meet."),
        (
            "risks",
            {
                "risk": "Money ends.",
                "likelihood": "high",
                "impact": "medium",
                "response": "Ask early.",
                "owner": GAP,
            },
            "- **Money ends.** Likelihood: high. Impact: medium. Ask early.",
        ),
        (
            "engagement",
            {"who": "Residents", "way": "a meeting", "when": "2008-05", "outcome": GAP},
            "- **Residents**, a meeting: Not available. Only its title survives.",
        ),
        (
            "equalities",
            {"group": "Older people", "effect": "They fear more.", "response": "Visits."},
            "- **Older people:** They fear more. Visits.",
        ),
    ],
)
def test_each_kind_of_chapter_has_entries_of_its_own(kind, entry, line):
    assert text("chapter", "one", with_chapter(kind=kind, entries=[entry])) == [line]


def test_a_chapter_without_entries_says_why():
    found = text("chapter", "one", with_chapter(kind="risks", entries=GAP))
    assert found == [":::{not-available} One", "Only its title survives.", ":::"]


def test_the_glossary_explains_each_of_its_words():
    found = text("glossary")
    assert found[0] == ":::{glossary}"
    assert found.index("APACS") + 1 == found.index("Assessment of Policing and Community Safety")
    assert sum(line.startswith("  ") for line in found) == len(PLAN.glossary)


@pytest.mark.parametrize(
    ("part", "which", "message"),
    [
        ("partners", "friend", "'friend'.*Known: agency, delivery agent, responsible authority"),
        ("objectives", "alcohol", "'alcohol'.*Did you mean 'alcohol-misuse'"),
        ("objektives", "alcohol-misuse", "'objektives'.*Did you mean 'objectives'"),
        ("chapter", "equality", "'equality'.*Did you mean 'equalities'"),
    ],
)
def test_a_part_that_is_none_is_answered_with_the_nearest_names(part, which, message):
    with pytest.raises(KingstonError, match=message):
        text(part, which)


def test_the_plan_lists_its_gaps_with_their_reasons():
    gaps = PLAN.gaps()
    assert len(gaps) > 30
    assert all(": " in gap and gap.endswith(".") for gap in gaps)
