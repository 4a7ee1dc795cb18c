"""What a published book shows: the pictures and words of its pages, counted against its records.

It reads the site alone, so that a copy of it can be held to the same.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kingston_analysis.errors import Problem
from kingston_analysis.project import json_of

FIGURE = re.compile(r'<figure class="kb-figure" id="([^"]*)">(.*?)</figure>', re.DOTALL)
PICTURE = re.compile(r'<div class="kb-chart kb-(\w+)"[^>]*>(.*?)</div>', re.DOTALL)
WIDE, NARROW = PICTURES = ("wide", "narrow")
# So much of what a notebook says must be on its page; some of its Markdown may read otherwise.
FEWEST = 0.98
# A page without words of ours: scripts fill it.
SEARCH = "search.html"
_ARTICLE = re.compile(r"<article\b.*?</article>", re.DOTALL)
_TAG = re.compile(r"<(/?)(\w+)([^>]*?)(/?)>")
_ANY_TAG, _SVG = re.compile(r"<[^>]+>"), re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_ADDRESS = re.compile(r"\]\([^)]*\)")
_WORD = re.compile(r"[^\W\d_]{2,}|\d[\d,.]*")
_TEXT = re.compile(r"<text\b[^>]*>[^<]*\w")
_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polygon", "polyline", "text", "image"}


def shown_problems(book: Path) -> Iterator[Problem]:
    """Find pages of a published book without words, pictures that show nothing, and lost figures.

    A page shows each figure of its record, in its order, wide and narrow with the same marks, and
    the words of its notebook.
    """
    for file in sorted(book.rglob("*.html")):
        if file.name != SEARCH and not _WORD.search(article_text(_read(file))):
            remedy = "Build again; if it stays so, see what its source says."
            yield Problem("The page has no text.", file, remedy=remedy)
    for record in sorted(book.glob("records/*.json")):
        page = book / "evidence" / f"{record.stem}.html"
        try:
            named = [each["figure"] for each in json_of(record.read_bytes())["figures"]]
        except (OSError, ValueError, TypeError, LookupError):
            # Its own fault is told where records are held against themselves.
            continue
        text = _read(page)
        figures = dict(FIGURE.findall(text))
        if list(figures) != [f"{record.stem}-{each}" for each in named]:
            what = f"The page shows {len(figures)} figures, not the {len(named)} of its record."
            yield Problem(what, page, remedy="Build again.")
        for name, figure in figures.items():
            for what in _blank_pictures(figure):
                yield Problem(f"The figure '{name}': {what}", page, remedy="Build again.")
        notebook = Counter(_words_of_notebook(book / "notebooks" / f"{record.stem}.ipynb"))
        lost = notebook - Counter(_WORD.findall(article_text(text)))
        if lost.total() > (1 - FEWEST) * notebook.total():
            what = f"The page lacks {lost.total()} of the {notebook.total()} words of its notebook."
            yield Problem(what, page, remedy="Build again.")


def article_text(page: str) -> str:
    """Return the text of a page's article, without what its pictures say."""
    article = _ARTICLE.search(page)
    return _without_tags(_SVG.sub(" ", article[0])) if article else ""


def marks_in(svg: str) -> int:
    """Count the marks that stand for data in a picture: axes, legends and titles do not count."""
    count, depth = 0, 0
    inside: int | None = None
    for closing, name, attributes, closed in _TAG.findall(svg):
        if name == "g" and closing:
            depth -= 1
            inside = None if inside == depth else inside
        elif name == "g" and not closed:
            inside = depth if inside is None and "role-mark" in attributes else inside
            depth += 1
        elif name in _SHAPES and not closing and inside is not None:
            count += 'd=""' not in attributes
    return count


def _blank_pictures(figure: str) -> Iterator[str]:
    pictures = dict(PICTURE.findall(figure))
    marks = {width: marks_in(pictures.get(width, "")) for width in PICTURES}
    for width, number in marks.items():
        if width not in pictures or "<svg" not in pictures[width]:
            yield f"there is no {width} picture."
        elif not number:
            yield f"the {width} picture has no marks."
        elif not _TEXT.search(pictures[width]):
            yield f"the {width} picture has no words."
    if all(marks.values()) and marks[WIDE] != marks[NARROW]:
        yield f"the wide picture has {marks[WIDE]} marks, the narrow one {marks[NARROW]}."


def _words_of_notebook(file: Path) -> Iterator[str]:
    """Give the words that a notebook's Markdown and tables put out; its title is the book's."""
    try:
        cells = json_of(file.read_bytes())["cells"]
        for number, cell in enumerate(cells):
            if number and cell["cell_type"] == "markdown":
                yield from _words(cell["source"])
            for data in (each.get("data", {}) for each in cell.get("outputs", ())):
                # What stands beside a chart for other viewers has a type of its own.
                if len(data.keys() - {"text/plain"}) == 1:
                    yield from _words(data.get("text/markdown", data.get("text/html", "")))
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return


def _words(text: str | list[str]) -> list[str]:
    return _WORD.findall(_without_tags(_ADDRESS.sub("] ", "".join(text))))


def _without_tags(text: str) -> str:
    return html.unescape(_ANY_TAG.sub(" ", text))


def _read(file: Path) -> str:
    return file.read_text("utf-8", errors="replace") if file.is_file() else ""
