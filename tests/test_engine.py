"""The warm engine: what a real kernel puts out, from a process that nothing else has touched."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from papermill.exceptions import PapermillExecutionError
from system_project import (
    SMALL,
    Copy,
    copy_project,
    difference,
    is_readable,
    processes_of,
    snapshot,
    wait_until,
)
from tables_fixture import PROJECT

from kingston_analysis.pages.engine import WarmEngine
from kingston_analysis.pages.outputs import cleaned, place_of_failure

ENGINES = ("warm", "nbclient")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def notebook(*sources: str, tags: tuple[str, ...] = ()) -> NotebookNode:
    """Make a notebook of code cells."""
    cells = [new_code_cell(source, metadata={"tags": list(tags)}) for source in sources]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def executed(made: NotebookNode, engine: str = "warm", **options: Any) -> NotebookNode:
    """Execute a notebook, without a sandbox, and clean it of times and ids."""
    options = {"execution_timeout": 60, **options}
    done = papermill.execute_notebook(
        made, None, engine_name=engine, progress_bar=False, log_output=False, **options
    )
    return cleaned(done)


def results(*sources: str) -> list[Any]:
    """Execute cells on the warm engine, and return of each the literal that it puts out last."""
    outputs = [cell.outputs for cell in executed(notebook(*sources)).cells]
    return [json.loads(each[-1]["text"]) for each in outputs if each]


# The same outputs as a real kernel


@pytest.fixture(scope="module")
def ran(small_site: Copy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Copy]]:
    """Run the small project with a kernel for each page; it was built on the warm engine."""
    place = tmp_path_factory.mktemp("engines")
    nbclient = copy_project(place / "project", SMALL)
    said = nbclient.kingston("run", "--engine", "nbclient", "--jobs", "2")
    assert said.code == 0, said
    yield {"warm": small_site, "nbclient": nbclient}
    shutil.rmtree(place, ignore_errors=True)


def test_every_template_runs_on_either_engine(ran: dict[str, Copy]) -> None:
    templates = {file.stem for file in (PROJECT.root / "notebooks").glob("*.ipynb")}

    for project in ran.values():
        records = [json.loads(file.read_bytes()) for file in project.pages().glob("*.json")]
        assert {record["template"] for record in records} == templates


def test_every_template_gives_the_same_notebook_and_record_on_either_engine(
    ran: dict[str, Copy],
) -> None:
    warm, nbclient = (ran[engine].build / "pages" for engine in ENGINES)

    # Notebook and record of one page of each template, and of a second topic.
    templates = list((PROJECT.root / "notebooks").glob("*.ipynb"))
    assert len(snapshot(warm)) == 2 * (len(templates) + 1) == 16
    assert difference(warm, nbclient) == ""


OUTPUTS = {
    "streams between displays": """
        import sys
        print("one")
        print("to stderr", file=sys.stderr)
        print("two", end="")
        display("shown")
        print("three")
        "last"
    """,
    "many alternating streams": """
        import sys
        for number in range(50):
            print("out", number)
            print("err", number, file=sys.stderr)
    """,
    "flushed pieces": """
        for number in range(20):
            print(number, end=" ", flush=True)
    """,
    "a stream without an end of line": "import sys\nsys.stdout.write('no end')",
    "a long stream": "print('long ' * 200_000)",
    "a print from a thread": """
        import threading
        thread = threading.Thread(target=print, args=("from a thread",))
        thread.start()
        thread.join()
    """,
    "no output": "several = 1",
    "a result that is not shown": "several;",
    "a result": "several + 1",
    "the last results": "_, __, Out",
    "what was typed": "In[-2], _i, get_ipython().execution_count",
    "a frame": "import pandas as pd\npd.DataFrame({'count': [1, 20], 'area': ['a', 'b<c']})",
    "several MIME types": """
        data = {"text/plain": "x", "text/html": "<b>x</b>", "application/json": {"x": [1, None]}}
        display(data, raw=True)
    """,
    "metadata of an output": "display(4, metadata={'text/plain': {'of': 'four'}})",
    "a type of our own": """
        get_ipython().display_pub.publish({"application/vnd.own+json": {"values": [1, None, 2.5]}})
    """,
    "bytes": "from IPython.display import Image\nImage(data=bytes.fromhex('89504e470d0a1a0a'))",
    "an object's own forms": """
        from dataclasses import dataclass

        @dataclass
        class Own:
            value: int = 3

            def _repr_html_(self):
                return "<i>three</i>"

            def _repr_mimebundle_(self, include=None, exclude=None):
                return {"application/json": {"value": self.value}}

        Own()
    """,
    "a pickled object": "import pickle\npickle.loads(pickle.dumps(Own())).value",
    "two outputs of one name": "first = display('one', display_id='name')\n"
    "second = display('two', display_id='name')",
    "an output replaced in its own cell": "it = display('a', display_id='it')\nit.update('b')",
    "outputs replaced from a later cell": """
        from IPython.display import update_display
        data = {"text/plain": "both", "text/html": "<p>both</p>"}
        update_display(data, display_id="name", raw=True)
    """,
    "output taken away at once": """
        from IPython.display import clear_output
        print("gone")
        clear_output()
        print("stays")
    """,
    "output taken away for the next": "print('gone')\nclear_output(wait=True)\nprint('stays')",
    "output taken away for nothing": "print('stays')\nclear_output(wait=True)",
    "captured output": "%%capture kept\nprint('captured')",
    "what was captured": "kept.stdout",
    "help of a cell": "len?",
    "a payload": "get_ipython().set_next_input('1 + 1')",
    "several displays": "for number in range(300):\n    display(number)",
    "a question": """
        try:
            input("?")
        except Exception as error:
            print(type(error).__name__, error)
    """,
    "a coroutine": "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "a context": """
        import contextvars, decimal
        import numpy as np
        own = contextvars.ContextVar("own")
        own.set(1)
        np.set_printoptions(precision=1)
        decimal.setcontext(decimal.Context(prec=3))
    """,
    "the context of the cell before": """
        print(own.get("lost"), np.array([1 / 3]), decimal.Decimal(1) / 3)
    """,
    "chance from a seed": """
        import random
        random.seed(5)
        np.random.seed(5)
        random.random(), float(np.random.random())
    """,
    "the folder": "import os\nos.getcwd()",
    "the memory of the shell": "sorted(name for name in globals() if not name.startswith('_'))",
}


def dedented(source: str) -> str:
    """Take from a cell's source what stands before each line of it here."""
    return textwrap.dedent(source).strip()


