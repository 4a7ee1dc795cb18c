"""Inputs without end, place or sense: a plain message within seconds, and no traceback."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import time
from pathlib import Path
from unittest.mock import patch

import nbformat
import pytest
from hypothesis import given
from hypothesis.strategies import integers, sampled_from
from nbformat.v4 import new_code_cell, new_notebook, new_output
from pydantic import TypeAdapter, ValidationError
from small_project import small_project
from tables_fixture import PROJECT

from kingston_analysis.cli import main
from kingston_analysis.commands.checks import data_problems
from kingston_analysis.data.areas import Areas
from kingston_analysis.data.names import Day, Identifier, PagePath, TableName, Year, slug
from kingston_analysis.data.tables import periods
from kingston_analysis.data.yaml_models import load_yaml
from kingston_analysis.errors import KingstonError, ending
from kingston_analysis.pages.abandoned import IN_USE, PREFIX, clear_abandoned, temporary_folder
from kingston_analysis.pages.output_problems import output_problems
from kingston_analysis.project import Project, json_of
from kingston_analysis.records.pages import Page

SECONDS = 5


@pytest.fixture(scope="module")
def as_made(tmp_path_factory) -> Project:
    return small_project(tmp_path_factory.mktemp("made") / "project")


@pytest.fixture
def project(as_made: Project, tmp_path: Path) -> Project:
    shutil.copytree(as_made.root, tmp_path / "project")
    return Project(tmp_path / "project")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Run the command line in this process; it must end in time and in words."""
    started = time.monotonic()
    with patch.object(sys, "argv", ["kingston", *arguments]), pytest.raises(SystemExit) as end:
        main()
    assert time.monotonic() - started < SECONDS
    text = " ".join("".join(capsys.readouterr()).split())
    assert "Traceback" not in text
    return int(end.value.code or 0), text


# Kinds of files


def _pipe(place: Path, _: Path) -> None:
    os.mkfifo(place)


def _socket(place: Path, elsewhere: Path) -> None:
    # The path of a socket is short; it is made where there is room and then moved.
    made = elsewhere / "s"
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(made))
    made.rename(place)


def _device(place: Path, _: Path) -> None:
    place.symlink_to("/dev/zero")


def _link_out(place: Path, elsewhere: Path) -> None:
    (elsewhere / "file").write_text("[]\n")
    place.symlink_to(elsewhere / "file")


def _link_nowhere(place: Path, _: Path) -> None:
    place.symlink_to("nowhere.yml")


def _link_in_a_circle(place: Path, _: Path) -> None:
    place.symlink_to(place.name)


def _without_end(place: Path, _: Path) -> None:
    with place.open("wb") as stream:
        stream.truncate(1 << 31)


KINDS = {
    _pipe: "It is a pipe, and no file.",
    _socket: "It is a socket, and no file.",
    _device: "It is a link that leads out of the project.",
    _link_out: "It is a link that leads out of the project.",
    _link_nowhere: "It is a link that leads nowhere.",
    _link_in_a_circle: "It ",
    _without_end: "bytes; more than",
}
PLACES = (
    "data/law.yml",
    "data/editions/2007.yml",
    "data/tables/population.csv",
    "book/index.md",
    "book/about.md",
    "notebooks/topic.ipynb",
    "_config.yml",
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("make", KINDS)
def test_what_is_no_file_of_the_project_is_refused_by_name(project, capsys, tmp_path, make, place):
    file = project.root / place
    file.unlink(missing_ok=True)
    (tmp_path / "out").mkdir()
    make(file, tmp_path / "out")

    for command in (["build"], ["run", "--dry-run"], ["check", "data"]):
        code, text = said(capsys, "--project", str(project.root), *command)
        assert code == 1, text
        assert f"{place}: {KINDS[make]}" in text or (KINDS[make] in text and place in text), text


def test_a_folder_that_is_a_link_out_is_refused(project, capsys, tmp_path) -> None:
    shutil.move(project.data / "tables", tmp_path / "tables")
    (project.data / "tables").symlink_to(tmp_path / "tables")

    code, text = said(capsys, "--project", str(project.root), "build")

    assert (code, "data/tables: It is a link that leads out" in text) == (1, True), text


def test_a_link_within_the_project_is_followed(project) -> None:
    shutil.move(project.data / "law.yml", project.data / "the-law")
    (project.data / "law.yml").symlink_to("the-law")

    assert data_problems(project) == []


# YAML


def _bomb() -> str:
    levels = (f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12))
    return "\n".join(["a0: &a0 [x, x, x, x, x, x, x, x, x, x]", *levels])


