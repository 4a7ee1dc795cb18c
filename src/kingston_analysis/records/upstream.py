"""The findings of other pages: those that the runner gives, else those of the last run."""

from __future__ import annotations

from typing import Any

from kingston_analysis.data.reads import are_noted, note
from kingston_analysis.errors import KingstonError
from kingston_analysis.records.key import Now, changes
from kingston_analysis.records.pages import pages_named
from kingston_analysis.records.record import read_record
from kingston_analysis.results import Finding, from_objects

_given: dict[str, list[dict[str, Any]]] = {}


def give(findings: dict[str, list[dict[str, Any]]]) -> None:
    """Hand this process the findings that its page may ask for, by page."""
    _given.update(findings)


def findings_of(names: list[str], edition: int, area: str) -> list[Finding]:
    """Return what other pages of an edition's book for an area found, in the order of the names.

    The runner runs a page again once the pages that it asked for have run. Raises KingstonError
    where one was not run, or something changed since.
    """
    if are_noted():
        return from_objects(_from_the_runner(names, edition, area))
    return from_objects(_from_the_last_run(names, edition, area))


def _from_the_runner(names: list[str], edition: int, area: str) -> list[dict[str, Any]]:
    pages_named(names, edition, area)
    for name in names:
        note("needs", name, "")
    if absent := [name for name in names if name not in _given]:
        raise KingstonError(f"Not run yet: {', '.join(absent)}.")
    return [each for name in names for each in _given[name]]


def _from_the_last_run(names: list[str], edition: int, area: str) -> list[dict[str, Any]]:
    now = Now()
    pages = pages_named(names, edition, area)
    if stale := [page.name for page in pages if changes(page, now)]:
        what = f"Not run, or something changed since: {', '.join(stale)}."
        raise KingstonError(what, f"Run `kingston run --edition {edition} --area '{area}'`.")
    return [each for page in pages for each in read_record(page).findings]
