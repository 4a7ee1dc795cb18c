"""Which pages an edition has for an area, and whether their templates take their parameters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import papermill

from kingston_analysis.editions import Edition
from kingston_analysis.errors import ROOT, KingstonError, Problem, nearest
from kingston_analysis.tables.areas import check_borough, slug

NOTEBOOKS = ROOT / "notebooks"
BUILD = ROOT / "_build"
TYPES = {"int": int, "str": str, "float": float, "bool": bool}


@dataclass(frozen=True)
class Page:
    """One template with one set of parameters, and the place of its executed notebook."""

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
        return NOTEBOOKS / f"{self.template}.ipynb"

    @property
    def executed(self) -> Path:
        """Return the place of the executed notebook."""
        return pages_folder(self.edition, self.area) / f"{self.name}.ipynb"

    @property
    def record(self) -> Path:
        """Return the place of the page's record: key, parameters, findings."""
        return self.executed.with_suffix(".json")

    def __str__(self) -> str:
        return f"{self.edition} {self.area}: {self.name}"


def pages_folder(edition: int, area: str, build: Path = BUILD) -> Path:
    """Return the folder of an edition's executed pages for an area."""
    return build / "pages" / str(edition) / slug(area)


def pages_of(edition: Edition, area: str, only: str | None = None) -> list[Page]:
    """List an edition's evidence pages for an area in reading order, or only those of one name.

    `only` is a page's or a template's name. Raises KingstonError for an unknown area or name.
    """
    check_borough(area)
    at = (edition.edition, area)
    topics = [Page("topic", topic, *at, topic) for topic in edition.topics]
    pages = [Page("overview", "overview", *at), *topics, Page("sources", "sources", *at)]
    chosen = [page for page in pages if only in (None, page.name, page.template)]
    if not chosen:
        raise KingstonError(f"There is no page '{only}'.", nearest(only, {p.name for p in pages}))
    return chosen


def _templates() -> str:
    return "Known: " + ", ".join(sorted(file.stem for file in NOTEBOOKS.glob("*.ipynb"))) + "."


def check_parameters(template: Path, given: dict[str, object]) -> None:
    """Raise KingstonError for a parameter that a template does not take, or of another type."""
    if not template.exists():
        raise KingstonError(Problem("There is no such template.", template, remedy=_templates()))
    taken = papermill.inspect_notebook(str(template))
    if not taken:
        what = "The template has no cell tagged 'parameters', or the cell is empty."
        raise KingstonError(Problem(what, template, remedy="Tag the cell with its default values."))
    problems = [
        Problem(f"The template takes no parameter '{name}'.", template, remedy=nearest(name, taken))
        for name in given
        if name not in taken
    ]
    for name, value in given.items():
        wanted = TYPES.get(taken[name]["inferred_type_name"]) if name in taken else None
        if wanted and not isinstance(value, wanted):
            what = f"The parameter '{name}' is {value!r}, which is no {wanted.__name__}."
            problems.append(Problem(what, template, remedy=f"Give it as {wanted.__name__}."))
    if problems:
        raise KingstonError(problems)
