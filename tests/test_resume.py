"""A run killed at any moment: nothing is half written, nothing lives on, nothing done is redone."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from subprocess import Popen

import pytest
from system_project import (
    SMALL,
    Copy,
    Said,
    copy_project,
    difference,
    ended,
    is_readable,
    processes_of,
    snapshot,
    wait_until,
)

PAGES = ["overview", "robbery", "matrix", "progress", "changed", "community", "methods", "sources"]
MOMENTS, BUILD_MOMENTS = 6, 2


@dataclass(frozen=True)
class Undisturbed:
    """A run to its end that nobody disturbed, and how long it took."""

    project: Copy
    seconds: float


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    """Run the small project in peace. Only look at it."""
    place = tmp_path_factory.mktemp("undisturbed")
    made = copy_project(place / "project", SMALL)
    began = time.monotonic()
    said = made.kingston("run", "--jobs", "2")
    assert said.code == 0, said
    yield Undisturbed(made, time.monotonic() - began)
    shutil.rmtree(place, ignore_errors=True)


def moment(which: int, of: int, seconds: float) -> float:
    """Return a random moment of one of so many equal parts of a time, every run the same."""
    return seconds * (which + Random(which).random()) / of


def kill(process: Popen[str], whole_group: bool) -> Said:
    """Kill a command as `kill -9` does, alone or with its process group; return what it said."""
    if process.poll() is None:
        (os.killpg if whole_group else os.kill)(process.pid, signal.SIGKILL)
    return ended(process)


def written(project: Copy) -> dict[str, int]:
    """Return when each notebook and record was written."""
    files = project.pages().glob("*.*") if project.pages().exists() else ()
    return {file.name: file.stat().st_mtime_ns for file in files}


def wait_for_one_more(project: Copy, process: Popen[str], files: int) -> None:
    """Wait until a run has written one file more than so many, or has ended."""
    wait_until(lambda: len(written(project)) > files or process.poll() is not None)


def assert_nothing_is_half_written(project: Copy, whole: Copy) -> None:
    """Hold that each page's notebook and record are those of an undisturbed run, or not there."""
    reference = snapshot(whole.pages())
    for name, content in (snapshot(project.pages()) if project.pages().exists() else {}).items():
        if not name.startswith("."):
            assert content == reference[name], name
    for file in project.build.rglob("*.json"):
        if not file.name.startswith("."):
            json.loads(file.read_text("utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("which", range(MOMENTS))
def test_a_run_that_was_killed_goes_on_where_it_was(
    undisturbed: Undisturbed, folder: Path, which: int
) -> None:
    project = undisturbed.project.copy_to(folder / "project", ".")
    process = project.start("run", "--jobs", "2", start_new_session=True)
    time.sleep(moment(which, MOMENTS, undisturbed.seconds))

    kill(process, whole_group=which % 2 == 1)

    assert wait_until(lambda: not processes_of(project)), processes_of(project)
    assert_nothing_is_half_written(project, undisturbed.project)
    before, stale = written(project), project.stale_pages()
    done = [page for page in PAGES if f"{page}.json" in before]
    assert [page for page in PAGES if page not in stale] == done

    said = project.kingston("run", "--jobs", "2")

    assert said.code == 0, said
    assert "Waiting" not in said.text
    after = written(project)
    assert [page for page in done if after[f"{page}.ipynb"] != before[f"{page}.ipynb"]] == []
    assert difference(undisturbed.project.build / "pages", project.build / "pages") == ""
    assert project.stale_pages() == []


@pytest.mark.slow
def test_the_moments_of_the_kills_lie_before_between_and_after_the_pages(
    undisturbed: Undisturbed,
) -> None:
    """The counter-check: pages are written in more than one of the parts of the time."""
    files = [undisturbed.project.pages() / f"{page}.json" for page in PAGES]
    times = [file.stat().st_mtime for file in files]
    spread = max(times) - min(times)

    assert spread > undisturbed.seconds / MOMENTS


@pytest.mark.slow
def test_a_run_killed_again_and_again_comes_to_its_end(
    undisturbed: Undisturbed, folder: Path
) -> None:
    """Each run is killed when it has written one page more; no page is written twice."""
    project = undisturbed.project.copy_to(folder / "project", ".")
    seen: dict[str, int] = {}
    for kills in range(4):
        process = project.start("run", "--jobs", "1", start_new_session=True)
        wait_for_one_more(project, process, len(written(project)))
        kill(process, whole_group=kills % 2 == 0)
        now = {name: at for name, at in written(project).items() if name.endswith(".json")}
        assert {name: now[name] for name in seen if name.endswith(".json")} == {
            name: at for name, at in seen.items() if name.endswith(".json")
        }
        seen = written(project)

    said = project.kingston("run")

    assert said.code == 0, said
    assert difference(undisturbed.project.build / "pages", project.build / "pages") == ""
    assert wait_until(lambda: not processes_of(project)), processes_of(project)


@pytest.mark.slow
def test_kernels_do_not_outlive_a_run_that_was_killed(
    undisturbed: Undisturbed, folder: Path
) -> None:
    project = undisturbed.project.copy_to(folder / "project", ".")
    process = project.start("run", "--engine", "nbclient", "--jobs", "2", start_new_session=True)
    assert wait_until(lambda: "confined_kernel" in " ".join(processes_of(project)))

    kill(process, whole_group=False)

    assert wait_until(lambda: not processes_of(project)), processes_of(project)
    assert_nothing_is_half_written(project, undisturbed.project)


@pytest.mark.slow
def test_a_run_that_waited_for_one_that_was_killed_goes_on(
    undisturbed: Undisturbed, folder: Path
) -> None:
    project = undisturbed.project.copy_to(folder / "project", ".")
    first = project.start("run", "--jobs", "1", start_new_session=True)
    assert wait_until((project.build / ".holder.json").exists)
    second = project.start("run", "--jobs", "2")
    waits = second.stdout.readline()

    kill(first, whole_group=False)

    said = ended(second)
    assert said.code == 0, said
    assert f"`kingston run` (process {first.pid}, since " in waits
    assert is_readable(said), said
    assert difference(undisturbed.project.build / "pages", project.build / "pages") == ""


def test_what_a_killed_run_left_unfinished_is_cleared_away_by_the_next(
    published: Copy,
) -> None:
    pages = snapshot(published.build / "pages")
    for left in (".robbery.json.4711", ".overview.ipynb.4711"):
        (published.pages() / left).write_text("{", encoding="utf-8")

    said = published.kingston("run", "--force", "--only", "robbery")

    assert said.code == 0, said
    assert snapshot(published.build / "pages") == pages


@pytest.fixture(scope="module")
def built_anew(small_site: Copy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    """Build a book with another sentence in peace. Only look at it."""
    place = tmp_path_factory.mktemp("built")
    made = small_site.copy_to(place / "project")
    made.append("book/index.md", "\nAnother sentence.\n")
    began = time.monotonic()
    said = made.kingston("build")
    assert said.code == 0, said
    yield Undisturbed(made, time.monotonic() - began)
    shutil.rmtree(place, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.parametrize("which", range(BUILD_MOMENTS))
def test_a_build_that_was_killed_leaves_the_old_site_or_the_new_whole(
    published: Copy, built_anew: Undisturbed, which: int
) -> None:
    old, new = snapshot(published.site), snapshot(built_anew.project.site)
    published.append("book/index.md", "\nAnother sentence.\n")
    process = published.start("build", start_new_session=True)
    time.sleep(moment(which, BUILD_MOMENTS, built_anew.seconds))

    kill(process, whole_group=which % 2 == 1)

    assert snapshot(published.site) in (old, new)
    # At once, while a Jupyter Book that was left alone may still write.
    said = published.kingston("build")
    assert said.code == 0, said
    assert difference(built_anew.project.site, published.site) == ""
    assert wait_until(lambda: not processes_of(published)), processes_of(published)


@pytest.mark.slow
def test_a_build_killed_while_jupyter_book_runs_leaves_no_process_and_is_done_again(
    published: Copy, built_anew: Undisturbed
) -> None:
    old = snapshot(published.site)
    published.append("book/index.md", "\nAnother sentence.\n")
    process = published.start("build", start_new_session=True)
    assert wait_until(lambda: "jupyter_books" in " ".join(processes_of(published)))

    kill(process, whole_group=False)

    assert snapshot(published.site) == old
    said = published.kingston("build")
    assert said.code == 0, said
    assert difference(built_anew.project.site, published.site) == ""
    assert wait_until(lambda: not processes_of(published)), processes_of(published)
