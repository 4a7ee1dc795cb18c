"""The JSON schemas: current, true to the YAML files, and refusing what the models refuse."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tables_fixture import PROJECT

from kingston_analysis.commands.schemas import SCHEMAS, schema_texts
from kingston_analysis.data.yaml_models import load_yaml

PATTERNS = {name: pattern for name, (pattern, _) in SCHEMAS.items()}
FILES = {
    file: name for name, pattern in PATTERNS.items() for file in sorted(PROJECT.root.glob(pattern))
}


def stored(name: str) -> Draft202012Validator:
    schema = json.loads((PROJECT.data / "schemas" / f"{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def as_json(file: Path) -> Any:
    """Return what an editor sees of a YAML file: keys and days are text."""
    return json.loads(json.dumps(load_yaml(PROJECT, file, Any)))


def places(content: Any, keys: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the way to each mapping, by keys and numbers."""
    if isinstance(content, dict):
        yield keys
        for key, value in content.items():
            yield from places(value, (*keys, key))
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from places(value, (*keys, number))


def at(content: Any, place: tuple[Any, ...]) -> Any:
    for key in place:
        content = content[key]
    return content


def relative(file: Path) -> str:
    return file.relative_to(PROJECT.root).as_posix()


def test_the_stored_schemas_are_those_of_the_models() -> None:
    folder = PROJECT.data / "schemas"
    held = {file.name: file.read_text("utf-8") for file in folder.iterdir()}

    assert held == schema_texts(), "write them anew: kingston schemas"


def test_every_yaml_file_of_the_data_has_one_schema() -> None:
    held = {*PROJECT.data.rglob("*.yml"), PROJECT.narrative / "_toc.yml"}

    assert set(FILES) == held
    assert len(FILES) == sum(len(list(PROJECT.root.glob(pattern))) for pattern in PATTERNS.values())


def test_the_editor_is_told_which_schema_a_file_has() -> None:
    settings = json.loads((PROJECT.root / ".vscode" / "settings.json").read_text("utf-8"))

    assert settings["yaml.schemas"] == {
        f"data/schemas/{name}.json": pattern for name, pattern in PATTERNS.items()
    }


@pytest.mark.parametrize("file", FILES, ids=relative)
def test_a_file_fits_its_schema(file: Path) -> None:
    assert [error.message for error in stored(FILES[file]).iter_errors(as_json(file))] == []


def test_only_the_log_of_what_was_signed_is_not_there_before_something_is() -> None:
    assert set(PATTERNS) - set(FILES.values()) == {"published"}


@pytest.mark.parametrize("name", sorted(set(FILES.values())))
def test_a_key_that_no_model_knows_is_refused_in_every_kind_of_place(name: str) -> None:
    file = next(file for file, its in FILES.items() if its == name)
    content, schema = as_json(file), stored(name)
    # Entries of one list are of one kind: one of each will do.
    kinds = {tuple(key for key in way if type(key) is str): way for way in places(content)}
    for place in kinds.values():
        planted = copy.deepcopy(content)
        at(planted, place)["no such key"] = 0.5

        assert not schema.is_valid(planted), place
