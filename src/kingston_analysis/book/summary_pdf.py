"""The published summary as a PDF: the same page, set for paper, tagged for screen readers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import typst
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from kingston_analysis.book.context import DRAWINGS, SUMMARY_FILE, build_context
from kingston_analysis.book.draw import drawing_file
from kingston_analysis.book.summary_charts import chart
from kingston_analysis.show.escaping import typst_string

PDF = "summary.pdf"
MOST_PAGES = 4
# The automated readability index counts school years; a child of 5 begins the first.
OLDEST_READER = 14
FIRST_YEAR = 5
ENDS = (".", "?", "!", ":")
_log = logging.getLogger(__name__)

PREAMBLE = """\
#set document(title: {title}, date: none)
#set text(lang: "en", region: "GB", size: 10.5pt)
#set page(paper: "a4", margin: 2cm, numbering: "1 of 1", header: text(size: 9pt, {title}))
#set par(spacing: 0.9em)
#show heading: set block(above: 1.2em, below: 0.6em)
"""
COUNT = "#context [#metadata(counter(page).final().first()) <pages>]\n"


def write_pdf(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Write the summary's PDF beside the site's pages; warn where it is too long or too hard.

    Tagged as PDF/UA-1, without a date, with the fonts that the typesetter brings: the same
    everywhere.
    """
    context = build_context(Path(app.srcdir))
    if page != f"plans/{context.plan}/summary":
        return
    source = Path(app.srcdir) / SUMMARY_FILE
    source.write_text(typeset(doctree, f"{context.title}: {context.area}"), encoding="utf-8")
    made = typst.compile(str(source), ignore_system_fonts=True, pdf_standards=["ua-1"])
    (Path(app.outdir) / PDF).write_bytes(made)
    pages = json.loads(typst.query(str(source), "<pages>", ignore_system_fonts=True))[0]["value"]
    if pages > MOST_PAGES:
        _log.warning(
            "The summary has %s A4 pages; %s are allowed.", pages, MOST_PAGES, location=page
        )
    age = reading_age(doctree)
    if age > OLDEST_READER:
        what = "The summary asks for a reader of %.1f years; write for one of %s."
        _log.warning(what, age, OLDEST_READER, location=page)


def reading_age(doctree: nodes.document) -> float:
    """Return the age at which a reader follows the text: its automated readability index and 5.

    The index is that of Smith and Senter (1967), 4.71 · characters a word + 0.5 · words a sentence
    - 21.43, where characters are letters and digits. A page without a word is for everyone.
    """
    text = " ".join(_sentence(each.astext()) for each in doctree.findall(nodes.paragraph))
    words = sum(any(map(str.isalnum, each)) for each in text.split())
    if not words:
        return FIRST_YEAR
    characters = sum(map(str.isalnum, text))
    sentences = sum(each.rstrip("\"')]”’").endswith(ENDS) for each in text.split())
    return 4.71 * characters / words + 0.5 * words / sentences - 21.43 + FIRST_YEAR


def _sentence(text: str) -> str:
    """End what is no sentence, such as an entry of a list, so that it is not run into the next."""
    text = " ".join(text.split())
    return text if text.endswith(ENDS) else f"{text}."


def typeset(doctree: nodes.document, title: str) -> str:
    """Write a page as Typst source."""
    return PREAMBLE.format(title=typst_string(title)) + _inside(doctree, 0) + "\n" + COUNT


def _inside(node: nodes.Node, level: int) -> str:
    return "".join(_set(each, level) for each in node.children)


def _set(node: nodes.Node, level: int) -> str:
    if isinstance(node, nodes.Text):
        return f"#{typst_string(str(node).replace(chr(10), ' '))};"
    if isinstance(node, nodes.section):
        return _inside(node, level + 1)
    if isinstance(node, nodes.raw | nodes.comment | nodes.system_message):
        return ""
    if isinstance(node, chart):
        return _chart(node)
    for kind, write in WRITERS.items():
        if isinstance(node, kind):
            return write(node, level)
    return _inside(node, level)


def _title(node: nodes.Node, level: int) -> str:
    return f"#heading(level: {level})[{_inside(node, level)}]\n"


def _list(node: nodes.Node, level: int) -> str:
    name = "list" if isinstance(node, nodes.bullet_list) else "enum"
    return f"#{name}({', '.join(f'[{_inside(each, level)}]' for each in node.children)})\n"


def _chart(node: nodes.Element) -> str:
    place = drawing_file(Path(DRAWINGS), node["drawing"], "wide").as_posix()
    return (
        f"#image({typst_string(place)}, width: 11cm, alt: {typst_string(node['alternative'])})\n\n"
    )


WRITERS: dict[type[nodes.Node], Callable[[nodes.Node, int], str]] = {
    nodes.title: _title,
    nodes.bullet_list: _list,
    nodes.enumerated_list: _list,
    nodes.strong: lambda node, level: f"#strong[{_inside(node, level)}]",
    nodes.emphasis: lambda node, level: f"#emph[{_inside(node, level)}]",
    nodes.paragraph: lambda node, level: f"{_inside(node, level)}\n\n",
}
