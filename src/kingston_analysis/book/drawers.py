"""Processes that draw the charts of pages as these finish, each chart once."""

from __future__ import annotations

import json
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat

from kingston_analysis.book.draw import WIDTHS, draw_all, read_drawing, specification_hash
from kingston_analysis.errors import KingstonError
from kingston_analysis.pages.outputs import figures_in
from kingston_analysis.project import Project


def charts_of(project: Project) -> Path:
    """Return the folder of the drawn charts, which all books share."""
    return project.build / "charts"


class Drawers:
    """Processes that draw into a folder; they start with the first chart that it does not hold.

    They are spawned: a process that is forked after a chart was drawn hangs when it draws.
    """

    def __init__(self, folder: Path, jobs: int) -> None:
        self._folder, self._jobs = folder, jobs
        self._pool: ProcessPoolExecutor | None = None
        self._seen: set[str] = set()
        self._drawn: list[Future[list[Path]]] = []

    def draw(self, notebook: Path) -> None:
        """Have the charts of an executed notebook drawn that are neither held nor asked for."""
        read = nbformat.from_dict(json.loads(notebook.read_bytes()))
        if specifications := [each for each in figures_in(read) if self._is_new(each)]:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(self._jobs, mp_context=get_context("spawn"))
            self._drawn.append(self._pool.submit(draw_all, specifications, self._folder))

    def _is_new(self, specification: dict[str, Any]) -> bool:
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

    def finish(self) -> list[Path]:
        """Wait for the drawings; return the files that were there and not as they were drawn.

        Raises KingstonError for a chart that cannot be drawn and for a process that was lost.
        """
        try:
            return [file for each in self._drawn for file in each.result()]
        except BrokenProcessPool:
            what = "A process that draws charts was killed; memory may be short."
            remedy = "Build again, with fewer --jobs; what was drawn is kept."
            raise KingstonError(what, remedy) from None
        finally:
            self.stop()

    def stop(self) -> None:
        """End the processes, and draw nothing more."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
