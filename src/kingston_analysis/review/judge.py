"""Have nbval judge an executed notebook, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat

from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.pages.engines import TRIES
from kingston_analysis.pages.outputs import cell_number, place_of_failure
from kingston_analysis.records.pages import Page
from kingston_analysis.review.verdicts import verdicts

# What nbval says of a cell.
DIFFERS, RAISED = "Cell outputs differ", "Cell execution caused an exception"
DEAD = "Failed to interrupt kernel"


class NeverRunError(KingstonError):
    """Tell that a page has no outputs to be held to; nbval alone would pass it."""


@dataclass(frozen=True)
class JudgedCell:
    """A cell of code: its number in JupyterLab, nbval's verdict, and the outputs it compared.

    `error` says why there is nothing to compare: the cell failed or could not be run.
    """

    number: int
    source: str
    verdict: Literal["passed", "failed", "not run"]
    stored: list[dict[str, Any]]
    got: list[dict[str, Any]]
    error: str | None = None


def judge_page(page: Page) -> list[JudgedCell]:
    """Return nbval's verdict on each cell of code of an executed page.

    Raises NeverRunError where the notebook was not executed, whole, and KingstonError where it is
    no notebook or nbval came to no verdict.
    """
    executed = page.executed
    notebook = _read(executed)
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    if not all(cell.execution_count for cell in code) or not any(cell.outputs for cell in code):
        raise _never_run(executed)
    for _ in range(TRIES):
        cells = _judged(notebook, verdicts(page, nbformat.writes(notebook)))
        if any(cell.verdict != "not run" for cell in cells):
            return cells
    raise KingstonError(Problem(f"The kernel did not start: {cells[0].error}.", executed))


def _never_run(executed: Path) -> NeverRunError:
    return NeverRunError(Problem("It was never run.", executed, remedy="Run `kingston run`."))


def _read(executed: Path) -> nbformat.NotebookNode:
    try:
        notebook = nbformat.v4.reads(executed.read_text(encoding="utf-8"))
        nbformat.validate(notebook, version=4)
    except FileNotFoundError:
        raise _never_run(executed) from None
    except OSError as error:
        raise KingstonError(Problem(f"{error.strerror}.", executed)) from None
    except (ValueError, LookupError, AttributeError, TypeError, nbformat.ValidationError):
        what = Problem("It is not a notebook.", executed, remedy="Run `kingston run --force`.")
        raise KingstonError(what) from None
    return notebook


def _judged(notebook: nbformat.NotebookNode, verdict_of: dict[str, Any]) -> list[JudgedCell]:
    cells = [(index, cell) for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    silent = {"verdict": "not run", "outputs": [], "error": "nbval did not come to it."}
    found = []
    for position, (index, cell) in enumerate(cells):
        about = verdict_of.get(str(position), silent)
        found.append(
            JudgedCell(
                cell_number(notebook.cells, index),
                cell.source,
                about["verdict"],
                cell.outputs,
                about["outputs"],
                _error(about),
            )
        )
    return found


def _error(about: dict[str, Any]) -> str | None:
    raised = [each for each in about["outputs"] if each["output_type"] == "error"]
    if raised and about["error"] == RAISED:
        name, what = raised[-1]["ename"], raised[-1]["evalue"]
        line = place_of_failure(raised[-1]["traceback"])
        text = what if name == "KingstonError" else f"{name}: {what}"
        return f"line {line}: {text}" if line else text
    if about["error"] and DEAD in about["error"]:
        return about["error"].partition(".")[0] + ". Perhaps the kernel died, for want of memory."
    return None if about["error"] == DIFFERS else about["error"]
