"""JSON schemas of the YAML files, by which editors complete what is typed and mark what is wrong.

They know the shape of one file; what must fit between files, `kingston check data` finds.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from kingston_analysis.book.yaml_files import YAML_FILES as SCHEMAS
from kingston_analysis.project import Project


class _Generator(GenerateJsonSchema):
    """Leave out titles that repeat a key's name, and refuse keys that do not fit their pattern."""

    def field_title_should_be_set(self, *_: Any) -> bool:
        return False

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        made = super().dict_schema(schema)
        return {**made, "additionalProperties": False} if "patternProperties" in made else made


@cache
def schema_texts() -> dict[str, str]:
    """Return the text of each schema, by the name of its file."""
    return {f"{name}.json": _text(model) for name, (_, model) in SCHEMAS.items()}


def write_schemas(project: Project) -> None:
    """Write the schemas into the project's `data/schemas`."""
    folder = project.data / "schemas"
    folder.mkdir(exist_ok=True)
    for name, text in schema_texts().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _text(model: Any) -> str:
    schema = TypeAdapter(model).json_schema(schema_generator=_Generator)
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
