"""Execute one page, anywhere: its parameters and other pages' findings in, its outcome out."""

from __future__ import annotations

import json
import logging
import os
import platform
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from kingston_analysis.errors import KingstonError, Problem, shown
from kingston_analysis.findings import as_objects, hash_of_findings
from kingston_analysis.pages.key import LOCK, Now, hash_of_template
from kingston_analysis.pages.outputs import (
    cleaned,
    described_figures,
    findings_in,
    place_of_failure,
    without_colours,
)
from kingston_analysis.pages.pages import NOTEBOOKS, Page
from kingston_analysis.pages.parameters import parameter_cells
from kingston_analysis.pages.record import Inputs, Record
from kingston_analysis.pages.watch import FINDINGS, NOTES
from kingston_analysis.tables.files import sha256

WARM, NBCLIENT = "warm", "nbclient"
ENGINES = (WARM, NBCLIENT)
TRIES = 3

# What goes wrong with a page is told by its outcome.
logging.getLogger("papermill").setLevel(logging.CRITICAL)

Given = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Outcome:
    """What came of executing a page: notebook and record, or the pages it needs, or problems."""

    page: Page
    notebook: str = ""
    record: Record | None = None
    needs: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    log: str = ""
    seconds: float = 0.0


class PageError(Exception):
    """End a page with a problem and the log that shows it."""

    def __init__(self, problem: Problem, log: str = "") -> None:
        self.problem, self.log = problem, log
        super().__init__(str(problem))


def execute_page(page: Page, given: Given, engine: str, cell_seconds: int) -> Outcome:
    """Execute a page with the findings of the pages that it needs; touch nothing but a temp folder.

    Where it asks for findings that are not given, the outcome names the pages. It never raises
    for what is wrong with the page: the outcome tells.
    """
    started = time.monotonic()
    surroundings = (hash_of_template(page.source), *code_here())
    folder = Path(tempfile.mkdtemp(prefix="kingston-"))
    try:
        (folder / FINDINGS).write_text(json.dumps(given), encoding="utf-8")
        try:
            notebook = cleaned(_execute(page, folder, engine, cell_seconds))
        finally:
            notes = _notes(folder)
            needs = tuple(dict.fromkeys(name for kind, name, _ in notes if kind == "needs"))
        if refused := [name for kind, name, _ in notes if kind == "refused"]:
            what = f"The page went past its tables and hid the error: {', '.join(refused)}."
            raise PageError(Problem(what, page.source, remedy="Remove that from the template."))
        text = nbformat.writes(notebook) + "\n"
        record = _record(page, notebook, sha256(text.encode()), surroundings, notes, given)
    except PageError as failure:
        if absent := tuple(name for name in needs if name not in given):
            return Outcome(page, needs=absent)
        return Outcome(page, problems=[_of_page(page, failure.problem)], log=failure.log)
    except KingstonError as error:
        return Outcome(page, problems=[_of_page(page, each) for each in error.problems])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Outcome(page, text, record, needs, seconds=time.monotonic() - started)


@cache
def code_here() -> tuple[str, str]:
    """Hash package and lock, once, before any page runs: what a process imported, it keeps."""
    now = Now()
    return now.package(), now.hash_of(shown(LOCK))


def _of_page(page: Page, problem: Problem) -> Problem:
    return Problem(f"{page}: {problem}")


def _notes(folder: Path) -> list[list[str]]:
    """Read what the page's process noted."""
    file = folder / NOTES
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines]


def _record(
    page: Page,
    notebook: nbformat.NotebookNode,
    hash_of_notebook: str,
    surroundings: tuple[str, str, str],
    notes: list[list[str]],
    given: Given,
) -> Record:
    if ["watched", "", ""] not in notes:
        raise PageError(Problem("The page ran unwatched, so what it read is not known."))
    template, package, lock = surroundings
    files = _files(notes)
    return Record(
        page=page.name,
        template=page.template,
        inputs=Inputs(
            template=template,
            parameters=page.parameters,
            files=files,
            pages={
                name: hash_of_findings(given[name])
                for name in sorted({name for kind, name, _ in notes if kind == "needs"})
            },
            package=package,
            lock=lock,
            python=platform.python_version(),
        ),
        notebook=hash_of_notebook,
        figures=described_figures(notebook),
        findings=as_objects(findings_in(notebook)),
    )


def _files(notes: list[list[str]]) -> dict[str, str]:
    read = sorted({(name, value) for kind, name, value in notes if kind == "read"})
    files = dict(read)
    if len(files) < len(read):
        twice = [name for name, value in read if files[name] != value]
        what = f"{twice[0]} changed while the page ran."
        raise PageError(Problem(what, remedy="Run again when nothing changes any more."))
    return files


def _execute(page: Page, folder: Path, engine: str, cell_seconds: int) -> nbformat.NotebookNode:
    for tries_left in reversed(range(TRIES)):
        try:
            return papermill.execute_notebook(
                str(page.source),
                None,
                page.parameters,
                engine_name=engine,
                progress_bar=False,
                log_output=False,
                execution_timeout=cell_seconds,
                **_options(engine, folder, folder / str(tries_left)),
            )
        except PapermillExecutionError as error:
            raise _failure(error, page) from None
        except CellTimeoutError:
            what = f"A cell ran for more than {cell_seconds} seconds."
            raise PageError(Problem(what, page.source, remedy="Open it and see why.")) from None
        except NoSuchKernel:
            problem = Problem("Jupyter has no Python kernel.", remedy="Remove .venv and make it.")
            raise PageError(problem) from None
        except DeadKernelError as error:
            what = f"{str(error).rstrip('.')}."
            raise PageError(Problem(what, remedy="Run again, with fewer --jobs.")) from None
        except RuntimeError as error:
            if not tries_left:
                raise PageError(Problem(f"The kernel did not start: {error}.")) from None
    raise AssertionError("unreachable")


def _options(engine: str, folder: Path, sockets: Path) -> dict[str, Any]:
    """Return what an engine needs so that the page's process is watched from its start."""
    if engine == WARM:
        return {"watched": str(folder), "runs_in": str(NOTEBOOKS)}
    start = f"__import__('kingston_analysis.pages.watch', fromlist=['_']).watch({str(folder)!r})"
    return {
        "resources": {"metadata": {"path": str(NOTEBOOKS)}},
        "extra_arguments": [f"--IPKernelApp.exec_lines={start}"],
        "shutdown_kernel": "immediate",
        "config": own_sockets(sockets),
    }


def own_sockets(folder: Path) -> Config:
    """Give a kernel sockets in a folder of its own: kernels with shared ports kill each other."""
    if os.name != "posix":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": str(folder)}})


def _failure(error: PapermillExecutionError, page: Page) -> PageError:
    line = place_of_failure(error.traceback)
    where = f"cell {_cell(error, page)}" + (f", line {line}" if line else "")
    what = error.evalue if error.ename == "KingstonError" else f"{error.ename}: {error.evalue}"
    if error.ename == "MemoryError":
        what = "The page needs more memory than a page may have."
    remedy = f"Open {page.source.name} to see it; the log is {shown(page.log)}."
    log = "\n".join([f"{page}, {where}", "", error.source, "", *error.traceback, ""])
    return PageError(Problem(f"{where}: {what}", page.source, remedy=remedy), without_colours(log))


def _cell(error: PapermillExecutionError, page: Page) -> int:
    """Return the template's number of the cell that failed: papermill had put in one of its own."""
    tagged = parameter_cells(page.source)
    return error.cell_index + (error.cell_index <= tagged[0])
