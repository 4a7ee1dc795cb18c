"""What the pages and notebooks that people write ask of the book and may not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kingston_analysis.book.contents import CONTENTS
from kingston_analysis.data.markup import page_faults
from kingston_analysis.errors import Problem
from kingston_analysis.project import Project, json_of

# Scripts, styles and pictures of the project's own: what a browser runs as a page is none.
STATIC = "_static"
OF_STATIC = (".css", ".js", ".png", ".jpg", ".ico", ".woff2")


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
        elif place.parts[0] == STATIC and file.suffix not in OF_STATIC:
            what = f"A file of book/{STATIC} is one of {', '.join(OF_STATIC)}, and {place} is not."
            yield Problem(what, file, remedy="Remove it, or draw it as a .png.")
    for notebook in sorted(project.notebooks.glob("*.ipynb")):
        yield from _notebook_problems(notebook)


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
