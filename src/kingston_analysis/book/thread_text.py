"""The golden thread as the Markdown of its page."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from kingston_analysis.plan.thread import Link, Thread


def thread_lines(threads: list[Thread]) -> list[str]:
    """Write how far each thread goes, then every step of it."""
    whole = [each for each in threads if each.ends_at is None]
    broken = [each for each in threads if each.broken]
    lines = [
        f"There is one thread for each objective, and one for each theme whose objectives are not "
        f"known: {len(threads)} in all. Whole from end to end: {len(whole)}. Broken, so that "
        f"something is missing and no reason is given: {len(broken)}. The others have steps that "
        "are not available, with the reason.",
    ]
    for theme, found in groupby(threads, key=lambda each: each.theme):
        lines += ["", f"## {theme}", *_of_theme(list(found))]
    return lines


def _of_theme(found: list[Thread]) -> Iterable[str]:
    """Write what the theme's threads share once, and the rest for each."""
    shared = [link for link in found[0].links if all(link in each.links for each in found)]
    yield ""
    yield from (_line(link) for link in shared)
    for each in found:
        own = [link for link in each.links if link not in shared]
        if own:
            yield ""
            yield _line(own[0])
            yield from (f"  {_line(link)}" for link in own[1:])


def _line(link: Link) -> str:
    gap = "" if link.state == "held" else f"{link.state}. "
    return f"- **{link.step.capitalize()}:** {gap}{link.text}"
