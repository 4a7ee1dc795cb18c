"""What a page reads is noted, and what could not be noted is refused by name, on either engine."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from system_project import Copy, copy_project
from tables_fixture import PROJECT, TESTS
from without_landlock import without_landlock

from kingston_analysis.pages.confined import confinement_problems
from kingston_analysis.pages.landlock import landlock_abi
from kingston_analysis.pages.sandbox import confining
from kingston_analysis.pages.seccomp import has_seccomp
from kingston_analysis.project import Project
from kingston_analysis.records.confinement import confinement_of
from kingston_analysis.records.pages import Page

AREA = "Kingston upon Thames"
TABLE = "data/tables/recorded_crime_year.csv"

# Executes pages of the copy of the project that this runs in, and prints what came of each.
RUN = """
import json, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
from kingston_analysis.pages.execute import execute_page
from kingston_analysis.project import Project
from kingston_analysis.records.pages import Page

engine, into, *names = sys.argv[1:]

def change():
    while True:
        with open("data/changing.txt", "a") as stream:
            stream.write("changed ")
        time.sleep(0.01)

threading.Thread(target=change, daemon=True).start()

def outcome(name):
    page = Page(Project.find(), name, name, 2016, "Kingston upon Thames")
    done = execute_page(page, {}, engine, 60)
    files = done.record.inputs.files if done.record else {}
    return [[str(each) for each in done.problems], done.notebook, files, done.confined_by]

with ThreadPoolExecutor(2) as executor:
    outcomes = dict(zip(names, executor.map(outcome, names)))
with open(into, "w", encoding="utf-8") as stream:
    json.dump(outcomes, stream)
"""

# Does what a page does, with no runner, and prints the files and folders of data that it read.
TRACE = """
import os, sys

seen = set()

def hook(event, args):
    kind = {"open": "file", "os.listdir": "folder", "os.scandir": "folder"}.get(event)
    if kind and isinstance(args[0], (str, bytes, os.PathLike)):
        seen.add((kind, os.path.realpath(os.fsdecode(args[0]))))

import json
from in_process import run_cell
from IPython.core.interactiveshell import InteractiveShell

root, template, given = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
os.chdir(os.path.join(root, "notebooks"))
with open(f"{template}.ipynb", encoding="utf-8") as stream:
    cells = json.load(stream)["cells"]
sys.addaudithook(hook)
names = {}
for cell in cells:
    if cell["cell_type"] == "code":
        run_cell("".join(cell["source"]), names)
        if cell["metadata"].get("tags") == ["parameters"]:
            names.update(given)
