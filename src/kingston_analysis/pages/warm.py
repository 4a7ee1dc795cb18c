"""A process that has imported everything once, and forks each page from itself.

It has one thread and opens nothing: over a socket it takes one end of a connection for each page,
and forks a child that serves it. When the command that started it is gone, however it went, so are
it and all its children.
"""

from __future__ import annotations

import atexit
import gc
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection

from kingston_analysis.errors import KingstonError


class WarmProcess:
    """The warm process of this process, seen from outside."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115
        environment = {
            **os.environ,
            "OMP_NUM_THREADS": "1",
            "PYTHONHASHSEED": "0",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "kingston_analysis.pages.warm", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=self._said,
            env=environment,
            # Its own group: Ctrl-C reaches the command alone, which then ends the group.
            start_new_session=True,
        )
        theirs.close()
        self._lock = threading.Lock()
        atexit.register(self.stop)

    def fork(self) -> Connection:
        """Fork a page's process and return the connection to it."""
        ours, theirs = socket.socketpair()
        try:
            with self._lock:
                socket.send_fds(self._control, [b"page"], [theirs.fileno()])
        except OSError:
            ours.close()
            raise KingstonError(self.why_gone()) from None
        finally:
            theirs.close()
        return Connection(ours.detach())

    def why_gone(self) -> str:
        """Say why a page's process ended by itself."""
        with suppress(subprocess.TimeoutExpired):
            # Where it ends, its connections close a moment before.
            self._process.wait(timeout=1)
        if self._process.poll() is None:
            return "The process that ran the page was killed; memory may be short."
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return f"The code that pages run could not be imported: {' '.join(lines[-1:])}"

    def stop(self) -> None:
        """End it, and every page that still runs."""
        self._control.close()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


@cache
def warm_process() -> WarmProcess:
    """Start this process's warm process at the first call, and return it."""
    return WarmProcess()


def serve(control: socket.socket) -> None:
    """Fork a child for each connection that comes, until the other side is gone."""
    from kingston_analysis.pages.page_process import serve_page, use_once
    from kingston_analysis.tables.load import hold_table
    from kingston_analysis.tables.metadata import table_names

    use_once()
    # What is here now is never garbage: no child shall copy it, only to look at it.
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    tables = table_names()
    while True:
        while tables and not _is_asked(control):
            hold_table(tables.pop())
        _, descriptors, _, _ = socket.recv_fds(control, 16, 1)
        if not descriptors:
            os.killpg(0, signal.SIGKILL)
        if os.fork() == 0:
            control.close()
            serve_page(Connection(descriptors[0]))
        os.close(descriptors[0])


def _is_asked(control: socket.socket) -> bool:
    return bool(select.select([control], [], [], 0)[0])


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
