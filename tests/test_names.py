"""The words of the code: no dialect, no public name twice, no analysis that imports another."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from tables_fixture import PROJECT

SOURCE = PROJECT.root / "src" / "kingston_analysis"
# What was said here, where the field has a term for it; `docs/glossary.md` has the terms.
DIALECT = {
    *("told", "said", "written", "words", "foretold", "came", "held_80", "turns", "Turn"),
    *("smallest_turns", "Swap", "with_other_measures", "driven", "moved", "Move", "readings"),
    *("Reading", "whole", "lead", "beside", "groups_round", "mill", "hold", "hold_table"),
    *("hold_yaml", "held", "others", "needs", "given", "watch", "note", "sanctioned", "reads"),
    *("vouches_for_itself", "torn", "in_vain", "strip", "door", "lean", "weighed", "weighing"),
    *("facts", "tells", "sees", "narrow", "made_up", "year_ends", "alarms", "yamls", "files"),
    *("Of", "Way", "End", "Side", "How", "Asked", "Given"),
}
# Words that are kept where they mean what they mean in plain English, with what that is.
PLAIN = {
    "files": "files of a disk, by their paths",
    "note": "the note below a figure or on a card",
    "narrow": "a drawing for a narrow screen",
    "words": "what an answer says, beside its figures, tables and findings",
}
ROOMS = (
    *("analyses", "book", "commands", "data", "matrix", "measures", "pages", "plan", "records"),
    *("review", "show", "study", "views"),
)
# A file that is a room by itself.
FILES = ("cli", "errors", "notebook", "project", "results")


def modules_of(room: str) -> list[Path]:
    return [
        f
        for f in sorted(SOURCE.rglob("*.py"))
        if f.relative_to(SOURCE).parts[0] in (room, f"{room}.py")
    ]


def names_in(module: Path) -> Iterator[tuple[str, str]]:
    """Give the names of modules, classes, functions, fields and arguments, each with its place."""
    place = module.relative_to(SOURCE).as_posix()
    yield module.stem, place
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, f"{place}:{node.lineno}"
        elif isinstance(node, ast.arg):
            yield node.arg, f"{place}:{node.lineno}"
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, f"{place}:{node.lineno}"


def public_definitions(room: str) -> Iterator[tuple[str, str]]:
    """Give public classes, types by another name, and functions of a room's modules."""
    for module in modules_of(room):
        for node in ast.parse(module.read_text(encoding="utf-8")).body:
            name = getattr(node, "name", None)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                # A type's name has small letters in it, a constant's none.
                name = node.targets[0].id if not node.targets[0].id.isupper() else None
            if name and len(name) > 1 and not name.startswith(("_", "pytest_")):
                yield name, f"{module.relative_to(SOURCE).as_posix()}:{node.lineno}"


def test_every_room_is_known():
    found = {each.stem for each in SOURCE.iterdir() if each.suffix in ("", ".py")}
    assert found - {"__init__", "__pycache__"} == {*ROOMS, *FILES}


@pytest.mark.parametrize("room", [*ROOMS, *FILES])
def test_names_are_the_terms_of_the_field(room):
    found = [n for m in modules_of(room) for n in names_in(m)]

    assert found
    assert [
        f"{place}: {name}" for name, place in found if name.strip("_") in DIALECT - PLAIN.keys()
    ] == []


def test_no_public_class_or_function_has_a_name_twice():
    places: dict[str, list[str]] = defaultdict(list)
    for room in (*ROOMS, *FILES):
        for name, place in public_definitions(room):
            places[name].append(place)

    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_no_analysis_imports_another():
    graph = grimp.build_graph("kingston_analysis", cache_dir=None)
    room = "kingston_analysis.analyses"

    def analysis(module: str) -> str:
        return module.removeprefix(f"{room}.").partition(".")[0]

    modules = graph.find_descendants(room)
    found = [
        f"{module} imports {other}"
        for module in modules
        for other in graph.find_modules_directly_imported_by(module)
        if other in modules and analysis(module) != analysis(other)
    ]

    assert modules
    assert found == []
