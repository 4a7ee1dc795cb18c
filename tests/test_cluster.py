"""Pages on workers of a real Dask cluster on this machine: what comes back, what is refused."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
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
from tables_fixture import PROJECT

from kingston_analysis.errors import KingstonError
from kingston_analysis.pages import cluster as cluster_room
from kingston_analysis.pages.cluster import cluster

pytest.importorskip("distributed")
HERE = "127.0.0.1"
PAGES = ["overview", "robbery", "matrix", "progress", "changed", "community", "methods", "sources"]
TABLE = "data/tables/recorded_crime_year.csv"
# Each page then takes long enough to be met in the middle.
SLOWLY = "import time\n\ntime.sleep(2)\n"


# Takes two folders and a command, for which the first folder stands in the place of the second.
IN_PLACE = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
IN_PLACE += ['mount --bind "$0" "$1" && shift && exec "$@"']


@contextmanager
def started(
    project: Copy, log: Path, *arguments: str, sees: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a part of a cluster whose code is a copy of the project, and end it in the end.

    As on another machine it may see another folder in the place of the project.
    """
    before = [*IN_PLACE, str(sees), str(project.root)] if sees else []
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*before, sys.executable, "-m", "dask", *arguments],
            cwd=log.parent,
            env=project.environment(),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def scheduler(project: Copy, place: Path) -> Iterator[str]:
    """Start a scheduler, wait until it listens, and lend its address."""
    file = place / "scheduler.json"
    arguments = ["--host", HERE, "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    with started(project, place / "scheduler.log", "scheduler", *arguments):
        assert wait_until(file.exists), (place / "scheduler.log").read_text("utf-8")
        yield json.loads(file.read_text("utf-8"))["address"]


@contextmanager
def workers(
    address: str, place: Path, *projects: Copy, sees: Path | None = None
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Start a worker from each copy of the project, and wait until the scheduler knows them."""
    with ExitStack() as stack:
        processes = []
        for number, project in enumerate(projects):
            log = place / f"worker-{number}.log"
            arguments = [address, "--host", HERE, "--nthreads", "1", "--no-dashboard", "--no-nanny"]
            arguments += ["--name", f"worker-{number}", "--local-directory", str(place / "local")]
            processes.append(
                stack.enter_context(started(project, log, "worker", *arguments, sees=sees))
            )
        for number in range(len(projects)):
            log = place / f"worker-{number}.log"
            assert wait_until(lambda log=log: "Registered to" in log.read_text("utf-8")), (
                log.read_text("utf-8")
            )
        yield processes


def _can_put_in_place() -> bool:
    command = [*IN_PLACE, "/tmp", "/tmp", "true"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


needs_places = pytest.mark.skipif(
    not _can_put_in_place(), reason="needs mounts of one's own (util-linux's unshare)"
)


def children_of(process: int) -> list[int]:
    """List the processes that a process has started and that still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == process and fields[0] != "Z":
            found.append(int(folder.name))
    return found


def runs_a_page(worker: int) -> bool:
    """Tell whether a worker's warm process has forked a page that still runs."""
    return any(children_of(warm) for warm in children_of(worker))


def slow(cells: list[dict]) -> None:
    """Put some waiting before a template's last cell."""
    cells.insert(len(cells) - 1, {**cells[-1], "id": "waits", "source": SLOWLY, "outputs": []})


def assert_refused(said: Said, project: Copy, site: dict[str, str]) -> None:
    """Hold that a command ended with a message for people, and that nothing was published."""
    assert said.code == 1, said
    assert is_readable(said), said
    assert snapshot(project.site) == site


# What comes back


@pytest.mark.slow
def test_a_cluster_gives_the_bytes_of_a_local_run_in_the_clients_tree_alone(
    folder: Path, small_site: Copy
) -> None:
    sources = folder / "workers"
    client, workers_copy = (
        copy_project(place, {2016: ["robbery"]}) for place in (folder / "client", sources)
    )
    before = snapshot(workers_copy.root)

    with (
        scheduler(workers_copy, folder) as address,
        workers(address, folder, workers_copy, workers_copy),
    ):
        said = client.kingston("run", "--scheduler", address)
        again = client.kingston("run", "--scheduler", address)
        assert wait_until(lambda: not processes_of(client)), processes_of(client)

    assert said.code == 0, said
    assert difference(client.build / "pages", small_site.build / "pages") == ""
    assert "Nothing to run" in again.text
    assert snapshot(workers_copy.root) == before
    assert wait_until(lambda: not processes_of(workers_copy)), processes_of(workers_copy)


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """Run pages that take long here, on the warm engine. Only look at it."""
    place = tmp_path_factory.mktemp("local")
    made = copy_project(place / "project", SMALL)
    made.edit_notebook("topic", slow)
    said = made.kingston("run")
    assert said.code == 0, said
    yield made
    shutil.rmtree(place, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("engine", "only"),
    [("warm", PAGES), ("nbclient", ["overview", "robbery"])],
    ids=["warm", "nbclient"],
)
def test_the_pages_of_a_worker_that_is_killed_in_the_middle_are_run_by_another(
    local: Copy, folder: Path, engine: str, only: list[str]
) -> None:
    """A kernel for each page is dear: those two are in the middle when the worker is killed."""
    client = local.copy_to(folder / "client", ".")
    workers_copy = client.copy_to(folder / "workers")

    with (
        scheduler(workers_copy, folder) as address,
        workers(address, folder, workers_copy, workers_copy) as (first, second),
    ):
        chosen = [] if only == PAGES else ["--only", "topic"]
        process = client.start("run", "--scheduler", address, "--engine", engine, *chosen)
        running = runs_a_page if engine == "warm" else children_of
        both = wait_until(lambda: all(running(each.pid) for each in (first, second)))
        os.kill(first.pid, signal.SIGKILL)
        said = ended(process)
        # Whatever ran below the killed worker went with it; the other's stays warm.
        left = [each for each in processes_of(workers_copy) if "pages.warm" in each]
        assert len(left) <= 1, left

    assert both
    assert said.code == 0, said
    assert is_readable(said), said
    expected = snapshot(local.pages())
    assert snapshot(client.pages()) == {
        name: expected[name] for page in only for name in (f"{page}.ipynb", f"{page}.json")
    }
    assert wait_until(lambda: not processes_of(workers_copy)), processes_of(workers_copy)


@pytest.mark.slow
def test_ctrl_c_ends_the_run_and_the_cluster_lives_on(folder: Path) -> None:
    client = copy_project(folder / "client", {2016: ["robbery"]})
    client.edit_notebook("topic", slow)
    workers_copy = client.copy_to(folder / "workers")

    with (
        scheduler(workers_copy, folder) as address,
        workers(address, folder, workers_copy) as (worker,),
    ):
        process = client.start("run", "--scheduler", address, start_new_session=True)
        assert wait_until(lambda: runs_a_page(worker.pid))
        process.send_signal(signal.SIGINT)
        said = ended(process)
        assert said.code == 130, said
        assert is_readable(said), said
        assert wait_until(lambda: not processes_of(client)), processes_of(client)
        said = client.kingston("run", "--scheduler", address, "--only", "topic")

    assert said.code == 0, said
    assert {file.stem for file in client.pages().glob("*.ipynb")} == {"overview", "robbery"}


@pytest.mark.slow
def test_a_page_that_fails_on_a_worker_is_told_as_it_is_here(folder: Path) -> None:
    client = copy_project(folder / "client", {2016: ["robbery"]})
    client.edit_notebook("topic", lambda cells: cells[-1].update(source="1 / 0"))
    workers_copy = client.copy_to(folder / "workers")

    with scheduler(workers_copy, folder) as address, workers(address, folder, workers_copy):
        there = client.kingston("run", "--scheduler", address, "--only", "robbery")
    here = client.kingston("run", "--only", "robbery")

    assert there.code == here.code == 1
    assert is_readable(there), there
    line = "2016 Kingston upon Thames: robbery: notebooks/topic.ipynb: cell"
    assert line in here.text
    assert here.text[here.text.index(line) :] in there.text


@pytest.mark.slow
def test_a_page_that_ends_every_worker_is_named_and_does_not_hang_the_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a worker, whoever looks after the page is the worker: as if the page had killed that.

    By Dask's default a page may do so four times; here twice, so that three workers are enough.
    """
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "1")
    client = copy_project(folder / "client", {2016: ["robbery"]})
    temporary = folder / "t"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    begin = "import os, tempfile, time\n\n"
    begin += "with open(tempfile.gettempdir() + '/begun', 'w') as file:\n"
    begin += "    _ = file.write(str(os.getppid()))\n"
    begin += "time.sleep(600)\n"
    client.edit_notebook("topic", lambda cells: cells[-1].update(source=begin))
    workers_copy = client.copy_to(folder / "workers")

    with (
        scheduler(workers_copy, folder) as address,
        workers(address, folder, *[workers_copy] * 3) as processes,
    ):
        run = client.start("run", "--scheduler", address, "--only", "robbery")
        for _ in range(2):
            assert wait_until(lambda: list(temporary.glob("*/begun")))
            begun = next(temporary.glob("*/begun"))
            assert wait_until(lambda file=begun: file.read_text() != "")
            os.kill(psutil.Process(int(begun.read_text())).ppid(), signal.SIGKILL)
            begun.unlink()
        said = ended(run)
        killed = [each for each in processes if each.poll() == -signal.SIGKILL]

    assert said.code == 1, said
    assert is_readable(said), said
    assert "2016 Kingston upon Thames: robbery: the process that ran it was lost" in said.text
    assert len(killed) == 2


# Who is refused


@pytest.mark.slow
def test_a_worker_with_another_package_is_refused_by_name_with_what_differs(
    folder: Path, published: Copy
) -> None:
    published.append("data/topics.yml", "# Changed.\n")
    site, pages = snapshot(published.site), snapshot(published.build / "pages")
    sound = published.copy_to(folder / "sound", "site", "pages")
    changed = published.copy_to(folder / "changed", "site", "pages")
    changed.append("src/kingston_analysis/show/wording.py", "\n# Changed.\n")

    with scheduler(sound, folder) as address, workers(address, folder, sound, changed):
        said = published.kingston("build", "--scheduler", address)

    assert_refused(said, published, site)
    assert snapshot(published.build / "pages") == pages
    assert said.text.count("Worker tcp://127.0.0.1:") == 1
    assert "package is sha256:" in said.text
    assert "same commit" in said.text


@pytest.mark.slow
@needs_places
def test_a_worker_with_another_lock_is_refused_by_name_with_what_differs(
    folder: Path, published: Copy
) -> None:
    published.append("data/topics.yml", "# Changed.\n")
    site = snapshot(published.site)
    changed = published.copy_to(folder / "changed", "site", "pages")
    changed.append("requirements.lock", "\n# Changed.\n")

    with (
        scheduler(published, folder) as address,
        workers(address, folder, published, sees=changed.root),
    ):
        said = published.kingston("build", "--scheduler", address)

    assert_refused(said, published, site)
    assert "requirements.lock is sha256:" in said.text
    assert "package is" not in said.text


@pytest.mark.slow
@needs_places
def test_a_worker_with_other_data_is_refused_when_its_pages_come_back(
    folder: Path, published: Copy
) -> None:
    """Only the pages of areas of crime run, which all read the table."""
    published.append("data/hypotheses/2016.yml", "# Changed.\n")
    site, pages = snapshot(published.site), snapshot(published.build / "pages")
    changed = published.copy_to(folder / "changed", "site", "pages")
    lines = (changed.root / TABLE).read_text("utf-8").splitlines(keepends=True)
    (changed.root / TABLE).write_text("".join([lines[0], *lines[:0:-1]]), encoding="utf-8")
    changed.vouch_for("recorded_crime_year")

    with (
        scheduler(published, folder) as address,
        workers(address, folder, published, sees=changed.root),
    ):
        said = published.kingston("build", "--scheduler", address)

    assert_refused(said, published, site)
    assert snapshot(published.build / "pages") == pages
    assert "2016 Kingston upon Thames: robbery: data/tables/recorded_crime_year" in said.text
    assert "not the same there" in said.text


@pytest.mark.slow
@needs_places
def test_a_worker_without_the_folder_of_the_project_is_refused(
    folder: Path, published: Copy
) -> None:
    published.append("data/topics.yml", "# Changed.\n")
    site = snapshot(published.site)
    code_alone = published.copy_to(folder / "code", "site", "pages")
    shutil.rmtree(code_alone.root / "data")

    with (
        scheduler(published, folder) as address,
        workers(address, folder, published, sees=code_alone.root),
    ):
        said = published.kingston("build", "--scheduler", address)

    assert_refused(said, published, site)
    assert f"A worker cannot run pages: There is no project at {published.root}" in said.text


@pytest.mark.slow
def test_a_worker_without_this_project_is_refused(folder: Path, published: Copy) -> None:
    published.append("data/topics.yml", "# Changed.\n")
    site = snapshot(published.site)
    without = folder / "without"
    (without / "src/kingston_analysis").mkdir(parents=True)
    broken = "raise ImportError('There is no package named kingston_analysis here')\n"
    (without / "src/kingston_analysis/__init__.py").write_text(broken, encoding="utf-8")

    with (
        scheduler(Copy(without), folder) as address,
        workers(address, folder, Copy(without)),
    ):
        said = published.kingston("build", "--scheduler", address)

    assert_refused(said, published, site)
    assert "A worker cannot run pages" in said.text
    assert "Install this project there" in said.text


@pytest.mark.slow
def test_a_scheduler_without_workers_is_refused(folder: Path, published: Copy) -> None:
    published.append("data/topics.yml", "# Changed.\n")
    site = snapshot(published.site)

    with scheduler(published, folder) as address:
        said = published.kingston("build", "--scheduler", address)

    assert_refused(said, published, site)
    assert "The scheduler has no worker. Start some: `dask worker" in said.text


# Nobody to ask


@pytest.fixture
def free_port() -> int:
    """Return a port at which nobody listens."""
    with socket.socket() as listener:
        listener.bind((HERE, 0))
        return listener.getsockname()[1]


def test_a_scheduler_that_does_not_answer_is_told_in_a_sentence(free_port: int) -> None:
    address = f"tcp://{HERE}:{free_port}"

    with pytest.raises(KingstonError, match=f"No scheduler answers at '{address}'"):
        cluster(PROJECT, address).__enter__()


def test_something_that_listens_but_is_no_scheduler_is_told_in_a_sentence_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster_room, "ANSWER_SECONDS", 1)
    with socket.socket() as listener:
        listener.bind((HERE, 0))
        listener.listen()
        address = f"tcp://{HERE}:{listener.getsockname()[1]}"

        with pytest.raises(KingstonError, match=f"No scheduler answers at '{address}'"):
            cluster(PROJECT, address).__enter__()


@pytest.mark.parametrize(
    "address", ["nonsense", "", "http://127.0.0.1:8786", "tcp://127.0.0.1:port"]
)
def test_what_is_no_address_is_told_in_a_sentence(address: str) -> None:
    with pytest.raises(KingstonError) as told:
        cluster(PROJECT, address).__enter__()

    assert str(told.value).startswith(f"No scheduler answers at '{address}'")
    assert "correct the address: tcp://host:8786" in str(told.value)


def test_a_command_that_finds_no_scheduler_ends_with_that_sentence(published: Copy) -> None:
    published.append("data/topics.yml", "# Changed.\n")
    site = snapshot(published.site)

    said = published.kingston_here("build", "--scheduler", "nonsense")

    assert_refused(said, published, site)
    assert "No scheduler answers at 'nonsense'" in said.text


def test_without_dask_the_extra_that_brings_it_is_named(folder: Path, published: Copy) -> None:
    published.append("data/topics.yml", "# Changed.\n")
    site = snapshot(published.site)
    hidden = folder / "hidden"
    (hidden / "distributed").mkdir(parents=True)
    absent = "raise ModuleNotFoundError(\"No module named 'distributed'\", name='distributed')\n"
    (hidden / "distributed/__init__.py").write_text(absent, encoding="utf-8")
    path = os.pathsep.join([str(hidden), str(published.root / "src")])

    said = published.kingston(
        "run", "--scheduler", "tcp://host:8786", environment={"PYTHONPATH": path}
    )

    assert_refused(said, published, site)
    assert "kingston-analysis[cluster]" in said.text
    local = published.kingston("run", "--only", "robbery", environment={"PYTHONPATH": path})
    assert local.code == 0, local
