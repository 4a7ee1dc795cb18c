"""Why pages run or do not: what changed since each was run, in words."""

from __future__ import annotations

from collections.abc import Iterable

from kingston_analysis.pages.key import Change, Now, changes
from kingston_analysis.pages.pages import Page, page_named


def explained(pages: Iterable[Page]) -> str:
    """Say of each page whether it is fresh, and what changed where it is not, a line a change."""
    now = Now()
    return "\n".join(_told(page, changes(page, now), "fresh") for page in pages)


def plan(pages: list[Page], force: bool = False) -> str:
    """Say which pages a run would execute and why, those first whose findings others read."""
    now = Now()
    stale = {page: changes(page, now) for page in _with_needed(pages, now)}
    if force:
        stale.update({page: stale[page] or [Change("asked for by --force")] for page in pages})
    runs = {page: found for page, found in stale.items() if found}
    may = {page: _behind(page, runs, now) for page in stale if page not in runs}
    lines = [_told(page, found, "") for page, found in runs.items()]
    lines += [
        f"{page}: runs too if the findings of {', '.join(behind)} change"
        for page, behind in may.items()
        if behind
    ]
    count = f"{len(runs)} of {len(stale)} pages would run."
    return "\n".join([count, *lines])


def _with_needed(pages: list[Page], now: Now) -> list[Page]:
    """Put before each page those whose findings it read when it was last run."""
    ordered: dict[Page, None] = {}
    for page in pages:
        record = now.record(page)
        for name in record.inputs.pages if record else ():
            ordered[page_named(name, page.edition, page.area)] = None
        ordered[page] = None
    return list(ordered)


def _behind(page: Page, runs: Iterable[Page], now: Now) -> list[str]:
    record = now.record(page)
    read = record.inputs.pages if record else {}
    here = [other for other in runs if (other.edition, other.area) == (page.edition, page.area)]
    return [other.name for other in here if other.name in read]


def _told(page: Page, found: list[Change], otherwise: str) -> str:
    if not found:
        return f"{page}: {otherwise}"
    if len(found) == 1:
        return f"{page}: {found[0]}"
    return "\n".join([f"{page}: {len(found)} things changed", *(f"    {each}" for each in found)])
