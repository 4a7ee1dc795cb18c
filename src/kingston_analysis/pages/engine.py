"""A papermill engine that forks each notebook from a warm process: `papermill --engine warm`.

papermill itself loads this module, by its entry point, while it is imported. What a cell writes
past Python, straight to the process's output, is lost, and in a sandbox a fault; a kernel of
Jupyter's own would show it.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbclient.exceptions import (
    CellExecutionComplete,
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager
from papermill.log import logger

from kingston_analysis.errors import KingstonError
from kingston_analysis.pages.warm import warm_process
from kingston_analysis.project import Project, json_of

START_SECONDS = 60
# The folder of a page, and the address at which it asks for what it reads.
Sandbox = tuple[str, str]


class LostProcessError(DeadKernelError):
    """Say how a page's process ended: its exit code and the cell that ran, as far as known."""

    def __init__(self, what: str, code: int | None, cell_index: int | None) -> None:
        super().__init__(what)
        self.code, self.cell_index = code, cell_index


class WarmClient(PapermillNotebookClient):
    """nbclient's treatment of a kernel's messages, with a forked process for a kernel."""

    def execute(
        self, project: Project | None, sandbox: Sandbox | None, runs_in: str | None
    ) -> NotebookNode:
        """Run all cells in a process of their own."""
        self.reset_execution_trackers()
        self._warm = warm_process(project)
        self._process = self._warm.fork()
        self._pid: int | None = None
        self._cell: int | None = None
        try:
            self._send((sandbox, runs_in or str(Path.cwd())))
            started = self._next()
            self._pid, self.nb.metadata["language_info"] = started["pid"], started["language"]
            self.papermill_execute_cells()
        finally:
            self._process.close()
        return self.nb

    def execute_cell(self, cell: NotebookNode, cell_index: int, **_: Any) -> NotebookNode:
        """Run one cell; raise CellExecutionError, CellTimeoutError or DeadKernelError."""
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        self._cell = cell_index
        cell.outputs, self.clear_before_next_output = [], False
        self._send(cell.source)
        if not self._process.poll(self.timeout):
            if self._pid is not None:
                os.kill(self._pid, signal.SIGKILL)
            raise CellTimeoutError.error_from_timeout_and_cell("Too long.", self.timeout, cell)
        while (message := self._next())["msg_type"] != "execute_reply":
            with suppress(CellExecutionComplete):
                self.process_message(message, cell, cell_index)
        self.code_cells_executed += 1
        expected = "raises-exception" in cell.metadata.get("tags", [])
        if message["content"]["status"] == "error" and not expected:
            raise CellExecutionError.from_cell_and_msg(cell, message["content"])
        return cell

    def _lost(self) -> LostProcessError:
        what, code = self._warm.why_gone(self._pid)
        return LostProcessError(what, code, self._cell)

    def _send(self, message: Any) -> None:
        try:
            self._process.send(message)
        except OSError:
            raise self._lost() from None

    def _next(self, seconds: float = START_SECONDS) -> Any:
        if not self._process.poll(seconds):
            raise DeadKernelError(f"The page's process did not answer in {seconds} seconds.")
        try:
            message = json_of(self._process.recv_bytes())
        except (EOFError, OSError):
            raise self._lost() from None
        if "failed" in message:
            raise DeadKernelError(f"The page's process failed: {message['failed']}.")
        return message


class WarmEngine(Engine):
    """Run a notebook in a process forked from a warm one.

    A page with a `sandbox` is one of a `project`. It runs in the folder `runs_in`,
    by default the current one: papermill's own `cwd` would move the whole command there, and with
    it every page that another thread runs.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,  # noqa: ARG003, there is one kernel
        log_output: bool = False,
        execution_timeout: float | None = None,
        project: Project | None = None,
        sandbox: Sandbox | None = None,
        runs_in: str | None = None,
        **_: Any,
    ) -> None:
        """Run a notebook's cells; `execution_timeout` is the limit of a cell in seconds."""
        if not hasattr(os, "fork"):
            raise KingstonError("This system cannot fork.", "Use `--engine nbclient`.")
        client = WarmClient(
            nb_man,
            timeout=execution_timeout,
            log=logger,
            log_output=log_output,
            record_timing=False,
        )
        client.execute(project, sandbox, runs_in)
