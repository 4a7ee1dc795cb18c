"""A copy of the project in a folder of its own, there to be run, built and broken."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from guard_fixture import needed_exceptions
from tables_fixture import PROJECT, as_yaml, vouch_for

from kingston_analysis.book.guard.exceptions import exceptions_file
from kingston_analysis.cli import main
from kingston_analysis.data.editions import load_edition
from kingston_analysis.project import Project
from kingston_analysis.records.code import Package
from kingston_analysis.records.key import Now, changes
from kingston_analysis.records.pages import pages_of

PARTS = ("data", "notebooks", "src", "book", "_config.yml", "requirements.lock", "pyproject.toml")
MAIN = "from kingston_analysis.cli import main; main()"
AREA = "kingston-upon-thames"
# The topics of the small project, by edition, and the address of its one book.
SMALL: dict[int, list[str] | None] = {2016: ["robbery"]}
BOOK = f"{AREA}/2016"
MODULE = "src/kingston_analysis"
# Ends a test that would hang; a slow machine is no fault, so nothing is held to it.
GUARD = 600


def _answer_to_ctrl_c() -> None:
    """Undo what a shell does to jobs in the background, which are made deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass(frozen=True)
class Said:
    """What a command left behind: its exit code, and what it said, spaces and lines made one."""

    code: int
    text: str
    raw: str

    def __str__(self) -> str:
        return f"exit code {self.code}:\n{self.raw}"


class Copy(Project):
    """A copy of the project; its package stands in it, so that it is a project of its own."""

    def pages(self, edition: int = 2016, area: str = AREA) -> Path:
        """Return the folder of an edition's executed pages."""
        return self.build / "pages" / area / str(edition)

    def record(self, page: str, edition: int = 2016, area: str = AREA) -> dict[str, Any]:
        """Read the record of an executed page."""
        return json.loads((self.pages(edition, area) / f"{page}.json").read_text("utf-8"))

    def environment(self, **changes: str) -> dict[str, str]:
        """Return the environment in which the code of this copy runs, where it has any."""
        source = self.root / "src"
        own = {"PYTHONPATH": str(source)} if source.is_dir() else {}
        return {**os.environ, "COLUMNS": "400", **own, **changes}

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start the command line, as a person does who has the copy for their project."""
        changes = options.pop("environment", {})
        options.setdefault("preexec_fn", _answer_to_ctrl_c)
        return subprocess.Popen(
            [sys.executable, "-c", MAIN, *arguments],
            cwd=self.root,
            env=self.environment(**changes),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            **options,
        )

    def kingston(self, *arguments: str, seconds: float = GUARD, **options: Any) -> Said:
        """Run the command line to its end."""
        return ended(self.start(*arguments, **options), seconds)

    def kingston_here(self, *arguments: str) -> Said:
        """Run the command line in this process: quick, but its code is ours and not the copy's."""
        out = io.StringIO()
        argv = ["kingston", "--project", str(self.root), *arguments]
        with patch.object(sys, "argv", argv), redirect_stdout(out), redirect_stderr(out):
            try:
                main()
            except SystemExit as end:
                raw = out.getvalue()
                return Said(int(end.code or 0), " ".join(raw.split()), raw)
        raise AssertionError("The command line did not end.")

    def stale_pages(self, edition: int = 2016) -> list[str]:
        """List the pages of an edition that the next run would execute, in reading order."""
        return list(self.changed(edition))

    def changed(self, edition: int = 2016) -> dict[str, list[str]]:
        """Return, for each page of an edition that is not fresh, what changed since it was run."""
        known, now = load_edition(self, edition), self.now()
        found = {page.name: changes(page, now) for page in pages_of(self, known, known.area)}
        return {name: [each.what for each in what] for name, what in found.items() if what}

    def now(self) -> Now:
        """Look at this copy as it is now, at its code too."""
        return Now(self, Package(self.root / MODULE))

    def python(self, code: str) -> str:
        """Run Python in which this copy is the project, and return what it put out."""
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=self.root,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def edit(self, file: str, old: str, new: str) -> None:
        """Change a text in a file of the project, as a person would by hand."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def append(self, file: str, text: str) -> None:
        """Add a text at the end of a file of the project."""
        with (self.root / file).open("a", encoding="utf-8") as stream:
            stream.write(text)

    def edit_notebook(self, template: str, change: Callable[[list[dict]], None]) -> None:
        """Change the cells of a template."""
        path = self.notebooks / f"{template}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        change(notebook["cells"])
        path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")

    def vouch_for(self, table: str) -> None:
        """Write the hash of a table's bytes into its metadata, as someone who meant the change."""
        vouch_for(self.tables / f"{table}.csv")

    def copy_to(self, target: Path, *without: str) -> Copy:
        """Copy the project, what was generated too; equal inputs, so nothing in it is stale.

        `without` names generated folders that are not copied; "." is all of them.
        """
        left_out = {self.build / name for name in without}

        def ignored(folder: str, names: list[str]) -> list[str]:
            return [n for n in names if n == "__pycache__" or Path(folder, n) in left_out]

        shutil.copytree(self.root, target, ignore=ignored)
        return Copy(target)


