"""The notebooks are thin: they open a page and ask; the answers are made in the package."""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib import import_module

import nbformat
import pytest
from tables_fixture import PROJECT

from kingston_analysis.pages.engines import KERNEL

TEMPLATES = sorted(PROJECT.notebooks.glob("*.ipynb"))
LINES_IN_ALL, LINES_A_CELL = 40, 6
NOTEBOOK, ANALYSES = "kingston_analysis.notebook", "kingston_analysis.analyses."
HELP = re.compile(r"^\w+: (int|str|float|bool) = .+  # help: \S.*$")
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\b\d\d:\d\d:\d\d\b")
# Hashes (sha256:…) and Altair's names of data (data-<hash of the rows>) are not random.
RANDOM_ID = re.compile(
    r"(?<![0-9a-f])(?<!data-)[0-9a-f]{32}(?![0-9a-f])"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\bat 0x[0-9a-f]+|/tmp/"
)

pytestmark = pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.stem)


@cache
def cells(template) -> list:
    return nbformat.read(template, 4).cells


def code(template) -> list:
    return [cell for cell in cells(template) if cell.cell_type == "code"]


def parsed(template) -> ast.Module:
    return ast.parse("\n".join(cell.source for cell in code(template)))


def lines(source: str) -> list[str]:
    return [line for line in source.splitlines() if line.strip() and line.strip()[0] != "#"]


def test_it_begins_with_a_title_and_a_question(template):
    first = cells(template)[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    assert first.source.rstrip().endswith("?")


def test_it_imports_what_opens_pages_and_analyses_alone(template):
    imported = [n for n in ast.walk(parsed(template)) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert imported
    for each in imported:
        assert isinstance(each, ast.ImportFrom)
        assert each.module == NOTEBOOK or each.module.startswith(ANALYSES), each.module


def test_it_imports_no_name_that_it_does_not_use_and_none_twice(template):
    tree = parsed(template)
    imported = [
        (node.module, each.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for each in node.names
    ]
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names = [name for _, name in imported]
    assert len(names) == len(set(names))
    assert set(names) <= used
    for module, name in imported:
        assert callable(getattr(import_module(module), name))


def test_its_second_cell_opens_the_page_under_the_templates_own_name(template):
    opening = ast.parse(code(template)[1].source).body[-1]
    assert isinstance(opening, ast.Assign)
    assert ast.unparse(opening.targets[0]) == "page"
    called = opening.value
    names = [ast.literal_eval(each) for each in called.args]
    if called.func.id == "open_topic":
        assert (names or ["topic"]) == [template.stem]
    else:
        assert (called.func.id, names) == ("open_edition", [template.stem])
    given = {each.arg: ast.unparse(each.value) for each in called.keywords}
    parameters = [each.target.id for each in ast.parse(code(template)[0].source).body]
    assert given == {name: name for name in parameters}


def test_each_of_its_other_cells_ends_in_an_answer_as_a_value(template):
    for cell in code(template)[2:]:
        *before, last = ast.parse(cell.source).body
        assert isinstance(last, ast.Expr), cell.source
        assert isinstance(last.value, ast.Call), cell.source
        assert "page" in {n.id for n in ast.walk(last) if isinstance(n, ast.Name)}, cell.source
        assert all(isinstance(each, ast.ImportFrom | ast.Assign) for each in before), cell.source


def test_it_has_one_cell_of_parameters_with_literal_defaults_and_help(template):
    tagged = [cell for cell in cells(template) if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    assert tagged[0] is code(template)[0]
    for line in tagged[0].source.splitlines():
        assert HELP.match(line), line
    for statement in ast.parse(tagged[0].source).body:
        assert isinstance(statement, ast.AnnAssign)
        value = ast.literal_eval(statement.value)
        assert type(value).__name__ == statement.annotation.id


def test_it_takes_edition_and_area(template):
    taken = [each.target.id for each in ast.parse(code(template)[0].source).body]
    assert taken[:2] == ["edition", "area"]


def test_it_is_short(template):
    lengths = [len(lines(cell.source)) for cell in code(template)]
    assert max(lengths) <= LINES_A_CELL
    assert sum(lengths) <= LINES_IN_ALL


def test_it_defines_tries_repeats_and_prints_nothing(template):
    tree = parsed(template)
    defines = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
    forbidden = defines | ast.Try | ast.For | ast.While | ast.With
    assert not [node for node in ast.walk(tree) if isinstance(node, forbidden)]
    called = {
        n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and hasattr(n.func, "id")
    }
    assert not called & {"print", "display", "open", "eval", "exec"}


def test_it_has_no_magics(template):
    for cell in code(template):
        assert not [line for line in cell.source.splitlines() if line.lstrip()[:1] in ("%", "!")]


def test_it_was_executed_from_top_to_bottom(template):
    counts = [cell.execution_count for cell in code(template)]
    assert counts == list(range(1, len(counts) + 1))


def test_it_was_executed_without_errors_and_without_stray_text(template):
    kinds = {output.output_type for cell in code(template) for output in cell.outputs}
    assert kinds == {"display_data"}


def test_its_outputs_hold_no_time_and_no_random_id(template):
    for cell in code(template):
        for output in cell.outputs:
            text = str(output)
            assert not TIME.search(text), TIME.search(text)
            assert not RANDOM_ID.search(text), RANDOM_ID.search(text)
            assert set(output.get("metadata", {})) == set()


def test_its_outputs_hold_no_picture(template):
    kinds = {
        k for cell in code(template) for output in cell.outputs for k in output.get("data", {})
    }
    assert not [kind for kind in kinds if kind.startswith("image/")]


def test_it_holds_no_notes_of_a_runner(template):
    notebook = nbformat.read(template, 4)
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}
    assert notebook.metadata["kernelspec"] == KERNEL
    assert "version" not in notebook.metadata.get("language_info", {})
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags"}


def test_its_cells_have_ids_that_say_where_they_stand(template):
    ids = [cell.id for cell in cells(template)]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(rf"{template.stem}-\d\d|cell-\d\d", each) for each in ids), ids