@pytest.fixture(scope="module")
def put_out() -> dict[str, dict[str, NotebookNode]]:
    """Run cells of every kind in one notebook on either engine; return them by kind."""
    made = notebook(*map(dedented, OUTPUTS.values()))
    cells = {engine: executed(made, engine).cells for engine in ENGINES}
    return {kind: {e: cells[e][n] for e in ENGINES} for n, kind in enumerate(OUTPUTS)}


@pytest.mark.parametrize("kind", OUTPUTS)
def test_a_cell_puts_out_what_it_puts_out_in_a_real_kernel(
    put_out: dict[str, dict[str, NotebookNode]], kind: str
) -> None:
    assert put_out[kind]["warm"] == put_out[kind]["nbclient"]
    assert put_out[kind]["warm"].execution_count is not None


FAILURES = {
    "division": "1 / 0",
    "deep": "def deeper(left):\n    return deeper(left - 1) if left else [][1]\n\ndeeper(2)",
    "syntax": "x = (",
    "caused": "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise KeyError('x') from e",
    "in the package": "from kingston_analysis.data.tables.load import load\nload('nothing')",
    "of its own": "class Own(Exception):\n    pass\n\nraise Own()",
    "with a note": "error = ValueError('two\\nlines')\nerror.add_note('noted')\nraise error",
    "after output": "print('before')\ndisplay('shown')\nassert False, 'five'",
    "interrupted": "raise KeyboardInterrupt",
    "no module": "import nothing_so",
    "no magic": "%nothing_so",
    "a form of an object": """
        class Own:
            def _repr_html_(self):
                return 1 / 0

            def __repr__(self):
                return "own"

        Own()
    """,
    "group": "raise ExceptionGroup('several', [ValueError(1)])",
}


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Run cells that fail in one notebook on either engine; expected, so that each is reached."""
    place = tmp_path_factory.mktemp("failed")
    made = notebook(*map(dedented, FAILURES.values()), tags=("raises-exception",))
    found: dict[str, dict[str, Any]] = {kind: {} for kind in FAILURES}
    for engine in ENGINES:
        file = place / f"{engine}.ipynb"
        # papermill says at the end that there was an error, expected or not.
        with pytest.raises(PapermillExecutionError):
            papermill.execute_notebook(made, str(file), engine_name=engine, progress_bar=False)
        cells = [each for each in nbformat.read(file, 4).cells if each.cell_type == "code"]
        for kind, cell in zip(FAILURES, cells, strict=True):
            found[kind][engine] = without_process(cell.outputs)
    return found


@pytest.mark.parametrize("kind", FAILURES)
def test_a_cell_fails_as_it_fails_in_a_real_kernel(
    failed: dict[str, dict[str, Any]], kind: str
) -> None:
    assert failed[kind]["warm"]
    assert failed[kind]["warm"] == failed[kind]["nbclient"]


def test_a_page_ends_at_the_cell_that_fails_with_the_error_of_a_real_kernel() -> None:
    errors = {}

    for engine in ENGINES:
        with pytest.raises(PapermillExecutionError) as raised:
            executed(notebook("'before'", "print(1)\n\n1 / 0", "'after'"), engine)
        error = raised.value
        errors[engine] = (error.cell_index, error.exec_count, error.source, error.ename)
        errors[engine] += (error.evalue, error.traceback)

    assert errors["warm"] == errors["nbclient"]
    assert errors["warm"][:2] == (1, 2)
    assert place_of_failure(errors["warm"][-1]) == 3


def without_process(outputs: Any) -> Any:
    """Take the number of the process out of what names the files of its cells."""
    return re.sub(r"ipykernel_\d+", "ipykernel", json.dumps(outputs))


def test_text_and_empty_cells_are_left_as_they_are() -> None:
    made = notebook("1", "", "  \n", "2")
    made.cells.insert(1, new_markdown_cell("Words."))
    warm, nbclient = (executed(made, engine) for engine in ENGINES)

    assert warm == nbclient
    assert warm.metadata["language_info"]["name"] == "python"
    assert [cell.get("execution_count") for cell in warm.cells] == [1, None, None, None, 2]


# Nothing leaks from page to page

TELL = """
import json, os, random, sys, warnings
import decimal, locale, logging, signal, socket, textwrap, threading, time
import numpy as np, pandas as pd, altair as alt
import IPython
from kingston_analysis.data.tables import metadata
from kingston_analysis.project import Project

