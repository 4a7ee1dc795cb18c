"""Hundreds of pages: many boroughs in one run, and the workers of a cluster on this machine."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks.measure import JOBS, Bench, Memory, interleaved
from tests.benchmarks.table import Row

GIGABYTES = 1
GROWTH = 1.1
OF_LOCAL = 1.3


def boroughs_rows(bench: Bench, _wanted: set[str]) -> list[Row]:
    """Run the edition for many boroughs, look at the memory, and run it for one borough."""
    memory = Memory()
    took = interleaved(
        bench.rounds,
        {
            # Its memory is looked at as well, so that both bear what the looking takes.
            "one borough": lambda: _run(bench, bench.boroughs[:1], look=Memory()),
            "boroughs": lambda: _run(bench, bench.boroughs, look=memory),
        },
        once=frozenset({"boroughs"}),
    )
    pages = len(bench.pages) * len(bench.boroughs)
    per_page, of_one = took["boroughs"] / pages, took["one borough"] / len(bench.pages)
    before, after = memory.peaks_of_halves
    work = f"{len(bench.boroughs)} boroughs × one edition: {pages} pages, {JOBS} jobs"
    return [
        Row(
            work,
            "one borough",
            "time per page no worse",
            f"{per_page / of_one:.2f} of its time per page",
            per_page <= of_one,
            f"{per_page:.3f} s a page against {of_one:.3f} s; {took['boroughs']:.0f} s in all",
        ),
        Row(
            f"{work}: memory of all its processes, what they share counted once (PSS)",
            "its first half",
            f"flat, at most {GIGABYTES} GB",
            f"peak {memory.peak:.2f} GB",
            memory.peak <= GIGABYTES and after <= GROWTH * before,
            f"peak of the first half {before:.2f} GB, of the second {after:.2f} GB",
        ),
    ]


def dask_rows(bench: Bench, _wanted: set[str]) -> list[Row]:
    """Run the same pages here and on the warm workers of a cluster on this machine."""
    boroughs = bench.boroughs[: bench.boroughs_on_dask]
    with _cluster(bench) as address:
        _run(bench, boroughs[:1], address)
        took = interleaved(
            bench.rounds,
            {
                "local": lambda: _run(bench, boroughs),
                "dask": lambda: _run(bench, boroughs, address),
            },
        )
    ratio = took["dask"] / took["local"]
    return [
        Row(
            f"Dask, {JOBS} warm workers on this machine, {len(bench.pages) * len(boroughs)} pages",
            "a local run of the same pages",
            f"at most {OF_LOCAL} times its time",
            f"{ratio:.2f} times its time",
            ratio <= OF_LOCAL,
            f"{took['dask']:.1f} s against {took['local']:.1f} s",
        )
    ]


def _run(
    bench: Bench, boroughs: list[str], scheduler: str = "", look: Memory | None = None
) -> float:
    """Run the edition's pages for boroughs, with nothing left of earlier runs."""
    bench.forget_pages()
    given = [str(bench.edition), json.dumps(boroughs), str(JOBS), scheduler, bench.only or ""]
    return bench.script("boroughs", *given, look=look)


@contextmanager
def _cluster(bench: Bench) -> Iterator[str]:
    """Lend a scheduler's address; it has two workers with one thread each."""
    folder = bench.folder("cluster")
    file, dask = folder / "scheduler.json", [sys.executable, "-m", "dask"]
    address = ["--scheduler-file", str(file), "--no-dashboard"]
    worker = [*dask, "worker", *address, "--nthreads", "1", "--no-nanny"]
    worker += ["--local-directory", str(folder)]
    with (folder / "said.txt").open("w", encoding="utf-8") as said:
        scheduler = [*dask, "scheduler", *address, "--host", "127.0.0.1", "--port", "0"]
        started = [bench.start(scheduler, stdout=said)]
        try:
            started += [bench.start(worker, stdout=said) for _ in range(JOBS)]
            while not file.exists():
                time.sleep(0.1)
            at = json.loads(file.read_text(encoding="utf-8"))["address"]
            _wait_for_workers(at)
            yield at
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait()


def _wait_for_workers(address: str) -> None:
    from distributed import Client

    with Client(address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(JOBS, timeout=60)
