"""What a page depends on, as it is now, and how that differs from what it was made from."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from kingston_analysis.data.editions import load_edition
from kingston_analysis.errors import KingstonError
from kingston_analysis.project import Project, content_of, json_of, sha256
from kingston_analysis.records.code import Package, hash_of_code, package_here
from kingston_analysis.records.pages import Page, pages_of
from kingston_analysis.records.record import Record, UnusableError, read_record, write_atomically
from kingston_analysis.results import hash_of_findings

INSTALLED = "installed distributions"
ABSENT = "absent"
InputKind = Literal["the page itself", "findings", "a record that cannot be used"]


@dataclass(frozen=True)
class InputChange:
    """One thing that a page depends on, and its hashes before and now."""

    what: str
    old: str = ""
    new: str = ""
    kind: InputKind = "the page itself"

    def __str__(self) -> str:
        if not self.old:
            return self.what
        old, new = (each.removeprefix("sha256:")[:12] for each in (self.old, self.new))
        return f"{self.what}: {old} → {new}"


@dataclass
class Now:
    """The project as it is while one command looks at it: every file is hashed once."""

    project: Project
    package: Package = field(default_factory=package_here)
    _files: dict[str, str] = field(default_factory=dict)
    _records: dict[Page, Record | None] = field(default_factory=dict)
    _findings: dict[Page, str] = field(default_factory=dict)
    _books: dict[tuple[int, str], list[Page]] = field(default_factory=dict)
    _code: dict[Path, dict[str, str]] = field(default_factory=dict)

    def hash_of(self, name: str) -> str:
        """Hash a file or a listing, such as `data/editions/*.yml`, by its name in the project."""
        if name not in self._files:
            self._files[name] = _hash_of(self.project.root / name)
        return self._files[name]

    def template(self, file: Path) -> str:
        """Hash a template's cells, without the outputs stored with them."""
        name = f"{self.project.name_of(file)} without outputs"
        if name not in self._files:
            self._files[name] = hash_of_template(file)
        return self._files[name]

    def findings_of(self, name: str, reader: Page) -> str:
        """Hash the findings of the page of a name in the book of the page that reads them."""
        named = [page for page in self.book_of(reader) if page.name == name]
        return self._findings[named[0]] if named and self.record(named[0]) else ABSENT

    def book_of(self, page: Page) -> list[Page]:
        """Return the pages of a page's book, itself among them; none where that is no more."""
        book = (page.edition, page.area)
        if book not in self._books:
            try:
                edition = load_edition(self.project, page.edition)
                self._books[book] = pages_of(self.project, edition, page.area)
            except KingstonError:
                self._books[book] = []
        return self._books[book]

    def record(self, page: Page) -> Record | None:
        """Return a page's record less its findings, or None where there is none to be used."""
        if page not in self._records:
            try:
                self.was_run(page, read_record(page))
            except UnusableError:
                self._records[page] = None
        return self._records[page]

    def was_run(self, page: Page, record: Record) -> None:
        """Take note of a record; its findings would fill the memory, so of their hash alone."""
        self._records[page] = replace(record, findings=[])
        self._findings[page] = hash_of_findings(record.findings)

    def code(self, template: Path) -> dict[str, str]:
        """Hash each file of the package that a template runs, by its path in the package."""
        if template not in self._code:
            self._code[template] = self.package.of_template(template)
        return self._code[template]

    @cached_property
    def environment(self) -> tuple[str, str]:
        """Name and hash what fixes the environment: the lock, or without one what is installed."""
        if self.project.lock.exists():
            name = self.project.name_of(self.project.lock)
            return name, self.hash_of(name)
        return INSTALLED, hash_of_installed()

    def kept(self, code: str) -> Path:
        """Return the place of the list of the files that make up code of a hash."""
        return self.project.build / "code" / f"{code.removeprefix('sha256:')[:16]}.json"

    def keep_code(self, template: Path) -> None:
        """Keep the list of the files that a template runs, to explain later which changed."""
        files = self.code(template)
        file, text = self.kept(hash_of_code(files)), json.dumps(files, indent=1) + "\n"
        if not file.exists() or file.read_text(encoding="utf-8", errors="replace") != text:
            write_atomically(file, text)


@cache
def hash_of_installed() -> str:
    """Hash the names and versions of what is installed, once: what a process imported, it keeps."""
    found = {f"{each.name} {each.version}" for each in importlib.metadata.distributions()}
    return sha256("\n".join(sorted(found)).encode())


def changes(page: Page, now: Now) -> list[InputChange]:
    """Say what changed since a page was run: nothing, and it is fresh."""
    record = now.record(page)
    if record is None:
        return [_unusable(page)]
    was = record.inputs
    template, (environment, lock) = now.project.name_of(page.source), now.environment
    found = _changed(f"template {template}", was.template, now.template(page.source))
    for name, old in was.files.items():
        found += _changed(name, old, now.hash_of(name))
    for name in sorted(was.parameters.keys() | page.parameters.keys()):
        old, new = (str(each.get(name, ABSENT)) for each in (was.parameters, page.parameters))
        found += _changed(f"parameter {name}", old, new)
    for name, old in was.pages.items():
        found += _changed(f"findings of {name}", old, now.findings_of(name, page), "findings")
    if was.code != hash_of_code(now.code(page.source)):
        found += _changed_code(was.code, now.code(page.source), now)
    found += _changed(environment, was.lock, lock)
    return found + _changed("Python", was.python, platform.python_version())


def hash_of_template(file: Path) -> str:
    """Hash what a template's cells say, not what they put out; bytes where it is no notebook."""
    content = content_of(file) if file.exists() else b""
    try:
        notebook = json_of(content)
        cells = [_cell_content(cell) for cell in notebook["cells"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        return sha256(content)
    return sha256(json.dumps(cells).encode())


def _cell_content(cell: dict[str, Any]) -> list[Any]:
    source, tags = "".join(cell["source"]), cell["metadata"].get("tags")
    return [cell["cell_type"], source, tags, cell.get("attachments")]


def _hash_of(path: Path) -> str:
    if "*" in path.name:
        return sha256("\n".join(sorted(each.name for each in path.parent.glob(path.name))).encode())
    try:
        return sha256(content_of(path))
    except OSError:
        return ABSENT


def _unusable(page: Page) -> InputChange:
    try:
        read_record(page)
    except UnusableError as reason:
        if page.record.exists():
            return InputChange(str(reason), kind="a record that cannot be used")
    return InputChange("never run")


def _changed(
    what: str, old: str, new: str, kind: InputKind = "the page itself"
) -> list[InputChange]:
    return [InputChange(what, old, new, kind)] if old != new else []


def _changed_code(old: str, files: dict[str, str], now: Now) -> list[InputChange]:
    """Name the modules that changed, where the list of those that the page ran is still kept."""
    unexplained = [InputChange("code", old, hash_of_code(files))]
    try:
        kept = json_of(now.kept(old).read_bytes())
        before = {str(name): str(value) for name, value in kept.items()}
    except (OSError, ValueError, AttributeError):
        return unexplained
    if hash_of_code(before) != old:
        # It is not the list that was kept.
        return unexplained
    names = sorted(before.keys() | files.keys())
    pairs = [(name, before.get(name, ABSENT), files.get(name, ABSENT)) for name in names]
    return [
        InputChange(f"module {name}", then, today) for name, then, today in pairs if then != today
    ] or unexplained
