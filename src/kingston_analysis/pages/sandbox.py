"""The sandbox of a page's process: by Landlock where the system has it, by an audit hook anywhere.

What the project holds, another process reads for the page and notes (`reading.py`). The page itself
may open Python, its environment and this package, which have hashes of their own, and write to a
folder of its own. `docs/sandbox.md` says what is refused by which of the two, and what by neither.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import kingston_analysis
from kingston_analysis.errors import KingstonError
from kingston_analysis.pages.engines import MEMORY
from kingston_analysis.pages.landlock import READ, READ_FOLDER, WRITE, confine
from kingston_analysis.pages.reading import ReadsElsewhere
from kingston_analysis.project import Project

# As an audit event names a file or folder; by a number, one that is open.
Named = int | str | bytes | os.PathLike[str]
SANDBOXED, REFUSED = "sandboxed", "refused"
# In the folder of a page: what was written to its process's output past Python.
NATIVE_OUTPUT = "output"
INSTEAD = "Load tables with `page.view.load`, other pages' findings with `page.view.findings`."
OPENS = ("open", "sqlite3.connect")
IN_MEMORY = (":memory:", "")
LISTINGS = ("os.listdir", "os.scandir")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Of what changes a file or folder: where its paths stand, each with that of the folder it is from.
CHANGES = {
    **dict.fromkeys(("os.remove", "os.rmdir"), ((0, 1),)),
    **dict.fromkeys(("os.mkdir", "os.chmod"), ((0, 2),)),
    **dict.fromkeys(("os.chown", "os.utime"), ((0, 3),)),
    **dict.fromkeys(("os.truncate", "os.chflags", "os.setxattr", "os.removexattr"), ((0, None),)),
    **dict.fromkeys(("os.rename", "os.link"), ((0, 2), (1, 3))),
    "os.symlink": ((1, 2),),
}
PROCESSES = (
    *("subprocess.Popen", "os.system", "os.posix_spawn", "os.spawn", "os.exec"),
    *("os.fork", "os.forkpty", "os.startfile", "pty.spawn"),
)
IMPORTS = "<frozen importlib._bootstrap_external>"
SIGNALS = ("os.kill", "os.killpg")
NETWORK = (
    *("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"),
    *("socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"),
)
NATIVE_CALLS = ("ctypes.dlopen", "ctypes.dlsym", "ctypes.dlsym/handle")
# As IPython names the files that cells are for Python.
CELL_FILES = ("ipykernel_", "<ipython-input-")
# What a page's process keeps of the environment that it was started in.
KEPT = ("OMP_", "PYTHON", "ARROW_", "MPLBACKEND", "PYDEVD_", "JPY_", "SYSTEMROOT")
# Where Linux keeps the libraries that Python's own load, their index, the zones of time, and how
# many processors there are, which pandas asks.
SYSTEM = (
    *("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib"),
    *("/etc/ld.so.cache", "/usr/share/zoneinfo", "/etc/localtime"),
    *("/sys/fs/cgroup", "/sys/devices/system/cpu"),
)


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
    abi = confine(limits.rights)
    sys.addaudithook(partial(_refuse, limits))
    if os.name == "posix":
        import _posixsubprocess

        # multiprocessing starts processes by it, and it alone raises no audit event.
        _posixsubprocess.fork_exec = lambda *_args: _refuse_process(project, "multiprocessing")
    project.note(SANDBOXED, f"Landlock ABI {abi}" if abi else "")


@dataclass(frozen=True)
class Limits:
    """What a page of a project may do with files: the folder that it may change, what it may read.

    `listed` are folders in which it may look for names.
    """

    project: Project
    own: Path
    free: tuple[Path, ...]
    listed: tuple[Path, ...]

    @property
    def rights(self) -> dict[Path, int]:
        """Return the same as rights to paths, and what is beneath them, for Landlock."""
        reads = {**dict.fromkeys(self.listed, READ_FOLDER), **dict.fromkeys(self.free, READ)}
        return {**reads, **dict.fromkeys((Path(os.devnull), self.own), READ | WRITE)}


def limits_of(project: Project, folder: Path) -> Limits:
    """Return what a page of a project may do that has a folder of its own."""
    own = folder.resolve()
    return Limits(project, own, (*_free(project), Path(os.devnull), own), _listed(project))


def _live_in(own: Path) -> None:
    """Take no more of the environment than a page needs, and keep what is temporary in a folder."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(KEPT)}
    homes = dict.fromkeys(("HOME", "TMPDIR", "IPYTHONDIR"), str(own))
    fixed = {"TZ": "UTC", "MPLCONFIGDIR": str(_fonts())}
    os.environ.clear()
    os.environ.update({**kept, **homes, **fixed})
    if hasattr(time, "tzset"):
        time.tzset()
    tempfile.tempdir = str(own)
    # Python would keep what it compiled beside the code, which a page may not change.
    sys.dont_write_bytecode = True
    # By the numbers of open folders it would remove files whose places nobody could tell.
    vars(shutil)["_use_fd_functions"] = False


@cache
def _free(project: Project) -> tuple[Path, ...]:
    """Return what a page may read by itself: code and environment have hashes of their own.

    Any of them may stand above the project, as Python itself may: that one is not free.
    """
    named = sysconfig.get_paths()
    places = [Path(named[each]) for each in ("stdlib", "platstdlib", "purelib", "platlib")]
    places += [Path(each) for each in sys.path if Path(each).is_absolute()]
    places += [Path(sys.prefix)] if sys.prefix != sys.base_prefix else []
    outside = [each.resolve() for each in (*places, *map(Path, SYSTEM), _fonts())]
    venv = project.root / ".venv"
    free = [Path(kingston_analysis.__file__).resolve().parent, venv, venv.resolve()]
    free += [each for each in outside if _apart(each, project.root)]
    distinct = dict.fromkeys(free)
    return tuple(e for e in distinct if not any(e != f and e.is_relative_to(f) for f in distinct))


