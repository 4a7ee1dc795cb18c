"""The measures of a page: how long its arithmetic takes, without what shows and publishes it."""

from __future__ import annotations

import inspect
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from unittest.mock import patch

import nbformat
from kingston_analysis.scored import Scored

from kingston_analysis import notebook
from kingston_analysis.data.editions import load_edition
from kingston_analysis.data.topics import OVERVIEW, load_topic
from kingston_analysis.matrix.sensitivity import sensitivity
from kingston_analysis.project import Project
from kingston_analysis.records.pages import Page, pages_of
from tests.benchmarks.measure import Bench
from tests.benchmarks.table import Row

PROJECT = Project.find()
MEASURES = "kingston_analysis.measures"
ANSWERING = (
    "kingston_analysis.answers",
    "kingston_analysis.evidence",
    "kingston_analysis.measured",
)
EDITION, LIMIT, DRAWS_LIMIT = 2016, 0.3, 0.5


def measuring_rows(bench: Bench, _wanted: set[str]) -> list[Row]:
    """Time the measures of every page of the edition that has most figures."""
    edition = load_edition(PROJECT, EDITION)
    # Sources measures nothing, and the matrix what all the others do, for two editions.
    pages = [
        p for p in pages_of(PROJECT, edition, edition.area) if p.name not in ("sources", "matrix")
    ]
    seconds = [median(_measuring(page) for _ in range(bench.rounds)) for page in pages]
    slowest = max(seconds)
    return [
        Row(
            f"the measures of a page, {len(pages)} pages of edition {EDITION}",
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
    edition = load_edition(PROJECT, EDITION)
    given = {"edition": EDITION, "area": edition.area}
    matrix = Scored(
        PROJECT, "matrix", edition, edition.area, load_topic(PROJECT, OVERVIEW), given
    ).matrix
    seconds = []
    for _ in range(bench.rounds):
        start = time.perf_counter()
        sensitivity(matrix)
        seconds.append(time.perf_counter() - start)
    return Row(
        f"{matrix.scheme.sensitivity.draws:,} draws of the matrix, edition {EDITION}",
        "a limit",
        f"at most {DRAWS_LIMIT} s",
        f"{median(seconds):.2f} s",
        median(seconds) <= DRAWS_LIMIT,
        "",
    )


def _measuring(page: Page) -> float:
    """Run a page's cells in this process; return the seconds spent in measures."""
    cells = [c.source for c in nbformat.read(page.source, 4).cells if c.cell_type == "code"]
    names: dict = {}
    with _clocked() as clock, patch.object(notebook, "display", lambda *_, **__: None):
        exec(cells[0], names)
        names |= page.parameters
        for cell in cells[1:]:
            exec(cell, names)
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
    """Time every measure that answers, evidence and the measured call."""
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
