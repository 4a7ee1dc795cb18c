"""What is not wrong, but a person should know: gaps, old leads, broken threads, what is to do."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.book.to_do import reasons_without_the_year, to_do
from kingston_analysis.data.editions import edition_years, load_edition
from kingston_analysis.matrix.decisions import register_of
from kingston_analysis.plan.plans import load_plan, plans_in
from kingston_analysis.plan.thread import threads
from kingston_analysis.project import Project


def data_notes(project: Project) -> dict[str, list[str]]:
    """List, by title, gaps of the plans, topics without the year, broken threads, what is to do.

    The data must be sound. Titles under which nothing stands are left out.
    """
    plans = plans_in(project)
    found = {
        "Not available": [
            f"{name}: {gap}" for name in plans for gap in load_plan(project, name).gaps()
        ],
        "Topics whose figures end before the year assessed": list(_old_leads(project)),
        "Threads that are not whole": [each for name in plans for each in _threads(project, name)],
        "Still to do": [str(each) for each in to_do(project)],
    }
    return {title: notes for title, notes in found.items() if notes}


def _old_leads(project: Project) -> Iterator[str]:
    """Say of which topics of an edition no indicator has a figure of the year assessed any more."""
    for year in edition_years(project):
        found = reasons_without_the_year(project, load_edition(project, year))
        yield from (f"Edition {year}, {title}: {why}" for title, why in found.items())


def _threads(project: Project, plan: str) -> list[str]:
    """Say where each thread of a plan ends, as it stands in the plan's newest edition."""
    editions = [load_edition(project, year) for year in edition_years(project)]
    newest = max((each.edition for each in editions if each.plan == plan), default=0)
    found = threads(load_plan(project, plan), register_of(project, plan), newest)
    return [
        f"{plan}: {each.theme}: {link.step} {link.state}. {link.text}"
        for each in found
        for link in each.links
        if link.step == each.ends_at
    ]
