"""Each fault of a publisher's file is told: where it is, what is wrong, by which rule, what to do.

A case is a folder in tests/ingest/faults, below the source that it is of: a small file in the
publisher's shape with one fault, and `expected.txt`, each line of which is one thing that must be
told, and no other.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ingest_fixture import INGEST, ingest_project

from kingston_analysis.data.ingest.examine import examine
from kingston_analysis.data.ingest.found import Choices
from kingston_analysis.project import Project

FAULTS = INGEST / "faults"
CASES = sorted(p.parent.relative_to(FAULTS).as_posix() for p in FAULTS.rglob("expected.txt"))
# Words of the machinery, which a person who mends a file should not have to read.
MACHINERY = re.compile(r"Traceback|pandas|pyarrow|<class|[a-z]Error\b|\bnan\b|DataFrame|None")


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    return ingest_project(tmp_path_factory.mktemp("ingest"))


def files_of(case: str) -> list[Path]:
    return sorted(each for each in (FAULTS / case).iterdir() if each.name != "expected.txt")


@pytest.mark.parametrize("case", CASES)
def test_the_fault_is_told_and_no_other(case, project):
    found = examine(project, case.split("/")[0], files_of(case), Choices())

    told = [fault.text() for fault in found.faults]
    assert told == (FAULTS / case / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert not [text for text in told if MACHINERY.search(text)]


def test_each_case_has_what_it_must_say():
    assert len(CASES) >= 60
    assert {case.name for source in FAULTS.iterdir() for case in source.iterdir()} == {
        case.split("/")[1] for case in CASES
    }
