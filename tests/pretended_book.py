"""Books that are made without Jupyter Book: what stands around it is tried in a moment."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat

from kingston_analysis.book.jupyter_books import News
from kingston_analysis.book.policy import POLICY

HEAD = f'<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="{POLICY}">'


def _said(notebook: Path) -> str:
    """Return a notebook's name, prose and tables, one after another."""
    said = [notebook.stem]
    for cell in nbformat.read(notebook, 4).cells:
        said += [cell.source] if cell.cell_type == "markdown" else []
        for data in (each.get("data", {}) for each in cell.get("outputs", ())):
            said += [text for kind, text in data.items() if kind in ("text/markdown", "text/html")]
    return "\n".join(said)


def write_search_index(book: Path) -> None:
    """Write the index of the search, which names the pages of a book."""
    pages = [each.relative_to(book).with_suffix("").as_posix() for each in book.rglob("*.html")]
    text = f"Search.setIndex({json.dumps({'docnames': sorted(pages)})})"
    (book / "searchindex.js").write_text(text, encoding="utf-8")


class JupyterBook:
    """Stands for Jupyter Book: makes a page of every text and notebook, and notes the books."""

    def __init__(self) -> None:
        self.built: list[str] = []
        self.report = ""
        self.more = ""

    def build_each(self, commands: list[list[str]], *_: object) -> Iterator[News]:
        """Build assembled books, or report what is wrong with them."""
        for number, command in enumerate(commands):
            yield number, None
            yield number, self._built(command)

    def _built(self, command: list[str]) -> tuple[int, str]:
        book = Path(command[command.index("build") + 1])
        html = Path(command[command.index("--path-output") + 1]) / "_build" / "html"
        self.built.append("/".join(book.parts[-2:]))
        for file in (f for f in book.rglob("*") if f.suffix in (".md", ".ipynb")):
            page = html / file.relative_to(book).with_suffix(".html")
            page.parent.mkdir(parents=True, exist_ok=True)
            text = file.read_text("utf-8") if file.suffix == ".md" else _said(file)
            page.write_text(f"{HEAD}<article>{text}{self.more}</article>", encoding="utf-8")
        shutil.copytree(book / "_extra", html, dirs_exist_ok=True)
        write_search_index(html)
        report = self.report.format(book=book)
        return int(bool(report)), report
