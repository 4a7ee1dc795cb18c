"""What papermill put into a notebook that runs, by whoever's hand: `papermill … -p name value`."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from IPython.core.getipython import get_ipython

from kingston_analysis.errors import Problem, nearest, raise_any

# So begins the cell in which papermill sets parameters.
INJECTED = "# Parameters\n"


def check_injected(taken: Collection[str]) -> None:
    """Raise KingstonError for a parameter that was put in and that the notebook never sets itself.

    `taken` are the names of those that its page takes.
    """
    shell = get_ipython()
    cells = [str(cell) for cell in shell.user_ns.get("In", [])] if shell else []
    injected = [cell for cell in cells if cell.startswith(INJECTED)]
    if not injected:
        return
    own = {*taken, *(name for cell in cells if cell not in injected for name in _set_by(cell))}
    raise_any(
        Problem(f"The notebook takes no parameter '{name}'.", remedy=nearest(name, taken))
        for name in dict.fromkeys(name for cell in injected for name in _set_by(cell))
        if name not in own
    )


def _set_by(cell: str) -> Iterator[str]:
    """Give the names that a cell sets; none where it is no plain Python."""
    try:
        nodes = ast.walk(ast.parse(cell))
    except SyntaxError:
        return
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
