"""Hypotheses on why a topic changed: what they lead us to expect, and what would show it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from kingston_analysis.data.editions import Edition
from kingston_analysis.data.names import Identifier
from kingston_analysis.data.tables.metadata import Text
from kingston_analysis.data.tables.periods import Month
from kingston_analysis.data.topics import Topic
from kingston_analysis.data.yaml_models import Strict, load_yaml
from kingston_analysis.errors import Problem, nearest, raise_any
from kingston_analysis.project import Project

ExpectedChange = Literal["rise", "fall", "none"]


class PartTest(Strict):
    """The local part of the change, or what the mix of offences gave, is a rise, a fall or none."""

    kind: Literal["local", "mix"]
    expect: ExpectedChange


class CommonTest(Strict):
    """What was common to all boroughs is larger than what was local."""

    kind: Literal["london-wide"]


class ChangeTest(Strict):
    """One of the topic's indicators rose, fell, or stayed as it was."""

    kind: Literal["change"]
    indicator: Identifier
    expect: ExpectedChange


class ConcentrationTest(Strict):
    """Fewer wards hold half of the offences than if they lay where all recorded crime lies."""

    kind: Literal["concentration"]


class SeasonTest(Strict):
    """Each of some months of the year is above, or below, the area's own average month."""

    kind: Literal["season"]
    months: Annotated[tuple[Month, ...], Field(min_length=1)]
    expect: Literal["above", "below"]


class RateTest(Strict):
    """The area's rate is above, or below, that of the larger area in which it lies."""

    kind: Literal["rate"]
    expect: Literal["above", "below"]


HypothesisTest = Annotated[
    PartTest | CommonTest | ChangeTest | ConcentrationTest | SeasonTest | RateTest,
    Field(discriminator="kind"),
]


def expected_of(test: HypothesisTest) -> str:
    """Return which way a test expects the figures to lie, if its kind does not say it all."""
    return getattr(test, "expect", "as the kind says")


class Hypothesis(Strict):
    """A possible reason, what we would expect to see if it held, and the data that would show it.

    Without a `test` the data are not held. `proxy` says why the data of the test only stand in for
    the thing itself. `explains` is the change of the topic's count that the text takes for granted.
    """

    hypothesis: Text
    expect: Text
    data: Text
    explains: Literal["rise", "fall"] | None = None
    test: HypothesisTest | None = None
    proxy: Text | None = None


def load_hypotheses(project: Project, year: int) -> dict[str, tuple[Hypothesis, ...]]:
    """Read the hypotheses that an edition tests, by topic; none where it has no file.

    Raises KingstonError for a faulty file and, with the nearest ids, for one that does not exist.
    """
    listed, known = _read(project, year)
    raise_any(_unknown(listed, known, _file(project, year)))
    return {topic: tuple(known[each] for each in ids) for topic, ids in listed.items()}


def hypothesis_problems(
    project: Project, edition: Edition, topics: dict[str, Topic]
) -> Iterator[Problem]:
    """Find what is wrong with an edition's hypotheses: unknown names, and years it cannot know.

    Raises KingstonError for a faulty file.
    """
    file = _file(project, edition.edition)
    listed, known = _read(project, edition.edition)
    yield from _unknown(listed, known, file)
    for topic, ids in listed.items():
        if topic not in edition.topics:
            what = f"The edition has no topic '{topic}'."
            yield Problem(what, file, remedy=nearest(topic, edition.topics))
        for each in dict.fromkeys(ids):
            if ids.count(each) > 1:
                what = f"Topic '{topic}': the hypothesis '{each}' stands twice."
                yield Problem(what, file, remedy="Keep one.")
            if each in known:
                yield from _misfits(each, known[each], topics.get(topic), edition, file)


def _file(project: Project, year: int) -> Path:
    return project.data / "hypotheses" / f"{year}.yml"


def _read(project: Project, year: int) -> tuple[dict[str, tuple[str, ...]], dict[str, Hypothesis]]:
    """Read the ids that an edition lists by topic, and the hypotheses by id."""
    # Whether there is a file is asked in a way that is noted: pages run again once there is one.
    if not project.names_in(project.data / "hypotheses", f"{year}.*"):
        return {}, {}
    listed = load_yaml(project, _file(project, year), dict[Identifier, tuple[Identifier, ...]])
    return listed, load_yaml(project, project.data / "hypotheses.yml", dict[Identifier, Hypothesis])


def _unknown(
    listed: dict[str, tuple[str, ...]], known: dict[str, Hypothesis], file: Path
) -> Iterator[Problem]:
    for topic, ids in listed.items():
        for each in dict.fromkeys(ids):
            if each not in known:
                what = f"Topic '{topic}': there is no hypothesis '{each}'."
                yield Problem(what, file, remedy=nearest(each, known))


def _misfits(
    name: str, hypothesis: Hypothesis, topic: Topic | None, edition: Edition, file: Path
) -> Iterator[Problem]:
    """Find an indicator that the topic does not have, and a year that the edition cannot know."""
    texts = (hypothesis.hypothesis, hypothesis.expect, hypothesis.data, hypothesis.proxy or "")
    if not all(edition.mentions_only_known_years(text) for text in texts):
        what = f"The hypothesis '{name}' names a year after the edition's extraction."
        yield Problem(what, file, remedy="Name another hypothesis, without it.")
    test = hypothesis.test
    if topic is None or not isinstance(test, ChangeTest):
        return
    ids = [each.id for each in topic.indicators if not each.months_of]
    if test.indicator not in ids:
        what = f"Topic '{topic.id}', hypothesis '{name}': there is no indicator '{test.indicator}'."
        yield Problem(what, file, remedy=nearest(test.indicator, ids))
