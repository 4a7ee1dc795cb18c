"""A copy of the project in which every written text, and a table's cells, hold a payload.

Which texts there are is found in the files themselves: a field that is added later is tried too.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from system_project import Copy, copy_project
from tables_fixture import vouch_for

from kingston_analysis.book.guard.exceptions import exceptions_file
from kingston_analysis.data import yaml_models
from kingston_analysis.errors import KingstonError
from kingston_analysis.project import Project

# Each shows its number where it does something: in a dialog, or as a product (420 thousand and so).
SHOWN: list[Callable[[int], str]] = [
    lambda n: f"<script>alert({n})</script>",
    lambda n: f"<img src=x onerror=alert({n})>",
    lambda n: f"</text><script>alert({n})</script>",
    lambda n: f"[x](javascript:alert({n}))",
    lambda n: f"{{{{ 7*{n} }}}}",
    lambda n: f'" onmouseover="alert({n})" x="',
    lambda n: f'"; #panic("{n}")',
    lambda n: f'<a href="javascript:alert({n})">x</a>',
    lambda n: f"</details></div><style>body{{color:red}}</style>{n}",
    lambda n: f"{{% raw %}}<svg onload=alert({n})>",
]
REFUSED = (
    "```{raw} html\n<script>alert(1)</script>\n```",
    "```{eval-rst}\n.. raw:: html\n\n   <script>alert(1)</script>\n```",
    ":::{include} ../data/topics.yml\n:::",
    "~~~{literalinclude} /etc/passwd\n~~~",
    "> ```\u00a0{code-cell}\n> import os\n> ```",
    "{raw}`<script>alert(1)</script>`",
    "{download}`../../pyproject.toml`",
    "{eval}`1`",
)
FIRST = 60_001
TOPICS = [
    *("violence-against-the-person", "alcohol-misuse", "drug-misuse", "theft-from-the-person"),
    *("anti-social-behaviour", "crime-by-and-against-young-people"),
    *("domestic-violence-and-hate-crime", "burglary"),
]
WARD = "Beverley"
# The search looks for a heading by at least half of it.
SOUGHT = "Sought and found among many other headings"
HEADING = f"{SOUGHT} <b onclick=alert(2)>"

# A name, path, date or number, which no reader reads as text.
NAME = re.compile(r"[a-z0-9_./:-]+|[A-Z]?[0-9][\w./:-]*")

ROLE = re.compile(r"\{[a-z-]+\}`([^`<]*)(?:<([^`>]*)>)?`")

Location = tuple[int | str, ...]


@dataclass
class Payloads:
    """What was put in, by number; the fields that were tried, and whether they take any text."""

    written: dict[int, str] = field(default_factory=dict)
    fields: dict[str, bool] = field(default_factory=dict)

    def next(self) -> str:
        """Return a payload with a number of its own."""
        number = FIRST + len(self.written)
        self.written[number] = SHOWN[number % len(SHOWN)](number)
        return self.written[number]


def payload_project(folder: Path) -> tuple[Copy, Payloads]:
    """Write the edition of 2008, with its plan and some topics, and payloads in all its texts."""
    project, payloads = copy_project(folder, {2008: TOPICS}), Payloads()
    models = models_of_files(project)
    _fill_tables(project)
    references = _references(project)
    for file, model in models.items():
        if file == exceptions_file(project):
            # Patterns, which no reader meets.
            continue
        _fill_yaml(file, model, references, payloads)
    for page in sorted(project.narrative.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        more = "\n\n".join(payloads.next() for _ in SHOWN)
        title, rest = text.split("\n", 1)
        written = f"{title} {payloads.next()}\n{rest}\n\n## {HEADING}\n\n{more}\n"
        page.write_text(written, encoding="utf-8")
    for notebook in sorted(project.notebooks.glob("*.ipynb")):
        content = json.loads(notebook.read_text(encoding="utf-8"))
        for cell in content["cells"]:
            if cell["cell_type"] == "markdown":
                title, *rest = "".join(cell["source"]).split("\n", 1)
                lines = [f"{title} {payloads.next()}", *rest, "", payloads.next()]
                cell["source"] = ["\n".join(lines)]
        notebook.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return project, payloads


def models_of_files(project: Project) -> dict[Path, type]:
    """Return the model of each YAML file, as whatever reads the data of a project asks for it."""
    from kingston_analysis.commands.checks import data_problems

    models: dict[Path, type] = {}
    real = yaml_models._parsed

    def noting(text: bytes, path: Path, model: type) -> Any:
        models[path] = model
        return real(text, path, model)

    yaml_models._parsed = noting
    try:
        data_problems(Project(project.root))
    finally:
        yaml_models._parsed = real
    return models


def _fill_tables(project: Project) -> None:
    """Put a payload into each cell that names one ward."""
    for file in project.tables.glob("*.csv"):
        text = file.read_text(encoding="utf-8")
        if f",{WARD}," in text:
            text = text.replace(f",{WARD},", f",{WARD}<img src=x onerror=alert(1)>,")
            file.write_text(text, encoding="utf-8")
            vouch_for(file)
            meta = file.with_suffix(".yml")
            said = meta.read_text(encoding="utf-8")
            meta.write_text(said.replace(WARD, f"{WARD}<img src=x onerror=alert(1)>"), "utf-8")


def _references(project: Project) -> Counter[str]:
    """Count how often each text stands in the data: what stands twice ties files together."""
    found: list[str] = []
    for file in (*project.data.rglob("*.yml"), *project.narrative.rglob("*.md")):
        for shown, target in ROLE.findall(file.read_text(encoding="utf-8")):
            found += 2 * [" ".join((target or shown).split())]
    for file in project.data.rglob("*.yml"):
        if file == exceptions_file(project):
            continue
        content = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)
        found += [*(value for _, value in scalars(content)), *keys(content)]
    for file in project.tables.glob("*.csv"):
        lines = file.read_text(encoding="utf-8").splitlines()
        found += [cell for line in lines for cell in set(line.split(","))]
    for file in project.tables.glob("*.parquet"):
        frame = pd.read_parquet(file)
        for name in frame.select_dtypes(exclude="number"):
            found += 2 * list(map(str, frame[name].unique()))
    return Counter(map(str.casefold, found))


def scalars(content: Any, place: Location = ()) -> Iterator[tuple[Location, str]]:
    """Give each text of what a YAML file holds, with its place."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from scalars(value, (*place, key))
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from scalars(value, (*place, number))
    elif isinstance(content, str):
        yield place, content


