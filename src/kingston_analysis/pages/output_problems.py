"""What a page may not put out: a plain picture or frame, and one name for two things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode

from kingston_analysis.errors import Problem
from kingston_analysis.pages.outputs import cell_number
from kingston_analysis.records.pages import Page
from kingston_analysis.results import MIME, from_objects
from kingston_analysis.show.mimes import FIGURE

# As Altair and plotting libraries put out what they drew, by type or inside HTML.
PICTURE = re.compile(r"image/|application/vnd\.(vega|plotly)")
DRAWN = re.compile(r"vega-?embed|vega-lite|plotly|<(img|svg|canvas)\b", re.IGNORECASE)
FRAME = re.compile(r'<table[^>]*class="dataframe')
TABLED = 'page.table(frame, caption="…", tables=["…"])'
MENDED = 'page.figure(chart, heading="…", tables=["…"])'


def output_problems(notebook: NotebookNode, page: Page) -> list[Problem]:
    """Find, with its cell, each thing that an executed notebook may not put out."""
    outputs = list(_outputs(notebook))
    return [*_pictures(outputs, page), *_frames(outputs, page), *_repeated(outputs, page)]


def _outputs(notebook: NotebookNode) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give what each cell put out, with the number that JupyterLab gives the template's cell."""
    tags = [cell.metadata.get("tags", []) for cell in notebook.cells]
    own = [c for c, t in zip(notebook.cells, tags, strict=True) if "injected-parameters" not in t]
    for index, cell in enumerate(own):
        for output in cell.get("outputs", []):
            yield cell_number(own, index), output.get("data", {})


def _pictures(outputs: list[tuple[int, dict[str, Any]]], page: Page) -> Iterator[Problem]:
    cells = [number for number, data in outputs if _is_plain_picture(data)]
    for number in dict.fromkeys(cells):
        what = f"cell {number}: it ends in a plain chart, without heading, alternative and data."
        remedy = f"End it with `{MENDED}`; the chart must be Altair's."
        yield Problem(what, page.source, remedy=remedy)


def _frames(outputs: list[tuple[int, dict[str, Any]]], page: Page) -> Iterator[Problem]:
    cells = [number for number, data in outputs if FRAME.search(data.get("text/html", ""))]
    for number in dict.fromkeys(cells):
        what = f"cell {number}: it ends in a plain frame, without caption and sources."
        yield Problem(what, page.source, remedy=f"End it with `{TABLED}`.")


def _is_plain_picture(data: dict[str, Any]) -> bool:
    if "figure" in data.get(FIGURE, {}).get("usermeta", {}):
        return False
    return any(map(PICTURE.match, data)) or bool(DRAWN.search(data.get("text/html", "")))


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
