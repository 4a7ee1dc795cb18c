"""What an edition is, and what it may see."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from kingston_analysis.data.names import Day, Identifier, Key, Year
from kingston_analysis.data.surveys import Community
from kingston_analysis.data.tables import periods
from kingston_analysis.data.tables.metadata import Text
from kingston_analysis.data.yaml_models import Known, Strict, load_yaml
from kingston_analysis.errors import KingstonError, Problem, nearest
from kingston_analysis.project import Project

# At run time it would bring in pandas, for which no command that only looks has time.
if TYPE_CHECKING:
    from kingston_analysis.data.tables.load import Table


# What an edition may lack; that it does, it says itself.
EditionPart = Literal["plan", "matrix", "judgements", "decisions", "hypotheses"]


class Waiver(Strict):
    """What a law asks and an edition's book does not meet, and why."""

    requirement: Identifier
    reason: Text


class Edition(Strict):
    """One published book, for one assessment year.

    `carried` is the edition from which it was made, until a person has confirmed what it says.
    `pages` are notebooks of its own, by name, which stand after the evidence of every book.
    `without` names what it does not have: that a file is not there says nothing.
    """

    edition: Year
    carried: Year | None = None
    title: Text
    plan: Identifier | None = None
    matrix: Identifier | None = None
    without: tuple[EditionPart, ...] = ()
    area: Key
    assessed: Key
    extraction: Day
    about: Text
    community: Community = Community()
    topics: tuple[Identifier, ...]
    pages: tuple[Identifier, ...] = ()
    waives: tuple[Waiver, ...] = ()
    # As a file says it, so that the schema says it so too.
    working: Known[tuple[Text, ...]] = Field(
        default={"not_available": "No review of the partnership's own working is held."},
        validate_default=True,
    )

    @property
    def scheme(self) -> str | None:
        """Return the plan whose matrix scores the topics: its own plan's, or the one it names."""
        return self.matrix or self.plan

    @model_validator(mode="after")
    def _years_fit(self) -> Edition:
        if periods.ends(self.assessed, "financial_year") > self.extraction:
            raise ValueError(f"the year assessed, {self.assessed}, ends after the extraction")
        following = periods.shifted(self.assessed, "financial_year", 1)
        if periods.ends(following, "financial_year") <= self.extraction:
            raise ValueError(
                f"the year assessed is {self.assessed}, but {following} had ended by the extraction"
            )
        return self

    def mentions_only_known_years(self, text: str) -> bool:
        """Tell whether a text names no year after the extraction, so no figure of one either."""
        financial = re.findall(r"\b\d{4}/\d{2}\b", text)
        years = re.findall(r"\b(?:19|20)\d\d\b(?!/\d)", text)
        return all(self.is_visible(year, "financial_year") for year in financial) and all(
            int(year) <= self.extraction.year for year in years
        )

    def is_visible(self, period: str | int, kind: periods.Kind) -> bool:
        """Tell whether a period had ended by the edition's extraction date."""
        return periods.ends(period, kind) <= self.extraction


def edition_years(project: Project) -> list[int]:
    """List the years that have an edition file."""
    names = project.names_in(project.data / "editions", "*.yml")
    return sorted(int(name[:4]) for name in names if re.fullmatch(r"[0-9]{4}\.yml", name))


def years_before(project: Project, year: int) -> Iterator[int]:
    """Give the years before another that have an edition file, the latest first.

    They are listed by decade, century and so on, and no further back than is asked for: what a page
    notes of it is as it was when a later edition is made.
    """
    digits = f"{year:04}"
    for place in reversed(range(len(digits))):
        if (digit := int(digits[place])) == 0:
            continue
        after = "[0-9]" * (len(digits) - place - 1)
        pattern = f"{digits[:place]}[0-{digit - 1}]{after}.*"
        names = project.names_in(project.data / "editions", pattern)
        yield from sorted((int(n[:4]) for n in names if n[4:] == ".yml"), reverse=True)


def load_edition(project: Project, year: int) -> Edition:
    """Read an edition's file; raise KingstonError where there is none or it names another year."""
    file = project.data / "editions" / f"{year}.yml"
    if not file.exists():
        years = map(str, edition_years(project))
        raise KingstonError(f"There is no edition {year}.", nearest(str(year), years))
    edition = load_yaml(project, file, Edition)
    if edition.edition != year:
        what = f"The file of edition {year} says that it is edition {edition.edition}."
        raise KingstonError(Problem(what, file, 1, remedy="Correct the year or the file's name."))
    if not year - 1 <= edition.extraction.year <= year:
        what = f"An extraction in {edition.extraction.year} cannot serve an edition of {year}."
        raise KingstonError(Problem(what, file, 1, remedy="Correct the extraction date."))
    return edition


def visible_to(table: Table, edition: Edition) -> Table:
    """Keep the observations whose period had ended by the edition's extraction date."""
    span = table.meta.period
    if table.meta.role == "instrument" or span is None:
        return table
    column = table.frame[span.column]
    seen = {period for period in column.unique() if edition.is_visible(period, span.kind)}
    return dataclasses.replace(table, frame=table.frame[column.isin(seen)].reset_index(drop=True))
