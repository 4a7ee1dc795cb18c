"""Review executed pages: nbval judges each, and one report tells people what came of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from kingston_analysis.errors import KingstonError
from kingston_analysis.records.pages import Page
from kingston_analysis.review.judge import JudgedCell, NeverRunError, judge_page
from kingston_analysis.review.page_report import page_report


@dataclass(frozen=True)
class PageReview:
    """What nbval said of each cell of code of a page, or why it came to no verdict."""

    page: Page
    cells: list[JudgedCell] = field(default_factory=list)
    trouble: KingstonError | None = None

    @property
    def ok(self) -> bool:
        """Tell whether the page was run, and every cell gives again what is stored."""
        return self.trouble is None and all(cell.verdict == "passed" for cell in self.cells)

    @property
    def never_run(self) -> bool:
        """Tell whether the page has no outputs that it could be held to."""
        return isinstance(self.trouble, NeverRunError)


def review_pages(pages: list[Page], jobs: int, done: Callable[[Page], None]) -> list[PageReview]:
    """Have nbval judge executed pages, several at once, and call `done` as each is judged."""
    with ThreadPoolExecutor(jobs) as pool:
        running = {pool.submit(_review, page): page for page in pages}
        try:
            for future in as_completed(running):
                future.result()
                done(running[future])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [future.result() for future in running]


def review_objects(reviews: list[PageReview]) -> list[dict[str, object]]:
    """Return what came of a review for programs: of each page, and of each cell that nbval ran."""
    return [
        {
            "page": str(each.page),
            "ok": each.ok,
            "trouble": str(each.trouble) if each.trouble else None,
            "cells": [
                {"cell": c.number, "verdict": c.verdict, "error": c.error} for c in each.cells
            ],
        }
        for each in reviews
    ]


def review_report(reviews: list[PageReview]) -> str:
    """Write for people what came of a review: the verdict, then each page that is not in order."""
    parts = [
        f"{each.page}: {each.trouble}" if each.trouble else page_report(str(each.page), each.cells)
        for each in reviews
        if not each.ok
    ]
    return "\n\n".join([_verdict(reviews), *parts])


def _review(page: Page) -> PageReview:
    try:
        return PageReview(page, judge_page(page))
    except KingstonError as error:
        return PageReview(page, trouble=error)


def _verdict(reviews: list[PageReview]) -> str:
    agree = sum(each.ok for each in reviews)
    never = sum(each.never_run for each in reviews)
    differ = sum(not each.ok and each.trouble is None for each in reviews)
    parts = [
        _count(agree, "agrees", "agree"),
        _count(differ, "differs", "differ"),
        _count(never, "was never run", "were never run"),
    ]
    if rest := len(reviews) - agree - differ - never:
        parts.append(f"{rest} could not be judged")
    return f"{_count(len(reviews), 'page', 'pages')} reviewed: {', '.join(parts)}."


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