data = os.path.join(root, "data") + os.sep
found = sorted(
    [kind, os.path.relpath(path, root)]
    for kind, path in seen
    if (path + os.sep).startswith(data)
)
sys.stdout.write("\\n" + json.dumps(found))
"""


@dataclass(frozen=True)
class Tried:
    """What came of executing a page: what is wrong, what it put out and read, what confined it."""

    problems: list[str]
    notebook: str
    files: dict[str, str]
    confined_by: str

    @property
    def text(self) -> str:
        """Return what is wrong, in one piece."""
        return "\n".join(self.problems)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """Copy the project, and put beside it what leads into it and what it leads out to."""
    place = tmp_path_factory.mktemp("sandboxed")
    made = copy_project(place / "project", {2016: ["robbery"]})
    (place / "outside").mkdir()
    (place / "outside/free.csv").write_text("a\n1\n", encoding="utf-8")
    (place / "outside/into").symlink_to(made.root / TABLE)
    (made.root / "data/out.csv").symlink_to(place / "outside/free.csv")
    (made.root / "_build/pages").mkdir(parents=True)
    (made.root / "_build/pages/old.json").write_text("{}", encoding="utf-8")
    yield made
    shutil.rmtree(place, ignore_errors=True)


def outcomes(
    project: Copy,
    cells: dict[str, list[str]],
    engine: str,
    before: Callable[[], None] | None = None,
) -> dict[str, Tried]:
    """Make each list of cells a template of the project, and execute it as a page."""
    given = "edition: int = 2008\narea: str = 'Kingston upon Thames'"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    names = {kind: f"try_{number:02}" for number, kind in enumerate(cells)}
    for kind, name in names.items():
        made = [new_code_cell(given, metadata={"tags": ["parameters"]})]
        made += [new_code_cell(textwrap.dedent(each).strip()) for each in cells[kind]]
        notebook = new_notebook(cells=made, metadata={"kernelspec": kernel})
        nbformat.write(notebook, project.root / f"notebooks/{name}.ipynb")
    told = project.root.parent / "told.json"
    subprocess.run(
        [sys.executable, "-c", RUN, engine, str(told), *names.values()],
        cwd=project.root,
        env=project.environment(),
        preexec_fn=before,
        check=True,
    )
    found = json.loads(told.read_text(encoding="utf-8"))
    return {kind: Tried(*found[name]) for kind, name in names.items()}


# What is refused

# How a page may get at a file, and the file's name in the project.
OPENED = {
    "a table": ("open('../data/tables/recorded_crime_year.csv')", TABLE),
    "a table's bytes": ("open(b'../data/tables/recorded_crime_year.csv', 'rb')", TABLE),
    "by pathlib": ("Path('../data/tables/recorded_crime_year.csv').read_text()", TABLE),
    "by pandas": ("pd.read_csv('../data/tables/recorded_crime_year.csv')", TABLE),
    "by numpy": ("np.loadtxt('../data/tables/recorded_crime_year.csv', dtype=str)", TABLE),
    "by the system": ("os.open('../data/tables/recorded_crime_year.csv', os.O_RDONLY)", TABLE),
    "by its full path": ("Path.cwd().parent.joinpath('data/topics.yml').open()", "data/topics.yml"),
    "roundabout": ("open('../src/../data/./topics.yml')", "data/topics.yml"),
    "from another folder": ("within('../data', open, 'topics.yml')", "data/topics.yml"),
    "in a thread": ("in_thread(open, '../data/topics.yml')", "data/topics.yml"),
    "by a link from outside": ("open('../../outside/into')", TABLE),
    "by a link to outside": ("open('../data/out.csv')", "data/out.csv"),
    "by the C library": ("sqlite3.connect('../data/out.db')", "data/out.db"),
    "a template": ("open('topic.ipynb')", "notebooks/topic.ipynb"),
    "another run's page": ("open('../_build/pages/old.json')", "_build/pages/old.json"),
    "a setting": ("open('../pyproject.toml')", "pyproject.toml"),
    "the narrative": ("open('../book/index.md')", "book/index.md"),
    "a file that is not there": ("open('../data/nothing.csv')", "data/nothing.csv"),
    "a copy": ("shutil.copyfile('../data/topics.yml', '/tmp/copied')", "data/topics.yml"),
    "a folder": ("os.listdir('../data')", "data"),
    "a folder of bytes": ("os.listdir(b'../data/tables')", "data/tables"),
    "the folder it is in": ("within('../data/tables', os.listdir)", "data/tables"),
    "a folder's entries": ("list(os.scandir('../data/tables'))", "data/tables"),
    "entries of where it is": ("within('../data', os.scandir)", "data"),
    "by a pattern": ("list(Path('../data/tables').glob('*.csv'))", "data/tables"),
    "walking from the top": ("list(Path('..').rglob('*.yml'))", "the project's folder"),
    "outside the project": ("open('../../outside/free.csv')", "outside/free.csv"),
    "a folder outside": ("os.listdir('../../outside')", "outside"),
    "the machine's settings": ("open('/etc/hostname')", "/etc/hostname"),
    "the environment it began in": ("open('/proc/self/environ')", "/environ"),
    "a file mapped to memory": (
        "mmap.mmap(os.open('../data/topics.yml', os.O_RDONLY), 0)",
        "data/topics.yml",
    ),
    "with other names in the hook": (
        "(vars(hook).update(OPENS=()), open('../data/topics.yml'))",
        "data/topics.yml",
    ),
    "by walking": ("list(os.walk('../data', onerror=raises))", "data"),
}
# How a page may change what is not its own, and its name.
CHANGED = {
    "a new file": ("open('new.txt', 'w')", "notebooks/new.txt"),
    "by pandas, a new file": ("pd.DataFrame().to_csv('../data/new.csv')", "data/new.csv"),
    "more of a file": ("open('../data/topics.yml', 'a')", "data/topics.yml"),
    "a new file outside": ("open('../../outside/new.txt', 'w')", "outside/new.txt"),
    "in the environment": ("open(pd.__file__, 'a')", "pandas/__init__.py"),
    "of the package": ("open(package.__file__, 'a')", "kingston_analysis/__init__.py"),
    "removed": ("os.remove('../data/topics.yml')", "data/topics.yml"),
    "removed by pathlib": ("Path('../data/topics.yml').unlink()", "data/topics.yml"),
    "a folder removed": ("os.rmdir('../data/plans')", "data/plans"),
    "renamed": ("os.rename('../data/topics.yml', '../data/other.yml')", "data/topics.yml"),
    "put over another": ("os.replace(own(), '../data/topics.yml')", "data/topics.yml"),
    "taken out": ("shutil.move('../data/areas.yml', own())", "data/areas.yml"),
    "linked": ("os.link('../data/topics.yml', own() + '2')", "data/topics.yml"),
    "a link put in": ("os.symlink(own(), '../data/link')", "data/link"),
    "a folder made": ("os.mkdir('../data/new')", "data/new"),
    "emptied": ("os.truncate('../data/topics.yml', 0)", "data/topics.yml"),
    "made unreadable": ("os.chmod('../data/topics.yml', 0)", "data/topics.yml"),
    "given away": ("os.chown('../data/topics.yml', 0, 0)", "data/topics.yml"),
    "made older": ("os.utime('../data/topics.yml', (0, 0))", "data/topics.yml"),
}
NETWORK = {
    "TCP": ("socket.create_connection(('127.0.0.1', 9))", "socket.getaddrinfo"),
    "TCP by address": ("socket.socket().connect(('127.0.0.1', 9))", "socket.__new__"),
    "a server": ("socket.socket().bind(('127.0.0.1', 0))", "socket.__new__"),
    "UDP": ("udp().sendto(b'x', ('127.0.0.1', 9))", "socket.__new__"),
    "a name": ("socket.gethostbyname('localhost')", "socket.gethostbyname"),
    "a page": ("urllib.request.urlopen('http://127.0.0.1:9')", "socket.getaddrinfo"),
}
# What no hook sees: it is for the system to refuse, where that can.
NATIVE = {
    "pyarrow": "import pyarrow.csv\npyarrow.csv.read_csv('../data/tables/recorded_crime_year.csv')",
    "pyarrow's files": "import pyarrow\npyarrow.OSFile('../data/topics.yml')",
    "pyarrow's memory": "import pyarrow\npyarrow.memory_map('../data/topics.yml')",
    "pandas' parquet": "pd.read_parquet('../data/tables/flagged_crime_month.parquet')",
    "polars": "import polars\npolars.read_csv('../data/tables/recorded_crime_year.csv')",
    "typst": "import typst\ntypst.compile('../data/topics.yml')",
    "a native writer": "import pyarrow\npyarrow.OSFile('../data/new.txt', 'wb')",
}
CTYPES = {
    "the C library": "ctypes.CDLL(None)",
    "Python's own": "ctypes.pythonapi.Py_GetVersion",
}
COLLECTOR = {
    "objects": "__import__('gc').get_objects()",
    "what refers to one": "__import__('gc').get_referrers(hook)",
}
STARTED = {
    "subprocess": ("subprocess.run(['true'])", "subprocess.Popen true"),
    "a list of words": ("subprocess.check_output(['ls', '..'])", "subprocess.Popen ls"),
    "os.system": ("os.system('true')", "os.system true"),
    "os.popen": ("os.popen('true')", "subprocess.Popen"),
    "a magic": ("get_ipython().system('true')", "os.forkpty"),
    "fork": ("os.fork()", "os.fork"),
    "forkpty": ("os.forkpty()", "os.forkpty"),
    "posix_spawn": ("os.posix_spawn('/bin/true', ['true'], {})", "os.posix_spawn /bin/true"),
    "exec": ("os.execv('/bin/true', ['true'])", "os.exec /bin/true"),
    "spawn": ("os.spawnv(os.P_WAIT, '/bin/true', ['true'])", "os.fork"),
    "a forked worker": ("worker('fork')", "os.fork"),
    "a spawned worker": ("worker('spawn')", "multiprocessing"),
    "a worker of a server": ("worker('forkserver')", "multiprocessing"),
}
TRIED = {**OPENED, **STARTED, **CHANGED, **NETWORK}

PRELUDE = """
import ctypes, mmap, multiprocessing, os, shutil, socket, sqlite3, subprocess, tempfile, threading
import urllib.request
from pathlib import Path
import kingston_analysis as package
import numpy as np
import pandas as pd
from kingston_analysis.pages import hook

