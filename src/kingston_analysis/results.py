"""What is found: a number with its interval, why there is none, and a value that is published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from kingston_analysis.errors import KingstonError, Problem, nearest
from kingston_analysis.project import json_of

T = TypeVar("T")

# Says, in what a finding counts, that a person made it up to show how a method works.
DEMONSTRATION = "demonstration value"

MIME = "application/vnd.kingston.findings+json"
DIGITS = 9


@dataclass(frozen=True)
class Estimate:
    """A number with its interval, which holds at `level`; where none is known, without ends."""

    value: float
    low: float | None = None
    high: float | None = None
    unit: str = ""
    level: float = 0.95

    @property
    def ends(self) -> tuple[float, float] | None:
        """Return the ends of the interval, where one is known."""
        return None if self.low is None or self.high is None else (self.low, self.high)

    def allows(self, number: float) -> bool:
        """Tell whether a number lies in the interval."""
        return self.ends is not None and self.ends[0] <= number <= self.ends[1]

    def map(self, function: Callable[[float], float]) -> Estimate:
        """Return value and ends on another scale; `function` must rise."""
        low, high = map(function, self.ends) if self.ends else (None, None)
        return replace(self, value=function(self.value), low=low, high=high)


@dataclass(frozen=True)
class Gap:
    """Why there is nothing: a sentence with its full stop, to stand after *not available*."""

    why: str


def require(result: T | Gap) -> T:
    """Return a result that must be known here; raise KingstonError with the reason if it is not."""
    if isinstance(result, Gap):
        raise KingstonError(result.why, "Ask first whether it is a Gap.")
    return result


def ends_of(estimate: Estimate) -> tuple[float, float]:
    """Return the ends of an interval; raise KingstonError where none is known."""
    if estimate.ends is None:
        raise KingstonError(f"The estimate {estimate.value:g} has no interval.")
    return estimate.ends


@dataclass(frozen=True)
class Finding:
    """One value that a page publishes: of which subject and measure, for which period.

    `what` says what is counted, by which `indicator` of the topic, and `polarity` which way is
    better. `value` is None where the figure is missing, and `missing` then says why. `verdict`
    holds the words of a change; `interval` is in the value's unit and holds at `level`. The page
    that publishes it adds itself and the tables behind it.
    """

    measure: str
    period: str | None
    value: float | str | None
    unit: str
    subject: str = ""
    what: str = ""
    indicator: str | None = None
    polarity: str = ""
    interval: tuple[float, float] | None = None
    verdict: str | None = None
    level: float | None = None
    missing: str | None = None
    page: str = ""
    template: str = ""
    area: str = ""
    topic: str | None = None
    sources: tuple[dict[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Return the name that is published: the measure, after its subject where it has one."""
        return f"{self.subject}.{self.measure}" if self.subject else self.measure

    @property
    def demonstrates(self) -> bool:
        """Tell whether it rests on demonstration values, and is marked where it is printed."""
        return DEMONSTRATION in self.what

    def __str__(self) -> str:
        where = f"{self.name} {self.period}" if self.period else self.name
        if self.value is None:
            return f"{where}: not available, {self.missing}"
        value = self.value if isinstance(self.value, str) else f"{self.value:,}"
        interval = f" ({self.interval[0]:,} to {self.interval[1]:,})" if self.interval else ""
        verdict = f" [{self.verdict}]" if self.verdict else ""
        return f"{where}: {value}{interval} {self.unit}{verdict}"


def number_of(finding: Finding) -> float:
    """Return a finding's number; raise KingstonError where it has none."""
    if finding.value is None or isinstance(finding.value, str):
        raise KingstonError(f"The finding '{finding.name}' of {finding.period} is no number.")
    return finding.value


def finding(
    measure: str,
    period: str | None,
    result: Estimate | Gap | float | str,
    unit: str,
    *,
    subject: str = "",
    what: str = "",
    verdict: str | None = None,
) -> Finding:
    """Make a finding of a result, its numbers rounded; one of a gap has no value and says why."""
    made = Finding(measure, period, None, unit, subject, what, verdict=verdict)
    if isinstance(result, Gap):
        return replace(made, missing=result.why)
    if isinstance(result, str):
        return replace(made, value=result)
    if isinstance(result, Estimate):
        rounded = result.map(tidy)
        level = rounded.level if rounded.ends else None
        return replace(made, value=rounded.value, interval=rounded.ends, level=level)
    return replace(made, value=tidy(result))


