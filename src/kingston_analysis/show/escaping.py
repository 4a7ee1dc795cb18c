"""The one border at which text becomes HTML, SVG, Markdown or CSV: text stays text.

A plain str is text, and is escaped wherever it is printed. `Markup` is HTML already: it is made
here alone, by a template of the package, or from what was looked at element by element.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import TypeVar
from xml.parsers import expat

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

T = TypeVar("T")

# All that our tables and captions are made of: whatever else begins with < is foreign.
_OWN_TAG = (
    "</?(?:div|details|summary|table|caption|thead|tbody|tr|th|td|p|h3)"
    '(?: (?:class|role|tabindex|aria-label|scope|data-score)="[^"<>]*+")*+>'
)
_OWN = re.compile(f"(?:[^<>]++|{_OWN_TAG})*+")
_OPENING, _CLOSING = '<details class="kb-details">\n', "</details>"
_DETAILS = re.compile(
    f"(?P<opening>{_OPENING}<summary>[^<>]*</summary>)\n\n(?P<body>.*)\n\n{_CLOSING}", re.DOTALL
)
# What charts are drawn with: nothing that runs, links or fetches.
_DRAWN_WITH = frozenset(
    {
        *("svg", "g", "defs", "clipPath", "linearGradient", "radialGradient", "stop"),
        *("path", "line", "rect", "circle", "ellipse", "polyline", "polygon"),
        *("text", "tspan", "title", "desc"),
    }
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|$&~])")
# A spreadsheet takes a cell that begins so for a formula, and a number or a range for what it is.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r]")
_NUMBERS = re.compile(r"[+-]?[\d,.]+%?( to [+-]?[\d,.]+%?)?")


class ForeignMarkupError(ValueError):
    """Say what of a text is no markup of ours."""


def html(template: str, **values: object) -> Markup:
    """Fill one of the package's HTML templates; text is escaped, a missing value is an error."""
    return Markup(_templates().get_template(template).render(**values))


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("kingston_analysis.show", "html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def own_html(text: str) -> Markup:
    """Take HTML that came back out of a notebook: elements of our tables, and text.

    Raises ForeignMarkupError with the beginning of what is neither.
    """
    rest = _OWN.sub("", text, count=1)
    if rest:
        raise ForeignMarkupError(" ".join(rest.split())[:60])
    return Markup(text)


def element_html(name: str, text: str) -> Markup:
    """Write a text as an HTML element without attributes."""
    return Markup(f"<{name}>{escape(text, quote=False)}</{name}>")


def details_markdown(summary: str, body: str) -> str:
    """Write Markdown that opens when its summary is chosen, wherever a notebook is shown."""
    return f"{_OPENING}<summary>{escape(summary)}</summary>\n\n{body}\n\n{_CLOSING}"


def split_details(text: str) -> tuple[Markup, str, Markup] | None:
    """Return what stands before, inside and after the body of `details_markdown`."""
    found = _DETAILS.fullmatch(text)
    if found is None:
        return None
    return own_html(f"{found['opening']}\n"), found["body"], own_html(f"{_CLOSING}\n")


def drawing(svg: str) -> Markup:
    """Take an SVG picture that shows and does nothing else.

    Raises ForeignMarkupError with the element or attribute that runs, links or fetches something.
    """
    parser = expat.ParserCreate()
    parser.StartElementHandler = _check_drawn
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(svg, True)
    except expat.ExpatError as error:
        raise ForeignMarkupError(f"no SVG: {error}") from None
    return Markup(svg)


def _check_drawn(element: str, attributes: dict[str, str]) -> None:
    if element not in _DRAWN_WITH:
        raise ForeignMarkupError(f"<{element}>")
    for name, value in attributes.items():
        runs = name.lower().startswith("on") or name == "style"
        leads_out = name.rpartition(":")[2] == "href" or re.search(r"url\((?!#)", value)
        if runs or leads_out:
            raise ForeignMarkupError(f'<{element} {name}="…">')


def _refuse_doctype(*_: object) -> None:
    raise ForeignMarkupError("<!DOCTYPE>")


def plain_markdown(text: str) -> str:
    """Write a text as Markdown that shows it as it is."""
    return _MARKDOWN.sub(r"\\\1", text)


def csv_cell(cell: T) -> T | str:
    """Return a cell as CSV may hold it: a text that a spreadsheet would run begins with '."""
    runs = isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBERS.fullmatch(cell)
    return f"'{cell}" if runs else cell


def typst_string(text: str) -> str:
    """Write a text as a string of Typst source."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
