"""States: all pages and site files of a build by address, as they are kept in a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from readings import Reading, read_file, read_page

FORMAT = "golden state 1"
State = dict[str, dict[str, Any]]


class NoStateError(Exception):
    """What was given is no build or no state; the message says what to do."""


def take(build: Path) -> State:
    """Read every executed page and site file of a build folder."""
    state = {address: asdict(reading) for address, reading in _readings(build)}
    if not state:
        what = f"{build} holds no executed page and no site."
        raise NoStateError(f"{what} Name a build folder, after `kingston run` or `build`.")
    return state


def write(state: State, file: Path) -> None:
    """Keep a state in a file."""
    text = json.dumps({"format": FORMAT, "holds": state}, ensure_ascii=False)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise NoStateError(f"{file} cannot be written: {error.strerror}.") from error


def read(file: Path) -> State:
    """Read a state that was kept."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise NoStateError(f"{file} cannot be read: {error.strerror}.") from error
    except ValueError:
        content = None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise NoStateError(f"{file} is no state of this version. Make one with `take`.")
    return content["holds"]


def summary(state: State) -> str:
    """Say how much a state holds."""
    pages = [each for address, each in state.items() if address.startswith("pages/")]
    findings = sum(len(each["values"]["findings"]) for each in pages)
    return f"{len(pages)} pages with {findings} findings, {len(state) - len(pages)} site files"


def _readings(build: Path) -> Iterator[tuple[str, Reading]]:
    file = build
    try:
        for file in sorted((build / "pages").rglob("*.ipynb")):
            yield file.relative_to(build).with_suffix("").as_posix(), read_page(file)
        books = _books(file := build / "site" / "inputs.json")
        for file in sorted((build / "site").rglob("*")):
            if file.is_file():
                reading, place = read_file(file), file.relative_to(build / "site").as_posix()
                book = next((books[name] for name in books if place.startswith(f"{name}/")), {})
                reading.edition, reading.area = book.get("edition"), book.get("area")
                yield f"site/{place}", reading
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoStateError(f"{file} cannot be read ({error!r}). Build it again.") from error


def _books(file: Path) -> dict[str, Any]:
    """Return what a site says of its books, by folder; nothing of a site that does not say it."""
    return json.loads(file.read_bytes()) if file.exists() else {}
