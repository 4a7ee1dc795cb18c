"""Change: what is different from the year before, from the years before it, and so far."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.evidence import Evidence
from kingston_analysis.show.answers import Answer, unanswered
from kingston_analysis.show.sentences import (
    changed,
    changed_on_mean,
    changed_so_far,
    how_sure,
    not_compared,
)
from kingston_analysis.show.series_views import change_table


def change(page: Evidence) -> Iterator[Answer]:
    """Compare each indicator with the year before and the three before, and the year so far."""
    family = page.changes
    for series in page.series[1:]:
        yield Answer(changed(series, family.of(series)))
    for series in page.series[:1]:
        yield Answer(changed_on_mean(series, family.of(series, "three years")))
    for series in page.in_progress[:1]:
        yield Answer(changed_so_far(series, family.of(series, "part year")))
    if family.members:
        yield Answer(how_sure(family), (change_table(family),))
        yield Answer(not_compared(family))
    else:
        yield unanswered("Change", page.lead_gap)
