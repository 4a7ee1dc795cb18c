"""The sentences of a text as a reader meets them: Markdown cut into sentences, with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Roles that print a finding, or a fact of the edition: what they say is computed.
OF_FINDINGS = ("number", "share", "rank", "change", "period", "text", "edition")
ROLE = re.compile(r"\{(?P<role>[a-z-]+)\}`(?P<text>[^`]+)`")
_TARGET = re.compile(r"\s*<[^>]*>$")
# What names or orders things and says nothing: comments, addresses, anchors, options of directives
# that are keys, the ends of fences, and rules of tables.
_QUIET = re.compile(
    r"<!--.*?-->|\]\([^)]*\)|<https?://[^>\s]+>|https?://\S+|"
    r"^[ \t]*(?:[:`]{3,}[ \t]*$|:(?:name|class|width|align|header-rows|widths):.*|"
    r"\([a-z0-9-]+\)=|\|[-:| ]+\|[ \t]*$)",
    re.MULTILINE | re.DOTALL,
)
# Numbers of a list, which say nothing where they go on from 1.
_ITEM = re.compile(r"^[ \t]*(?:>[ \t]*)?(?P<number>\d+)\.(?=\s)", re.MULTILINE)
# The first word after the opening of a directive says what it is. The arguments of these are
# prose; those of all others that are known are keys, and what is not known is taken for prose.
_DIRECTIVE = re.compile(r"^[ \t]*[:`]{3,}\{(?P<name>[a-z-]+)\}(?P<rest>.*)$", re.MULTILINE)
_KEYED = frozenset(
    ("plan", "headline", "if-known", "with-plan", "without-plan", "theme-strip", "weighing")
) | {"theme-charts", "glossary"}
# A block begins anew at these lines, and after those that stand alone.
_OPENS = re.compile(r"[ \t]*(?:$|#{1,6} |[-*+] |\d+\. |\||[:`]{3,}|>|\()")
_ALONE = re.compile(r"[ \t]*(?:#{1,6} |\||[:`]{3,}|\([a-z0-9-]+\)=)")
# What marks a heading, an item, a quoted line or a cell is no part of its sentence.
_MARKS = re.compile(r"^\s*(?:(?:[-*+>|]|#{1,6}|\d+\.)\s+)*|(?<=\n)>[ \t]|\s*\|\s*$")
_END = re.compile(r"(?<=[.!?])(?<!\bNo\.)[\"”’')*_]*\s+(?=[\"“‘'(*_{\[]*[A-Z0-9{])")


@dataclass(frozen=True)
class BoundFinding:
    """A finding that a role prints in a sentence, and what follows it there."""

    role: str
    name: str
    following: str


@dataclass(frozen=True)
class Sentence:
    """A sentence as it is written, what a reader sees of it, and its first line in its text.

    `seen` is as long as `source`, with blanks for what says nothing, so that places agree.
    """

    source: str
    seen: str
    line: int
    findings: tuple[BoundFinding, ...] = ()
    claims: tuple[str, ...] = ()

    @property
    def normal(self) -> str:
        """Return it as exceptions name it, with single spaces."""
        return " ".join(self.source.split())


def sentences_of(text: str) -> Iterator[Sentence]:
    """Give the sentences of a text in Markdown, in their order; headings and cells are some too."""
    seen = _QUIET.sub(_blank, text)
    seen = _without_numbers_of_items(_DIRECTIVE.sub(_argument, seen))
    roles = list(ROLE.finditer(seen))
    seen = ROLE.sub(_shown, seen)
    for start, end in _spans(text, seen):
        here = [each for each in roles if start <= each.start() < end]
        if not here and not seen[start:end].strip(" \t\n|#>*_-:`"):
            continue
        yield Sentence(
            _MARKS.sub("", text[start:end]).strip(),
            seen[start:end],
            text.count("\n", 0, start + _indent(text[start:end])) + 1,
            tuple(
                BoundFinding(each["role"], each["text"], seen[each.end() : end])
                for each in here
                if each["role"] in OF_FINDINGS and each["role"] != "edition"
            ),
            tuple(each["text"] for each in here if each["role"] == "claim"),
        )


def _without_numbers_of_items(text: str) -> str:
    last = 0

    def without(match: re.Match[str]) -> str:
        nonlocal last
        goes_on = int(match["number"]) in (1, last + 1)
        last = int(match["number"]) if goes_on else 0
        return _blank(match) if goes_on else match[0]

    return _ITEM.sub(without, text)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _spans(text: str, seen: str) -> Iterator[tuple[int, int]]:
    for start, end in _blocks(text):
        begin = start
        for match in _END.finditer(seen, start, end):
            yield begin, match.start()
            begin = match.end()
        yield begin, end


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    start, at, alone, quoted = 0, 0, False, False
    for line in text.splitlines(keepends=True):
        opens = _OPENS.match(line.rstrip("\n")) and not (quoted and line.startswith(">"))
        if at > start and (alone or opens):
            yield start, at
            start = at
        alone, quoted = _ALONE.match(line) is not None, line.startswith(">")
        at += len(line)
    yield start, at


def _argument(match: re.Match[str]) -> str:
    if match["name"] in _KEYED:
        return _blank(match)
    return " " * (match.start("rest") - match.start()) + match["rest"]


def _shown(match: re.Match[str]) -> str:
    if match["role"] in (*OF_FINDINGS, "claim"):
        return _blank(match)
    shown = _TARGET.sub("", match["text"])
    return shown + _blank(match)[len(shown) :]


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])