def raises(error):
    raise error

def within(folder, call, *arguments):
    here = os.getcwd()
    os.chdir(folder)
    try:
        call(*arguments)
    finally:
        os.chdir(here)

def in_thread(call, *arguments):
    errors = []
    def guarded():
        try:
            call(*arguments)
        except Exception as error:
            errors.append(error)
    thread = threading.Thread(target=guarded)
    thread.start()
    thread.join()
    for error in errors:
        raise error

def own():
    handle, name = tempfile.mkstemp()
    os.close(handle)
    return name

def udp():
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

def worker(method):
    process = multiprocessing.get_context(method).Process(target=print)
    process.start()
    process.join()
"""


ALLOWED = """
import importlib, inspect, tempfile
import kingston_analysis.data.tables.load as module

_ = Path(module.__file__).read_text(encoding="utf-8")
_ = inspect.getsource(module)
_ = Path(os.__file__).read_bytes()
_ = Path(pd.__file__).read_bytes()
import xml.dom.minidom, wave
with tempfile.TemporaryDirectory() as folder:
    (Path(folder) / "own.txt").write_text("own")
    assert (Path(folder) / "own.txt").read_text() == "own"
    (Path(folder) / "own.txt").rename(Path(folder) / "renamed.txt")
    (Path(folder) / "within").mkdir()
