"""Topics, the areas of crime that are assessed, and the indicators that speak about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Literal

from pydantic import Field

from kingston_analysis.data.names import Identifier, Key, TableName
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.metadata import (
    Metadata,
    Span,
    Text,
    load_metadata,
    table_names,
)
from kingston_analysis.data.yaml_models import Strict, by_id, load_yaml
from kingston_analysis.errors import KingstonError, Problem, nearest
from kingston_analysis.project import Project

Polarity = Literal["lower is better", "higher is better", "more reporting is better", "neither"]

OVERVIEW = "all-recorded-crime"


class Parts(Strict):
    """What an indicator's change is taken apart into: the values of a column of a table.

    `select` names the rows where the indicator's own selection does not.
    """

    table: TableName
    by: Key
    select: dict[Key, list[Key]] | None = None


class Indicator(Strict):
    """A measured series: which rows of which table, in what unit, and which way is better.

    `months_of` names the indicator of the same topic that gives by year what this one gives by
    month: its own years are not shown. `wards` names the table of wards in which the same rows are
    selected.
    """

    id: Identifier
    title: Text
    counted: Text
    table: TableName
    select: dict[Key, list[Key]]
    unit: Text
    polarity: Polarity
    since: Key = Field(alias="from")
    rate: bool
    months_of: Identifier | None = None
    wards: TableName | None = None
    parts: Parts | None = None


class Topic(Strict):
    """An area of crime; its first indicator leads."""

    id: Identifier
    title: Text
    about: Text
    indicators: list[Indicator]
    not_held: tuple[Text, ...] = ()

    def by_month(self, indicator: Indicator) -> Indicator | None:
        """Return the indicator that gives by month what another gives by year, if there is one."""
        return next((each for each in self.indicators if each.months_of == indicator.id), None)


def load_topics(project: Project) -> dict[str, Topic]:
    """Read every topic, by id; raise KingstonError where an id stands twice."""
    file = project.data / "topics.yml"
    return by_id(load_yaml(project, file, list[Topic]), file)


def load_topic(project: Project, topic: str) -> Topic:
    """Read one topic; raise KingstonError with the nearest ids where there is none."""
    topics = load_topics(project)
    if topic not in topics:
        raise KingstonError(f"There is no topic '{topic}'.", nearest(topic, topics))
    return topics[topic]


def tables_by_use(project: Project) -> list[str]:
    """List the tables that more than one indicator draws on, the one that most draw on last.

    A faulty list of topics has none: who reads it will tell.
    """
    try:
        indicators = [each for topic in load_topics(project).values() for each in topic.indicators]
    except KingstonError:
        return []
    used = Counter(each.table for each in indicators)
    used["population"] = sum(each.rate for each in indicators)
    return [name for name, times in reversed(used.most_common()) if times > 1]


def topic_problems(project: Project, topic: Topic) -> Iterator[Problem]:
    """Find indicators that select what their tables do not have, or name what is not there.

    A table whose metadata cannot be read is left to the check of the tables.
    """
    file = project.data / "topics.yml"
    for indicator in topic.indicators:
        where = f"Topic '{topic.id}', indicator '{indicator.id}'"
        for what, remedy in (*_siblings(indicator, topic), *_faults(project, indicator)):
            yield Problem(f"{where}: {what}", file, remedy=remedy)


def _siblings(indicator: Indicator, topic: Topic) -> Iterator[tuple[str, str]]:
    siblings = [each.id for each in topic.indicators if each is not indicator]
    if indicator.months_of and indicator.months_of not in siblings:
        what = f"`months_of`: the topic has no other indicator '{indicator.months_of}'."
        none = "Name another indicator of the topic."
        yield what, nearest(indicator.months_of, siblings) if siblings else none
    linked = [each.id for each in topic.indicators if each.months_of == indicator.months_of]
    if indicator.months_of and linked[0] != indicator.id:
        what = f"`months_of`: '{linked[0]}' already gives the months of '{indicator.months_of}'."
        yield what, "Keep one of the two."


def _faults(project: Project, indicator: Indicator) -> Iterator[tuple[str, str]]:
    def check(
        table: str, find: Callable[[Metadata], Iterator[tuple[str, str]]]
    ) -> Iterator[tuple[str, str]]:
        if table not in (names := table_names(project)):
            yield f"there is no table '{table}'.", nearest(table, names)
            return
        try:
            meta = load_metadata(project, table)
        except KingstonError:
            return
        yield from find(meta)

    yield from check(indicator.table, lambda meta: _mismatches(indicator, meta))
    if wards := indicator.wards:
        yield from check(wards, lambda meta: _selected(wards, indicator.select, meta))
    if parts := indicator.parts:
        chosen = parts.select or indicator.select
        yield from check(
            parts.table, lambda meta: _selected(parts.table, {**chosen, parts.by: []}, meta)
        )


def _mismatches(indicator: Indicator, meta: Metadata) -> Iterator[tuple[str, str]]:
    if meta.value is None or meta.period is None:
        yield f"the table '{indicator.table}' is no series.", "Name a table with value and period."
    else:
        yield from _since(indicator, meta.period)
    yield from _selected(indicator.table, indicator.select, meta)


def _selected(
    table: str, select: dict[str, list[str]], meta: Metadata
) -> Iterator[tuple[str, str]]:
    columns = {column.name: column for column in meta.columns}
    for name, values in select.items():
        if name not in columns:
            yield f"the table '{table}' has no column '{name}'.", nearest(name, columns)
            continue
        for value in values:
            if value not in (known := columns[name].values or []):
                yield f"'{value}' is no value of '{name}'.", nearest(value, map(str, known))


def _since(indicator: Indicator, span: Span) -> Iterator[tuple[str, str]]:
    try:
        early = periods.position(indicator.since, span.kind) < periods.position(
            span.first, span.kind
        )
    except ValueError as error:
        yield f"`from`: {error}.", "Correct it."
        return
    if early:
        yield f"`from` is {indicator.since}, before the table's first, {span.first}.", "Correct it."
