"""What a command, a page's process and Sphinx load before they do anything."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.measure import Bench
from tests.benchmarks.table import Row

HEAVY = (
    "pandas",
    "altair",
    "statsmodels",
    "scipy",
    "papermill",
    "nbformat",
    "sphinx",
    "vl_convert",
)
CODE = """
import importlib, json, sys, time
start = time.process_time()
importlib.import_module(sys.argv[1])
took = time.process_time() - start
print(json.dumps([took, len(sys.modules), [n for n in sys.argv[2:] if n in sys.modules]]))
"""


@dataclass(frozen=True)
class Loads:
    """A module that somebody waits for, and the heavy libraries that it needs."""

    who: str
    module: str
    needs: tuple[str, ...]


ALL = (
    Loads("every command", "kingston_analysis.cli", ()),
    Loads("`kingston run`, nothing to do", "kingston_analysis.commands.running", ()),
    Loads("`kingston check data`", "kingston_analysis.commands.checks", ("pandas",)),
    Loads("running pages", "kingston_analysis.pages.run", ("papermill", "nbformat")),
    Loads(
        "the process that pages are forked from",
        "kingston_analysis.notebook",
        ("pandas", "altair", "statsmodels", "scipy"),
    ),
    Loads("drawing", "kingston_analysis.book.draw_lines", ()),
    Loads("Sphinx", "kingston_analysis.book.extension", ("altair", "nbformat", "pandas", "sphinx")),
)


def importing_rows(bench: Bench, _wanted: set[str]) -> list[Row]:
    """Time the imports, and name the heavy libraries that come with them."""
    return [_row(each, bench.rounds) for each in ALL]


def _row(each: Loads, rounds: int) -> Row:
    found = [_imported(each.module) for _ in range(rounds)]
    _, modules, heavy = found[0]
    return Row(
        f"imports of {each.who}",
        "a limit",
        f"no heavy library but {', '.join(each.needs)}" if each.needs else "no heavy library",
        ", ".join(heavy) or "none",
        set(heavy) <= set(each.needs),
        f"{median(took for took, _, _ in found):.2f} s, {modules} modules",
    )


def _imported(module: str) -> tuple[float, int, list[str]]:
    command = [sys.executable, "-c", CODE, module, *HEAVY]
    took, modules, heavy = json.loads(subprocess.check_output(command))
    return took, modules, heavy
