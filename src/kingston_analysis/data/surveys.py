"""Surveys: which table holds the answers, what was asked, and what is known where none is held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Literal, Protocol, TypeVar

from pydantic import Field, model_validator

from kingston_analysis.data.names import Identifier, Key, TableName
from kingston_analysis.data.tables.metadata import Metadata, Text, load_metadata, table_names
from kingston_analysis.data.yaml_models import Strict, by_id, load_yaml
from kingston_analysis.errors import KingstonError, Problem, nearest
from kingston_analysis.project import Project

# The columns of a table of margins; its value is a number of people or a share.
MARGIN, CATEGORY = "margin", "category"


class Community(Strict):
    """What an edition knows of the community's views: surveys by id, and sentences of record."""

    surveys: tuple[Identifier, ...] = ()
    known: tuple[Text, ...] = ()


class Question(Strict):
    """One thing that was asked; `topic` where it is a concern about an area of crime."""

    id: Identifier
    title: Text
    topic: Identifier | None = None


class RespondentQuestion(Question):
    """A question to respondents: its column, and the answers in it that count as a yes.

    An empty cell is no answer and stands outside the base; every other answer counts as a no.
    """

    column: Key
    answers: Annotated[list[Key], Field(min_length=1)]


class PublishedQuestion(Question):
    """A question of which a publisher gives proportions: its value in the column of measures."""

    measure: Key


class LargerArea(Strict):
    """The column of a larger area's proportions, and what that area is called."""

    column: Key
    called: Text


class _Asks(Protocol):
    @property
    def questions(self) -> Sequence[Question]: ...


Asking = TypeVar("Asking", bound=_Asks)


class _Survey(Strict):
    id: Identifier
    title: Text
    about: Text
    table: TableName
    self_selected: bool = False

    @model_validator(mode="after")
    def _questions_differ(self: Asking) -> Asking:
        ids = [each.id for each in self.questions]
        topics = [each.topic for each in self.questions if each.topic]
        for what, names in (("question", ids), ("topic", topics)):
            if twice := sorted({each for each in names if names.count(each) > 1}):
                raise ValueError(f"the {what} '{twice[0]}' stands twice")
        return self


class Respondents(_Survey):
    """A survey held as one row a respondent.

    `profile` names the columns that say who the respondents are, each with its title; `margins`
    the table of what the residents are like, to which answers are raked.
    """

    shape: Literal["respondents"]
    questions: Annotated[list[RespondentQuestion], Field(min_length=1)]
    weight: Key | None = None
    profile: Annotated[dict[Key, Text], Field(default_factory=dict)]
    margins: TableName | None = None

    @model_validator(mode="after")
    def _margins_need_a_profile(self) -> Respondents:
        if self.margins and not self.profile:
            raise ValueError("`margins` need the columns of `profile`")
        return self


class Proportions(_Survey):
    """A survey held as published proportions, one row an area, period and measure."""

    shape: Literal["proportions"]
    questions: Annotated[list[PublishedQuestion], Field(min_length=1)]
    column: Key
    base: Key | None = None
    design_effect: Annotated[float, Field(ge=1)] = 1.0
    comparator: LargerArea | None = Field(default=None, alias="beside")


Survey = Annotated[Respondents | Proportions, Field(discriminator="shape")]


def load_surveys(project: Project) -> dict[str, Survey]:
    """Read every survey, by id; none without the file.

    Raises KingstonError where an id stands twice.
    """
    file = project.data / "surveys.yml"
    # Whether there is a file is asked in a way that is noted: pages run again once there is one.
    if not project.names_in(project.data, "surveys.*"):
        return {}
    return by_id(load_yaml(project, file, list[Survey]), file)


def survey_problems(project: Project, survey: Survey, topics: Iterable[str]) -> Iterator[Problem]:
    """Find what a survey names and its tables or the topics do not have.

    A table whose metadata cannot be read is left to the check of the tables.
    """
    for what, remedy in _mismatches(project, survey, list(topics)):
        yield Problem(f"Survey '{survey.id}': {what}", project.data / "surveys.yml", remedy=remedy)


def _mismatches(project: Project, survey: Survey, topics: list[str]) -> Iterator[tuple[str, str]]:
    for topic in (each.topic for each in survey.questions if each.topic):
        if topic not in topics:
            yield f"there is no topic '{topic}'.", nearest(topic, topics)
    tables = [survey.table]
    if survey.shape == "respondents" and survey.margins:
        tables.append(survey.margins)
    for table in tables:
        if table not in (names := table_names(project)):
            yield f"there is no table '{table}'.", nearest(table, names)
            continue
        try:
            meta = load_metadata(project, table)
        except KingstonError:
            continue
        needed = _columns(survey, meta) if table == survey.table else [MARGIN, CATEGORY]
        known = [column.name for column in meta.columns]
        for name in dict.fromkeys(needed):
            if name not in known:
                yield f"the table '{table}' has no column '{name}'.", nearest(name, known)
        yield from _gaps(survey, table, meta)


def _columns(survey: Survey, meta: Metadata) -> list[str]:
    """List the columns that a survey's table must have."""
    if survey.shape == "respondents":
        asked = [each.column for each in survey.questions]
        return [*asked, *survey.profile, *filter(None, [survey.weight])]
    comparator = survey.comparator.column if survey.comparator else None
    area = None if meta.covers else "area"
    return [survey.column, *filter(None, [area, survey.base, comparator])]


def _gaps(survey: Survey, table: str, meta: Metadata) -> Iterator[tuple[str, str]]:
    """Find what a table does not say of itself, and answers that it cannot hold."""
    respondents = survey.shape == "respondents"
    if meta.value is None and (table != survey.table or not respondents):
        yield f"the table '{table}' names no `value`.", "Name the column of its numbers."
    if table != survey.table:
        return
    if meta.period is None:
        yield f"the table '{table}' has no `period`.", "Say when people were asked."
    if respondents and meta.covers is None:
        yield f"the table '{table}' has no `covers`.", "Name the borough whose people were asked."
    columns = {column.name: column.values for column in meta.columns}
    for column, value in _named(survey):
        known = list(map(str, columns.get(column) or [value]))
        if value not in known:
            yield f"'{value}' is no value of '{column}'.", nearest(value, known)


def _named(survey: Survey) -> list[tuple[str, str]]:
    if survey.shape == "respondents":
        return [(each.column, answer) for each in survey.questions for answer in each.answers]
    return [(survey.column, each.measure) for each in survey.questions]
