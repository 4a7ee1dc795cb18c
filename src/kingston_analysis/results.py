"""A finding: a value computed by a notebook, by name, with its interval and sources."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kingston_analysis.errors import KingstonError, Problem, nearest
from kingston_analysis.project import sha256

MIME = "application/vnd.kingston.findings+json"


@dataclass(frozen=True)
class Finding:
    """One value: of which page and name, for which period, from which tables.

    `what` says what is counted, by which `indicator` of the topic, and `polarity` which way is
    better. `value` is None where the figure is missing, and `missing` then says why. `verdict`
    holds the words of a change; `interval` is the 95% interval in the value's unit.
    """

    page: str
    template: str
    area: str
    topic: str | None
    name: str
    period: str | None
    value: float | str | None
    unit: str
    what: str = ""
    indicator: str | None = None
    polarity: str = ""
    interval: tuple[float, float] | None = None
    verdict: str | None = None
    missing: str | None = None
    sources: tuple[dict[str, str], ...] = ()

    def __str__(self) -> str:
        where = f"{self.name} {self.period}" if self.period else self.name
        if self.value is None:
            return f"{where}: not available, {self.missing}"
        value = self.value if isinstance(self.value, str) else f"{self.value:,}"
        interval = f" ({self.interval[0]:,} to {self.interval[1]:,})" if self.interval else ""
        verdict = f" [{self.verdict}]" if self.verdict else ""
        return f"{where}: {value}{interval} {self.unit}{verdict}"


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

    def __iter__(self):
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


def as_objects(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Turn findings into plain objects, for JSON."""
    return [dataclasses.asdict(each) for each in findings]


def as_json(findings: Iterable[Finding]) -> str:
    """Write findings as a JSON list of objects, one finding a line."""
    rows = (json.dumps(each, ensure_ascii=False) for each in as_objects(findings))
    return "[\n" + ",\n".join(rows) + "\n]\n"


def hash_of_findings(objects: list[dict[str, Any]]) -> str:
    """Hash findings, given as plain objects, as a whole."""
    return sha256(json.dumps(objects, ensure_ascii=False, sort_keys=True).encode())


def from_objects(objects: Iterable[dict[str, Any]]) -> list[Finding]:
    """Make findings of the objects that `as_json` or a notebook's output holds."""
    return [
        Finding(
            **{
                **each,
                "interval": tuple(each["interval"]) if each["interval"] else None,
                "sources": tuple(each["sources"]),
            }
        )
        for each in objects
    ]


def read_findings(file: Path) -> Findings:
    """Read an edition's findings from their file."""
    try:
        return Findings(from_objects(json.loads(file.read_text(encoding="utf-8"))))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise KingstonError(Problem(f"Not a findings file: {error}.", file)) from None
