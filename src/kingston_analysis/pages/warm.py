"""A process that has imported everything once, and forks each page from itself.

Its own code has one thread; libraries that have others make them anew after a fork. Over a socket
it takes one end of a connection for each page, and forks a child that serves it. When the command
that started it is gone, however it went, so are it and all its children.
"""

from __future__ import annotations

import atexit
import gc
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection

from kingston_analysis.errors import KingstonError, ending
from kingston_analysis.pages.engines import ENVIRONMENT
from kingston_analysis.project import Project

WARM_COMMAND = (sys.executable, "-P", "-m", "kingston_analysis.pages.warm")


# What the warm process tells of a page's process that ended: its number and exit code.
END = struct.Struct("ii")
END_SECONDS = 0.5
# So long a process may take to go that could not import what it needs.
LAST_SECONDS = 5


class WarmProcess:
    """A warm process of this process, seen from outside; of a project it holds what is parsed."""

    def __init__(self, project: Project | None = None) -> None:
        self._control, theirs = socket.socketpair()
        self._output = tempfile.TemporaryFile()  # noqa: SIM115
        environment = {
            **os.environ,
            **ENVIRONMENT,
            # As in a kernel of Jupyter's own, what matplotlib draws is put out.
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        }
        self._process = subprocess.Popen(
            [*WARM_COMMAND, str(theirs.fileno()), *([str(project.root)] if project else [])],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._output,
            env=environment,
            # Its own group: Ctrl-C reaches the command alone, which then ends the group.
            start_new_session=True,
        )
        theirs.close()
        self._lock = threading.Lock()
        self._ended: dict[int, int] = {}
        atexit.register(self.stop)

    def fork(self) -> Connection:
        """Fork a page's process and return the connection to it."""
        ours, theirs = socket.socketpair()
        try:
            with self._lock:
                socket.send_fds(self._control, [b"page"], [theirs.fileno()])
        except OSError:
            ours.close()
            raise KingstonError(self.why_gone()[0]) from None
        finally:
            theirs.close()
        return Connection(ours.detach())

    @property
    def is_alive(self) -> bool:
        """Tell whether it still can fork pages."""
        return self._process.poll() is None

    def why_gone(self, page: int | None = None) -> tuple[str, int | None]:
        """Say how a page's process, if its number is known, or this one ended; and its code."""
        code = None if page is None else self._end_of(page)
        with suppress(subprocess.TimeoutExpired):
            # Where it ends, its connections close a moment before.
            self._process.wait(timeout=0 if code is not None else LAST_SECONDS)
        if self.is_alive or self._process.returncode < 0:
            code = self._process.returncode if code is None else code
            seen = "is gone; how it ended was not seen" if code is None else ending(code)
            return f"The process that ran the page {seen}.", code
        self._output.seek(0)
        lines = self._output.read().decode(errors="replace").strip().splitlines()
        what = f"The code that pages run could not be imported: {lines[-1] if lines else ''}"
        return what, None

    def _end_of(self, page: int) -> int | None:
        """Return the exit code of a page's process, as far as the warm process has told of it."""
        with self._lock, suppress(OSError):
            while _is_asked(self._control, END_SECONDS * (page not in self._ended)):
                told = self._control.recv(END.size, socket.MSG_WAITALL)
                if len(told) < END.size:
                    break
                number, code = END.unpack(told)
                self._ended[number] = code
        return self._ended.get(page)

    def stop(self) -> None:
        """End it, and every page that still runs."""
        self._control.close()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


# Processes belong to the process that started them, and are ended with it.
_started: dict[Project | None, WarmProcess] = {}
_starting = threading.Lock()


def warm_process(project: Project | None) -> WarmProcess:
    """Return this process's warm process of a project, or of none; start it where none is alive."""
    with _starting:
        if project not in _started or not _started[project].is_alive:
            _started[project] = WarmProcess(project)
        return _started[project]


def end_warm_process(project: Project) -> None:
    """End this process's warm process of a project, if there is one, for the memory it holds."""
    with _starting:
        if warm := _started.pop(project, None):
            warm.stop()


def serve_forks(control: socket.socket, project: Project | None) -> None:
    """Fork a child for each connection that comes, until the other side is gone."""
    # What is imported is no garbage: look for none now, nor let each child copy it to look later.
    gc.disable()
    from kingston_analysis.data.tables.load import load
    from kingston_analysis.data.topics import tables_by_use
    from kingston_analysis.pages.page_process import import_once, serve_page, use_once

    if project:
        import_once(project)
    use_once(project)
    tables = tables_by_use(project) if project else []
    if project and tables:
        # Whatever is wrong with a table, the page that reads it tells. The first is read at once,
        # for what pandera and pyarrow import then.
        with suppress(Exception):
            load(project, tables.pop())
    gc.freeze()
    gc.enable()
    signal.signal(signal.SIGCHLD, partial(_tell_ends, control))
    while True:
        while project and tables and not _is_asked(control):
            with suppress(Exception):
                load(project, tables.pop())
        _, descriptors, _, _ = socket.recv_fds(control, 16, 1)
        if not descriptors:
            os.killpg(0, signal.SIGKILL)
        if os.fork() == 0:
            control.close()
            serve_page(Connection(descriptors[0]), project)
        os.close(descriptors[0])


def _tell_ends(control: socket.socket, *_: object) -> None:
    """Tell of each child that ended; who does not listen is not waited for."""
    with suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            told = END.pack(found[0], os.waitstatus_to_exitcode(found[1]))
            with suppress(OSError):
                control.send(told, socket.MSG_DONTWAIT)


def _is_asked(control: socket.socket, seconds: float = 0) -> bool:
    return bool(select.select([control], [], [], seconds)[0])


if __name__ == "__main__":
    number, *roots = sys.argv[1:]
    serve_forks(socket.socket(fileno=int(number)), Project(roots[0]) if roots else None)
