"""The content of a plan as the Markdown that its pages are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar, get_args

from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.plan.content import Chapter, Role, Term
from kingston_analysis.plan.plans import Plan
from kingston_analysis.plan.targets import Target
from kingston_analysis.plan.themes import Agent, Theme
from kingston_analysis.results import Gap
from kingston_analysis.show.escaping import plain_markdown
from kingston_analysis.show.wording import or_gap

T = TypeVar("T")

# What parts are called where they are not available.
PART_TITLES = {
    "narrative": "Narrative",
    "objectives": "Objectives",
    "delivery_agents": "Delivery agents",
    "resources": "Resources",
    "targets": "Values and targets for Kingston",
    "linked_plans": "Plans that it is tied to",
    "measures": "Measures that run through all themes",
    "needs_assessments": "Needs assessments",
    "action_plans": "The action plans",
}
OF_STRATEGY: dict[str, Callable[[tuple], list[str]]] = {
    "measures": lambda found: [
        f"{i}. **{each.title}.** {each.text}" for i, each in enumerate(found, start=1)
    ],
    "linked_plans": lambda found: _bullets(found),
    "needs_assessments": lambda found: _bullets(found),
    "action_plans": lambda found: _bullets(found),
}
OF_CHAPTERS: dict[str, Callable[[tuple], list[str]]] = {
    "prose": lambda found: _bullets(found),
    "risks": lambda found: _bullets(
        [
            f"**{each.risk}** Likelihood: {each.likelihood}. Impact: {each.impact}. {each.response}"
            for each in found
        ]
    ),
    "engagement": lambda found: _bullets(
        [f"**{each.who}**, {each.way}: {or_gap(each.outcome)}" for each in found]
    ),
    "equalities": lambda found: _bullets(
        [f"**{each.group}:** {each.effect} {or_gap(each.response)}" for each in found]
    ),
}


def plan_text(plan: Plan, titles: dict[int, str | None], part: str, which: str) -> list[str]:
    """Write a part of a plan as lines of Markdown.

    `part` is partners (`which` is a role), national (`which` is a link), chapter (`which` is its
    id), glossary, a part of the strategy, or a part of the theme that `which` names. `titles` are
    those of the National Indicators, None where no document confirms one. Raises KingstonError
    where there is no such part.
    """
    if part == "partners":
        return _chosen(_partners(plan, which), which, get_args(Role))
    if part == "national":
        links = dict.fromkeys(each.link for each in plan.national)
        return _chosen(_agreements(plan, which), which, links)
    if part == "chapter":
        found: dict[str, Chapter] = {each.id: each for each in plan.chapters}
        chapter = found.get(which)
        if chapter is None:
            raise _unknown(which, found)
        return _part(chapter.title, chapter.entries, OF_CHAPTERS[chapter.kind])
    if part == "glossary":
        return _glossary(plan.glossary)
    if part in OF_STRATEGY:
        return _part(PART_TITLES[part], getattr(plan.strategy, part), OF_STRATEGY[part])
    theme = _chosen(plan.theme(which), which, [each.id for each in plan.themes])
    return _of_theme(theme, part, plan, titles)


def _of_theme(theme: Theme, part: str, plan: Plan, titles: dict[int, str | None]) -> list[str]:
    if part == "indicators":
        return _indicators(theme, titles)
    names = {each.id: each.name for each in plan.partners}
    writers: dict[str, Callable[[tuple], list[str]]] = {
        "narrative": _bullets,
        "objectives": lambda found: [f"{i}. {each.text}" for i, each in enumerate(found, start=1)],
        "delivery_agents": lambda found: _bullets([_agent(each, names) for each in found]),
        "resources": lambda found: _bullets(
            [f"**{each.state.capitalize()}:** {each.text}" for each in found]
        ),
        "targets": lambda found: _bullets([_target(each) for each in found]),
    }
    write = _chosen(writers.get(part), part, [*writers, "indicators", *OF_STRATEGY])
    return _part(PART_TITLES[part], getattr(theme, part), write)


def _chosen(found: T | None, name: str, known: Iterable[str]) -> T:
    if not found:
        raise _unknown(name, known)
    return found


def _unknown(name: str, known: Iterable[str]) -> KingstonError:
    return KingstonError(f"The plan has no '{name}' here.", nearest(name, known))


def _part(title: str, found: tuple | Gap, write: Callable[[tuple], list[str]]) -> list[str]:
    if isinstance(found, Gap):
        return [f":::{{not-available}} {title}", found.why, ":::"]
    return write(found)


def _glossary(entries: tuple[Term, ...]) -> list[str]:
    lines = [":::{glossary}"]
    for each in entries:
        lines += [*each.terms, f"  {each.text}", ""]
    return [*lines[:-1], ":::"]


def _bullets(texts: tuple[str, ...] | list[str]) -> list[str]:
    return [f"- {text}" for text in texts]


def _partners(plan: Plan, role: str) -> list[str]:
    found = [(each.name, each.roles[role]) for each in plan.partners if role in each.roles]
    return _bullets([f"{name}, {what}" if what else name for name, what in found])


def _agreements(plan: Plan, link: str) -> list[str]:
    return _bullets([f"{each.id}: {each.title}" for each in plan.national if each.link == link])


def _agent(agent: Agent, names: dict[str, str]) -> str:
    name = names[agent.partner]
    return f"{name}, through {agent.through}" if agent.through else name


def _target(target: Target) -> str:
    return f"{target.title}, by {target.period}" if target.period else target.title


def _indicators(theme: Theme, titles: dict[int, str | None]) -> list[str]:
    shown = {each: plain_markdown(titles[each] or "Title unconfirmed") for each in theme.indicators}
    rows = [f"| NI {each} | {title} |" for each, title in shown.items()]
    return [
        "```{table} National Indicators that bear on this theme",
        "| National Indicator | Title |",
        "|---|---|",
        *rows,
        "```",
    ]
