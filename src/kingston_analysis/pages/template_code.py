"""What the code of a template may say, read from its syntax tree before any page of it runs.

No system refuses a page its clock, its environment, its current folder, its chance, or what other
code keeps for itself: that is read here, on every system, and a cell that is no plain Python could
not be. Where the system cannot confine a page either, a template may import and call only what is
listed here.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from nbformat import NotebookNode

from kingston_analysis.errors import Problem, nearest
from kingston_analysis.pages.landlock import landlock_abi
from kingston_analysis.pages.outputs import cell_number
from kingston_analysis.pages.parameters import template_cells

# What differs from run to run, by its full name, or by the last part of it under any name.
CLOCK = re.compile(
    r"time\.(time|monotonic|perf_counter|process_time|thread_time|clock_gettime)(_ns)?"
    r"|time\.(gmtime|localtime|ctime|asctime|strftime)|.*\.(now|utcnow|today)"
)
ENVIRONMENT = re.compile(r"os\.(environ|environb|getenv|getenvb|getlogin|uname)|platform\..*")
FOLDER = re.compile(
    r"os\.(getcwd|getcwdb|chdir|fchdir)|pathlib\.Path\.(cwd|home)|(.*\.)?expanduser"
)
CHANCE = re.compile(
    r"random\.(?!Random$).+|secrets\..*|uuid\.uuid[14]|os\.urandom|os\.getrandom"
    r"|numpy\.random\.(?!default_rng$|Generator$|SeedSequence$|PCG64$|RandomState$|BitGenerator$).+"
)
# These take their chance from a seed, which must then be given.
SEEDED = (
    *("random.Random", "numpy.random.default_rng", "numpy.random.RandomState"),
    *("numpy.random.SeedSequence", "numpy.random.PCG64"),
)
SAMPLES = re.compile(r".*\.sample")
MOMENTS = ("now", "today")
REFUSED = (
    (CLOCK, "asks the clock", "Give the date as a parameter, or take it from `page.view`."),
    (ENVIRONMENT, "asks the environment", "Give what it needs as a parameter."),
    (FOLDER, "asks for the current folder", "Load tables with `page.view.load`."),
    (CHANCE, "uses chance without a seed", "Use `np.random.default_rng(seed)`."),
)

# What may be imported where the system confines no page. Of this package: what notebooks are for.
MODULES = frozenset(
    re.findall(
        r"\w+",
        """
        __future__ abc altair bisect calendar cmath collections copy dataclasses datetime decimal
        enum fractions functools heapq itertools json math numbers numpy operator pandas re scipy
        statistics statsmodels string textwrap typing
        """,
    )
)
OWN_ROOMS = ("analyses", "data", "errors", "measures", "notebook", "results", "show", "views")
BUILTINS = frozenset(
    re.findall(
        r"\w+",
        """
        abs all any ascii bin bool bytes chr classmethod complex dict display divmod enumerate
        filter float format frozenset hex int isinstance issubclass iter len list map max min next
        object oct ord pow print property range repr reversed round set slice sorted staticmethod
        str sum super tuple type zip __name__ NotImplemented Ellipsis
        """,
    )
)
ERRORS = frozenset(
    name
    for name, each in vars(builtins).items()
    if isinstance(each, type) and issubclass(each, BaseException)
)
# What reads or writes files, of libraries that may be imported.
FILES = re.compile(
    r"pandas\.(read_.*|ExcelFile|ExcelWriter|HDFStore|io\b.*)"
    r"|numpy\.(load|loadtxt|genfromtxt|fromfile|memmap|save|savetxt|savez.*|DataSource|ctypeslib.*)"
    r"|numpy\.lib\..*|scipy\.(io|datasets)\b.*|statsmodels\.datasets\b.*|json\.(load|dump)"
    r"|(.*\.)?(to_(parquet|pickle|excel|sql|feather|hdf|orc|stata|clipboard|gbq)|tofile|save)"
)
FILE_OR_TEXT = re.compile(r"(.*\.)?to_(csv|json|html|latex|markdown|string|xml)")
PRIVATE = re.compile(r"_(?!asdict$|replace$|fields$).*")
OTHERWISE = "Load tables with `page.view.load`; what else it needs belongs into `analyses`."

PLAIN = "Write it as Python: a page takes no line that begins with `%` or `!`, nor one with `?`."


def template_problems(template: Path) -> Iterator[Problem]:
    """Find, with cell and line, what a template says that no page may.

    Raises KingstonError where the file is no notebook.
    """
    cells = template_cells(template)
    code = [(cell_number(cells, n), e.source) for n, e in enumerate(cells) if _is_code(e)]
    trees = [(number, tree) for number, source in code if (tree := _tree(source))]
    # What IPython alone understands would hide the rest of its cell from all that is read here.
    found = [(n, 1, "is no plain Python", PLAIN) for n, source in code if not _tree(source)]
    names = _imported(tree for _, tree in trees)
    found += [(n, *each) for n, tree in trees for each in _what_differs(tree, names)]
    found += [(n, *each) for n, tree in trees for each in _private(tree)]
    if not landlock_abi():
        own = {name for _, tree in trees for name in _bound(tree)}
        found += [(n, *each) for n, tree in trees for each in _not_allowed(tree, names, own)]
    for number, line, what, remedy in dict.fromkeys(sorted(found)):
        yield Problem(f"cell {number}, line {line}: it {what}.", template, remedy=remedy)


def _is_code(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())


def _tree(source: str) -> ast.Module | None:
    """Parse a cell; what only IPython understands, or nobody, has no tree."""
    try:
        return compile(source, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _imported(trees: Iterable[ast.Module]) -> dict[str, str]:
    """Return what each name that a notebook imports stands for, in full."""
    names: dict[str, str] = {}
    for each in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(each, ast.Import):
            for name in each.names:
                first = name.name.partition(".")[0]
                names[name.asname or first] = name.name if name.asname else first
        elif isinstance(each, ast.ImportFrom):
            names |= {n.asname or n.name: f"{each.module}.{n.name}" for n in each.names}
    return names


def _full_name(node: ast.expr, names: dict[str, str]) -> str:
    """Return the dotted name of an expression, as imported; other than names count as ``*``."""
    if isinstance(node, ast.Attribute):
        return f"{_full_name(node.value, names)}.{node.attr}"
    return names.get(node.id, f"*{node.id}") if isinstance(node, ast.Name) else "*"


def _what_differs(tree: ast.Module, names: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    """Find what gives another answer in another run: line, what it does, what to do instead."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
            name = _full_name(node, names)
            for pattern, what, remedy in REFUSED:
                if pattern.fullmatch(name):
                    yield node.lineno, f"{what} (`{ast.unparse(node)}`)", remedy
        elif isinstance(node, ast.Call):
            yield from _calls_that_differ(node, _full_name(node.func, names))


