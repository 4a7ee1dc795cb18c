"""YAML files, read into models; every mistake is reported with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.tables.files import read_bytes

T = TypeVar("T")


class Strict(BaseModel):
    """A model that refuses keys which it does not know, and never changes once made."""

    model_config = {"extra": "forbid", "frozen": True}


def load_yaml(path: Path, model: type[T]) -> T:
    """Read a YAML file and check it against a model.

    Raises KingstonError with every fault found in the file: a file that is missing or is not
    YAML, a key given twice, an unknown key, a value of the wrong kind; each with line and column.
    """
    node = _compose(path)
    repeated = list(_repeated_keys(node, path))
    if repeated:
        raise KingstonError(repeated)
    try:
        return TypeAdapter(model).validate_python(_Loader("").construct_document(node))
    except ValidationError as error:
        raise KingstonError(_problem(fault, node, path) for fault in error.errors()) from None


class _Loader(yaml.SafeLoader):
    """Read dates and years as the text that was written: 2006/07 and 2008-09 are periods."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _compose(path: Path) -> yaml.Node:
    text = read_bytes(path)
    try:
        node = _Loader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (None, None)
        problem = Problem(f"Not readable as YAML: {error.problem}.", path, *place)
        raise KingstonError(problem) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise KingstonError(Problem(f"Not readable as YAML: {error}.", path)) from None
    if node is None:
        raise KingstonError(Problem("The file is empty.", path, 1))
    return node


def _repeated_keys(node: yaml.Node, path: Path):
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield _at(key, f"The key '{key.value}' is given twice.", path, "Keep one.")
            seen.add(key.value)
            yield from _repeated_keys(value, path)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated_keys(item, path)


def _problem(fault: Any, node: yaml.Node, path: Path) -> Problem:
    location = [part for part in fault["loc"] if isinstance(part, int | str)]
    name = ".".join(map(str, location)) or "the file"
    remedies = {
        "extra_forbidden": f"The key '{name}' is not known here. Remove it or correct its name.",
        "missing": f"The key '{name}' is missing. Add it.",
    }
    given = "" if fault["type"] in remedies else f" Given: {fault['input']!r}."
    what = remedies.get(fault["type"], f"{name}: {fault['msg'].removeprefix('Value error, ')}.")
    return _at(_find(node, location), what.replace("..", ".") + given, path)


def _find(node: yaml.Node, location: list[int | str]) -> yaml.Node:
    """Follow an error's location as far as the document goes; the last node is its place."""
    place = node
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pairs = {key.value: (key, value) for key, value in node.value}
            if part not in pairs:
                continue
            place, node = pairs[part]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            place = node = node.value[part]
    return place


def _at(node: yaml.Node, what: str, path: Path, remedy: str = "") -> Problem:
    return Problem(what, path, node.start_mark.line + 1, node.start_mark.column + 1, remedy)
