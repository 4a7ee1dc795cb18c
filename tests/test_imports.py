"""The rooms of the house: who may import whom, and who may touch the disk."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from kingston_analysis.errors import ROOT
from kingston_analysis.tables.areas import load_areas

SOURCE = ROOT / "src" / "kingston_analysis"
MODULES = sorted(SOURCE.rglob("*.py"))
# One direction, no way back: a room imports from those before it only.
ROOMS = ["tables", "measures", "show", "answers", "pages", "review", "book", "commands"]
READS_AND_WRITES = (
    *("open", "print", "input", "read_text", "read_bytes", "write_text", "write_bytes"),
    *("read_csv", "read_parquet", "read_json", "read_excel", "to_csv", "to_parquet", "to_json"),
    *("load", "load_topics", "load_topic", "load_areas", "load_edition", "load_metadata"),
    *("load_yaml", "mkdir", "unlink", "glob", "rglob", "iterdir", "save", "urlopen"),
)


def in_room(room: str) -> list[Path]:
    return [each for each in MODULES if each.relative_to(SOURCE).parts[0] == room]


def imported_by(module: Path) -> set[str]:
    """Return the full names of all that a module imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports from a neighbour by dots"
            found |= {node.module} | {f"{node.module}.{each.name}" for each in node.names}
    return found


def called_in(module: Path) -> set[str]:
    calls = [n.func for n in ast.walk(ast.parse(module.read_text("utf-8"))) if type(n) is ast.Call]
    return {getattr(each, "attr", getattr(each, "id", "")) for each in calls}


def ids(module: Path) -> str:
    return module.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("heavy", ["pandas", "sphinx", "pyarrow", "altair", "papermill"])
def test_the_command_line_starts_light(heavy, loaded_by_the_command_line):
    assert heavy not in loaded_by_the_command_line
    assert "typer" in loaded_by_the_command_line


@pytest.fixture(scope="module")
def loaded_by_the_command_line() -> set[str]:
    script = "import sys, kingston_analysis.cli; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_the_rooms_are_there():
    assert all(len(in_room(room)) > 1 for room in ROOMS)


@pytest.mark.parametrize("module", [m for room in ROOMS for m in in_room(room)], ids=ids)
def test_a_room_knows_nothing_of_those_after_it(module):
    room = ROOMS.index(module.relative_to(SOURCE).parts[0])
    later = tuple(f"kingston_analysis.{each}" for each in ROOMS[room + 1 :])
    assert not [name for name in imported_by(module) if later and name.startswith(later)]


@pytest.mark.parametrize("module", in_room("measures") + in_room("show"), ids=ids)
def test_measures_and_views_do_no_input_or_output(module):
    assert not called_in(module) & set(READS_AND_WRITES)
    forbidden = {
        "pathlib",
        "os",
        "shutil",
        "subprocess",
        "socket",
        "urllib",
        "tempfile",
        "requests",
    }
    assert not {name.partition(".")[0] for name in imported_by(module)} & forbidden


@pytest.mark.parametrize("module", in_room("measures"), ids=ids)
def test_measures_use_neither_clock_nor_chance_of_their_own(module):
    forbidden = {"time", "random", "uuid", "secrets"}
    assert not {name.partition(".")[0] for name in imported_by(module)} & forbidden
    assert not called_in(module) & {"now", "today", "rand"}


@pytest.mark.parametrize("module", in_room("measures"), ids=ids)
def test_measures_draw_at_random_only_from_a_seed_with_a_name(module):
    calls = [node for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Call)]
    drawing = [
        e for e in calls if isinstance(e.func, ast.Attribute) and e.func.attr == "default_rng"
    ]
    assert all(len(e.args) == 1 and ast.unparse(e.args[0]).isupper() for e in drawing)


def test_tables_are_read_from_files_in_one_room_only():
    readers = {"read_parquet", "read_csv", "read_table", "read_excel", "scan_parquet"}
    rooms = {
        ids(module).partition("/")[0]
        for module in MODULES
        if called_in(module) & readers
        or {name.partition(".")[0] for name in imported_by(module)} & {"pyarrow", "polars"}
    }
    assert rooms == {"tables"}


def test_no_code_names_a_borough():
    boroughs = load_areas().borough_names
    for module in MODULES:
        tree = ast.parse(module.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body:
                first = node.body[0]
                if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                    first.value.value = ""  # a docstring may give an example
        said = [n.value for n in ast.walk(tree) if type(getattr(n, "value", None)) is str]
        # The help of a command may give an example too.
        said = [text for text in said if not text.startswith("Example:")]
        assert not [(text, b) for text in said for b in boroughs if b in text], module


def test_no_room_is_called_after_nothing():
    names = {
        part for module in MODULES for part in module.relative_to(SOURCE).with_suffix("").parts
    }
    assert not names & {"utils", "util", "helpers", "common", "misc"}


def test_the_package_itself_is_empty():
    assert (SOURCE / "__init__.py").read_text(encoding="utf-8") == ""
