"""What an edition may see for an area: its tables, and what other pages of the book found."""

from __future__ import annotations

from functools import cached_property

from kingston_analysis.data.areas import Areas, load_areas
from kingston_analysis.data.editions import Edition, visible_to
from kingston_analysis.data.tables.load import Table, load
from kingston_analysis.data.tables.vintages import reextracted
from kingston_analysis.data.topics import Indicator, Topic, load_topics
from kingston_analysis.measures.indicators import make_series, until
from kingston_analysis.measures.series import Series
from kingston_analysis.project import Project
from kingston_analysis.records.upstream import upstream_findings
from kingston_analysis.results import Findings


class Scope:
    """A project as one edition sees it for one area; every table is loaded once, and remembered."""

    def __init__(
        self, project: Project, edition: Edition, area: str, within: Scope | None = None
    ) -> None:
        self.project, self.edition, self.area = project, edition, area
        self._within = within
        self._tables: dict[str, Table] = {}
        self._series: dict[str, Series] = {}

    def load(self, name: str) -> Table:
        """Load a table, verified, as far as the edition may see it."""
        if name not in self._tables:
            self._tables[name] = visible_to(self._extraction(name), self.edition)
        return self._tables[name]

    def _extraction(self, name: str) -> Table:
        """Return the extraction that the edition sees, of the later edition if it sees the same."""
        within, day = self._within, self.edition.extraction
        if within and not reextracted(self.project, [name], day, within.edition.extraction):
            return within.load(name)
        return load(self.project, name, day)

    def series(self, indicator: Indicator) -> Series:
        """Return an indicator of the area as a series, made once for all views of this scope.

        It ends with the year assessed, and goes on by month as far as the edition may see.
        """
        key = indicator.model_dump_json()
        if key not in self._series:
            boroughs, people = self.areas.borough_names, self.load("population")
            table = self.load(indicator.table)
            made = make_series(indicator, self.area, table, people, boroughs)
            self._series[key] = until(made, self.edition.assessed)
        return self._series[key]

    @property
    def tables(self) -> list[Table]:
        """Return the tables that were loaded."""
        return list(self._tables.values())

    @property
    def is_past(self) -> bool:
        """Tell whether this is an earlier edition, seen from a later one."""
        return self._within is not None

    def as_of(self, edition: Edition) -> Scope:
        """Return the scope of an earlier edition, with the extractions that it saw."""
        return Scope(self.project, edition, self.area, within=self)

    def of(self, area: str) -> Scope:
        """Return the scope of another area, which shares the tables that were loaded."""
        other = Scope(self.project, self.edition, area, self._within)
        other._tables = self._tables
        return other

    def findings(self, *pages: str) -> Findings:
        """Return what other pages of the same book found; they run before this one.

        Raises KingstonError where one was not run, or something changed since.
        """
        year = self.edition.edition
        return Findings(upstream_findings(self.project, list(pages), year, self.area))

    @cached_property
    def areas(self) -> Areas:
        """Return the boroughs that are compared, and the larger areas round them."""
        return load_areas(self.project)

    @cached_property
    def topics(self) -> dict[str, Topic]:
        """Return every topic of the project, by id."""
        return load_topics(self.project)

    def __repr__(self) -> str:
        return f"{self.area}, edition {self.edition.edition}"
