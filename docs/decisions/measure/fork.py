"""Tell what a library still does in a child that is forked before or after the parent used it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable

SECONDS = 20


def draw() -> None:
    """Draw a chart by vl-convert."""
    import vl_convert

    vl_convert.vegalite_to_svg({"data": {"values": [{"x": 1}]}, "mark": "point", "encoding": {}})


def group() -> None:
    """Group a frame by polars."""
    import polars

    frame = polars.DataFrame({"x": [1, 2] * 50_000, "y": range(100_000)})
    frame.lazy().group_by("x").agg(polars.col("y").sum()).collect()


def end_of(work: Callable[[], None], *, used_before: bool) -> str:
    """Fork, do the work in the child, and say how that ended."""
    if used_before:
        work()
    started, child = time.monotonic(), os.fork()
    if child == 0:
        work()
        os._exit(0)
    while time.monotonic() - started < SECONDS:
        if os.waitpid(child, os.WNOHANG)[0]:
            return f"done after {time.monotonic() - started:.1f} s"
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return f"still hanging after {SECONDS} s"


if __name__ == "__main__":
    for each in (draw, group):
        # The child of a parent that never used it comes first.
        for before in (False, True):
            told = "after" if before else "before"
            ended = end_of(each, used_before=before)
            sys.stdout.write(f"{each.__name__}, forked {told} the parent did: {ended}\n")
