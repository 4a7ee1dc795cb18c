"""What it costs a page to be confined, and to have its files read for it."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from kingston_analysis.pages.landlock import confine, landlock_abi
from kingston_analysis.pages.limits import limits_of
from kingston_analysis.pages.reading import ReadsElsewhere, reads_for
from kingston_analysis.project import Project

project = Project.find()
TIMES = 30
FILES = ("data/areas.yml", "data/tables/public_attitude_survey.csv")


def milliseconds_in_a_child(folder: Path) -> float:
    """Confine a fork of this process, and return how long that took."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        started = time.perf_counter()
        confine(limits_of(project, folder).rights)
        os.write(writing, str(1000 * (time.perf_counter() - started)).encode())
        os._exit(0)
    os.wait()
    return float(os.read(reading, 100))


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long something takes, of many times the median."""
    found = []
    for _ in range(TIMES):
        started = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - started))
    return statistics.median(found)


sys.stdout.write(f"Landlock ABI {landlock_abi()}" + "\n")
# As the process does that pages are forked from.
limits_of(project, project.root)
with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    took = statistics.median(milliseconds_in_a_child(folder) for _ in range(TIMES))
    sys.stdout.write(f"a page is confined in {took:.2f} ms" + "\n")
    with reads_for(project, folder, {}) as reads:
        page = ReadsElsewhere(reads.address)
        for file in FILES:
            here = milliseconds((project.root / file).read_bytes)
            elsewhere = milliseconds(partial(page.read, file))
            took = f"here in {here:.2f} ms, by who runs the page in {elsewhere:.2f}"
            sys.stdout.write(f"{file}: read {took}\n")
