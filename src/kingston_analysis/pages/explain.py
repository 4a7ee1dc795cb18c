"""Why pages run or do not: what changed since each was run, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kingston_analysis.project import Project
from kingston_analysis.records.dependencies import with_dependencies
from kingston_analysis.records.key import InputChange, Now, changes
from kingston_analysis.records.pages import Page


@dataclass(frozen=True)
class Freshness:
    """What changed since a page was run; if nothing, the stale pages whose findings it read."""

    page: Page
    changes: list[InputChange]
    behind: list[str]

    def __str__(self) -> str:
        behind = ", ".join(self.behind)
        fresh = f"fresh, as long as the findings of {behind} stay the same" if behind else "fresh"
        return _page_text(self.page, self.changes, fresh)


def freshness(project: Project, pages: list[Page]) -> list[Freshness]:
    """Tell of each page whether it is fresh, and what changed where it is not."""
    now = Now(project)
    found = {page: changes(page, now) for page in with_dependencies(pages, now)}
    stale = [page for page in found if found[page]]
    return [
        Freshness(page, found[page], [] if found[page] else _behind(page, stale, now))
        for page in pages
    ]


def plan(project: Project, pages: list[Page], force: bool = False) -> str:
    """Say which pages a run would execute and why, those first whose findings others read."""
    now = Now(project)
    stale = {page: changes(page, now) for page in with_dependencies(pages, now)}
    if force:
        stale.update({page: stale[page] or [InputChange("asked for by --force")] for page in pages})
    runs = {page: found for page, found in stale.items() if found}
    may = {page: _behind(page, runs, now) for page in stale if page not in runs}
    lines = [_page_text(page, found, "") for page, found in runs.items()]
    lines += [
        f"{page}: runs too if the findings of {', '.join(behind)} change"
        for page, behind in may.items()
        if behind
    ]
    count = f"{len(runs)} of {len(stale)} pages would run."
    return "\n".join([count, *lines])


def _behind(page: Page, runs: Iterable[Page], now: Now) -> list[str]:
    """Name the pages that would run and whose findings a page read, itself or through others."""
    dependencies = with_dependencies([page], now)
    return [other.name for other in runs if other in dependencies]


def _page_text(page: Page, found: list[InputChange], otherwise: str) -> str:
    if not found:
        return f"{page}: {otherwise}"
    if len(found) == 1:
        return f"{page}: {found[0]}"
    return "\n".join([f"{page}: {len(found)} things changed", *(f"    {each}" for each in found)])
