"""The files of rules that a project must have: each there, readable, of its form, and of use.

What an edition does not have it names under `without`: no rule is off because its file is gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from kingston_analysis.book.settings import Settings
from kingston_analysis.book.yaml_files import LOGS, YAML_FILES
from kingston_analysis.commands.schemas import schema_texts
from kingston_analysis.data.editions import Edition, EditionPart, edition_years, load_edition
from kingston_analysis.data.tables.metadata import table_names
from kingston_analysis.data.yaml_models import load_yaml
from kingston_analysis.errors import KingstonError, Problem, collect_into, nearest
from kingston_analysis.plan.plans import plans_in
from kingston_analysis.project import Project, refuse_other_kinds

# Of a plan's files those that only an edition asks for, which may be `without` them.
ASKED_FOR = ("matrix", "decisions")
OF_AN_EDITION = {"judgements": "to judge for", "hypotheses": "to test them"}
YAML = (".yml", ".yaml")
# Beside those of the files of YAML.
FOLDERS = ("notebooks", "data/schemas", "data/plans", "book/plans", "book/plans/*", "book/_static")


def rule_problems(project: Project) -> list[Problem]:
    """Find rules that are absent, empty, unreadable, of another form, or read by nothing.

    Reads every file of YAML and no table.
    """
    refuse_other_kinds(project)
    found: list[Problem] = list(_no_folders(project))
    plans: list[str] = []
    with collect_into(found):
        plans = plans_in(project)
    with collect_into(found):
        load_yaml(project, project.config, Settings)
    expected = dict(_expected(project, plans))
    for file, schema in expected.items():
        with collect_into(found):
            load_yaml(project, file, YAML_FILES[schema][1])
    found += _unread(project, expected)
    found += _unlike_the_models(project)
    if not edition_years(project):
        what, remedy = "There is no edition, so there is nothing to build.", "Write one."
        found.append(Problem(what, project.data / "editions", remedy=remedy))
    for edition in _editions(project):
        found += _undeclared(project, edition)
    found += _of_no_edition(project, plans)
    return list(dict.fromkeys(found))


def _no_folders(project: Project) -> Iterator[Problem]:
    """Find files that stand where a folder is expected."""
    patterns = {pattern.rpartition("/")[0] for pattern, _ in YAML_FILES.values()}
    for pattern in sorted({*patterns, *FOLDERS}):
        for place in sorted(project.root.glob(pattern)):
            if not place.is_dir():
                what = "A folder is expected here, and this is a file."
                yield Problem(what, place, remedy="Put the folder back, or remove the file.")


def _expected(project: Project, plans: Iterable[str]) -> Iterator[tuple[Path, str]]:
    """Give each file that must be there or is, with the name of its schema."""
    for schema, (pattern, _) in YAML_FILES.items():
        folder, name = pattern.rsplit("/", 1)
        if schema in LOGS and not (project.root / pattern).exists():
            continue
        if "*" not in pattern:
            yield project.root / pattern, schema
        elif folder == "data/plans/*" and schema not in ASKED_FOR:
            yield from ((project.data / "plans" / plan / name, schema) for plan in plans)
        elif folder in ("data/tables", "data/rules"):
            of_tables = [f"{each}.yml" for each in table_names(project)]
            yield from ((project.root / folder / each, schema) for each in of_tables)
        else:
            files = sorted(project.root.glob(pattern))
            # What is to be named by its year and is not, is told as that alone.
            of_years = folder in [f"data/{each}" for each in ("editions", *OF_AN_EDITION)]
            yield from ((f, schema) for f in files if not of_years or _is_a_year(f.stem))


def _is_a_year(name: str) -> bool:
    return re.fullmatch("[0-9]{4}", name) is not None


def _unread(project: Project, expected: Iterable[Path]) -> Iterator[Problem]:
    of_years = ("editions", *OF_AN_EDITION)
    for file in sorted(project.data.rglob("*")):
        place = file.relative_to(project.data)
        if file.suffix.lower() not in YAML or file in expected or place.parts[0] == "schemas":
            continue
        if file.suffix == ".yml" and len(place.parts) > 1 and place.parts[0] in of_years:
            continue
        remedy = "Give it the name of the file that it is meant to be, or remove it."
        yield Problem("Nothing reads this file.", file, remedy=remedy)


def _unlike_the_models(project: Project) -> Iterator[Problem]:
    """Find schemas by which an editor would let through, or mark, what the models do not."""
    for name, text in schema_texts().items():
        file = project.data / "schemas" / name
        try:
            same = project.read_bytes(file).decode(errors="replace") == text
        except KingstonError as error:
            yield Problem(error.problems[0].what, file, remedy="Run `kingston schemas`.")
            continue
        if not same:
            what = "The schema is not that of the models."
            yield Problem(what, file, remedy="Run `kingston schemas`.")


def _editions(project: Project) -> Iterator[Edition]:
    """Give the editions that can be read; the faults of the others are told by their files."""
    for year in edition_years(project):
        try:
            yield load_edition(project, year)
        except KingstonError:
            continue


def _undeclared(project: Project, edition: Edition) -> Iterator[Problem]:
    """Find parts that an edition lacks without a word, and those that it has all the same."""
    file = project.data / "editions" / f"{edition.edition}.yml"
    places = dict(_places(project, edition, file))
    for part, place in places.items():
        is_held = place is not None and place.exists()
        if part in edition.without and is_held:
            what = f"The edition is without {part}, yet there is {project.name_of(place or file)}."
            yield Problem(what, file, remedy=f"Remove the file, or '{part}' under `without`.")
        elif part not in edition.without and not is_held:
            named = f"there is no {project.name_of(place)}" if place else "it names none"
            what = f"The edition has no {part}: {named}."
            remedy = f"Restore or write it, or put '{part}' under `without` in the edition's file."
            yield Problem(what, file, remedy=remedy)
    for number, part in enumerate(edition.without):
        if part not in places or part in edition.without[:number]:
            what = f"`without` names '{part}', which is not asked for, or stands twice."
            yield Problem(what, file, remedy="Remove it.")


def _places(
    project: Project, edition: Edition, file: Path
) -> Iterator[tuple[EditionPart, Path | None]]:
    """Give the parts that an edition must have, each with its place; a plan is named in its file.

    Judgements and decisions are asked for with a matrix, decisions in the edition's own plan.
    """
    plans, name = project.data / "plans", f"{edition.edition}.yml"
    yield "plan", file if edition.plan else None
    yield "hypotheses", project.data / "hypotheses" / name
    if edition.plan and not (plans / edition.plan).is_dir():
        # A plan that is not there has nothing; that alone is told.
        return
    yield "matrix", plans / edition.scheme / "matrix.yml" if edition.scheme else None
    if "matrix" not in edition.without:
        yield "judgements", project.data / "judgements" / name
        if edition.plan:
            yield "decisions", plans / edition.plan / "decisions.yml"


def _of_no_edition(project: Project, plans: Iterable[str]) -> Iterator[Problem]:
    """Find what belongs to an edition that is not there, and plans that none names."""
    years = [str(year) for year in edition_years(project)]
    for folder, what_for in OF_AN_EDITION.items():
        for file in sorted((project.data / folder).glob("*.yml")):
            if file.stem not in years:
                what = f"There is no edition {file.stem} {what_for}."
                yield Problem(what, file, remedy=nearest(file.stem, years))
    editions = list(_editions(project))
    named = {name for each in editions for name in (each.plan, each.matrix) if name}
    # One that cannot be read, or names a plan that is not there, may mean this one.
    is_known = len(editions) == len(years) and named <= set(plans)
    for plan in plans:
        if is_known and plan not in named:
            what = f"No edition names the plan '{plan}'."
            remedy = "Name it under `plan` in an edition's file, or remove its folder."
            yield Problem(what, project.data / "plans" / plan, remedy=remedy)
