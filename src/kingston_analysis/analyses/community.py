"""The community's views: what people said, how sure that is, and who was not heard."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.measures.community import Views
from kingston_analysis.results import Gap, finding
from kingston_analysis.show import survey_words as words
from kingston_analysis.show.answer import Part, Publication, Unanswered, analysis
from kingston_analysis.show.community_findings import community_values
from kingston_analysis.show.community_tables import gap_table, profile_table, standing_table
from kingston_analysis.show.community_views import views_figures
from kingston_analysis.show.sources import caveats_of, sources_table
from kingston_analysis.views.edition import EditionView


@analysis("Survey of residents")
def surveys(view: EditionView) -> Iterator[Part]:
    """Say which surveys there are and whose answers they hold; else what is known without one."""
    for views in view.surveys:
        yield words.survey_sentence(views)
        yield Publication(tuple(community_values(views)), views.tables)
    if not view.surveys:
        yield view.no_survey
        yield Publication((finding("survey", None, view.no_survey, "text"),), ())
    yield from view.known_views


@analysis("What people said")
def opinions(view: EditionView) -> Iterator[Part]:
    """Show what people said, each share with its interval where the base is known."""
    for views in view.surveys:
        yield views.shares
        yield from views_figures(views)
    if not view.surveys:
        yield view.no_survey


@analysis("Comparison")
def standing(view: EditionView) -> Iterator[Part]:
    """Set published shares beside a year before, a larger area and the other boroughs."""
    found = [views for views in view.surveys if len(views.standing)]
    for views in found:
        yield words.standing_sentence(views)
        yield standing_table(views)
    if not found:
        yield Gap("No survey that was asked in other boroughs too is held.")


@analysis("Concerns")
def concerns(view: EditionView) -> Iterator[Part]:
    """Rank concerns, and set their ranks beside those of recorded harm."""
    found = [views for views in view.surveys if len(views.concerns)]
    for views in found:
        yield words.concerns_sentence(views)
        yield from _beside_harm(views, _recorded_harm(view))
    if not found:
        yield Gap("No survey that asked which crimes concern people is held.")


def _recorded_harm(view: EditionView) -> dict[str, float]:
    """Return the severity per head of each topic that a concern names, where one is known."""
    asked = {question.topic for views in view.surveys for question in views.survey.questions}
    topics = [topic for topic in view.edition.topics if topic in asked]
    found = view.findings(*topics) if topics else ()
    return {f.page: f.value for f in found if f.name == "severity" and f.value is not None}


def _beside_harm(views: Views, harm: dict[str, float]) -> Iterator[Part]:
    if views.gaps(harm).empty:
        why = "No concern has a topic with recorded harm."
        yield Unanswered("Concern beside harm", Gap(why))
        return
    yield words.gap_sentence(views, harm)
    yield gap_table(views, harm)


@analysis("Who answered")
def who_answered(view: EditionView) -> Iterator[Part]:
    """Set those who answered beside the residents, and say who is missing most."""
    found = [views for views in view.surveys if len(views.profile)]
    for views in found:
        yield words.profile_sentence(views)
        yield profile_table(views)
    if not found:
        yield Gap(
            "No answers of single people are held, so they cannot be set beside the residents."
        )


@analysis("What the surveys cannot tell")
def survey_limits(view: EditionView) -> Iterator[Part]:
    """List what the surveys cannot tell, and what is not known without one."""
    for table in view.scope.tables:
        yield caveats_of(table, view.edition)
    if not view.scope.tables:
        yield (
            "No answers are held, so this page cannot say which crimes concern people most, "
            "whether they feel safe or what they think of the police."
        )


@analysis("Sources")
def survey_sources(view: EditionView) -> Iterator[Part]:
    """List the tables of the surveys, where there are any."""
    if view.scope.tables:
        yield sources_table(view.scope.tables)
    else:
        yield Gap("No table of a survey is held for this edition.")
