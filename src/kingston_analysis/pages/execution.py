"""Have papermill execute a page's template; say in words what went wrong."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets import Tuple
from traitlets.config import Config

from kingston_analysis.errors import Problem
from kingston_analysis.pages.engine import LostProcessError
from kingston_analysis.pages.engines import ENVIRONMENT, KERNEL, TRIES, Engine
from kingston_analysis.pages.hook import INSTEAD
from kingston_analysis.pages.outputs import cell_number, place_of_failure, without_colours
from kingston_analysis.pages.parameters import parameter_cells, template_cells
from kingston_analysis.project import Project
from kingston_analysis.records.pages import Page

LOST = "Run again; with fewer --jobs pages leave each other more memory."
ENDED = "Take what ends the process out of the cell, so that every cell runs to its end."
# As the system refuses, by whatever library a page goes past Python.
DENIED = re.compile(r"permission denied|access denied|errno 13\b|os error 13\b", re.IGNORECASE)


class PageError(Exception):
    """End a page with a problem and the log that shows it."""

    def __init__(self, problem: Problem, log: str = "") -> None:
        self.problem, self.log = problem, log
        super().__init__(str(problem))


class ConfinedKernelManager(AsyncKernelManager):
    """Start kernels in the environment that a page needs, and in its sandbox."""

    sandbox = Tuple(config=True, help="root of the project, folder, address of its reads")

    # jupyter_client types it as its twin that blocks.
    async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
        """Start a kernel; it inherits what this process has, and more."""
        await super().start_kernel(env={**os.environ, **ENVIRONMENT}, **options)

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """Return the command: a kernel that enters the sandbox before it has any thread."""
        python, _, _, *arguments = super().format_kernel_cmd(extra_arguments)
        module = "kingston_analysis.pages.confined_kernel"
        return [python, "-m", module, *self.sandbox, *arguments]


def execute_notebook(
    page: Page, folder: Path, address: str, engine: str, cell_seconds: int
) -> nbformat.NotebookNode:
    """Execute a page's template on an engine, in a process that is sandboxed from its start.

    The page may write to a folder, and reads through who answers at an address. Raises PageError.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            notebook = papermill.execute_notebook(
                str(page.source),
                None,
                page.parameters,
                engine_name=engine,
                # Whatever kernel an editor saved the template under.
                kernel_name=KERNEL["name"],
                language=KERNEL["language"],
                progress_bar=False,
                log_output=False,
                execution_timeout=cell_seconds,
                **_options(page.project, engine, (str(folder), address), folder / str(tries_left)),
            )
            _check_complete(notebook, page)
            return notebook
        except PapermillExecutionError as error:
            raise _failure(error, page) from None
        except CellTimeoutError:
            what = f"A cell ran for more than {cell_seconds} seconds."
            raise PageError(Problem(what, page.source, remedy="Open it and see why.")) from None
        except NoSuchKernel:
            what = f"This environment has no kernel '{KERNEL['name']}'."
            remedy = "Install the package again: remove .venv and make it."
            raise PageError(Problem(what, remedy=remedy)) from None
        except LostProcessError as error:
            raise _lost(error, page) from None
        except DeadKernelError as error:
            what = f"{str(error).rstrip('.')}."
            raise PageError(Problem(what, remedy=LOST)) from None
        except RuntimeError as error:
            if not tries_left:
                raise PageError(Problem(f"The kernel did not start: {error}.")) from None
    raise AssertionError("unreachable")


def _lost(error: LostProcessError, page: Page) -> PageError:
    what = f"{str(error).rstrip('.')}."
    if error.cell_index is not None:
        what = f"cell {_number(error.cell_index, page)}: {what}"
    by_itself = error.code is not None and error.code >= 0
    return PageError(Problem(what, page.source, remedy=ENDED if by_itself else LOST))


def _check_complete(notebook: nbformat.NotebookNode, page: Page) -> None:
    """Raise PageError where a cell ended the page, which papermill takes for a good end."""
    for index, cell in enumerate(notebook.cells):
        ended = [each for each in cell.get("outputs", []) if each.output_type == "error"]
        if ended and "raises-exception" not in cell.metadata.get("tags", []):
            what = f"cell {_number(index, page)}: the page ended itself ({ended[0].ename})."
            raise PageError(Problem(what, page.source, remedy="Let every cell run to its end."))


def _options(
    project: Project, engine: str, sandbox: tuple[str, str], transport: Path
) -> dict[str, Any]:
    """Return what an engine needs so that the page's process is sandboxed from its start."""
    if engine == Engine.WARM:
        return {"project": project, "sandbox": sandbox, "runs_in": str(project.notebooks)}
    config = own_sockets(transport)
    config.ConfinedKernelManager.update(
        {"sandbox": (str(project.root), *sandbox), "connection_file": f"{transport}.json"}
    )
    return {
        "resources": {"metadata": {"path": str(project.notebooks)}},
        "kernel_manager_class": ConfinedKernelManager,
        "shutdown_kernel": "immediate",
        "config": config,
    }


def own_sockets(folder: Path) -> Config:
    """Give a kernel sockets in a folder of its own: kernels with shared ports kill each other."""
    if os.name != "posix":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": str(folder)}})


def _failure(error: PapermillExecutionError, page: Page) -> PageError:
    line = place_of_failure(error.traceback)
    where = f"cell {_number(error.cell_index, page)}" + (f", line {line}" if line else "")
    what = error.evalue if error.ename == "KingstonError" else f"{error.ename}: {error.evalue}"
    if error.ename == "MemoryError":
        what = "The page needs more memory than a page may have."
    remedy = f"Open {page.source.name} to see it; the log is {page.project.name_of(page.log)}."
    if error.ename != "KingstonError" and DENIED.search(error.evalue):
        remedy = f"A page may open and change no files. {INSTEAD} {remedy}"
    log = "\n".join([f"{page}, {where}", "", error.source, "", *error.traceback, ""])
    log = _numbered_as_in_the_template(without_colours(log), page, error)
    return PageError(Problem(f"{where}: {what}", page.source, remedy=remedy), log)


def _numbered_as_in_the_template(log: str, page: Page, error: PapermillExecutionError) -> str:
    """Name the cells of a traceback by the template's numbers, as all else that is said does."""
    added = _added_before(error.cell_index, template_cells(page.source))
    return re.sub(r"(?<=\bIn\[)\d+(?=\])", lambda found: str(int(found[0]) - added), log)


def _number(index: int, page: Page) -> int:
    """Return the template's number of an executed cell."""
    cells = template_cells(page.source)
    return cell_number(cells, index - _added_before(index, cells))


def _added_before(index: int, cells: list[NotebookNode]) -> int:
    """Count the cells that papermill put in before one: that of the page's parameters, or none."""
    tagged = parameter_cells(cells)
    return int(index > tagged[0]) if tagged else 0
