"""The hash of a table is of its bytes: a checkout on any machine must leave them as they are."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

import pytest
from tables_fixture import PROJECT

DATA_FILES = sorted(
    file.relative_to(PROJECT.root).as_posix()
    for file in (PROJECT.root / "data/tables").iterdir()
    if file.suffix in (".csv", ".parquet")
)


def attributes_of(path: str) -> set[str]:
    """Return the attributes of a path; as in git, a later line overrules an earlier one."""
    found: set[str] = set()
    for line in (PROJECT.root / ".gitattributes").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern, *given = line.split()
            if fnmatch(path if "/" in pattern else Path(path).name, pattern):
                names = {each.lstrip("-").partition("=")[0] for each in given}
                # `binary` is git's short word for `-diff -merge -text`.
                names |= {"text"} if "binary" in given else set()
                kept = {e for e in found if e.lstrip("-").partition("=")[0] not in names}
                found = kept | set(given) | ({"-text"} if "binary" in given else set())
    return found


@pytest.mark.parametrize("path", DATA_FILES)
def test_git_changes_no_line_end_of_a_table(path):
    assert "-text" in attributes_of(path)


@pytest.mark.parametrize("path", ["Makefile", "book/index.md", "data/topics.yml"])
def test_git_gives_every_text_the_same_line_ends_on_every_machine(path):
    assert {"text=auto", "eol=lf"} <= attributes_of(path)


@pytest.mark.parametrize("path", DATA_FILES)
def test_a_table_of_text_has_no_carriage_returns(path):
    assert path.endswith(".parquet") or b"\r" not in (PROJECT.root / path).read_bytes()
