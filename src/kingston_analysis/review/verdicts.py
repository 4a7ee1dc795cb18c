"""Run nbval on one notebook in a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.pages.engines import CELL_SECONDS, ENVIRONMENT
from kingston_analysis.project import VARIABLE, json_of
from kingston_analysis.records.pages import Page

NOTEBOOK, VERDICTS = "page.ipynb", "verdicts.json"
NBVAL_COMMAND = (
    *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "nbval.plugin"),
    *("-p", "kingston_analysis.review.plugin", "--nbval", "--nbval-current-env"),
    f"--verdicts={VERDICTS}",
)
NBVAL_ENVIRONMENT = {
    **ENVIRONMENT,
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_ADDOPTS": "",
}
# pytest's exit codes where all tests passed, and where some failed; others tell of pytest itself.
TESTS_RAN = (0, 1)


def verdicts(page: Page, text: str) -> dict[str, dict[str, Any]]:
    """Return what nbval says of each cell of code of a notebook, by its number among them.

    It runs on the text of a page's notebook, in a folder of its own. Raises KingstonError, naming
    the executed notebook, where it came to no verdict.
    """
    folder = Path(tempfile.mkdtemp(prefix="kingston-"))
    try:
        (folder / NOTEBOOK).write_text(text, encoding="utf-8")
        # pytest looks for settings no further than here.
        (folder / "pytest.ini").touch()
        done = subprocess.run(
            [*NBVAL_COMMAND, f"--nbval-cell-timeout={CELL_SECONDS}", NOTEBOOK],
            cwd=folder,
            env={**os.environ, **NBVAL_ENVIRONMENT, VARIABLE: str(page.project.root)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode not in TESTS_RAN:
            why = _reason(done.stdout) or f"exit code {done.returncode}"
            raise KingstonError(Problem(f"nbval came to no verdict: {why}.", page.executed))
        return json_of((folder / VERDICTS).read_text(encoding="utf-8"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _reason(output: str) -> str:
    errors = [line.strip() for line in output.splitlines() if "error:" in line.casefold()]
    return errors[-1] if errors else ""
