"""What a plan holds beside its themes: partners, ways of working, links, and its other chapters."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from kingston_analysis.data.names import NOT_PROSE, Identifier, TableName
from kingston_analysis.data.yaml_models import Known, Strict
from kingston_analysis.matrix.judgements import Said

Role = Literal["responsible authority", "strategy group", "agency", "delivery agent"]


def _is_a_day_or_month(text: str) -> str:
    for form in ("%Y-%m-%d", "%Y-%m"):
        try:
            datetime.datetime.strptime(text, form)
        except ValueError:
            continue
        return text
    raise ValueError("no such day or month; write 2008-04-01 or 2008-04")


# Of some ends only the month is known.
Moment = Annotated[str, AfterValidator(_is_a_day_or_month), NOT_PROSE]


class Partner(Strict):
    """Who takes part: `roles` says in which ways, each with what the list adds to the name."""

    id: Identifier
    name: Said
    roles: Annotated[dict[Role, Said | None], Field(min_length=1)]


class CrossCuttingMeasure(Strict):
    """A way of working that runs through all themes."""

    title: Said
    text: Said


class Strategy(Strict):
    """What the strategy adds to its themes."""

    measures: Known[tuple[CrossCuttingMeasure, ...]]
    linked_plans: Known[tuple[Said, ...]]
    needs_assessments: Known[tuple[Said, ...]]
    action_plans: Known[tuple[Said, ...]]


class National(Strict):
    """A national frame that the plan answers to, valid from and to a day or month.

    `table` is the table that lists its indicators, if it has any.
    """

    id: Said
    title: Said
    kind: Literal["agreement", "indicators", "framework", "local agreement"]
    link: Literal["required to contribute", "clear link", "measured by"]
    valid_from: Known[Moment]
    valid_to: Known[Moment]
    table: TableName | None = None

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> National:
        first, last = self.valid_from, self.valid_to
        if isinstance(first, str) and isinstance(last, str) and last < first:
            raise ValueError(f"it is valid to {last}, before it begins on {first}")
        return self


class Risk(Strict):
    """What may keep the plan from being carried out, how likely and how grave, and the answer."""

    risk: Said
    likelihood: Literal["low", "medium", "high"]
    impact: Literal["low", "medium", "high"]
    response: Said
    owner: Known[Identifier]


class Engagement(Strict):
    """Who was heard or will be, in which way, when, and what came of it."""

    who: Said
    way: Said
    when: Known[Moment]
    outcome: Known[Said]


class Equality(Strict):
    """A group on which the plan bears in its own way, how, and what is done about it."""

    group: Said
    effect: Said
    response: Known[Said]


class _Chapter(Strict):
    id: Identifier
    title: Said
    page: Identifier


class Prose(_Chapter):
    """A chapter of statements, or why there are none."""

    kind: Literal["prose"]
    entries: Known[tuple[Said, ...]]


class RiskRegister(_Chapter):
    """The chapter on risks, or why there is none."""

    kind: Literal["risks"]
    entries: Known[tuple[Risk, ...]]


class Engagements(_Chapter):
    """The chapter on engaging the community, or why there is none."""

    kind: Literal["engagement"]
    entries: Known[tuple[Engagement, ...]]


class Equalities(_Chapter):
    """The chapter on equalities, or why there is none."""

    kind: Literal["equalities"]
    entries: Known[tuple[Equality, ...]]


Chapter = Annotated[Prose | RiskRegister | Engagements | Equalities, Field(discriminator="kind")]


class Term(Strict):
    """A word, with other names of the same thing, and what it means."""

    terms: Annotated[tuple[Said, ...], Field(min_length=1)]
    text: Said
