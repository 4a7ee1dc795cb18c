"""Assemble an edition's book in `_build/`: narrative, executed pages, findings, data, drawings."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
import yaml

from kingston_analysis.book.books import Book, code_of_books
from kingston_analysis.book.content import content
from kingston_analysis.book.contents import CONTENTS, contents_of
from kingston_analysis.book.context import DRAWINGS, BuildContext, Card, write_context
from kingston_analysis.book.draw import WIDTHS, drawing_file, specification_hash
from kingston_analysis.book.drawers import charts_of
from kingston_analysis.book.drawn_notebook import with_drawings
from kingston_analysis.book.settings import SETTINGS, settings_of_book
from kingston_analysis.book.weight_data import weight_data
from kingston_analysis.data.tables.periods import day_in_words
from kingston_analysis.data.topics import load_topics
from kingston_analysis.errors import KingstonError, Problem, raise_any
from kingston_analysis.pages.outputs import figures_in, findings_in
from kingston_analysis.plan.themes import load_themes
from kingston_analysis.project import clear_place, content_of
from kingston_analysis.records.key import Now, changes
from kingston_analysis.records.pages import Page
from kingston_analysis.records.record import UnusableError, read_record
from kingston_analysis.results import MIME, Findings, as_json
from kingston_analysis.show.figure_html import csv_path, figure_csv, notebook_path, record_path
from kingston_analysis.show.mimes import CAPTION

# Ends the name of the figure that shows a series over its years.
OF_YEARS = "-years"


def refuse_stale(books: Iterable[Book], now: Now) -> None:
    """Raise KingstonError for the pages of books that were not run, or are stale."""
    raise_any(
        Problem(
            f"The page was not run, or something changed since: {page}.",
            remedy="Run `kingston run`.",
        )
        for book in books
        for page in book.pages
        if changes(page, now)
    )


def assemble(book: Book) -> int:
    """Write a book's sources, its pages being fresh; return how many figures these emitted."""
    notebooks = {page: _executed(page) for page in book.pages}
    clear_place(book.folder)
    evidence = book.folder / "evidence"
    evidence.mkdir(parents=True)
    _copy_narrative(book)
    found = [each for notebook in notebooks.values() for each in findings_in(notebook)]
    findings = Findings(found)
    titles = {topic.id: topic.title for topic in load_topics(book.project).values()}
    figures = 0
    charts: dict[str, dict[str, str]] = {}
    for page, notebook in notebooks.items():
        published = nbformat.writes(with_drawings(notebook, charts_of(book.project))) + "\n"
        _publish(book.folder / "_extra" / notebook_path(page.name), published)
        _publish(book.folder / "_extra" / record_path(page.name), page.record.read_text("utf-8"))
        for specification in figures_in(notebook):
            _add_figure(book, page, specification)
            figures += 1
            if specification["usermeta"]["figure"].endswith(OF_YEARS):
                charts.setdefault(page.name, _chart(specification))
        text = nbformat.writes(_readable(notebook, titles.get(page.topic or "")))
        (evidence / f"{page.name}.ipynb").write_text(text + "\n", encoding="utf-8", newline="\n")
    _publish(book.folder / "_extra" / "findings.json", as_json(found))
    context = _build_context(book, findings, charts)
    write_context(context, book.folder)
    _publish(book.folder / "_extra" / "edition.json", json.dumps(_public(context), indent=1) + "\n")
    toc = yaml.safe_dump(
        contents_of(book.project, book.plan, book.edition.topics, book.edition.pages),
        sort_keys=False,
        allow_unicode=True,
    )
    _publish(book.folder / CONTENTS, toc)
    _publish(book.folder / SETTINGS, settings_of_book(book.project))
    return figures


def _executed(page: Page) -> nbformat.NotebookNode:
    """Read an executed notebook; raise KingstonError where its record does not vouch for it."""
    try:
        read_record(page)
        return nbformat.reads(content_of(page.executed).decode(), as_version=4)
    except UnusableError as reason:
        what = f"What was run of {page} cannot be used: {reason}."
        raise KingstonError(Problem(what, page.executed, remedy="Build again.")) from None


def _copy_narrative(book: Book) -> None:
    for file in book.narrative:
        place = file.relative_to(book.project.narrative)
        if place.name != CONTENTS:
            target = book.folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def _add_figure(book: Book, page: Page, specification: dict[str, Any]) -> None:
    folder, about = book.folder, specification["usermeta"]
    place = folder / "_extra" / csv_path(page.name, about["figure"])
    if place.exists():
        what = f"{page}: two figures are called '{about['figure']}'."
        raise KingstonError(what, "Give one of them another id.")
    _publish(place, figure_csv(about))
    name = specification_hash(specification)
    (folder / DRAWINGS).mkdir(exist_ok=True)
    for width in WIDTHS:
        drawing = drawing_file(charts_of(book.project), name, width)
        shutil.copyfile(drawing, drawing_file(folder / DRAWINGS, name, width))


def _chart(specification: dict[str, Any]) -> dict[str, str]:
    """Name a figure's drawing and say in words what it shows."""
    alternative = specification["usermeta"]["alternative"]
    return {"drawing": specification_hash(specification), "alternative": alternative}


def _readable(notebook: nbformat.NotebookNode, title: str | None) -> nbformat.NotebookNode:
    """Title a page after its topic; take code, findings and captions of charts out of the way."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.outputs = [
                o for o in cell.outputs if not {MIME, CAPTION} & o.get("data", {}).keys()
            ]
        if index == 0 and title:
            cell.source = "\n".join([f"# {title}", *cell.source.split("\n")[1:]])
        if cell.cell_type == "code":
            tags = cell.metadata.get("tags", [])
            quiet = "parameters" in tags or "injected-parameters" in tags or not cell.outputs
            cell.metadata["tags"] = [*tags, "remove-cell" if quiet else "remove-input"]
    return notebook


def _code() -> str:
    files = json.dumps(code_of_books(), sort_keys=True)
    return hashlib.sha256(files.encode()).hexdigest()[:12]


def _build_context(
    book: Book, findings: Findings, charts: dict[str, dict[str, str]]
) -> BuildContext:
    edition, is_draft = book.edition, book.is_draft
    return BuildContext(
        year=edition.edition,
        title=f"Draft: {edition.title}" if is_draft else edition.title,
        draft=is_draft,
        plan=book.plan,
        area=book.area,
        assessed=edition.assessed,
        extraction=day_in_words(edition.extraction),
        about=edition.about.strip(),
        code=f"source tree {_code()}",
        cards=_cards(book),
        matrix=weight_data(book.project, book.edition, findings),
        content=content(book, book.plan, findings) if book.plan else None,
        charts=charts,
    )


def _public(context: BuildContext) -> dict[str, Any]:
    names = ("year", "title", "area", "assessed", "extraction", "plan", "draft", "code")
    return {name: getattr(context, name) for name in names}


def _cards(book: Book) -> list[Card]:
    if book.plan:
        themes = load_themes(book.project, book.plan)
        return [
            Card(each.title, f"plans/{book.plan}/{each.page}.html", each.topic) for each in themes
        ]
    topics = load_topics(book.project)
    return [Card(topics[t].title, f"evidence/{t}.html", t) for t in book.edition.topics]


def _publish(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
