"""Run a page's template in this process, as a notebook would: a cell's last value shows itself."""

from __future__ import annotations

import ast
from typing import Any

import nbformat

from kingston_analysis.records.pages import Page


def run_template(page: Page) -> dict[str, Any]:
    """Run a template's cells with a page's parameters; return the names that they leave."""
    cells = [c.source for c in nbformat.read(page.source, 4).cells if c.cell_type == "code"]
    names: dict[str, Any] = {}
    run_cell(cells[0], names)
    names |= page.parameters
    for cell in cells[1:]:
        run_cell(cell, names)
    return names


def run_cell(source: str, names: dict[str, Any]) -> None:
    """Run one cell; the value of an expression that ends it shows itself."""
    *first, last = ast.parse(source).body
    if isinstance(last, ast.Expr):
        exec(compile(ast.Module(first, []), "cell", "exec"), names)
        eval(compile(ast.Expression(last.value), "cell", "eval"), names)._ipython_display_()
    else:
        exec(source, names)
