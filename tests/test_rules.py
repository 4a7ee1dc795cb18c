"""No rule is off because its file is gone: each is taken away, emptied and garbled in turn.

The files are found by walking `data/` of two small projects, so that a new rule is tried too: one
has a plan, a matrix and judgements, the other tables only. It is the gate that `build` runs.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from guard_fixture import let_pass
from small_project import small_project
from tables_fixture import TESTS, sound_project

from kingston_analysis.commands.gate import refuse_unsound, refuse_without_rules
from kingston_analysis.errors import KingstonError
from kingston_analysis.project import Project


def _with_a_plan(folder: Path) -> Project:
    project = sound_project(folder)
    shutil.copytree(TESTS / "scored", folder, dirs_exist_ok=True)
    let_pass(project)
    return project


MADE = {"plan": _with_a_plan, "tables": small_project}


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> dict[str, Project]:
    return {name: make(tmp_path_factory.mktemp(name)) for name, make in MADE.items()}


def _gone(file: Path) -> None:
    file.unlink()


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _no_text(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00\xd8garbled")


def _a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _another_form(file: Path) -> None:
    """Write a list for a mapping and a mapping for a list; a text where bytes are read."""
    is_list = file.read_text("utf-8", errors="replace").lstrip("# \n")[:1] in ("-", "[")
    file.write_text("one: 1\n" if is_list else "- one\n", encoding="utf-8")


def _a_word(file: Path) -> None:
    file.write_text("nothing\n", encoding="utf-8")


def _a_comment(file: Path) -> None:
    file.write_text("# to be written\n", encoding="utf-8")


WAYS = (_gone, _empty, _no_text, _a_folder, _another_form, _a_word, _a_comment)


def _cases() -> list[tuple[str, str]]:
    """Return each file of the data of each project, found by looking."""
    import tempfile

    found = []
    for name, make in MADE.items():
        with tempfile.TemporaryDirectory() as folder:
            data = make(Path(folder)).data
            files = sorted(each for each in data.rglob("*") if each.is_file())
            found += [(name, each.relative_to(data).as_posix()) for each in files]
    return found


def refused(project: Project) -> str:
    """Return what the gate says of a project, which it must refuse."""
    with pytest.raises(KingstonError) as caught:
        refuse_without_rules(project)
        refuse_unsound(project)
    return str(caught.value)


@pytest.mark.parametrize("name", MADE)
def test_a_project_whose_rules_are_all_there_passes(sound, name) -> None:
    refuse_without_rules(sound[name])
    refuse_unsound(sound[name])


@pytest.mark.parametrize(("name", "file"), _cases())
def test_a_file_that_is_gone_emptied_or_garbled_is_told_and_nothing_is_built(
    sound, name, file
) -> None:
    project = sound[name]
    place = project.data / file
    before = place.read_bytes()
    for spoil in WAYS:
        spoil(place)
        try:
            said = refused(project)
            assert Path(file).stem in said, f"{spoil.__name__}: {said}"
            assert "Traceback" not in said
        finally:
            shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
            place.write_bytes(before)


@pytest.mark.parametrize(("name", "file"), [case for case in _cases() if "/" in case[1]])
def test_a_folder_that_is_gone_is_told(sound, name, file, tmp_path) -> None:
    project = sound[name]
    folder = (project.data / file).parent
    shutil.move(folder, tmp_path / "aside")
    try:
        assert refused(project)
    finally:
        shutil.move(tmp_path / "aside", folder)


@pytest.mark.parametrize("name", MADE)
def test_a_file_that_may_not_be_read_is_told(sound, name, monkeypatch) -> None:
    project = sound[name]
    read = Path.read_bytes

    def denied(file: Path) -> bytes:
        if file == project.data / "law.yml":
            raise PermissionError(13, "Permission denied")
        return read(file)

    monkeypatch.setattr(Path, "read_bytes", denied)

    with pytest.raises(KingstonError, match=r"law\.yml: Cannot be read: Permission denied"):
        refuse_without_rules(project)


# What an edition does not have, it says.


def _edit(file: Path, change: Callable[[str], str]) -> None:
    file.write_text(change(file.read_text("utf-8")), encoding="utf-8")


@pytest.mark.parametrize("part", ["matrix", "judgements", "decisions", "hypotheses"])
def test_a_part_that_is_there_and_said_to_be_lacking_is_told(tmp_path, part) -> None:
    project = _with_a_plan(tmp_path)
    _edit(
        project.data / "editions/2007.yml", lambda text: text.replace("[hypotheses]", f"[{part}]")
    )
    (project.data / "hypotheses").mkdir()
    (project.data / "hypotheses/2007.yml").write_text("{}\n")

    assert f"The edition is without {part}, yet there is data/" in refused(project)


def test_a_part_that_is_said_to_be_lacking_may_be(tmp_path) -> None:
    project = _with_a_plan(tmp_path)
    more = "[hypotheses, judgements]"
    _edit(project.data / "editions/2007.yml", lambda text: text.replace("[hypotheses]", more))
    (project.data / "judgements/2007.yml").unlink()
    let_pass(project)

    refuse_unsound(project)


def test_an_edition_that_names_no_plan_says_so(tmp_path) -> None:
    project = small_project(tmp_path)
    _edit(
        project.data / "editions/2008.yml", lambda text: text.replace("- plan", "").rstrip() + "\n"
    )

    said = refused(project)

    assert "data/editions/2008.yml: The edition has no plan: it names none." in said
    assert "put 'plan' under `without`" in said


def test_a_rule_under_another_name_is_told(tmp_path) -> None:
    project = _with_a_plan(tmp_path)
    claims = project.data / "plans/2007-10/claims.yml"
    claims.rename(claims.with_suffix(".yaml"))

    said = refused(project)

    assert "claims.yml: There is no such file." in said
    assert "claims.yaml: Nothing reads this file." in said


def test_a_plan_that_no_edition_names_is_told(tmp_path) -> None:
    project = _with_a_plan(tmp_path)
    shutil.copytree(project.data / "plans/2007-10", project.data / "plans/2010-13")

    assert "data/plans/2010-13: No edition names the plan '2010-13'." in refused(project)


# What was found sound is looked at again once anything changed.


def test_a_verdict_holds_for_the_files_that_it_is_of(tmp_path, monkeypatch) -> None:
    project = small_project(tmp_path)
    refuse_unsound(project)
    monkeypatch.setattr("kingston_analysis.commands.checks.data_problems", lambda _: 1 / 0)
    refuse_unsound(project)

    (project.data / "law.yml").unlink()

    with pytest.raises(ZeroDivisionError):
        refuse_unsound(project)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"sound": "sha256:0"}', b"\xff"])
def test_a_verdict_that_is_none_is_not_heeded(tmp_path, content) -> None:
    project = small_project(tmp_path)
    refuse_unsound(project)
    [verdict] = (project.build / "verdicts").iterdir()
    verdict.write_bytes(content)
    (project.data / "law.yml").unlink()

    assert "law.yml: There is no such file." in refused(project)
