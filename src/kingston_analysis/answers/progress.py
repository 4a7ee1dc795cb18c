"""Progress: how far last year's plan was carried out, and what came of last year's projections."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.looking_back import LookingBack
from kingston_analysis.results import Gap
from kingston_analysis.show import progress_views as views
from kingston_analysis.show.answers import Answer, unanswered
from kingston_analysis.show.target_views import Progress, target_sentence, targets_table


def implemented(page: LookingBack) -> Iterator[Answer]:
    """Set action, output and outcome beside each objective of the last edition's plan."""
    plan = page.plan_before
    if isinstance(plan, Gap):
        yield unanswered("How far last year's plan was carried out", plan)
        return
    themes = plan.themes
    yield Answer(views.objectives_sentence(themes, page.edition_before.edition))
    outcomes = {each.topic: page.outcome(each.topic, each) for each in themes}
    yield Answer(shown=(views.implemented_table(themes, outcomes),))


def what_figures_did(page: LookingBack) -> Iterator[Answer]:
    """Show what the figure of each theme, or topic, did in its latest year."""
    outcomes = [page.outcome(topic) for topic in page.themes_or_topics]
    yield Answer(shown=(views.outcomes_table(outcomes),))


def targets(page: LookingBack) -> Iterator[Answer]:
    """Show where each target of the plan stands, and how likely it is to be met."""
    if isinstance(page.plan, Gap):
        yield unanswered("Targets", page.plan)
        return
    found = page.targets(page.plan.themes)
    known = [each for each in found if isinstance(each, Progress)]
    if known:
        yield Answer("\n\n".join(target_sentence(each) for each in known))
    for each in found:
        if isinstance(each, Gap):
            yield unanswered("Targets", each)
    if known:
        yield Answer(shown=(targets_table(found),))


def projections_scored(page: LookingBack) -> Iterator[Answer]:
    """Hold the last edition's projections against what came."""
    if page.edition_before is None:
        yield unanswered("Projections scored", page.plan_before)
        return
    found = page.projections_scored
    table = (views.scored_table(found, page.titles),) if found else ()
    yield Answer(views.scored_sentence(found, page.edition_before.edition), table)


def own_working(page: LookingBack) -> Iterator[Answer]:
    """Give the review of the partnership's own working."""
    working = page.edition.working
    if isinstance(working, Gap):
        yield unanswered("The partnership's own working", working)
    else:
        yield Answer("\n".join(f"- {each}" for each in working))
