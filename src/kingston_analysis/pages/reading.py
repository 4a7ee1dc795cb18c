"""Who runs a page reads for it and notes what was read: the page's own process may open nothing.

The page asks over a connection, in JSON, so that nothing it says is run on the other side.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path, PurePosixPath

from kingston_analysis.errors import PARTS, KingstonError
from kingston_analysis.project import FindingsByPage, Project, content_of, json_of, names_in, sha256

# What a page may say at once: names and patterns.
LONGEST_REQUEST = 64 * 1024
DONE, FAILED = b"+", b"-"

# What was read, with its hash, and what else is noted of a page: kind, name, value.
Note = tuple[str, str, str]


class Reads:
    """The reads of one page, done for it: `address` is where it asks, `entries` what was noted."""

    def __init__(self, project: Project, folder: Path, upstream: object) -> None:
        self.entries: list[Note] = []
        self._project, self._upstream = project, json.dumps(upstream).encode()
        self.address, self._accept, self._stop = _listen(folder)
        self._is_over = False
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Take no page any more; one that is connected goes on until it ends."""
        self._is_over = True
        with suppress(OSError):
            Client(self.address).close()

    def _serve(self) -> None:
        """Answer one process after another: a kernel that did not start is tried again."""
        while not self._is_over:
            with suppress(OSError, EOFError, ValueError, TypeError), self._accept() as connection:
                self._answer_all(connection)
        self._stop()

    def _answer_all(self, connection: Connection) -> None:
        while True:
            kind, *names = json_of(connection.recv_bytes(LONGEST_REQUEST))
            try:
                answer = DONE + self._answer(kind, *map(str, names))
            except OSError as error:
                said = [error.errno or errno.EIO, error.strerror or str(error)]
                answer = FAILED + json.dumps(said).encode()
            connection.send_bytes(answer)

    def _answer(self, kind: str, name: str, more: str = "") -> bytes:
        if kind == "upstream":
            return self._upstream
        if kind == "read":
            content = content_of(self._inside(name))
            self.entries.append((kind, name, sha256(content)))
            return content
        if kind == "list" and "/" not in more:
            found = names_in(self._inside(name), more)
            self.entries.append(("read", f"{name}/{more}", sha256("\n".join(found).encode())))
            return json.dumps(found).encode()
        self.entries.append((kind, name, more))
        return b""

    def _inside(self, name: str) -> Path:
        """Return a path of the project's own parts; anything else is refused, and noted as that."""
        parts = PurePosixPath(name).parts
        if not parts or parts[0] not in PARTS or ".." in parts:
            self.entries.append(("refused", name, ""))
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return self._project.root / name


@contextmanager
def reads_for(project: Project, folder: Path, upstream: object) -> Iterator[Reads]:
    """Read for the page that runs meanwhile, at an address in its folder."""
    reads = Reads(project, folder, upstream)
    try:
        yield reads
    finally:
        reads.close()


def _listen(folder: Path) -> tuple[str, Callable[[], Connection], Callable[[], None]]:
    """Return an address, what waits for who connects there, and what ends that."""
    if not hasattr(socket, "AF_UNIX"):
        pipe = Listener()
        return str(pipe.address), pipe.accept, pipe.close
    address = str(folder / "reads")
    listening = socket.socket(socket.AF_UNIX)
    try:
        listening.bind(address)
    except OSError as error:
        what = f"No socket can be made in {folder}: {error.strerror or error}."
        raise KingstonError(what, "Set TMPDIR to a folder with a short name and room.") from None
    listening.listen()
    # Not by `Listener`, which would remove the address when the folder is gone already.
    return address, lambda: Connection(listening.accept()[0].detach()), listening.close


class ReadsElsewhere:
    """The page's end: reads the files of its project through the process that runs it."""

    def __init__(self, address: str) -> None:
        self._connection = Client(address)
        self._lock = threading.Lock()

    def read(self, name: str) -> bytes:
        """Read a file; raise OSError as if it had been opened here."""
        return self._ask("read", name)

    def names(self, folder: str, pattern: str) -> list[str]:
        """List the names in a folder that fit a pattern, in order."""
        return json_of(self._ask("list", folder, pattern))

    def note(self, kind: str, name: str, value: str) -> None:
        """Note one thing."""
        self._ask(kind, name, value)

    def upstream(self) -> FindingsByPage:
        """Return the findings of other pages that this one was given."""
        return json_of(self._ask("upstream", ""))

    def _ask(self, *request: str) -> bytes:
        with self._lock:
            self._connection.send_bytes(json.dumps(request).encode())
            answer = self._connection.recv_bytes()
        if answer[:1] == FAILED:
            raise OSError(*json_of(answer[1:]))
        return answer[1:]