YAMLS = {
    "aliases of aliases": (_bomb(), "With its aliases written out the file has more than"),
    "lists in lists": ("[" * 100_000, "More than 40 lists or mappings stand in each other here."),
    "mappings in mappings": (
        "".join(" " * n + "a:\n" for n in range(2_000)),
        "More than 40 lists or mappings stand in each other here.",
    ),
    "itself": ("&a [*a]", "The alias 'a' stands for what it is itself part of."),
    "very many": ("- x\n" * 250_000, "the file has more than 200,000 values."),
    "a long value": (f"title: {'x' * 20_001}", "A value has 20,001 characters"),
    "a long file": ("#" * 5_000_001, "The file has 5,000,001 bytes"),
    "a long number": ("a: " + "9" * 5_000, "a value is not of its tag, or a number too long"),
    "no integer": ('a: !!int ""', "a value is not of its tag, or a number too long"),
    "no time": ("a: !!timestamp x", "a value is not of its tag, or a number too long"),
    "an object": ("!!python/object/apply:os.system [ls]", "could not determine a constructor"),
    "a key that is a list": ("? [a]\n: b", "found unhashable key"),
    "two documents": ("a: 1\n---\nb: 2", "but found another document"),
    "an alias of nothing": ("*x", "found undefined alias"),
    "no character": ('a: "\\0"', "A value has a character that cannot be seen."),
    "an escape": ('a: "\\e[2J"', "A value has a character that cannot be seen."),
    "half a character": ('a: "\\ud800"', "invalid Unicode character escape code"),
}


@pytest.mark.parametrize("name", YAMLS)
def test_a_file_without_bounds_or_sense_is_refused_in_words(project, name) -> None:
    text, what = YAMLS[name]
    file = project.data / "law.yml"
    file.write_text(text, encoding="utf-8")
    started = time.monotonic()

    with pytest.raises(KingstonError) as caught:
        load_yaml(project, file, dict[str, object])

    assert time.monotonic() - started < SECONDS
    assert str(caught.value).startswith("data/law.yml:")
    assert what in str(caught.value)
    assert len(str(caught.value)) < 400


# JSON


ENDLESS = "[" * 200_000


@given(depth=integers(0, 200_000), kind=sampled_from(['{"a":', "["]))
def test_lists_in_lists_are_no_json_however_deep(depth: int, kind: str) -> None:
    with pytest.raises(ValueError):
        json_of(kind * depth)


@pytest.mark.parametrize(
    ("template", "command"),
    [
        ("topic", ["run", "--edition", "2008"]),
        ("topic", ["build"]),
        ("robberies", ["check", "data"]),
        ("robberies", ["run", "--edition", "2008"]),
        ("robberies", ["build"]),
    ],
)
def test_a_notebook_of_lists_without_end_is_refused_in_words(
    project, capsys, template, command
) -> None:
    """The template of topics, and a notebook of an edition's own."""
    (project.notebooks / f"{template}.ipynb").write_text(ENDLESS, encoding="utf-8")
    edition = project.data / "editions/2008.yml"
    if template == "robberies":
        edition.write_text(edition.read_text("utf-8") + "pages: [robberies]\n", encoding="utf-8")

    code, text = said(capsys, *command, "--project", str(project.root))

    assert code == 1
    assert f"notebooks/{template}.ipynb: Not a notebook" in text


def test_a_file_of_another_encoding_is_told_with_its_line(project) -> None:
    file = project.data / "law.yml"
    file.write_bytes(b"a: 1\nb: \xe9\n")

    with pytest.raises(KingstonError, match=r"law\.yml:2: Not readable as YAML: it is not UTF-8"):
        load_yaml(project, file, dict[str, object])


def test_every_file_of_the_project_is_within_the_bounds() -> None:
    assert data_problems(PROJECT) == []


# Names

NAMES = (
    *("..", ".", "", " ", "../x", "x/../y", "/x", "x\\y", ".hidden", "-x", "x-", "x--y"),
    *("X", "x y", "x\n", "x\0", "x%2e", "x" * 81, "é", "x.yml", "~", "$HOME", "x;y", "C:"),
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", [Identifier, TableName, PagePath])
def test_a_name_is_never_a_path_nor_longer_than_a_file_s(kind, name) -> None:
    if kind is PagePath and name == "x" * 81:
        name = "x" * 241
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(name)


def test_names_as_they_are_written_pass() -> None:
    for kind, name in ((Identifier, "2008-11"), (TableName, "ward_year"), (PagePath, "plans/a/b")):
        assert TypeAdapter(kind).validate_python(name) == name


@pytest.mark.parametrize("year", [-1, 0, 1, 1849, 2151, 10**9, 10**30, True, "x", 2008.5])
def test_a_year_out_of_all_range_is_refused(year) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Year).validate_python(year)


@pytest.mark.parametrize("day", ["0001-01-01", "1849-12-31", "2151-01-01", "2008-02-30", 0, 1e9])
def test_a_day_out_of_all_range_is_refused(day) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Day).validate_python(day)


