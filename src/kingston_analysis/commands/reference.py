"""The reference of what a notebook may use, written from the docstrings: `make reference`."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from functools import cached_property
from types import ModuleType
from typing import Any

from kingston_analysis import analyses, notebook
from kingston_analysis.data.tables.load import Table
from kingston_analysis.measures.change import Change, Usual
from kingston_analysis.measures.series import Series
from kingston_analysis.notebook import Estimate, Gap, NotebookPage, open_edition, open_topic
from kingston_analysis.results import finding
from kingston_analysis.show import wording
from kingston_analysis.show.answer import Answer
from kingston_analysis.views.edition import EditionView
from kingston_analysis.views.topic import TopicView

HEAD = (
    "# What a notebook may use\n\n"
    "Made by `make reference` from the docstrings; change those. `analysis.md` shows how to use it."
)
ANALYSES = (
    "## Analyses\n\n"
    "Each is imported by name from its module, is given the page, and returns an `Answer`."
)
WRITING = (
    "## For the words and findings of an analysis\n\n"
    "`finding` is imported from `kingston_analysis.results`, the others from "
    "`kingston_analysis.show.wording`."
)
KINDS = {"TopicView": "a topic's page", "EditionView": "an edition's page"}


def reference_text() -> str:
    """Return the reference, as Markdown."""
    parts = [
        HEAD,
        f"## kingston_analysis.notebook\n\n{_doc(notebook)}",
        _function(open_topic),
        _function(open_edition),
        *map(_class, (NotebookPage, Answer, TopicView, EditionView)),
        *map(_value, (Series, Change, Usual, Table, Estimate, Gap)),
        WRITING,
        *map(_function, (finding, *_functions(wording))),
        ANALYSES,
        *_analyses(),
    ]
    return "\n\n".join(parts) + "\n"


def _function(made: Callable[..., Any]) -> str:
    return f"### {made.__name__}\n\n{_signature(made)}\n\n{_doc(made)}"


def _functions(module: ModuleType) -> list[Callable[..., Any]]:
    """Return the public functions that a module defines, in the order of its code."""
    return [
        each
        for name, each in vars(module).items()
        if inspect.isfunction(each) and each.__module__ == module.__name__ and name[0] != "_"
    ]


def _value(made: type) -> str:
    """Write a class whose fields are used by name, with these."""
    head, _, members = _class(made).partition("\n\n")
    return f"{head}\n\n{_signature(made)}\n\n{members}".rstrip()


def _class(made: type) -> str:
    members = [_member(name, each) for name, each in _public(made)]
    return "\n".join([f"## {made.__name__}\n\n{_doc(made)}\n", *members])


def _public(made: type) -> Iterator[tuple[str, Any]]:
    """Give the methods and properties of a class that it offers, in the order of its code."""
    for name, each in vars(made).items():
        is_member = isinstance(each, property | cached_property) or inspect.isfunction(each)
        if is_member and not name.startswith("_"):
            yield name, each


def _member(name: str, member: Any) -> str:
    if isinstance(member, property | cached_property):
        function: Any = member.fget if isinstance(member, property) else member.func
        returned = inspect.signature(function).return_annotation
        return f"- `{name}`: {_one_line(function)} (`{returned}`)"
    return f"- `{name}{_arguments(member)}`: {_one_line(member)}"


def _analyses() -> Iterator[str]:
    for found in pkgutil.walk_packages(analyses.__path__, f"{analyses.__name__}."):
        module = importlib.import_module(found.name)  # noqa: TID251, no page runs this
        answers = [each for each in vars(module).values() if _answers(each, module.__name__)]
        if not answers:
            continue
        lines = [f"### {found.name}\n\n{_doc(module)}\n"]
        for each in answers:
            view, *options = inspect.signature(each).parameters.values()
            of = " or ".join(KINDS[kind] for kind in str(view.annotation).split(" | "))
            name = f"{each.__name__}({', '.join(['page', *map(_plain, options)])})"
            lines.append(f"- `{name}`, of {of}: {_one_line(each)}")
        if answers:
            yield "\n".join(lines)


def _answers(each: Any, module: str) -> bool:
    return inspect.isfunction(each) and hasattr(each, "__wrapped__") and each.__module__ == module


def _signature(made: Callable[..., Any]) -> str:
    fields = inspect.signature(made).replace(return_annotation=inspect.Signature.empty)
    return f"```python\n{made.__name__}{_plain(fields)}\n```"


def _arguments(function: Callable[..., Any]) -> str:
    signature = inspect.signature(function)
    _, *rest = signature.parameters.values()
    return _plain(signature.replace(parameters=rest))


def _plain(signature: inspect.Signature | inspect.Parameter) -> str:
    """Write a signature, or a part of it; annotations are texts, and need no quotes."""
    return re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(signature))


def _doc(made: Any) -> str:
    return inspect.cleandoc(made.__doc__ or "")


def _one_line(function: Callable[..., Any]) -> str:
    return re.sub(r"\s+", " ", _doc(function))


if __name__ == "__main__":
    sys.stdout.write(reference_text())
