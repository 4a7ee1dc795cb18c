"""Where links may lead out of the site: the hosts that a project lists, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import StringConstraints

from kingston_analysis.data.names import NOT_PROSE, Key
from kingston_analysis.data.yaml_models import Strict, load_yaml
from kingston_analysis.errors import Problem
from kingston_analysis.project import Project, json_of

_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
Host = Annotated[str, StringConstraints(pattern=rf"^({_LABEL}\.)+[a-z]{{2,}}$"), NOT_PROSE]
# Browsers read these in addresses as something else, or not at all.
_MISREAD = re.compile(r"[\x00-\x20\x7f\\]")
# What a text may make a link of: with slashes, or in the brackets of Markdown.
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*:"
_ADDRESS = re.compile(
    rf"(?<![\w/])({_SCHEME}//[^\s<>\"'`)\]}}]*)|(?:\]\(\s*<?|<|\]:\s*<?)({_SCHEME}[^\s<>)]*)"
)
REMEDY = "List its host in data/addresses.yml with who it is and why, or remove the link."


class Address(Strict):
    """A host to which links may lead: whose it is, and what readers find there."""

    host: Host
    who: Key
    why: Key


def addresses_file(project: Project) -> Path:
    """Return the place of the list."""
    return project.data / "addresses.yml"


def load_hosts(project: Project) -> frozenset[str]:
    """Return the hosts to which links may lead; raise KingstonError where there is no list."""
    return frozenset(
        each.host for each in load_yaml(project, addresses_file(project), list[Address])
    )


def address_fault(link: str, hosts: Collection[str]) -> str | None:
    """Say why a link may not lead where it does; None within the site, and to a listed host."""
    if _MISREAD.search(link):
        return "has a character that browsers read as another, or not at all"
    try:
        parts = urlsplit(link)
        host = parts.path.rpartition("@")[2] if parts.scheme == "mailto" else parts.netloc
    except ValueError:
        return "is no address"
    if not parts.scheme and not parts.netloc:
        return None
    if parts.scheme not in ("https", "mailto"):
        return f"leads out by '{parts.scheme}:', and links lead out by https: or mailto: alone"
    return None if host.lower() in hosts else f"leads to '{host}', which is not listed"


def address_problems(project: Project) -> Iterator[Problem]:
    """Find each address in pages, data files and notebooks' prose that leads to no listed host."""
    hosts = load_hosts(project)
    texts = [*sorted(project.narrative.rglob("*.md")), *sorted(project.data.rglob("*.yml"))]
    for file in texts:
        if file.is_file():
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
            for line, fault in _faults(lines, hosts):
                yield Problem(fault, file, line, remedy=REMEDY)
    for file in sorted(project.notebooks.glob("*.ipynb")):
        for number, text in _prose(file):
            for line, fault in _faults(text.splitlines(), hosts):
                yield Problem(f"Cell {number}, line {line}: {fault}", file, remedy=REMEDY)


def _faults(lines: list[str], hosts: Collection[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, start=1):
        for slashed, bracketed in _ADDRESS.findall(line):
            link = (slashed or bracketed).rstrip(".,;:")
            if fault := address_fault(link, hosts):
                yield number, f"The link {link[:80]} {fault}."


def _prose(notebook: Path) -> list[tuple[int, str]]:
    """Return the cells of Markdown by number; none where the notebook's own faults come first."""
    try:
        cells = list(enumerate(json_of(notebook.read_bytes())["cells"], start=1))
        return [(n, "".join(c["source"])) for n, c in cells if c["cell_type"] == "markdown"]
    except (ValueError, LookupError, TypeError, OSError):
        return []
