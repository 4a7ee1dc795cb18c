"""What a written text may ask of the book: roles and directives by name, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kingston_analysis.errors import nearest

FINDING_ROLES = ("number", "share", "rank", "change", "period", "text")
ROLES = frozenset({*FINDING_ROLES, "edition", "claim", "edition-file", "doc", "term"})
DIRECTIVES = frozenset(
    {
        *("if-known", "headline", "theme-strip", "theme-charts", "weighing", "plan"),
        *("with-plan", "without-plan", "not-available", "glossary", "table"),
    }
)
# A text of the data stands inside sentences, lists and tables of a page.
ROLES_OF_DATA = frozenset({"term", "claim"})

# Anywhere, in code too: nothing depends on where a parser sees a role or directive.
_ASKED = re.compile(
    r"(?:`{3,}|~{3,}|:{3,})[^\S\n]*\{(?P<directive>[^}\n]*)\}|\{(?P<role>[\w+:-]+)\}`"
)
# At the head of a page, settings of the parser itself.
_SETTINGS = re.compile(r"\s*---[ \t]*\n")


@dataclass(frozen=True)
class MarkupFault:
    """What a text asks for and may not, with its line in the text, from 1, and the remedy."""

    what: str
    line: int
    remedy: str


def page_faults(text: str) -> Iterator[MarkupFault]:
    """Find what a page written in Markdown asks for and may not."""
    if _SETTINGS.match(text):
        what = "The text begins with a block of settings, which a page may not have."
        yield MarkupFault(what, 1, "Remove all from `---` to `---`.")
    yield from _faults(text, ROLES, DIRECTIVES)


def field_faults(text: str) -> Iterator[MarkupFault]:
    """Find what a text of the data asks for and may not."""
    yield from _faults(text, ROLES_OF_DATA, frozenset())


def _faults(text: str, roles: frozenset[str], directives: frozenset[str]) -> Iterator[MarkupFault]:
    for match in _ASKED.finditer(text):
        kind = "directive" if match["role"] is None else "role"
        name, known = match[kind], roles if kind == "role" else directives
        if name not in known:
            line = text.count("\n", 0, match.start()) + 1
            remedy = nearest(name, sorted(known)) if known else "Write it as plain text."
            yield MarkupFault(f"The {kind} '{name}' may not be used here.", line, remedy)
