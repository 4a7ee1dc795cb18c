"""Every fault in data/ is reported: where it is, what is wrong, what to do, all in one pass.

A case is a folder in tests/faults: its files replace those of the sound project in tests/sound,
`absent.txt` names files that are taken away, and each line of `expected.txt` is one problem that
must be reported, and no other ("…" stands for any text). A table that a case changes is vouched
for by a new hash, except where being edited by hand is the case. The cases of `matrix` also have
what is in tests/scored: a scheme, judgements and decisions in which nothing is wrong. The cases of
`guard` are held to the sound project's vocabulary; in all others every word is known.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from guard_fixture import let_pass
from tables_fixture import PROJECT, TESTS, sound_project, vouch_for

from kingston_analysis.commands.checks import data_problems
from kingston_analysis.data.tables.load import load
from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.project import Project

FAULTS = TESTS / "faults"
SCORED = TESTS / "scored"
CASES = sorted(p.parent.relative_to(FAULTS).as_posix() for p in FAULTS.rglob("expected.txt"))
OF_A_TABLE = [case for case in CASES if case.startswith("tables/")]
EDITED_BY_HAND = "tables/edited-by-hand"
# Found by comparing metadata and table, not by loading.
NOT_BY_LOADING = {
    "tables/gap-not-registered",
    "tables/no-rows",
    "tables/rows-differ",
    "tables/span-longer-than-the-table",
}
# Words of the machinery, which a person who mends a file should not have to read.
MACHINERY = re.compile(r"Traceback|pandera|pydantic|<class|[a-z]Error\b|\bnan\b|DataFrame|\n")
# What tells a person to do something, or names what was meant.
REMEDY = re.compile(
    r"\b(Add|Bind|Class|Correct|Give|Keep|Make|Name|Put|Remove|Restore|Run|Say|See|Tag|Take|Use|Write"
    r"|Did you mean|Known|Columns by|Given)\b"
)


def project_with(case: str, folder: Path) -> Project:
    """Copy the sound project and put a case's fault into it."""
    project = sound_project(folder)
    source = FAULTS / case
    if case.startswith("matrix/"):
        shutil.copytree(SCORED, folder, dirs_exist_ok=True)
    shutil.copytree(
        source, folder, dirs_exist_ok=True, ignore=lambda *_: ("expected.txt", "absent.txt")
    )
    if (source / "absent.txt").exists():
        for name in (source / "absent.txt").read_text(encoding="utf-8").split():
            (folder / name).unlink()
    if case != EDITED_BY_HAND:
        for changed in (source / "data" / "tables").glob("*.[cp][sa][vr]*"):
            vouch_for(folder / changed.relative_to(source))
    if not case.startswith("guard/"):
        let_pass(project)
    return project


@pytest.fixture(scope="module", params=CASES)
def case(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def reported(case, tmp_path_factory) -> list[str]:
    """Return what the check says about a case, paths written from the project's folder."""
    folder = tmp_path_factory.mktemp("project")
    return messages_of(data_problems(project_with(case, folder)))


def expected_in(case: str) -> list[str]:
    return (FAULTS / case / "expected.txt").read_text(encoding="utf-8").splitlines()


def matches(pattern: str, message: str) -> bool:
    parts = [re.escape(part.strip()) for part in pattern.split("…")]
    return re.match(".*?".join(parts), message, re.DOTALL) is not None


def messages_of(problems: list[Problem]) -> list[str]:
    return [str(problem) for problem in problems]


def test_nothing_is_wrong_with_the_sound_project(tmp_path):
    assert data_problems(sound_project(tmp_path)) == []


def test_nothing_is_wrong_with_the_sound_project_once_it_is_scored(tmp_path):
    project = sound_project(tmp_path)
    shutil.copytree(SCORED, tmp_path, dirs_exist_ok=True)
    let_pass(project)
    assert data_problems(project) == []


def test_nothing_is_wrong_with_the_data_of_the_project():
    assert data_problems(PROJECT) == []


def test_check_reports_what_is_wrong_and_nothing_else(case, reported):
    for pattern in expected_in(case):
        assert [each for each in reported if matches(pattern, each)], f"{pattern} not in {reported}"
    assert len(set(reported)) == len(expected_in(case)), reported


def test_check_reports_nothing_twice(reported):
    assert len(reported) == len(set(reported)), reported


def test_a_problem_is_a_short_paragraph_without_words_of_the_machinery(reported):
    for message in reported:
        assert not MACHINERY.search(message), message
        assert len(message) < 400, message


def test_a_problem_says_what_to_do(reported):
    assert [message for message in reported if not REMEDY.search(message)] == []


@pytest.mark.parametrize("of_a_table", [each for each in OF_A_TABLE if each not in NOT_BY_LOADING])
def test_load_refuses_a_faulty_table_with_the_same_problems(of_a_table, tmp_path):
    project = project_with(of_a_table, tmp_path)
    name = "population" if "population" in expected_in(of_a_table)[0] else "offences"
    with pytest.raises(KingstonError) as caught:
        load(project, name)
    found = messages_of(caught.value.problems)
    for pattern in expected_in(of_a_table):
        assert [each for each in found if matches(pattern, each)], f"{pattern} not in {found}"


def test_a_table_that_does_not_exist_is_answered_with_the_nearest_names(tmp_path):
    project = sound_project(tmp_path)
    with pytest.raises(KingstonError, match=r"no table 'offenses'.*Did you mean 'offences'"):
        load(project, "offenses")


def test_a_parquet_table_is_held_to_the_same_rules(tmp_path):
    project = sound_project(tmp_path)
    tables = project.tables
    rows = pd.read_csv(tables / "offences.csv").replace({"offences": {90: -90}})
    (tables / "offences.csv").unlink()
    rows.to_parquet(tables / "offences.parquet", index=False)
    vouch_for(tables / "offences.parquet")
    with pytest.raises(KingstonError, match=r"offences\.parquet.*'offences': -90 is below 0"):
        load(project, "offences")
