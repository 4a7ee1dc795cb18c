"""The golden thread: from a priority's score to the latest value that tells how it went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kingston_analysis.errors import KingstonError
from kingston_analysis.matrix.decisions import Decision, Decisions
from kingston_analysis.plan.plans import Plan
from kingston_analysis.plan.themes import Objective, Theme
from kingston_analysis.results import DEMONSTRATION, Findings, Gap, number_of

Step = Literal[
    "score", "decision", "objective", "action", "owner", "indicator", "target", "latest value"
]
LinkState = Literal["held", "not available", "broken"]
AIM: tuple[Step, ...] = ("objective", "action", "owner")


@dataclass(frozen=True)
class Link:
    """One step of a thread: what stands there, or why nothing does.

    It is *broken* where nothing stands and no reason is given either.
    """

    step: Step
    state: LinkState
    text: str


@dataclass(frozen=True)
class Thread:
    """The thread of one objective of a theme, or of a theme whose objectives are not available."""

    theme: str
    links: tuple[Link, ...]

    @property
    def broken(self) -> tuple[Link, ...]:
        """Return the steps at which it is broken."""
        return tuple(each for each in self.links if each.state == "broken")

    @property
    def ends_at(self) -> Step | None:
        """Return the first step that is not held; None where the thread is whole."""
        return next((each.step for each in self.links if each.state != "held"), None)


def threads(
    plan: Plan, decisions: Decisions | None, edition: int, findings: Findings | None = None
) -> list[Thread]:
    """Follow the thread of every theme and objective of a plan, as it stood in an edition.

    Without findings the two steps that are figures, score and latest value, are left out.
    """
    standing = decisions.standing(edition) if decisions else None
    return [
        Thread(theme.title, tuple(_links(theme, objective, plan, standing, findings)))
        for theme in plan.themes
        for objective in _objectives(theme)
    ]


def _objectives(theme: Theme) -> tuple[Objective | Gap | None, ...]:
    found = theme.objectives
    return (found,) if isinstance(found, Gap) else found or (None,)


def _links(
    theme: Theme,
    objective: Objective | Gap | None,
    plan: Plan,
    standing: dict[str, Decision] | None,
    findings: Findings | None,
) -> list[Link]:
    links = [
        _decision(theme, standing),
        *_aim(objective, plan),
        _indicator(theme),
        _target(theme, objective),
    ]
    if findings is None:
        return links
    return [_score(theme, findings), *links, _latest(theme, findings)]


def _score(theme: Theme, findings: Findings) -> Link:
    try:
        rank, lowest, highest = (
            findings.get(f"matrix.{theme.topic}.{name}") for name in ("rank", "lowest", "highest")
        )
    except KingstonError:
        return Link("score", "broken", f"'{theme.topic}' is not scored in the matrix.")
    ends = dict.fromkeys(f"{number_of(each):.0f}" for each in (lowest, highest))
    total, marked = f"{' to '.join(ends)} of 100", lowest.demonstrates or rank.demonstrates
    mark = f" (rests partly on {DEMONSTRATION}s)" if marked else ""
    if rank.value is None:
        text = f"{rank.missing} Its total could be {total}{mark}."
        return Link("score", "not available", text)
    of = number_of(findings.get("matrix.ranked"))
    text = f"{total}, rank {rank.value:.0f} of {of:.0f} ranked areas{mark}"
    return Link("score", "held", text)


def _decision(theme: Theme, standing: dict[str, Decision] | None) -> Link:
    if standing is None:
        return Link("decision", "not available", "No register of decisions is held.")
    found = standing.get(theme.topic)
    if found is None:
        return Link("decision", "broken", f"No decision on '{theme.topic}' is registered.")
    return Link("decision", "held", found.decision)


def _aim(objective: Objective | Gap | None, plan: Plan) -> list[Link]:
    if not isinstance(objective, Objective):
        state: LinkState = "broken" if objective is None else "not available"
        text = objective.why if objective else "None is named, and no reason is given."
        return [Link(step, state, text) for step in AIM]
    names = {each.id: each.name for each in plan.partners}
    actions, owner = objective.actions, objective.owner
    if isinstance(actions, Gap):
        action = Link("action", "not available", actions.why)
    elif actions:
        action = Link("action", "held", "; ".join(each.text for each in actions))
    else:
        action = Link("action", "broken", "None is named, and no reason is given.")
    if isinstance(owner, Gap):
        who = Link("owner", "not available", owner.why)
    else:
        who = Link("owner", "held", names.get(owner, owner))
    return [Link("objective", "held", objective.text), action, who]


def _indicator(theme: Theme) -> Link:
    if not theme.indicators:
        return Link("indicator", "broken", "The theme has no indicator.")
    return Link("indicator", "held", ", ".join(f"NI {each}" for each in theme.indicators))


def _target(theme: Theme, objective: Objective | Gap | None) -> Link:
    if isinstance(theme.targets, Gap):
        return Link("target", "not available", theme.targets.why)
    name = objective.id if isinstance(objective, Objective) else None
    found = [each.title for each in theme.targets if each.objective in (None, name)]
    if not found:
        return Link("target", "broken", "No target serves it, and no reason is given.")
    return Link("target", "held", "; ".join(found))


def _latest(theme: Theme, findings: Findings) -> Link:
    try:
        finding = findings.get(f"{theme.topic}.count")
    except KingstonError:
        return Link("latest value", "broken", f"No page measures '{theme.topic}'.")
    if finding.value is None:
        return Link("latest value", "not available", finding.missing or "")
    text = f"{finding.value:,.0f} {finding.what} in {finding.period}"
    return Link("latest value", "held", text)
