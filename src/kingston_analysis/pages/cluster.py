"""Pages on the workers of a Dask cluster, through the interface of every other executor."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kingston_analysis.errors import KingstonError, Problem, raise_any
from kingston_analysis.pages.execute import code_here
from kingston_analysis.project import Project
from kingston_analysis.records.code import hash_of_code

if TYPE_CHECKING:
    from distributed import Client

ANSWER_SECONDS = 10


@contextmanager
def cluster(project: Project, address: str) -> Iterator[tuple[Executor, int]]:
    """Connect to a scheduler; lend an executor that hands pages to its workers, and their number.

    Raises KingstonError where Dask is not installed, the scheduler does not answer, there is no
    worker, or a worker has no such project or another version of Python, environment or package.
    """
    try:
        from distributed import Client
    except ImportError:
        what = "Dask is not installed here."
        raise KingstonError(what, "Run `pip install 'kingston-analysis[cluster]'`.") from None
    _check_scheduler(address)
    with Client(address, timeout=ANSWER_SECONDS, set_as_default=False) as client:
        workers = _check_workers(client, project)
        executor = client.get_executor(pure=False)
        try:
            yield executor, workers
        except BaseException:
            executor.shutdown(wait=False)
            raise
        executor.shutdown()


def versions(project: Project) -> dict[str, str]:
    """Return what must be the same on a worker as here; raise KingstonError without the project."""
    package, environment, lock = code_here(Project.at(project.root))
    return {
        "Python": platform.python_version(),
        "package": hash_of_code(package.hashes),
        environment: lock,
    }


def _check_scheduler(address: str) -> None:
    """Ask before a client is made: one that was made in vain is long in going away."""
    try:
        found = asyncio.run(_who_answers(address))
    except (OSError, ValueError, TypeError) as error:
        found = _first_line(error)
    if found != "Scheduler":
        raise KingstonError(
            f"No scheduler answers at '{address}' ({found}).",
            "Start one with `dask scheduler`, or correct the address: tcp://host:8786.",
        )


async def _who_answers(address: str) -> str:
    from distributed.core import rpc

    async with asyncio.timeout(ANSWER_SECONDS), rpc(address, timeout=ANSWER_SECONDS) as other:
        return (await other.identity())["type"]


def _check_workers(client: Client, project: Project) -> int:
    try:
        found = client.run(versions, project)
    except Exception as error:  # noqa: BLE001, a worker raises whatever its environment lacks
        what = f"A worker cannot run pages: {_first_line(error)}."
        raise KingstonError(what, "Install this project there, from the same commit.") from None
    if not found:
        raise KingstonError(
            "The scheduler has no worker.", "Start some: `dask worker ADDRESS --nthreads 1`."
        )
    here, remedy = versions(project), "Bring it to the same commit and environment, and restart it."
    problems = [
        Problem(f"Worker {worker}: {what} is {there.get(what)}, and {wanted} here.", remedy=remedy)
        for worker, there in found.items()
        for what, wanted in here.items()
        if there.get(what) != wanted
    ]
    raise_any(problems)
    return len(found)


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0].rstrip(".") or type(error).__name__
