"""The kinds of files that a site has, each known by its bytes and never by its name."""

from __future__ import annotations

import re
from collections.abc import Callable

from kingston_analysis.book.png import is_png
from kingston_analysis.project import json_of

PAGE_START = "<!doctype html>"
SEARCH_START, SEARCH_END = "Search.setIndex(", ")"
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
PDF_START, PDF_END = b"%PDF-", b"%%EOF"


def is_page(content: bytes) -> bool:
    """Tell whether bytes are a page of HTML."""
    text = _text(content)
    return text is not None and text.lstrip()[: len(PAGE_START)].lower() == PAGE_START


def is_json(content: bytes) -> bool:
    """Tell whether bytes are JSON."""
    try:
        json_of(content)
    except ValueError:
        return False
    return True


def is_notebook(content: bytes) -> bool:
    """Tell whether bytes are a Jupyter notebook."""
    notebook = json_of(content) if is_json(content) else None
    return isinstance(notebook, dict) and {"cells", "nbformat"} <= notebook.keys()


def is_text(content: bytes) -> bool:
    """Tell whether bytes are text, with no character that cannot be seen."""
    text = _text(content)
    return text is not None and _UNSEEN.search(text) is None


def is_pdf(content: bytes) -> bool:
    """Tell whether bytes are a PDF, from its first to its last."""
    return content.startswith(PDF_START) and content.rstrip().endswith(PDF_END)


def is_search_index(content: bytes) -> bool:
    """Tell whether bytes are the index of the search: one call, of data alone."""
    return pages_indexed(content) is not None


def pages_indexed(content: bytes) -> frozenset[str] | None:
    """Return the pages that an index of the search names; None where the bytes are no index."""
    text = (_text(content) or "").strip()
    if not text.startswith(SEARCH_START) or not text.endswith(SEARCH_END):
        return None
    try:
        index = json_of(text.removeprefix(SEARCH_START).removesuffix(SEARCH_END))
        return frozenset(map(str, index["docnames"]))
    except (ValueError, LookupError, TypeError):
        return None


def _text(content: bytes) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


# By the ending of a name.
KINDS: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    ".html": ("a page of HTML", is_page),
    ".json": ("JSON", is_json),
    ".ipynb": ("a notebook", is_notebook),
    ".csv": ("text", is_text),
    ".pdf": ("a PDF", is_pdf),
    ".js": ("an index of the search", is_search_index),
    ".png": ("a PNG without texts in it", is_png),
}
