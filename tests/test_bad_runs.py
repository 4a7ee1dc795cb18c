"""Runs that go wrong: a sentence that says what and where, an exit code, and the site as it was."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from system_project import (
    BOOK,
    Copy,
    Said,
    copy_project,
    ended,
    is_readable,
    processes_of,
    snapshot,
    wait_until,
)
from tables_fixture import PROJECT, sound_project

from kingston_analysis.pages.execute import execute_page
from kingston_analysis.pages.execution import ENDED as BY_ITSELF
from kingston_analysis.pages.execution import LOST
from kingston_analysis.pages.lock import lock_tree
from kingston_analysis.project import Project
from kingston_analysis.records.pages import Page

WHERE = "2016 Kingston upon Thames: "
LOGS = f"_build/logs/{BOOK}"


def cell(template: str, source: str, which: int = -1) -> Callable[[Copy], None]:
    """Let a cell of a template, by default its last, hold other code."""
    return lambda project: project.edit_notebook(
        template, lambda cells: cells[which].update(source=source)
    )


def last(project: Copy, template: str) -> int:
    """Return the number of a template's last cell, as JupyterLab counts."""
    notebook = json.loads((project.root / f"notebooks/{template}.ipynb").read_text("utf-8"))
    return sum(cell["cell_type"] == "code" for cell in notebook["cells"])


def refused(project: Copy, *arguments: str) -> Said:
    """Build what cannot be built: a sentence, exit code 1, the published site as it was."""
    site = snapshot(project.site)
    said = project.kingston_here("build", *arguments)
    assert said.code == 1, said
    assert is_readable(said), said
    assert snapshot(project.site) == site
    return said


# Pages that fail: almost all of an edition at once, each in another way

# What the page of a topic does in its last cell instead of what it should, and what is said of it.
FAILURES = {
    "robbery": ("nothing_so", "NameError: name 'nothing_so' is not defined"),
    "fraud": ("x = bytearray(8 * 1024**3)", "The page needs more memory than a page may have."),
    "burglary": (
        "subprocess.run(['true'])",
        "The page started another process (subprocess.Popen true).",
    ),
    "sexual-offences": ("page.view.load('populaton')", "Did you mean 'population'?"),
}
DEATHS = {
    "weapons": "vars(os)['_exit'](3)",
    "vehicle-crime": "open(place, 'w').write(str(os.getpid())); time.sleep(600)",
}
HOW = {
    "weapons": ("ended with exit code 3", BY_ITSELF),
    "vehicle-crime": ("was ended by SIGKILL", LOST),
}
ENDED = {"shop-theft": "raise SystemExit"}
SOUND = "drug-misuse"


@dataclass(frozen=True)
class Failed:
    """A build in which almost every page failed, and the number of the template's last cell."""

    project: Copy
    said: Said
    last: int

    def told_of(self, page: str) -> str:
        """Return the one line that tells of a page."""
        [line] = [each for each in self.said.raw.splitlines() if each.startswith(WHERE + page)]
        return line


def process_in(temporary: Path) -> int:
    """Return the process that a page has written into its own folder, once it has."""
    assert wait_until(lambda: any(each.read_text() for each in temporary.glob("*/process")))
    return int(next(temporary.glob("*/process")).read_text())


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Failed]:
    """Build, and kill one page from outside. Only look at it."""
    folder = tmp_path_factory.mktemp("failed")
    ways = {page: way for page, (way, _) in FAILURES.items()} | DEATHS | ENDED
    made, temporary = copy_project(folder / "project", {2016: [*ways, SOUND]}), folder / "t"
    temporary.mkdir()
    lines = ["import os, subprocess, tempfile, time", "place = tempfile.gettempdir() + '/process'"]
    lines += [f"if topic == {page!r}: {way}" for page, way in ways.items()]
    cell("topic", "\n".join([*lines, "if topic == 'all-recorded-crime': 1 / 0"]))(made)
    made.site.mkdir(parents=True)
    (made.site / "index.html").write_text("as it was", encoding="utf-8")
    process = made.start("build", "--jobs", "2", environment={"TMPDIR": str(temporary)})
    try:
        os.kill(process_in(temporary), signal.SIGKILL)
        yield Failed(made, ended(process), last(made, "topic"))
    finally:
        process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def test_all_failures_are_reported_together_at_the_end(failed: Failed) -> None:
    pages = {"overview", *FAILURES, *DEATHS, *ENDED}

    assert failed.said.code == 1
    assert is_readable(failed.said), failed.said
    # Each of them, and `sources`, which waits for them.
    assert f"kingston: {len(pages) + 1} things are wrong:" in failed.said.text
    behind = ", ".join(sorted(pages))
    assert failed.told_of("sources") == f"{WHERE}sources: not run, since {behind} failed."


