"""The sentences of a text as a reader meets them: what the book's own parser shows, cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kingston_analysis.book.guard.blocks import Block, blocks_of
from kingston_analysis.book.guard.pieces import CLAIMED, COMPUTED, Piece
from kingston_analysis.data.markup import FINDING_ROLES

# Where one ends: what closes it belongs to it.
_END = re.compile(
    rf"(?<=[.!?])(?<!\bNo\.)(?P<closing>[\"”’')]*)\s+(?=[\"“‘'(\[]*[A-Z0-9{COMPUTED}])"
)


@dataclass(frozen=True)
class BoundFinding:
    """A finding that a role prints in a sentence, and what follows it there."""

    role: str
    name: str
    following: str


@dataclass(frozen=True)
class Sentence:
    """A sentence as it is written, what a reader sees of it, and its first line in its text.

    In `seen` a blank stands for what is computed.
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


def sentences_of(text: str, *, all_shown: bool = False) -> Iterator[Sentence]:
    """Give the sentences of a text in Markdown, in their order; headings and rows are some too.

    `all_shown`: it is a text of data, in which addresses and comments may be printed as they are.
    """
    for block in blocks_of(text, all_shown=all_shown):
        yield from _sentences_in(block)


def _sentences_in(block: Block) -> Iterator[Sentence]:
    line = block.line
    for pieces in _cut(block.pieces):
        source = "".join(each.source for each in pieces)
        if source.strip():
            before = len(source) - len(source.lstrip())
            yield _sentence(pieces, line + source.count("\n", 0, before))
        line += source.count("\n")


def _cut(pieces: tuple[Piece, ...]) -> Iterator[list[Piece]]:
    """Cut pieces where a sentence ends in what they show together."""
    begin = 0
    shown = "".join(each.shown for each in pieces)
    ends = [match.end("closing") for match in _END.finditer(shown)]
    for end in (*ends, len(shown)):
        yield list(_between(pieces, begin, end))
        begin = end


def _between(pieces: tuple[Piece, ...], begin: int, end: int) -> Iterator[Piece]:
    """Give what stands between two places of what is shown; marks go with what they close."""
    at = 0
    for piece in pieces:
        start, at = at, at + len(piece.shown)
        if piece.shown == piece.source and piece.shown:
            text = piece.shown[max(begin - start, 0) : max(end - start, 0)]
            yield Piece(text, text)
        elif begin < at <= end or (not piece.shown and begin == at == 0):
            yield piece


def _sentence(pieces: list[Piece], line: int) -> Sentence:
    computed = (COMPUTED, CLAIMED)
    shown = [" " if each.role and each.shown in computed else each.shown for each in pieces]
    findings = tuple(
        BoundFinding(each.role, each.target, "".join(shown[number + 1 :]))
        for number, each in enumerate(pieces)
        if each.role in FINDING_ROLES
    )
    source = "".join(each.source for each in pieces).strip()
    claims = tuple(each.target for each in pieces if each.role == "claim")
    return Sentence(source, "".join(shown), line, findings, claims)
