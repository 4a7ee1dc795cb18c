"""The blocks of a text in Markdown, as the book's own parser makes them: token by token.

What a kind of token shows is known for each kind that is named here; any other shows all it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from kingston_analysis.book.guard.pieces import Piece, pieces_of, text_piece
from kingston_analysis.book.page_parser import page_parser

_DIRECTIVE = re.compile(r"\{(?P<name>[a-z-]+)\}\s*(?P<argument>.*)", re.DOTALL)
# The arguments of these are keys, which are not printed; those of all others are text.
_KEYED = frozenset(("plan", "headline", "if-known"))
_KEYS = re.compile(r"[\w./@ -]*")
_OPTION = re.compile(r"[ \t]*:(?:name|class|width|align|header-rows|widths):[ \t]*[\w -]*\n?")
_ANCHOR = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, item, row or title, in pieces, with its first line in the text."""

    line: int
    pieces: tuple[Piece, ...]


def blocks_of(text: str, *, all_shown: bool = False, first: int = 1) -> Iterator[Block]:
    """Give the blocks of a text in their order; `all_shown`: nothing of it is an order or a key.

    `first` is the line of the text's own first line.
    """
    row: list[Piece] | None = None
    row_line = first
    numbers: list[int] = []
    number = ""
    for token in page_parser().parse(text):
        line = first + (token.map[0] if token.map else 0)
        if token.type == "tr_open":
            row, row_line = [], line
        elif token.type == "tr_close":
            yield Block(row_line, tuple(row or ()))
            row = None
        elif token.type == "inline" and row is not None:
            row += [*([text_piece(" | ")] if row else ()), *pieces_of(token, all_shown=all_shown)]
        elif token.type == "inline":
            lead = [text_piece(number)] if number else []
            yield Block(line, (*lead, *pieces_of(token, all_shown=all_shown)))
            number = ""
        elif token.type == "ordered_list_open":
            numbers.append(0)
        elif token.type == "ordered_list_close":
            numbers.pop()
        elif token.type == "list_item_open" and token.info:
            goes_on = int(token.info) in (1, numbers[-1] + 1)
            number = "" if goes_on else f"{token.info}{token.markup} "
            numbers[-1] = int(token.info)
        else:
            yield from _other(token, line, all_shown)


def _other(token: Token, line: int, all_shown: bool) -> Iterator[Block]:
    directive = _DIRECTIVE.match(token.info) if token.type.endswith("fence") else None
    if directive and not all_shown:
        yield from _of_directive(directive, token.content, line)
    elif all_shown or not _is_hidden(token):
        # Code, and what is not known.
        for text in (token.info, token.content):
            if text.strip():
                yield Block(line, (text_piece(text),))


def _is_hidden(token: Token) -> bool:
    is_anchor = token.type == "myst_target" and _ANCHOR.fullmatch(token.content)
    return bool(is_anchor) or token.type == "myst_line_comment"


def _of_directive(directive: re.Match[str], content: str, line: int) -> Iterator[Block]:
    argument = directive["argument"]
    if directive["name"] not in _KEYED or not _KEYS.fullmatch(argument):
        yield from blocks_of(argument, first=line)
    rest = content
    while option := _OPTION.match(rest) if directive["name"] == "table" else None:
        rest = rest[option.end() :]
    skipped = content.count("\n") - rest.count("\n")
    yield from blocks_of(rest, first=line + 1 + skipped)
