"""How what one edition found differs from what another found: figure by figure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from kingston_analysis.results import Finding, Findings, number_of

DifferenceKind = Literal[
    "turned round",
    "judged otherwise",
    "came in",
    "revised",
    "known no more",
    "defined otherwise",
    "primary indicator",
]
# What an indicator says of a year in its own right; ranks and changes follow from these.
LEVELS = ("count", "rate")


@dataclass(frozen=True)
class EditionDifference:
    """One difference: the finding before and now, of which one may be absent.

    *turned round*: the latest change fell and then rose, or the other way, or a revision gave an
    earlier change the opposite sign. *judged otherwise*: a change of the same size has another
    verdict, since more is known of how far its counts vary. *came in*: a year's figure that the
    earlier edition did not have. *revised*: another figure of the same year. *known no more*: a
    year's figure that only the earlier edition has. *defined otherwise*: the indicator counts
    something else, in another unit, or another way is better. *primary indicator*: another
    indicator stands for the topic. `in_headline`: the earlier edition's headline spoke of what is
    judged otherwise; a change of a year before stands among its findings alone.
    """

    kind: DifferenceKind
    page: str
    indicator: str
    before: Finding | None
    now: Finding | None
    in_headline: bool = False


_Key = tuple[str, str, str, str | None]


def differences(before: Findings, now: Findings) -> list[EditionDifference]:
    """List what differs between the indicators of two editions; what turned round comes first."""
    old, new = _by_key(before), _by_key(now)
    found = [
        *_turned(old, new),
        *_judged(old, new),
        *_levels(old, new),
        *_defined(old, new),
        *_leads(before, now),
    ]
    kinds = get_args(DifferenceKind)
    return sorted(found, key=lambda each: kinds.index(each.kind))


def of_kind(found: list[EditionDifference], kind: DifferenceKind) -> list[EditionDifference]:
    """Return the differences of one kind."""
    return [each for each in found if each.kind == kind]


def _by_key(findings: Findings) -> dict[_Key, Finding]:
    return {
        (each.page, each.indicator, each.measure, each.period): each
        for each in findings
        if each.indicator
    }


def _turned(old: dict[_Key, Finding], new: dict[_Key, Finding]) -> Iterator[EditionDifference]:
    then, latest = _latest_changes(old), _latest_changes(new)
    for series, now in latest.items():
        before = then.get(series)
        verdicts = {each.verdict for each in (before, now) if each}
        if verdicts == {"rose", "fell"}:
            yield EditionDifference("turned round", *series, before, now)
    for key, now in new.items():
        before = old.get(key)
        if key[2] == "change" and before and _opposite(before.value, now.value):
            yield EditionDifference("turned round", *key[:2], before, now)


def _judged(old: dict[_Key, Finding], new: dict[_Key, Finding]) -> Iterator[EditionDifference]:
    for key, now in new.items():
        before = old.get(key)
        if key[2] != "change" or not before or before.verdict == now.verdict:
            continue
        sizes = [each.value for each in (before, now) if isinstance(each.value, int | float)]
        # A percentage: what libraries differ in is no other size.
        if len(sizes) == 2 and math.isclose(*sizes, rel_tol=1e-6, abs_tol=1e-6):
            headline = _known(old.get((*key[:2], "headline", key[3])))
            yield EditionDifference("judged otherwise", *key[:2], before, now, bool(headline))


def _latest_changes(found: dict[_Key, Finding]) -> dict[tuple[str, str], Finding]:
    return {key[:2]: each for key, each in found.items() if key[2] == "change"}


def _opposite(first: object, second: object) -> bool:
    numbers = [each for each in (first, second) if isinstance(each, int | float)]
    return len(numbers) == 2 and numbers[0] * numbers[1] < 0


def _levels(old: dict[_Key, Finding], new: dict[_Key, Finding]) -> Iterator[EditionDifference]:
    keys = dict.fromkeys([*old, *new])
    for key in [each for each in keys if each[2] in LEVELS]:
        before, now = (_known(each.get(key)) for each in (old, new))
        if before and now and not math.isclose(number_of(before), number_of(now)):
            yield EditionDifference("revised", *key[:2], before, now)
        elif now and not before:
            yield EditionDifference("came in", *key[:2], None, now)
        elif before and not now:
            yield EditionDifference("known no more", *key[:2], before, None)


def _known(finding: Finding | None) -> Finding | None:
    return finding if finding and finding.value is not None else None


def _defined(old: dict[_Key, Finding], new: dict[_Key, Finding]) -> Iterator[EditionDifference]:
    then, latest = (
        {key[:2]: f for key, f in each.items() if key[2] == "count"} for each in (old, new)
    )
    for series, now in latest.items():
        before = then.get(series)
        if before and _definition(before) != _definition(now):
            yield EditionDifference("defined otherwise", *series, before, now)


def _definition(finding: Finding) -> tuple[str, str, str]:
    return finding.what, finding.unit, finding.polarity


def _leads(before: Findings, now: Findings) -> Iterator[EditionDifference]:
    then, latest = ({f.page: f for f in each if f.name == "count"} for each in (before, now))
    for page, finding in latest.items():
        old = then.get(page)
        if old and finding.indicator and old.indicator != finding.indicator:
            yield EditionDifference("primary indicator", page, finding.indicator, old, finding)
