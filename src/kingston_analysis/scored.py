"""The matrix of a page's edition and of the edition before it, from measures and judgements."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from kingston_analysis.data.editions import Edition, edition_years, load_edition, narrow
from kingston_analysis.data.tables.load import Table
from kingston_analysis.data.topics import OVERVIEW, Topic, load_topic, load_topics
from kingston_analysis.matrix import readings
from kingston_analysis.matrix.cells import Cell, Matrix, Reading
from kingston_analysis.matrix.decisions import Decisions, register_of
from kingston_analysis.matrix.judgements import Judged, load_judgements
from kingston_analysis.matrix.scheme import Heading, Kind, load_scheme
from kingston_analysis.matrix.scoring import ranking
from kingston_analysis.matrix.sensitivity import Sensitivity, sensitivity
from kingston_analysis.measured import Measured
from kingston_analysis.measures.indicators import no_full_year
from kingston_analysis.measures.series import Series
from kingston_analysis.results import Gap


class Scored(Measured):
    """The measures of a page, with the matrix of its edition."""

    @cached_property
    def matrix(self) -> Matrix | Gap:
        """Return the edition's matrix."""
        return self._matrix_of(self.edition, self._tables)

    @cached_property
    def matrix_before(self) -> Matrix | Gap:
        """Return the matrix of the edition before this one, made as it was made then."""
        before = self.edition_before
        if before is None or isinstance(self.matrix, Gap):
            first = Gap("This is the first edition: none stands before it.")
            return self.matrix if isinstance(self.matrix, Gap) else first
        # It sees no more than this edition does, of the same tables.
        seen = {name: narrow(table, before) for name, table in self._tables.items()}
        found = self._matrix_of(before, seen)
        none = Gap("The edition before names no scheme by which areas are scored.")
        return none if isinstance(found, Gap) else found

    @cached_property
    def edition_before(self) -> Edition | None:
        """Return the edition before this one."""
        earlier = [year for year in edition_years(self.project) if year < self.edition.edition]
        return load_edition(self.project, earlier[-1]) if earlier else None

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """Return total, scored and rank of each topic, in the order of rank."""
        found = self.matrix
        if isinstance(found, Gap):
            return pd.DataFrame(columns=["total", "scored", "rank"])
        return ranking(found.scores, found.weights, found.scheme.tie_breaks, found.scheme.fewest)

    @cached_property
    def sensitivity(self) -> Sensitivity:
        """Return how sure the ranking is."""
        return sensitivity(self.matrix)

    @property
    def decisions(self) -> Decisions | Gap:
        """Return the register of the plan's decisions."""
        if self.area != self.edition.area:
            return Gap(f"Decisions are held for {self.edition.area} alone.")
        plan = self.edition.scheme
        found = register_of(self.project, plan) if plan else None
        return found or Gap("No register of decisions is held for this edition.")

    @property
    def topic_titles(self) -> dict[str, str]:
        """Return the titles of all topics, by id."""
        return {name: topic.title for name, topic in load_topics(self.project).items()}

    def tables_behind(self, topic: str) -> tuple[str, ...]:
        """Return the tables behind a topic's computed scores, by name."""
        cells = self.matrix.cells[topic].values()
        computed = [cell.reading for cell in cells if isinstance(cell.reading, Reading)]
        return tuple(dict.fromkeys(table for each in computed for table in each.tables))

    def scored_series(self, topic: str) -> Series | Gap:
        """Return the series by which a topic is scored."""
        page, gap = self._newest(self.edition, load_topic(self.project, topic), self._tables)
        return gap or page.lead

    def _matrix_of(self, edition: Edition, tables: dict[str, Table]) -> Matrix | Gap:
        project = self.project
        plans = project.data / "plans"
        if edition.scheme is None or not project.names_in(plans / edition.scheme, "matrix.*"):
            return Gap("This edition names no scheme by which areas are scored.")
        scheme, own = load_scheme(project, edition.scheme), self.area == edition.area
        judged = load_judgements(project, edition.edition) if own else {}
        topics, cells = load_topics(project), {}
        everything = self._page(edition, topics[OVERVIEW], tables)
        for name in edition.topics:
            found = _Readings(*self._newest(edition, topics[name], tables), everything)
            given = judged.get(name, {})
            cells[name] = {h.id: _cell(h, found, given.get(h.id)) for h in scheme.headings}
        return Matrix(scheme, self.area, edition.edition, cells)

    def _newest(
        self, edition: Edition, topic: Topic, tables: dict[str, Table]
    ) -> tuple[Measured, Gap | None]:
        """Return the topic's first indicator that has the year assessed, or why none has."""
        pages = []
        for each in topic.indicators:
            if each.months_of:
                continue
            months = [other for other in topic.indicators if other.months_of == each.id]
            narrow = topic.model_copy(update={"indicators": [each, *months]})
            page = self._page(edition, narrow, tables)
            if page.lead.known and page.lead.latest[:4] >= edition.assessed[:4]:
                return page, None
            pages.append(page)
        lead = next((page.lead for page in pages if page.lead.known), pages[0].lead)
        if lead.known:
            return pages[0], Gap(f"the newest figure held is of {lead.latest}.")
        return pages[0], no_full_year(lead, edition)

    def _page(self, edition: Edition, topic: Topic, tables: dict[str, Table]) -> Measured:
        where = (self.project, self.template, edition, self.area)
        return Measured(*where, topic, self.parameters, tables)


class _Readings:
    """What the measures of one topic give under the headings, each when it is asked for."""

    def __init__(self, page: Measured, gap: Gap | None, everything: Measured) -> None:
        self.page, self.gap, self.everything = page, gap, everything

    def of(self, kind: Kind) -> Reading | Gap:
        """Return the reading of one measure."""
        page, lead = self.page, self.page.lead
        if kind == "concern":
            return readings.concern(page.topic.id, self.everything.surveys)
        if self.gap:
            return self.gap
        if kind == "volume":
            return readings.volume(lead, self.everything.lead)
        if kind == "performance":
            return readings.performance(lead)
        if kind == "trend":
            return readings.trend(lead, lead.change())
        return self._seriousness({"severity": "severity", "harm-days": "days"}[kind])

    def _seriousness(self, index: str) -> Reading | Gap:
        page = self.page
        if isinstance(page.harm, Gap):
            return page.harm
        year = page.year_of_months
        phi = page.lead.variation_of(year).phi
        return readings.seriousness(page.harm, index, phi, year, page.harm_tables)


def _cell(heading: Heading, found: _Readings, judged: Judged | None) -> Cell:
    asked = [each and found.of(each.kind) for each in (heading.measure, heading.swap)]
    return Cell(heading, asked[0], judged, asked[1])
