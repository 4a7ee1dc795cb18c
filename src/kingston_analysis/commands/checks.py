"""Everything in `data/` that is wrong, found in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from kingston_analysis.book.bindings import binding_problems
from kingston_analysis.book.contents import contents_of, contents_problems, pages_in
from kingston_analysis.book.guard.check import guard_problems
from kingston_analysis.book.guard.claim_words import claim_word_problems
from kingston_analysis.book.page_markup import markup_problems
from kingston_analysis.book.publications import publications
from kingston_analysis.book.withdrawals import load_withdrawals
from kingston_analysis.commands.rules import rule_problems
from kingston_analysis.data.addresses import address_problems
from kingston_analysis.data.areas import Areas, load_areas
from kingston_analysis.data.editions import Edition, edition_years, load_edition, years_before
from kingston_analysis.data.hypotheses import hypothesis_problems
from kingston_analysis.data.rules.check import table_rule_problems
from kingston_analysis.data.surveys import Survey, load_surveys, survey_problems
from kingston_analysis.data.tables.load import Table, load
from kingston_analysis.data.tables.metadata import Span, table_names
from kingston_analysis.data.tables.schemas import periods_held
from kingston_analysis.data.tables.vintages import unlisted_vintages
from kingston_analysis.data.topics import Topic, load_topics, topic_problems
from kingston_analysis.data.yaml_models import problem_in
from kingston_analysis.errors import KingstonError, Problem, collect_into, nearest
from kingston_analysis.matrix.decisions import decision_problems
from kingston_analysis.matrix.judgements import judgement_problems
from kingston_analysis.matrix.scheme import load_scheme
from kingston_analysis.plan.claim_faults import claim_problems
from kingston_analysis.plan.coverage import coverage_problems, law_problems
from kingston_analysis.plan.plans import load_plan, plans_in
from kingston_analysis.plan.references import reference_problems
from kingston_analysis.plan.themes import Theme
from kingston_analysis.project import Project, refuse_other_kinds
from kingston_analysis.records.pages import OVERVIEW_PAGE, TEMPLATES_USED_ONCE, TOPIC

T = TypeVar("T")

# Sphinx makes two of them.
NAMES_OF_PAGES = (OVERVIEW_PAGE, TOPIC, *TEMPLATES_USED_ONCE, "genindex", "search")


def data_problems(project: Project) -> list[Problem]:
    """Find everything wrong with areas, tables, topics, editions and plans, each thing once.

    What refers to a file that cannot be read is not held against it: the file's own faults come
    first. Raises KingstonError, and reads nothing, where pipes or links stand in place of files.
    """
    refuse_other_kinds(project)
    found: list[Problem] = []

    def read(what: Callable[[], T]) -> T | None:
        with collect_into(found):
            return what()
        return None

    def add(problems: Iterable[Problem]) -> None:
        with collect_into(found):
            found.extend(problems)

    add(rule_problems(project))
    read(lambda: publications(project))
    read(lambda: load_withdrawals(project))
    areas, topics = read(lambda: load_areas(project)), read(lambda: load_topics(project))
    for name in table_names(project):
        if table := read(partial(load, project, name)):
            add(_table(project, table))
            for vintage in table.meta.vintages:
                day_before = vintage.replaced - timedelta(days=1)
                if earlier := read(partial(load, project, name, day_before)):
                    add(_table(project, earlier))
    add(unlisted_vintages(project))
    add(table_rule_problems(project, table_names(project)))
    for topic in (topics or {}).values():
        add(topic_problems(project, topic))
        if topic.id in NAMES_OF_PAGES:
            what = f"The topic '{topic.id}' would have the address of one of the book's own pages."
            file = project.data / "topics.yml"
            found.append(Problem(what, file, remedy="Give the topic another id."))
    surveys = read(lambda: load_surveys(project))
    for survey in (surveys or {}).values():
        add(survey_problems(project, survey, topics) if topics else ())
    for year in edition_years(project):
        if edition := read(partial(load_edition, project, year)):
            add(_edition(project, edition, areas, topics))
            add(own_page_problems(project, edition, topics or {}))
            add(_community(project, edition, surveys))
            add(hypothesis_problems(project, edition, topics or {}))
            add(_judgements(project, edition))
            add(_coverage(project, edition))
    add(_names_of_editions(project))
    add(law_problems(project))
    add(guard_problems(project, topics or {}))
    add(markup_problems(project))
    add(address_problems(project))
    add(contents_problems(project, (OVERVIEW_PAGE, *TEMPLATES_USED_ONCE)))
    for plan in plans_in(project):
        if content := read(partial(load_plan, project, plan)):
            add(reference_problems(project, content, plan, topics or {}))
            add(claim_problems(project, plan, topics or {}))
            add(claim_word_problems(project, plan, topics or {}))
            for theme in content.themes:
                add(_theme(project, theme, plan, topics))
        scheme = None
        # Where an edition asks for what is not there, the rules have said so.
        if (project.data / "plans" / plan / "matrix.yml").exists():
            scheme = read(partial(load_scheme, project, plan))
        if (project.data / "plans" / plan / "decisions.yml").exists():
            add(decision_problems(project, plan, scheme))
    return list(dict.fromkeys(found))


def own_page_problems(
    project: Project, edition: Edition, topics: Iterable[str]
) -> Iterator[Problem]:
    """Find what is wrong with the notebooks that an edition names as pages of its own."""
    if edition.pages:
        # It takes its time to import papermill.
        from kingston_analysis.pages.own import notebook_problems

        found = list(notebook_problems(project, edition, topics))
        yield from found or binding_problems(project, edition)


def _judgements(project: Project, edition: Edition) -> Iterator[Problem]:
    """Find what is wrong with an edition's judgements, and a matrix that is not there."""
    file = project.data / "editions" / f"{edition.edition}.yml"
    if edition.scheme is None:
        return
    if not (project.data / "plans" / edition.scheme / "matrix.yml").exists():
        if "matrix" in edition.without and (project.data / "judgements" / file.name).exists():
            what = f"The plan '{edition.scheme}' has no matrix."
            yield Problem(what, file, remedy="Write its matrix.yml, or name another plan.")
        return
    try:
        scheme = load_scheme(project, edition.scheme)
    except KingstonError:
        return
    yield from judgement_problems(project, edition, scheme)


