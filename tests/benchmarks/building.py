"""The whole book from nothing, one page made again, and what the environment weighs."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from statistics import median

from tests.benchmarks.measure import JOBS, Bench, Memory
from tests.benchmarks.table import Row

# What the same took here before drawing beside pages, lighter Sphinx and linked books.
BUILD_BEFORE, PAGE_BEFORE = 128, 3.0
GIGABYTES, MEGABYTES, PACKAGES = 0.6, 1000, 140
PIN = re.compile(r"^([a-z0-9.-]+)==", re.MULTILINE)


def building_rows(bench: Bench, _wanted: set[str]) -> list[Row]:
    """Build all editions of the copy from nothing, then make one page again by force."""
    memory, only = (
        Memory(),
        ("run", "--edition", str(bench.edition), "--only", "robbery", "--force"),
    )
    shutil.rmtree(bench.project.build, ignore_errors=True)
    build = bench.kingston("build", "--jobs", str(JOBS), look=memory)
    page = median(bench.kingston(*only) for _ in range(bench.rounds))
    books = len(list(bench.project.site.glob("*/*/edition.json")))
    return [
        _limit(f"`kingston build`, editions: {books}, cold, {JOBS} jobs", build, 0.6, BUILD_BEFORE),
        Row(
            f"its memory, {JOBS} jobs, what processes share counted once (PSS)",
            "a limit",
            f"at most {GIGABYTES} GB",
            f"peak {memory.peak:.2f} GB",
            memory.peak <= GIGABYTES,
            "",
        ),
        _limit(f"`kingston {' '.join(only)}`", page, 0.7, PAGE_BEFORE),
    ]


def _limit(work: str, took: float, share: float, before: float) -> Row:
    found = took / before
    return Row(
        work,
        f"{before:g} s, its time before on the first machine",
        f"at most {share} of it",
        f"{found:.2f} of it",
        found <= share,
        f"{took:.1f} s",
    )


@dataclass(frozen=True)
class Environment:
    """What a lock installs here: packages, and the megabytes of their files."""

    packages: int
    megabytes: float


def environment_rows(bench: Bench, _wanted: set[str]) -> list[Row]:
    """Weigh what `requirements.lock` installs."""
    found = _environment((bench.project.root / "requirements.lock").read_text(encoding="utf-8"))
    return [
        Row(
            "the environment of `make book`",
            "a limit",
            f"at most {MEGABYTES} MB, {PACKAGES} packages",
            f"{found.megabytes:.0f} MB, {found.packages} packages",
            found.megabytes <= MEGABYTES and found.packages <= PACKAGES,
            "",
        )
    ]


def _environment(lock: str) -> Environment:
    packages, size = 0, 0
    for name in PIN.findall(lock):
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:
            # It is for another system.
            continue
        packages += 1
        paths = (Path(str(file.locate())) for file in files)
        size += sum(path.stat().st_size for path in paths if path.is_file())
    return Environment(packages, size / 1e6)
