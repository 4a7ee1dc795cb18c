"""The inside of a page's process: a kernel without sockets, whose messages go to the engine."""

from __future__ import annotations

import asyncio
import contextvars
import importlib
import json
import os
import random
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import altair
import ipykernel.debugger
import numpy as np
import pandas as pd
from ipykernel.inprocess.blocking import BlockingInProcessKernelClient
from ipykernel.inprocess.ipkernel import InProcessKernel
from ipykernel.inprocess.manager import InProcessKernelManager
from traitlets.config import Config

import kingston_analysis.notebook
from kingston_analysis.pages.limits import limits_of
from kingston_analysis.pages.sandbox import NATIVE_OUTPUT, confining, enter_sandbox
from kingston_analysis.project import Project
from kingston_analysis.records.code import code_of, imported_names
from kingston_analysis.show.table import DisplayTable, Heading

# What a kernel and a notebook import, so that no child need import it again.
IMPORTED = (ipykernel.debugger, kingston_analysis.notebook)

CLIENT = f"{__name__}._Client"
CONTEXT = contextvars.copy_context()
# What nbclient reads of a message.
MESSAGE = ("msg_type", "header", "parent_header", "content")


def import_once(project: Project) -> None:
    """Import what the project's templates import of this package."""
    code = (text for file in project.notebooks.glob("*.ipynb") for text in code_of(file))
    for name in dict.fromkeys(name for text in code for name in imported_names(text)):
        if name.startswith("kingston_analysis."):
            # A name in a module is no module; whatever else is wrong, the page tells.
            with suppress(Exception):
                importlib.import_module(name)


def use_once(project: Project | None) -> None:
    """Use once what every page uses, for what libraries make at their first use."""
    confining()
    if project:
        limits_of(project, project.root)
    altair.Chart(pd.DataFrame({"x": [1]})).mark_line().encode(x="x:Q").to_dict()
    DisplayTable("", [Heading("")], []).as_html()


def serve_page(connection: Connection, project: Project | None) -> None:
    """Serve a page to its end: say what language this is, then run each cell that comes.

    A page in a sandbox is one of the project.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        sandbox, runs_in = connection.recv()
        _start_clean(runs_in)
        if sandbox:
            if project is None:
                raise ValueError("A page in a sandbox is one of a project.")
            _catch_output(Path(sandbox[0]))
            enter_sandbox(project, *sandbox)
        client = _kernel()
        client.kernel_info()
        language = client.get_shell_msg(timeout=10)["content"]["language_info"]
        _send(connection, {"pid": os.getpid(), "language": language})
        while True:
            _send(connection, _run(client, connection.recv(), connection))
    except (EOFError, BrokenPipeError):
        os._exit(0)
    except Exception as error:  # noqa: BLE001, whatever it is, the other side must hear of it
        _send(connection, {"failed": f"{type(error).__name__}: {error}"})
        os._exit(1)


def _send(to: Connection, message: dict[str, Any]) -> None:
    """Send a message as text: what a page sends must run nothing where it arrives."""
    to.send_bytes(json.dumps(message, default=str).encode())


def _catch_output(folder: Path) -> None:
    """Let what code writes past Python, straight to the process's output, go to a file."""
    taken = os.open(folder / NATIVE_OUTPUT, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    for number in (1, 2):
        os.dup2(taken, number)


def _start_clean(folder: str) -> None:
    """Stand where a new process would: in its folder, its modules in reach, its chance its own."""
    os.chdir(folder)
    installed = (n for n, path in enumerate(sys.path) if Path(path).name == "site-packages")
    sys.path.insert(next(installed, 0), "")
    random.seed()
    np.random.seed()


class _Kernel(InProcessKernel):
    """The kernel, with what it lacks to run an `await`: that asks for the parent of a thread."""

    shell_channel_thread = SimpleNamespace(parent_thread=None)
    _supports_kernel_subshells = False


class _Client(BlockingInProcessKernelClient):
    """The client, with one context for all cells: what one sets in it, the next one finds."""

    kernel: Any  # `_kernel` gives it one

    def _dispatch_to_kernel(self, msg: dict[str, Any]) -> None:
        stream = self.kernel.shell_stream
        self.session.send(stream, msg)
        work = self.kernel.dispatch_shell(stream.recv_multipart())
        loop = asyncio.get_event_loop()
        loop.run_until_complete(loop.create_task(work, context=CONTEXT))
        _, reply = self.session.recv(stream, copy=False)
        self.shell_channel.call_handlers_later(reply)


def _kernel() -> _Client:
    asyncio.set_event_loop(asyncio.new_event_loop())
    manager = InProcessKernelManager(
        config=Config({"HistoryManager": {"enabled": False}}), client_class=CLIENT, ip="127.0.0.1"
    )
    manager.kernel = _Kernel(parent=manager, session=manager.session)
    client = manager.client()
    client.start_channels()
    return client


def _run(client: _Client, code: str, to: Connection) -> dict[str, Any]:
    """Run a cell, send the kernel's messages on, and return its reply."""
    client.execute(code, allow_stdin=False)
    client.kernel.stdout.flush()
    client.kernel.stderr.flush()
    while client.iopub_channel.msg_ready():
        message = client.get_iopub_msg(timeout=1)
        _send(to, {name: message[name] for name in MESSAGE})
    return {"msg_type": "execute_reply", **client.get_shell_msg(timeout=10)}
