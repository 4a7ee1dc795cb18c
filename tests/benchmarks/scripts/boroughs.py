"""One edition's pages for many boroughs, as one run.

Takes the edition, a JSON list of boroughs, the number of jobs, a scheduler's address or "",
and the template that the pages are of or "" for all.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass

from kingston_analysis.commands.choosing import Choice
from kingston_analysis.commands.running import RunOptions, run_pages
from kingston_analysis.project import Project
from kingston_analysis.records.pages import Page


@dataclass(frozen=True)
class Boroughs(Choice):
    """Editions for several boroughs, which the command line takes one at a time."""

    boroughs: tuple[str, ...] = ()

    @property
    def pages(self) -> list[Page]:
        """Return the pages, borough by borough."""
        return [
            page
            for each in self.boroughs
            for page in Choice(self.project, self.years, each, self.only).pages
        ]


if __name__ == "__main__":
    year, boroughs, jobs, scheduler, only = sys.argv[1:]
    choice = Boroughs(
        Project.find(), [int(year)], only=only or None, boroughs=tuple(json.loads(boroughs))
    )
    run_pages(choice, RunOptions(int(jobs), scheduler=scheduler or None))