def tidy(value: float) -> float | int:
    """Round to nine significant digits, since libraries differ in the last; whole numbers stay."""
    near = value if float(value).is_integer() else float(f"{value:.{DIGITS}g}")
    return int(near) if float(near).is_integer() else near


class Findings:
    """The findings of an edition, looked up by page, name and period."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._all: dict[tuple[str, str], dict[str | None, Finding]] = {}
        for finding in findings:
            series = self._all.setdefault((finding.page, finding.name), {})
            if finding.period in series:
                where = f"'{finding.name}' for {finding.period} on page '{finding.page}'"
                raise KingstonError(
                    f"The finding {where} was published twice.",
                    "Publish it once, or give one of them another name.",
                )
            series[finding.period] = finding

    def __iter__(self) -> Iterator[Finding]:
        return (finding for series in self._all.values() for finding in series.values())

    def series(self, page: str, name: str) -> list[Finding]:
        """Return a page's finding for all its periods, in the order of publication."""
        if (page, name) not in self._all:
            raise KingstonError(f"There is no finding '{page}.{name}'.", self._near(page, name))
        return list(self._all[page, name].values())

    def get(self, target: str) -> Finding:
        """Return the finding that a text names.

        `page.name` is the latest period, `page.name@2004/05` that period, `page.name@-1` the
        period before the latest. Raises KingstonError with the nearest names.
        """
        reference, _, period = target.partition("@")
        page, _, name = reference.partition(".")
        series = self.series(page, name)
        if not period:
            return series[-1]
        if period.startswith("-"):
            known = {f"-{steps}": finding for steps, finding in enumerate(reversed(series))}
        else:
            known = {str(finding.period): finding for finding in series}
        if period not in known:
            what = f"The finding '{reference}' has no period '{period}'."
            raise KingstonError(what, "It has: " + ", ".join(known) + ".")
        return known[period]

    def _near(self, page: str, name: str) -> str:
        pages = {known for known, _ in self._all}
        if page not in pages:
            return "No such page. " + nearest(page, pages)
        return nearest(name, (each for known, each in self._all if known == page))


# An object in JSON has these, in this order.
PUBLISHED = (
    *("page", "template", "area", "topic", "name", "period", "value", "unit", "what"),
    *("indicator", "polarity", "interval", "level", "verdict", "missing", "sources"),
)


def as_objects(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Turn findings into plain objects, for JSON."""
    return [{name: getattr(each, name) for name in PUBLISHED} for each in findings]


def as_json(findings: Iterable[Finding]) -> str:
    """Write findings as a JSON list of objects, one finding a line."""
    rows = (json.dumps(each, ensure_ascii=False) for each in as_objects(findings))
    return "[\n" + ",\n".join(rows) + "\n]\n"


def hash_of_findings(objects: list[dict[str, Any]]) -> str:
    """Hash findings, given as plain objects, as a whole: `sha256:<hex>`."""
    text = json.dumps(objects, ensure_ascii=False, sort_keys=True)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def from_objects(objects: Iterable[dict[str, Any]]) -> list[Finding]:
    """Make findings of the objects that `as_json` or a notebook's output holds."""
    return [_from_object({name: each[name] for name in PUBLISHED}) for each in objects]


def _from_object(each: dict[str, Any]) -> Finding:
    subject, _, measure = each.pop("name").rpartition(".")
    each["interval"] = tuple(each["interval"]) if each["interval"] else None
    return Finding(measure, subject=subject, **{**each, "sources": tuple(each["sources"])})


def read_findings(file: Path) -> Findings:
    """Read an edition's findings from their file."""
    try:
        return Findings(from_objects(json_of(file.read_text(encoding="utf-8"))))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise KingstonError(Problem(f"Not a findings file: {error}.", file)) from None
