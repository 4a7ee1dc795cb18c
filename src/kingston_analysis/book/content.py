"""What the pages of a plan print: its content, and the titles of the indicators it names."""

from __future__ import annotations

from typing import Any

from kingston_analysis.plan.plans import Plan, load_plan
from kingston_analysis.tables.load import load


def content(name: str) -> dict[str, Any]:
    """Gather a plan's content and the titles of the National Indicators, as plain objects."""
    plan = load_plan(name)
    return {"plan": plan.model_dump(mode="json"), "indicators": indicator_titles(plan)}


def indicator_titles(plan: Plan) -> dict[int, str | None]:
    """Return the titles of all National Indicators; None where no document confirms one."""
    titles: dict[int, str | None] = {}
    for table in [each.table for each in plan.national if each.table]:
        for row in load(table).frame.itertuples():
            confirmed = row.title_confirmed == "yes"
            titles[int(row.national_indicator)] = row.title_paraphrased if confirmed else None
    return titles
