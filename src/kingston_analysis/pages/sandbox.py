"""The sandbox of a page's process: by Landlock and seccomp where there are any, by a hook.

What the project holds, another process reads for the page and notes (`reading.py`). The page itself
may open Python, its environment and this package, which have hashes of their own, and write to a
folder of its own. `docs/sandbox.md` says what is refused by which of them, and what by none.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType

from kingston_analysis.pages import hook
from kingston_analysis.pages.engines import MEMORY
from kingston_analysis.pages.landlock import confine, landlock_abi
from kingston_analysis.pages.limits import fonts_folder, limits_of
from kingston_analysis.pages.reading import ReadsElsewhere
from kingston_analysis.pages.seccomp import has_seccomp, refuse_calls
from kingston_analysis.project import Project

SANDBOXED = "sandboxed"
# In the folder of a page: what was written to its process's output past Python.
NATIVE_OUTPUT = "output"
# What a page's process keeps of the environment that it was started in.
KEPT = ("OMP_", "PYTHON", "ARROW_", "MPLBACKEND", "PYDEVD_", "JPY_", "SYSTEMROOT")


def enter_sandbox(project: Project, folder: str, address: str) -> None:
    """Make this process one of a page of a project, in a sandbox to its end.

    It may write to a folder of its own; who runs it reads for it at an address. It must have no
    thread yet. Raises OSError where the system has Landlock and does not let it be used.
    """
    reader = ReadsElsewhere(address)
    project.take_this_process()
    project.read_through(reader)
    project.upstream_findings = reader.upstream()
    limits = limits_of(project, Path(folder))
    _live_in(limits.own)
    _limit_memory()
    confine(limits.rights)
    refuse_calls()
    _own_copy_of_the_hook().add_hook(limits)
    project.note(SANDBOXED, " and ".join(confining()))


def confining() -> list[str]:
    """Name what this system has to confine a page by."""
    abi = landlock_abi()
    return [*([f"Landlock ABI {abi}"] if abi else []), *(["seccomp"] if has_seccomp() else [])]


def _own_copy_of_the_hook() -> ModuleType:
    """Return the hook's module once more: one that no name leads to, so that no page changes it."""
    spec = find_spec(hook.__name__)
    if spec is None or spec.loader is None:
        raise ImportError(hook.__name__)
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def _live_in(own: Path) -> None:
    """Take no more of the environment than a page needs, and keep what is temporary in a folder."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(KEPT)}
    homes = dict.fromkeys(("HOME", "TMPDIR", "IPYTHONDIR"), str(own))
    fixed = {"TZ": "UTC", "MPLCONFIGDIR": str(fonts_folder())}
    os.environ.clear()
    os.environ.update({**kept, **homes, **fixed})
    if hasattr(time, "tzset"):
        time.tzset()
    tempfile.tempdir = str(own)
    # Python would keep what it compiled beside the code, which a page may not change.
    sys.dont_write_bytecode = True
    # By the numbers of open folders it would remove files whose places nobody could tell.
    vars(shutil)["_use_fd_functions"] = False
    # Modes and times of files are not for a page to change: a copy has those of a new file.
    vars(shutil).update(dict.fromkeys(("copymode", "copystat"), lambda *_args, **_options: None))


def _limit_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        return
