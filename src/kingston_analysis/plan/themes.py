"""The themes that a plan adopted: what is wrong, what is aimed at, by whom, with what."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kingston_analysis.data.names import Identifier
from kingston_analysis.data.tables.metadata import Text
from kingston_analysis.data.yaml_models import Known, Strict, load_yaml
from kingston_analysis.matrix.judgements import Said
from kingston_analysis.plan.targets import Target
from kingston_analysis.project import Project

FundingState = Literal["agreed", "ring-fenced", "mainstream", "not yet agreed"]
NationalIndicator = Annotated[int, Field(ge=1)]


class Action(Strict):
    """What the partners do for an objective, and what came of it."""

    text: Said
    output: Known[Said]


class Objective(Strict):
    """What the partners want to reach, who answers for it, and what they do for it."""

    id: Identifier
    text: Said
    owner: Known[Identifier]
    actions: Known[tuple[Action, ...]]


class Agent(Strict):
    """A partner that delivers, and the services through which it does."""

    partner: Identifier
    through: Said | None = None


class Resource(Strict):
    """What the work is paid from, by whom, and how firm it is."""

    text: Said
    state: FundingState
    by: tuple[Identifier, ...] = ()


class Theme(Strict):
    """A topic that the partnership adopted as a priority; `page` is its narrative page.

    `narrative` is the plan's account of the problem, a statement each; `indicators` are numbers
    of the National Indicators that bear on it.
    """

    id: Identifier
    title: Text
    topic: Identifier
    page: Identifier
    narrative: Known[tuple[Said, ...]]
    objectives: Known[tuple[Objective, ...]]
    delivery_agents: Known[tuple[Agent, ...]]
    resources: Known[tuple[Resource, ...]]
    indicators: tuple[NationalIndicator, ...]
    targets: Known[tuple[Target, ...]]


def load_themes(project: Project, plan: str) -> list[Theme]:
    """Read the themes of a plan in its order."""
    return load_yaml(project, project.data / "plans" / plan / "themes.yml", list[Theme])