@cache
def _fonts() -> Path:
    """Return where matplotlib keeps which fonts there are; it would ask another process for them.

    A page's picture by it is refused, but by its own name.
    """
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("MPLCONFIGDIR") or Path(caches) / "matplotlib").resolve()


@cache
def _listed(project: Project) -> tuple[Path, ...]:
    """Return the folders of the project in which Python looks for modules."""
    folders = [project.notebooks, *(Path(each).resolve() for each in sys.path if each)]
    return tuple(dict.fromkeys(e for e in folders if e.is_relative_to(project.root)))


def _apart(one: Path, other: Path) -> bool:
    return not (one.is_relative_to(other) or other.is_relative_to(one))


def _refuse(limits: Limits, event: str, args: tuple[Any, ...]) -> None:
    """Stop what would make a page depend on something that nobody noted (see PEP 578)."""
    if event in OPENS:
        flags = (args[2] or 0) if event == "open" else 0
        _refuse_opening(limits, event, args[0], flags)
    elif event in LISTINGS:
        _refuse_listing(limits, args[0])
    elif event in CHANGES:
        for number, folder in CHANGES[event]:
            path = _joined(args[number], args[folder] if folder else None)
            # A folder that is there already is not made.
            if not (event == "os.mkdir" and _real(path).is_dir()):
                _refuse_change(limits, path)
    elif event in PROCESSES:
        named = [os.fsdecode(each) for each in args[:1] if isinstance(each, str | bytes)]
        _refuse_process(limits.project, " ".join([event, *named]))
    elif event in SIGNALS and args[0] != os.getpid():
        _refuse_act(limits.project, event, "signalled another process")
    elif event in NETWORK:
        _refuse_act(limits.project, event, "used the network")
    elif event in NATIVE_CALLS and _is_cell(_caller(sys._getframe(1))):
        _refuse_act(limits.project, event, "called code that is not Python's")


def _refuse_opening(limits: Limits, event: str, path: Named, flags: int) -> None:
    if isinstance(path, int) or (event == "sqlite3.connect" and path in IN_MEMORY):
        return  # A file that is open already, or none.
    if flags & WRITING and path != os.devnull:
        _refuse_change(limits, path)
    else:
        _refuse_path(limits.project, limits.free, path)


def _refuse_listing(limits: Limits, path: Named | None) -> None:
    # Python looks for modules where the page is; what it then opens is refused.
    importing = sys._getframe(2).f_code.co_filename == IMPORTS
    # One without a path is one of the current folder; one that is open already was allowed.
    place = _real("." if path is None else path)
    if not (importing or isinstance(path, int) or place in limits.listed):
        _refuse_path(limits.project, limits.free, place)


def _refuse_path(
    project: Project, free: tuple[Path, ...], path: str | bytes | os.PathLike[str]
) -> None:
    """Refuse a path that does not lead to what is free, or that starts inside the project."""
    leads_to, starts_at = _real(path), Path(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100
    inside = starts_at.is_relative_to(project.root)
    if not _is_in(leads_to, free) or (inside and not _is_in(starts_at, free)):
        name = _noted(project, starts_at if inside else leads_to)
        raise KingstonError(
            f"The page opened {name} itself, so nobody would know when it is stale.",
            INSTEAD,
        )


def _refuse_change(limits: Limits, path: Named) -> None:
    if not (place := _real(path)).is_relative_to(limits.own):
        raise KingstonError(
            f"The page changed {_noted(limits.project, place)}, which is not its own.",
            "A page puts out what its cells show; what it keeps meanwhile goes into `tempfile`.",
        )


def _refuse_process(project: Project, name: str) -> NoReturn:
    _refuse_act(project, name, "started another process")


def _refuse_act(project: Project, name: str, what: str) -> NoReturn:
    project.note(REFUSED, name)
    raise KingstonError(
        f"The page {what} ({name}).",
        "A page only reads tables and computes; do the rest before it, in `tables`.",
    )


def _noted(project: Project, place: Path) -> str:
    name = project.name_of(place) if place != project.root else "the project's folder"
    project.note(REFUSED, name)
    return name


def _real(path: Named) -> Path:
    """Return where a path leads, or the number of a file that is open."""
    text = f"/proc/self/fd/{path}" if isinstance(path, int) else os.fsdecode(path)
    return Path(os.path.realpath(text))


def _joined(path: Named, folder: object) -> Named:
    """Return a path from the open folder that it was given with, where it was given with one."""
    if isinstance(folder, int) and folder >= 0 and not isinstance(path, int):
        return _real(folder) / os.fsdecode(path)
    return path


def _is_in(path: Path, places: tuple[Path, ...]) -> bool:
    return any(path.is_relative_to(each) for each in places)


def _caller(frame: FrameType | None) -> FrameType | None:
    """Return who called ctypes, past ctypes itself."""
    while frame and "ctypes" in frame.f_code.co_filename:
        frame = frame.f_back
    return frame


def _is_cell(frame: FrameType | None) -> bool:
    file = frame.f_code.co_filename if frame else ""
    return any(each in file for each in CELL_FILES)


def _limit_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        return
