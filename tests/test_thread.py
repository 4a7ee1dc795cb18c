"""The golden thread: held, not available with the reason, or broken, step by step."""

from __future__ import annotations

import pytest
from findings_fixture import published
from pydantic import TypeAdapter
from tables_fixture import PROJECT

from kingston_analysis.book.thread_text import thread_lines
from kingston_analysis.data.editions import load_edition
from kingston_analysis.matrix.decisions import register_of
from kingston_analysis.plan.plans import Plan, load_plan
from kingston_analysis.plan.themes import Theme
from kingston_analysis.plan.thread import Thread, threads
from kingston_analysis.results import Finding, Findings

GAP = {"not_available": "Nobody wrote it down."}
OBJECTIVE = {
    "id": "safer-nights",
    "text": "Make nights safer.",
    "owner": "council",
    "actions": [{"text": "Light the streets.", "output": GAP}],
}
TARGET = {
    "id": "fewer",
    "title": "No more than 90 robberies",
    "kind": "absolute",
    "is": "at most",
    "value": 90,
    "topic": "robbery",
    "indicator": "offences",
    "measure": "count",
    "period": "2008/09",
}
THEME = {
    "id": "robbery",
    "title": "Robbery",
    "topic": "robbery",
    "page": "theme-robbery",
    "narrative": GAP,
    "objectives": [OBJECTIVE],
    "delivery_agents": GAP,
    "resources": GAP,
    "indicators": [16],
    "targets": [TARGET],
}


def plan_with(**changed) -> Plan:
    theme = TypeAdapter(Theme).validate_python({**THEME, **changed})
    real = load_plan(PROJECT, "2008-11")
    council = real.partners[0].model_copy(update={"id": "council", "name": "Ashby Council"})
    return real.model_copy(update={"themes": (theme,), "partners": (council,)})


class Register:
    """A register in which robbery was adopted."""

    def __init__(self, *topics: str) -> None:
        real = register_of(PROJECT, "2008-11").decisions[0]
        self.found = {topic: real.model_copy(update={"topic": topic}) for topic in topics}

    def standing(self, _edition: int) -> dict:
        return self.found


def finding(page: str, name: str, value: float | None, **more) -> Finding:
    return published(page, name, "2006/07", value, **more)


DEMONSTRATED = "rests partly on demonstration values"


def scored(topic: str, rank: float | None, **more) -> list[Finding]:
    """Make what the matrix finds of a topic: totals from 50 to 61, and its rank or why none."""
    return [
        finding("matrix", f"{topic}.lowest", 50.2, **more),
        finding("matrix", f"{topic}.highest", 61.2, **more),
        finding("matrix", f"{topic}.rank", rank, missing=None if rank else "Too little.", **more),
    ]


FOUND = Findings(
    [
        *scored("robbery", 3),
        finding("matrix", "ranked", 10),
        finding("robbery", "count", 93, what="robberies"),
    ]
)


def steps(found: Thread) -> dict[str, tuple[str, str]]:
    return {each.step: (each.state, each.text) for each in found.links}


def test_a_whole_thread_goes_from_the_score_to_the_latest_value():
    [found] = threads(plan_with(), Register("robbery"), 2008, FOUND)
    assert steps(found) == {
        "score": ("held", "50 to 61 of 100, rank 3 of 10 ranked areas"),
        "decision": ("held", "adopted as a theme"),
        "objective": ("held", "Make nights safer."),
        "action": ("held", "Light the streets."),
        "owner": ("held", "Ashby Council"),
        "indicator": ("held", "NI 16"),
        "target": ("held", "No more than 90 robberies"),
        "latest value": ("held", "93 robberies in 2006/07"),
    }
    assert found.ends_at is None
    assert found.broken == ()


@pytest.mark.parametrize(
    ("changed", "step"),
    [
        ({"objectives": []}, "objective"),
        ({"objectives": [{**OBJECTIVE, "actions": []}]}, "action"),
        ({"indicators": []}, "indicator"),
        ({"targets": []}, "target"),
        ({"targets": [{**TARGET, "objective": "another"}]}, "target"),
    ],
)
def test_what_is_missing_without_a_reason_breaks_the_thread(changed, step):
    [found] = threads(plan_with(**changed), Register("robbery"), 2008, FOUND)
    assert step in [each.step for each in found.broken]
    assert found.ends_at == step


