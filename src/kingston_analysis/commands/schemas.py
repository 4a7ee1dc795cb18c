"""JSON schemas of the YAML files, by which editors complete what is typed and mark what is wrong.

They know the shape of one file; what must fit between files, `kingston check data` finds.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from kingston_analysis.book.contents import Contents
from kingston_analysis.book.narrative import Excepted
from kingston_analysis.book.withdrawals import Withdrawal
from kingston_analysis.data.areas import Areas
from kingston_analysis.data.editions import Edition
from kingston_analysis.data.hypotheses import Hypothesis
from kingston_analysis.data.surveys import Survey
from kingston_analysis.data.tables.metadata import Metadata
from kingston_analysis.data.topics import Identifier, Topic
from kingston_analysis.matrix.decisions import Decisions
from kingston_analysis.matrix.judgements import Judgements
from kingston_analysis.matrix.scheme import Scheme
from kingston_analysis.plan.claims import Claim
from kingston_analysis.plan.law import Coverage, Requirement
from kingston_analysis.plan.plans import Plan
from kingston_analysis.project import Project

# By the schema's name: the files that it is for, and the model that they are read into.
SCHEMAS: dict[str, tuple[str, Any]] = {
    "areas": ("data/areas.yml", Areas),
    "claims": ("data/plans/*/claims.yml", list[Claim]),
    "contents": ("book/_toc.yml", Contents),
    "coverage": ("data/plans/*/coverage.yml", Coverage),
    "decisions": ("data/plans/*/decisions.yml", Decisions),
    "edition": ("data/editions/*.yml", Edition),
    "edition-hypotheses": ("data/hypotheses/*.yml", dict[Identifier, tuple[Identifier, ...]]),
    "hypotheses": ("data/hypotheses.yml", dict[Identifier, Hypothesis]),
    "judgements": ("data/judgements/*.yml", Judgements),
    "law": ("data/law.yml", list[Requirement]),
    "matrix": ("data/plans/*/matrix.yml", Scheme),
    "narrative": ("data/narrative.yml", list[Excepted]),
    "surveys": ("data/surveys.yml", list[Survey]),
    "table": ("data/tables/*.yml", Metadata),
    "topics": ("data/topics.yml", list[Topic]),
    "withdrawn": ("data/withdrawn.yml", list[Withdrawal]),
    **{
        name: (f"data/plans/*/{name}.yml", field.annotation)
        for name, field in Plan.model_fields.items()
    },
}


class _Generator(GenerateJsonSchema):
    """Leave out titles that repeat a key's name, and refuse keys that do not fit their pattern."""

    def field_title_should_be_set(self, *_: Any) -> bool:
        return False

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        made = super().dict_schema(schema)
        return {**made, "additionalProperties": False} if "patternProperties" in made else made


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
