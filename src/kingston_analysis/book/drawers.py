"""Processes that draw the charts of pages as these finish, each chart once."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import nbformat

from kingston_analysis.book.draw import WIDTHS, read_drawing, specification_hash
from kingston_analysis.errors import KingstonError, ending
from kingston_analysis.pages.outputs import Specification, figures_in
from kingston_analysis.project import Project, json_of

ENDING_SECONDS = 5
COMMAND = (sys.executable, "-P", "-m", "kingston_analysis.book.draw_lines")


def charts_of(project: Project) -> Path:
    """Return the folder of the drawn charts, which all books share."""
    return project.build / "charts"


class Drawers:
    """Processes that draw into a folder, started for the first charts that it does not hold.

    One draws while pages run, which need cores and memory themselves; as many as `jobs` finish.
    Each is a new one, told on its standard input what to draw, since a process that is forked after
    a chart was drawn hangs when it draws. When the command that started it is gone, so is it.
    """

    def __init__(self, folder: Path, jobs: int) -> None:
        self._folder, self._jobs = folder, jobs
        self._threads = ThreadPoolExecutor(jobs)
        self._at_once = threading.Semaphore(1)
        self._processes: list[subprocess.Popen[str]] = []
        self._idle: list[subprocess.Popen[str]] = []
        self._seen: set[str] = set()
        self._drawn: list[Future[list[Path]]] = []

    def draw(self, notebook: Path) -> None:
        """Have the charts of an executed notebook drawn that are neither held nor asked for."""
        read = nbformat.from_dict(json_of(notebook.read_bytes()))
        if specifications := [each for each in figures_in(read) if self._is_new(each)]:
            self._drawn.append(self._threads.submit(self._ask, specifications))

    def _is_new(self, specification: Specification) -> bool:
        name = specification_hash(specification)
        if name in self._seen:
            return False
        self._seen.add(name)
        try:
            for width in WIDTHS:
                read_drawing(self._folder, name, width)
        except KingstonError:
            return True
        return False

    def _ask(self, specifications: list[Specification]) -> list[Path]:
        """Have a process draw; return the files that were not as they were drawn."""
        with self._at_once:
            try:
                process = self._idle.pop()
            except IndexError:
                process = self._started()
            try:
                asked = json.dumps([str(self._folder), specifications])
                print(asked, file=process.stdin, flush=True)
                said = process.stdout.readline() if process.stdout else ""
            except OSError:
                said = ""
            self._idle.append(process)
        if not said:
            what = f"A process that draws charts {ending(process.wait(ENDING_SECONDS))}."
            remedy = "Build again; what was drawn is kept. With fewer --jobs it takes less memory."
            raise KingstonError(what, remedy)
        mended, problem = json.loads(said)
        if problem:
            raise KingstonError(problem)
        return [Path(file) for file in mended]

    def _started(self) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        made = subprocess.Popen(COMMAND, stdin=pipe, stdout=pipe, text=True, encoding="utf-8")
        self._processes.append(made)
        return made

    def finish(self) -> list[Path]:
        """Wait for the drawings; return the files that were there and not as they were drawn.

        Raises KingstonError for a chart that cannot be drawn and for a process that was lost.
        """
        self._at_once.release(self._jobs)
        try:
            return [file for each in self._drawn for file in each.result()]
        finally:
            self.stop()

    def stop(self) -> None:
        """End the processes, and draw nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in self._processes:
            process.kill()
            process.wait()
