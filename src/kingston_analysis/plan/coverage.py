"""Statutory coverage: whether each requirement in force is met, met in form only, or waived."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from kingston_analysis.data.editions import Edition, load_edition, years_before
from kingston_analysis.data.yaml_models import problem_in, repeated_ids
from kingston_analysis.errors import Problem, nearest
from kingston_analysis.matrix.judgements import load_judgements
from kingston_analysis.plan.law import (
    CoveringPart,
    Requirement,
    coverage_file,
    law_file,
    load_coverage,
    load_law,
)
from kingston_analysis.plan.plans import Plan, load_plan
from kingston_analysis.project import Project
from kingston_analysis.results import Gap

CoverageState = Literal["met", "in form only", "waived", "unmet"]
NOTHING_LACKS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class CoveredBy:
    """A part that stands for a requirement, and why it does so in form only, if it does."""

    part: CoveringPart
    in_form_only: str | None = None


@dataclass(frozen=True)
class Met:
    """A requirement in force, the parts that stand for it, and why it is waived, if it is."""

    requirement: Requirement
    parts: tuple[CoveredBy, ...]
    waived: str | None = None

    @property
    def state(self) -> CoverageState:
        """Tell whether it is met: by one part at least that holds something."""
        if self.waived:
            return "waived"
        if not self.parts:
            return "unmet"
        return "in form only" if all(each.in_form_only for each in self.parts) else "met"


def coverage(
    edition: Edition,
    law: list[Requirement],
    parts: dict[str, tuple[CoveringPart, ...]],
    lacking: Mapping[str, str] = NOTHING_LACKS,
) -> list[Met]:
    """Return what the law asked on the day of the edition's extraction, and where it is met.

    `lacking` says, by page or by what a part may rest on, why nothing of it is known.
    """
    waived = {each.requirement: each.reason for each in edition.waives}
    return [
        Met(
            each,
            tuple(CoveredBy(part, _why(part, lacking)) for part in parts.get(each.id, ())),
            waived.get(each.id),
        )
        for each in law
        if each.in_force(edition.extraction)
    ]


def what_lacks(project: Project, edition: Edition, plan: str) -> dict[str, str]:
    """Return, by page of a chapter and by what a part may rest on, why nothing of it is known."""
    held = load_plan(project, plan)
    reasons = {
        **{f"plans/{plan}/{each.page}": _why_none([each.entries]) for each in held.chapters},
        **_no_earlier(project, edition),
        "actions": _why_none(_actions(held)),
        "targets": _why_none([each.targets for each in held.themes]),
        "partnership judgements": _no_judgements(project, edition),
        "surveys": None if edition.community.surveys else "This edition has no survey.",
    }
    return {name: why for name, why in reasons.items() if why}


def _why(part: CoveringPart, lacking: Mapping[str, str]) -> str | None:
    found = (lacking.get(each) for each in (part.page, *part.rests_on))
    return part.in_form_only or next(filter(None, found), None)


def _why_none(found: Iterable[object]) -> str | None:
    """Return why nothing is known; None where something is."""
    reasons = []
    for each in found:
        if each and not isinstance(each, Gap):
            return None
        reasons.append(each.why if isinstance(each, Gap) else "Nothing is named.")
    return next(iter(reasons), "Nothing is named.")


def _actions(plan: Plan) -> Sequence[object]:
    """Return the actions of every objective; where none is known, why there are no objectives."""
    objectives = [each.objectives for each in plan.themes]
    known = [each for each in objectives if not isinstance(each, Gap)]
    return [each.actions for theme in known for each in theme] or objectives


def _no_earlier(project: Project, edition: Edition) -> dict[str, str | None]:
    earlier = next(years_before(project, edition.edition), None)
    first = None if earlier else "This is the first edition: there is none before it."
    planned = earlier and load_edition(project, earlier).plan
    no_plan = None if planned else "The edition before has no plan."
    return {"an earlier edition": first, "an earlier plan": first or no_plan}


def _no_judgements(project: Project, edition: Edition) -> str | None:
    cells = load_judgements(project, edition.edition).values()
    kinds = {each.kind for topic in cells for each in topic.values()}
    if not kinds:
        return "Nobody scored what people must judge."
    demonstration = "What people must judge is scored by demonstration values only."
    return None if "partnership" in kinds else demonstration


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
        if met.state == "unmet":
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
