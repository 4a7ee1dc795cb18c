"""All pages of an edition, run cold: against papermill, and against the cells' plain code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

from tests.benchmarks.measure import JOBS, Bench, interleaved
from tests.benchmarks.table import Row

SHARE = 0.7
COLD, COMMAND, ONE_PROCESS, PLAIN = "cold", "papermill", "execute_notebook", "plain"


def cold_rows(bench: Bench, wanted: set[str]) -> list[Row]:
    """Measure all pages, cold, against those peers that are wanted."""
    peers = {COMMAND: _by_command, ONE_PROCESS: _in_one_process, PLAIN: _in_plain_python}
    works: dict[str, Callable[[], float]] = {COLD: lambda: cold(bench)}
    for name, work in peers.items():
        if name in wanted | {PLAIN}:
            works[name] = lambda work=work: work(bench)
    took = interleaved(bench.rounds, works, once=frozenset({COMMAND, ONE_PROCESS}))
    work = (
        f"edition {bench.edition}: all {len(bench.pages)} pages, cold, {JOBS} jobs ({_work(bench)})"
    )
    rows = []
    if COMMAND in wanted:
        against = "the `papermill` command, page by page"
        rows.append(_faster(work, against, bench.to_reach, took, COMMAND))
    if ONE_PROCESS in wanted:
        against = "`execute_notebook`, page by page in one process"
        rows.append(_faster(work, against, 7, took, ONE_PROCESS))
    if PLAIN in wanted:
        share = took[COLD] / took[PLAIN]
        against = "the cells' code in plain Python, imports included, one process"
        reach, times = f"at most {SHARE} of its time", _times(took, PLAIN)
        rows.append(Row(work, against, reach, f"{share:.2f} of its time", share <= SHARE, times))
    return rows


def cold(bench: Bench) -> float:
    """Run all pages with nothing left of earlier runs."""
    bench.forget_pages()
    return bench.run_pages()


def _by_command(bench: Bench) -> float:
    folder, command = bench.folder("command"), str(Path(sys.executable).with_name("papermill"))
    total = 0.0
    for page in json.loads(bench.given()):
        given = [each for item in page["parameters"].items() for each in ("-p", *map(str, item))]
        target = str(folder / f"{page['name']}.ipynb")
        total += bench.seconds([command, page["template"], target, *given])
    return total


def _in_one_process(bench: Bench) -> float:
    return bench.script("one_process", bench.given(), str(bench.folder("one-process")))


def _in_plain_python(bench: Bench) -> float:
    return bench.script("plain", bench.given(), str(_plain_seconds(bench)))


def _plain_seconds(bench: Bench) -> Path:
    return bench.project.root.parent / "plain.json"


def _work(bench: Bench) -> str:
    """Say how much work a page is, as measured in plain Python without the imports."""
    seconds = sorted(json.loads(_plain_seconds(bench).read_text(encoding="utf-8")).values())
    return f"{seconds[0]:.2f} to {seconds[-1]:.2f} s of work a page, median {median(seconds):.2f} s"


def _faster(work: str, against: str, times: int, took: dict[str, float], peer: str) -> Row:
    ratio = took[peer] / took[COLD]
    measured = f"{ratio:.1f} times faster"
    return Row(work, against, f"{times} times faster", measured, ratio >= times, _times(took, peer))


def _times(took: dict[str, float], peer: str) -> str:
    return f"{took[COLD]:.1f} s against {took[peer]:.1f} s"
