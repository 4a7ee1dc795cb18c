"""`kingston ingest`: all or nothing, what it writes, and what it says; whatever ends it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from ingest_fixture import HISTORIC, SOUND, ingest_project

from kingston_analysis.cli import main
from kingston_analysis.data.ingest.store import Pair, make_pair, settle, write_pair
from kingston_analysis.data.tables.load import load
from kingston_analysis.data.tables.metadata import Ingestion, load_metadata
from kingston_analysis.errors import KingstonError
from kingston_analysis.project import Project, sha256

TABLE = "recorded_crime_month_2008_2016"


@pytest.fixture
def project(tmp_path) -> Project:
    return ingest_project(tmp_path / "project")


def run(project: Project, capsys, *arguments: str | Path) -> tuple[int, str]:
    """Run the command in this process; return its exit code and all that it says."""
    command = ["kingston", "--project", str(project.root), "ingest", *map(str, arguments)]
    code = 0
    with patch.object(sys, "argv", command):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    found = capsys.readouterr()
    assert "Traceback" not in found.err
    return code, found.out + found.err


def written(folder: Path, content: str, name: str = HISTORIC) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")
    return folder / name


def snapshot(project: Project) -> dict[str, bytes]:
    files = [each for each in project.data.rglob("*") if each.is_file()]
    return {each.relative_to(project.root).as_posix(): each.read_bytes() for each in files}


def test_a_sound_file_becomes_a_table_with_its_metadata(project, tmp_path, capsys):
    code, said = run(project, capsys, "mps-borough", written(tmp_path / "in", SOUND))

    assert code == 0, said
    assert f"{HISTORIC}: taken for mps-borough, table {TABLE}." in said
    assert f"{TABLE}: 18 rows taken in. Read its title and caveats again." in said
    table = load(project, TABLE)
    assert (len(table.frame), table.meta.rows) == (18, 18)
    assert (table.meta.span.first, table.meta.span.last) == ("2008-01", "2008-03")
    entry = table.meta.changes[-1]
    assert isinstance(entry, Ingestion)
    assert entry.hash == table.meta.hash
    assert entry.files == {HISTORIC: sha256(SOUND.encode())}


def test_what_people_wrote_in_the_metadata_stays(project, tmp_path, capsys):
    file = project.tables / f"{TABLE}.yml"
    before = "# A remark.\n" + file.read_text(encoding="utf-8")
    file.write_text(before, encoding="utf-8")
    run(project, capsys, "mps-borough", written(tmp_path / "in", SOUND))

    after = file.read_text(encoding="utf-8").splitlines()
    changed = [line for line in before.splitlines() if line not in after]
    assert [line.split(":")[0].strip() for line in changed] == ["last", "rows", "hash"]


def test_the_source_is_guessed_and_said(project, tmp_path, capsys):
    code, said = run(project, capsys, written(tmp_path / "in", SOUND, "download.csv"))
    assert code == 0
    assert "download.csv: taken for mps-borough" in said


def test_a_wrong_row_holds_everything_up(project, tmp_path, capsys):
    before = snapshot(project)
    wrong = SOUND.replace(",40,", ",forty,").replace("Colne Green,Drugs", "Colne Blue,Drugs")
    code, said = run(project, capsys, written(tmp_path / "in", wrong))

    assert code == 1
    assert "2 things are wrong; nothing was taken, and the tables are as they were:" in said
    assert "`--without-wrong-rows`" in said
    assert snapshot(project) == before
    rows = (project.build / "ingest" / "wrong-rows.csv").read_text(encoding="utf-8").splitlines()
    assert rows == [
        "file,line,rules,fields",
        f"{HISTORIC},4,number,Burnham,Burglary,Burglary in a Dwelling,forty,50,60",
        f"{HISTORIC},7,place-unknown,Colne Blue,Drugs,Drug Trafficking,1234,0,0",
    ]


def test_wrong_rows_are_left_out_only_where_a_person_says_so(project, tmp_path, capsys):
    wrong = SOUND.replace(",40,", ",forty,")
    code, said = run(project, capsys, written(tmp_path / "in", wrong), "--without-wrong-rows")

    assert code == 0, said
    table = load(project, TABLE)
    # Of Burnham's two rows of three months the one is left out.
    assert len(table.frame) == 18 - 3
    entry = table.meta.changes[-1]
    assert isinstance(entry, Ingestion)
    assert entry.rows_left_out == 1


def test_a_finding_is_confirmed_by_its_rule(project, tmp_path, capsys):
    file = written(tmp_path / "in", SOUND, "MPS 200801-200804.csv")
    assert run(project, capsys, file)[0] == 1
    code, said = run(project, capsys, file, "--confirm", "name-denies")

    assert code == 0
    assert "Confirmed: MPS 200801-200804.csv: The file's name says" in said
    assert load(project, TABLE).meta.changes[-1].confirmed == ("name-denies",)


def test_a_screen_has_each_rule_once_and_the_report_all(project, tmp_path, capsys):
    rows = "".join(f"Place{n},Burglary,Burglary in a Dwelling,1,1,1\n" for n in range(20_000))
    code, said = run(project, capsys, written(tmp_path / "in", SOUND.replace(",40,", ",x,") + rows))

    assert code == 1
    assert len(said.splitlines()) <= 24
    assert "[number]" in said
    report = (project.build / "ingest" / "report.txt").read_text(encoding="utf-8")
    assert "20007" in report


def test_the_same_files_again_change_nothing(project, tmp_path, capsys):
    file = written(tmp_path / "in", SOUND)
    run(project, capsys, file)
    before = snapshot(project)
    code, said = run(project, capsys, file)

    assert code == 0
    assert "the files hold what the table holds; nothing is to be written" in said
    assert snapshot(project) == before


def test_a_dry_run_writes_no_table(project, tmp_path, capsys):
    before = snapshot(project)
    code, said = run(project, capsys, written(tmp_path / "in", SOUND), "--dry-run")
    assert (code, snapshot(project)) == (0, before)
    assert "18 rows would be taken in" in said


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["mps-borrough"],
            "'mps-borrough' is neither a source nor a file. Did you mean 'mps-borough' or",
        ),
        (["mps-borough"], "No file of 'mps-borough' is named."),
        (["mps-borough", "absent.csv"], "absent.csv: Cannot be read: No such file or directory."),
        (["tidy", "absent.csv", "--table", "offence"], "tidy has no table 'offence'. Did you mean"),
    ],
)
def test_what_cannot_be_meant_is_told(arguments, expected, project, capsys):
    code, said = run(project, capsys, *arguments)
    assert code == 1
    assert expected in " ".join(said.split())


def test_a_table_without_metadata_is_told_how(project, tmp_path, capsys):
    (project.tables / "police_uk_street_month.yml").unlink()
    file = written(tmp_path / "in", "Crime ID,Month,LSOA code,Crime type\na,2016-04,E1,Burglary\n")
    code, said = run(project, capsys, "police-uk", file)
    assert code == 1
    assert (
        "There is no data/tables/police_uk_street_month.yml, which says what the table is." in said
    )
    assert "docs/ingest.md" in said


def test_a_last_period_of_another_kind_is_refused(project, tmp_path, capsys):
    file = written(tmp_path / "in", SOUND)
    code, said = run(project, capsys, file, "--until", "2008/09")
    assert code == 1
    assert "--until: '2008/09' is not a month. Write it as the table does" in " ".join(said.split())


def test_a_table_that_was_edited_by_hand_is_not_written_over(project, tmp_path, capsys):
    held = project.tables / "offences.csv"
    sound = held.read_text(encoding="utf-8")
    held.write_text(sound.replace(",120", ",999"), encoding="utf-8")
    before = snapshot(project)
    code, said = run(project, capsys, "tidy", written(tmp_path / "in", sound, "offences.csv"))
    assert (code, snapshot(project)) == (1, before)
    assert "The file is not the one its metadata describes" in said


# Whatever ends it


def pair_of(project: Project) -> Pair:
    """Make the pair that replaces the small project's table of offences: each figure one higher."""
    table = load(project, "offences")
    frame = table.frame.assign(offences=table.frame["offences"] + 1)
    taken = Ingestion.model_validate(
        {"ingested": "2026-11-27", "source": "tidy", "files": {}, "hash": table.meta.hash}
    )
    return make_pair(project, "offences", frame, table.meta, taken)


