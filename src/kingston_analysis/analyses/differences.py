"""Differences: how this edition differs from the one before, and for which reason."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.results import Gap
from kingston_analysis.show import difference_views as shown
from kingston_analysis.show.answer import Part, analysis
from kingston_analysis.views.edition import EditionView

FIRST = Gap("This is the first edition: none stands before it.")


@analysis("What turned round")
def turned_round(view: EditionView) -> Iterator[Part]:
    """Say which changes went the other way in the edition before."""
    if view.before is None:
        yield FIRST
        return
    yield f"The edition before is that of {view.before.edition.edition}."
    yield shown.turned_sentence(view.differences, _titles(view))


@analysis("What happened")
def happened(view: EditionView) -> Iterator[Part]:
    """Show the figures that came in since the edition before."""
    if view.before is None:
        yield FIRST
        return
    found = view.differences
    latest = {(f.page, f.indicator): f for f in view.found if f.measure == "change"}
    yield shown.new_sentence(found)
    table = shown.new_table(found, latest, _titles(view))
    if table.rows:
        yield table


@analysis("What was revised")
def revised(view: EditionView) -> Iterator[Part]:
    """Show the figures of the same period that are others now."""
    if view.before is None:
        yield FIRST
        return
    yield shown.revised_sentence(view.differences)
    table = shown.revised_table(view.differences, _titles(view))
    if table.rows:
        yield table


@analysis("What was done differently")
def done_otherwise(view: EditionView) -> Iterator[Part]:
    """Say what is defined, told or known otherwise."""
    if view.before is None:
        yield FIRST
        return
    yield shown.otherwise_sentence(view.differences, _titles(view))


def _titles(view: EditionView) -> dict[str, str]:
    """Return the titles of the pages of this edition and of the one before."""
    return {**view.topic_titles, **view.page_titles}
