"""Run pages: papermill on several processes, results written whole or not at all."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import tempfile
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

import nbformat
import papermill
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellTimeoutError
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.findings import as_objects
from kingston_analysis.pages.key import page_key
from kingston_analysis.pages.outputs import cleaned, figures_in, findings_in, place_of_failure
from kingston_analysis.pages.pages import NOTEBOOKS, Page, check_parameters

CELL_SECONDS = 120
TRIES = 3


def run_pages(pages: list[Page], jobs: int, done: Callable[[Page], None]) -> None:
    """Run pages, each in a process of its own, and call `done` as each ends well.

    One that fails does not stop the others. Raises KingstonError with all failures at the end.
    """
    for template in {page.source: page for page in pages}.values():
        check_parameters(template.source, template.parameters)
    failures: list[Problem] = []
    with ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_prepare_worker
    ) as pool:
        try:
            _collect(pool, pages, done, failures)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    if failures:
        raise KingstonError(failures)


def _collect(
    pool: Executor, pages: list[Page], done: Callable[[Page], None], failures: list[Problem]
) -> None:
    running = {pool.submit(run_page, page): page for page in pages}
    for future in as_completed(running):
        try:
            future.result()
            done(running[future])
        except KingstonError as error:
            failures += error.problems
        except BrokenProcessPool:
            what = f"{running[future]}: the process that ran it was killed; memory may be short."
            failures.append(Problem(what, remedy="Run again, with fewer --jobs."))


def run_page(page: Page) -> None:
    """Execute a page and write notebook and record; raise KingstonError with cell and line."""
    page.executed.parent.mkdir(parents=True, exist_ok=True)
    folder, key = Path(tempfile.mkdtemp(prefix="kingston-")), page_key(page)
    try:
        notebook = cleaned(_execute(page, folder))
        record = {
            "key": key,
            "template": page.template,
            "parameters": page.parameters,
            "findings": as_objects(findings_in(notebook)),
            "figures": len(figures_in(notebook)),
        }
        _replace(page.executed, nbformat.writes(notebook) + "\n")
        _replace(page.record, json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    except KingstonError as error:
        raise KingstonError(Problem(f"{page}: {each}") for each in error.problems) from None
    except OSError as error:
        raise KingstonError(Problem(f"{page}: {error.strerror or error}.", page.executed)) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _execute(page: Page, folder: Path) -> nbformat.NotebookNode:
    for tries_left in reversed(range(TRIES)):
        try:
            return papermill.execute_notebook(
                str(page.source),
                None,
                page.parameters,
                cwd=str(NOTEBOOKS),
                progress_bar=False,
                log_output=False,
                execution_timeout=CELL_SECONDS,
                shutdown_kernel="immediate",
                config=_sockets(folder / str(tries_left)),
            )
        except PapermillExecutionError as error:
            raise KingstonError(_failure(error, page)) from None
        except CellTimeoutError:
            what = f"A cell ran for more than {CELL_SECONDS} seconds."
            raise KingstonError(Problem(what, page.source, remedy="Open it and see why.")) from None
        except NoSuchKernel:
            raise KingstonError(
                "Jupyter has no Python kernel.", "Remove .venv and run `make book`."
            ) from None
        except RuntimeError as error:
            if not tries_left:
                raise KingstonError(f"The kernel did not start or died: {error}.") from None
    raise AssertionError("unreachable")


def _sockets(folder: Path) -> Config:
    """Give a kernel sockets in a folder of its own: kernels with shared ports kill each other."""
    if os.name != "posix":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": str(folder)}})


def _failure(error: PapermillExecutionError, page: Page) -> Problem:
    line = place_of_failure(error.traceback)
    where = f"cell {_cell(error, page)}" + (f", line {line}" if line else "")
    what = error.evalue if error.ename == "KingstonError" else f"{error.ename}: {error.evalue}"
    return Problem(f"{where}: {what}", page.source, remedy=f"Open {page.source.name} to see it.")


def _cell(error: PapermillExecutionError, page: Page) -> int:
    """Return the template's number of the cell that failed: papermill had put in one of its own."""
    cells = nbformat.read(page.source, as_version=4).cells
    tagged = [n for n, each in enumerate(cells) if "parameters" in each.metadata.get("tags", [])]
    return error.cell_index + (error.cell_index <= tagged[0])


def _replace(file: Path, text: str) -> None:
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _prepare_worker() -> None:
    """Keep quiet, and at Ctrl-C end the page in hand: the command itself tells and cancels."""
    logging.getLogger("papermill").setLevel(logging.ERROR)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
