"""What the code of a template may say: by its syntax tree, before any page of it runs."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from tables_fixture import PROJECT

from kingston_analysis.errors import KingstonError
from kingston_analysis.pages import template_code
from kingston_analysis.pages.run import check_templates
from kingston_analysis.pages.template_code import template_problems
from kingston_analysis.records.pages import Page

# What gives another answer in another run.
DIFFERS = {
    "import time\ntime.time()": "asks the clock (`time.time`)",
    "from time import perf_counter_ns as ticks\nticks()": "asks the clock (`ticks`)",
    "import datetime\ndatetime.datetime.now()": "asks the clock (`datetime.datetime.now`)",
    "from datetime import date\ndate.today()": "asks the clock (`date.today`)",
    "import pandas as pd\npd.Timestamp.utcnow()": "asks the clock (`pd.Timestamp.utcnow`)",
    "import pandas as pd\npd.to_datetime('today')": "asks the clock (`pd.to_datetime`)",
    "import numpy as np\nnp.datetime64('now')": "asks the clock (`np.datetime64`)",
    "import os\nos.environ['HOME']": "asks the environment (`os.environ`)",
    "from os import getenv\ngetenv('HOME')": "asks the environment (`getenv`)",
    "import platform\nplatform.node()": "asks the environment (`platform.node`)",
    "import os\nos.getcwd()": "asks for the current folder (`os.getcwd`)",
    "from pathlib import Path\nPath.cwd()": "asks for the current folder (`Path.cwd`)",
    "from pathlib import Path\nPath('~').expanduser()": "asks for the current folder",
    "import random\nrandom.random()": "uses chance without a seed (`random.random`)",
    "import random\nrandom.Random()": "uses chance without a seed (`random.Random`)",
    "import numpy as np\nnp.random.normal()": "uses chance without a seed (`np.random.normal`)",
    "import numpy as np\nnp.random.default_rng()": "uses chance without a seed",
    "from numpy.random import default_rng\ndefault_rng()": "uses chance without a seed",
    "import pandas as pd\npd.Series([1, 2]).sample(1)": "uses chance without a seed",
    "import uuid\nuuid.uuid4()": "uses chance without a seed (`uuid.uuid4`)",
    "import secrets\nsecrets.token_hex()": "uses chance without a seed (`secrets.token_hex`)",
    "import os\nos.urandom(1)": "uses chance without a seed (`os.urandom`)",
}
SAME = """
import random, time
import numpy as np
import pandas as pd
from numpy.random import default_rng

time.sleep(0)
chance = np.random.default_rng(2008), random.Random(1), default_rng(seed=1)
one = pd.Series([1, 2]).sample(1, random_state=1)
year = pd.to_datetime("2008-01-01").year
now = 3
now + 1
"""
# What is not listed, where nothing else confines a page.
NOT_LISTED = {
    "import os": "imports 'os', which is not listed",
    "import pyarrow.csv as csv": "imports 'pyarrow.csv', which is not listed",
    "import duckdb": "imports 'duckdb', which is not listed",
    "import ctypes": "imports 'ctypes', which is not listed",
    "from pathlib import Path": "imports 'pathlib', which is not listed",
    "from . import other": "imports '.', which is not listed",
    "from kingston_analysis.pages import sandbox": "imports 'kingston_analysis.pages', which",
    "import pandas as pd\n\npd.read_parquet('x')": "reads or writes files (`pd.read_parquet`)",
    "from pandas import read_csv": "imports 'pandas', which is not listed",
    "import numpy as np\n\nnp.memmap('x')": "reads or writes files (`np.memmap`)",
    "import numpy as np\n\nnp.zeros(1).tofile('x')": "reads or writes files",
    "import pandas as pd\n\npd.DataFrame().to_parquet('x')": "reads or writes files",
    "import pandas as pd\n\npd.DataFrame().to_csv('x')": "writes a file",
    "open('x')": "uses `open`, which is not listed",
    "exec('1')": "uses `exec`, which is not listed",
    "reading = open": "uses `open`, which is not listed",
    "getattr(str, 'x')": "uses `getattr`, which is not listed",
    "__import__('os')": "uses `__import__`, which is not listed",
    "get_ipython()": "uses `get_ipython`, which is not listed",
}
NOT_PLAIN = ("!ls", "%cd ..", "len?", "x = 1\n%time open('x')", "names = !ls", "1 +")
LISTED = """
from __future__ import annotations
import json
from collections import Counter
import numpy as np
import pandas as pd
from kingston_analysis.analyses.sources import sources
from kingston_analysis.notebook import open_edition

