"""The cells' code of pages in plain Python, one page after the other in this one process.

Takes a JSON list of pages, and a file for the seconds of work of each page.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import nbformat

sys.path.append(str(Path(__file__).parents[2]))
from in_process import run_cell


def run(template: str, parameters: dict[str, Any]) -> float:
    """Run the code of a template with parameters, and return the seconds that it took."""
    start = time.perf_counter()
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in nbformat.read(template, as_version=4).cells:
        if cell.cell_type == "code":
            run_cell(cell.source, names)
        if "parameters" in cell.metadata.get("tags", []):
            names.update(parameters)
    return time.perf_counter() - start


if __name__ == "__main__":
    # Imports are in this process's time, but they are no page's work.
    import kingston_analysis.notebook  # noqa: F401

    pages, seconds = json.loads(sys.argv[1]), Path(sys.argv[2])
    work = {page["name"]: run(page["template"], page["parameters"]) for page in pages}
    seconds.write_text(json.dumps(work), encoding="utf-8")
