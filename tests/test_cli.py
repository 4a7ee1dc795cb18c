"""The command line: help with examples, errors for people, and the commands that only look."""

from __future__ import annotations

import json
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import typer.main
from small_project import small_project
from system_project import Copy, Said, ended, is_readable, wait_until
from tables_fixture import PROJECT

from kingston_analysis.cli import app, main

ROOT_COMMAND = typer.main.get_command(app)
COMMANDS = [
    *("build", "check", "diff", "explain", "ingest", "new-edition", "review"),
    *("revisions", "run", "schemas", "serve", "sign", "tables", "verify", "withdraw", "words"),
]


@pytest.fixture
def port() -> int:
    """Find a port that is free."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Write the made-up project, with a site. Only look at it."""
    project = small_project(tmp_path_factory.mktemp("small") / "project")
    page = project.site / "ashby/2008/index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>A page.</p>", encoding="utf-8")
    (project.site / "index.html").write_text("<p>The start.</p>", encoding="utf-8")
    return Copy(project.root)


@pytest.fixture
def kingston(small: Copy, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Run the command line in this process, on the made-up project or one that is named."""
    monkeypatch.setenv("COLUMNS", "400")

    def run(*arguments: str, project: Path = small.root) -> Said:
        return Copy(project).kingston_here(*arguments)

    return run


# Help


def test_the_help_lists_every_command() -> None:
    assert sorted(ROOT_COMMAND.commands) == COMMANDS


def test_without_a_command_the_help_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["kingston"])
    with pytest.raises(SystemExit):
        main()

    text = capsys.readouterr().out
    for command in COMMANDS:
        assert f" {command} " in text


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_shows_what_it_does_and_an_example(
    kingston: Callable[..., Said], command: str
) -> None:
    said = kingston(command, "--help")

    assert said.code == 0, said
    assert f"Example: kingston {command}" in said.text
    assert " ".join(ROOT_COMMAND.commands[command].help.split()) in said.text


@pytest.mark.parametrize("command", COMMANDS)
def test_the_example_of_a_command_is_one_that_it_takes(command: str) -> None:
    example = shlex.split(ROOT_COMMAND.commands[command].epilog.removeprefix("Example: "))

    assert example[:2] == ["kingston", command]
    ROOT_COMMAND.commands[command].make_context(command, example[2:])


def test_the_command_line_starts_without_loading_pandas_or_sphinx() -> None:
    code = "import sys, kingston_analysis.cli; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )

    heavy = {"pandas", "numpy", "sphinx", "papermill", "altair", "nbformat", "pyarrow"}
    assert heavy.isdisjoint(done.stdout.split())


def test_the_version_is_that_of_the_package(kingston: Callable[..., Said]) -> None:
    from importlib.metadata import version

    assert kingston("--version").text == f"kingston {version('kingston-analysis')}"


# What programs read


def test_faults_are_objects_for_a_program(kingston: Callable[..., Said], tmp_path: Path) -> None:
    project = Copy(small_project(tmp_path / "project").root)
    project.edit("data/editions/2008.yml", "- robbery", "- robery")

    said = kingston("check", "data", "--json", project=project.root)

    assert said.code == 1, said
    problems = json.loads(said.raw)["problems"]
    assert {"what", "file", "line", "column", "remedy"} == set(problems[0])
    assert "There is no topic 'robery'." in {each["what"] for each in problems}


def test_what_looks_answers_a_program(kingston: Callable[..., Said]) -> None:
    checked = json.loads(kingston("check", "data", "--json").raw)
    pages = json.loads(kingston("explain", "--json").raw)
    tables = json.loads(kingston("tables", "--json").raw)

    assert checked["problems"] == []
    assert {each["fresh"] for each in pages} == {False}
    assert all(each["changed"] == ["never run"] for each in pages)
    assert {"offences_year", "population"} <= {each["table"] for each in tables}


def test_strict_counts_what_is_to_do_as_wrong(
    kingston: Callable[..., Said], tmp_path: Path
) -> None:
    project = Copy(small_project(tmp_path / "project").root)
    kingston("new-edition", "2009", "--from", "2008", project=project.root)

    assert kingston("check", "data", project=project.root).code == 0
    said = kingston("check", "data", "--strict", project=project.root)

    assert said.code == 1, said
    assert "Still to do:" in said.text
    assert is_readable(said), said


# Names that do not exist


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ("run --edition 2018", "There is no edition 2018. Did you mean '2008'"),
        ("build --edition 2080", "There is no edition 2080. Did you mean '2008'"),
        ("run --area Burnam", "There is no borough 'Burnam'. Did you mean 'Burnham'"),
        ("build --area burnham", "There is no borough 'burnham'. Did you mean 'Burnham'"),
        ("run --only robery", "There is no page 'robery'. Did you mean 'robbery'?"),
        ("explain robery", "There is no page 'robery'. Did you mean 'robbery'?"),
        ("explain --edition 2018", "There is no edition 2018. Did you mean '2008'"),
        ("check dat", "There is nothing called 'dat' to check. Did you mean 'data'?"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(
    kingston: Callable[..., Said], arguments: str, answer: str
) -> None:
    said = kingston(*arguments.split())

    assert said.code == 1, said
    assert answer in said.text
    assert is_readable(said), said


def test_a_borough_may_be_named_in_part(kingston: Callable[..., Said]) -> None:
    said = kingston("run", "--area", "kingston", project=PROJECT.root)

    assert said.code == 1, said
    assert "'Kingston upon Thames'" in said.text


@pytest.mark.parametrize(
    "arguments",
    ["run --edition twenty", "run --jobs 0", "serve --port 0", "run --editoin 2016", "biuld"],
)
def test_a_mistyped_option_or_value_is_named(kingston: Callable[..., Said], arguments: str) -> None:
    said = kingston(*arguments.split())

    assert said.code != 0, said
    assert any(word in said.text for word in arguments.split())
    assert is_readable(said), said


@pytest.mark.parametrize(
    "arguments", ["--verbose run --area Burnam", "run --area Burnam --verbose"]
)
def test_verbose_shows_where_in_the_code_an_error_arose(small: Copy, arguments: str) -> None:
    said = small.kingston("--project", str(small.root), *arguments.split())

    assert said.code == 1, said
    assert "Traceback" in said.raw
    assert "check_borough" in said.raw
    assert "There is no borough 'Burnam'" in said.text


# Looking at the data


def test_tables_lists_every_table_with_publisher_rows_and_licence(
    kingston: Callable[..., Said],
) -> None:
    said = kingston("tables", project=PROJECT.root)

    assert said.code == 0, said
    files = sorted(PROJECT.tables.glob("*.yml"))
    assert len(files) > 10
    for file in files:
        text = file.read_text(encoding="utf-8")
        rows = int(re.search(r"^rows: (.+)", text, re.M)[1])
        line = re.search(rf"^{file.stem}: {rows:,} rows(\n    .*)+", said.raw, re.M)[0]
        assert re.search(r"^publisher: '?(.{5})", text, re.M)[1] in line
        assert re.search(r"^licence: '?(.{1,5})", text, re.M)[1] in line


def test_tables_can_be_read_on_a_narrow_terminal(kingston: Callable[..., Said]) -> None:
    longest = max(kingston("tables", project=PROJECT.root).raw.splitlines(), key=len)

    assert len(longest) <= 80, longest


def test_check_says_that_nothing_is_wrong(kingston: Callable[..., Said]) -> None:
    said = kingston("check", "data")

    assert said.code == 0, said
    assert "Checked: data. Nothing is wrong." in said.text


def test_check_data_reports_faults_of_every_kind_at_once(
    kingston: Callable[..., Said], tmp_path: Path
) -> None:
    project = Copy(small_project(tmp_path / "project").root)
    project.edit("data/tables/offences_month.csv", "2002-04,Burglary,10", "2002-04,Burglary,11")
    project.edit("data/tables/offences_year.csv", "2003/04,Robbery,", "2003/04,Robbery,x")
    project.vouch_for("offences_year")
    project.edit("data/tables/population.yml", "licence:", "license:")
    project.edit("data/topics.yml", "table: offences_year", "table: offences_years")
    project.edit("data/editions/2008.yml", "- robbery", "- robery")

    said = kingston("check", "data", project=project.root)

    assert said.code == 1, said
    assert is_readable(said), said
    for fault in (
        "data/tables/offences_month.csv: The file is not the one its metadata describes",
        "data/tables/offences_year.csv:",
        "data/tables/population.yml:",
        "The key 'license' is not known",
        "'offences_years'",
        "data/editions/2008.yml",
        "There is no topic 'robery'. Did you mean 'robbery'?",
    ):
        assert fault in said.text, f"{fault!r} in {said}"
    count = int(re.search(r"(\d+) things are wrong", said.text)[1])
    assert count >= 5


# Showing the site


@pytest.fixture
def served(small: Copy, port: int) -> Iterator[subprocess.Popen[str]]:
    """Serve the made-up site."""
    serve = ("--project", str(small.root), "serve", "--port", str(port))
    process = small.start(*serve, start_new_session=True)
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
    small: Copy, served: subprocess.Popen[str], port: int
) -> None:
    for page in ("index.html", "ashby/2008/index.html"):
        with urlopen(f"http://127.0.0.1:{port}/{page}", timeout=10) as answer:
            assert answer.read() == (small.site / page).read_bytes()
    # Another address of this machine: a server open to the network would answer here too.
    assert not answers("127.0.0.2", port)

    served.send_signal(signal.SIGINT)

    said = ended(served, 20)
    assert said.code in (0, 130), said
    assert f"http://localhost:{port}/" in said.text
    assert is_readable(said), said


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("linked.txt", 404),
        ("linked/secret.txt", 404),
        ("ashby/", 404),
        ("../data/areas.yml", 404),
        ("%2e%2e/data/areas.yml", 404),
        ("nowhere.html", 404),
    ],
)
def test_serve_follows_no_link_lists_no_folder_and_leaves_no_site(
    small: Copy, port: int, tmp_path: Path, path: str, code: int
) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    for link, target in (("linked.txt", tmp_path / "secret.txt"), ("linked", tmp_path)):
        (small.site / link).unlink(missing_ok=True)
        (small.site / link).symlink_to(target)

    with pytest.raises(HTTPError) as refused:
        urlopen(f"http://127.0.0.1:{port}/{path}", timeout=10)

    assert refused.value.code == code


@pytest.mark.usefixtures("served")
def test_serve_answers_this_machine_by_its_own_names_alone_and_strictly(port: int) -> None:
    address = f"http://127.0.0.1:{port}/index.html"
    with urlopen(address, timeout=10) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]

    with pytest.raises(HTTPError) as refused:
        urlopen(Request(address, headers={"Host": f"evil.example:{port}"}), timeout=10)

    assert refused.value.code == 421


def test_serve_ends_on_sigterm_as_on_ctrl_c(served: subprocess.Popen[str]) -> None:
    served.send_signal(signal.SIGTERM)

    said = ended(served, 20)
    assert said.code == 130, said
    assert is_readable(said), said


def test_serve_says_that_a_port_is_in_use(kingston: Callable[..., Said]) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        said = kingston("serve", "--port", str(port))

    assert said.code == 1, said
    assert f"Port {port} cannot be used: Address already in use." in said.text
    assert "--port" in said.text
    assert is_readable(said), said


def test_serve_and_check_book_say_that_there_is_no_site_yet(
    kingston: Callable[..., Said], port: int, tmp_path: Path
) -> None:
    project = small_project(tmp_path / "project")
    for command in (["serve", "--port", str(port)], ["check", "book"]):
        said = kingston(*command, project=project.root)

        assert said.code == 1, said
        assert "There is no site yet." in said.text
        assert "Run `kingston build`." in said.text