told = {
    "options": [pd.get_option(f"display.{name}") for name in ("max_rows", "precision", "width")],
    "numpy prints": np.get_printoptions()["precision"],
    "numpy errors": np.geterr(),
    "decimals": decimal.getcontext().prec,
    "theme": alt.theme.active,
    "patched": [metadata.table_names.__name__, textwrap.dedent.__name__],
    "added": hasattr(pd.DataFrame, "leaked"),
    "new module": "leaked_module" in sys.modules,
    "removed module": "html" in sys.modules,
    "modules": sorted(sys.modules),
    "environment": sorted(f"{name}={value}" for name, value in os.environ.items()),
    "folder": os.getcwd(),
    "path": sys.path,
    "argv": sys.argv,
    "recursion": sys.getrecursionlimit(),
    "filters": [str(each) for each in warnings.filters],
    "logging": [logging.getLogger().level, logging.root.manager.disable],
    "globals": sorted(name for name in globals() if not name.startswith("_") and name != "told"),
    "project": Project._of_this_process is None,
    "locale": locale.setlocale(locale.LC_NUMERIC),
    "umask": os.umask(0o022),
    "zone": time.tzname,
    "signals": str(signal.getsignal(signal.SIGALRM)),
    "timeout": socket.getdefaulttimeout(),
    "threads": sorted(thread.name for thread in threading.enumerate()),
    "written": hasattr(__import__("builtins"), "leaked"),
}
print(json.dumps(told))
"""

LEAK = """
import builtins, decimal, html, json, locale, logging, os, random, signal, socket, sys
import textwrap, threading, time, types, warnings
import numpy as np, pandas as pd, altair as alt
from kingston_analysis.data.tables import metadata
from kingston_analysis.project import Project

