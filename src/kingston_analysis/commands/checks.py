"""Everything in `data/` that is wrong, found in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from kingston_analysis.book.contents import contents_of, pages_in
from kingston_analysis.book.narrative import narrative_problems
from kingston_analysis.data.areas import Areas, load_areas
from kingston_analysis.data.editions import Edition, edition_years, load_edition
from kingston_analysis.data.hypotheses import hypothesis_problems
from kingston_analysis.data.surveys import Survey, load_surveys, survey_problems
from kingston_analysis.data.tables.load import Table, load
from kingston_analysis.data.tables.metadata import DATA, Span, table_names
from kingston_analysis.data.tables.schemas import periods_held
from kingston_analysis.data.topics import Topic, load_topics, topic_problems
from kingston_analysis.errors import KingstonError, Problem, nearest
from kingston_analysis.matrix.decisions import decision_problems
from kingston_analysis.matrix.judgements import judgement_problems
from kingston_analysis.matrix.scheme import load_scheme
from kingston_analysis.plan.claim_faults import claim_problems
from kingston_analysis.plan.coverage import coverage_problems, law_problems
from kingston_analysis.plan.law import load_law
from kingston_analysis.plan.plans import load_plan, plans_in
from kingston_analysis.plan.references import reference_problems
from kingston_analysis.plan.themes import Theme

T = TypeVar("T")


def data_problems(data: Path = DATA) -> list[Problem]:
    """Find everything wrong with areas, tables, topics, editions and plans, each thing once.

    What refers to a file that cannot be read is not held against it: the file's own faults come
    first.
    """
    found: list[Problem] = []

    def read(what: Callable[[], T]) -> T | None:
        try:
            return what()
        except KingstonError as error:
            found.extend(error.problems)
            return None

    areas, topics = read(lambda: load_areas(data)), read(lambda: load_topics(data))
    for name in table_names(data / "tables"):
        if table := read(lambda name=name: load(name, data / "tables")):
            found += _table(table, data / "tables" / f"{name}.yml")
    for topic in (topics or {}).values():
        found += topic_problems(topic, data)
    surveys = read(lambda: load_surveys(data))
    for survey in (surveys or {}).values() if topics else []:
        found += survey_problems(survey, topics, data)
    for year in edition_years(data):
        if edition := read(lambda year=year: load_edition(year, data)):
            found += _edition(edition, data, areas, topics)
            found += _community(edition, data, surveys)
            found += hypothesis_problems(edition, topics or {}, data)
            found += _judgements(edition, data)
            found += _coverage(edition, data)
    found += _names_of_editions(data)
    if read(lambda: load_law(data)):
        found += law_problems(data)
    found += narrative_problems(data)
    for plan in plans_in(data):
        if content := read(lambda plan=plan: load_plan(plan, data)):
            found += reference_problems(content, plan, topics or {}, data)
            found += _claims(plan, topics or {}, data)
            for theme in content.themes:
                found += _theme(theme, plan, data, topics)
        scheme = None
        if (data / "plans" / plan / "matrix.yml").exists():
            scheme = read(lambda plan=plan: load_scheme(plan, data))
        if (data / "plans" / plan / "decisions.yml").exists():
            found += decision_problems(plan, scheme, data)
    return list(dict.fromkeys(found))


def _judgements(edition: Edition, data: Path) -> Iterator[Problem]:
    """Find what is wrong with an edition's judgements, and a matrix that is not there."""
    file = data / "editions" / f"{edition.edition}.yml"
    if edition.scheme is None:
        return
    if not (data / "plans" / edition.scheme / "matrix.yml").exists():
        if edition.matrix or (data / "judgements" / file.name).exists():
            what = f"The plan '{edition.scheme}' has no matrix."
            yield Problem(what, file, remedy="Write its matrix.yml, or name another plan.")
        return
    try:
        scheme = load_scheme(edition.scheme, data)
    except KingstonError:
        return
    yield from judgement_problems(edition, scheme, data)


def _claims(plan: str, topics: dict[str, Topic], data: Path) -> Iterator[Problem]:
    try:
        yield from claim_problems(plan, topics, data)
    except KingstonError as error:
        yield from error.problems


