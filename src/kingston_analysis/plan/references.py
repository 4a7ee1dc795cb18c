"""What the parts of a plan say of each other: partners, indicators and pages that must be there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from kingston_analysis.data.tables.load import load
from kingston_analysis.data.tables.metadata import table_names
from kingston_analysis.data.topics import Topic
from kingston_analysis.data.yaml_models import problem_in, repeated_ids
from kingston_analysis.errors import Problem, nearest
from kingston_analysis.plan.content import Term
from kingston_analysis.plan.plans import Plan, files_of
from kingston_analysis.plan.target_faults import target_problems
from kingston_analysis.plan.themes import Theme
from kingston_analysis.project import Project
from kingston_analysis.results import Gap

T = TypeVar("T")

Place = tuple[int | str, ...]


def reference_problems(
    project: Project, plan: Plan, name: str, topics: Mapping[str, Topic]
) -> Iterator[Problem]:
    """Find ids given twice, and partners, indicators and pages that are not there."""
    files = files_of(project, name)
    for part in ("partners", "themes", "chapters"):
        yield from repeated_ids([each.id for each in getattr(plan, part)], files[part])
    yield from _terms_twice(plan.glossary, files["glossary"])
    partners = [each.id for each in plan.partners]
    for number, theme in enumerate(plan.themes):
        for place, partner in _partners_named(theme, (number,)):
            if partner not in partners:
                what = f"There is no partner '{partner}'."
                remedy = nearest(partner, partners) + " Partners stand in partners.yml."
                yield problem_in(what, files["themes"], place, remedy)
    yield from _indicators(project, plan, files)
    yield from _targets(plan, files["themes"], topics)
    for number, chapter in enumerate(plan.chapters):
        page = project.narrative / "plans" / name / f"{chapter.page}.md"
        if not page.exists():
            what = f"Chapter '{chapter.id}' names a page that is not there: {page.name}."
            remedy = "Write the page or correct its name."
            yield problem_in(what, files["chapters"], (number, "page"), remedy)


def _terms_twice(glossary: tuple[Term, ...], file: Path) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, each in enumerate(glossary):
        for which, term in enumerate(each.terms):
            if term.casefold() in seen:
                place = (number, "terms", which)
                yield problem_in(f"'{term}' is explained twice.", file, place, "Keep one.")
            seen.add(term.casefold())


def _partners_named(theme: Theme, at: Place) -> Iterator[tuple[Place, str]]:
    for number, objective in _entries(theme.objectives):
        if isinstance(objective.owner, str):
            yield (*at, "objectives", number, "owner"), objective.owner
    for number, agent in _entries(theme.delivery_agents):
        yield (*at, "delivery_agents", number, "partner"), agent.partner
    for number, resource in _entries(theme.resources):
        for which, partner in enumerate(resource.by):
            yield (*at, "resources", number, "by", which), partner


def _targets(plan: Plan, file: Path, topics: Mapping[str, Topic]) -> Iterator[Problem]:
    taken: list[str] = []
    for number, theme in enumerate(plan.themes):
        objectives = [each.id for _, each in _entries(theme.objectives)]
        targets = [each for _, each in _entries(theme.targets)]
        place = (number, "targets")
        yield from target_problems(targets, topics, objectives, file, place, taken)
        taken += [each.id for each in targets]


def _entries(part: tuple[T, ...] | Gap) -> Iterable[tuple[int, T]]:
    return () if isinstance(part, Gap) else enumerate(part)


def _indicators(project: Project, plan: Plan, files: dict[str, Path]) -> Iterator[Problem]:
    known: set[int] = set()
    for number, frame in enumerate(plan.national):
        if frame.table is None:
            continue
        if frame.table not in (names := table_names(project)):
            what, remedy = f"There is no table '{frame.table}'.", nearest(frame.table, names)
            yield problem_in(what, files["national"], (number, "table"), remedy)
            return
        rows = load(project, frame.table).frame
        known |= set(rows["national_indicator"])
    for number, theme in enumerate(plan.themes):
        for which, indicator in enumerate(theme.indicators):
            if indicator not in known:
                place = (number, "indicators", which)
                what = f"There is no National Indicator {indicator}."
                remedy = (
                    f"Correct it; {len(known)} are known, in the table that national.yml names."
                )
                yield problem_in(what, files["themes"], place, remedy)
