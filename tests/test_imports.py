"""The rooms of the house: who may import whom, and who may touch the disk."""

from __future__ import annotations

import ast
import copy
import itertools
import subprocess
import sys
from pathlib import Path

import grimp
import pytest
from importlinter.api import read_configuration
from importlinter.contracts.layers import LayersContract
from tables_fixture import PROJECT

from kingston_analysis.data.areas import load_areas

SOURCE = PROJECT.root / "src" / "kingston_analysis"
MODULES = sorted(SOURCE.rglob("*.py"))
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


@pytest.fixture(scope="module")
def contract() -> dict:
    """Return the contract as `make test` reads it."""
    found = read_configuration(str(PROJECT.root / "pyproject.toml"))["contracts_options"]
    return next(each for each in found if each["type"] == "layers")


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("kingston_analysis", cache_dir=None)


def is_kept(contract: dict, graph: grimp.ImportGraph) -> bool:
    options = {"root_packages": ["kingston_analysis"]}
    law = LayersContract(contract["name"], options, contract)
    return law.check(copy.deepcopy(graph), verbose=False).kept


def rooms_in_order(contract: dict) -> list[list[str]]:
    """List the rooms from the top of the house down, those of one floor together."""
    return [floor.split(" | ") for floor in contract["layers"]]


def test_the_rooms_keep_the_direction(contract, graph):
    assert is_kept(contract, graph), "`lint-imports` names the import: move it to a lower room."


def test_the_law_covers_every_room_and_makes_no_exception(contract):
    rooms = {room for floor in rooms_in_order(contract) for room in floor}
    found = {each.stem for each in SOURCE.iterdir() if each.suffix == ".py" or each.is_dir()}
    assert rooms == found - {"__init__", "__pycache__"}
    assert contract["exhaustive"] == "True"
    assert "ignore_imports" not in contract


def test_an_upward_import_is_caught_in_any_room(contract, graph):
    floors = rooms_in_order(contract)
    for below, floor in enumerate(floors[1:], start=1):
        for room, above in itertools.product(floor, floors[below - 1]):
            planted = copy.deepcopy(graph)
            upward = (f"kingston_analysis.{room}", f"kingston_analysis.{above}")
            planted.add_import(importer=upward[0], imported=upward[1])
            assert not is_kept(contract, planted), upward


def test_rooms_of_one_floor_do_not_know_each_other(contract, graph):
    for floor in rooms_in_order(contract):
        for one, other in itertools.permutations(floor, 2):
            planted = copy.deepcopy(graph)
            pair = (f"kingston_analysis.{one}", f"kingston_analysis.{other}")
            planted.add_import(importer=pair[0], imported=pair[1])
            assert not is_kept(contract, planted), pair


def test_a_room_without_a_floor_is_caught(contract, graph):
    built = copy.deepcopy(graph)
    built.add_module("kingston_analysis.annexe")
    assert not is_kept(contract, built)


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
    assert rooms == {"data"}


def test_json_of_files_is_read_in_one_way_only():
    """What our own processes say on their lines is no file, and stands beside it."""
    lines = {"draw_lines.py", "drawers.py", "jupyter_books.py", "summary_pdf.py"}
    found = {module.name for module in MODULES if "loads" in called_in(module)}
    assert found - lines == {"project.py"}


def test_no_code_names_a_borough():
    boroughs = load_areas(PROJECT).borough_names
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


def test_every_analysis_has_a_test():
    tests = "\n".join(
        each.read_text("utf-8") for each in (PROJECT.root / "tests").glob("test_*.py")
    )
    questions = {ids(each).split("/")[1].removesuffix(".py") for each in in_room("analyses")}
    untested = [
        q for q in questions - {"__init__"} if f"kingston_analysis.analyses.{q}" not in tests
    ]
    assert untested == [], "Write tests/test_<question>.py, as docs/analysis.md says."


def test_no_room_is_called_after_nothing():
    names = {
        part for module in MODULES for part in module.relative_to(SOURCE).with_suffix("").parts
    }
    assert not names & {"utils", "util", "helpers", "common", "misc"}


def test_the_package_itself_is_empty():
    assert (SOURCE / "__init__.py").read_text(encoding="utf-8") == ""
