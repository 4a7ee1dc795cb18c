"""The record of an executed page: it vouches for itself and for its notebook, or is not used."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from tables_fixture import KINGSTON

from kingston_analysis.project import Project, sha256
from kingston_analysis.records import record as records
from kingston_analysis.records.pages import Page
from kingston_analysis.records.record import (
    FORMAT,
    Inputs,
    Record,
    UnusableError,
    read_record,
    record_json,
    write_atomically,
    write_page,
)

NOTEBOOK = '{"cells": []}\n'
FINDING = {"page": "robbery", "name": "count", "period": "2006/07", "value": 1234.5}
IN_ONE_FOLDER = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def page(tmp_path: Path) -> Page:
    """Return a page of which nothing is kept yet."""
    return Page(Project(tmp_path), "topic", "robbery", 2008, KINGSTON, "robbery")


@pytest.fixture
def kept(page: Page) -> Page:
    """Return a page that was run."""
    write_page(page, NOTEBOOK, a_record())
    return page


def a_record(notebook: str = NOTEBOOK, **changes: object) -> Record:
    inputs = Inputs(
        template=sha256(b"cells"),
        parameters={"edition": 2008, "area": KINGSTON, "topic": "robbery"},
        files={"data/topics.yml": sha256(b"topics")},
        pages={"overview": sha256(b"[]")},
        code=sha256(b"code"),
        lock=sha256(b"lock"),
        python="3.11.7",
    )
    made = Record("robbery", "topic", inputs, sha256(notebook.encode()), [], [FINDING])
    return dataclasses.replace(made, **changes)


def files_in(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


# What is written is read


def test_a_record_is_read_as_it_was_written(kept: Page) -> None:
    assert read_record(kept) == a_record()
    assert kept.executed.read_text("utf-8") == NOTEBOOK
    assert files_in(kept.executed.parent) == {"robbery.ipynb", "robbery.json"}


values = st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text()


@IN_ONE_FOLDER
@given(st.lists(st.dictionaries(st.text(), values | st.lists(values))))
@example([{"value": 0.1 + 0.2, "what": "Ärger – “quoted” \u2028"}])
def test_findings_come_back_whatever_they_say(
    page: Page, findings: list[dict[str, object]]
) -> None:
    written = a_record(findings=findings)

    write_page(page, NOTEBOOK, written)

    assert read_record(page) == written


def test_equal_records_are_equal_texts_and_end_with_the_hash_of_the_rest() -> None:
    text = record_json(a_record())
    content = json.loads(text)
    said = content.pop("record")
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()

    assert record_json(a_record()) == text
    assert said == sha256(canonical)
    assert text.splitlines()[-2].strip() == f'"record": "{said}"'
    assert content["format"] == FORMAT


@pytest.mark.parametrize(
    "changes",
    [
        {"findings": []},
        {"figures": [{"figure": "years"}]},
        {"notebook": sha256(b"another")},
        {"page": "fraud"},
        {"inputs": dataclasses.replace(a_record().inputs, python="3.12.0")},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_each_part_of_a_record_is_under_its_hash(changes: dict[str, object]) -> None:
    one, other = (json.loads(record_json(a_record(**each)))["record"] for each in ({}, changes))
    assert one != other


# What was damaged is not used, and it is said how


def altered(**changes: object) -> Callable[[Page], None]:
    """Alter a record by hand, and leave its hash as it was."""

    def change(page: Page) -> None:
        content = json.loads(page.record.read_text("utf-8"))
        page.record.write_text(json.dumps({**content, **changes}), encoding="utf-8")

    return change


def rewritten(**changes: object) -> Callable[[Page], None]:
    """Alter a record, and give it the hash of what it then says."""

    def change(page: Page) -> None:
        content = {**json.loads(page.record.read_text("utf-8")), **changes}
        content.pop("record")
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        content["record"] = sha256(text.encode())
        page.record.write_text(json.dumps(content), encoding="utf-8")

    return change


def without_hash(page: Page) -> None:
    content = json.loads(page.record.read_text("utf-8"))
    content.pop("record")
    page.record.write_text(json.dumps(content), encoding="utf-8")


def a_folder_in_place_of(name: str) -> Callable[[Page], None]:
    def change(page: Page) -> None:
        (page.executed.parent / name).unlink()
        (page.executed.parent / name).mkdir()

    return change


DAMAGES: dict[str, tuple[Callable[[Page], object], str]] = {
    "no record": (lambda page: page.record.unlink(), "never run"),
    "an empty record": (
        lambda page: page.record.write_bytes(b""),
        "damaged: the record is not whole",
    ),
    "bytes that are no text": (
        lambda page: page.record.write_bytes(b"\xff\xfe\x00"),
        "damaged: the record is not whole",
    ),
    "no object": (
        lambda page: page.record.write_text("[1, 2]"),
        "damaged: the record is not whole",
    ),
    "a number": (lambda page: page.record.write_text("7"), "damaged: the record is not whole"),
    "lists without end": (
        lambda page: page.record.write_text("[" * 200_000),
        "damaged: the record is not whole",
    ),
    "a key too many": (rewritten(verdict="good"), "damaged: the record is not whole"),
    "inputs of another form": (rewritten(inputs=[]), "damaged: the record is not whole"),
    "altered findings": (
        altered(findings=[{**FINDING, "value": 1235.5}]),
        "damaged: the record was changed since",
    ),
    "altered hash of the notebook": (
        altered(notebook=sha256(b"another")),
        "damaged: the record was changed since",
    ),
    "no hash of its own": (without_hash, "damaged: the record was changed since"),
    "another format": (
        rewritten(format=FORMAT + 1),
        f"run by another version of the runner (format {FORMAT + 1})",
    ),
    "no format": (altered(format=None), "run by another version of the runner (format None)"),
    "a folder for a record": (
        a_folder_in_place_of("robbery.json"),
        "unreadable: the record (Is a directory)",
    ),
    "no notebook": (
        lambda page: page.executed.unlink(),
        "lost: the executed notebook is not there",
    ),
    "a folder for a notebook": (
        a_folder_in_place_of("robbery.ipynb"),
        "unreadable: the executed notebook (Is a directory)",
    ),
    "half a notebook": (
        lambda page: page.executed.write_text(NOTEBOOK[:5]),
        "damaged: the executed notebook is not the one that was recorded",
    ),
    "an altered notebook": (
        lambda page: page.executed.write_text(NOTEBOOK + "\n"),
        "damaged: the executed notebook is not the one that was recorded",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_page_is_not_used_and_its_damage_is_named(kept: Page, damage: str) -> None:
    change, words = DAMAGES[damage]
    change(kept)

    with pytest.raises(UnusableError) as told:
        read_record(kept)

    assert str(told.value) == words


def test_a_record_cut_short_anywhere_is_not_used(kept: Page) -> None:
    content = kept.record.read_bytes()
    assert content.endswith(b"}\n")
    for length in range(len(content) - 1):
        kept.record.write_bytes(content[:length])
        with pytest.raises(UnusableError):
            read_record(kept)


@IN_ONE_FOLDER
@given(st.integers(0, len(record_json(a_record()).encode()) - 1), st.integers(0, 255))
def test_a_record_with_one_other_byte_is_not_used_or_says_the_same(
    kept: Page, place: int, byte: int
) -> None:
    content = bytearray(record_json(a_record()).encode())
    assume(content[place] != byte)
    content[place] = byte
    kept.record.write_bytes(content)

    try:
        assert read_record(kept) == a_record()
    except UnusableError as reason:
        assert str(reason).startswith(("damaged", "run by another version"))


# Written whole or not at all


def test_a_page_whose_writing_stopped_between_notebook_and_record_is_not_used(
    kept: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_record: Record) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(records, "record_json", killed)
    other = '{"cells": [1]}\n'
    with pytest.raises(KeyboardInterrupt):
        write_page(kept, other, a_record(other))

    assert kept.executed.read_text("utf-8") == other
    with pytest.raises(UnusableError, match="not the one that was recorded"):
        read_record(kept)


def test_a_page_that_is_written_anew_is_used_anew(kept: Page) -> None:
    other = '{"cells": [1]}\n'

    write_page(kept, other, a_record(other, findings=[]))

    assert read_record(kept) == a_record(other, findings=[])


def test_a_file_that_cannot_be_written_whole_stays_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "robbery.json"
    write_atomically(file, "as it was\n")

    with pytest.raises(UnicodeEncodeError):
        write_atomically(file, "half of this can be written, and \udc80 not\n")

    assert file.read_text("utf-8") == "as it was\n"
    assert files_in(tmp_path) == {"robbery.json"}


def test_a_file_is_written_with_its_folders_and_the_same_line_ends_everywhere(
    tmp_path: Path,
) -> None:
    file = tmp_path / "2008" / "kingston" / "robbery.json"

    write_atomically(file, "one\ntwo\n")

    assert file.read_bytes() == b"one\ntwo\n"
