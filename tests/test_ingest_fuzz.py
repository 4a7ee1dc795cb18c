"""Whatever a file holds: an answer in words, no write, no end of the process, no waiting."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ingest_fixture import HISTORIC, SOUND, ingest_project

from kingston_analysis.data.ingest.examine import examine
from kingston_analysis.data.ingest.found import Choices, Examination
from kingston_analysis.project import Project

TRIES = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
CONTENT = SOUND.encode()
HEADER = CONTENT.index(b"\n")


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    return ingest_project(tmp_path_factory.mktemp("ingest"))


def found_in(project: Project, folder: Path, name: str, content: bytes) -> Examination:
    """Examine one file; whatever is in it, nothing is written, and each fault is in words."""
    (folder / name).write_bytes(content)
    before = sorted(each.name for each in folder.rglob("*"))
    found = examine(project, None, [folder / name], Choices())
    assert sorted(each.name for each in folder.rglob("*")) == before
    assert all(fault.what and fault.remedy and fault.rule for fault in found.faults)
    assert all(fault.text(5).isprintable() for fault in found.faults)
    (folder / name).unlink()
    return found


def with_changes(content: bytes, changes: list[tuple[int, bytes]]) -> bytes:
    """Put other bytes, of any number, in the place of single ones."""
    for at, new in sorted(changes, reverse=True):
        content = content[:at] + new + content[at + 1 :]
    return content


def changes_before(end: int) -> st.SearchStrategy[list[tuple[int, bytes]]]:
    change = st.tuples(st.integers(0, end - 1), st.binary(max_size=3))
    return st.lists(change, min_size=1, max_size=4)


@TRIES
@given(content=st.binary(max_size=2_000))
def test_any_bytes_are_answered(content, project, tmp_path):
    assert found_in(project, tmp_path, "some.csv", content).faults


@TRIES
@given(content=st.text(max_size=500))
def test_any_text_is_answered(content, project, tmp_path):
    assert found_in(project, tmp_path, "some.csv", content.encode("utf-8", "replace")).faults


@TRIES
@given(changes=changes_before(len(CONTENT)))
def test_a_sound_file_with_bytes_changed_is_answered(changes, project, tmp_path):
    found = found_in(project, tmp_path, HISTORIC, with_changes(CONTENT, changes))
    assert found.faults or len(found.tables[0].frame) > 0


@TRIES
@given(changes=changes_before(HEADER))
def test_a_sound_file_with_its_header_changed_comes_to_the_same_or_to_a_fault(
    changes, project, tmp_path
):
    found = found_in(project, tmp_path, HISTORIC, with_changes(CONTENT, changes))
    # No figure stands in the header, so none can change: all 18 are there, or something is told.
    assert found.faults or found.tables[0].frame["offences"].sum() == 1448


@TRIES
@given(kept=st.integers(0, len(CONTENT) - 1))
def test_a_file_cut_off_anywhere_is_answered(kept, project, tmp_path):
    found = found_in(project, tmp_path, HISTORIC, CONTENT[:kept])
    # Rows that are missing within a borough are for the rules that stand beside a table.
    assert found.faults or set(found.tables[0].frame["area"]) == {"Ashby", "Burnham", "Colne Green"}


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(HISTORIC, SOUND)
    return held.getvalue()


ZIPPED = zipped()


@TRIES
@given(kept=st.integers(0, len(ZIPPED) - 1))
def test_an_archive_cut_off_anywhere_is_told(kept, project, tmp_path):
    assert found_in(project, tmp_path, "all.zip", ZIPPED[:kept]).faults


@TRIES
@given(changes=changes_before(len(ZIPPED)))
def test_an_archive_with_bytes_changed_is_answered(changes, project, tmp_path):
    found = found_in(project, tmp_path, "all.zip", with_changes(ZIPPED, changes))
    assert found.faults or found.tables[0].frame["offences"].sum() == 1448


def parquet() -> bytes:
    held = io.BytesIO()
    frame = pd.DataFrame({"area": ["Ashby"], "financial_year": ["2005/06"]})
    frame.assign(offence_group="Burglary", offences=1).to_parquet(held, index=False)
    return held.getvalue()


PARQUET = parquet()


@TRIES
@given(changes=changes_before(len(PARQUET)))
def test_a_parquet_file_with_bytes_changed_is_answered(changes, project, tmp_path):
    found = found_in(project, tmp_path, "offences.parquet", with_changes(PARQUET, changes))
    assert found.faults or found.tables


def test_ten_thousand_columns_are_no_table(project, tmp_path):
    content = ",".join(f"c{n}" for n in range(10_000)) + "\n" + ",".join(["1"] * 10_000)
    found = found_in(project, tmp_path, "wide.csv", content.encode())
    assert [fault.rule for fault in found.faults] == ["too-wide"]


def test_a_field_of_ten_megabytes_is_told(project, tmp_path):
    content = SOUND.replace("Burnham,Drugs", "B" * 10_000_000 + ",Drugs").encode()
    found = found_in(project, tmp_path, HISTORIC, content)
    assert [fault.rule for fault in found.faults] == ["field-too-long"]


def test_ten_megabytes_in_open_quotation_marks_are_told(project, tmp_path):
    content = (SOUND + '"' + "a,b\n" * 2_500_000).encode()
    found = found_in(project, tmp_path, HISTORIC, content)
    assert [fault.rule for fault in found.faults] == ["field-too-long"]


def test_ten_thousand_unknown_places_are_told_in_one_pass(project, tmp_path):
    rows = "".join(f"Place {n},Drugs,Drug Trafficking,1,1,1\n" for n in range(10_000))
    found = found_in(project, tmp_path, HISTORIC, (SOUND + rows).encode())
    assert {fault.rule for fault in found.faults} == {"place-unknown", "unknown"}
    assert sum(len(fault.lines) for fault in found.faults) == 10_000
