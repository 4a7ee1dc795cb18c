"""The command line: help with examples, errors for people, and the commands that only look."""

from __future__ import annotations

import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from urllib.request import urlopen

import pytest
import typer.main
from system_project import BOOK, Copy, ended, is_readable, wait_until

from kingston_analysis.cli import app

ROOT_COMMAND = typer.main.get_command(app)
COMMANDS = [
    *("build", "check", "diff", "explain", "new-edition", "review"),
    *("run", "schemas", "serve", "tables", "verify"),
]


@pytest.fixture
def port() -> int:
    """Find a port that is free."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


# Help


def test_the_help_lists_every_command() -> None:
    assert sorted(ROOT_COMMAND.commands) == COMMANDS


def test_without_a_command_the_help_is_shown(small_site: Copy) -> None:
    said = small_site.kingston()

    for command in COMMANDS:
        assert f" {command} " in said.text


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_shows_what_it_does_and_an_example(
    small_site: Copy, command: str
) -> None:
    said = small_site.kingston(command, "--help")

    assert said.code == 0, said
    assert f"Example: kingston {command}" in said.text
    assert " ".join(ROOT_COMMAND.commands[command].help.split()) in said.text


@pytest.mark.parametrize("command", COMMANDS)
def test_the_example_of_a_command_is_one_that_it_takes(command: str) -> None:
    example = shlex.split(ROOT_COMMAND.commands[command].epilog.removeprefix("Example: "))

    assert example[:2] == ["kingston", command]
    ROOT_COMMAND.commands[command].make_context(command, example[2:])


def test_the_command_line_starts_without_loading_pandas_or_sphinx(small_site: Copy) -> None:
    code = "import sys, kingston_analysis.cli; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=small_site.environment(),
        capture_output=True,
        text=True,
        check=True,
    )

    heavy = {"pandas", "numpy", "sphinx", "papermill", "altair", "nbformat", "pyarrow"}
    assert heavy.isdisjoint(done.stdout.split())


# Names that do not exist


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ("run --edition 2017", "There is no edition 2017. Did you mean '2016'?"),
        ("build --edition 2061", "There is no edition 2061. Did you mean '2016'?"),
        ("run --area Suton", "There is no borough 'Suton'. Did you mean 'Sutton'"),
        ("run --area kingston", "'Kingston upon Thames'"),
        ("build --area sutton", "There is no borough 'sutton'. Did you mean 'Sutton'"),
        ("run --only robery", "There is no page 'robery'. Did you mean 'robbery'?"),
        ("build --only overveiw", "There is no page 'overveiw'. Did you mean 'overview'?"),
        ("explain robery", "There is no page 'robery'. Did you mean 'robbery'?"),
        ("explain --edition 2017", "There is no edition 2017. Did you mean '2016'?"),
        ("check dat", "There is nothing called 'dat' to check. Did you mean 'data'?"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(
    small_site: Copy, arguments: str, answer: str
) -> None:
    said = small_site.kingston(*arguments.split())

    assert said.code == 1, said
    assert answer in said.text
    assert is_readable(said), said


@pytest.mark.parametrize(
    "arguments",
    ["run --edition twenty", "run --jobs 0", "serve --port 0", "run --editoin 2016", "biuld"],
)
def test_a_mistyped_option_or_value_is_named(small_site: Copy, arguments: str) -> None:
    said = small_site.kingston(*arguments.split())

    assert said.code != 0, said
    assert any(word in said.text for word in arguments.split())
    assert is_readable(said), said


@pytest.mark.parametrize("arguments", ["--verbose run --area Suton", "run --area Suton --verbose"])
def test_verbose_shows_where_in_the_code_an_error_arose(small_site: Copy, arguments: str) -> None:
    said = small_site.kingston(*arguments.split())

    assert said.code == 1, said
    assert "Traceback" in said.raw
    assert "check_borough" in said.raw
    assert "There is no borough 'Suton'" in said.text


# Looking at the data


def test_tables_lists_every_table_with_publisher_rows_and_licence(small_site: Copy) -> None:
    said = small_site.kingston("tables")

    assert said.code == 0, said
    files = sorted((small_site.root / "data/tables").glob("*.yml"))
    assert len(files) > 10
    for file in files:
        text = file.read_text(encoding="utf-8")
        line = next(line for line in said.raw.splitlines() if f" {file.stem} " in line)
        assert f"{int(re.search(r'^rows: (.+)', text, re.M)[1]):,}" in line
        assert re.search(r"^publisher: '?(.{5})", text, re.M)[1] in line
        assert re.search(r"^licence: '?(.{1,5})", text, re.M)[1] in line


def test_the_data_of_the_project_are_sound(small_site: Copy) -> None:
    said = small_site.kingston("check", "data")

    assert said.code == 0, said
    assert "Checked: data. Nothing is wrong." in said.text


def test_check_data_reports_faults_of_every_kind_at_once(project: Copy) -> None:
    project.edit("data/tables/ward_crime_year.csv", ",472", ",473")
    project.edit("data/tables/recorded_crime_year.csv", "2014/15,Robbery,", "2014/15,Robbery,-")
    project.vouch_for("recorded_crime_year")
    project.edit("data/tables/public_attitude_survey.yml", "licence:", "license:")
    (project.root / "data/tables/incidents_year.yml").unlink()
    project.edit("data/editions/2016.yml", "- robbery", "- robery")

    said = project.kingston("check", "data")

    assert said.code == 1, said
    assert is_readable(said), said
    for fault in (
        "data/tables/ward_crime_year.csv: The file is not the one its metadata describes",
        "data/tables/recorded_crime_year.csv:",
        "data/tables/public_attitude_survey.yml:",
        "The key 'license' is not known",
        "incidents_year",
        "data/editions/2016.yml",
        "There is no topic 'robery'. Did you mean 'robbery'?",
    ):
        assert fault in said.text, f"{fault!r} in {said}"
    count = int(re.search(r"(\d+) things are wrong", said.text)[1])
    assert count >= 5


# Showing the site


@pytest.fixture
def served(small_site: Copy, port: int) -> Iterator[subprocess.Popen[str]]:
    """Serve the small site."""
    process = small_site.start("serve", "--port", str(port), start_new_session=True)
    try:
        assert wait_until(lambda: answers("127.0.0.1", port), 20), "The site was not served."
        yield process
    finally:
        if process.poll() is None:
            process.kill()


def answers(host: str, port: int) -> bool:
    """Tell whether something listens."""
    with closing(socket.socket()) as asking:
        return asking.connect_ex((host, port)) == 0


def test_serve_shows_the_site_on_this_machine_alone_until_ctrl_c(
    small_site: Copy, served: subprocess.Popen[str], port: int
) -> None:
    for page in ("index.html", f"{BOOK}/evidence/robbery.html", f"{BOOK}/findings.json"):
        with urlopen(f"http://127.0.0.1:{port}/{page}", timeout=10) as answer:
            assert answer.read() == (small_site.site / page).read_bytes()
    # Another address of this machine: a server open to the network would answer here too.
    assert not answers("127.0.0.2", port)

    served.send_signal(signal.SIGINT)

    said = ended(served, 20)
    assert said.code in (0, 130), said
    assert f"http://localhost:{port}/" in said.text
    assert is_readable(said), said


def test_serve_says_that_a_port_is_in_use(small_site: Copy) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        said = small_site.kingston("serve", "--port", str(port))

    assert said.code == 1, said
    assert f"Port {port} cannot be used: Address already in use." in said.text
    assert "--port" in said.text
    assert is_readable(said), said


def test_serve_and_check_book_say_that_there_is_no_site_yet(project: Copy, port: int) -> None:
    for command in (["serve", "--port", str(port)], ["check", "book"]):
        said = project.kingston(*command)

        assert said.code == 1, said
        assert "There is no site yet." in said.text
        assert "Run `kingston build`." in said.text
