"""What a page may do with files: read code and its environment, change a folder of its own."""

from __future__ import annotations

import os
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import kingston_analysis
from kingston_analysis.pages.landlock import READ, READ_FOLDER, WRITE
from kingston_analysis.project import Project

# Where Linux keeps the libraries that Python's own load, their index, the zones of time, and how
# many processors there are, which pandas asks.
SYSTEM = (
    *("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib"),
    *("/etc/ld.so.cache", "/usr/share/zoneinfo", "/etc/localtime"),
    *("/sys/fs/cgroup", "/sys/devices/system/cpu"),
)


@dataclass(frozen=True)
class Limits:
    """What a page of a project may do with files: the folder that it may change, what it may read.

    `listed` are folders in which it may look for names.
    """

    project: Project
    own: Path
    free: tuple[Path, ...]
    listed: tuple[Path, ...]

    @property
    def rights(self) -> dict[Path, int]:
        """Return the same as rights to paths, and what is beneath them, for Landlock."""
        reads = {**dict.fromkeys(self.listed, READ_FOLDER), **dict.fromkeys(self.free, READ)}
        return {**reads, **dict.fromkeys((Path(os.devnull), self.own), READ | WRITE)}


def limits_of(project: Project, folder: Path) -> Limits:
    """Return what a page of a project may do that has a folder of its own."""
    own = folder.resolve()
    return Limits(project, own, (*_free(project), Path(os.devnull), own), _listed(project))


@cache
def _free(project: Project) -> tuple[Path, ...]:
    """Return what a page may read by itself: code and environment have hashes of their own.

    Any of them may stand above the project, as Python itself may: that one is not free.
    """
    named = sysconfig.get_paths()
    places = [Path(named[each]) for each in ("stdlib", "platstdlib", "purelib", "platlib")]
    places += [Path(each) for each in sys.path if Path(each).is_absolute()]
    places += [Path(sys.prefix)] if sys.prefix != sys.base_prefix else []
    outside = [each.resolve() for each in (*places, *map(Path, SYSTEM), fonts_folder())]
    venv = project.root / ".venv"
    free = [Path(kingston_analysis.__file__).resolve().parent, venv, venv.resolve()]
    free += [each for each in outside if _apart(each, project.root)]
    distinct = dict.fromkeys(free)
    return tuple(e for e in distinct if not any(e != f and e.is_relative_to(f) for f in distinct))


@cache
def fonts_folder() -> Path:
    """Return where matplotlib keeps which fonts there are; it would ask another process for them.

    A page's picture by it is refused, but by its own name.
    """
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("MPLCONFIGDIR") or Path(caches) / "matplotlib").resolve()


@cache
def _listed(project: Project) -> tuple[Path, ...]:
    """Return the folders of the project in which Python looks for modules."""
    folders = [project.notebooks, *(Path(each).resolve() for each in sys.path if each)]
    return tuple(dict.fromkeys(e for e in folders if e.is_relative_to(project.root)))


def _apart(one: Path, other: Path) -> bool:
    return not (one.is_relative_to(other) or other.is_relative_to(one))
