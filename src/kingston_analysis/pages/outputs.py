"""What an executed notebook holds: findings and figures; and its form without times and ids."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import nbformat
from nbformat import NotebookNode

from kingston_analysis import results
from kingston_analysis.pages.engines import KERNEL
from kingston_analysis.project import sha256
from kingston_analysis.show.mimes import FIGURE

# What Vega-Lite draws, with all about it in `usermeta`.
Specification = dict[str, Any]

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
# The file that a cell is for Python, named after the process that ran it.
_CELL_FILE = re.compile(r"\S*ipykernel_\d+[/\\](\d+)\.py")


def cleaned(notebook: NotebookNode) -> NotebookNode:
    """Remove what differs between two equal runs, times and paths, and what editors left behind."""
    language = {**notebook.metadata.get("language_info", {"name": KERNEL["language"]})}
    language.pop("version", None)
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": language})
    for index, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        cell.metadata = NotebookNode({"tags": tags} if tags else {})
        cell.id = f"cell-{index:02}"
        if cell.cell_type == "code":
            cell.outputs = _joined_streams(cell.outputs)
    return notebook


def _joined_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join what a kernel put out in pieces, and name no file of its process."""
    joined: list[NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream":
            output.text = _CELL_FILE.sub(r"<cell \1>", output.text)
            if joined and joined[-1].get("name") == output.name:
                joined[-1].text += output.text
                continue
        joined.append(output)
    return joined


def cell_number(cells: list[NotebookNode], index: int) -> int:
    """Return the number that JupyterLab gives a cell when it runs all: that among cells of code."""
    return sum(
        cell.cell_type == "code" and bool(cell.source.strip()) for cell in cells[: index + 1]
    )


def findings_in(notebook: NotebookNode) -> list[results.Finding]:
    """Return the findings that a notebook published, in order; refuse one that stands twice."""
    objects = [each for data in _outputs(notebook, results.MIME) for each in data]
    found = results.from_objects(objects)
    results.Findings(found)
    return found


def figures_in(notebook: NotebookNode) -> list[Specification]:
    """Return the chart specifications that a notebook emitted."""
    return list(_outputs(notebook, FIGURE))


def described_figures(notebook: NotebookNode) -> list[dict[str, str]]:
    """Describe each figure that a notebook emitted: id, heading, hash of its specification."""
    return [
        {
            "figure": each["usermeta"]["figure"],
            "heading": each["usermeta"]["heading"],
            "hash": sha256(json.dumps(each, sort_keys=True, ensure_ascii=False).encode()),
        }
        for each in figures_in(notebook)
    ]


def _outputs(notebook: NotebookNode, mime: str) -> Iterator[Any]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if mime in output.get("data", {}):
                yield output["data"][mime]


def place_of_failure(traceback: list[str]) -> int | None:
    """Return the line of the cell at which it failed, from a kernel's traceback."""
    text = without_colours("\n".join(traceback))
    lines = re.findall(r"(?:Cell In\[\d+\]|<ipython-input[^>]*>),? line (\d+)", text)
    return int(lines[0]) if lines else None


def without_colours(text: str) -> str:
    """Take the codes by which a terminal colours text out of it."""
    return _ANSI.sub("", text)
