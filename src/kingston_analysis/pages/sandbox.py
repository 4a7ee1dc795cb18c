"""The sandbox of a page's process: what it reads is logged, what cannot be is refused by name."""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import kingston_analysis
from kingston_analysis.errors import KingstonError
from kingston_analysis.pages.engines import MEMORY
from kingston_analysis.project import Project, is_allowed

LOG = "provenance.jsonl"
UPSTREAM = "findings.json"
OPENS = ("open", "sqlite3.connect")
IN_MEMORY = (":memory:", "")
LISTINGS = ("os.listdir", "os.scandir")
IMPORTS = "<frozen importlib._bootstrap_external>"
PROCESSES = (
    *("subprocess.Popen", "os.system", "os.posix_spawn", "os.spawn", "os.exec"),
    *("os.fork", "os.forkpty", "os.startfile", "pty.spawn"),
)


def enter_sandbox(project: Project, folder: str) -> None:
    """Make this process one of a page of a project, in a sandbox to its end.

    The provenance log goes to a folder, which holds the upstream findings.
    """
    place = Path(folder)
    project.take_this_process()
    project.upstream_findings = json.loads((place / UPSTREAM).read_text(encoding="utf-8"))
    _limit_memory()
    project.log_to(place / LOG)
    sys.addaudithook(partial(_refuse, project, _free(project)))
    if os.name == "posix":
        import _posixsubprocess

        # multiprocessing starts processes by it, and it alone raises no audit event.
        _posixsubprocess.fork_exec = lambda *_args: _refuse_process(project, "multiprocessing")
    project.log("sandboxed", "", "")


def enter_sandbox_in_kernel(root: str, folder: str) -> None:
    """Put a kernel of Jupyter's own in a sandbox; the root says which project it is of."""
    enter_sandbox(Project(root), folder)


def _free(project: Project) -> tuple[Path, ...]:
    """Return what a page may open by itself: code and environment have hashes of their own.

    Python itself may stand above the project: then only what the project keeps it in is free.
    """
    prefixes = (Path(each) for each in (sys.prefix, sys.base_prefix))
    prefixes_outside = (each for each in prefixes if not project.root.is_relative_to(each))
    return (Path(kingston_analysis.__file__).parent, project.root / ".venv", *prefixes_outside)


def _refuse(project: Project, free: tuple[Path, ...], event: str, args: tuple[Any, ...]) -> None:
    """Stop what would make a page depend on something that nobody logged (see PEP 578)."""
    if event == "sqlite3.connect" and args[0] in IN_MEMORY:
        return
    if event in OPENS or event in LISTINGS:
        # A listing without a path is one of the current folder.
        path = "." if args[0] is None else args[0]
        # Python looks for modules where the page is; what it then opens is refused.
        importing = sys._getframe(1).f_code.co_filename == IMPORTS and event in LISTINGS
        if isinstance(path, str | bytes | os.PathLike) and not (importing or is_allowed()):
            place = project.data if event in LISTINGS else project.root
            _refuse_path(project, free, os.fsdecode(path), place)
    elif event in PROCESSES:
        named = [os.fsdecode(each) for each in args[:1] if isinstance(each, str | bytes)]
        _refuse_process(project, " ".join([event, *named]))


def _refuse_process(project: Project, name: str) -> NoReturn:
    project.log("refused", name, "")
    raise KingstonError(
        f"The page started another process ({name}).",
        "A page only reads tables and computes; do the rest before it, in `tables`.",
    )


def _refuse_path(project: Project, free: tuple[Path, ...], path: str, place: Path) -> None:
    """Refuse a path in a place, whether it leads there or only starts there."""
    for each in (Path(os.path.realpath(path)), Path(os.path.abspath(path))):  # noqa: PTH100
        if each.is_relative_to(place) and not any(each.is_relative_to(f) for f in free):
            name = project.name_of(each)
            project.log("refused", name, "")
            raise KingstonError(
                f"The page opened {name} itself, so nobody would know when it is stale.",
                "Load tables with `page.view.load`, other pages' findings with "
                "`page.view.findings`.",
            )


def _limit_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        return
