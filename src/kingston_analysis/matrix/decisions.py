"""Decisions: what was done with each area of crime that the matrix scored, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kingston_analysis.data.editions import edition_years, load_edition
from kingston_analysis.data.names import Day, Identifier, Year
from kingston_analysis.data.yaml_models import Known, Strict, load_yaml, problem_in
from kingston_analysis.errors import KingstonError, Problem, nearest
from kingston_analysis.matrix.judgements import Said
from kingston_analysis.matrix.scheme import Scheme
from kingston_analysis.project import Project

Done = Literal["adopted as a theme", "not adopted", "merged"]


class Decision(Strict):
    """A decision of an edition on one topic.

    `into` is the topic that a merged one went to; `objectives` are the national aims it answers;
    `double_use` names the headings whose matter the reason uses a second time.
    """

    topic: Identifier
    decision: Done
    into: Identifier | None = None
    edition: Year
    reason: Said
    body: Said
    date: Known[Day]
    review: Known[Day]
    objectives: Known[tuple[Said, ...]]
    double_use: tuple[Identifier, ...] = ()

    @model_validator(mode="after")
    def _into_what(self) -> Decision:
        if (self.decision == "merged") != (self.into is not None):
            raise ValueError("`into` belongs to a merged topic, and to no other")
        if self.into == self.topic:
            raise ValueError("a topic cannot be merged into itself")
        return self


class Decisions(Strict):
    """The register of a plan.

    `emerged` are the topics that the plan says its own scoring put first, in `edition`.
    """

    edition: Year
    emerged: tuple[Identifier, ...]
    equal_priority: bool
    decisions: Annotated[tuple[Decision, ...], Field(min_length=1)]

    def standing(self, edition: int) -> dict[str, Decision]:
        """Return, by topic, the decision that stood in an edition: the newest by then."""
        until = [each for each in self.decisions if each.edition <= edition]
        return {each.topic: each for each in sorted(until, key=lambda each: each.edition)}


def load_decisions(project: Project, plan: str) -> Decisions:
    """Read the register of a plan's decisions."""
    return load_yaml(project, project.data / "plans" / plan / "decisions.yml", Decisions)


def register_of(project: Project, plan: str) -> Decisions | None:
    """Return the register of a plan's decisions, if it has one."""
    held = project.names_in(project.data / "plans" / plan, "decisions.*")
    return load_decisions(project, plan) if held else None


def decision_problems(project: Project, plan: str, scheme: Scheme | None) -> Iterator[Problem]:
    """Find decisions on what was not scored, twice on one topic, or for no reason in the scheme.

    Raises KingstonError for a faulty register.
    """
    file = project.data / "plans" / plan / "decisions.yml"
    register = load_decisions(project, plan)
    seen: set[tuple[int, str]] = set()
    for number, each in enumerate(register.decisions):
        for what, remedy in _faults(project, each, seen, scheme):
            what = f"The decision on '{each.topic}': {what}"
            yield problem_in(what, file, ("decisions", number), remedy)
        seen.add((each.edition, each.topic))
    topics = _topics(project, register.edition) or ()
    for number, topic in enumerate(register.emerged):
        if topics and topic not in topics:
            what = f"`emerged`: there is no topic '{topic}'."
            yield problem_in(what, file, ("emerged", number), nearest(topic, topics))


def _faults(
    project: Project, each: Decision, seen: set[tuple[int, str]], scheme: Scheme | None
) -> Iterator[tuple[str, str]]:
    if (each.edition, each.topic) in seen:
        yield f"there are two in edition {each.edition}.", "Keep one."
    if each.edition not in (years := edition_years(project)):
        yield f"there is no edition {each.edition}.", nearest(str(each.edition), map(str, years))
        return
    topics = _topics(project, each.edition)
    for name in filter(None, (each.topic, each.into)):
        if topics and name not in topics:
            yield f"'{name}' was not scored in edition {each.edition}.", nearest(name, topics)
    headings = [heading.id for heading in scheme.headings] if scheme else []
    for name in each.double_use:
        if headings and name not in headings:
            yield f"there is no heading '{name}'.", nearest(name, headings)


def _topics(project: Project, edition: int) -> tuple[str, ...] | None:
    """Return an edition's topics; None where its file cannot be read, which is told elsewhere."""
    try:
        return load_edition(project, edition).topics
    except KingstonError:
        return None
