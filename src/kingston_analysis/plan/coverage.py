"""Statutory coverage: whether each requirement in force is met by a part of the book, or waived."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from kingston_analysis.data.editions import Edition
from kingston_analysis.data.yaml_models import problem_in, repeated_ids
from kingston_analysis.errors import Problem, nearest
from kingston_analysis.plan.law import (
    CoveringPart,
    Requirement,
    coverage_file,
    law_file,
    load_coverage,
    load_law,
)
from kingston_analysis.project import Project


@dataclass(frozen=True)
class Met:
    """A requirement in force, the parts that meet it, and why it is waived, if it is."""

    requirement: Requirement
    parts: tuple[CoveringPart, ...]
    waived: str | None = None


def coverage(
    edition: Edition, law: list[Requirement], parts: dict[str, tuple[CoveringPart, ...]]
) -> list[Met]:
    """Return what the law asked on the day of the edition's extraction, and where it is met."""
    waived = {each.requirement: each.reason for each in edition.waives}
    return [
        Met(each, parts.get(each.id, ()), waived.get(each.id))
        for each in law
        if each.in_force(edition.extraction)
    ]


def law_problems(project: Project) -> Iterator[Problem]:
    """Find requirements that stand twice in the register."""
    yield from repeated_ids([each.id for each in load_law(project)], law_file(project))


def coverage_problems(
    project: Project, edition: Edition, plan: str, pages: Collection[str]
) -> Iterator[Problem]:
    """Find what the law asks of an edition's book and the book neither meets nor waives.

    `pages` are those of the book, as its contents name them. Also finds parts and waivers of what
    is not in the register, parts on pages that the book does not have, and waivers without need.
    """
    law, parts = load_law(project), load_coverage(project, plan)
    known = {each.id: each for each in law}
    file = coverage_file(project, plan)
    for name, found in parts.items():
        if name not in known:
            what = f"The law asks nothing called '{name}'."
            yield problem_in(what, file, (name,), nearest(name, known))
        for number, part in enumerate(found):
            if part.page not in pages:
                what = f"Edition {edition.edition} has no page '{part.page}' to meet '{name}'."
                place = (name, number, "page")
                yield problem_in(what, file, place, nearest(part.page, pages))
    yield from _unmet(edition, law, parts, file)
    yield from _waivers(project, edition, known, parts)


def _unmet(
    edition: Edition, law: list[Requirement], parts: dict[str, tuple[CoveringPart, ...]], file: Path
) -> Iterator[Problem]:
    for met in coverage(edition, law, parts):
        if not met.parts and not met.waived:
            each = met.requirement
            what = (
                f"Edition {edition.edition}: nothing meets '{each.id}', which {each.instrument}, "
                f"{each.provision}, asks: {each.asks}"
            )
            remedy = "Name the part that meets it, or waive it in the edition's file with a reason."
            yield Problem(what, file, remedy=remedy)


def _waivers(
    project: Project,
    edition: Edition,
    known: dict[str, Requirement],
    parts: dict[str, tuple[CoveringPart, ...]],
) -> Iterator[Problem]:
    file = project.data / "editions" / f"{edition.edition}.yml"
    for number, name in enumerate(each.requirement for each in edition.waives):
        place = ("waives", number)
        if name not in known:
            what = f"`waives`: the law asks nothing called '{name}'."
            yield problem_in(what, file, place, nearest(name, known))
        elif not known[name].in_force(edition.extraction):
            what = f"`waives`: '{name}' was not in force on {edition.extraction}."
            yield problem_in(what, file, place, "Remove it.")
        elif name in parts:
            what = f"`waives`: '{name}' is met by {parts[name][0].page}."
            yield problem_in(what, file, place, "Remove the waiver, or the part.")
