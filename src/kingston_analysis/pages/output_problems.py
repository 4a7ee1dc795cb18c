"""What a page may not put out: what is no answer of ours, and one name for two things."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode

from kingston_analysis.errors import Problem
from kingston_analysis.pages.outputs import cell_number
from kingston_analysis.records.pages import Page
from kingston_analysis.results import MIME, from_objects
from kingston_analysis.show.escaping import ForeignMarkupError, own_html
from kingston_analysis.show.mimes import CAPTION, FIGURE

# As Altair and plotting libraries put out what they drew, by type or inside HTML.
PICTURE = re.compile(r"image/|application/vnd\.(vega|plotly)")
DRAWN_AS_TEXT = re.compile(r"<Figure size|<Axes|\bAxes\(|<matplotlib|<seaborn|alt\.\w*Chart\(")
# As pandas writes the last line of a series.
SERIES = re.compile(r"^(Name: .*, |Length: .*, |Freq: .*, )*dtype: \w+$", re.MULTILINE)
# So much of a value tells which it is, and so much of a warning.
SHOWN, WARNING = 60, 200
# Several times what any page's cell puts out; more nobody reads, and a browser is slow to show.
MOST_CHARACTERS, MOST_OUTPUTS = 2_000_000, 200
DRAWN = re.compile(r"vega-?embed|vega-lite|plotly|<(img|svg|canvas)\b", re.IGNORECASE)
# So begins what our tables put out.
OURS = re.compile(r'<(div|details) class="kb-')
# The name of a figure is a part of addresses.
NAMED = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# The types that stand together in what an answer, or Markdown, puts out: a viewer may choose any.
TOGETHER = (
    {FIGURE, "text/plain"},
    {MIME, "text/plain"},
    {CAPTION, "text/html", "text/plain"},
    {"text/html", "text/plain"},
    {"text/markdown", "text/plain"},
)
MENDED = 'End it with `page.figure(chart, heading="…", tables=["…"])`; the chart must be Altair\'s.'
TABLED = 'End it with `page.table(frame, caption="…", tables=["…"])`.'
HEEDED = "Mend what it warns of: a reader would not know of it."
SAID = "End it in an answer, or write `print(…)` or Markdown."


def output_problems(notebook: NotebookNode, page: Page) -> list[Problem]:
    """Find, with its cell, each thing that an executed notebook may not put out."""
    if large := list(_too_large(notebook, page)):
        return large
    outputs = list(_outputs(notebook))
    data = [(number, output.get("data", {})) for number, output in outputs]
    return [*_warned(outputs, page), *_plain(data, page), *_repeated(data, page)]


def _too_large(notebook: NotebookNode, page: Page) -> Iterator[Problem]:
    for number, cell in _own_cells(notebook):
        outputs = cell.get("outputs", [])
        size = len(json.dumps(outputs))
        if size > MOST_CHARACTERS or len(outputs) > MOST_OUTPUTS:
            what = f"cell {number}: it puts out {size:,} characters in {len(outputs):,} pieces; "
            what += f"a cell may {MOST_CHARACTERS:,} in {MOST_OUTPUTS}."
            yield Problem(what, page.source, remedy="Show less, or divide it among cells.")


def _outputs(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    """Give what each cell put out, with the number that JupyterLab gives the template's cell."""
    for number, cell in _own_cells(notebook):
        for output in cell.get("outputs", []):
            yield number, output


def _own_cells(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    tags = [cell.metadata.get("tags", []) for cell in notebook.cells]
    own = [c for c, t in zip(notebook.cells, tags, strict=True) if "injected-parameters" not in t]
    for index, cell in enumerate(own):
        yield cell_number(own, index), cell


def _warned(outputs: list[tuple[int, NotebookNode]], page: Page) -> Iterator[Problem]:
    """Find what a cell wrote to where warnings and errors go."""
    for number, output in outputs:
        if output.get("name") == "stderr" and (text := output.get("text", "").strip()):
            said = " ".join(text.split())
            shown = said if len(said) <= WARNING else f"{said[:WARNING]}…"
            what = f"cell {number}: it warns, or writes to stderr: `{shown}`."
            yield Problem(what, page.source, remedy=HEEDED)


def _plain(outputs: list[tuple[int, dict[str, Any]]], page: Page) -> Iterator[Problem]:
    """Find what is neither Markdown nor put out by an answer; each kind once in a cell."""
    found = [(number, *_kind(data)) for number, data in outputs if data and not _is_ours(data)]
    for number, what, remedy in dict.fromkeys(found):
        yield Problem(f"cell {number}: it ends in a plain {what}.", page.source, remedy=remedy)


def _is_ours(data: dict[str, Any]) -> bool:
    if not any(data.keys() <= known for known in TOGETHER) or not _is_own_html(data):
        return False
    if FIGURE in data:
        return bool(NAMED.fullmatch(str(data[FIGURE].get("usermeta", {}).get("figure"))))
    if {MIME, CAPTION} & data.keys():
        return True
    if "text/html" in data:
        return bool(OURS.match(data["text/html"]))
    return "text/markdown" in data


def _is_own_html(data: dict[str, Any]) -> bool:
    text = data.get("text/html", "")
    try:
        return isinstance(text, str) and own_html(text) == text
    except ForeignMarkupError:
        return False


def _kind(data: dict[str, Any]) -> tuple[str, str]:
    """Say what was put out, and what mends it."""
    text, html = (str(data.get(mime, "")) for mime in ("text/plain", "text/html"))
    if any(map(PICTURE.match, data)) or DRAWN.search(html) or DRAWN_AS_TEXT.search(text):
        return "chart, without heading, alternative and data", MENDED
    if "<table" in html or SERIES.search(text):
        return "frame, without caption and sources", TABLED
    first = " ".join((text or html or ", ".join(data)).split())[:SHOWN]
    return f"value, `{first}`", SAID


def _repeated(outputs: list[tuple[int, dict[str, Any]]], page: Page) -> Iterator[Problem]:
    first: dict[str, int] = {}
    twice: dict[tuple[int, int], list[str]] = {}
    for number, what in _named(outputs):
        if what in first:
            twice.setdefault((first[what], number), []).append(what)
        first.setdefault(what, number)
    for (one, other), names in twice.items():
        cells = f"cell {one}" if one == other else f"cells {one} and {other}"
        more = f", and of {len(names) - 1} more" if len(names) > 1 else ""
        told = f"{cells}: there are two of {names[0]}{more}."
        yield Problem(
            told, page.source, remedy="Publish it once, or give one of them another name."
        )


def _named(outputs: list[tuple[int, dict[str, Any]]]) -> Iterator[tuple[int, str]]:
    for number, data in outputs:
        for each in from_objects(data.get(MIME, [])):
            of = f" for {each.period}" if each.period else ""
            yield number, f"the finding '{each.name}'{of}"
        if name := data.get(FIGURE, {}).get("usermeta", {}).get("figure"):
            yield number, f"the figure '{name}'"