def twice(number):
    return [2 * each for each in range(number) if isinstance(each, int)]

class Own(ValueError):
    pass

page = open_edition("sources", edition=2008, area="Ashby")
frame = pd.DataFrame({"a": twice(3)}).assign(b=lambda f: f.a)
text = frame.to_csv() + json.dumps(list(Counter("ab"))) + str(np.array([1]).sum())
async def wait():
    return 1

try:
    await wait()
except Own as error:
    display(text, error)
sources(page)
"""


def told(tmp_path: Path, source: str) -> list[str]:
    """Say what is wrong with a notebook of one cell after its parameters."""
    cells = [new_code_cell("edition = 2008", metadata={"tags": ["parameters"]})]
    file = tmp_path / "own.ipynb"
    nbformat.write(new_notebook(cells=[*cells, new_code_cell(source)]), file)
    return [str(each).partition("own.ipynb: ")[2] for each in template_problems(file)]


@pytest.mark.parametrize("source", DIFFERS)
def test_what_gives_another_answer_in_another_run_is_refused_everywhere(
    tmp_path: Path, source: str
) -> None:
    [said] = told(tmp_path, source)
    assert said.startswith(f"cell 2, line 2: it {DIFFERS[source]}")


@pytest.mark.parametrize("source", ["().__class__", "page._cache"])
def test_what_is_private_is_refused_everywhere(tmp_path: Path, source: str) -> None:
    [said] = told(tmp_path, source)
    assert said.startswith(f"cell 2, line 1: it uses what is private (`{source}`)")


def test_chance_with_a_seed_and_days_by_name_may_be(tmp_path: Path) -> None:
    assert told(tmp_path, SAME) == []


@pytest.mark.parametrize("abi", [0, 7])
@pytest.mark.parametrize("source", NOT_PLAIN)
def test_a_cell_that_is_no_plain_python_is_refused_on_every_system(
    tmp_path: Path, source: str, abi: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_code, "landlock_abi", lambda: abi)

    assert told(tmp_path, source)[0].startswith("cell 2, line 1: it is no plain Python. Write it")


@pytest.mark.parametrize("source", NOT_LISTED)
def test_where_nothing_confines_a_page_only_what_is_listed_may_be_said(
    tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_code, "landlock_abi", lambda: 0)
    line = source.count("\n\n") * 2 + 1
    found = told(tmp_path, source)
    assert found[0].startswith(f"cell 2, line {line}: it {NOT_LISTED[source]}")

    monkeypatch.setattr(template_code, "landlock_abi", lambda: 7)
    assert told(tmp_path, source) == []


def test_what_is_listed_and_what_a_notebook_makes_itself_may_be_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_code, "landlock_abi", lambda: 0)
    assert told(tmp_path, LISTED) == []


@pytest.mark.parametrize("abi", [0, 7])
def test_every_template_says_only_what_it_may(abi: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_code, "landlock_abi", lambda: abi)
    templates = sorted(PROJECT.notebooks.glob("*.ipynb"))
    assert templates
    assert [each for file in templates for each in template_problems(file)] == []


def test_a_run_reads_templates_before_any_page_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = template_code.Problem("cell 1, line 1: it asks the clock.")
    monkeypatch.setattr("kingston_analysis.pages.run.template_problems", lambda _: [problem])
    page = Page(PROJECT, "sources", "sources", 2008, "Kingston upon Thames")
    with pytest.raises(KingstonError, match="it asks the clock"):
        check_templates([page])
