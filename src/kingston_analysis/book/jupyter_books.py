"""Jupyter Book on several books at once, each in a fork of one process that has imported it.

Its own code has one thread, and it draws nothing, so that it may be forked.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, NoReturn

from kingston_analysis.errors import KingstonError, ending
from kingston_analysis.pages.engines import ENVIRONMENT
from kingston_analysis.pages.lifetime import end_with_parent

PROGRAM = str(Path(sys.executable).with_name("jupyter-book"))
ENDING_SECONDS = 1
COMMAND = (sys.executable, "-P", "-m", "kingston_analysis.book.jupyter_books")
# A document is many thousands of objects, none of them garbage before it is written.
OBJECTS_BEFORE_COLLECTION = 50_000

# The number of a command; nothing when it starts, its exit code and what it output when it ended.
News = tuple[int, tuple[int, str] | None]


def build_each(commands: list[list[str]], jobs: int, folder: Path) -> Iterator[News]:
    """Run commands of Jupyter Book in a folder, some at once; tell of each start and each end.

    Raises KingstonError where the process that runs them is lost.
    """
    environment = {**os.environ, **ENVIRONMENT, "SOURCE_DATE_EPOCH": "0", "NO_COLOR": "1"}
    if not hasattr(os, "fork"):
        yield from _one_by_one(commands, folder, environment)
        return
    process = subprocess.Popen(
        [*COMMAND, str(jobs), json.dumps(commands)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env=environment,
        cwd=folder,
        # Its own group: Ctrl-C reaches the command alone, which then ends the group.
        start_new_session=True,
    )
    ended = 0
    try:
        for line in process.stdout or ():
            number, end = json.loads(line)
            ended += end is not None
            yield number, (end[0], end[1]) if end else None
    finally:
        # One that has closed its output is ending by itself, and may say how.
        with suppress(subprocess.TimeoutExpired):
            process.wait(ENDING_SECONDS if ended < len(commands) else 0)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
    if ended < len(commands):
        what = f"The process that builds books {ending(code)}."
        remedy = "Build again; the pages that ran are kept. With fewer --jobs it takes less memory."
        raise KingstonError(what, remedy)


def _one_by_one(
    commands: list[list[str]], folder: Path, environment: dict[str, str]
) -> Iterator[News]:
    for number, arguments in enumerate(commands):
        yield number, None
        done = subprocess.run(
            [PROGRAM, *arguments], capture_output=True, text=True, env=environment, cwd=folder
        )
        yield number, (done.returncode, done.stdout + done.stderr)


def fork_each(commands: list[list[str]], jobs: int) -> None:
    """Fork a process for each command, some at once, and write a line of every start and end."""
    with suppress(Exception):
        # Whatever cannot be imported, the book's own process tells.
        _import_all()
    gc.freeze()
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    left = list(enumerate(commands))
    running: dict[int, tuple[int, IO[bytes]]] = {}
    while left or running:
        while left and len(running) < jobs:
            number, arguments = left.pop(0)
            _tell(number, None)
            output: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
            if (pid := os.fork()) == 0:
                end_with_parent()
                _be_jupyter_book(arguments, output.fileno())
            running[pid] = number, output
        pid, status = os.wait()
        number, output = running.pop(pid)
        with output:
            output.seek(0)
            text = output.read().decode("utf-8", errors="replace")
        _tell(number, (os.waitstatus_to_exitcode(status), text))


def _import_all() -> None:
    from jupyter_book.config import get_default_sphinx_config
    from sphinx.application import builtin_extensions

    extensions = (*builtin_extensions, *get_default_sphinx_config()["extensions"])
    own = ("jupyter_book.cli.main", "jupyter_book.sphinx", "sphinx_book_theme")
    ours = ("kingston_analysis.book.extension", "kingston_analysis.book.mime")
    for name in (*extensions, *own, *ours):
        importlib.import_module(name)  # noqa: TID251, no page runs this


def _tell(number: int, end: tuple[int, str] | None) -> None:
    sys.stdout.write(json.dumps([number, end]) + "\n")
    sys.stdout.flush()


def _be_jupyter_book(arguments: list[str], output: int) -> NoReturn:
    """Be what the command `jupyter-book` is, with what it says going to a file; then end."""
    os.dup2(output, 1)
    os.dup2(output, 2)
    code = 1
    try:
        from jupyter_book.cli.main import main

        main(arguments, prog_name=Path(PROGRAM).name)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001, as Python itself does at the end of a program
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    end_with_parent()
    fork_each(json.loads(sys.argv[2]), int(sys.argv[1]))