assert not Path(folder).exists()
_ = Path('/dev/null').read_bytes()
_ = sqlite3.connect(':memory:').execute('select 1')
print("done")
"""
LOADS = "from kingston_analysis.data.tables.load import load\n"
LOADS += (
    "from kingston_analysis.project import Project\n_ = load(Project.find(), 'recorded_crime_year')"
)
# Something changes the file all the time that this reads.
CHANGES = """
from kingston_analysis.project import Project

project = Project.find()
changing = project.data / 'changing.txt'
before = project.read_bytes(changing)
while project.read_bytes(changing) == before:
    pass
"""
PAST_PYTHON = "_ = os.write(2, b'Hm.')"
# A project of one's own reads by itself, so that nobody would note it.
OWN_PROJECT = """
from kingston_analysis.data.topics import load_topics
from kingston_analysis.project import Project

load_topics(Project(Project.find().root))
"""
HIDDEN = {
    "hidden by except": "try:\n    open('topic.ipynb')\nexcept Exception:\n    pass",
    "hidden by suppress": """
        import contextlib
        with contextlib.suppress(BaseException):
            open('topic.ipynb')
    """,
    "hidden in a thread": "threading.Thread(target=open, args=['topic.ipynb']).start()",
    "hidden by a default": """
        def read(file):
            try:
                return open(file)
            except Exception:
                return "default"

        read('topic.ipynb')
    """,
}
WARNS = {
    "a warning": ("import warnings\nwarnings.warn('Old.')", "UserWarning: Old."),
    "a library's": ("pd.Series([1.0]).map(lambda x: np.log(-x)).sum() and None", "invalid value"),
    "to stderr": ("import sys\nprint('Hm.', file=sys.stderr)", "`Hm.`"),
}
FAILS = {
    "in the package": "from kingston_analysis.notebook import open_edition\n"
    "open_edition('sources', edition='x', area='Sutton')",
    "in the data's folder": "os.chdir('../data')\n1 / 0",
}


def everything_hidden() -> list[str]:
    """Make cells that try all that is refused and hide every error."""
    hidden = "try:\n    {}\nexcept BaseException:\n    pass"
    return [PRELUDE, *(hidden.format(code) for code, _ in TRIED.values())]


# One of each kind of what is refused.
ALSO_UNCONFINED = (
    *("a table", "outside the project", "by the C library", "a folder", "subprocess", "fork"),
    *("a new file", "a new file outside", "renamed", "made unreadable", "TCP", "UDP"),
)


@pytest.fixture(scope="module")
def warm(copy: Copy) -> dict[str, Tried]:
    """Execute a page for each thing that one may or may not do, on the warm engine."""
    cells = {kind: [PRELUDE, code] for kind, (code, _) in TRIED.items()}
    cells |= {kind: [PRELUDE, code] for kind, code in {**HIDDEN, **FAILS}.items()}
    cells |= {"allowed": [PRELUDE, ALLOWED], "loads": [LOADS], "changes": [PRELUDE, CHANGES]}
    cells |= {kind: [PRELUDE, code] for kind, code in NATIVE.items()}
    cells |= {kind: [PRELUDE, code] for kind, code in {**CTYPES, **COLLECTOR}.items()}
    cells |= {kind: [PRELUDE, code] for kind, (code, _) in WARNS.items()}
    cells |= {"own project": [OWN_PROJECT], "past Python": [PRELUDE, PAST_PYTHON]}
    return outcomes(copy, {**cells, "everything hidden": everything_hidden()}, "warm")


@pytest.fixture(scope="module")
def nbclient(copy: Copy, warm: dict[str, Tried]) -> dict[str, Tried]:
    """Execute some of the pages with a kernel each; after the others: they share templates."""
    assert warm
    cells = {kind: [PRELUDE, TRIED[kind][0]] for kind in ("a table", "a folder", "subprocess")}
    cells |= {"allowed": [PRELUDE, ALLOWED], "loads": [LOADS]}
    return outcomes(copy, {**cells, "everything hidden": everything_hidden()}, "nbclient")


@pytest.fixture(scope="module")
def unconfined(copy: Copy, warm: dict[str, Tried]) -> dict[str, Tried]:
    """Execute pages where the system has no Landlock; after the others: they share templates."""
    assert warm
    cells = {kind: [PRELUDE, TRIED[kind][0]] for kind in ALSO_UNCONFINED}
    cells |= {"allowed": [PRELUDE, ALLOWED], "loads": [LOADS]}
    cells |= {kind: [PRELUDE, code] for kind, code in CTYPES.items()}
    return outcomes(copy, cells, "warm", without_landlock)


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> dict[str, Tried]:
    """Return what came of the pages on the engine that a test names."""
    return request.getfixturevalue(request.param)


on_either_engine = pytest.mark.parametrize("tried", ["warm", "nbclient"], indirect=True)


@pytest.mark.parametrize("kind", OPENED)
def test_a_page_that_opens_or_lists_the_project_itself_fails_and_names_it(
    warm: dict[str, Tried], kind: str
) -> None:
    found = re.search(r"cell 3, line 1: The page opened (.+) itself", warm[kind].text)
    assert found, warm[kind].text
    assert found[1].endswith(OPENED[kind][1])


@pytest.mark.parametrize("kind", CHANGED)
def test_a_page_that_changes_what_is_not_its_own_fails_and_names_it(
    warm: dict[str, Tried], kind: str
) -> None:
    found = re.search(
        r"cell 3, line 1: The page changed (\S+), which is not its own", warm[kind].text
    )
    assert found
    assert found[1].endswith(CHANGED[kind][1])


@pytest.mark.parametrize("kind", NETWORK)
def test_a_page_that_uses_the_network_fails(warm: dict[str, Tried], kind: str) -> None:
    assert "cell 3, line 1: The page used the network (" in warm[kind].text
    assert NETWORK[kind][1] in warm[kind].text


@pytest.mark.parametrize("kind", CTYPES)
def test_a_page_that_calls_code_that_is_not_pythons_fails(
    warm: dict[str, Tried], kind: str
) -> None:
    assert "cell 3, line 1: The page called code that is not Python's (ctypes." in warm[kind].text


@pytest.mark.skipif(not landlock_abi(), reason="this system has no Landlock")
@pytest.mark.parametrize("kind", NATIVE)
def test_native_code_that_reads_or_writes_past_python_fails_and_says_how_to_read(
    warm: dict[str, Tried], kind: str
) -> None:
    assert re.search(r"cell 3, line \d: \w+: .*(ermission|access) denied", warm[kind].text)
    assert "Load tables with `page.view.load`" in warm[kind].text


@pytest.mark.parametrize("kind", COLLECTOR)
def test_a_page_that_looks_for_the_hook_in_memory_fails(warm: dict[str, Tried], kind: str) -> None:
    assert "cell 3, line 1: The page looked through the memory of its process" in warm[kind].text


def test_a_project_that_a_page_makes_itself_reads_nothing(warm: dict[str, Tried]) -> None:
    assert "The page opened data/topics.yml itself" in warm["own project"].text


@pytest.mark.parametrize("kind", STARTED)
def test_a_page_that_starts_a_process_fails_and_names_it(warm: dict[str, Tried], kind: str) -> None:
    assert f"The page started another process ({STARTED[kind][1]}" in warm[kind].text


def test_a_refusal_reads_the_same_on_either_engine(
    warm: dict[str, Tried], nbclient: dict[str, Tried]
) -> None:
    for kind in ("a table", "a folder", "subprocess"):
        problems = [without_number(each) for each in warm[kind].problems]
        assert [without_number(each) for each in nbclient[kind].problems] == problems


def without_number(text: str) -> str:
    """Take the numbers out of the names that the tests gave to templates."""
    return re.sub(r"try_\d\d", "try", text)


@pytest.mark.parametrize("kind", WARNS)
def test_a_warning_is_a_fault_and_named_with_its_cell(warm: dict[str, Tried], kind: str) -> None:
    assert "cell 3: it warns, or writes to stderr: `" in warm[kind].text
    assert WARNS[kind][1] in warm[kind].text


def test_what_is_written_past_python_is_a_fault(warm: dict[str, Tried]) -> None:
    assert "wrote past Python to the output of its process: `Hm.`" in warm["past Python"].text


def test_what_is_refused_is_not_done(copy: Copy, warm: dict[str, Tried]) -> None:
    assert warm
    for file in ("notebooks/new.txt", "data/new.csv", "data/out.db"):
        assert not (copy.root / file).exists()
    ours = PROJECT.root / "data/topics.yml"
    assert (copy.root / "data/topics.yml").read_bytes() == ours.read_bytes()


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_page_that_hides_the_error_fails_all_the_same_and_names_the_file(
    warm: dict[str, Tried], kind: str
) -> None:
    assert "hid the error: notebooks/topic.ipynb" in warm[kind].text
    assert warm[kind].notebook == ""


@on_either_engine
def test_a_page_that_hides_every_error_is_told_everything_that_it_did(
    tried: dict[str, Tried],
) -> None:
    text = tried["everything hidden"].text

    assert "hid the error" in text
    assert [kind for kind in TRIED if TRIED[kind][1] not in text] == []


# By what

needs_landlock = pytest.mark.skipif(not landlock_abi(), reason="this system has no Landlock")


@on_either_engine
def test_a_page_is_confined_by_landlock_where_the_system_has_it(tried: dict[str, Tried]) -> None:
    assert tried["loads"].confined_by == " and ".join(confining())


@pytest.mark.skipif(sys.platform != "linux", reason="this system has no filter of system calls")
def test_where_there_is_no_landlock_the_hook_refuses_the_same_and_a_page_is_the_same(
    warm: dict[str, Tried], unconfined: dict[str, Tried]
) -> None:
    for kind in (*ALSO_UNCONFINED, *CTYPES):
        problems = [without_number(each) for each in unconfined[kind].problems]
        assert problems == [without_number(each) for each in warm[kind].problems], kind
        assert problems
    assert unconfined["allowed"].problems == []
    assert unconfined["loads"].confined_by == "seccomp" * has_seccomp()
    for same in ("notebook", "files"):
        assert getattr(unconfined["loads"], same) == getattr(warm["loads"], same)


@needs_landlock
def test_what_confined_a_page_is_kept_beside_its_record_and_not_in_it(ran: Copy) -> None:
    page = Page(Project(ran.root), "topic", "robbery", 2016, AREA, "robbery")

    assert confinement_of(page) == f"confined by {' and '.join(confining())}"
    assert "seccomp" not in page.record.read_text("utf-8")
    assert list(confinement_problems([page])) == []


@needs_landlock
def test_a_page_that_was_not_confined_is_a_fault_where_the_system_can_confine_it(
    ran: Copy,
) -> None:
    page = Page(Project(ran.root), "community", "community", 2016, AREA)
    told = f"2016 {AREA}: community: not confined, and this system has Landlock ABI"
    kept = page.confinement.read_text("utf-8")
    try:
        # No note, that of another record, and one that says so.
        for note in (
            "",
            kept.replace("sha256:", "sha256:0"),
            re.sub(": .*", ": not confined", kept),
        ):
            page.confinement.write_text(note, encoding="utf-8")
            [problem] = confinement_problems([page])
            assert told in str(problem)
            assert "--only community --force" in str(problem)
    finally:
        page.confinement.write_text(kept, encoding="utf-8")


# What is free


@on_either_engine
def test_code_environment_and_what_is_outside_the_project_may_be_opened(
    tried: dict[str, Tried],
) -> None:
    assert tried["allowed"].problems == []
    assert '"done\\n"' in tried["allowed"].notebook
    assert tried["allowed"].files == {}


@pytest.mark.parametrize(
    ("kind", "error"), [("in the package", "no edition x"), ("in the data's folder", "Zero")]
)
def test_what_shows_an_error_may_open_what_it_needs_for_that(
    warm: dict[str, Tried], kind: str, error: str
) -> None:
    """A traceback's lines are read from modules, and those are looked for where the page is."""
    assert error in warm[kind].text
    assert "itself" not in warm[kind].text


