"""Who runs a page reads for it and notes what was read, by its own hash, whatever it says."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from multiprocessing.connection import Client
from pathlib import Path

import pytest
from small_project import small_project

from kingston_analysis.errors import KingstonError
from kingston_analysis.pages.reading import Reads, ReadsElsewhere, reads_for
from kingston_analysis.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project")


@pytest.fixture
def reads(project: Project, tmp_path: Path) -> Iterator[Reads]:
    with reads_for(project, tmp_path, {"overview": [{"value": 7}]}) as reads:
        yield reads


def hashed(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_a_file_is_read_and_noted_with_its_hash(project: Project, reads: Reads) -> None:
    content = (project.root / "data/topics.yml").read_bytes()

    assert ReadsElsewhere(reads.address).read("data/topics.yml") == content
    assert reads.entries == [("read", "data/topics.yml", hashed(content))]


def test_a_listing_is_noted_with_the_hash_of_its_names(project: Project, reads: Reads) -> None:
    names = sorted(file.name for file in project.tables.glob("*.yml"))

    assert ReadsElsewhere(reads.address).names("data/tables", "*.yml") == names
    assert reads.entries == [("read", "data/tables/*.yml", hashed("\n".join(names).encode()))]


def test_a_file_that_is_not_there_is_told_as_if_it_had_been_opened_here(reads: Reads) -> None:
    with pytest.raises(FileNotFoundError, match="No such file"):
        ReadsElsewhere(reads.address).read("data/nothing.csv")
    assert reads.entries == []


@pytest.mark.parametrize(
    "name",
    ["", "/etc/passwd", "../other/data/x", "data/../../x", "_build/pages/x.json", "src/x.py"],
)
def test_what_is_no_part_of_the_project_is_refused_and_noted_as_that(
    reads: Reads, name: str
) -> None:
    page = ReadsElsewhere(reads.address)
    with pytest.raises(PermissionError):
        page.read(name)
    with pytest.raises(PermissionError):
        page.names(name, "*")
    assert reads.entries == [("refused", name, "")] * 2


def test_a_page_is_given_the_findings_of_others(reads: Reads) -> None:
    assert ReadsElsewhere(reads.address).upstream() == {"overview": [{"value": 7}]}


def test_threads_of_a_page_get_each_its_own_answer(project: Project, reads: Reads) -> None:
    page, found = ReadsElsewhere(reads.address), {}
    names = ["data/topics.yml", "data/areas.yml", "data/editions/2008.yml"] * 10

    def read(number: int) -> None:
        found[number] = page.read(names[number])

    threads = [threading.Thread(target=read, args=(number,)) for number in range(len(names))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert found == {n: (project.root / name).read_bytes() for n, name in enumerate(names)}
    assert len(reads.entries) == len(names)


@pytest.mark.parametrize("sent", [b"no JSON", b"[]", b"7", b'["read"]', b"x" * 100_000])
def test_what_is_no_request_ends_the_connection_and_the_next_is_answered(
    reads: Reads, sent: bytes
) -> None:
    with Client(reads.address) as page, pytest.raises((EOFError, OSError)):
        page.send_bytes(sent)
        page.recv_bytes()
    assert ReadsElsewhere(reads.address).read("data/topics.yml")


def test_a_folder_whose_name_is_too_long_for_a_socket_is_named(
    project: Project, tmp_path: Path
) -> None:
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    with (
        pytest.raises(KingstonError, match=r"No socket can be made in .*Set TMPDIR to a folder"),
        reads_for(project, folder, {}),
    ):
        pass
