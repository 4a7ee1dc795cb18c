"""The code that a page runs: what its template imports, and all that this imports in turn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

# Every import stands at the start of a line, inside functions too; a few more than there are (in
# a docstring, say) only make a page run once too often.
_FROM = re.compile(r"^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]*)", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*import[ \t]+([^\n#]*)", re.MULTILINE)
_COMMENT = re.compile(r"#.*")
_NAME = re.compile(r"^[\w.]+")


class Package:
    """The files of a package as they are now, and which of them a piece of code runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._imports: dict[str, frozenset[str]] = {}

    def closure(self, code: Iterable[str]) -> list[str]:
        """Return the files, by path in the package, that some code imports, directly or not.

        With a module come the packages above it, and what lies beside it in a folder without any
        Python: the templates that it fills.
        """
        found: set[str] = set()
        left = {file for text in code for file in self._imported(text)}
        while left:
            file = left.pop()
            found.add(file)
            left |= self._imports_of(file) - found
        return sorted(found)

    @cached_property
    def files(self) -> frozenset[str]:
        """Return every file of the package, by its path in it."""
        places = (each.relative_to(self.folder) for each in self.folder.rglob("*"))
        kept = (each for each in places if "__pycache__" not in each.parts)
        return frozenset(each.as_posix() for each in kept if (self.folder / each).is_file())

    def _imports_of(self, file: str) -> frozenset[str]:
        if file not in self._imports:
            text = (self.folder / file).read_text("utf-8") if file.endswith(".py") else ""
            self._imports[file] = frozenset(self._imported(text))
        return self._imports[file]

    def _imported(self, text: str) -> Iterator[str]:
        for name in imported_names(text):
            first, *parts = name.split(".")
            if first == self.folder.name:
                yield from self._module(parts)

    def _module(self, parts: list[str]) -> Iterator[str]:
        for depth in range(len(parts) + 1):
            above = "/".join(parts[:depth])
            yield from self.files & {f"{above}/__init__.py".removeprefix("/"), f"{above}.py"}
            if f"{above}.py" in self.files:
                yield from self._beside.get(above.rpartition("/")[0], ())
                return

    @cached_property
    def _beside(self) -> dict[str, list[str]]:
        """Return, by folder, the files of its subfolders that hold no Python."""
        rooms = {file.rpartition("/")[0] for file in self.files if file.endswith(".py")}
        found: dict[str, list[str]] = {}
        for file in self.files:
            above = [str(each) for each in Path(file).parents]
            room = next(each for each in above if each in rooms or each == ".")
            if not file.endswith(".py") and room != above[0]:
                found.setdefault(room, []).append(file)
        return found


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
