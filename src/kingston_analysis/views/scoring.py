"""The matrix of an edition: what the measures of each topic give under the headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kingston_analysis.matrix import indicator_values
from kingston_analysis.matrix.cells import Cell, IndicatorValue, Matrix
from kingston_analysis.matrix.judgements import Judged, load_judgements
from kingston_analysis.matrix.scheme import Bands, MatrixHeading, load_scheme
from kingston_analysis.measures.harm import IndexName
from kingston_analysis.results import Gap

if TYPE_CHECKING:
    from kingston_analysis.views.edition import EditionView
    from kingston_analysis.views.topic import TopicView

INDICES: dict[str, IndexName] = {"severity": "severity", "harm-days": "days"}


def matrix_of(view: EditionView) -> Matrix | Gap:
    """Return the matrix of an edition, from its measures and judgements."""
    project, edition = view.scope.project, view.edition
    folder = project.data / "plans" / str(edition.scheme)
    if edition.scheme is None or not project.names_in(folder, "matrix.*"):
        return Gap("This edition names no scheme by which areas are scored.")
    scheme, own = load_scheme(project, edition.scheme), view.area == edition.area
    judged = load_judgements(project, edition.edition) if own else {}
    cells = {}
    for name in edition.topics:
        found = _IndicatorValues(view.topic(name), view)
        given = judged.get(name, {})
        cells[name] = {h.id: _cell(h, found, given.get(h.id)) for h in scheme.headings}
    return Matrix(scheme, view.area, edition.edition, cells)


class _IndicatorValues:
    """What the measures of one topic give under the headings, each when it is asked for."""

    def __init__(self, topic: TopicView, edition: EditionView) -> None:
        self.topic, self.edition = topic, edition

    def of(self, bands: Bands) -> IndicatorValue | Gap:
        """Return the value of the measure that some bands score."""
        topic, primary, kind = self.topic, self.topic.primary, bands.kind
        if kind == "concern":
            return indicator_values.concern(topic.topic.id, self.edition.surveys)
        if topic.year_gap:
            return topic.year_gap
        if kind == "volume":
            return indicator_values.volume(primary, self.edition.all_crime.primary)
        if kind == "performance":
            return indicator_values.performance(primary)
        if kind == "trend":
            return indicator_values.trend(primary)
        return self._seriousness(INDICES[kind], bands)

    def _seriousness(self, index: IndexName, bands: Bands) -> IndicatorValue | Gap:
        found = self.topic.harm
        if isinstance(found, Gap):
            return found
        about = (index, found.phi, found.year, found.tables)
        return indicator_values.seriousness(found.own, *about, bands)


def _cell(heading: MatrixHeading, found: _IndicatorValues, judged: Judged | None) -> Cell:
    asked = (heading.measure, heading.swap)
    value, other = (found.of(each) if each else None for each in asked)
    return Cell(heading, value, judged, other)
