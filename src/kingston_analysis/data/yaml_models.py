"""YAML files, read into models; every mistake is reported with its line."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, NoReturn, Protocol, TypeVar, get_args

import yaml
from pydantic import (
    BaseModel,
    Discriminator,
    GetPydanticSchema,
    PlainSerializer,
    StringConstraints,
    Tag,
    TypeAdapter,
    ValidationError,
    WrapValidator,
)

from kingston_analysis.data.markup import field_faults
from kingston_analysis.data.names import FORMS
from kingston_analysis.errors import KingstonError, Problem, raise_any
from kingston_analysis.project import Project, sha256
from kingston_analysis.results import Gap

T = TypeVar("T")

# More than any file that a person writes has; less than keeps a machine busy.
MOST_TEXT = 5_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
DEEPEST, MOST_NODES, LONGEST_VALUE = 40, 200_000, 20_000


class Strict(BaseModel):
    """A model that refuses keys which it does not know, and never changes once made."""

    model_config = {"extra": "forbid", "frozen": True}
    # Its texts are those of pages, word for word, and are printed nowhere.
    QUOTES_PAGES: ClassVar[bool] = False


class NotAvailable(Strict):
    """What is not available, with the reason."""

    not_available: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _gap(value: Any, check: Callable[[Any], NotAvailable]) -> Gap:
    return value if isinstance(value, Gap) else Gap(check(value).not_available)


# They name the branches of `Known` in pydantic's locations, where a reader knows keys alone.
VALUE, GAP = ALTERNATIVES = ("as given", "not available")


def _branch(value: Any) -> str:
    is_gap = isinstance(value, Gap) or (
        isinstance(value, dict) and value.keys() == NotAvailable.model_fields.keys()
    )
    return GAP if is_gap else VALUE


# In a file, a gap is written `not_available`, with the reason.
_WRITTEN = Annotated[
    NotAvailable, WrapValidator(_gap), PlainSerializer(lambda gap: {"not_available": gap.why})
]
_Missing = Annotated[Gap, GetPydanticSchema(lambda _, make: make(_WRITTEN)), Tag(GAP)]
Known = Annotated[Annotated[T, Tag(VALUE)] | _Missing, Discriminator(_branch)]


def load_yaml(project: Project, path: Path, model: type[T]) -> T:
    """Read a YAML file and check it against a model.

    Raises KingstonError with every fault found in the file: a file that is missing or is not
    YAML, a key given twice, an unknown key, a value of the wrong kind; each with line and column.
    """
    text = project.read_bytes(path)
    key = (path, repr(model))
    found = project.once(key, sha256(text), lambda: _parsed(text, path, model))
    # What is held is nobody's to change.
    return copy.copy(found) if isinstance(found, list | dict) else found


class Identified(Protocol):
    """What has an id of its own."""

    @property
    def id(self) -> str:
        """Return the id."""


Entry = TypeVar("Entry", bound=Identified)


def by_id(entries: list[Entry], path: Path) -> dict[str, Entry]:
    """Key a file's entries by their `id`; raise KingstonError where an id stands twice."""
    ids = [entry.id for entry in entries]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise KingstonError(Problem(f"'{twice[0]}' stands twice.", path, remedy="Keep one."))
    return dict(zip(ids, entries, strict=True))


def _parsed(text: bytes, path: Path, model: type[T]) -> T:
    node = _compose(text, path)
    # Read into no model, it is asked nothing.
    models = (model, *get_args(model))
    quotes = model is Any or any(getattr(each, "QUOTES_PAGES", False) for each in models)
    raise_any([*_repeated_keys(node, path), *(() if quotes else _asking(node, path))])
    content = _as_yaml(path, lambda: _Loader("").construct_document(node))
    try:
        return TypeAdapter(model).validate_python(content)
    except ValidationError as error:
        raise KingstonError(_problem(fault, node, path) for fault in error.errors()) from None


# The parser in C is ten times faster, and there is none on some platforms.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Read dates and years as the text that was written: 2006/07 and 2008-09 are periods."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _compose(text: bytes, path: Path) -> yaml.Node:
    _as_yaml(path, lambda: _refuse_boundless(text, path))
    node = _as_yaml(path, lambda: _Loader(text).get_single_node())
    if node is None:
        raise KingstonError(Problem("The file is empty.", path, 1, remedy="Restore it."))
    return node


def _refuse_boundless(text: bytes, path: Path) -> None:
    """Raise KingstonError for a file too long, too deep, or too large with its aliases written out.

    It reads the events, which take no memory, before anything is made of them.
    """

    def refuse(
        what: str, event: yaml.Event | None = None, remedy: str = "Write it shorter, or split it."
    ) -> NoReturn:
        mark = event.start_mark if event else None
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise KingstonError(Problem(what, path, line, column, remedy))

    if len(text) > MOST_TEXT:
        refuse(f"The file has {len(text):,} bytes; more than {MOST_TEXT:,} are not read.")
    try:
        text.decode()
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        what, remedy = "Not readable as YAML: it is not UTF-8.", "Restore it, or save it as UTF-8."
        raise KingstonError(Problem(what, path, line, remedy=remedy)) from None
    sizes: dict[str, int] = {}
    within: list[tuple[str | None, int]] = []
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            within.append((event.anchor, 0))
            if len(within) > DEEPEST:
                refuse(f"More than {DEEPEST} lists or mappings stand in each other here.", event)
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            anchor, size = within.pop()
            size_of_all = size + 1
        elif isinstance(event, yaml.ScalarEvent):
            anchor, size_of_all = event.anchor, 1
            if _CONTROL.search(event.value):
                refuse("A value has a character that cannot be seen.", event, "Remove it.")
            if len(event.value) > LONGEST_VALUE:
                what = f"A value has {len(event.value):,} characters"
                refuse(f"{what}; more than {LONGEST_VALUE:,} are not read.", event)
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor in [each for each, _ in within]:
                refuse(f"The alias '{event.anchor}' stands for what it is itself part of.", event)
            anchor, size_of_all = None, sizes.get(str(event.anchor), 1)
        else:
            continue
        if anchor is not None:
            sizes[anchor] = size_of_all
        if within:
            outer, size = within[-1]
            within[-1] = outer, size + size_of_all
            if size + size_of_all > MOST_NODES:
                what = f"With its aliases written out the file has more than {MOST_NODES:,} values."
                refuse(what, event)