def write_until_event(project: Project, pair: Pair, number: int) -> bool:
    """Write a pair in a process that is killed at its n-th opening or renaming; tell if it was."""
    child = os.fork()
    if not child:
        events = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir"}
        left = [number]

        def kill_at(event: str, _: object) -> None:
            if event in events:
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(kill_at)
        write_pair(project, pair)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_killed_at_any_moment_the_old_pair_or_the_new_one_is_there(tmp_path):
    made = ingest_project(tmp_path / "made")
    old, pair = load(made, "offences"), pair_of(made)
    seen, number, killed = set(), 0, True
    while killed:
        number += 1
        project = ingest_project(tmp_path / str(number))
        killed = write_until_event(project, pair, number)

        found = load(Project(project.root), "offences")
        total = int(found.frame["offences"].sum() - old.frame["offences"].sum())
        assert total in (0, len(old.frame)), "neither the old table nor the new one"
        assert found.meta.rows == len(found.frame)
        settle(project)
        assert load(Project(project.root), "offences").meta.hash == found.meta.hash
        assert not (project.tables / "incoming").exists()
        seen.add(total)
    assert number > 5
    assert seen == {0, len(old.frame)}


def test_metadata_that_nobody_could_read_are_never_put_in_place(project):
    pair = pair_of(project)
    before = snapshot(project)
    with pytest.raises(KingstonError):
        write_pair(project, Pair(pair.name, pair.ending, pair.content, "title: [\n"))
    settle(project)
    assert snapshot(project) == before
    assert load_metadata(project, "offences").rows == 6


GRID = "grid: {absent: unknown, because: Noughts are written, place: area, boroughs: true}\n"


def test_a_table_is_held_to_its_rules_before_it_is_taken(project, tmp_path, capsys):
    (project.data / "rules" / f"{TABLE}.yml").write_text(GRID, encoding="utf-8")
    one_less = SOUND.replace("Burnham,Drugs,Drug Trafficking,7,8,9\n", "")
    before = snapshot(project)
    code, said = run(project, capsys, "mps-borough", written(tmp_path / "in", one_less))
    assert code == 1
    assert "Burnham · Drugs · Drug Trafficking" in said and "[grid]" in said
    assert snapshot(project) == before


def test_a_table_without_rules_is_not_taken(project, tmp_path, capsys):
    (project.data / "rules" / f"{TABLE}.yml").unlink()
    before = snapshot(project)
    code, said = run(project, capsys, "mps-borough", written(tmp_path / "in", SOUND))
    assert code == 1
    assert f"[rules-missing] Write data/rules/{TABLE}.yml first." in said
    assert snapshot(project) == before
