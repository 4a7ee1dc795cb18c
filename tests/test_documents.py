"""The documents of the repository: what they name is there, and the rooms stand in their order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main
from importlinter.api import read_configuration
from tables_fixture import PROJECT

from kingston_analysis.cli import app
from kingston_analysis.commands.reference import reference_text

DOCS = PROJECT.root / "docs"
DOCUMENTS = sorted(
    [PROJECT.root / "README.md", PROJECT.root / "CONTRIBUTING.md", *DOCS.rglob("*.md")]
)
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
# What the guide has its reader write.
TO_WRITE = {"src/kingston_analysis/analyses/extremes.py", "tests/test_extremes.py"}
PLACES = (PROJECT.root, PROJECT.root / "src" / "kingston_analysis", DOCS)


def name(file: Path) -> str:
    return file.relative_to(PROJECT.root).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_file_that_a_document_names_is_there(document: Path) -> None:
    text = document.read_text("utf-8")
    # Not what is built, nor a path with a part in angle brackets.
    named = re.findall(r"(?<![\w/.>-])(?:[\w.-]+/)+[\w-]+\.(?:py|md|csv|yml|json)\b", text)
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)

    assert [each for each in linked if not (document.parent / each).exists()] == []
    assert [
        each
        for each in named
        if not each.startswith("_build/")
        and each not in TO_WRITE
        and not any((top / each).exists() for top in PLACES)
    ] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_command_that_a_document_names_is_one(document: Path) -> None:
    text = document.read_text("utf-8")
    words = set(
        re.findall(r"^([a-z-]+):", (PROJECT.root / "Makefile").read_text("utf-8"), re.MULTILINE)
    )

    assert set(re.findall(r"(?:`|bin/|&& )kingston ([a-z-]+)", text)) <= set(
        typer.main.get_command(app).commands
    )
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)) <= words


@pytest.mark.parametrize("document", DECISIONS, ids=name)
def test_every_test_that_holds_a_decision_is_there(document: Path) -> None:
    tests = "\n".join(
        file.read_text("utf-8") for file in (PROJECT.root / "tests").glob("test_*.py")
    )
    named = re.findall(r"`(test_\w+)`", document.read_text("utf-8"))

    assert [each for each in named if f"def {each}(" not in tests] == []


@pytest.mark.parametrize("document", DECISIONS, ids=name)
def test_a_decision_says_what_against_what_and_when_to_look_again(document: Path) -> None:
    text = document.read_text("utf-8")
    parts = ("**Chosen:**", "**Against:**", "**Why:**", "**Measured", "```sh", "**Look again**")

    assert [each for each in parts if each not in text] == []


def test_the_list_of_decisions_has_each_of_them_under_its_title() -> None:
    listed = (DOCS / "decisions" / "README.md").read_text("utf-8")
    titles = [file.read_text("utf-8").splitlines()[0].removeprefix("# ") for file in DECISIONS]
    rows = [
        f"| {number} | [{title}]({file.name}) |"
        for file, (number, title) in zip(
            DECISIONS, (each.split(". ", 1) for each in titles), strict=True
        )
    ]

    assert re.findall(r"^\| \d.*$", listed, re.MULTILINE) == rows


def test_the_rooms_stand_in_the_order_of_the_contract() -> None:
    found = read_configuration(str(PROJECT.root / "pyproject.toml"))["contracts_options"]
    contract = next(each for each in found if each["type"] == "layers")
    rooms = (DOCS / "architecture.md").read_text("utf-8").split("| room | does |")[1]
    rows = re.findall(r"^\| (`[^|]+`) \|", rooms.split("\n\n")[0], re.MULTILINE)

    floors = [sorted(re.findall(r"\w+", row)) for row in rows]
    assert floors == [sorted(floor.split(" | ")) for floor in reversed(contract["layers"])]


def test_the_reference_of_what_a_notebook_may_use_is_as_the_docstrings_say() -> None:
    is_current = (DOCS / "reference.md").read_text("utf-8") == reference_text()
    assert is_current, "The docstrings say something else: `make reference`."


def test_the_reference_names_every_analysis_that_a_template_uses() -> None:
    templates = (file.read_text("utf-8") for file in PROJECT.notebooks.glob("*.ipynb"))
    used = set(re.findall(r"analyses\.[\w.]+ import (\w+)", "\n".join(templates)))

    assert used
    assert used <= set(re.findall(r"^- `(\w+)\(page", reference_text(), re.MULTILINE))