# The register decides on topics of this edition: it needs them all.
DECIDED = 2008


def copy_project(target: Path, topics: dict[int, list[str] | None]) -> Copy:
    """Copy the sources of the project, with some editions alone, each with some or all topics."""
    target.mkdir(parents=True)
    for part in PARTS:
        source = PROJECT.root / part
        if source.is_dir():
            shutil.copytree(
                source, target / part, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_*")
            )
        else:
            shutil.copyfile(source, target / part)
    undecided = topics.get(DECIDED, ()) is not None
    if undecided:
        (target / "data/plans/2008-11/decisions.yml").unlink()
    for file in (target / "data/editions").glob("*.yml"):
        year = int(file.stem)
        reasons, judged = (target / "data" / n / file.name for n in ("hypotheses", "judgements"))
        if year not in topics:
            for each in (file, reasons, judged):
                each.unlink()
        elif (kept := topics[year]) is not None:
            edition = yaml.safe_load(file.read_text(encoding="utf-8"))
            edition["extraction"] = str(edition["extraction"])
            edition["topics"] = kept
            file.write_text(as_yaml(edition), encoding="utf-8")
            listed = yaml.safe_load(reasons.read_text(encoding="utf-8"))
            listed = {topic: listed[topic] for topic in kept if topic in listed}
            reasons.write_text(as_yaml(listed), encoding="utf-8")
            given = yaml.safe_load(judged.read_text(encoding="utf-8"))
            given["date"] = str(given["date"])
            given["topics"] = {topic: given["topics"][topic] for topic in kept}
            judged.write_text(as_yaml(given), encoding="utf-8")
        if undecided and file.exists() and "\nplan: " in (text := file.read_text("utf-8")):
            file.write_text(f"{text}without: [decisions]\n", encoding="utf-8")
    made = Copy(target)
    exceptions_file(made).write_text(_exceptions_of(made, topics), encoding="utf-8")
    return made


# Found once for equal copies of a project that no test changes.
_EXCEPTIONS: dict[str, str] = {}


def _exceptions_of(project: Project, topics: dict[int, list[str] | None]) -> str:
    """Return the exceptions that a copy with some topics needs."""
    key = json.dumps(topics, sort_keys=True)
    if key not in _EXCEPTIONS:
        _EXCEPTIONS[key] = needed_exceptions(project)
    return _EXCEPTIONS[key]


def ended(process: subprocess.Popen[str], seconds: float = GUARD) -> Said:
    """Wait for a command's end and return what it said; stop it where it does not end."""
    try:
        raw, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        raw, _ = process.communicate()
        raise AssertionError(f"The command did not end in {seconds} s:\n{raw}") from None
    return Said(process.returncode, " ".join(raw.split()), raw)


def interrupted(
    project: Copy, *arguments: str, when: Callable[[], bool], seconds: float = GUARD
) -> Said:
    """Start a command, press Ctrl-C once something is so, and return what it said."""
    process = project.start(*arguments, start_new_session=True)
    try:
        wait_until(lambda: when() or process.poll() is not None, seconds)
        assert process.poll() is None, f"It ended before Ctrl-C:\n{process.communicate()[0]}"
        os.killpg(process.pid, signal.SIGINT)
        return ended(process)
    finally:
        if process.poll() is None:
            process.kill()


def wait_until(true: Callable[[], bool], seconds: float = GUARD) -> bool:
    """Wait until something is so, or return False when the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def processes_of(project: Copy) -> list[str]:
    """List the running processes of a copy of the project, by the environment they were given."""
    mark = f"PYTHONPATH={project.root / 'src'}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
                if command:
                    found.append(f"{folder.name}: {command[:200]}")
        except OSError:
            continue
    return found


def snapshot(folder: Path, without: Iterable[str] = ()) -> dict[str, str]:
    """Hash every file below a folder, by its path; leave out folders of some names."""
    found = {}
    for file in sorted(folder.rglob("*")):
        place = file.relative_to(folder)
        if not set(place.parts) & {*without, "__pycache__"} and file.is_file():
            found[place.as_posix()] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def difference(one: Path, other: Path) -> str:
    """Name the first file in which two folders differ, and the place in it; empty if none."""
    left, right = snapshot(one), snapshot(other)
    if only := sorted(left.keys() ^ right.keys()):
        return f"only in one of the two: {only[:10]}"
    for name in left:
        if left[name] != right[name]:
            a, b = (one / name).read_bytes(), (other / name).read_bytes()
            at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), -1)
            start = max(at - 80, 0)
            return f"{name} at byte {at}:\n{a[start : at + 80]!r}\n{b[start : at + 80]!r}"
    return ""


def is_readable(said: Said) -> bool:
    """Tell whether a message is for a person: some lines of words, and no Python in it."""
    python = ("Traceback", 'File "', " at 0x", "concurrent.futures", "site-packages", "\x1b[")
    python += ("np.int", "np.float", "{'", "PosixPath")
    return not any(mark in said.raw for mark in python) and len(said.text) < 3000
