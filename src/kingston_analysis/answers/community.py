"""The community's views: what people said, how sure that is, and who was not heard."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.measured import Measured
from kingston_analysis.measures.community import Views
from kingston_analysis.results import Gap, finding
from kingston_analysis.show import survey_words as words
from kingston_analysis.show.answers import Answer, unanswered
from kingston_analysis.show.community_findings import community_values
from kingston_analysis.show.community_tables import gap_table, profile_table, standing_table
from kingston_analysis.show.community_views import views_figures
from kingston_analysis.show.source_views import caveats, sources_table


def surveys(page: Measured) -> Iterator[Answer]:
    """Say which surveys there are and whose answers they hold; else what is known without one."""
    for views in page.surveys:
        values = tuple(community_values(views))
        yield Answer(words.survey_sentence(views), values=values, tables=views.tables)
    if not page.surveys:
        values = (finding("survey", None, page.no_survey, "text"),)
        yield unanswered("Survey of residents", page.no_survey, values=values)
    for line in page.known_views:
        yield Answer(line)


def opinions(page: Measured) -> Iterator[Answer]:
    """Show what people said, each share with its interval where the base is known."""
    for views in page.surveys:
        yield Answer(shown=tuple(views_figures(views)))
    if not page.surveys:
        yield unanswered("What people said", page.no_survey)


def standing(page: Measured) -> Iterator[Answer]:
    """Set published shares beside a year before, a larger area and the other boroughs."""
    found = [views for views in page.surveys if len(views.standing)]
    for views in found:
        yield Answer(words.standing_sentence(views), (standing_table(views),))
    if not found:
        why = "No survey that was asked in other boroughs too is held."
        yield unanswered("Comparison", Gap(why))


def concerns(page: Measured) -> Iterator[Answer]:
    """Rank concerns, and set their ranks beside those of recorded harm."""
    found = [views for views in page.surveys if len(views.concerns)]
    for views in found:
        yield Answer(words.concerns_sentence(views))
        yield _beside_harm(views, page.recorded_harm)
    if not found:
        why = "No survey that asked which crimes concern people is held."
        yield unanswered("Concerns", Gap(why))


def _beside_harm(views: Views, harm: dict[str, float]) -> Answer:
    if views.gaps(harm).empty:
        why = "No concern has a topic with recorded harm."
        return unanswered("Concern beside harm", Gap(why))
    return Answer(words.gap_sentence(views, harm), (gap_table(views, harm),))


def who_answered(page: Measured) -> Iterator[Answer]:
    """Set those who answered beside the residents, and say who is missing most."""
    found = [views for views in page.surveys if len(views.profile)]
    for views in found:
        yield Answer(words.profile_sentence(views), (profile_table(views),))
    if not found:
        why = "No answers of single people are held, so they cannot be set beside the residents."
        yield unanswered("Who answered", Gap(why))


def survey_limits(page: Measured) -> Iterator[Answer]:
    """List what the surveys cannot tell, and what is not known without one."""
    for table in page.tables:
        yield Answer(caveats(table, page.edition))
    if not page.tables:
        yield Answer(
            "No answers are held, so this page cannot say which crimes concern people most, "
            "whether they feel safe or what they think of the police."
        )


def survey_sources(page: Measured) -> Iterator[Answer]:
    """List the tables of the surveys, where there are any."""
    if page.tables:
        yield Answer(shown=(sources_table(page.tables),))
    else:
        yield unanswered("Sources", Gap("No table of a survey is held for this edition."))