@pytest.mark.parametrize(
    ("period", "kind"),
    [
        ("9999/00", "financial_year"),
        ("0000", "calendar_year"),
        ("1849", "mid_year"),
        ("2151-01", "month"),
        ("2008-13", "month"),
        ("2008-02-30", "year_ending"),
        ("٢٠٠٨", "calendar_year"),
        ("²008", "calendar_year"),
    ],
)
def test_a_period_that_is_none_is_refused_where_it_is_read(period, kind) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        periods.parts(period, kind)


# Places and their addresses


@pytest.mark.parametrize("names", [("東京",), ("Łódź",), ("–",), ("St. Helens", "St Helens")])
def test_places_whose_addresses_would_be_empty_or_equal_are_refused(names) -> None:
    boroughs = [{"code": str(n), "name": name, "part": "N"} for n, name in enumerate(names)]
    with pytest.raises(ValidationError, match="address"):
        Areas.model_validate({"boroughs": boroughs, "others": []})


def test_accents_are_left_out_of_an_address_and_letters_are_not() -> None:
    assert slug("Ynys Môn") == "ynys-mon"
    assert slug("Kingston upon Thames") == "kingston-upon-thames"


# The command line

JOBS = ("0", "-1", "1000000000", "9" * 40, "x", "", "1.5")


@pytest.mark.parametrize("jobs", JOBS)
@pytest.mark.parametrize("command", ["run", "build", "review"])
def test_jobs_that_no_machine_has_are_refused(project, capsys, command, jobs) -> None:
    code, text = said(capsys, "--project", str(project.root), command, "--jobs", jobs)

    assert code == 2
    assert "--jobs" in text


@pytest.mark.parametrize("year", ["99999", "0", "-5", "9" * 40, "x"])
def test_years_that_are_none_are_refused(project, capsys, year) -> None:
    for command in (["new-edition", year, "--from", "2008"], ["run", "--edition", year]):
        code, text = said(capsys, "--project", str(project.root), *command)
        assert code in (1, 2), text
        assert text


# What a cell puts out


def page_with(*outputs: dict) -> list[str]:
    cells = [new_code_cell("1", outputs=[new_output("display_data", each) for each in outputs])]
    page = Page(PROJECT, "topic", "robbery", 2008, "Kingston upon Thames", "robbery")
    return [str(each) for each in output_problems(new_notebook(cells=cells), page)]


def test_a_cell_that_puts_out_too_much_is_named_with_how_much() -> None:
    [told] = page_with({"text/markdown": "x" * 2_000_001})

    assert "cell 1: it puts out 2,000," in told
    assert told.endswith("a cell may 2,000,000 in 200. Show less, or divide it among cells.")


def test_a_cell_that_puts_out_too_often_is_named_with_how_often() -> None:
    assert "in 201 pieces" in page_with(*[{"text/markdown": "x"}] * 201)[0]
    assert page_with(*[{"text/markdown": "x"}] * 200) == []


def test_too_much_printed_is_too_much() -> None:
    stream = nbformat.from_dict(
        {"output_type": "stream", "name": "stdout", "text": "x" * 2_000_001}
    )
    page = Page(PROJECT, "topic", "robbery", 2008, "Kingston upon Thames", "robbery")
    notebook = new_notebook(cells=[new_code_cell("1", outputs=[stream])])

    assert len(output_problems(notebook, page)) == 1


# How a process ended, and what a dead one leaves


@pytest.mark.parametrize(
    ("code", "text"),
    [(0, "ended with exit code 0"), (3, "ended with exit code 3"), (-9, "was ended by SIGKILL")],
)
def test_how_a_process_ended_is_said_as_it_was_seen(code, text) -> None:
    assert ending(code) == text
    assert ending(-999) == "was ended by signal 999"


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_the_folder_of_a_run_that_was_killed_goes_and_those_in_use_stay(temporary) -> None:
    dead = temporary / f"{PREFIX}dead"
    dead.mkdir()
    (dead / IN_USE).touch()
    (dead / "findings.json").write_text("{}")
    fresh, other = temporary / f"{PREFIX}fresh", temporary / "other"
    fresh.mkdir()
    other.mkdir()
    with temporary_folder() as folder:
        clear_abandoned()

        assert sorted(temporary.iterdir()) == sorted([folder, fresh, other])
    assert not folder.exists()


def test_a_folder_without_a_lock_goes_after_a_day_and_a_link_never(temporary, tmp_path) -> None:
    old, link = temporary / f"{PREFIX}old", temporary / f"{PREFIX}link"
    old.mkdir()
    target = tmp_path / "target"
    target.mkdir()
    link.symlink_to(target)
    day_ago = time.time() - 25 * 3600
    for each in (old, target):
        os.utime(each, (day_ago, day_ago))

    clear_abandoned()

    assert (old.exists(), link.is_symlink(), target.exists()) == (False, True, True)
