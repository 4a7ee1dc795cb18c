"""Everything in `data/` that is wrong, found in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from kingston_analysis.editions import edition_years, load_edition
from kingston_analysis.errors import KingstonError, Problem, nearest
from kingston_analysis.plan.themes import load_themes
from kingston_analysis.tables.areas import load_areas
from kingston_analysis.tables.load import load
from kingston_analysis.tables.metadata import DATA, table_names
from kingston_analysis.topics import load_topics, topic_problems


def data_problems(data: Path = DATA) -> list[Problem]:
    """Find everything wrong with areas, tables, topics, editions and plans."""
    problems = _of(lambda: load_areas(data))
    for name in table_names(data / "tables"):
        problems += _table_problems(name, data / "tables")
    problems += _of(lambda: load_topics(data)) or _topics(data)
    for year in edition_years(data):
        problems += _of(lambda year=year: load_edition(year, data)) or list(_edition(year, data))
    for file in sorted((data / "editions").glob("*.yml")):
        if not file.stem.isdigit():
            problems.append(Problem("An edition's file is named by its year.", file))
    for plan in sorted(folder.name for folder in (data / "plans").iterdir() if folder.is_dir()):
        problems += _of(lambda plan=plan: load_themes(plan, data)) or list(_plan(plan, data))
    return problems


def _of(read: Callable[[], object]) -> list[Problem]:
    try:
        read()
    except KingstonError as error:
        return error.problems
    return []


def _table_problems(name: str, tables: Path) -> list[Problem]:
    try:
        table = load(name, tables)
    except KingstonError as error:
        return error.problems
    meta, file, problems = table.meta, tables / f"{name}.yml", []
    if meta.rows != len(table.frame):
        problems.append(
            Problem(f"`rows` says {meta.rows}; the table has {len(table.frame)}.", file)
        )
    if meta.period:
        held = table.frame[meta.period.column]
        for key, found in (("first", held.min()), ("last", held.max())):
            if str(getattr(meta.period, key)) != str(found):
                said = getattr(meta.period, key)
                problems.append(
                    Problem(f"`period.{key}` says {said}; the table has {found}.", file)
                )
    return problems


def _topics(data: Path) -> list[Problem]:
    return [each for topic in load_topics(data).values() for each in topic_problems(topic, data)]


def _edition(year: int, data: Path) -> Iterator[Problem]:
    file, edition, topics = (
        data / "editions" / f"{year}.yml",
        load_edition(year, data),
        load_topics(data),
    )
    for topic in edition.topics:
        if topic not in topics:
            yield Problem(f"There is no topic '{topic}'.", file, remedy=nearest(topic, topics))
    for topic in sorted({each for each in edition.topics if edition.topics.count(each) > 1}):
        yield Problem(f"The topic '{topic}' stands twice.", file)
    if edition.area not in (known := load_areas(data).borough_names):
        yield Problem(
            f"There is no borough '{edition.area}'.", file, remedy=nearest(edition.area, known)
        )
    if edition.plan and not (data / "plans" / edition.plan).is_dir():
        plans = [folder.name for folder in (data / "plans").iterdir()]
        yield Problem(
            f"There is no plan '{edition.plan}'.", file, remedy=nearest(edition.plan, plans)
        )


def _plan(plan: str, data: Path) -> Iterator[Problem]:
    file, topics = data / "plans" / plan / "themes.yml", load_topics(data)
    for theme in load_themes(plan, data):
        if theme.topic not in topics:
            yield Problem(
                f"There is no topic '{theme.topic}'.", file, remedy=nearest(theme.topic, topics)
            )
        page = data.parent / "book" / "plans" / plan / f"{theme.page}.md"
        if not page.exists():
            yield Problem(f"Theme '{theme.id}' names a page that is not there: {page.name}.", file)