def _coverage(edition: Edition, data: Path) -> Iterator[Problem]:
    """Find what the law asks of an edition's book and the book does not meet."""
    if edition.plan not in plans_in(data):
        return
    try:
        pages = pages_in(contents_of(edition.plan, edition.topics, data.parent / "book"))
        yield from coverage_problems(edition, pages, data)
    except KingstonError as error:
        yield from error.problems


def _table(table: Table, file: Path) -> Iterator[Problem]:
    meta, remedy = table.meta, "Correct whichever is wrong."
    if meta.rows != len(table.frame):
        what = f"`rows` says {meta.rows}; the table has {len(table.frame)}."
        yield Problem(what, file, remedy=remedy)
    if table.frame.empty:
        yield Problem("The table has no rows.", file, remedy="Restore or remove it.")
    for name in meta.harm.model_dump().values() if meta.harm else []:
        if name not in (known := table_names(file.parent)):
            what = f"`harm`: there is no table '{name}'."
            yield Problem(what, file, remedy=nearest(name, known))
    if len(table.frame) and meta.period:
        yield from _periods(meta.period, set(table.frame[meta.period.column]), file)


def _periods(span: Span, held: set[str | int], file: Path) -> Iterator[Problem]:
    ends = {"first": (span.first, min(held)), "last": (span.last, max(held))}
    wrong = {key: pair for key, pair in ends.items() if str(pair[0]) != str(pair[1])}
    for key, (said, found) in wrong.items():
        what = f"`period.{key}` says {said}; the table has {found}."
        yield Problem(what, file, remedy="Correct whichever is wrong.")
    absent = [] if wrong or span.kind == "year_ending" else periods_held(span)
    if absent := [str(period) for period in absent if period not in held]:
        what = f"There are no rows for {', '.join(absent[:5])}."
        yield Problem(what, file, remedy="Add them, or name them under `period.missing`.")


def _edition(
    edition: Edition, data: Path, areas: Areas | None, topics: dict[str, Topic] | None
) -> Iterator[Problem]:
    file = data / "editions" / f"{edition.edition}.yml"
    for topic in dict.fromkeys(edition.topics):
        if topics and topic not in topics:
            yield Problem(f"There is no topic '{topic}'.", file, remedy=nearest(topic, topics))
        if edition.topics.count(topic) > 1:
            yield Problem(f"The topic '{topic}' stands twice.", file, remedy="Keep one.")
    if areas and edition.area not in (known := areas.borough_names):
        what = f"There is no borough '{edition.area}'."
        yield Problem(what, file, remedy=nearest(edition.area, known))
    if edition.plan and edition.plan not in plans_in(data):
        what = f"There is no plan '{edition.plan}'."
        yield Problem(what, file, remedy=nearest(edition.plan, plans_in(data)))


def _community(
    edition: Edition, data: Path, surveys: dict[str, Survey] | None
) -> Iterator[Problem]:
    file = data / "editions" / f"{edition.edition}.yml"
    for name in edition.community.surveys:
        if surveys is not None and name not in surveys:
            yield Problem(f"There is no survey '{name}'.", file, remedy=nearest(name, surveys))


def _names_of_editions(data: Path) -> Iterator[Problem]:
    for file in sorted((data / "editions").glob("*.yml")):
        if not file.stem.isdigit():
            yield Problem("An edition's file is named by its year.", file, remedy="Name it so.")
    years = [str(year) for year in edition_years(data)]
    for file in sorted((data / "judgements").glob("*.yml")):
        if file.stem not in years:
            what = f"There is no edition {file.stem} to judge for."
            yield Problem(what, file, remedy=nearest(file.stem, years))


def _theme(
    theme: Theme, plan: str, data: Path, topics: dict[str, Topic] | None
) -> Iterator[Problem]:
    file = data / "plans" / plan / "themes.yml"
    if topics and theme.topic not in topics:
        what = f"There is no topic '{theme.topic}'."
        yield Problem(what, file, remedy=nearest(theme.topic, topics))
    page = data.parent / "book" / "plans" / plan / f"{theme.page}.md"
    if not page.exists():
        what = f"Theme '{theme.id}' names a page that is not there: {page.name}."
        yield Problem(what, file, remedy="Write the page or correct its name.")
