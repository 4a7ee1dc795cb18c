"""The log of withdrawals: which books were taken off the site, by whom, when and why."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import model_validator

from kingston_analysis.data.names import NOT_PROSE, Key, Year, slug
from kingston_analysis.data.yaml_models import Strict, load_yaml
from kingston_analysis.errors import KingstonError
from kingston_analysis.matrix.judgements import Said
from kingston_analysis.project import Project
from kingston_analysis.records.record import write_atomically


class Withdrawal(Strict):
    """An edition that was taken off the site: all its books, or the one of an area.

    It stands until the day on which a person `restored` it.
    """

    edition: Year
    area: Key | None = None
    by: Key
    date: datetime.date
    # The log is kept, not printed.
    because: Annotated[Said, NOT_PROSE]
    restored: datetime.date | None = None

    @model_validator(mode="after")
    def _restored_after_it_was_withdrawn(self) -> Withdrawal:
        if self.restored and self.restored < self.date:
            raise ValueError(f"it was restored on {self.restored}, before it was withdrawn")
        return self

    def concerns(self, name: str) -> bool:
        """Tell whether it is about a book, by the book's address."""
        area, _, year = name.rpartition("/")
        return int(year) == self.edition and (self.area is None or slug(self.area) == area)

    def __str__(self) -> str:
        return f"withdrawn on {self.date} by {self.by}: {self.because}"


def withdrawals_file(project: Project) -> Path:
    """Return the place of the log."""
    return project.data / "withdrawn.yml"


def load_withdrawals(project: Project) -> list[Withdrawal]:
    """Read the log, in its order.

    Raises KingstonError where there is none: without it, a withdrawn book would be published again.
    """
    return load_yaml(project, withdrawals_file(project), list[Withdrawal])


def withdrawal_of(project: Project, name: str) -> Withdrawal | None:
    """Return why a book is off the site, by its address, if it is."""
    standing = (each for each in load_withdrawals(project) if not each.restored)
    return next((each for each in standing if each.concerns(name)), None)


def add_withdrawal(project: Project, made: Withdrawal) -> None:
    """Add an entry to the log; raise KingstonError for text that the log could not hold."""
    if any(not each.isprintable() for each in (made.because, made.by)):
        what = "The reason, or who gives it, has a character that cannot be seen."
        raise KingstonError(what, "Write it in one line of plain text.")
    file = withdrawals_file(project)
    text = file.read_text(encoding="utf-8")
    if not load_withdrawals(project):
        text = re.sub(r"\[\s*\]\s*$", "", text)
    entry = yaml.safe_dump(
        [made.model_dump(exclude_none=True)], sort_keys=False, allow_unicode=True
    )
    write_atomically(file, text + entry)
