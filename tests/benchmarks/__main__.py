"""Measure the rows that are asked for, print their table, and keep that of a full measurement."""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from system_project import copy_project
from tables_fixture import PROJECT

from kingston_analysis.data.areas import load_areas
from kingston_analysis.data.editions import edition_years, load_edition
from kingston_analysis.project import Project
from kingston_analysis.records.pages import pages_of
from tests.benchmarks.building import building_rows, environment_rows
from tests.benchmarks.changed import changed_rows
from tests.benchmarks.cold import COMMAND, ONE_PROCESS, PLAIN, cold_rows
from tests.benchmarks.importing import importing_rows
from tests.benchmarks.machine import machine
from tests.benchmarks.many import boroughs_rows, dask_rows
from tests.benchmarks.measure import Bench
from tests.benchmarks.measuring import measuring_rows
from tests.benchmarks.table import Row, markdown, not_measured
from tests.benchmarks.unchanged import unchanged_rows

# Boroughs enough to show memory that grows with them; all of them take a quarter of an hour.
ROUNDS, BOROUGHS, ON_DASK = 3, 8, 2
# How many times faster than the `papermill` command all pages of an edition are to run; the first
# edition is that of the other rows.
EDITIONS = {2016: 9, 2010: 11}
# A quick round proves that every row can be measured: two pages are enough, in one copy, which what
# is built fills for the others.
QUICK_TOPICS, QUICK_ONLY = ["robbery"], "topic"
BUILDING = "building"
KEPT = Path(__file__).with_name("README.md")
GROUPS = {
    (COMMAND, ONE_PROCESS, PLAIN): cold_rows,
    ("unchanged",): unchanged_rows,
    ("changed",): changed_rows,
    ("boroughs",): boroughs_rows,
    ("dask",): dask_rows,
    ("measures",): measuring_rows,
    ("imports",): importing_rows,
    ("environment",): environment_rows,
}
NAMES = [*(name for names in GROUPS for name in names), BUILDING]
TEXT = """# Benchmarks

`make bench` wrote this file. All was measured in one run, on a copy of the project, on this
machine: {machine}

A work and its peers were done in turn, round after round; a time is the median of {rounds} of them.
`papermill`, by command and in one process, and the run for many boroughs take long and were done
once. Cold means that nothing was left of earlier runs, while the disk's cache was warm. A page's
work is the time of its cells in plain Python without imports.

{table}"""


def bench_in(folder: Path, year: int, quick: bool) -> Bench:
    """Copy the project into a folder, with all that is measured or little of it."""
    project = copy_project(folder / str(year), {year: QUICK_TOPICS if quick else None})
    only = QUICK_ONLY if quick else None
    made = Project(project.root)
    edition = load_edition(made, year)
    return Bench(
        project=project,
        pages=pages_of(made, edition, edition.area, only),
        only=only,
        rounds=1 if quick else ROUNDS,
        boroughs=load_areas(made).borough_names[: 2 if quick else BOROUGHS],
        boroughs_on_dask=1 if quick else ON_DASK,
        to_reach=EDITIONS[year],
    )


def measured(folder: Path, quick: bool, wanted: set[str]) -> list[Row]:
    """Measure the rows of some names; what is timed comes after runs that compile the modules."""
    first, *others = [
        bench_in(folder, year, quick) for year in (list(EDITIONS)[: 1 if quick else None])
    ]
    if not quick:
        first.run_pages()
    built = [not_measured(BUILDING)]
    if BUILDING in wanted:
        built = building_rows(first if quick else _whole(folder, first), wanted)
    rows = []
    for names, measure in GROUPS.items():
        rows += [not_measured(name) for name in names if name not in wanted]
        if not wanted & set(names):
            continue
        rows += measure(first, wanted)
        if measure is cold_rows:
            for bench in others:
                bench.run_pages()
                rows += measure(bench, wanted)
    return [*rows, *built]


def _whole(folder: Path, bench: Bench) -> Bench:
    """Return a measurement on a copy of all editions."""
    years = dict.fromkeys(edition_years(PROJECT))
    return replace(bench, project=copy_project(folder / "all", years))


def main() -> None:
    """Measure, print, and keep the table unless it is quick or of some rows only."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(NAMES)}; or all")
    parser.add_argument("--quick", action="store_true", help="few pages, one round, to try it")
    options = parser.parse_args()
    if unknown := set(options.rows) - set(NAMES):
        parser.error(f"no such row: {', '.join(sorted(unknown))}; known: {', '.join(NAMES)}")
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        rows = measured(Path(folder), options.quick, set(options.rows or NAMES))
    text = TEXT.format(
        machine=machine(), rounds=1 if options.quick else ROUNDS, table=markdown(rows)
    )
    sys.stdout.write(text)
    if not options.quick and not options.rows:
        KEPT.write_text(text, encoding="utf-8", newline="\n")


main()
