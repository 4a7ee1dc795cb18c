"""The notebooks' kernel: found by its name in a fresh environment, whatever a notebook calls it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from jupyter_client import KernelManager
from nbformat.v4 import new_code_cell, new_notebook
from tables_fixture import PROJECT

from kingston_analysis.pages.engines import CELL_SECONDS, KERNEL, Engine
from kingston_analysis.pages.execute import execute_page
from kingston_analysis.records.pages import Page

ELSEWHERE = {"name": "report-env", "display_name": "report (3.11.7)", "language": "python"}
README = PROJECT.root / "README.md"
BIN = Path(sys.executable).parent


@pytest.fixture
def saved_elsewhere(tmp_path: Path) -> Path:
    """Write a template as another editor leaves it: under a kernel that is not here."""
    cells = [
        new_code_cell(
            "edition: int = 2008\narea: str = 'Ashby'", metadata={"tags": ["parameters"]}
        ),
        new_code_cell("import sys\nprint(sys.prefix)", metadata={"scrolled": True}),
    ]
    metadata = {"kernelspec": ELSEWHERE, "vscode": {"interpreter": "/home/someone/bin/python"}}
    file = tmp_path / "elsewhere.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=metadata), file)
    return file


def run(*command: str, home: Path) -> str:
    """Run a command as a person does to whom no kernel is registered; return what it says."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER")}
    done = subprocess.run(
        command,
        cwd=PROJECT.root,
        env={**kept, "HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_kernel_is_installed_with_the_package_and_is_python_of_this_environment():
    manager = KernelManager(kernel_name=KERNEL["name"])
    found = manager.kernel_spec
    assert {"display_name": found.display_name, "language": found.language} == {
        key: KERNEL[key] for key in ("display_name", "language")
    }
    assert Path(found.resource_dir).is_relative_to(sys.prefix)
    assert manager.format_kernel_cmd()[0] == sys.executable


def test_papermill_runs_a_template_in_it_with_no_step_of_registering(tmp_path):
    out = tmp_path / "out.ipynb"
    run(
        *(str(BIN / "papermill"), "notebooks/topic.ipynb", str(out), "-p", "topic", "robbery"),
        home=tmp_path,
    )
    executed = nbformat.read(out, as_version=4)
    assert executed.metadata["kernelspec"]["name"] == KERNEL["name"]
    assert "obbery" in str(executed.cells[-1].outputs)


@pytest.mark.parametrize("engine", list(Engine))
def test_a_template_saved_under_another_kernel_runs_and_nothing_of_the_editor_is_kept(
    saved_elsewhere, engine, monkeypatch
):
    monkeypatch.setattr(Page, "source", saved_elsewhere)
    page = Page(PROJECT, "elsewhere", "elsewhere", 2008, "Ashby")
    done = execute_page(page, {}, engine, CELL_SECONDS)
    assert not done.problems
    notebook = nbformat.reads(done.notebook, as_version=4)
    assert notebook.cells[-1].outputs[0].text == f"{sys.prefix}\n"
    assert notebook.metadata["kernelspec"] == KERNEL
    left_behind = ("report", "vscode", "someone", "scrolled")
    assert not [each for each in left_behind if each in done.notebook]


def test_papermill_by_hand_runs_it_with_the_kernel_named(saved_elsewhere, tmp_path):
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(
        saved_elsewhere, out, kernel_name=KERNEL["name"], progress_bar=False, log_output=False
    )
    assert sys.prefix in str(nbformat.read(out, as_version=4).cells[-1].outputs)


def by_hand(tmp_path: Path, *parameters: str) -> subprocess.CompletedProcess[str]:
    """Run the template of a topic by papermill's own command."""
    given = [each for pair in parameters for each in ("-p", *pair.split("="))]
    notebook = str(PROJECT.notebooks / "topic.ipynb")
    command = [sys.executable, "-m", "papermill", notebook, str(tmp_path / "out.ipynb"), *given]
    return subprocess.run(command, cwd=PROJECT.root, capture_output=True, text=True, check=False)


def test_papermill_by_hand_stops_at_a_parameter_that_the_notebook_does_not_take(tmp_path):
    done = by_hand(tmp_path, "topc=robbery", "edition=2008")
    assert done.returncode != 0
    assert "The notebook takes no parameter 'topc'. Did you mean 'topic'?" in done.stderr
    assert "'edition'" not in done.stderr.rpartition("KingstonError")[2]


def test_papermill_by_hand_takes_the_parameters_of_a_page(tmp_path):
    done = by_hand(tmp_path, "topic=robbery", "edition=2008")
    assert done.returncode == 0, done.stderr
    outputs = str(nbformat.read(tmp_path / "out.ipynb", as_version=4).cells)
    assert "robbery" in outputs


def test_nbval_runs_it_in_this_environment(saved_elsewhere, tmp_path):
    elsewhere = nbformat.read(saved_elsewhere, as_version=4)
    papermill.execute_notebook(
        saved_elsewhere, saved_elsewhere, kernel_name=KERNEL["name"], progress_bar=False
    )
    executed = nbformat.read(saved_elsewhere, as_version=4)
    executed.metadata = elsewhere.metadata
    nbformat.write(executed, saved_elsewhere)
    said = run(
        *(sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-p", "no:cacheprovider"),
        *("--nbval", str(saved_elsewhere)),
        home=tmp_path,
    )
    assert "2 passed" in said


def test_the_documented_step_registers_it_for_other_jupyters(tmp_path):
    [step] = re.findall(
        r"`\.venv/bin/python (-m ipykernel install [^`]*)`", README.read_text("utf-8")
    )
    run(sys.executable, *step.split(), home=tmp_path)
    [spec] = tmp_path.rglob(f"kernels/{KERNEL['name']}/kernel.json")
    assert json.loads(spec.read_text("utf-8"))["argv"][0] == sys.executable
