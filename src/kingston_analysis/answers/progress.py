"""Progress: how far last year's plan was carried out, and what came of last year's projections."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.looking_back import LookingBack
from kingston_analysis.show import progress_views as views
from kingston_analysis.show.answers import Answer, unanswered
from kingston_analysis.show.target_views import Progress, target_sentence, targets_table

FIRST = "This is the first edition: there is no earlier plan to hold the year against."


def implemented(page: LookingBack) -> Iterator[Answer]:
    """Set action, output and outcome beside each objective of the last edition's plan."""
    if page.why_no_plan_before:
        yield unanswered("How far last year's plan was carried out", page.why_no_plan_before)
        return
    themes = page.plan_before.themes
    yield Answer(views.objectives_sentence(themes, page.edition_before.edition))
    outcomes = {each.topic: page.outcome(each.topic, each) for each in themes}
    yield Answer(shown=(views.implemented_table(themes, outcomes),))


def what_figures_did(page: LookingBack) -> Iterator[Answer]:
    """Show what the figure of each theme, or topic, did in its latest year."""
    outcomes = [page.outcome(topic) for topic in page.themes_or_topics]
    yield Answer(shown=(views.outcomes_table(outcomes),))


def targets(page: LookingBack) -> Iterator[Answer]:
    """Show where each target of the plan stands, and how likely it is to be met."""
    if page.why_no_plan:
        yield unanswered("Targets", page.why_no_plan)
        return
    found = page.targets(page.plan.themes)
    yield Answer("\n\n".join(target_sentence(each) for each in found))
    if any(isinstance(each, Progress) for each in found):
        yield Answer(shown=(targets_table(found),))


def projections_scored(page: LookingBack) -> Iterator[Answer]:
    """Hold the last edition's projections against what came."""
    if page.edition_before is None:
        yield unanswered("Projections scored", FIRST)
        return
    found = page.projections_scored
    table = (views.scored_table(found, page.titles),) if found else ()
    yield Answer(views.scored_sentence(found, page.edition_before.edition), table)


def own_working(page: LookingBack) -> Iterator[Answer]:
    """Give the review of the partnership's own working."""
    yield Answer(views.working_words(page.edition.working))