# What is noted


@pytest.fixture(scope="module")
def ran(copy: Copy) -> Copy:
    """Run three pages of the small project, as templates have them."""
    # A run refuses a project with a link that leads out, before any page could follow it.
    (copy.root / "data/out.csv").unlink()
    for only in ("topic", "community"):
        said = copy.kingston("run", "--engine", "warm", "--only", only)
        assert said.code == 0, said
    return copy


def read_by(project: Copy, template: str, **given: Any) -> set[tuple[str, str]]:
    """Return the files and folders of data that a template reads, seen without the runner."""
    done = subprocess.run(
        [sys.executable, "-c", TRACE, str(project.root), template, json.dumps(given)],
        env=project.environment(PYTHONPATH=f"{project.root / 'src'}:{TESTS}"),
        capture_output=True,
        text=True,
        check=True,
    )
    return {(kind, name) for kind, name in json.loads(done.stdout.splitlines()[-1])}


@pytest.mark.parametrize("template", ["community", "topic"])
def test_the_record_names_exactly_the_files_and_folders_that_the_page_read(
    ran: Copy, template: str
) -> None:
    topic = {"topic": "robbery"} if template == "topic" else {}
    inputs = ran.record("robbery" if topic else template)["inputs"]
    read = read_by(ran, template, edition=2016, area="Kingston upon Thames", **topic)

    assert {name for name in inputs["files"] if "*" not in name} == {
        name for kind, name in read if kind == "file"
    }
    folders = {name.rpartition("/")[0] for name in inputs["files"] if "*" in name}
    # What would lie in a folder that is not there is noted too; no other process sees it opened.
    folders = {name for name in folders if (ran.root / name).is_dir()}
    assert folders == {name for kind, name in read if kind == "folder"}
    assert len(read) > 5


