"""nbval as reviewers run it: JupyterLab's numbers, differences as data, several workers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from system_project import copy_project
from tables_fixture import PROJECT

from kingston_analysis.pages.outputs import cell_number
from kingston_analysis.results import MIME

COMMAND = (sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-p", "no:cacheprovider")


def rate(value: float) -> dict[str, object]:
    return {MIME: [{"page": "robbery", "name": "rate", "value": value}], "text/plain": f"{value}"}


def notebook(kept: float) -> NotebookNode:
    """Make a notebook whose third cell of code, the fifth of all, puts out 2.5."""
    shows = f"from IPython.display import display\ndisplay({rate(2.5)!r}, raw=True)"
    outputs = [new_output("display_data", rate(kept))]
    return new_notebook(
        cells=[
            new_markdown_cell("# A page"),
            new_code_cell("x = 1", execution_count=1),
            new_markdown_cell("## A section"),
            new_code_cell("y = x", execution_count=2),
            new_code_cell(shows, execution_count=3, outputs=outputs),
        ]
    )


def nbval(*arguments: str | Path) -> tuple[int, str]:
    done = subprocess.run(
        [*COMMAND, "--nbval", *map(str, arguments)],
        cwd=PROJECT.root,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_number_of_a_cell_is_that_among_cells_of_code_which_jupyterlab_shows_beside_it():
    cells = notebook(2.5).cells
    assert [cell_number(cells, n) for n in (1, 3, 4)] == [
        cells[n].execution_count for n in (1, 3, 4)
    ]


def test_what_differs_is_told_as_data_under_jupyterlabs_number(tmp_path):
    file = tmp_path / "page.ipynb"
    nbformat.write(notebook(kept=3.5), file)
    code, said = nbval(file)
    assert code == 1
    assert "  Cell 3, `from IPython.display import display`:" in said
    assert "    findings[robbery.rate].value: was 3.5, is now 2.5" in said
    assert "2 passed" in said


def test_the_tolerance_is_stated_and_what_is_within_it_is_told_apart(tmp_path):
    file = tmp_path / "page.ipynb"
    nbformat.write(notebook(kept=2.5000000001), file)
    code, said = nbval(file)
    assert code == 1
    assert "all 9 digits that are kept; less than 1 part in 1,000,000 is told apart" in said
    assert "1 number differs by less than 1 part in 1,000,000:" in said


@pytest.mark.parametrize(("options", "code"), [((), 4), (("--dist", "loadscope"), 0)])
def test_two_workers_run_whole_notebooks_or_nbval_says_how(tmp_path, options, code):
    for name in ("one", "other"):
        nbformat.write(notebook(2.5), tmp_path / f"{name}.ipynb")
    ended, said = nbval(tmp_path, "-n", "2", *options)
    assert ended == code, said
    assert ("6 passed" in said) != ("share a kernel: add --dist loadscope." in said)


def test_a_notebook_without_stored_outputs_fails_and_is_told_how_to_store_them(tmp_path):
    file = tmp_path / "page.ipynb"
    bare = notebook(2.5)
    bare.cells[-1].outputs = []
    nbformat.write(bare, file)
    code, said = nbval(file)
    assert code != 0
    assert "page.ipynb: no outputs are stored" in said
    assert "Run `make notebooks` first" in said


def test_a_stale_build_is_told_before_any_cell_runs(tmp_path):
    project = copy_project(tmp_path / "project", {2008: ["robbery"]})
    done = subprocess.run(
        [*COMMAND, "--nbval", "--collect-only", "notebooks/sources.ipynb"],
        cwd=project.root,
        env=project.environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    # The topic and the seven other pages of a book: overview, matrix, progress and so on.
    assert "notebooks: 8 pages of 2008 were not run, or something changed since" in done.stdout
    assert "run `kingston run --edition 2008` first" in done.stdout