def keys(content: Any) -> Iterator[str]:
    """Give each key of what a YAML file holds."""
    if isinstance(content, dict):
        yield from map(str, content)
    for value in content.values() if isinstance(content, dict) else content:
        if isinstance(value, dict | list):
            yield from keys(value)


def _fill_yaml(file: Path, model: type, references: Counter[str], payloads: Payloads) -> None:
    """Put a payload into each text of a file; each field is tried alone where it stands first."""
    loader = type("Loader", (yaml_models._Loader,), {})
    content = yaml.load(file.read_text(encoding="utf-8"), loader)
    for place, text in scalars(content):
        if references[text.casefold()] > 1 or NAME.fullmatch(text):
            continue
        kind = ".".join(["*" if isinstance(each, int) else each for each in (file.name, *place)])
        if kind not in payloads.fields:
            payload = REFUSED[len(payloads.fields) % len(REFUSED)]
            assert not _is_taken(content, place, f"{text}\n\n{payload}", file, model), kind
            taken = _is_taken(content, place, f"{text} {SHOWN[0](FIRST)}", file, model)
            payloads.fields[kind] = taken
        if payloads.fields[kind]:
            _put(content, place, f"{text} {payloads.next()}")
    written = _dumped(content)
    yaml_models._parsed(written.encode(), file, model)
    file.write_text(written, encoding="utf-8")


def _is_taken(content: Any, place: Location, text: str, file: Path, model: type) -> bool:
    before = _put(content, place, text)
    written = _dumped(content).encode()
    try:
        yaml_models._parsed(written, file, model)
    except KingstonError as error:
        assert all(each.file == file and each.line and each.remedy for each in error.problems)
        return False
    finally:
        _put(content, place, before)
    return True


def _put(content: Any, place: Location, text: str) -> str:
    *way, last = place
    for each in way:
        content = content[each]
    before, content[last] = content[last], text
    return before


def _dumped(content: Any) -> str:
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return yaml.dump(content, Dumper=dumper, sort_keys=False, allow_unicode=True)
