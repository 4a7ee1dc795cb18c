"""Measure the rows that are asked for, print their table, and keep that of a full measurement."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from system_project import copy_project

from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.editions import load_edition
from kingston_analysis.project import Project
from kingston_analysis.records.pages import pages_of
from tests.benchmarks.changed import changed_rows
from tests.benchmarks.cold import COMMAND, ONE_PROCESS, PLAIN, cold_rows
from tests.benchmarks.machine import machine
from tests.benchmarks.many import boroughs_rows, dask_rows
from tests.benchmarks.measure import Bench
from tests.benchmarks.measuring import measuring_rows
from tests.benchmarks.table import Row, markdown
from tests.benchmarks.unchanged import unchanged_rows

EDITION, ROUNDS, ON_DASK = 2008, 3, 5
QUICK_EDITION, QUICK_TOPICS = 2016, ["robbery", "burglary", "fraud"]
KEPT = Path(__file__).with_name("README.md")
GROUPS = {
    (COMMAND, ONE_PROCESS, PLAIN): cold_rows,
    ("unchanged",): unchanged_rows,
    ("changed",): changed_rows,
    ("boroughs",): boroughs_rows,
    ("dask",): dask_rows,
    ("measures",): measuring_rows,
}
NAMES = [name for names in GROUPS for name in names]
TEXT = """# Benchmarks

`make bench` wrote this file. All was measured in one run, on a copy of the project, on this
machine: {machine}

A work and its peers were done in turn, round after round; a time is the median of {rounds} of them.
The `papermill` command and the run for all boroughs take long and were done once. Cold means that
nothing was left of earlier runs, while the disk's cache was warm. A page's work is the time of its
cells in plain Python without imports.

{table}"""


def bench_in(folder: Path, quick: bool) -> Bench:
    """Copy the project into a folder, with all that is measured or little of it."""
    year, topics = (QUICK_EDITION, QUICK_TOPICS) if quick else (EDITION, None)
    project = copy_project(folder / "project", {year: topics})
    made = Project(project.root)
    edition = load_edition(made, year)
    return Bench(
        project=project,
        pages=pages_of(made, edition, edition.area),
        rounds=1 if quick else ROUNDS,
        boroughs=load_areas(made).borough_names[: 3 if quick else None],
        boroughs_on_dask=2 if quick else ON_DASK,
    )


def measured(bench: Bench, wanted: set[str]) -> list[Row]:
    """Measure the rows of some names, after a run that compiles the copy's modules."""
    bench.run_pages()
    return [
        row for names, rows in GROUPS.items() if wanted & set(names) for row in rows(bench, wanted)
    ]


def main() -> None:
    """Measure, print, and keep the table unless it is quick or of some rows only."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(NAMES)}; or all")
    parser.add_argument("--quick", action="store_true", help="few pages, one round, to try it")
    options = parser.parse_args()
    if unknown := set(options.rows) - set(NAMES):
        parser.error(f"no such row: {', '.join(sorted(unknown))}; known: {', '.join(NAMES)}")
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        bench = bench_in(Path(folder), options.quick)
        table = markdown(measured(bench, set(options.rows or NAMES)))
    text = TEXT.format(machine=machine(), rounds=bench.rounds, table=table)
    sys.stdout.write(text)
    if not options.quick and not options.rows:
        KEPT.write_text(text, encoding="utf-8", newline="\n")


main()
