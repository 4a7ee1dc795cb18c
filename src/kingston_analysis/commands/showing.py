"""What the terminal shows: sentences, and bars of what is done."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

console = Console(stderr=True)


def say(text: str) -> None:
    """Tell a person how the work goes."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def put_out(text: str) -> None:
    """Put out what a command was asked for."""
    Console(soft_wrap=True).print(text, markup=False, highlight=False)


def put_json(content: object) -> None:
    """Put out what a command was asked for, for a program to read."""
    sys.stdout.write(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


@contextmanager
def bar(doing: str) -> Iterator[Callable[[int, int, int], None]]:
    """Show how many are done, how many run, and how many are left."""
    text = "{task.completed} done, {task.fields[running]} running, {task.fields[left]} left"
    columns = (TextColumn(doing), BarColumn(), TextColumn(text), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=None, running=0, left=0)

        def update(done: int, running: int, left: int) -> None:
            total = done + running + left
            progress.update(task, total=total, completed=done, running=running, left=left)

        yield update
