"""Whether a template takes the parameters that a page gives it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

import nbformat
import papermill

from kingston_analysis.errors import KingstonError, Problem, nearest, raise_any
from kingston_analysis.pages.engines import KERNEL
from kingston_analysis.pages.outputs import cell_number

TYPES = {"int": int, "str": str, "float": float, "bool": bool}


def check_parameters(template: Path, parameters: Mapping[str, object]) -> None:
    """Raise KingstonError for a parameter that a template does not take, or of another type."""
    if not template.exists():
        known = ", ".join(sorted(file.stem for file in template.parent.glob("*.ipynb")))
        raise KingstonError(
            Problem("There is no such template.", template, remedy=f"Known: {known}.")
        )
    _check_cell(template)
    taken = parameters_of(template)
    problems = [
        Problem(f"The template takes no parameter '{name}'.", template, remedy=nearest(name, taken))
        for name in parameters
        if name not in taken
    ]
    for name, value in parameters.items():
        wanted = TYPES.get(taken[name]["inferred_type_name"]) if name in taken else None
        if wanted and not isinstance(value, wanted):
            what = f"The parameter '{name}' is {value!r}, which is no {wanted.__name__}."
            problems.append(Problem(what, template, remedy=f"Give it as {wanted.__name__}."))
    raise_any(problems)


def parameters_of(template: Path) -> dict[str, dict[str, str]]:
    """Return the parameters that a template takes, whatever kernel an editor saved it under."""
    notebook = _read(template)
    notebook.metadata["kernelspec"] = KERNEL
    return papermill.inspect_notebook(notebook)


def template_cells(template: Path) -> list[nbformat.NotebookNode]:
    """Return a template's cells; raise KingstonError where the file is no notebook."""
    return _read(template).cells


def _read(template: Path) -> nbformat.NotebookNode:
    try:
        notebook = nbformat.read(template, as_version=4)
        notebook.cells  # noqa: B018, a notebook has some
        return notebook
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        what = f"Not a notebook: {' '.join(str(error).split())[:200]}."
        remedy = "Restore it with `git checkout`, or mend it in JupyterLab."
        raise KingstonError(Problem(what, template, remedy=remedy)) from None


def parameter_cells(cells: list[nbformat.NotebookNode]) -> list[int]:
    """Return the positions of the cells that are tagged as parameters."""
    return [n for n, each in enumerate(cells) if "parameters" in each.metadata.get("tags", [])]


def _check_cell(template: Path) -> None:
    notebook = _read(template)
    cells, tagged = notebook.cells, parameter_cells(notebook.cells)
    language = notebook.metadata.get("kernelspec", {}).get("language", KERNEL["language"])
    if language != KERNEL["language"] and not all(_is_python(cells[n].source) for n in tagged):
        what = f"The cells are {language}, not Python."
        raise KingstonError(Problem(what, template, remedy="Write them in Python."))
    if len(tagged) > 1:
        numbers = " and ".join(str(cell_number(cells, index)) for index in tagged)
        what = f"Cells {numbers} are both tagged 'parameters'."
        raise KingstonError(Problem(what, template, remedy="Keep the tag on one of them."))
    if not tagged or not parameters_of(template):
        what = "The template has no cell tagged 'parameters', or the cell is empty."
        raise KingstonError(Problem(what, template, remedy="Tag the cell with its default values."))


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True
