"""Seconds and memory of commands, and the project that they are measured on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from system_project import MAIN, Copy

from kingston_analysis.records.pages import Page

SCRIPTS = Path(__file__).with_name("scripts")
JOBS = 2
LOOK_EVERY = 0.5


@dataclass(frozen=True)
class Bench:
    """A copy of the project, the pages that are measured, and how often and on how many."""

    project: Copy
    pages: list[Page]
    # The name of their template, where they are not all pages of the edition.
    only: str | None
    rounds: int
    boroughs: list[str]
    boroughs_on_dask: int
    # How many times faster than the `papermill` command all pages are to run.
    to_reach: int

    @property
    def edition(self) -> int:
        """Return the edition that is measured."""
        return self.pages[0].edition

    def folder(self, name: str) -> Path:
        """Return a folder beside the copy of the project, new and empty."""
        place = self.project.root.parent / name
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        return place

    def given(self) -> str:
        """Write the pages down for a peer: name, template and parameters."""
        notebooks = self.project.root / "notebooks"
        return json.dumps(
            [
                {
                    "name": page.name,
                    "template": str(notebooks / page.source.name),
                    "parameters": page.parameters,
                }
                for page in self.pages
            ]
        )

    def forget_pages(self) -> None:
        """Remove what runs left behind, so that the next one is cold."""
        for name in ("pages", "durations", "packages"):
            shutil.rmtree(self.project.build / name, ignore_errors=True)

    def kingston(self, *arguments: str, look: Memory | None = None) -> float:
        """Run the command line to its end and return the seconds."""
        return self.seconds([sys.executable, "-c", MAIN, *arguments], look)

    def run_pages(self) -> float:
        """Run the pages that are stale, two at once, and return the seconds."""
        only = ["--only", self.only] if self.only else []
        return self.kingston("run", "--edition", str(self.edition), *only, "--jobs", str(JOBS))

    def script(self, name: str, *arguments: str, look: Memory | None = None) -> float:
        """Run one of the scripts to its end and return the seconds."""
        return self.seconds([sys.executable, str(SCRIPTS / f"{name}.py"), *arguments], look)

    def seconds(self, command: list[str], look: Memory | None = None) -> float:
        """Run a command in the copy of the project to its end and return the seconds."""
        said = self.project.root.parent / "said.txt"
        with said.open("w+", encoding="utf-8") as stream:
            start = time.monotonic()
            process = self.start(command, stdout=stream)
            if look:
                look.watch(process)
            code = process.wait()
            seconds = time.monotonic() - start
        if code:
            raise SystemExit(f"{' '.join(command)} failed:\n{said.read_text('utf-8')[-4000:]}")
        return seconds

    def start(self, command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        """Start a command for which the copy is the project."""
        return subprocess.Popen(
            command,
            cwd=self.project.root,
            env=self.project.environment(),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            **options,
        )


@dataclass
class Memory:
    """The memory of a command and all its children, looked at twice a second.

    It is the proportional set size, which counts what processes share once.
    """

    looks: list[float] = field(default_factory=list)

    @property
    def peak(self) -> float:
        """Return the most that was seen, in GB."""
        return max(self.looks)

    @property
    def peaks_of_halves(self) -> tuple[float, float]:
        """Return the most that was seen in the first and in the second half of the time, in GB."""
        middle = max(len(self.looks) // 2, 1)
        return max(self.looks[:middle]), max(self.looks[middle:] or self.looks)

    def watch(self, process: subprocess.Popen[bytes]) -> None:
        """Look at a command until it ends."""
        while process.poll() is None:
            self.looks.append(_memory(process.pid))
            time.sleep(LOOK_EVERY)


def _memory(pid: int) -> float:
    try:
        top = psutil.Process(pid)
        family = [top, *top.children(recursive=True)]
    except psutil.Error:
        return 0.0
    return sum(_proportional(each) for each in family) / 1024**3


def _proportional(process: psutil.Process) -> int:
    try:
        return process.memory_full_info().pss
    except psutil.Error:
        return 0


def interleaved(
    rounds: int, works: dict[str, Callable[[], float]], *, once: frozenset[str] = frozenset()
) -> dict[str, float]:
    """Do works in turn, round after round, and return the median seconds of each.

    What is named in `once` takes too long to be done in more than the first round.
    """
    times: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds):
        for name, work in works.items():
            if number == 0 or name not in once:
                times[name].append(work())
                told = f"{name}: {times[name][-1]:.2f} s\n"
                sys.stderr.write(f"[load {os.getloadavg()[0]:.1f}] {told}")
    return {name: median(each) for name, each in times.items()}
