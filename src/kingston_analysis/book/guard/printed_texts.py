"""Every text that people write and a page may print: Markdown, notebooks, fields of YAML files."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from kingston_analysis.book.guard.sentences import Sentence, sentences_of
from kingston_analysis.book.yaml_files import YAML_FILES
from kingston_analysis.data.editions import edition_years, load_edition
from kingston_analysis.data.names import NOT_PROSE, TESTED
from kingston_analysis.data.yaml_models import Strict, load_yaml
from kingston_analysis.errors import KingstonError
from kingston_analysis.project import Project, json_of
from kingston_analysis.records.pages import TEMPLATES_USED_ONCE, TOPIC
from kingston_analysis.results import Gap

Keys = tuple[str | int, ...]


@dataclass(frozen=True)
class Passage:
    """A printed text and its place: keys in a YAML file, or a cell of a notebook.

    `tested`: it is the sentence of a test, by which it is judged, not by its words alone. `page`:
    it is a page or cell of Markdown, and no text that one may print as it is.
    """

    text: str
    file: Path
    keys: Keys = ()
    cell: int | None = None
    tested: bool = False
    page: bool = False

    def sentences(self) -> Iterator[Sentence]:
        """Give its sentences as a reader meets them."""
        return sentences_of(self.text, all_shown=not self.page)


def printed_texts(project: Project) -> Iterator[Passage]:
    """Give every text that people wrote for readers. What cannot be read is told elsewhere."""
    for page in sorted(project.narrative.rglob("*.md")):
        with suppress(UnicodeDecodeError):
            yield Passage(page.read_text(encoding="utf-8"), page, page=True)
    for name in _names_of_notebooks(project):
        yield from _of_notebook(project.notebooks / f"{name}.ipynb")
    for pattern, model in YAML_FILES.values():
        for file in sorted(project.root.glob(pattern)):
            with suppress(KingstonError):
                content = load_yaml(project, file, model)
                for text, keys, tested in texts_in(content, model):
                    yield Passage(text, file, keys, tested=tested)


def _names_of_notebooks(project: Project) -> list[str]:
    """List the templates, and what editions name as pages of their own; no draft is printed."""
    names = dict.fromkeys((TOPIC, *TEMPLATES_USED_ONCE))
    for year in edition_years(project):
        # An edition that cannot be read names none: its own faults come first.
        with suppress(KingstonError):
            names.update(dict.fromkeys(load_edition(project, year).pages))
    return list(names)


def _of_notebook(notebook: Path) -> Iterator[Passage]:
    """Give the Markdown of a notebook, and the texts in its code: all that are of two words."""
    try:
        cells = json_of(notebook.read_bytes())["cells"]
        sources = [(each["cell_type"], "".join(each["source"])) for each in cells]
    except (OSError, ValueError, LookupError, TypeError):
        return
    for number, (kind, source) in enumerate(sources, start=1):
        if kind == "markdown":
            yield Passage(source, notebook, cell=number, page=True)
        elif kind == "code":
            for text in _literals(source):
                yield Passage(text, notebook, cell=number)


def _literals(source: str) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and len(text.split()) > 1:
            yield text


def texts_in(
    value: object, annotation: object, keys: Keys = ()
) -> Iterator[tuple[str, Keys, bool]]:
    """Give the texts in a value: all that its type does not mark as something else than prose.

    Each comes with its keys, and whether it is the sentence of a test.
    """
    branches, marks = _branches(annotation)
    if isinstance(value, Strict):
        for name, field in type(value).model_fields.items():
            kind = (
                Annotated[(field.annotation, *field.metadata)]
                if field.metadata
                else field.annotation
            )
            yield from texts_in(getattr(value, name), kind, (*keys, field.alias or name))
    elif isinstance(value, Gap):
        yield value.why, (*keys, "not_available"), False
    elif isinstance(value, dict):
        key_kind, kind = next((get_args(b) for b in branches if get_origin(b) is dict), (str, Any))
        for key, each in value.items():
            yield from texts_in(key, key_kind, (*keys, key))
            yield from texts_in(each, kind, (*keys, key))
    elif isinstance(value, list | tuple):
        kinds = [get_args(b) for b in branches if get_origin(b) in (list, tuple)]
        kind = kinds[0][0] if kinds else Any
        for number, each in enumerate(value):
            yield from texts_in(each, kind, (*keys, number))
    elif isinstance(value, str) and NOT_PROSE not in marks and not _is_literal(value, branches):
        yield value, keys, TESTED in marks


def _is_literal(value: str, branches: list[object]) -> bool:
    return any(value in get_args(each) for each in branches if get_origin(each) is Literal)


def _branches(annotation: object) -> tuple[list[object], list[object]]:
    """Return the types that a value may be of, and all that marks them."""
    if isinstance(annotation, str):
        return [], []
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        branches, more = _branches(inner)
        return branches, [*marks, *more]
    if get_origin(annotation) is Union or type(annotation).__name__ == "UnionType":
        found = [_branches(each) for each in get_args(annotation)]
        return [b for each, _ in found for b in each], [m for _, each in found for m in each]
    return [annotation], []