def _calls_that_differ(node: ast.Call, name: str) -> Iterator[tuple[int, str, str]]:
    _, _, chance = REFUSED[-1]
    shown = f"`{ast.unparse(node.func)}`"
    keywords = {each.arg for each in node.keywords}
    if name in SEEDED and not (node.args or keywords):
        yield node.lineno, f"uses chance without a seed ({shown})", chance
    if SAMPLES.fullmatch(name) and "random_state" not in keywords:
        yield node.lineno, f"uses chance without a seed ({shown})", "Give it a `random_state`."
    values = [*node.args, *(each.value for each in node.keywords)]
    if name.startswith(("pandas.", "numpy.")) and any(
        isinstance(each, ast.Constant) and each.value in MOMENTS for each in values
    ):
        yield node.lineno, f"asks the clock ({shown})", REFUSED[0][2]


def _private(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Find what stands behind what there is for notebooks, such as tables that others have read."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and PRIVATE.fullmatch(node.attr):
            yield node.lineno, f"uses what is private (`{ast.unparse(node)}`)", OTHERWISE


def _bound(tree: ast.Module) -> Iterator[str]:
    """Give the names that some code makes itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name


def _not_allowed(
    tree: ast.Module, names: dict[str, str], own: set[str]
) -> Iterator[tuple[int, str, str]]:
    """Find what a template may not import, name or call where nothing else confines it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (_import(node, each.name) for each in node.names if not _may(each.name))
        elif isinstance(node, ast.ImportFrom):
            modules = [f"{node.module}.{each.name}" for each in node.names]
            if node.level or not all(map(_may, modules)):
                yield _import(node, node.module or ".")
        elif isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
            name = _full_name(node, names)
            if FILES.fullmatch(name):
                yield node.lineno, f"reads or writes files (`{ast.unparse(node)}`)", OTHERWISE
            elif isinstance(node, ast.Name) and _is_strange(node.id, names, own):
                yield node.lineno, f"uses `{node.id}`, which is not listed", OTHERWISE
        elif isinstance(node, ast.Call) and FILE_OR_TEXT.fullmatch(_full_name(node.func, names)):
            keywords = {each.arg for each in node.keywords}
            if node.args or keywords & {"path_or_buf", "buf", "path_or_buffer"}:
                yield node.lineno, f"writes a file (`{ast.unparse(node.func)}`)", OTHERWISE


def _is_strange(name: str, names: dict[str, str], own: set[str]) -> bool:
    return name not in BUILTINS | ERRORS | names.keys() | own


def _may(module: str) -> bool:
    first, _, rest = module.partition(".")
    if first == "kingston_analysis":
        return rest.partition(".")[0] in OWN_ROOMS
    if module.startswith("IPython.display."):
        return True
    return first in MODULES and not FILES.fullmatch(module)


def _import(node: ast.stmt, module: str) -> tuple[int, str, str]:
    what = f"imports '{module}', which is not listed"
    return node.lineno, what, f"{nearest(module, MODULES)} {OTHERWISE}"
