"""The locks: what runs the book, and what its tests and benchmarks need besides."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from tables_fixture import PROJECT

ROOT = PROJECT.root
INSTALLED = packages_distributions()
PIN = re.compile(r"^([a-z0-9.-]+)==([^ ;\\]+)", re.MULTILINE)
MOST_PACKAGES = 145  # about ten of them for other systems than Linux


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / name).read_text("utf-8")))


def imported(code: str) -> set[str]:
    """Return the packages that code imports, at its top or inside, as their import names."""
    names = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names


def unlocked(files: list[Path], locked: dict[str, str]) -> dict[str, list[str]]:
    """Return what files import that no locked distribution brings, by file."""
    brought = {
        name
        for name, distributions in INSTALLED.items()
        if any(re.sub(r"[._-]+", "-", each).lower() in locked for each in distributions)
    }
    brought |= {"kingston_analysis"}
    found = {file.name: sorted(imported(file.read_text("utf-8")) - brought) for file in files}
    return {name: missing for name, missing in found.items() if missing}


def test_what_runs_the_book_is_locked_without_what_tests_it():
    missing = unlocked(sorted((ROOT / "src").rglob("*.py")), pins("requirements.lock"))
    assert missing == {"cluster.py": ["distributed"]}  # told of where it lacks
    assert len(pins("requirements.lock")) <= MOST_PACKAGES


def test_a_package_that_no_lock_holds_is_found(tmp_path):
    (tmp_path / "module.py").write_text("import pandas\n\ndef f():\n    from svy import Sample\n")
    assert unlocked([tmp_path / "module.py"], pins("requirements.lock")) == {"module.py": ["svy"]}
    assert unlocked([tmp_path / "module.py"], pins("requirements-dev.lock")) == {}


def test_both_locks_hold_the_same_versions():
    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert run
    assert run == {name: dev.get(name) for name in run}


def test_no_package_installs_a_name_of_ours():
    ours = {each.name for each in ROOT.iterdir() if each.is_dir() and each.name.isidentifier()}
    assert {"tests", "notebooks", "data", "book", "src"} <= ours
    assert {
        name: packages_distributions()[name] for name in ours & set(packages_distributions())
    } == {}
