"""The pieces of a line of Markdown: what each shows to a reader, and how it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from kingston_analysis.data.markup import FINDING_ROLES

# Stands where a role prints what is computed or is guarded elsewhere.
COMPUTED = "\ufffc"
# A claim is a sentence by itself.
CLAIMED = f"{COMPUTED}."
# Without a title of its own, a link to a page shows that of the page.
_TITLED = frozenset(("doc", "term", "edition-file"))


@dataclass(frozen=True)
class Piece:
    """What a token shows and how it is written; of a role also its name and what it names."""

    shown: str
    source: str
    role: str = ""
    target: str = ""


def text_piece(text: str) -> Piece:
    """Return a text that is shown as it is written."""
    return Piece(text, text)


def pieces_of(inline: Token, *, all_shown: bool) -> Iterator[Piece]:
    """Give the pieces of a line; `all_shown`: addresses of links are read too."""
    address = ""
    for token in inline.children or ():
        if token.type == "link_open" and token.markup not in ("linkify", "autolink"):
            address = str(token.attrs.get("href", ""))
            yield Piece(_aside(token, address, all_shown), "[")
        elif token.type == "link_close" and address:
            yield Piece("", f"]({address})")
            address = ""
        elif token.type == "image":
            address = str(token.attrs.get("src", ""))
            shown = "".join(each.shown for each in pieces_of(token, all_shown=all_shown))
            yield Piece(shown + _aside(token, address, all_shown), f"![{token.content}]({address})")
        else:
            yield from _piece(token)


def _piece(token: Token) -> Iterator[Piece]:
    match token.type:
        case "myst_role":
            yield _of_role(token.meta["name"], token.content)
        case "softbreak" | "hardbreak":
            yield text_piece("\n")
        case "code_inline":
            yield Piece(token.content, f"{token.markup}{token.content}{token.markup}")
        case "em_open" | "em_close" | "strong_open" | "strong_close":
            yield Piece("", token.markup)
        case "link_open" | "link_close" if token.markup == "autolink":
            yield Piece("", "<" if token.type == "link_open" else ">")
        case "footnote_ref":
            yield Piece(f" {token.meta['label']}", f"[^{token.meta['label']}]")
        # The box of a task; the parser makes no other HTML.
        case "html_inline":
            return
        case _:
            yield text_piece(token.content)


def _of_role(name: str, text: str) -> Piece:
    source = f"{{{name}}}`{text}`"
    title, _, target = text.rpartition(" <")
    if name in (*FINDING_ROLES, "claim", "edition"):
        return Piece(CLAIMED if name == "claim" else COMPUTED, source, name, text)
    if name in _TITLED and target.endswith(">"):
        return Piece(title, source, name)
    return Piece(COMPUTED if name == "doc" else text, source, name)


def _aside(token: Token, address: str, all_shown: bool) -> str:
    """Return what stands with a link or picture: its title, and in a text its address."""
    title = str(token.attrs.get("title", ""))
    return "".join(f" {each} " for each in (title, address if all_shown else "") if each)