def _coverage(project: Project, edition: Edition) -> Iterator[Problem]:
    """Find what the law asks of an edition's book and the book does not meet."""
    if edition.plan is None or edition.plan not in plans_in(project):
        return
    pages = pages_in(contents_of(project, edition.plan, edition.topics, edition.pages))
    yield from coverage_problems(project, edition, edition.plan, pages)


def _table(project: Project, table: Table) -> Iterator[Problem]:
    file = project.tables / f"{table.name}.yml"
    meta, remedy = table.meta, "Correct whichever is wrong."
    if meta.rows != len(table.frame):
        what = f"`rows` says {meta.rows}; the table has {len(table.frame)}."
        yield Problem(what, file, remedy=remedy)
    if table.frame.empty:
        yield Problem("The table has no rows.", file, remedy="Restore or remove it.")
    for name in meta.harm.model_dump().values() if meta.harm else []:
        if name not in (known := table_names(project)):
            what = f"`harm`: there is no table '{name}'."
            yield Problem(what, file, remedy=nearest(name, known))
    if len(table.frame) and meta.period:
        yield from _periods(meta.period, set(table.frame[meta.period.column]), file)


def _periods(span: Span, present: set[str | int], file: Path) -> Iterator[Problem]:
    ends = {"first": (span.first, min(present)), "last": (span.last, max(present))}
    wrong = {key: pair for key, pair in ends.items() if str(pair[0]) != str(pair[1])}
    for key, (stated, found) in wrong.items():
        what = f"`period.{key}` says {stated}; the table has {found}."
        yield Problem(what, file, remedy="Correct whichever is wrong.")
    absent = [] if wrong or span.kind == "year_ending" else periods_held(span)
    if absent := [str(period) for period in absent if period not in present]:
        what = f"There are no rows for {', '.join(absent[:5])}."
        yield Problem(what, file, remedy="Add them, or name them under `period.missing`.")


def _edition(
    project: Project, edition: Edition, areas: Areas | None, topics: dict[str, Topic] | None
) -> Iterator[Problem]:
    file = project.data / "editions" / f"{edition.edition}.yml"
    for topic in dict.fromkeys(edition.topics):
        if topics and topic not in topics:
            yield Problem(f"There is no topic '{topic}'.", file, remedy=nearest(topic, topics))
        if edition.topics.count(topic) > 1:
            yield Problem(f"The topic '{topic}' stands twice.", file, remedy="Keep one.")
    if edition.carried and edition.carried not in (
        earlier := list(years_before(project, edition.edition))
    ):
        what = f"There is no earlier edition {edition.carried}, from which it was carried."
        remedy = nearest(str(edition.carried), map(str, earlier)) if earlier else "Remove it."
        yield problem_in(what, file, ("carried",), remedy)
    if areas and edition.area not in (known := areas.borough_names):
        what = f"There is no borough '{edition.area}'."
        yield Problem(what, file, remedy=nearest(edition.area, known))
    if edition.plan and edition.plan not in plans_in(project):
        what = f"There is no plan '{edition.plan}'."
        yield Problem(what, file, remedy=nearest(edition.plan, plans_in(project)))


def _community(
    project: Project, edition: Edition, surveys: dict[str, Survey] | None
) -> Iterator[Problem]:
    file = project.data / "editions" / f"{edition.edition}.yml"
    for name in edition.community.surveys:
        if surveys is not None and name not in surveys:
            yield Problem(f"There is no survey '{name}'.", file, remedy=nearest(name, surveys))


def _names_of_editions(project: Project) -> Iterator[Problem]:
    years = [f"{year}.yml" for year in edition_years(project)]
    for file in sorted((project.data / "editions").glob("*.yml")):
        if file.name not in years:
            yield Problem("An edition's file is named by its year.", file, remedy="Name it so.")


def _theme(
    project: Project, theme: Theme, plan: str, topics: dict[str, Topic] | None
) -> Iterator[Problem]:
    file = project.data / "plans" / plan / "themes.yml"
    if topics and theme.topic not in topics:
        what = f"There is no topic '{theme.topic}'."
        yield Problem(what, file, remedy=nearest(theme.topic, topics))
    page = project.narrative / "plans" / plan / f"{theme.page}.md"
    if not page.exists():
        what = f"Theme '{theme.id}' names a page that is not there: {page.name}."
        yield Problem(what, file, remedy="Write the page or correct its name.")
