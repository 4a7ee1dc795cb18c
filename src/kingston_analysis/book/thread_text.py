"""The golden thread as the Markdown of its page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from kingston_analysis.plan.thread import Link, Thread
from kingston_analysis.show.wording import sentence_start


def thread_lines(threads: list[Thread]) -> list[str]:
    """Write how far each thread goes, then every step of it."""
    complete = [each for each in threads if each.ends_at is None]
    broken = [each for each in threads if each.broken]
    lines = [
        f"There is one thread for each objective, and one for each theme whose objectives are not "
        f"known: {len(threads)} in all. Whole from end to end: {len(complete) or 'none'}. Broken, "
        f"so that something is missing and no reason is given: {len(broken) or 'none'}. The others "
        "have steps that are not available, with the reason.",
    ]
    for theme, found in groupby(threads, key=lambda each: each.theme):
        lines += ["", f"## {theme}", *_of_theme(list(found))]
    return lines


def _of_theme(found: list[Thread]) -> Iterator[str]:
    """Write each step once where the theme's threads share it, else for each objective."""
    yield ""
    for links in zip(*(each.links for each in found), strict=True):
        if len(set(links)) == 1:
            yield _line(links[0], "")
        else:
            yield from (_line(link, f" {number}") for number, link in enumerate(links, start=1))


def _line(link: Link, number: str) -> str:
    gap = "" if link.state == "held" else f"{link.state}. "
    text = sentence_start(link.text) if gap else link.text
    return f"- **{link.step.capitalize()}{number}:** {gap}{text}"