@pytest.mark.parametrize("page", ["overview", "robbery", "community"])
def test_each_file_and_listing_is_noted_with_the_hash_of_what_is_there(
    ran: Copy, page: str
) -> None:
    files = ran.record(page)["inputs"]["files"]

    assert files
    for name, noted in files.items():
        path = ran.root / name
        if "*" in name:
            names = sorted(each.name for each in path.parent.glob(path.name))
            content = "\n".join(names).encode()
        else:
            content = path.read_bytes()
        assert noted == f"sha256:{hashlib.sha256(content).hexdigest()}", name


@on_either_engine
def test_a_table_that_one_cell_reads_is_noted_with_all_that_vouches_for_it(
    tried: dict[str, Tried],
) -> None:
    files = tried["loads"].files

    assert tried["loads"].problems == []
    assert {TABLE, TABLE.replace(".csv", ".yml"), TABLE.replace("csv", "*")} <= set(files)
    assert not [name for name in files if "recorded_crime_month" in name]


def test_a_file_that_changes_while_the_page_runs_fails_the_page(warm: dict[str, Tried]) -> None:
    assert "data/changing.txt changed while the page ran" in warm["changes"].text


# The lint: what reads files by code that is not Python, and so raises no event

NATIVE_READERS = {
    "pandas.read_parquet": "import pandas as pd\n\nframe = pd.read_parquet('x.parquet')\n",
    "pandas.read_feather": "import pandas\n\nframe = pandas.read_feather('x.feather')\n",
    "pandas.read_orc": "from pandas import read_orc\n\nframe = read_orc('x.orc')\n",
    "pandas.read_csv": "import pandas as pd\n\nframe = pd.read_csv('x.csv')\n",
    "pyarrow": "import pyarrow as pa\n\ntable = pa.table({})\n",
    "pyarrow of a part": "import pyarrow.parquet as pq\n\ntable = pq.read_table('x')\n",
    "from pyarrow": "from pyarrow import dataset\n\ntable = dataset.dataset('x')\n",
    "duckdb": "import duckdb\n\ntable = duckdb.sql('select 1')\n",
    "polars": "import polars as pl\n\ntable = pl.read_csv('x')\n",
    "inside a function": "def late():\n    import duckdb\n\n    return duckdb\n",
}


def lint(source: str, name: str) -> subprocess.CompletedProcess[str]:
    """Lint a source as if it stood in the project under a name."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise"]
    command += ["--select", "TID251", "--stdin-filename", name, "-"]
    return subprocess.run(
        command, cwd=PROJECT.root, input=source, capture_output=True, text=True, check=False
    )


def as_notebook(source: str) -> str:
    """Make a source the one cell of a notebook."""
    cell = new_code_cell(source.strip())
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return nbformat.writes(new_notebook(cells=[cell], metadata=metadata))


@pytest.mark.parametrize("kind", NATIVE_READERS)
def test_the_lint_refuses_native_readers_everywhere_but_in_tables(kind: str) -> None:
    source = NATIVE_READERS[kind]

    for name in ("src/kingston_analysis/measures/new.py", "src/kingston_analysis/notebook.py"):
        done = lint(source, name)
        assert done.returncode == 1, done
        assert "TID251" in done.stdout
        assert "load" in done.stdout
    done = lint(as_notebook(source), "notebooks/new.ipynb")
    assert done.returncode == 1, done
    assert "TID251" in done.stdout
    assert lint(source, "src/kingston_analysis/data/tables/new.py").returncode == 0
