"""The code that a page runs: what its template imports, and all that this imports in turn."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import kingston_analysis
from kingston_analysis.project import json_of, sha256

# Every import stands at the start of a line, inside functions too; a few more than there are (in
# a docstring, say) only make a page run once too often.
_FROM = re.compile(r"^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]*)", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*import[ \t]+([^\n#]*)", re.MULTILINE)
_COMMENT = re.compile(r"#.*")
_NAME = re.compile(r"^[\w.]+")
# Whatever a template imports, these run it and shape what comes of it.
RUNNER = "import kingston_analysis.pages.execute, kingston_analysis.pages.page_process"


class Package:
    """A package as it was when this was made: the hash of each file, by its path in the package."""

    def __init__(self, folder: Path) -> None:
        self.hashes: dict[str, str] = {}
        self._name = folder.name
        self._imports: dict[str, list[str]] = {}
        self._imported: dict[str, set[str]] = {}
        for file in sorted(folder.rglob("*")):
            place = file.relative_to(folder)
            if file.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(place.parts):
                content = file.read_bytes()
                self.hashes[place.as_posix()] = sha256(content)
                if file.suffix == ".py":
                    text = content.decode("utf-8", errors="replace")
                    self._imports[place.as_posix()] = list(imported_names(text))
        self._package_data = _data_by_package(self.hashes)

    def closure(self, code: Iterable[str]) -> dict[str, str]:
        """Return the hash of each file that some code imports, directly or not, by its path.

        With a module come the packages above it, and what lies beside it in a folder without any
        Python: the templates that it fills.
        """
        found: set[str] = set()
        left = {file for text in code for file in self._files(imported_names(text))}
        while left:
            file = left.pop()
            found.add(file)
            left |= self._imported_by(file) - found
        return {file: self.hashes[file] for file in sorted(found)}

    def of_template(self, template: Path) -> dict[str, str]:
        """Return the hash of each file that a template runs, by its path in the package."""
        return self.closure([*code_of(template), RUNNER])

    def _imported_by(self, file: str) -> set[str]:
        if file not in self._imported:
            self._imported[file] = set(self._files(self._imports.get(file, ())))
        return self._imported[file]

    def _files(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            first, *parts = name.split(".")
            if first == self._name:
                yield from self._module(parts)

    def _module(self, parts: list[str]) -> Iterator[str]:
        for depth in range(len(parts) + 1):
            above = "/".join(parts[:depth])
            package, module = f"{above}/__init__.py".removeprefix("/"), f"{above}.py"
            yield from (each for each in (package, module) if each in self.hashes)
            if module in self.hashes:
                yield from self._package_data.get(_folder(module), ())
                return


@cache
def package_here() -> Package:
    """Return the code that runs, read once: what a process imported, it keeps."""
    return Package(Path(kingston_analysis.__file__).parent)


def hash_of_code(files: dict[str, str]) -> str:
    """Hash files as a whole, given the hash of each by its path."""
    return sha256(json.dumps(files, sort_keys=True).encode())


def code_of(template: Path) -> Iterator[str]:
    """Give the code of a notebook, cell by cell; nothing where it is none."""
    try:
        cells: list[dict[str, Any]] = json_of(template.read_bytes())["cells"]
        yield from ["".join(e["source"]) for e in cells if e["cell_type"] == "code"]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return


def imported_names(text: str) -> Iterator[str]:
    """Give the full names of all that some code imports: modules, and names that may be modules."""
    for module, names in _FROM.findall(text):
        yield module
        for name in re.split(r"[(),\s]+", _COMMENT.sub("", names)):
            if name.isidentifier():
                yield f"{module}.{name}"
    for names in _IMPORT.findall(text):
        for each in names.split(","):
            if named := _NAME.match(each.strip()):
                yield named[0]


def _data_by_package(files: Iterable[str]) -> dict[str, list[str]]:
    """Return, by folder with Python, the files of the folders below it that have none."""
    rooms = {_folder(file) for file in files if file.endswith(".py")}
    found: dict[str, list[str]] = {}
    for file in files:
        above = [each.as_posix() for each in Path(file).parents]
        room = next((each for each in above if each in rooms), above[0])
        if room != above[0]:
            found.setdefault(room, []).append(file)
    return found


def _folder(file: str) -> str:
    return Path(file).parent.as_posix()
