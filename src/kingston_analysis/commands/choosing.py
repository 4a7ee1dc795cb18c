"""Which editions and pages a command is about."""

from __future__ import annotations

from dataclasses import dataclass

from kingston_analysis.data.areas import check_borough
from kingston_analysis.data.editions import Edition, edition_years, load_edition
from kingston_analysis.errors import KingstonError
from kingston_analysis.project import Project
from kingston_analysis.records.pages import Page, pages_of


@dataclass(frozen=True)
class Choice:
    """What a person chose of a project: editions, a borough, a page or template; by default all."""

    project: Project
    years: list[int] | None = None
    area: str | None = None
    only: str | None = None

    @property
    def editions(self) -> list[tuple[Edition, str]]:
        """Return each edition once, with the area that it is for.

        Raises KingstonError for an edition that does not exist.
        """
        years = dict.fromkeys(self.years or edition_years(self.project))
        editions = [load_edition(self.project, year) for year in years]
        return [(each, self.area or each.area) for each in editions]

    @property
    def pages(self) -> list[Page]:
        """Return the pages; raise KingstonError for an unknown edition or borough.

        A page that not every chosen edition has is taken from those that have it; raises
        KingstonError where none has.
        """
        found: list[Page] = []
        unknown: KingstonError | None = None
        for edition, area in self.editions:
            check_borough(self.project, area)
            try:
                found += pages_of(self.project, edition, area, self.only)
            except KingstonError as error:
                unknown = error
        if unknown and not found:
            raise unknown
        return found
