"""A project: one partnership's folder of data, notebooks and narrative, and what is read of it."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

from kingston_analysis.errors import PARTS, KingstonError, Problem, project_root, raise_any

T = TypeVar("T")

# The findings of other pages that a page was given, as JSON.
FindingsByPage = dict[str, list[dict[str, Any]]]
# Names the project to a process that stands in none.
VARIABLE = "KINGSTON_PROJECT"
REMEDY = f"A project has the folders {', '.join(f'{part}/' for part in PARTS)}."


class Reader(Protocol):
    """Who reads for a page, whose own process may open no file of the project, and notes it."""

    def read(self, name: str) -> bytes:
        """Read a file by its name in the project; raise OSError."""
        ...

    def names(self, folder: str, pattern: str) -> list[str]:
        """List the names in a folder that fit a pattern, in order."""
        ...

    def note(self, kind: str, name: str, value: str) -> None:
        """Note one thing of the page."""
        ...


class Project:
    """A project by its root; equal to every other of the same root, and sent elsewhere as that.

    With it goes what this process knows of it: what it has parsed, and, in a page's own process,
    who reads for it, and the `upstream_findings` of the page.
    """

    # A page runs in a process of its own, which is of one project; no other process sets this.
    _of_this_process: ClassVar[Project | None] = None

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root).resolve()
        self.upstream_findings: FindingsByPage = {}
        self._reader: Reader | None = None
        self._cache: dict[Hashable, tuple[object, Any]] = {}

    @classmethod
    def at(cls, folder: Path | str) -> Project:
        """Return the project of a folder; raise KingstonError where the folder is none."""
        project = cls(folder)
        if project_root(project.root) != project.root:
            raise KingstonError(f"There is no project at {project.root}.", REMEDY)
        return project

    @classmethod
    def find(cls, start: Path | None = None) -> Project:
        """Return the project in which a folder lies; raise KingstonError where it lies in none.

        Without a folder it is the one of this process, the one in which one stands, or, where one
        stands in none, the one that `KINGSTON_PROJECT` names.
        """
        if start is None and cls._of_this_process:
            return cls._of_this_process
        place = (start or Path.cwd()).resolve()
        root = project_root(place)
        if root is None and start is None and (named := os.environ.get(VARIABLE)):
            return cls.at(named)
        if root is None:
            remedy = f"{REMEDY} Go to one, or name it with `--project DIR`."
            raise KingstonError(f"{place} is in no project.", remedy)
        return cls(root)

    def take_this_process(self) -> None:
        """Be the project that a page's process finds, wherever it stands."""
        Project._of_this_process = self

    @property
    def data(self) -> Path:
        """Return the folder of what the books are made of."""
        return self.root / "data"

    @property
    def tables(self) -> Path:
        """Return the folder of the tables and their metadata."""
        return self.data / "tables"

    @property
    def vintages(self) -> Path:
        """Return the folder of the tables' earlier extractions."""
        return self.data / "vintages"

    @property
    def notebooks(self) -> Path:
        """Return the folder of the templates."""
        return self.root / "notebooks"

    @property
    def narrative(self) -> Path:
        """Return the folder of what people write for the books."""
        return self.root / "book"

    @property
    def config(self) -> Path:
        """Return the settings of Jupyter Book."""
        return self.root / "_config.yml"

    @property
    def lock(self) -> Path:
        """Return the file that fixes the environment; a project may have none."""
        return self.root / "requirements.lock"

    @property
    def build(self) -> Path:
        """Return the folder of everything that is generated."""
        return self.root / "_build"

    @property
    def site(self) -> Path:
        """Return the published site."""
        return self.build / "site"

    def name_of(self, path: Path) -> str:
        """Write a path from the project's root, where it is inside."""
        inside = path.is_relative_to(self.root)
        return path.relative_to(self.root).as_posix() if inside else path.as_posix()

    def read_bytes(self, path: Path) -> bytes:
        """Read a file; raise KingstonError where that cannot be done."""
        try:
            if self._reader:
                return self._reader.read(self.name_of(path))
            return content_of(path)
        except FileNotFoundError:
            raise KingstonError(
                Problem("There is no such file.", path, remedy="Restore or write it.")
            ) from None
        except OSError as error:
            raise KingstonError(
                Problem(f"Cannot be read: {error.strerror}.", path, remedy="Make it readable.")
            ) from None

    def names_in(self, folder: Path, pattern: str) -> list[str]:
        """List the names in a folder that fit a pattern, in order."""
        if self._reader:
            return self._reader.names(self.name_of(folder), pattern)
        return names_in(folder, pattern)

    def read_through(self, reader: Reader) -> None:
        """Read through somebody else from now on, who notes what is read."""
        self._reader = reader

    def note(self, kind: str, name: str, value: str = "") -> None:
        """Note one thing of a page that runs, such as a page whose findings it asks for."""
        if self._reader:
            self._reader.note(kind, name, value)

    @property
    def is_of_a_page(self) -> bool:
        """Tell whether a page runs here: whether somebody else reads, and notes what is read."""
        return self._reader is not None

    def once(self, key: Hashable, source: object, make: Callable[[], T]) -> T:
        """Return what was made under a key of an equal source; make it where that is not held.

        Processes that are forked from this one hold it too.
        """
        cached = self._cache.get(key)
        if cached is None or cached[0] != source:
            cached = self._cache[key] = (source, make())
        return cached[1]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Project) and self.root == other.root

    def __hash__(self) -> int:
        return hash(self.root)

    def __repr__(self) -> str:
        return f"Project({str(self.root)!r})"

    def __reduce__(self) -> tuple[type[Project], tuple[Path]]:
        return Project, (self.root,)


