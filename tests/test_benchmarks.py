"""The benchmarks start by the command that `make bench` types."""

from __future__ import annotations

import subprocess
import sys

from tables_fixture import PROJECT


def test_the_benchmarks_start_whatever_other_package_is_called_tests(tmp_path):
    """A library may install its own tests as a package `tests`, as textstat does."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/__init__.py").touch()
    command = [sys.executable, "-m", "tests.benchmarks", "--help"]
    done = subprocess.run(
        command, cwd=PROJECT.root, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "usage: python -m tests.benchmarks" in done.stdout
