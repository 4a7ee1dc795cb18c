"""The measures of a page: how long its arithmetic takes, without what shows and publishes it."""

from __future__ import annotations

import inspect
import pkgutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from statistics import median
from unittest.mock import patch

from kingston_analysis import analyses, notebook
from kingston_analysis.matrix.sensitivity import sensitivity
from kingston_analysis.records.pages import Page
from tests.benchmarks.measure import Bench
from tests.benchmarks.table import Row
from tests.in_process import run_template

MEASURES = "kingston_analysis.measures"
ANSWERING = ("kingston_analysis.analyses", "kingston_analysis.views")
LIMIT, DRAWS_LIMIT = 0.3, 0.5


def measuring_rows(bench: Bench, _wanted: set[str]) -> list[Row]:
    """Time the measures of every page of the edition that has most figures."""
    # Sources measures nothing; the others left out do what all pages do, for two editions.
    left_out = ("sources", "matrix", "changed")
    pages = [page for page in bench.pages if page.name not in left_out]
    seconds = [median(_measuring(page) for _ in range(bench.rounds)) for page in pages]
    slowest = max(seconds)
    return [
        Row(
            f"the measures of a page, {len(pages)} pages of edition {bench.edition}",
            "a limit",
            f"at most {LIMIT} s",
            f"median {median(seconds):.2f} s, slowest {slowest:.2f} s",
            slowest <= LIMIT,
            f"slowest: {pages[seconds.index(slowest)].name}",
        ),
        _drawing(bench),
    ]


def _drawing(bench: Bench) -> Row:
    """Time how long the draws of a matrix take."""
    of = {"edition": bench.edition, "area": bench.pages[0].area, "project": bench.project}
    matrix = notebook.open_edition("matrix", **of).view.matrix
    seconds = []
    for _ in range(bench.rounds):
        start = time.perf_counter()
        sensitivity(matrix)
        seconds.append(time.perf_counter() - start)
    return Row(
        f"{matrix.scheme.sensitivity.draws:,} draws of the matrix, edition {bench.edition}",
        "a limit",
        f"at most {DRAWS_LIMIT} s",
        f"{median(seconds):.2f} s",
        median(seconds) <= DRAWS_LIMIT,
        "",
    )


def _measuring(page: Page) -> float:
    """Run a page's cells in this process; return the seconds spent in measures."""
    with _clocked() as clock, patch.object(notebook, "display", lambda *_, **__: None):
        run_template(page)
    return clock.total


class _Clock:
    """Add up the time of the outermost calls."""

    total = 0.0
    running = False

    def timing(self, function: Callable) -> Callable:
        def timed(*args, **kwargs):
            if self.running:
                return function(*args, **kwargs)
            self.running, start = True, time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.running = False
                self.total += time.perf_counter() - start

        return timed


@contextmanager
def _clocked() -> Iterator[_Clock]:
    """Time every measure that analyses and views call."""
    for each in pkgutil.iter_modules(analyses.__path__, f"{analyses.__name__}."):
        import_module(each.name)
    clock = _Clock()
    patches = [
        patch.object(module, name, clock.timing(function))
        for title, module in list(sys.modules.items())
        if title.startswith(ANSWERING)
        for name, function in vars(module).items()
        if inspect.isfunction(function) and function.__module__.startswith(MEASURES)
    ]
    for each in patches:
        each.start()
    try:
        yield clock
    finally:
        for each in patches:
            each.stop()
