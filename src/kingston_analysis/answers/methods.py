"""Methods: how often the intervals and alarms of this book mislead, on made-up series."""

from __future__ import annotations

from collections.abc import Iterator

from kingston_analysis.evidence import Evidence
from kingston_analysis.show.answers import Answer
from kingston_analysis.show.study_views import study_tables, study_values

STUDY = "alarm_study"


def alarm_quality(page: Evidence) -> Iterator[Answer]:
    """Show how intervals, verdicts and control-chart rules fare where the truth is known."""
    study = page.load(STUDY)
    tables, values = tuple(study_tables(study.frame)), tuple(study_values(study.frame))
    yield Answer(study.meta.description, tables, values, (STUDY,))
