"""What nbval says of each cell, written as JSON: a plugin of the pytest that runs nbval."""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from functools import partial
from pathlib import Path
from typing import Any

import nbval.kernel
import pytest
from jupyter_client.manager import KernelManager
from nbval.plugin import IPyNbCell

CELLS = pytest.StashKey[dict[int, dict[str, Any]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the file to write to."""
    parser.addoption("--verdicts", type=Path, required=True, help="the file of nbval's verdicts")


def pytest_configure(config: pytest.Config) -> None:
    """Give the kernel sockets in the file's folder: kernels with shared ports kill each other."""
    config.stash[CELLS] = {}
    use_sockets_in(config.option.verdicts.absolute().parent)


def use_sockets_in(folder: Path) -> None:
    """Give nbval's kernels sockets in a folder, where the system has such sockets."""
    if os.name == "posix":
        nbval.kernel.KernelManager = partial(
            KernelManager, transport="ipc", ip=str(folder / "kernel")
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the verdict on a cell, its error in one line, and the outputs that nbval got."""
    report = yield
    if isinstance(item, IPyNbCell) and (report.when == "call" or report.failed):
        # nbval goes on after a cell that ran too long, but expects no more of the rest.
        not_run = report.skipped or hasattr(report, "wasxfail") or report.when != "call"
        item.config.stash[CELLS][item.cell_num] = {
            "verdict": "not run" if not_run else report.outcome,
            "outputs": item.test_outputs or [],
            "error": str(call.excinfo.value) if call.excinfo else None,
        }
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the file, a cell of code an entry, by its number among them."""
    text = json.dumps(session.config.stash[CELLS])
    session.config.option.verdicts.write_text(text, encoding="utf-8")
