"""What changed: how this edition differs from the one before, and for which reason."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.looking_back import LookingBack
from kingston_analysis.results import Gap
from kingston_analysis.show import difference_views as views
from kingston_analysis.show.answers import Answer, unanswered

FIRST = Gap("This is the first edition: none stands before it.")


def turned_round(page: LookingBack) -> Iterator[Answer]:
    """Say which changes went the other way in the edition before."""
    if page.edition_before is None:
        yield unanswered("What turned round", FIRST)
        return
    yield Answer(f"The edition before is that of {page.edition_before.edition}.")
    yield Answer(views.turned_sentence(page.differences, page.titles_of_both))


def happened(page: LookingBack) -> Iterator[Answer]:
    """Show the figures that came in since the edition before."""
    if page.edition_before is None:
        yield unanswered("What happened", FIRST)
        return
    found = page.differences
    latest = {(f.page, f.indicator): f for f in page.found_now if f.measure == "change"}
    table = views.new_table(found, latest, page.titles_of_both)
    yield Answer(views.new_sentence(found), (table,) if table.rows else ())


def revised(page: LookingBack) -> Iterator[Answer]:
    """Show the figures of the same period that are others now."""
    if page.edition_before is None:
        yield unanswered("What was revised", FIRST)
        return
    table = views.revised_table(page.differences, page.titles_of_both)
    yield Answer(views.revised_sentence(page.differences), (table,) if table.rows else ())


def done_otherwise(page: LookingBack) -> Iterator[Answer]:
    """Say what is defined, told or known otherwise."""
    if page.edition_before is None:
        yield unanswered("What was done differently", FIRST)
        return
    yield Answer(views.otherwise_sentence(page.differences, page.titles_of_both))
