"""What is wrong with the notebooks that an edition names as pages of its own, before any runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kingston_analysis.data.editions import Edition
from kingston_analysis.data.yaml_models import problem_in
from kingston_analysis.errors import KingstonError, Problem, collect_into, nearest
from kingston_analysis.pages.parameters import check_parameters, template_cells
from kingston_analysis.pages.template_code import template_problems
from kingston_analysis.project import Project
from kingston_analysis.records.pages import (
    OVERVIEW_PAGE,
    TEMPLATES_USED_ONCE,
    TOPIC,
    Page,
    title_of,
)

# Pages that Sphinx makes in every book, of which it keeps no list.
MADE_BY_SPHINX = ("genindex", "search")


def notebook_problems(
    project: Project, edition: Edition, topics: Iterable[str]
) -> Iterator[Problem]:
    """Find each notebook that is not there, or cannot be a page, with its line in the edition."""
    file = project.data / "editions" / f"{edition.edition}.yml"
    documents = {each.stem for each in project.narrative.rglob("*.md")}
    taken = {*topics, OVERVIEW_PAGE, TOPIC, *TEMPLATES_USED_ONCE, *documents, *MADE_BY_SPHINX}
    for number, name in enumerate(edition.pages):
        place = ("pages", number)
        if name in edition.pages[:number]:
            yield problem_in(f"The page '{name}' stands twice.", file, place, "Keep one.")
        elif name in taken:
            what = f"The name '{name}' is taken: a topic or one of the book's own pages has it."
            yield problem_in(what, file, place, "Give the notebook another name.")
        else:
            page = Page(project, name, name, edition.edition, edition.area)
            for each in _problems(page, taken):
                what = str(Problem(each.what, each.file))
                yield problem_in(what, file, place, each.remedy)


def _problems(page: Page, taken: set[str]) -> list[Problem]:
    if not page.source.exists():
        known = {file.stem for file in page.project.notebooks.glob("*.ipynb")} - taken
        remedy = f"Write notebooks/{page.name}.ipynb, or correct the name. "
        return [Problem(f"There is no notebook '{page.name}'.", remedy=remedy + _near(page, known))]
    try:
        template_cells(page.source)
    except KingstonError as error:
        return error.problems
    found: list[Problem] = []
    with collect_into(found):
        check_parameters(page.source, page.parameters)
    found += template_problems(page.source)
    with collect_into(found):
        title_of(page.project, page.template)
    return found


def _near(page: Page, known: set[str]) -> str:
    return nearest(page.name, sorted(known)) if known else ""
