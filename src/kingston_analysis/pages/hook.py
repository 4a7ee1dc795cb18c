"""The audit hook of a page's process: it refuses by name what Python is asked for (see PEP 578)."""

from __future__ import annotations

import os
import socket
import sys
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from kingston_analysis.errors import KingstonError
from kingston_analysis.pages.limits import Limits
from kingston_analysis.project import Project

# As an audit event names a file or folder; by a number, one that is open.
Named = int | str | bytes | os.PathLike[str]
REFUSED = "refused"
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
# Kinds of sockets that stay on this machine; where there are none, any is made.
LOCAL = (getattr(socket, "AF_UNIX", socket.AF_INET),)
NATIVE_CALLS = ("ctypes.dlopen", "ctypes.dlsym", "ctypes.dlsym/handle")
# As IPython names the files that cells are for Python.
CELL_FILES = ("ipykernel_", "<ipython-input-")
# By these a page could get at this hook.
OF_THE_COLLECTOR = ("gc.get_objects", "gc.get_referrers", "gc.get_referents")


def add_hook(limits: Limits) -> None:
    """Refuse, in this process to its end, what goes past the limits of a page."""
    # No function around it: it looks at who called, by the number of frames between.
    sys.addaudithook(partial(_refuse, limits))
    if os.name == "posix":
        import _posixsubprocess

        # multiprocessing starts processes by it, and it alone raises no audit event.
        project = limits.project
        _posixsubprocess.fork_exec = lambda *_args: _refuse_process(project, "multiprocessing")


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
    elif event in NETWORK or (event == "socket.__new__" and args[1] not in LOCAL):
        _refuse_act(limits.project, event, "used the network")
    elif event in OF_THE_COLLECTOR:
        _refuse_act(limits.project, event, "looked through the memory of its process")
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
