"""The findings of other pages: those that the runner gives, else those of the last run."""

from __future__ import annotations

from typing import Any

from kingston_analysis.errors import KingstonError
from kingston_analysis.project import Project
from kingston_analysis.records.key import Now, changes
from kingston_analysis.records.pages import Page, pages_named
from kingston_analysis.records.record import read_record
from kingston_analysis.results import Finding, from_objects


def upstream_findings(project: Project, names: list[str], edition: int, area: str) -> list[Finding]:
    """Return what other pages of an edition's book for an area found, in the order of the names.

    The runner runs a page again once the pages that it asked for have run. Raises KingstonError
    where one was not run, or something changed since.
    """
    pages = pages_named(project, names, edition, area)
    if project.is_of_a_page:
        return from_objects(_from_the_runner(project, names))
    return from_objects(_from_the_last_run(project, pages))


def _from_the_runner(project: Project, names: list[str]) -> list[dict[str, Any]]:
    for name in names:
        project.note("dependency", name)
    if absent := [name for name in names if name not in project.upstream_findings]:
        raise KingstonError(f"Not run yet: {', '.join(absent)}.")
    return [each for name in names for each in project.upstream_findings[name]]


def _from_the_last_run(project: Project, pages: list[Page]) -> list[dict[str, Any]]:
    now = Now(project)
    if stale := [page for page in pages if changes(page, now)]:
        what = f"Not run, or something changed since: {', '.join(page.name for page in stale)}."
        command = f"kingston run --edition {stale[0].edition} --area '{stale[0].area}'"
        raise KingstonError(what, f"Run `{command}`.")
    return [each for page in pages for each in read_record(page).findings]
