"""What is known of an executed page: what it was made from, and what came out."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kingston_analysis.project import clear_place, content_of, json_of, sha256
from kingston_analysis.records.pages import Page

# Raise it when a record says something else than before; pages with another one are run again.
FORMAT = 2


class UnusableError(Exception):
    """Say why the record of a page cannot be used: never run, damaged, of another version."""


@dataclass(frozen=True)
class Inputs:
    """All that a page depends on, by hash.

    `files` are the tables, YAML files and listings that it read, `pages` the findings of other
    pages, `code` what the template imports of the package, `lock` the environment.
    """

    template: str
    parameters: dict[str, int | str]
    files: dict[str, str]
    pages: dict[str, str]
    code: str
    lock: str
    python: str


@dataclass(frozen=True)
class Record:
    """One run of a page: inputs, and by hash or in full what it gave."""

    page: str
    template: str
    inputs: Inputs
    notebook: str
    figures: list[dict[str, str]]
    findings: list[dict[str, Any]]


def record_json(record: Record) -> str:
    """Write a record as JSON with a checksum: its last line is the hash of the rest."""
    content = with_checksum({"format": FORMAT, **asdict(record)})
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def with_checksum(content: dict[str, Any]) -> dict[str, Any]:
    """Return what is to be kept as JSON with the hash of it all as its last entry."""
    return {**content, "record": _hash(content)}


def has_valid_checksum(content: dict[str, Any]) -> bool:
    """Tell whether a record, read as JSON, has the hash of all else in it as its last entry."""
    return content.get("record") == _hash({k: v for k, v in content.items() if k != "record"})


def read_record(page: Page) -> Record:
    """Read a page's record; raise UnusableError unless it and the executed notebook are whole."""
    try:
        content = json_of(content_of(page.record))
        if (found := content.get("format")) != FORMAT:
            raise UnusableError(f"run by another version of the runner (format {found})")
        if not has_valid_checksum(content):
            raise UnusableError("damaged: the record was changed since")
        known = {key: content[key] for key in content if key not in ("format", "record")}
        record = Record(**{**known, "inputs": Inputs(**known["inputs"])})
    except FileNotFoundError:
        raise UnusableError("never run") from None
    except OSError as error:
        raise UnusableError(f"unreadable: the record ({error.strerror})") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise UnusableError("damaged: the record is not whole") from None
    if not _is_of_its_form(record):
        raise UnusableError("damaged: the record is of another form")
    if _hash_of_notebook(page) != record.notebook:
        raise UnusableError("damaged: the executed notebook is not the one that was recorded")
    return record


def _is_of_its_form(record: Record) -> bool:
    """Tell whether what a record lists is listed, and what it names by name is."""
    listed = (record.figures, record.findings)
    named = (record.inputs.parameters, record.inputs.files, record.inputs.pages)
    return all(isinstance(each, dict) for each in named) and all(
        isinstance(each, list) and all(isinstance(entry, dict) for entry in each) for each in listed
    )


def _hash_of_notebook(page: Page) -> str:
    try:
        return sha256(content_of(page.executed))
    except FileNotFoundError:
        raise UnusableError("lost: the executed notebook is not there") from None
    except OSError as error:
        raise UnusableError(f"unreadable: the executed notebook ({error.strerror})") from None


def write_page(page: Page, notebook: str, record: Record) -> None:
    """Write an executed page; each file whole or not at all, the one that vouches for both last."""
    write_atomically(page.executed, notebook)
    write_atomically(page.record, record_json(record))


def write_atomically(file: Path, text: str) -> None:
    """Write a file beside its place and then rename it, so that nobody ever sees half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        if file.is_dir():
            clear_place(file)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def clear_unfinished(folder: Path) -> None:
    """Remove what a run that was killed had begun to write; nobody else may be writing there."""
    for file in folder.rglob(".*"):
        if file.suffix[1:].isdigit():
            file.unlink(missing_ok=True)


def _hash(content: dict[str, Any]) -> str:
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode())