def _as_yaml(path: Path, read: Callable[[], Any]) -> Any:
    try:
        return read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        reason = " ".join(filter(None, [error.context, error.problem]))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line, column, reason = None, None, " ".join(str(error).split())
    except (ValueError, OverflowError, IndexError, AttributeError):
        # What Python says of a value that is not of its tag, as `!!int x`, helps nobody.
        line, column, reason = None, None, "a value is not of its tag, or a number too long"
    problem = Problem(f"Not readable as YAML: {reason}.", path, line, column, "Correct it there.")
    raise KingstonError(problem)


def _repeated_keys(node: yaml.Node, path: Path) -> Iterator[Problem]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if str(key.value) in seen:
                yield _at(key, f"The key '{key.value}' is given twice.", path, "Keep one.")
            seen.add(str(key.value))
            yield from _repeated_keys(value, path)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated_keys(item, path)


def _asking(node: yaml.Node, path: Path) -> Iterator[Problem]:
    """Find each role and directive that a text of the file may not hold."""
    if isinstance(node, yaml.ScalarNode):
        for fault in field_faults(node.value):
            yield _at(node, fault.what, path, fault.remedy)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _asking(item, path)
    elif isinstance(node, yaml.MappingNode):
        for each in (each for pair in node.value for each in pair):
            yield from _asking(each, path)


# What pydantic says of some faults in the words of Python.
_PLAIN = {
    "too_short": "at least {min_length} must be given",
    "tuple_type": "a list is expected here",
    "list_type": "a list is expected here",
    "dict_type": "keys with values are expected here",
    "model_type": "keys with values are expected here",
    "union_tag_invalid": "no such {discriminator} as '{tag}'; known: {expected_tags}",
    "union_tag_not_found": "the key {discriminator} is missing",
}


def _problem(fault: Any, node: yaml.Node, path: Path) -> Problem:
    parts = (part for part in fault["loc"] if part not in ALTERNATIVES)
    location = [part for part in parts if isinstance(part, int | str)]
    name = ".".join(_names(node, location)) or "the file"
    remedies = {
        "extra_forbidden": f"The key '{name}' is not known here. Remove it or correct its name.",
        "missing": f"The key '{name}' is missing. Add it.",
    }
    if fault["type"] in remedies:
        return _at(_find(node, location), remedies[fault["type"]], path)
    plain, context = _PLAIN.get(fault["type"]), fault.get("ctx", {})
    text = plain.format(**context) if plain else fault["msg"]
    text = FORMS.get(str(context.get("pattern")), text)
    what = f"{name}: {text.removeprefix('Value error, ').rstrip('.')}."
    value = fault["input"]
    remedy = "Correct it." + (f" Given: {value!r}." if isinstance(value, str | int | float) else "")
    return _at(_find(node, location), what, path, remedy)


# By which key people know an entry of a list, if it has one.
_NAMING = ("id", "name", "claim", "topic")


def _names(node: yaml.Node, location: list[int | str]) -> list[str]:
    """Name the parts of an error's location: an entry of a list by its id, or counted from 1."""
    names = []
    for at, part in enumerate(location):
        if isinstance(part, str):
            names.append(part)
            continue
        entry = _find(node, location[: at + 1])
        pairs = entry.value if isinstance(entry, yaml.MappingNode) else []
        known = {str(key.value): str(value.value) for key, value in pairs}
        names.append(next((known[key] for key in _NAMING if key in known), str(part + 1)))
    return names


def _find(node: yaml.Node, location: list[int | str]) -> yaml.Node:
    """Follow an error's location as far as the document goes; the last node is its place."""
    place = node
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pairs = {str(key.value): (key, value) for key, value in node.value}
            if part not in pairs:
                continue
            place, node = pairs[part]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            place = node = node.value[part]
    return place


def problem_in(what: str, path: Path, location: Iterable[int | str], remedy: str = "") -> Problem:
    """Return a problem with its line and column in a YAML file; a location is keys, or numbers."""
    return _at(_find(_compose(path.read_bytes(), path), list(location)), what, path, remedy)


def repeated_ids(ids: Sequence[str], path: Path) -> Iterator[Problem]:
    """Find each id, of a file's entries in their order, that an earlier entry has."""
    for number, name in enumerate(ids):
        if name in ids[:number]:
            yield problem_in(f"'{name}' stands twice.", path, (number, "id"), "Keep one.")


def _at(node: yaml.Node, what: str, path: Path, remedy: str = "") -> Problem:
    return Problem(what, path, node.start_mark.line + 1, node.start_mark.column + 1, remedy)