def names_in(folder: Path, pattern: str) -> list[str]:
    """List the names in a folder that fit a pattern, in order."""
    return sorted(file.name for file in folder.glob(pattern))


# Larger than any table that a page could hold in the memory that it may have.
MOST_BYTES = 1 << 30
_KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}


def content_of(path: Path) -> bytes:
    """Read a file whole; raise OSError for what is none, which might keep one waiting for ever."""
    found = path.stat()
    # Of a folder the system says so itself.
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        kind = _KINDS.get(stat.S_IFMT(found.st_mode), "a device")
        raise OSError(errno.EINVAL, f"it is {kind}, and no file", path)
    if found.st_size > MOST_BYTES:
        raise OSError(errno.EFBIG, f"it has more than {MOST_BYTES:,} bytes", path)
    return path.read_bytes()


def refuse_other_kinds(project: Project) -> None:
    """Raise KingstonError for what people write and is neither file nor folder of the project.

    A pipe or a device would keep a reader waiting; nobody reviews what a link that leads out shows.
    """
    folders = (project.data, project.narrative, project.notebooks)
    places = [each for folder in folders for each in (folder, *sorted(folder.rglob("*")))]
    problems = []
    for place in (*places, project.config, project.lock):
        what = _other_kind(project, place)
        if what:
            remedy = "Put a file of the project in its place, or remove it."
            problems.append(Problem(what, place, remedy=remedy))
    raise_any(problems)


def _other_kind(project: Project, place: Path) -> str | None:
    try:
        if place.is_symlink() and not place.resolve().is_relative_to(project.root):
            return "It is a link that leads out of the project."
        found = place.stat()
    except FileNotFoundError:
        return "It is a link that leads nowhere." if place.is_symlink() else None
    except (OSError, RuntimeError) as error:
        return (
            f"It cannot be looked at: {getattr(error, 'strerror', None) or 'a link in a circle'}."
        )
    if stat.S_ISREG(found.st_mode) and found.st_size > MOST_BYTES:
        return f"It has {found.st_size:,} bytes; more than {MOST_BYTES:,} are not read."
    if stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode):
        return None
    return f"It is {_KINDS.get(stat.S_IFMT(found.st_mode), 'a device')}, and no file."


def clear_place(place: Path) -> None:
    """Remove whatever stands in a place of what is generated: file, link or folder, if any."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def json_of(text: str | bytes) -> Any:
    """Parse JSON; raise ValueError for what is none, or lists within lists beyond all use."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("too many lists within lists") from None


def sha256(content: bytes) -> str:
    """Hash bytes, written as the metadata files write it: `sha256:<hex>`."""
    return "sha256:" + hashlib.sha256(content).hexdigest()
