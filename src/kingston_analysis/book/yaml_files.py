"""The YAML files of a project, each with the model that it is read into."""

from __future__ import annotations

from typing import Any

from kingston_analysis.book.contents import Contents
from kingston_analysis.book.guard.exceptions import ExceptedSentences
from kingston_analysis.book.guard.words import Vocabulary
from kingston_analysis.book.publications import SignedSite
from kingston_analysis.book.withdrawals import Withdrawal
from kingston_analysis.data.addresses import Address
from kingston_analysis.data.areas import Areas
from kingston_analysis.data.editions import Edition
from kingston_analysis.data.hypotheses import Hypothesis
from kingston_analysis.data.ingest.sources import SourceSchema
from kingston_analysis.data.names import Identifier
from kingston_analysis.data.rules.models import TableRules
from kingston_analysis.data.surveys import Survey
from kingston_analysis.data.tables.metadata import Metadata
from kingston_analysis.data.topics import Topic
from kingston_analysis.matrix.decisions import Decisions
from kingston_analysis.matrix.judgements import Judgements
from kingston_analysis.matrix.scheme import Scheme
from kingston_analysis.plan.claims import Claim
from kingston_analysis.plan.law import Coverage, Law
from kingston_analysis.plan.plans import Plan

# By the name of its schema: the files, and the model that they are read into.
YAML_FILES: dict[str, tuple[str, Any]] = {
    "addresses": ("data/addresses.yml", list[Address]),
    "areas": ("data/areas.yml", Areas),
    "claims": ("data/plans/*/claims.yml", list[Claim]),
    "contents": ("book/_toc.yml", Contents),
    "coverage": ("data/plans/*/coverage.yml", Coverage),
    "decisions": ("data/plans/*/decisions.yml", Decisions),
    "edition": ("data/editions/*.yml", Edition),
    "edition-hypotheses": ("data/hypotheses/*.yml", dict[Identifier, tuple[Identifier, ...]]),
    "exceptions": ("data/exceptions.yml", list[ExceptedSentences]),
    "hypotheses": ("data/hypotheses.yml", dict[Identifier, Hypothesis]),
    "judgements": ("data/judgements/*.yml", Judgements),
    "law": ("data/law.yml", Law),
    "matrix": ("data/plans/*/matrix.yml", Scheme),
    "published": ("data/published.yml", list[SignedSite]),
    "source": ("data/ingest/*.yml", SourceSchema),
    "surveys": ("data/surveys.yml", list[Survey]),
    "table": ("data/tables/*.yml", Metadata),
    "table-rules": ("data/rules/*.yml", TableRules),
    "topics": ("data/topics.yml", list[Topic]),
    **{
        name: (f"data/plans/*/{name}.yml", field.annotation)
        for name, field in Plan.model_fields.items()
    },
    "withdrawn": ("data/withdrawn.yml", list[Withdrawal]),
    "vocabulary": ("data/vocabulary.yml", Vocabulary),
}

# What a command writes when it is first used; before, there is none.
LOGS = ("published",)
