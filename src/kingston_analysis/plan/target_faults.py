"""What is wrong with targets: names of what is not there, and baselines that were changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from kingston_analysis.data.topics import Topic
from kingston_analysis.data.yaml_models import problem_in
from kingston_analysis.errors import Problem, nearest
from kingston_analysis.plan.baselines import freeze
from kingston_analysis.plan.targets import Target


def target_problems(
    targets: Sequence[Target],
    topics: Mapping[str, Topic],
    objectives: Collection[str],
    file: Path,
    place: Sequence[int | str],
    taken: Collection[str] = (),
) -> Iterator[Problem]:
    """Find what a theme's targets name that is not there, and baselines that were changed.

    `place` is where the list stands in the file; `taken` are ids of other themes' targets. With
    no topics, which is told elsewhere, nothing is held against them.
    """
    seen = set(taken)
    for number, target in enumerate(targets):
        if target.id in seen:
            what = f"The target '{target.id}' stands twice."
            yield problem_in(what, file, (*place, number, "id"), "Keep one.")
        seen.add(target.id)
        faults = (*_unknown(target, topics, objectives), *_baseline_faults(target))
        for key, what, remedy in faults:
            yield problem_in(what, file, (*place, number, *key), remedy)


Fault = tuple[tuple[str, ...], str, str]


def _unknown(
    target: Target, topics: Mapping[str, Topic], objectives: Collection[str]
) -> Iterator[Fault]:
    named = f"The target '{target.id}'"
    if target.objective and target.objective not in objectives:
        remedy = nearest(target.objective, objectives) if objectives else "Add it to the theme."
        yield ("objective",), f"{named}: there is no objective '{target.objective}'.", remedy
    if not topics:
        return
    if target.topic not in topics:
        yield ("topic",), f"{named}: no topic '{target.topic}'.", nearest(target.topic, topics)
        return
    indicators = {each.id: each for each in topics[target.topic].indicators}
    if target.indicator not in indicators:
        what = f"{named}: '{target.topic}' has no indicator '{target.indicator}'."
        yield ("indicator",), what, nearest(target.indicator, indicators)
    elif target.measure == "rate" and not indicators[target.indicator].rate:
        what = f"{named}: the indicator '{target.indicator}' has no rate."
        yield ("measure",), what, "Name another indicator, or use its count."


def _baseline_faults(target: Target) -> Iterator[Fault]:
    base = getattr(target, "baseline", None)
    if base is None:
        return
    if target.period <= base.last:
        what = (
            f"The target '{target.id}': {target.period} is not after its baseline, {base.period}."
        )
        yield ("period",), what, "Correct whichever is wrong."
    now = freeze(target.topic, target.indicator, target.measure, base.period, base.value)
    if now != base.frozen:
        what = f"The baseline of '{target.id}' was changed: it is not what `frozen` was made of."
        remedy = (
            "Restore it. If it was re-based on purpose, log it under `rebased` with a reason and "
            f"write frozen: {now}"
        )
        yield ("baseline", "frozen"), what, remedy
