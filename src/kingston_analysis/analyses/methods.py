"""Methods: how often the intervals and alarms of this book mislead, on made-up series."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.show.answer import Part, Publication, analysis
from kingston_analysis.show.study_views import study_tables, study_values
from kingston_analysis.views.edition import EditionView

STUDY = "alarm_study"


@analysis("How often these methods mislead")
def alarm_quality(view: EditionView) -> Iterator[Part]:
    """Show how intervals, verdicts and control-chart rules fare where the truth is known."""
    study = view.load(STUDY)
    yield study.frame
    yield study.meta.description
    yield from study_tables(study.frame)
    yield Publication(tuple(study_values(study.frame)), (STUDY,))
