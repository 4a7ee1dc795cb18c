"""Which pages an edition has, and where each is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kingston_analysis.data.areas import check_borough
from kingston_analysis.data.editions import Edition, load_edition
from kingston_analysis.data.names import slug
from kingston_analysis.data.topics import OVERVIEW
from kingston_analysis.errors import KingstonError, Problem, nearest
from kingston_analysis.project import Project, json_of

TOPIC, OVERVIEW_PAGE = "topic", "overview"
# The templates that a book has once, in reading order, after all crime and its topics.
TEMPLATES_USED_ONCE = ("matrix", "progress", "changed", "community", "methods", "sources")
_TITLE = re.compile(r"# +(\S.*)")


@dataclass(frozen=True)
class Page:
    """One template with one set of parameters, and the places of what its run leaves behind."""

    project: Project
    template: str
    name: str
    edition: int
    area: str
    topic: str | None = None

    @property
    def parameters(self) -> dict[str, int | str]:
        """Return the parameters that the template gets."""
        topic = {"topic": self.topic} if self.topic else {}
        return {"edition": self.edition, "area": self.area, **topic}

    @property
    def source(self) -> Path:
        """Return the template."""
        return self.project.notebooks / f"{self.template}.ipynb"

    @property
    def executed(self) -> Path:
        """Return the place of the executed notebook."""
        return self._kept("pages") / f"{self.name}.ipynb"

    @property
    def record(self) -> Path:
        """Return the place of the page's record: parameters, inputs, findings, figures."""
        return self.executed.with_suffix(".json")

    @property
    def log(self) -> Path:
        """Return the place of the log that a failed run leaves."""
        return self._kept("logs") / f"{self.name}.log"

    @property
    def duration(self) -> Path:
        """Return the place of the seconds that the last run took; no output depends on them."""
        return self._kept("durations") / self.name

    @property
    def confinement(self) -> Path:
        """Return the place of what the page was confined by; no output depends on it."""
        return self._kept("confinement") / self.name

    def _kept(self, what: str) -> Path:
        return self.project.build / what / slug(self.area) / str(self.edition)

    def __str__(self) -> str:
        return f"{self.edition} {self.area}: {self.name}"


def pages_of(project: Project, edition: Edition, area: str, only: str | None = None) -> list[Page]:
    """List an edition's evidence pages for an area in reading order, or only those of one name.

    `only` is a page's or a template's name. Raises KingstonError for an unknown area or name.
    """
    check_borough(project, area)
    at = (edition.edition, area)
    topics = (OVERVIEW, *edition.topics)
    pages = [
        *(Page(project, TOPIC, page_name(TOPIC, topic), *at, topic) for topic in topics),
        *(Page(project, name, name, *at) for name in (*TEMPLATES_USED_ONCE, *edition.pages)),
    ]
    if only is None:
        return pages
    chosen = [page for page in pages if only in (page.name, page.template)]
    if not chosen:
        remedy = nearest(only, {page.name for page in pages})
        if (project.notebooks / f"{only}.ipynb").exists():
            remedy = f"Name its notebook under `pages` in data/editions/{edition.edition}.yml."
        raise KingstonError(f"There is no page '{only}'.", remedy)
    return chosen


def title_of(project: Project, template: str) -> str:
    """Return the title of a notebook: the heading with which it begins.

    Raises KingstonError where it begins with none.
    """
    file = project.notebooks / f"{template}.ipynb"
    try:
        first = json_of(project.read_bytes(file))["cells"][0]
        found = first["cell_type"] == "markdown" and _TITLE.match("".join(first["source"]))
    except (ValueError, LookupError, TypeError):
        found = None
    if not found:
        remedy = "Begin its first cell, of Markdown, with `# ` and the title."
        raise KingstonError(Problem("The notebook has no title.", file, remedy=remedy))
    return found[1].strip()


def page_name(template: str, topic: str | None = None) -> str:
    """Return the name of a page in its book: of the topic that it is of, or of its template."""
    if template != TOPIC or topic is None:
        return template
    return OVERVIEW_PAGE if topic == OVERVIEW else topic


def pages_named(project: Project, names: Iterable[str], edition: int, area: str) -> list[Page]:
    """Return the pages of some names in an edition's book for an area.

    Raises KingstonError with the nearest names where there is none.
    """
    pages = pages_of(project, load_edition(project, edition), area)
    found = {page.name: page for page in pages}
    if unknown := [name for name in names if name not in found]:
        raise KingstonError(f"There is no page '{unknown[0]}'.", nearest(unknown[0], found))
    return [found[name] for name in names]