@pytest.mark.parametrize("page", FAILURES)
def test_a_failure_is_told_with_page_template_cell_line_and_log(failed: Failed, page: str) -> None:
    line = 3 + list(FAILURES).index(page)

    told = failed.told_of(page)

    place = f"{WHERE}{page}: notebooks/topic.ipynb: cell {failed.last}, line {line}: "
    assert told.startswith(place)
    assert FAILURES[page][1] in told
    assert told.endswith(f"the log is {LOGS}/{page}.log.")


@pytest.mark.parametrize("page", FAILURES)
def test_the_log_of_a_failure_holds_the_traceback(failed: Failed, page: str) -> None:
    log = (failed.project.root / LOGS / f"{page}.log").read_text("utf-8")

    assert log.startswith(f"{WHERE}{page}, cell {failed.last}, line ")
    assert "Traceback (most recent call last)" in log
    assert f"In[{failed.last}], line" in log
    assert FAILURES[page][0] in log
    assert "\x1b" not in log


@pytest.mark.parametrize("page", DEATHS)
def test_a_page_whose_process_went_away_is_told_so(failed: Failed, page: str) -> None:
    place = f"{WHERE}{page}: notebooks/topic.ipynb: cell {failed.last}: "
    how, remedy = HOW[page]
    assert failed.told_of(page) == f"{place}The process that ran the page {how}. {remedy}"


def test_a_page_that_ends_itself_in_the_middle_is_not_taken_for_a_page_that_ended(
    failed: Failed,
) -> None:
    told = failed.told_of("shop-theft")

    assert told.startswith(f"{WHERE}shop-theft: notebooks/topic.ipynb: cell {failed.last}")


def test_the_pages_that_do_not_fail_are_run_and_kept(failed: Failed) -> None:
    kept = sorted(file.stem for file in failed.project.pages().glob("*.json"))
    assert kept == sorted([SOUND, "matrix", "progress", "changed", "community", "methods"])
    stale = ["overview", *FAILURES, *DEATHS, *ENDED, "sources"]
    assert failed.project.stale_pages() == stale


def test_after_failures_nothing_is_published_and_no_process_is_left(failed: Failed) -> None:
    assert list(snapshot(failed.project.site)) == ["index.html"]
    assert (failed.project.site / "index.html").read_text("utf-8") == "as it was"
    assert wait_until(lambda: not processes_of(failed.project)), processes_of(failed.project)


# A cell that does not end: at the level of a page, where the limit can be seconds


@pytest.fixture
def endless(tmp_path: Path) -> Page:
    """Return a page whose template first writes down its process and then never ends."""
    return small_page(
        sound_project(tmp_path / "project"),
        "endless",
        "import os, tempfile\n"
        "with open(tempfile.gettempdir() + '/process', 'w') as file:\n"
        "    _ = file.write(str(os.getpid()))\n"
        "while True:\n    pass\n",
    )


