"""Charts drawn to SVG, all in one process, kept by the hash of their specification."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import re
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from markupsafe import Markup

from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.project import clear_place, content_of, sha256
from kingston_analysis.show.escaping import ForeignMarkupError, drawing
from kingston_analysis.show.theme import NARROW, WIDE

WIDTHS = {"wide": WIDE, "narrow": NARROW}


def specification_hash(specification: dict[str, Any]) -> str:
    """Hash what is drawn, without what stands beside the chart, and what draws it."""
    drawn = {key: value for key, value in specification.items() if key != "usermeta"}
    text = json.dumps([drawn, WIDTHS, _drawn_by()], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def _drawn_by() -> list[str]:
    code = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    return [version("vl-convert-python"), code]


def drawing_file(folder: Path, name: str, width: str) -> Path:
    """Return the place of a drawing of one width in a folder."""
    return folder / f"{name}-{width}.svg"


def read_drawing(folder: Path, name: str, width: str) -> Markup:
    """Return a drawing as SVG; raise KingstonError where it is not as it was drawn."""
    file = drawing_file(folder, name, width)
    svg = _as_drawn(file)
    if svg is None:
        what = "The drawing is missing, or not as it was drawn."
        raise KingstonError(Problem(what, file, remedy="Run `kingston build`."))
    return _harmless(svg, name)


def draw_all(specifications: Iterable[dict[str, Any]], folder: Path) -> list[Path]:
    """Draw every specification that is not in the folder yet, wide and narrow.

    Returns the files that were there and not as they were drawn; they are drawn again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mended = []
    for specification in specifications:
        name = specification_hash(specification)
        for width, pixels in WIDTHS.items():
            file = drawing_file(folder, name, width)
            if _as_drawn(file) is None:
                mended += [file] if os.path.lexists(file) else []
                unfinished = file.with_suffix(".part")
                svg = _svg(specification, pixels, file.stem)
                text = f"{_mark(file.stem, svg)}\n{svg}"
                for place in (unfinished, file):
                    clear_place(place)
                unfinished.write_text(text, encoding="utf-8", newline="\n")
                unfinished.replace(file)
    return mended


def _as_drawn(file: Path) -> str | None:
    try:
        mark, _, svg = content_of(file).decode().partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return svg if mark == _mark(file.stem, svg) else None


def _mark(name: str, svg: str) -> str:
    """Vouch for a drawing under its name, so that none passes for another."""
    return f"<!-- {sha256(f'{name} {svg}'.encode())} -->"


def _svg(specification: dict[str, Any], width: int, prefix: str) -> str:
    import vl_convert

    resized = copy.deepcopy(specification)
    figure = resized.pop("usermeta", {}).get("figure", "a figure")
    resized["width"] = width
    try:
        svg = vl_convert.vegalite_to_svg(resized, allowed_base_urls=[])
    except ValueError as error:
        raise KingstonError(f"The chart of {figure} cannot be drawn: {error}.") from None
    return _harmless(_stable_ids(svg, prefix), figure)


def _harmless(svg: str, figure: str) -> Markup:
    try:
        return drawing(svg)
    except ForeignMarkupError as foreign:
        what = f"The chart of {figure} holds {foreign}, which is no part of a picture."
        raise KingstonError(what, "Draw marks and text alone, without links and images.") from None


def _stable_ids(svg: str, prefix: str) -> str:
    """Name ids after the chart: the drawing library counts them up over a whole process."""
    names = dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg))
    for number, name in enumerate(names):
        new = f"c{prefix}-{number}"
        svg = re.sub(rf'(\bid="|url\(#|href="#){re.escape(name)}(?=["\)])', rf"\g<1>{new}", svg)
    # The chart stands in an element with its own role and label; its parts are not read out.
    svg = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