@pytest.mark.parametrize(
    ("changed", "step"),
    [
        ({"objectives": GAP}, "objective"),
        ({"objectives": [{**OBJECTIVE, "actions": GAP}]}, "action"),
        ({"objectives": [{**OBJECTIVE, "owner": GAP}]}, "owner"),
        ({"targets": GAP}, "target"),
    ],
)
def test_what_is_missing_with_a_reason_is_not_available_and_breaks_nothing(changed, step):
    [found] = threads(plan_with(**changed), Register("robbery"), 2008, FOUND)
    assert found.broken == ()
    assert found.ends_at == step
    assert steps(found)[step] == ("not available", "Nobody wrote it down.")


def test_a_theme_without_a_decision_is_broken_and_without_a_register_not_available():
    [broken] = threads(plan_with(), Register("burglary"), 2008, FOUND)
    assert [each.step for each in broken.broken] == ["decision"]
    [unknown] = threads(plan_with(), None, 2008, FOUND)
    assert unknown.broken == ()
    assert unknown.ends_at == "decision"


def test_a_theme_that_is_not_scored_or_measured_is_broken():
    [found] = threads(plan_with(), Register("robbery"), 2008, Findings([]))
    assert [each.step for each in found.broken] == ["score", "latest value"]


def test_a_figure_that_is_missing_is_not_available_with_its_reason():
    missing = finding("robbery", "count", None, missing="It begins later.")
    found = Findings([*(each for each in FOUND if each.page == "matrix"), missing])
    [thread] = threads(plan_with(), Register("robbery"), 2008, found)
    assert steps(thread)["latest value"] == ("not available", "It begins later.")


def test_a_score_that_rests_on_demonstration_values_says_so():
    found = Findings([*scored("robbery", 3, what=DEMONSTRATED), finding("matrix", "ranked", 10)])
    [thread] = threads(plan_with(), Register("robbery"), 2008, found)
    assert steps(thread)["score"] == (
        "held",
        f"50 to 61 of 100, rank 3 of 10 ranked areas ({DEMONSTRATED})",
    )


def test_an_area_that_cannot_be_ranked_says_why_and_what_its_total_could_be():
    found = Findings(scored("robbery", None, what=DEMONSTRATED))
    [thread] = threads(plan_with(), Register("robbery"), 2008, found)
    said = f"Too little. Its total could be 50 to 61 of 100 ({DEMONSTRATED})."
    assert steps(thread)["score"] == ("not available", said)


def test_a_total_without_empty_cells_is_one_number():
    alike = [each for each in FOUND if each.name != "robbery.highest"]
    found = Findings([*alike, finding("matrix", "robbery.highest", 50.2)])
    [thread] = threads(plan_with(), Register("robbery"), 2008, found)
    assert steps(thread)["score"][1] == "50 of 100, rank 3 of 10 ranked areas"


def test_every_objective_has_a_thread_of_its_own():
    second = {**OBJECTIVE, "id": "fewer-weapons", "text": "Fewer weapons."}
    found = threads(plan_with(objectives=[OBJECTIVE, second]), Register("robbery"), 2008, FOUND)
    assert [steps(each)["objective"][1] for each in found] == [
        "Make nights safer.",
        "Fewer weapons.",
    ]
    lines = thread_lines(found)
    assert lines.index("- **Objective 1:** Make nights safer.") + 1 == lines.index(
        "- **Objective 2:** Fewer weapons."
    )
    assert lines.count("- **Decision:** adopted as a theme") == 1


@pytest.mark.parametrize("year", [2008, 2009, 2010, 2011])
def test_no_thread_of_the_plan_is_broken_and_none_is_whole(year):
    plan = load_edition(PROJECT, year).plan
    found = threads(load_plan(PROJECT, plan), register_of(PROJECT, plan), year)
    assert len(found) == 3 + 5
    assert [each.theme for each in found if each.broken] == []
    assert all(each.ends_at for each in found)
