"""What the pages of a plan print: its content, what is generated from it, and its charts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kingston_analysis.book.books import Book
from kingston_analysis.book.claim_sentences import counted_in
from kingston_analysis.book.claim_text import claim_lines, figures
from kingston_analysis.book.guard.check import backing
from kingston_analysis.book.statutory import statutory_lines
from kingston_analysis.book.thread_text import thread_lines
from kingston_analysis.data.tables.load import load
from kingston_analysis.data.topics import load_topics
from kingston_analysis.data.yaml_models import problem_in
from kingston_analysis.errors import KingstonError
from kingston_analysis.matrix.decisions import register_of
from kingston_analysis.plan.claims import claims_file, load_claims
from kingston_analysis.plan.coverage import coverage, what_lacks
from kingston_analysis.plan.law import load_coverage, load_law
from kingston_analysis.plan.plans import Plan, load_plan
from kingston_analysis.plan.thread import threads
from kingston_analysis.plan.verdicts import JudgedClaim, judge_claim
from kingston_analysis.project import Project
from kingston_analysis.results import Findings


def content(book: Book, name: str, findings: Findings) -> dict[str, Any]:
    """Gather what the pages of an edition's plan, given by its name, print, as plain objects."""
    project, edition, plan = book.project, book.edition, load_plan(book.project, name)
    judged = list(_judged(project, name, findings))
    thread = threads(plan, register_of(project, name), edition.edition, findings)
    return {
        "plan": plan.model_dump(mode="json"),
        "indicators": indicator_titles(project, plan),
        "lines": {
            "golden-thread": thread_lines(thread),
            "statutory-coverage": _statutory(book, name),
            "claims": claim_lines(
                judged, backing(project, book.narrative), counted_in(load_topics(project))
            ),
        },
        "claims": {each.claim.id: _verdict(each) for each in judged},
    }


def _judged(project: Project, plan: str, findings: Findings) -> Iterator[JudgedClaim]:
    """Judge every claim of a plan; raise KingstonError with the place of one on no finding."""
    for number, claim in enumerate(load_claims(project, plan)):
        try:
            yield judge_claim(claim, findings)
        except KingstonError as error:
            [found] = error.problems
            file, what = claims_file(project, plan), f"The claim '{claim.id}': {found.what}"
            raise KingstonError(problem_in(what, file, (number, "test"), found.remedy)) from None


def _verdict(judged: JudgedClaim) -> dict[str, Any]:
    claim = judged.claim
    why = " ".join([judged.why, *figures(judged)])
    return {"text": claim.text, "voice": claim.voice, "verdict": judged.verdict, "why": why}


def _statutory(book: Book, plan: str) -> list[str]:
    edition, law = book.edition, load_law(book.project)
    parts = load_coverage(book.project, plan)
    later = [each for each in law if each.since > edition.extraction]
    lacking = what_lacks(book.project, edition, plan)
    return statutory_lines(coverage(edition, law, parts, lacking), later)


def indicator_titles(project: Project, plan: Plan) -> dict[int, str | None]:
    """Return the titles of all National Indicators; None where no document confirms one."""
    titles: dict[int, str | None] = {}
    for table in [each.table for each in plan.national if each.table]:
        frame = load(project, table).frame
        columns = ("national_indicator", "title_paraphrased", "title_confirmed")
        for number, title, confirmed in zip(*(frame[name] for name in columns), strict=True):
            titles[int(number)] = title if confirmed == "yes" else None
    return titles