pd.set_option("display.max_rows", 3)
pd.set_option("display.precision", 1)
pd.set_option("display.width", 11)
np.set_printoptions(precision=1)
np.seterr(all="raise")
decimal.getcontext().prec = 3
alt.theme.enable("dark")
metadata.table_names = lambda: ["leaked"]
pd.DataFrame.leaked = True
textwrap.dedent = str
sys.modules["leaked_module"] = types.ModuleType("leaked_module")
del sys.modules["html"]
import xmlrpc.client
os.environ["LEAKED"] = "1"
os.environ["TZ"] = "Asia/Tokyo"
time.tzset()
del os.environ["PATH"]
os.chdir("/")
os.umask(0o077)
locale.setlocale(locale.LC_NUMERIC, "C.UTF-8")
sys.path.insert(0, "/leaked")
sys.argv.append("leaked")
sys.setrecursionlimit(5000)
warnings.simplefilter("error")
logging.getLogger().setLevel(1)
logging.disable(50)
random.seed(1)
np.random.seed(1)
Project("/leaked").take_this_process()
signal.signal(signal.SIGALRM, signal.SIG_IGN)
socket.setdefaulttimeout(7)
builtins.leaked = True
threading.Thread(target=time.sleep, args=(60,), name="leaked", daemon=True).start()
leaked = True
"""


@pytest.fixture(scope="module")
def told() -> dict[str, dict[str, Any]]:
    """Let one page tell what it finds, then another change all that, then a third tell again."""
    [before] = results(TELL)
    # The page that changes it does so: without this, nothing below could fail.
    [inside] = results(LEAK + TELL)
    executed(notebook(LEAK))
    [after] = results(TELL)
    return {"before": before, "inside": inside, "after": after}


THINGS = [line.split('"')[1] for line in TELL.splitlines() if line.startswith('    "')]


@pytest.mark.parametrize("thing", THINGS)
def test_a_page_finds_as_it_was_what_another_changed(
    told: dict[str, dict[str, Any]], thing: str
) -> None:
    assert told["after"][thing] == told["before"][thing]
    assert told["inside"][thing] != told["before"][thing]


def test_chance_is_other_in_every_page_and_not_frozen_in_the_process_they_come_from() -> None:
    draw = "import json, random, uuid\nimport numpy as np\n"
    draw += "print(json.dumps([random.random(), np.random.random(),"
    draw += " np.random.default_rng().random(), str(uuid.uuid4())]))"

    drawn = [results(draw)[0] for _ in range(3)]

    for kind in zip(*drawn, strict=True):
        assert len(set(kind)) == 3


def test_pages_that_run_at_the_same_time_do_not_meet(tmp_path: Path) -> None:
    """Both wait for each other, so that both are there at once, each in its folder."""
    source = """
    import json, os, time
    from pathlib import Path
    mine, other = Path({mine!r}), Path({other!r})
    os.environ["LEAKED"] = mine.name
    os.chdir(mine)
    (mine / "here").touch()
    while not (other / "here").exists():
        time.sleep(0.01)
    time.sleep(0.1)
    print(json.dumps([os.environ["LEAKED"], os.getcwd()]))
    """
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    sources = [
        dedented(source.format(mine=str(mine), other=str(other)))
        for mine, other in ((one, two), (two, one))
    ]

    with ThreadPoolExecutor(2) as executor:
        found = [each for [each] in executor.map(results, sources)]

    assert found == [["one", str(one)], ["two", str(two)]]


# Pages that do not end, or end by themselves


def process_in(file: Path) -> int:
    """Return the process whose number a page left in a file."""
    return int(file.read_text("utf-8"))


def is_gone(process: int) -> bool:
    """Tell whether a process has ended."""
    return not Path(f"/proc/{process}").exists()


def test_a_cell_is_stopped_at_its_time_limit_and_its_process_with_it(tmp_path: Path) -> None:
    file = tmp_path / "process"
    tell = (
        f"import os\nfrom pathlib import Path\n_ = Path({str(file)!r}).write_text(str(os.getpid()))"
    )
    results("print(1)")
    made = notebook(tell, "import time\ntime.sleep(100_000)", "'after'")

    with pytest.raises(CellTimeoutError, match=r"time\.sleep"):
        executed(made, execution_timeout=1)

    assert wait_until(lambda: is_gone(process_in(file)))
    assert results("print(2)") == [2]


def test_a_cell_that_will_not_be_stopped_is_stopped(tmp_path: Path) -> None:
    file = tmp_path / "process"
    stubborn = f"""
    import os, signal
    from pathlib import Path
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
        signal.signal(each, signal.SIG_IGN)
    _ = Path({str(file)!r}).write_text(str(os.getpid()))
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
    """

    with pytest.raises(CellTimeoutError):
        executed(notebook(dedented(stubborn)), execution_timeout=1)

    assert wait_until(lambda: is_gone(process_in(file)))


def test_the_time_limit_is_of_a_cell_and_not_of_a_page() -> None:
    made = notebook(*["import time\ntime.sleep(0.8)"] * 3)

    assert len(executed(made, execution_timeout=2).cells) == 3


ENDS = {
    "os._exit(3)": "ended with exit code 3",
    "os._exit(0)": "ended with exit code 0",
    "os.kill(os.getpid(), 9)": "was ended by SIGKILL",
    "os.abort()": "was ended by SIGABRT",
    "os.kill(os.getpid(), 15)": "was ended by SIGTERM",
}


@pytest.mark.parametrize("end", ENDS)
def test_a_process_that_ends_by_itself_is_told_as_it_was_seen_and_the_next_page_runs(
    end: str,
) -> None:
    results("print(1)")

    with pytest.raises(DeadKernelError, match=f"The process that ran the page {ENDS[end]}."):
        executed(notebook("import os", end, "'after'"))

    assert results("print(2)") == [2]


def test_pages_end_with_the_process_that_asked_for_them(tmp_path: Path) -> None:
    """Whoever runs pages is killed in the middle of one; nobody tells its children."""
    file = tmp_path / "process"
    page = "import os, time\nfrom pathlib import Path\n"
    page += f"_ = Path({str(file)!r}).write_text(f'{{os.getpid()}} {{os.getppid()}}')\n"
    page += "time.sleep(100_000)"
    nbformat.write(notebook(page), tmp_path / "page.ipynb")
    command = [sys.executable, "-m", "papermill", "--engine", "warm", "page.ipynb", "out.ipynb"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log)
    try:
        assert wait_until(lambda: file.exists() and len(file.read_text().split()) == 2)
    finally:
        process.kill()
        process.wait()

    page_process, warm = map(int, file.read_text("utf-8").split())

    assert wait_until(lambda: is_gone(page_process) and is_gone(warm))


def test_code_that_cannot_be_imported_is_told_in_a_sentence(folder: Path) -> None:
    project = copy_project(folder / "project", {2016: ["robbery"]})
    project.append("src/kingston_analysis/show/sentences.py", "\ndef broken(:\n")

    said = project.kingston("run", "--engine", "warm", "--only", "robbery")

    assert said.code == 1, said
    assert is_readable(said), said
    assert "The code that pages run could not be imported: SyntaxError" in said.text
    assert wait_until(lambda: not processes_of(project)), processes_of(project)


# By papermill's own command


def test_papermill_knows_the_engine_by_its_name() -> None:
    assert papermill.engines.papermill_engines.get_engine("warm") is WarmEngine


def test_papermill_runs_a_template_with_parameters_on_the_warm_engine(tmp_path: Path) -> None:
    out = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", "--engine", "warm", "--no-progress-bar"]
    command += ["-p", "topic", "robbery", "-p", "edition", "2016", "-p", "area", "Sutton"]

    done = subprocess.run(
        [*command, "notebooks/topic.ipynb", str(out)],
        cwd=PROJECT.root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    cells = nbformat.read(out, 4).cells
    [given] = [c.source for c in cells if "injected-parameters" in c.metadata.get("tags", [])]
    assert 'area = "Sutton"' in given
    shown = json.dumps([cell.get("outputs") for cell in cells])
    assert "Robbery" in shown
    assert "Sutton" in shown


def test_papermill_says_where_a_page_failed_on_the_warm_engine(tmp_path: Path) -> None:
    nbformat.write(notebook("1", "1 / 0", "2"), tmp_path / "page.ipynb")
    command = [sys.executable, "-m", "papermill", "--engine", "warm", "page.ipynb", "out.ipynb"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert "ZeroDivisionError: division by zero" in done.stderr
    cells = nbformat.read(tmp_path / "out.ipynb", 4).cells
    assert [cell.execution_count for cell in cells if cell.cell_type == "code"] == [1, 2, None]
