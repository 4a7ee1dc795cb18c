"""Files, folders and archives: what is refused before it is opened, and Parquet with its types."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from ingest_fixture import HISTORIC, SOUND, examined, ingest_project

from kingston_analysis.data.ingest.inputs import Input, inputs_of, unpacked
from kingston_analysis.project import Project, sha256

OFFENCES = pd.DataFrame(
    {
        "area": ["Ashby", "Burnham", "Colne Green"] * 2,
        "financial_year": ["2005/06"] * 3 + ["2006/07"] * 3,
        "offence_group": ["Burglary"] * 6,
        "offences": [120, 400, 30, 90, 410, 31],
    }
)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    return ingest_project(tmp_path_factory.mktemp("ingest"))


def archive(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", compression) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return held.getvalue()


def rules(faults: list) -> list[str]:
    return [fault.rule for fault in faults]


def test_an_archive_is_read_without_being_unpacked(project, tmp_path):
    content = archive({f"folder/{HISTORIC}": SOUND.encode(), "README.md": b"Read me."})
    found = examined(project, tmp_path, {"all.zip": content})

    assert found.faults == []
    assert found.tables[0].files == {"all.zip": sha256(content)}
    assert [each.name for each in tmp_path.iterdir()] == ["all.zip"]


@pytest.mark.parametrize(
    "name", ["../out.csv", "/etc/out.csv", "a/../../out.csv", "..\\out.csv", "C:/a"]
)
def test_an_archive_that_climbs_out_is_refused_whole(name):
    content = archive({name: b"a,b\n", "sound.csv": SOUND.encode()})
    found, faults = unpacked(Input("all.zip", content))
    assert (found, rules(faults)) == ([], ["zip-climbs"])


def test_a_link_in_an_archive_is_refused():
    link = zipfile.ZipInfo("data.csv")
    link.external_attr = 0o120777 << 16
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as opened:
        opened.writestr(link, "/etc/passwd")
    assert rules(unpacked(Input("all.zip", held.getvalue()))[1]) == ["zip-climbs"]


def test_an_archive_that_would_unpack_a_thousandfold_is_refused_unread():
    # Noughts pack to about a thousandth; 30 MB of them are 30 KB.
    found, faults = unpacked(Input("bomb.zip", archive({"a.csv": b"0" * (30 << 20)})))
    assert (found, rules(faults)) == ([], ["zip-too-large"])


def test_an_archive_in_an_archive_is_told():
    inner = archive({HISTORIC: SOUND.encode()})
    found, faults = unpacked(Input("all.zip", archive({"inner.zip": inner, "a.csv": b"a\n1\n"})))
    assert ([each.name for each in found], rules(faults)) == (["all.zip/a.csv"], ["zip-in-zip"])


@pytest.mark.parametrize("kept", [4, 30, 200, 350])
def test_an_archive_cut_off_anywhere_is_told(kept):
    content = archive({HISTORIC: SOUND.encode()})
    assert len(content) > 350
    found, faults = unpacked(Input("all.zip", content[:kept]))
    assert (found, rules(faults)) == ([], ["zip-damaged"])


def test_a_member_with_other_bytes_than_it_was_packed_with_is_told():
    content = bytearray(archive({HISTORIC: SOUND.encode()}, zipfile.ZIP_STORED))
    at = content.index(b"Burnham")
    content[at : at + 7] = b"Burnhem"
    assert rules(unpacked(Input("all.zip", bytes(content)))[1]) == ["zip-damaged"]


def test_what_is_no_file_is_told(tmp_path):
    found, faults = inputs_of([tmp_path / "absent.csv"])
    assert (found, rules(faults)) == ([], ["unreadable"])
    assert rules(inputs_of([tmp_path])[1]) == ["no-files"]


def parquet(frame: pd.DataFrame, **options: object) -> bytes:
    held = io.BytesIO()
    frame.to_parquet(held, **({"index": False} | options))
    return held.getvalue()


def told_of(project: Project, folder: Path, content: bytes) -> list[str]:
    return [f.text() for f in examined(project, folder, {"offences.parquet": content}).faults]


def test_a_parquet_file_is_read_by_its_columns(project, tmp_path):
    shuffled = OFFENCES[["offences", "area", "offence_group", "financial_year"]]
    found = examined(project, tmp_path, {"offences.parquet": parquet(shuffled)})

    assert [fault.text() for fault in found.faults] == []
    assert list(found.tables[0].frame.columns) == list(OFFENCES.columns)
    assert found.tables[0].frame["offences"].sum() == 120 + 400 + 30 + 90 + 410 + 31


def test_a_parquet_index_is_refused_by_name(project, tmp_path):
    content = parquet(OFFENCES.set_index("area"), index=True)
    assert told_of(project, tmp_path, content) == [
        "offences.parquet: Column 'area': The frame was saved with an index: 'area'. [index] "
        "Save it with `index=False`, after `reset_index()` if the index is a column."
    ]


def test_an_index_without_a_name_is_refused_too(project, tmp_path):
    chosen = OFFENCES[OFFENCES["area"] != "North"].iloc[[5, 4, 3, 2, 1, 0]]
    assert told_of(project, tmp_path, parquet(chosen, index=True)) == [
        "offences.parquet: The frame was saved with an index. [index] Save it with `index=False`, "
        "after `reset_index()` if the index is a column."
    ]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([True, False] * 3, "flags (true or false)"),
        (pd.to_datetime(["2008-01-01"] * 6), "moments"),
        ([[1, 2]] * 6, "lists"),
        (["120"] * 6, "text"),
        ([b"120"] * 6, "bytes"),
    ],
)
def test_what_is_no_count_is_refused_by_its_type(values, kind, project, tmp_path):
    assert told_of(project, tmp_path, parquet(OFFENCES.assign(offences=values))) == [
        f"offences.parquet: Column 'offences': It holds {kind}; the metadata says whole numbers. "
        "[type] Save it as what it is."
    ]


def test_parquet_rows_are_held_to_the_same_rules(project, tmp_path):
    wrong = OFFENCES.assign(offences=[120.5, -1, 30, 90, 410, None])
    assert told_of(project, tmp_path, parquet(wrong)) == [
        "offences.parquet:6: Column 'offences': There is no figure where one is required; nothing "
        "is never taken for nought. [no-figure] Get it from the publisher, or leave the rows out.",
        "offences.parquet:1: Column 'offences': '120.5' is no whole number. [number] Correct it, "
        "or get the file again.",
        "offences.parquet:2: Column 'offences': '-1' is below 0. [too-low] Correct it, or get the "
        "file again.",
    ]


@pytest.mark.parametrize("kept", [4, 100, -4])
def test_a_parquet_file_cut_off_is_told(kept, project, tmp_path):
    told = told_of(project, tmp_path, parquet(OFFENCES)[:kept])
    assert told == [
        "offences.parquet: The Parquet file is cut off or damaged. [parquet-damaged] "
        "Download or save it again."
    ]
