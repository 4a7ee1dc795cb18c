"""The findings that own notebooks bind in their texts, findings against what was found."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.book.narrative import bound_in, markdown_of
from kingston_analysis.data.editions import Edition
from kingston_analysis.errors import KingstonError, Problem, nearest
from kingston_analysis.project import Project
from kingston_analysis.records.key import Now, changes
from kingston_analysis.records.pages import Page, pages_of
from kingston_analysis.records.record import read_record
from kingston_analysis.results import Findings, from_objects


def binding_problems(project: Project, edition: Edition) -> Iterator[Problem]:
    """Find each finding that an edition's own notebooks bind and that its book has not.

    Pages that were not run, or are stale, may have any.
    """
    pages = {page.name: page for page in pages_of(project, edition, edition.area)}
    now, findings = Now(project), dict[str, Findings]()
    for notebook in (pages[name].source for name in edition.pages):
        for number, text in enumerate(markdown_of(notebook), start=1):
            for target, line in bound_in(text):
                try:
                    _check(target, pages, now, findings)
                except KingstonError as error:
                    [each] = error.problems
                    what = f"Markdown cell {number}, line {line}: {each.what}"
                    yield Problem(what, notebook, remedy=each.remedy)


def _check(target: str, pages: dict[str, Page], now: Now, findings: dict[str, Findings]) -> None:
    name = target.partition(".")[0]
    if name not in pages:
        raise KingstonError(f"'{target}' is of no page of the book.", nearest(name, pages))
    if name not in findings and not changes(pages[name], now):
        findings[name] = Findings(from_objects(read_record(pages[name]).findings))
    if name in findings:
        findings[name].get(target)
