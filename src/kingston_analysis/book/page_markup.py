"""What the pages and notebooks that people write ask of the book and may not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kingston_analysis.book.accounted import static_files
from kingston_analysis.book.contents import CONTENTS
from kingston_analysis.book.png import is_png
from kingston_analysis.data.markup import page_faults
from kingston_analysis.errors import Problem
from kingston_analysis.project import Project, json_of

# Pictures of the project's own; styles and scripts are the package's.
STATIC = "_static"
_PICTURE = re.compile(r"[a-z0-9-]+\.png")


def markup_problems(project: Project) -> Iterator[Problem]:
    """Find roles, directives and kinds of pages and cells that the book does not know."""
    book = project.narrative
    for file in sorted(file for file in book.rglob("*") if file.is_file()):
        place = file.relative_to(book)
        if file.suffix == ".md":
            yield from _page_problems(file)
        elif place.parts[0] != STATIC and place.as_posix() != CONTENTS:
            what = f"A page of the book is written in Markdown, and {place} is not."
            yield Problem(what, file, remedy=f"Write it as .md, or keep it in book/{STATIC}.")
        elif place.parts[0] == STATIC and (fault := _picture_fault(file, place)):
            what = f"A file of book/{STATIC} is a picture, and {fault}."
            remedy = "Remove it, or save it as a .png without texts in it."
            yield Problem(what, file, remedy=remedy)
    for notebook in sorted(project.notebooks.glob("*.ipynb")):
        yield from _notebook_problems(notebook)


def _picture_fault(file: Path, place: Path) -> str | None:
    """Say why a file is no picture that a book may have: by its name, and by its bytes."""
    name = place.relative_to(STATIC).as_posix()
    if name in static_files() or not _PICTURE.fullmatch(name):
        return f"{name} has another name than one, as small-letters.png, or that of the theme's"
    return None if is_png(file.read_bytes()) else f"{name} is no PNG, or holds more than a picture"


def _page_problems(file: Path) -> Iterator[Problem]:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        # Its own faults come first.
        return
    for fault in page_faults(text):
        yield Problem(fault.what, file, fault.line, remedy=fault.remedy)


def _notebook_problems(file: Path) -> Iterator[Problem]:
    for number, cell in enumerate(_cells(file), start=1):
        if cell["cell_type"] == "raw":
            remedy = "Make it a cell of Markdown or of code."
            yield Problem(f"Cell {number} is raw, which no page shows.", file, remedy=remedy)
        if cell.get("attachments"):
            remedy = "Show a chart by `page.figure`."
            yield Problem(f"Cell {number} has a file attached.", file, remedy=remedy)
        if cell["cell_type"] == "markdown":
            for fault in page_faults("".join(cell["source"])):
                what = f"Cell {number}, line {fault.line}: {fault.what}"
                yield Problem(what, file, remedy=fault.remedy)


def _cells(file: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook; none where it cannot be read: its own faults come first."""
    try:
        cells = json_of(file.read_bytes())["cells"]
        return [{"cell_type": each["cell_type"], **each} for each in cells if "source" in each]
    except (ValueError, LookupError, TypeError, OSError):
        return []