def small_page(project: Project, name: str, source: str) -> Page:
    """Return a page of the sound project, of a template that has one cell beside its parameters."""
    notebook = json.loads((PROJECT.notebooks / "sources.ipynb").read_text("utf-8"))
    notebook["cells"] = notebook["cells"][:3]
    notebook["cells"][2]["source"] = source
    template = project.notebooks / f"{name}.ipynb"
    template.write_text(json.dumps(notebook), encoding="utf-8")
    return Page(project, name, name, 2007, "Ashby")


def is_alive(process: int) -> bool:
    """Tell whether a process exists and is no mere entry in the table."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


@pytest.mark.parametrize("engine", ["warm", "nbclient"])
def test_a_cell_without_end_is_ended_at_the_limit_and_its_process_with_it(
    endless: Page, tmp_path: Path, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "t"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with ThreadPoolExecutor(1) as executor:
        future = executor.submit(execute_page, endless, {}, engine, cell_seconds=2)
        process = process_in(temporary)
    outcome = future.result()

    assert outcome.record is None
    [problem] = outcome.problems
    assert str(problem).startswith("2007 Ashby: endless: notebooks/endless.ipynb: ")
    assert "A cell ran for more than 2 seconds." in str(problem)
    assert wait_until(lambda: not is_alive(process))


def test_what_went_wrong_with_one_page_does_not_touch_the_next(endless: Page) -> None:
    assert execute_page(endless, {}, "warm", cell_seconds=1).problems
    page = small_page(endless.project, "fine", "print(edition + 1)")

    outcome = execute_page(page, {}, "warm", cell_seconds=60)

    assert outcome.problems == []
    assert outcome.record.page == "fine"


# The folder of what is built


@pytest.fixture
def read_only(published: Copy) -> Iterator[Copy]:
    """Make the folder of what is built a file system on which nobody can write."""
    mount = ["mount", "--bind", str(published.build), str(published.build)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        remount = ["mount", "-o", "remount,ro,bind", str(published.build)]
        subprocess.run(remount, check=True)
        yield published
    finally:
        subprocess.run(["umount", "-l", str(published.build)], check=True)


def test_a_folder_that_cannot_be_written_is_named(read_only: Copy) -> None:
    read_only.append("data/topics.yml", "\n")

    said = refused(read_only)

    assert "_build: What is built cannot be kept here: Read-only file system." in said.text
    assert "Make the folder writable." in said.text


def test_a_folder_that_cannot_be_written_is_looked_at_all_the_same(read_only: Copy) -> None:
    assert "Nothing changed" in read_only.kingston_here("build").text
    said = read_only.kingston_here("explain")
    assert said.code == 0, said
    assert said.raw.count(": fresh\n") == 8


def test_a_file_in_the_place_of_the_folder_is_named(project: Copy) -> None:
    project.build.write_text("no folder", encoding="utf-8")

    said = project.kingston_here("run")

    assert said.code == 1, said
    assert is_readable(said), said
    assert "_build: What is built cannot be kept here: File exists." in said.text
    assert project.build.read_text("utf-8") == "no folder"


# Two runs in one tree


@pytest.fixture
def waiting(published: Copy) -> Iterator[tuple[subprocess.Popen[str], Callable[[], None]]]:
    """Start a run while this process holds the tree; return it, and what lets go of the tree."""
    with ExitStack() as held:
        held.enter_context(lock_tree(published, "kingston run", print))
        process = published.start("run")
        line = process.stdout.readline()
        assert line.startswith(f"Waiting: `kingston run` (process {os.getpid()}, since "), line
        yield process, held.close


def test_a_second_run_waits_and_says_who_holds_the_tree_then_finds_all_done(waiting) -> None:
    process, let_go = waiting
    assert process.poll() is None
    let_go()

    said = ended(process)

    assert said.code == 0, said
    assert said.text == "Nothing to run: 8 pages are up to date."


def test_ctrl_c_ends_the_waiting(waiting) -> None:
    process, _ = waiting
    process.send_signal(signal.SIGINT)

    said = ended(process)

    assert said.code == 130, said
    assert is_readable(said), said
