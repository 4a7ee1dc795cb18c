"""What the pages of a plan print: its content, what is generated from it, and its charts."""

from __future__ import annotations

from typing import Any

from kingston_analysis.book.thread_text import thread_lines
from kingston_analysis.editions import Edition
from kingston_analysis.findings import Findings
from kingston_analysis.matrix.decisions import register_of
from kingston_analysis.plan.plans import Plan, load_plan
from kingston_analysis.plan.thread import threads
from kingston_analysis.tables.load import load


def content(edition: Edition, findings: Findings) -> dict[str, Any]:
    """Gather what the pages of an edition's plan print, as plain objects."""
    plan = load_plan(edition.plan)
    thread = threads(plan, register_of(edition.plan), edition.edition, findings)
    return {
        "plan": plan.model_dump(mode="json"),
        "indicators": indicator_titles(plan),
        "lines": {"golden-thread": thread_lines(thread)},
    }


def indicator_titles(plan: Plan) -> dict[int, str | None]:
    """Return the titles of all National Indicators; None where no document confirms one."""
    titles: dict[int, str | None] = {}
    for table in [each.table for each in plan.national if each.table]:
        for row in load(table).frame.itertuples():
            confirmed = row.title_confirmed == "yes"
            titles[int(row.national_indicator)] = row.title_paraphrased if confirmed else None
    return titles
